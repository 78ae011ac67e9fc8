/** A network that comes with the page; `models.json`, which the build writes, lists them. */
export interface ShippedNetwork {
  /** Its file, beside the page. */
  readonly file: string;
  /** What users call it. */
  readonly title: string;
  /** What it is good for. */
  readonly hint: string;
}
