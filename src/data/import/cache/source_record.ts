import type { DatasetInfo } from "../../info.ts";
import type { UnreadablePicture } from "../../dataset.ts";

/** What a cache knows of a source that was imported: all of a dataset but its images. */
export interface SourceRecord {
  /** Where it was, as it was given. */
  readonly path: string;
  /** Fingerprint of the content that it has. */
  readonly content: string;
  /** Classes, name, licence and whatever else the files told. */
  readonly info: DatasetInfo;
  /** Where the information comes from, for messages. */
  readonly infoOrigin: string;
  /** Pictures that are left out. */
  readonly unreadable: readonly UnreadablePicture[];
  /** When it was imported, ISO 8601. */
  readonly imported: string;
  /** Seconds that the import took. */
  readonly seconds: number;
}
