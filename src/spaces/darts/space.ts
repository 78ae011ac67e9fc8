import { checkChannelShare, type PartialChannels } from "../partial_channels.ts";
import { checkSizes, type ChoiceSetting, type ImageSizes, type SizeSetting, type Space } from "../space.ts";

/**
 * The candidate operations of an edge, in the order of the DARTS code base (the order of a row of alpha).
 *
 * Source: Liu et al., DARTS, section 3.1; names and order as in its `genotypes.py`.
 */
export const PRIMITIVES = [
  "none",
  "max_pool_3x3",
  "avg_pool_3x3",
  "skip_connect",
  "sep_conv_3x3",
  "sep_conv_5x5",
  "dil_conv_3x3",
  "dil_conv_5x5",
] as const;

/** Name of a candidate operation. */
export type Primitive = typeof PRIMITIVES[number];

/** The two kinds of cell, in the order of the rows of alpha and of the mixing weights. */
export const CELL_TYPES = ["normal", "reduce"] as const;

/** Kind of a cell: one that keeps the size, or one that halves height and width and doubles the channels. */
export type CellType = typeof CELL_TYPES[number];

/** The stems: what stands between the image and the first cell. */
export const STEMS = ["cifar", "stride2", "stride4", "imagenet"] as const;

/** Name of a stem; its file says what each is made of. */
export type Stem = typeof STEMS[number];

/** Channels of the stem as a multiple of the channels of the first cell; that of ImageNet has as many as the cell. */
export const STEM_MULTIPLIER = 3;

/** The search space of DARTS with its sizes. */
export interface DartsSpace extends Space, PartialChannels {
  readonly name: "darts";
  /** Intermediate nodes of a cell. */
  readonly nodes: number;
  /** Number of cells, one after another. */
  readonly cells: number;
  /** Channels of a node in the first cell. */
  readonly channels: number;
  /** What makes the inputs of the first cell out of the image. */
  readonly stem: Stem;
  /** The candidate operations that each edge holds, if some were pruned away; all of them if left out. */
  readonly candidates?: Candidates | undefined;
}

/**
 * Candidate operations of a pruned supernet: for each kind of cell, one list an edge, in the order of {@linkcode listEdges}.
 * `none` is not listed: it has no weights and every edge keeps it.
 */
export type Candidates = Readonly<Record<CellType, readonly (readonly Primitive[])[]>>;

/** The sizes that a user may choose, with defaults that a laptop searches in minutes. */
export const SETTINGS: readonly (
  | SizeSetting & { readonly name: "channels" | "cells" | "nodes" }
  | ChoiceSetting & { readonly name: "stem" }
)[] = [
  { name: "channels", from: 1, to: 512, default: 8, help: "channels of a node in the first cell" },
  { name: "cells", from: 1, to: 64, default: 5, help: "cells, one after another" },
  { name: "nodes", from: 1, to: 8, default: 4, help: "intermediate nodes of a cell" },
  {
    name: "stem",
    of: STEMS,
    default: stemFor,
    rule: "by the image's side: cifar below 48, stride2 to 80, stride4 to 144, imagenet above",
    help: "what the image passes before the first cell; cells work on a map as large as it, or smaller by 2, 4 or 8",
  },
];

/**
 * The stem that images of a size have unless a user chooses another: the larger they are the more it halves them, so that
 * the first cells work on maps of 18 to 47 pixels.
 *
 * @param images Their height and width; of pictures that are not square the side of a square as large.
 * @returns Its name.
 */
export function stemFor({ height, width }: Pick<ImageSizes, "height" | "width">): Stem {
  const side = Math.sqrt(height * width);
  if (side < 48) return "cifar";
  if (side <= 80) return "stride2";
  return side <= 144 ? "stride4" : "imagenet";
}

/** Sizes of the paper's search on CIFAR-10: the defaults of {@linkcode makeDartsSpace}. */
export const PAPER_SPACE: DartsSpace = {
  name: "darts",
  nodes: 4,
  cells: 8,
  channels: 16,
  stem: "cifar",
  classes: 10,
  inputChannels: 3,
  height: 32,
  width: 32,
};

/**
 * Completes and checks the sizes of a search space.
 *
 * @param sizes Sizes that differ from {@linkcode PAPER_SPACE}.
 * @returns The space.
 * @throws {RangeError} If a size is out of bounds; names it, its value and the bounds.
 */
export function makeDartsSpace(sizes: Partial<DartsSpace> = {}): DartsSpace {
  return checkDartsSpace({ ...PAPER_SPACE, ...sizes });
}

/**
 * Checks a space of this kind that comes from outside. One that names no stem comes from before there were several: it has
 * that of `cifar`.
 *
 * @param value The space; further properties are ignored.
 * @returns The space, holding nothing but its own properties.
 * @throws {TypeError | RangeError} If a property is missing or out of bounds; names it, its value and what was expected.
 */
