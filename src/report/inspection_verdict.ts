import type { Inspection } from "../data/mod.ts";
import { listSome } from "../text/mod.ts";
import type { Verdict } from "./verdict.ts";
import { formatShare } from "./words.ts";

/** More learnt images of one class than of another by this factor tilt a network. */
const unbalanced = 3;

/**
 * Judges a dataset before anything is trained on it.
 *
 * @param inspection What was found in it.
 * @param path The dataset as the user named it, for the commands that go on from it.
 * @returns The verdict: what spoils results first.
 */
export function judgeInspection(inspection: Inspection, path: string): Verdict {
  const { name, classes, images, duplicates: { leaks } } = inspection;
  const count = `${amount(images.readable, "image")} in ${amount(classes.length, "class", "classes")}`;
  const warnings = [...warnOfDuplicates(inspection), ...warnOfCounts(inspection), ...warnOfFiles(inspection)];
  const others = warnings.length - (leaks > 0 ? 1 : 0);
  const found = [
    ...(leaks > 0 ? ["test images that are also learnt"] : []),
    ...(others > 0 ? [`${amount(others, leaks > 0 ? "more thing" : "thing")} to look at`] : []),
  ];
  const problems = found.length === 0 ? "nothing to mend" : found.join(" and ");
  return {
    headline: `${name}: ${count}, ${problems}`,
    sentences: [describeParts(inspection), describePictures(inspection)],
    warnings,
    next: [`deno task transfer --target ${/\s/.test(path) ? `'${path}'` : path}${weights(inspection)}`],
  };
}

function describeParts({ train, test, hasTest, classes, licence }: Inspection): string {
  const validation = classes.reduce((sum, counted) => sum + counted.validation, 0);
  const more = validation > 0 ? `, ${validation.toLocaleString("en")} to validate on` : "";
  const tested = hasTest
    ? `${test.toLocaleString("en")} to test on`
    : test > 0
    ? `${test.toLocaleString("en")} of them set apart to test on`
    : "a fifth of them will be set apart to test on";
  return `${train.toLocaleString("en")} to learn from${more}, ${tested}. Licence: ${licence}.`;
}

function describePictures({ sizes, colour, types, height, width, images }: Inspection): string {
  const kinds = Object.entries(types).map(([type, count]) => `${count.toLocaleString("en")} ${type}`).join(", ");
  const { least, median, most } = sizes.shortSide;
  const size = height === undefined
    ? `${kinds}; shorter sides ${least === most ? `${most} pixels` : `${least} to ${most} pixels, median ${median}`}`
    : `All ${height}x${width} pixels`;
  const side = sizes.suggested === null ? "" : `; --image ${sizes.suggested} is chosen unless another is asked for`;
  const grey = colour.grey === images.readable
    ? "all grey"
    : colour.grey === 0
    ? "all in colour"
    : `${colour.grey.toLocaleString("en")} grey, ${colour.colour.toLocaleString("en")} in colour`;
  return `${size}; ${grey}${side}.`;
}

function warnOfDuplicates({ duplicates, hasTest }: Inspection): string[] {
  const { groups, leaks, conflicts, superfluous, isWhole } = duplicates;
  const warnings: string[] = [];
  const leaked = groups.filter(({ isLeak }) => isLeak)
    .reduce((sum, { images }) => sum + images.filter(({ part }) => part === "test").length, 0);
  if (leaks > 0) {
    warnings.push(
      `LEAK: ${amount(leaked, "image")} to test on ${leaked === 1 ? "is" : "are"} also to learn from; ` +
        `test accuracy will be too high. Remove ${leaked === 1 ? "it" : "them"} from one of the parts.`,
    );
  }
  if (conflicts > 0) {
    warnings.push(
      `${amount(conflicts, "picture")} ${conflicts === 1 ? "stands" : "stand"} in different classes: ` +
        `no network can be right on all copies. Keep one class for each.`,
    );
  }
  if (superfluous > 0 && leaks === 0 && !hasTest) {
    warnings.push(
      `${amount(superfluous, "image")} ${superfluous === 1 ? "shows" : "show"} what another one does: copies of what ` +
        `is learnt may be set apart for tests. Remove ${superfluous === 1 ? "it" : "them"} first.`,
    );
  }
  if (!isWhole) warnings.push("Nearly all images look the same: near duplicates were not searched for among all.");
  return warnings;
}

function warnOfCounts({ classes, imbalance, tinyClasses, hasTest }: Inspection): string[] {
  const warnings: string[] = [];
  if (tinyClasses.length > 0) {
    warnings.push(
      `${amount(tinyClasses.length, "class", "classes")} with fewer than 10 images to learn from: ${
        listSome(tinyClasses)
      }. ` +
        `Collect more, or join classes.`,
    );
  }
  if (imbalance >= unbalanced) {
    const sorted = [...classes].filter(({ train }) => train > 0).sort((a, b) => b.train - a.train);
    const [most, fewest] = [sorted[0]!, sorted.at(-1)!];
    warnings.push(
      `${most.name} has ${imbalance.toFixed(imbalance < 10 ? 1 : 0)} times as many images to learn from as ` +
        `${fewest.name}: use --class-weights balanced and look at the balanced accuracy.`,
    );
  }
  const untested = classes.filter(({ test }) => test === 0).map(({ name }) => name);
  if (hasTest && untested.length > 0) warnings.push(`No image to test on of ${listSome(untested)}.`);
  return warnings;
}

function warnOfFiles({ images, unreadable, ignored }: Inspection): string[] {
  const warnings: string[] = [];
  if (images.unreadable > 0) {
    const share = formatShare(images.unreadable / (images.readable + images.unreadable));
    warnings.push(
      `${amount(images.unreadable, "picture")} cannot be read (${share}) and will be left out, such as ` +
        `${unreadable[0]!.name}.`,
    );
  }
  if (ignored > 0) {
    warnings.push(
      `${amount(ignored, "file")} passed over: ${
        ignored === 1 ? "it is no picture or has" : "they are no pictures or have"
      } no class.`,
    );
  }
  return warnings;
}

function weights({ imbalance }: Inspection): string {
  return imbalance >= unbalanced ? " --class-weights balanced" : "";
}

function amount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
