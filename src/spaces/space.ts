import type { GraphBuilder, State } from "../network/mod.ts";
import type { Places } from "./places.ts";

/**
 * A search space with its sizes: all that is needed to build a supernet. Plain JSON data. All further properties belong to
 * the kind of space ({@linkcode SpaceKind}), which alone reads them.
 */
export interface Space {
  /** Kind of space, by its name in the table of spaces. */
  readonly name: string;
  /** Classes told apart by the classifier. */
  readonly classes: number;
  /** Channels that the network sees: 1 grey, 3 colour. */
  readonly inputChannels: 1 | 3;
  /** Rows of an image, in pixels. */
  readonly height: number;
  /** Columns of an image, in pixels. */
  readonly width: number;
}

/** What a space's networks read and tell apart; the rest of a {@linkcode Space} is its body. */
export type ImageSizes = Pick<Space, "classes" | "inputChannels" | "height" | "width">;

/** An architecture. Plain JSON data that only its kind of space can read. */
export type Genotype = Readonly<Record<string, unknown>>;

/** A size that a user may choose, such as the number of cells. */
export interface SizeSetting {
  /** Property of the space, in camelCase, and name of the flag. */
  readonly name: string;
  /** Smallest value. */
  readonly from: number;
  /** Largest value. */
  readonly to: number;
  /** Value unless a user gives another: small sizes that a laptop searches in minutes. */
  readonly default: number;
  /** What it is, for `--help`. */
  readonly help: string;
}

/**
 * A choice that a user may make of how the images are read, such as the stem. It follows from their size where the user makes
 * none, so networks of one body may differ in it.
 */
export interface ChoiceSetting {
  /** Property of the space, in camelCase, and name of the flag. */
  readonly name: string;
  /** What can be chosen, the plainest first. */
  readonly of: readonly string[];
  /** The choice for images of a size. */
  readonly default: (images: ImageSizes) => string;
  /** That rule in words, for `--help`. */
  readonly rule: string;
  /** What it is, for `--help`. */
  readonly help: string;
}

/** What a user may choose of a space. */
export type SpaceSetting = SizeSetting | ChoiceSetting;

/**
 * What readers call the rows and columns of a matrix of mixing weights. Where title, groups and candidates are worded as in the
 * pictures of {@linkcode SpaceKind.cells}, a report can mark what was derived.
 */
export interface GroupLabels {
  /** What the matrix is of: the name of a {@linkcode Cell}. */
  readonly title: string;
  /** A row each: names of the states that its edge runs between, as in `previous cell to node 1`. */
  readonly groups: readonly string[];
  /** A column each: labels of the {@linkcode CellEdge}s that it may become. */
  readonly candidates: readonly string[];
}

/**
 * The layout of a supernet's mixing weights: groups of candidates that compete for one place, such as the operations of an
 * edge. All that a search method needs to know of a space.
 */
export interface CandidateGroups {
  /**
   * The mixing weights as matrices, one after another: a row is a group, a column a candidate. Names are those that a file
   * gives to the architecture parameters of the same layout.
   */
  readonly tensors: readonly { readonly name: string; readonly shape: readonly [groups: number, candidates: number] }[];
  /** What readers call them, tensor by tensor; places and candidates are numbered if left out. */
  readonly labels?: readonly GroupLabels[] | undefined;
  /** Whether each mixing weight has a candidate; what was pruned away has none. */
  readonly exists: readonly boolean[];
  /** For each group, the number of the sum that it is a term of: groups of one sum are edges into one node. */
  readonly sums: readonly number[];
}

/** What a search method asks of a supernet beyond what its space builds for all. Plain JSON data by name. */
export type SupernetRequest = Readonly<Record<string, unknown>>;

/** A map of features inside a cell, as a picture shows it. */
export interface CellState {
  /** What a reader calls it, such as `previous cell` or `node 1`. */
  readonly name: string;
  /** Whether it comes from outside, is made inside, or leaves the cell. */
  readonly role: "input" | "inner" | "output";
}

/** What makes one state of another. */
export interface CellEdge {
  /** Index of the state that is read. */
  readonly from: number;
  /** Index of the state that is made, larger than that of the one that is read. */
  readonly to: number;
  /** Operation in words, such as `separable conv 3×3`; absent where the state is handed on as it is. */
  readonly label?: string | undefined;
}

