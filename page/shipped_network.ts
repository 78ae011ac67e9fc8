/** A network that comes with the page; `models.json`, which the build writes, lists them. */
export interface ShippedNetwork {
  /** Its file, beside the page. */
  readonly file: string;
  /** What users call it. */
  readonly title: string;
  /** What it is good for. */
  readonly hint: string;
  /** Collections that it learnt from, if several, in the order of its classes: what tells them apart it has not learnt. */
  readonly collections?: readonly Collection[] | undefined;
}

/** Classes of one collection of pictures, which a network has learnt to tell from each other. */
export interface Collection {
  /** What it is called. */
  readonly name: string;
  /** The first of its classes among those of the network. */
  readonly first: number;
  /** The class after its last one. */
  readonly end: number;
}
