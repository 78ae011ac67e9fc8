/** A flag of the command line. */
export type Flag =
  & {
    /** One line of help. */
    readonly help: string;
    /** What the help calls the value. */
    readonly value?: string;
    /** What the help says when the flag is left out. */
    readonly default?: string | number | undefined;
    /** Path of the setting among the options of the command's pipeline, such as `search.learningRate`; none if it is no setting. */
    readonly path?: string;
  }
  & (
    | { readonly kind: "text" }
    | { readonly kind: "switch" }
    | { readonly kind: "bytes" }
    | { readonly kind: "choice"; readonly of: readonly (string | number)[] }
    | {
      /** Several with commas between. */
      readonly kind: "list";
      /** Range of the whole numbers that it holds, or of amounts such as `0.5`, `20k`, `1.5M`; of texts if left out. */
      readonly numbers?: { readonly from: number; readonly to: number; readonly areAmounts?: true } | undefined;
    }
    | {
      readonly kind: "integer" | "number" | "duration";
      readonly from: number;
      readonly to: number;
      /** A word that may stand for the number. */
      readonly or?: string;
    }
  );

/** Flags by their name without the dashes. */
export type Flags = Readonly<Record<string, Flag>>;

/** The value of a flag. */
export type Value = string | number | boolean | readonly string[] | readonly number[];

/** Values given on the command line, by the camelCase name of the flag. */
export type Values = Readonly<Record<string, Value>>;

/** What was given on a command line. */
export interface Given {
  /** Values of flags. */
  readonly values: Values;
  /** Everything beside flags. */
  readonly operands: readonly string[];
}

/** What a command takes beside flags. */
export interface Operands {
  /** What they are called in the help, such as `FILE…`. */
  readonly name: string;
  /** Fewest. */
  readonly least: number;
  /** Most. */
  readonly most: number;
  /** Path of the setting that the first one is, see {@linkcode Flag}; none if it is no setting. */
  readonly path?: string;
}