/** A part of an architecture as far as a picture of it goes: a graph without circles. */
export interface Cell {
  /** What a reader calls it, such as `Normal cell`. */
  readonly name: string;
  /** Its states. */
  readonly states: readonly CellState[];
  /** Its edges. */
  readonly edges: readonly CellEdge[];
}

/** What a derived network is built from. */
export interface DerivedOptions<Of extends Space = Space, Architecture extends Genotype = Genotype> {
  /** Sizes; they must be those of the architecture. */
  readonly space: Of;
  /** Its architecture. */
  readonly genotype: Architecture;
  /** Classes of each dataset if it is to tell those of several apart, each within its own; together those of the space. */
  readonly heads?: readonly number[] | undefined;
  /** Weight of the auxiliary head's loss, 0.4 in DARTS; left out or 0, there is no such head. */
  readonly auxiliaryWeight?: number | undefined;
}

/** Test accuracies that were published of networks of an architecture, in percent. */
export interface PublishedAccuracies {
  /** On CIFAR-10. */
  readonly cifar10: number;
  /** On CIFAR-100. */
  readonly cifar100: number;
  /** On ImageNet16-120. */
  readonly imagenet16: number;
}

/** An architecture among all of the table. */
export interface RankedAccuracies extends PublishedAccuracies {
  /** 1 for the best on CIFAR-10; equal ones have the same. */
  readonly rank: number;
}

/** What was published of the architectures of a space. */
export interface PublishedTable<Architecture extends Genotype = Genotype> {
  /** Number of architectures. */
  readonly size: number;
  /**
   * Finds an architecture.
   *
   * @param genotype The architecture.
   * @returns Its accuracies and rank; undefined if the table does not have it.
   */
  find(genotype: Architecture): RankedAccuracies | undefined;
  /**
   * How far accuracies are below the best of the table, whichever architecture has it.
   *
   * @param found Accuracies of an architecture.
   * @returns Percentage points, 0 for the best, by dataset.
   */
  regret(found: PublishedAccuracies): PublishedAccuracies;
}

/**
 * A kind of search space: everything that the rest of the program may ask of it, and the only place that knows its
 * operations, cells and edges. One folder of `src/spaces/`, one row of its table.
 *
 * Spaces and genotypes are plain data; functions get them checked. Both kinds of network call their heads as
 * `isOfHead` of `src/network/` tells them, and all that is not a head is body, which transfers.
 */
export interface SpaceKind<Of extends Space = Space, Architecture extends Genotype = Genotype> {
  /** Name on the command line and in files. */
  readonly name: string;
  /** One line about it, for lists. */
  readonly description: string;
  /** What a user may choose; a space has a property of each name. */
  readonly settings: readonly SpaceSetting[];
  /** Most candidates that a group may be asked to keep. */
  readonly mostCandidates: number;
  /** State-dict name of the convolution that reads the images, [outputs, inputChannels, rows, columns]. */
  stem(space: Of): string;

  /**
   * Checks a space that comes from outside ({@linkcode checkSizes} does most of it).
   *
   * @returns The space with nothing but its own properties.
   * @throws {TypeError | RangeError} Names the property, its value and what was expected.
   */
  check(value: Readonly<Record<string, unknown>>): Of;
  /** Name of the kind and what sets this space apart from others of its sizes, such as how far it was pruned. */
  describe(space: Of): string;
  /** The space as it was before anything was pruned away or granted to a method. */
  whole(space: Of): Of;
  /**
   * Grants what a search method asks of its supernet; left out by a kind that grants nothing.
   *
   * @returns A space whose supernet is as asked, with the same layout of mixing weights.
   * @throws {RangeError} If it cannot; names the request.
   */
  adapt?(space: Of, request: SupernetRequest): Of;
  /**
   * Takes candidates away: every group keeps those of the largest strengths, ties going to the lower index. The layout of
   * mixing weights stays.
   */
  prune(space: Of, strengths: Float32Array, keep: number): Of;

