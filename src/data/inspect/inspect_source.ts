import { basename } from "node:path";
import type { Augmentation } from "../../engine/mod.ts";
import type { Dataset } from "../dataset.ts";
import { findDataset } from "../find_dataset.ts";
import { openDataset, type OpenOptions } from "../open_dataset.ts";
import { PicturePool } from "../pictures/pool.ts";
import { isListing, type PictureListing } from "../readers/reader.ts";
import type { DuplicateGroup } from "./duplicates.ts";
import { type ImageInspection, inspectImages, type NamedGroup } from "./inspection.ts";
import { type Sample, sampleDataset, sampleListing } from "./samples.ts";
import { type Survey, surveyDataset, type SurveyListener, surveyListing } from "./survey.ts";

/** Everything about a dataset that should be known before anything is trained on it. */
export interface Inspection extends ImageInspection {
  /** Short name. */
  readonly name: string;
  /** What the images show; may be empty. */
  readonly description: string;
  /** Name of the reader that opens it. */
  readonly format: string;
  /** Images to learn from. */
  readonly train: number;
  /** Images to test on. */
  readonly test: number;
  /** Whether images to test on come with it; else some are set apart. */
  readonly hasTest: boolean;
  /** Number of files that were passed over because they are no pictures. */
  readonly ignored: number;
  /** Image height in pixels, of images that are all of one size. */
  readonly height?: number | undefined;
  /** Image width in pixels, of images that are all of one size. */
  readonly width?: number | undefined;
  /** 1 grey, 3 colour, of images that are all of one size. */
  readonly channels?: number | undefined;
  /** Where the images come from. */
  readonly source: string;
  /** Terms under which they may be used. */
  readonly licence: string;
  /** Whom to credit; may be empty. */
  readonly attribution: string;
  /** How training images may be varied, of images that are all of one size. */
  readonly augmentation?: Augmentation | undefined;
  /** Identifies the content, of images that are all of one size. */
  readonly fingerprint?: string | undefined;
}

/** Small pictures to look at. */
export interface InspectionPictures {
  /** Some of each class, in the order of the classes. */
  readonly classes: readonly { readonly name: string; readonly samples: readonly Sample[] }[];
  /** Groups of duplicates with their pictures, the most serious first. */
  readonly groups: readonly { readonly group: NamedGroup; readonly samples: readonly (Sample | undefined)[] }[];
}

/** What is inspected beside the facts. */
export interface InspectOptions extends Pick<OpenOptions, "import" | "cache" | "onNotice"> {
  /** Whether small pictures are wanted. */
  readonly hasPictures?: boolean | undefined;
  /** Told of the images that are done. */
  readonly onProgress?: SurveyListener | undefined;
}

/** At most so many pictures of a class are shown, fewer where there are many classes. */
const mostOfClass = 12;
/** At most so many pictures of classes in all. */
const mostShown = 720;
/** At most so many groups of duplicates are shown. */
const mostGroups = 24;
/** At most so many pictures of a group are shown. */
const mostOfGroup = 6;

/**
 * Inspects a dataset: opens it by a reader and looks at each image once.
 *
 * @param nameOrPath A dataset's name or path.
 * @param options Progress, and whether small pictures are wanted.
 * @returns What was found, and small pictures if they are wanted.
 * @throws {DataError} If there is no such dataset or it is damaged as a whole.
 */
export async function inspectSource(
  nameOrPath: string,
  { hasPictures = false, onProgress, ...opening }: InspectOptions = {},
): Promise<{ inspection: Inspection; pictures: InspectionPictures | undefined }> {
  const { path, found, reader } = await findDataset(nameOrPath);
  const read = await reader.read(found);
  if (isListing(read)) {
    using pool = await PicturePool.start();
    const survey = await surveyListing(read, pool, onProgress);
    const { inspection, groups } = inspectImages(survey);
    const facts = { ...describeListing(read, path), format: reader.name };
    const take = (wanted: ReadonlySet<number>) => sampleListing(read, pool, wanted);
    return {
      inspection: complete(inspection, facts),
      pictures: hasPictures ? await show(survey, groups, take) : undefined,
    };
  }
  const dataset = await openDataset(nameOrPath, opening);
  const survey = await surveyDataset(dataset, onProgress);
  const { inspection, groups } = inspectImages(survey);
  const facts = { ...describeDataset(dataset), format: reader.name, hasTest: read.test !== undefined };
  const take = (wanted: ReadonlySet<number>) => sampleDataset(dataset, wanted);
  return {
    inspection: complete(inspection, facts),
    pictures: hasPictures ? await show(survey, groups, take) : undefined,
  };
}

type Facts = Omit<Inspection, keyof ImageInspection | "train" | "test">;

function complete(inspection: ImageInspection, facts: Facts): Inspection {
  const sum = (part: "train" | "test") => inspection.classes.reduce((total, counted) => total + counted[part], 0);
  return { ...facts, train: sum("train"), test: sum("test"), ...inspection };
}

function describeListing({ info, pictures, ignored = [] }: PictureListing, path: string): Omit<Facts, "format"> {
  return {
    name: info.name ?? basename(path),
    description: info.description ?? "",
    hasTest: pictures.some(({ part }) => part === "test"),
    ignored: ignored.length,
    source: info.source ?? "not stated",
    licence: info.licence ?? "not stated",
    attribution: info.attribution ?? "",
  };
}

function describeDataset(dataset: Dataset): Omit<Facts, "format" | "hasTest"> {
  const { name, description, height, width, channels, source, licence, attribution, augmentation, fingerprint } =
    dataset;
  const size = { height, width, channels };
  return { name, description, ignored: 0, ...size, source, licence, attribution, augmentation, fingerprint };
}

/** Chooses what is shown and takes small pictures of it. */
async function show(
  { images, classes }: Survey,
  groups: readonly DuplicateGroup[],
  take: (wanted: ReadonlySet<number>) => Promise<Map<number, Sample>>,
): Promise<InspectionPictures> {
  const chosen = chooseOfClasses(images, classes.length);
  const shownGroups = groups.slice(0, mostGroups).map((group) => ({
    ...group,
    images: group.images.slice(0, mostOfGroup),
  }));
  const samples = await take(new Set([...chosen.flat(), ...shownGroups.flatMap(({ images }) => images)]));
  const nameOf = (place: number) => {
    const { name, part, label } = images[place]!;
    return { name, part, class: classes[label]! };
  };
  return {
    classes: classes.map((name, label) => ({
      name,
      samples: chosen[label]!.flatMap((place) => samples.get(place) ?? []),
    })),
    groups: shownGroups.map((group) => ({
      group: { ...group, images: group.images.map(nameOf) },
      samples: group.images.map((place) => samples.get(place)),
    })),
  };
}

/** Places of some readable images of each class, evenly spread over it. */
function chooseOfClasses(images: Survey["images"], classes: number): number[][] {
  const members = Array.from({ length: classes }, (): number[] => []);
  images.forEach(({ label, error }, place) => {
    if (error === undefined) members[label]!.push(place);
  });
  const most = Math.max(1, Math.min(mostOfClass, Math.floor(mostShown / classes)));
  return members.map((places) => {
    const count = Math.min(most, places.length);
    return Array.from({ length: count }, (_, i) => places[Math.floor((i + 0.5) * places.length / count)]!);
  });
}
