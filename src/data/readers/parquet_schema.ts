import type { FileMetaData, SchemaTree } from "hyparquet";
import { DataError, printable } from "../errors.ts";

/** Which columns of a Parquet file hold pictures and labels. */
export interface ParquetColumns {
  /** Column of the pictures: bytes, or a structure with a field `bytes`. */
  readonly image: string;
  /** Column of the labels: whole numbers or texts. */
  readonly label: string;
  /** Names that the numbers count, as Hugging Face's metadata gives them. */
  readonly names: readonly string[] | undefined;
}

const imageNames = ["image", "img", "picture", "photo", "bytes"];
const labelNames = ["label", "labels", "fine_label", "class", "category", "target", "coarse_label"];

/**
 * Finds pictures and labels: by what Hugging Face's metadata calls an image and a label with names, then by types and names
 * of the columns.
 *
 * @param metadata The footer.
 * @param path The file, for messages.
 * @returns The columns.
 * @throws {DataError} If there is no such column, or more than one that could be meant.
 */
export async function findColumns(metadata: FileMetaData, path: string): Promise<ParquetColumns> {
  const { parquetSchema } = await import("hyparquet");
  const columns = parquetSchema(metadata).children;
  const features = readFeatures(metadata);
  const typed = (type: string) => columns.map(nameOf).filter((name) => features[name]?._type === type);
  const image = choose([typed("Image"), columns.filter(isPicture).map(nameOf)], imageNames);
  const label = choose([typed("ClassLabel"), columns.filter(isLabel).map(nameOf)], labelNames);
  if (image !== undefined && label !== undefined) {
    const { names } = features[label] ?? {};
    const isNamed = Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === "string");
    return { image, label, names: isNamed ? names as string[] : undefined };
  }
  const found = columns.slice(0, 8).map((column) => printable(nameOf(column))).join(", ") || "none";
  throw new DataError(
    `Cannot read ${path}: found the columns ${found}, expected ` +
      (image === undefined ? "pictures as bytes (image)" : "one of labels (label)"),
  );
}

const nameOf = ({ element }: SchemaTree) => element.name;

/** The first group that has any: the only one, or the one with the name that comes first. */
function choose(groups: readonly string[][], known: readonly string[]): string | undefined {
  for (const group of groups) {
    const named = known.find((name) => group.includes(name));
    if (named !== undefined) return named;
    if (group.length === 1) return group[0];
  }
  return undefined;
}

interface Feature {
  readonly _type?: unknown;
  readonly names?: unknown;
}

function readFeatures({ key_value_metadata = [] }: FileMetaData): Record<string, Feature | undefined> {
  const text = key_value_metadata.find(({ key }) => key === "huggingface")?.value;
  if (text === undefined) return {};
  try {
    const features = JSON.parse(text)?.info?.features;
    return typeof features === "object" && features !== null ? features : {};
  } catch {
    // Metadata of other programs may be anything; types and names still tell.
    return {};
  }
}

function isPicture(column: SchemaTree): boolean {
  if (column.children.length > 0) return column.children.some((child) => nameOf(child) === "bytes" && isBytes(child));
  return isBytes(column) && !isText(column);
}

function isLabel(column: SchemaTree): boolean {
  if (column.children.length > 0 || column.element.repetition_type === "REPEATED") return false;
  const { type } = column.element;
  return labelNames.includes(nameOf(column)) && (type === "INT32" || type === "INT64" || isText(column));
}

function isBytes({ element: { type } }: SchemaTree): boolean {
  return type === "BYTE_ARRAY";
}

function isText({ element: { logical_type, converted_type } }: SchemaTree): boolean {
  return logical_type?.type === "STRING" || converted_type === "UTF8";
}