  /** The layout of the mixing weights. */
  groups(space: Of): CandidateGroups;
  /**
   * Adds the instructions of the supernet to a builder whose image has the size of the space.
   *
   * @param heads Classes of each dataset if it is to tell those of several apart, each within its own.
   */
  lowerSupernet(builder: GraphBuilder, space: Of, heads?: readonly number[]): void;
  /** Draws one of the networks that the supernet holds, as mixing weights: 1 for what is in it, else 0. */
  samplePath(strengths: Float32Array, space: Of, seed: number): Float32Array;
  /** The candidate operation, in one of the cells, to which a supernet's tensor belongs: its prefix; undefined for what all share. */
  operationOf(name: string): string | undefined;

  /** Cuts out the strongest architecture. */
  derive(strengths: Float32Array, space: Of): Architecture;
  /** Architectures whose costs tell those of all others, as far as costs add up over a network's parts. */
  probes(space: Of): Architecture[];
  /**
   * The derivation as a choice whose strengths and costs add up, for architectures within limits.
   *
   * @param costs For each cost that is limited, that of every one of the `probes`.
   */
  places(strengths: Float32Array, space: Of, costs: readonly (readonly number[])[]): Places<Architecture>;
  /** Draws an architecture uniformly; the same seed gives the same one. */
  randomGenotype(seed: number, space: Of): Architecture;
  /** Checks an architecture that comes from outside. */
  checkGenotype(value: unknown): Architecture;
  /** Reads an architecture from text: JSON, or the notation of {@linkcode formatGenotype}. */
  parseGenotype(text: string): Architecture;
  /** Writes an architecture in one line, in the notation of the code base from which the space comes. */
  formatGenotype(genotype: Architecture): string;
  /** Whether two architectures are the same, however they are written. */
  equalGenotypes(a: Architecture, b: Architecture): boolean;
  /** What a picture of the architecture shows. */
  cells(genotype: Architecture): Cell[];

  /** Reads what was published of its architectures; left out by a kind of which nothing was. */
  parsePublishedTable?(text: string): PublishedTable<Architecture>;

  /** Adds the instructions of a derived network to a builder whose image has the size of the space. */
  lowerDerivedNetwork(builder: GraphBuilder, options: DerivedOptions<Of, Architecture>): void;
  /** Name in the supernet of a derived network's tensor; undefined for one that no supernet has. */
  supernetName(name: string, genotype: Architecture, space: Of): string | undefined;
  /**
   * Writes the shares that candidates had in their mixtures into a supernet's state, so that the network that is cut out of it
   * computes what the supernet did with nothing but that network's terms.
   */
  layMixing(state: State, mixing: Float32Array, options: { space: Of; genotype: Architecture }): State;
}

const IMAGE_LIMITS: readonly { name: keyof ImageSizes; from: number; to: number }[] = [
  { name: "classes", from: 2, to: 65536 },
  { name: "height", from: 4, to: 1024 },
  { name: "width", from: 4, to: 1024 },
];

/**
 * Checks the sizes of a space that comes from outside: those that a user may choose, and those of all spaces.
 *
 * @param value The space.
 * @param settings Sizes and choices of its kind.
 * @throws {RangeError} If one is missing or out of bounds; names it, its value and what was expected.
 */
export function checkSizes(
  value: Readonly<Record<string, unknown>>,
  settings: readonly (Pick<SizeSetting, "name" | "from" | "to"> | Pick<ChoiceSetting, "name" | "of">)[],
): void {
  const fault = (name: string, expected: string) =>
    new RangeError(`Cannot read space: ${name} is ${JSON.stringify(value[name])}, expected ${expected}`);
  for (const setting of [...settings, ...IMAGE_LIMITS]) {
    const { name } = setting;
    const found = value[name];
    if ("of" in setting) {
      if (!setting.of.includes(found as string)) throw fault(name, `one of ${setting.of.join(", ")}`);
      continue;
    }
    const { from, to } = setting;
    if (typeof found === "number" && Number.isInteger(found) && found >= from && found <= to) continue;
    throw fault(name, `an integer from ${from} to ${to}`);
  }
  if (value.inputChannels !== 1 && value.inputChannels !== 3) {
    throw new RangeError(`Cannot read space: inputChannels is ${JSON.stringify(value.inputChannels)}, expected 1 or 3`);
  }
}