export function checkDartsSpace(value: object): DartsSpace {
  const space: Readonly<Record<string, unknown>> = { stem: "cifar", ...value };
  checkSizes(space, SETTINGS);
  const { name, nodes, cells, channels, stem, classes, inputChannels, height, width } = space as unknown as DartsSpace;
  if (stem === "imagenet" && channels % 2 === 1) {
    throw new RangeError(`Cannot read space: channels is ${channels}, expected an even number with the imagenet stem`);
  }
  const sizes = { name, nodes, cells, channels, stem, classes, inputChannels, height, width };
  const channelShare = checkChannelShare(space.channelShare, channels);
  const granted = channelShare === undefined ? sizes : { ...sizes, channelShare };
  return space.candidates === undefined
    ? granted
    : { ...granted, candidates: checkCandidates(space.candidates, nodes) };
}

function checkCandidates(value: unknown, nodes: number): Candidates {
  const edges = edgeIndex(nodes, 0);
  const check = (type: CellType): Primitive[][] => {
    const lists = (value as Record<CellType, unknown> | null)?.[type];
    if (!Array.isArray(lists) || lists.length !== edges) {
      throw new TypeError(`Cannot read space: candidates.${type} is not a list of ${edges} lists, one an edge`);
    }
    return lists.map((list, edge) => {
      const known = PRIMITIVES.slice(1).filter((primitive) => Array.isArray(list) && list.includes(primitive));
      if (known.length > 0 && known.length === list.length) return known;
      throw new TypeError(
        `Cannot read space: candidates.${type}[${edge}] is ${JSON.stringify(list)}, expected distinct operations, ` +
          "at least one, without none",
      );
    });
  };
  return { normal: check("normal"), reduce: check("reduce") };
}

/**
 * Whether an edge holds a candidate operation.
 *
 * @param space The space, pruned or whole.
 * @param type Type of cell.
 * @param edge Its position in the list of {@linkcode listEdges}.
 * @param primitive The operation.
 * @returns Whether it does; always for `none`.
 */
export function holdsCandidate(space: DartsSpace, type: CellType, edge: number, primitive: Primitive): boolean {
  return primitive === "none" || (space.candidates?.[type][edge]?.includes(primitive) ?? true);
}

/** An edge of a cell: from a state (0 and 1 are the inputs, 2 and up the nodes before) to a node (0 and up). */
export interface Edge {
  /** Position in a cell's list of edges, hence row of alpha. */
  readonly index: number;
  /** State read. */
  readonly from: number;
  /** Node written. */
  readonly node: number;
}

/**
 * Lists the edges of a cell in the order of the rows of alpha: by node, then by state.
 *
 * @param nodes Intermediate nodes of a cell.
 * @returns `nodes * (nodes + 3) / 2` edges.
 */
export function listEdges(nodes: number): Edge[] {
  const edges: Edge[] = [];
  for (let node = 0; node < nodes; node++) {
    for (let from = 0; from < 2 + node; from++) edges.push({ index: edges.length, from, node });
  }
  return edges;
}

/**
 * Position of an edge in the list of {@linkcode listEdges}.
 *
 * @param node Node written, from 0.
 * @param from State read, from 0; with 0, the number of edges into all nodes before.
 * @returns The position, from 0.
 */
export function edgeIndex(node: number, from: number): number {
  return node * (node + 3) / 2 + from;
}

/**
 * Number of mixing weights of a supernet: cell types × edges × operations.
 *
 * @param space The space; one that was pruned has as many.
 * @returns The number.
 */
export function countMixing(space: DartsSpace): number {
  return CELL_TYPES.length * edgeIndex(space.nodes, 0) * PRIMITIVES.length;
}

/**
 * Index of a mixing weight (and of its alpha): type, then edge, then operation.
 *
 * @param space The space.
 * @param type Type of cell.
 * @param edge Position of the edge in the list of {@linkcode listEdges}.
 * @param operation Position of the operation in {@linkcode PRIMITIVES}.
 * @returns The index, from 0.
 */
export function mixingIndex(space: DartsSpace, type: CellType, edge: number, operation: number): number {
  return (CELL_TYPES.indexOf(type) * edgeIndex(space.nodes, 0) + edge) * PRIMITIVES.length + operation;
}

/** What one cell of a network looks like from outside. */
export interface CellShape {
  /** Position in the network. */
  readonly index: number;
  /** Kind of cell. */
  readonly type: CellType;
  /** Channels of each of its nodes. */
  readonly channels: number;
  /** Whether the cell before it is a reduction, so that the input before that one is twice as large. */
  readonly afterReduction: boolean;
}

/**
 * Lays the cells of a network out: reductions at a third and at two thirds of its depth double the channels.
 *
 * @param cells Number of cells.
 * @param channels Channels of a node in the first cell.
 * @returns One entry a cell.
 */
export function layCells(cells: number, channels: number): CellShape[] {
  const reductions = [Math.floor(cells / 3), Math.floor(2 * cells / 3)];
  let width = channels;
  return Array.from({ length: cells }, (_, index) => {
    const isReduction = reductions.includes(index);
    if (isReduction) width *= 2;
    return {
      index,
      type: isReduction ? "reduce" : "normal",
      channels: width,
      afterReduction: reductions.includes(index - 1),
    };
  });
}
