import { checkChannelShare, type PartialChannels } from "../partial_channels.ts";
import { checkSizes, type ChoiceSetting, type ImageSizes, type SizeSetting, type Space } from "../space.ts";
import { PLAIN_STEMS, type PlainStem } from "../plain_stem.ts";

/**
 * The candidate operations of an edge, in the order of a row of alpha.
 *
 * Source: Dong and Yang, NAS-Bench-201, 2020, section 2.1; names and order as in AutoDL-Projects' `NAS_BENCH_201`.
 */
export const OPERATIONS = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"] as const;

/** Name of a candidate operation. */
export type Operation = typeof OPERATIONS[number];

/** Nodes of a cell: its input, two inner ones and its output. */
export const NODES = 4;

/** An edge of a cell: from a node (0 and up) to a later one. */
export interface Edge {
  /** Position in the list of edges, hence row of alpha. */
  readonly index: number;
  /** Node read. */
  readonly from: number;
  /** Node written. */
  readonly node: number;
}

/** The edges of a cell in the order of the rows of alpha: by node, then by the node that is read. */
export const EDGES: readonly Edge[] = Array.from({ length: NODES }, (_, node) => node)
  .flatMap((node) => Array.from({ length: node }, (_, from) => ({ from, node })))
  .map((edge, index) => ({ index, ...edge }));

/** The search space of NAS-Bench-201 with its sizes. */
export interface NasBench201Space extends Space, PartialChannels {
  readonly name: "nasbench201";
  /** Channels of the first stage; the second has twice, the third four times as many. */
  readonly channels: number;
  /** Cells of each of the three stages. */
  readonly cellsPerStage: number;
  /** What makes the input of the first cell out of the image. */
  readonly stem: PlainStem;
  /** The candidate operations that each edge holds, if some were pruned away; all of them if left out. */
  readonly candidates?: readonly (readonly Operation[])[] | undefined;
}

/** The sizes that a user may choose, with defaults that a laptop searches in minutes; the paper has 16 channels, 5 cells a stage. */
export const SETTINGS: readonly (
  | SizeSetting & { readonly name: "channels" | "cellsPerStage" }
  | ChoiceSetting & { readonly name: "stem" }
)[] = [
  { name: "channels", from: 1, to: 512, default: 8, help: "channels of the first stage" },
  { name: "cellsPerStage", from: 1, to: 20, default: 1, help: "cells of each of the three stages" },
  {
    name: "stem",
    of: PLAIN_STEMS,
    default: stemFor,
    rule: "by the image's side: cifar below 48, stride2 to 80, stride4 above",
    help: "what the image passes before the first cell; cells work on a map as large as it, or smaller by 2 or 4",
  },
];

function stemFor({ height, width }: Pick<ImageSizes, "height" | "width">): PlainStem {
  const side = Math.sqrt(height * width);
  return side < 48 ? "cifar" : side <= 80 ? "stride2" : "stride4";
}

/**
 * Checks a space of this kind that comes from outside.
 *
 * @param value The space; further properties are ignored.
 * @returns The space, holding nothing but its own properties.
 * @throws {TypeError | RangeError} If a property is missing or out of bounds; names it, its value and what was expected.
 */
export function checkNasBench201Space(value: object): NasBench201Space {
  const space = value as Readonly<Record<string, unknown>>;
  checkSizes(space, SETTINGS);
  const { name, channels, cellsPerStage, stem, classes, inputChannels, height, width } =
    value as unknown as NasBench201Space;
  if (stem === "stride4" && channels < 2) {
    throw new RangeError(`Cannot read space: channels is ${channels}, expected 2 or more with the stride4 stem`);
  }
  const sizes = { name, channels, cellsPerStage, stem, classes, inputChannels, height, width };
  const channelShare = checkChannelShare(space.channelShare, channels);
  const granted = channelShare === undefined ? sizes : { ...sizes, channelShare };
  return space.candidates === undefined ? granted : { ...granted, candidates: checkCandidates(space.candidates) };
}

function checkCandidates(value: unknown): Operation[][] {
  if (!Array.isArray(value) || value.length !== EDGES.length) {
    throw new TypeError(`Cannot read space: candidates is not a list of ${EDGES.length} lists, one an edge`);
  }
  return value.map((list, edge) => {
    const known = OPERATIONS.filter((operation) => Array.isArray(list) && list.includes(operation));
    if (known.length > 0 && known.length === list.length) return known;
    throw new TypeError(
      `Cannot read space: candidates[${edge}] is ${JSON.stringify(list)}, expected distinct operations, at least one`,
    );
  });
}

/** The operations that an edge holds, in their order. */
export function candidatesOf(space: NasBench201Space, edge: number): readonly Operation[] {
  return space.candidates?.[edge] ?? OPERATIONS;
}

/** Index of a mixing weight (and of its alpha): edge, then operation. */
export function mixingIndex(edge: number, operation: Operation): number {
  return edge * OPERATIONS.length + OPERATIONS.indexOf(operation);
}

/** What one part of a network's body looks like from outside. */
export interface CellShape {
  /** Position in the network. */
  readonly index: number;
  /** Whether it is a residual block that halves the map and doubles the channels, not a cell. */
  readonly isReduction: boolean;
  /** Channels of its output. */
  readonly channels: number;
}

/**
 * Lays the body of a network out: three stages of cells, with a residual block of stride 2 before the second and the third.
 *
 * @param space Channels and cells of a stage.
 * @returns One entry a cell or block.
 */
export function layCells(
  { channels, cellsPerStage }: Pick<NasBench201Space, "channels" | "cellsPerStage">,
): CellShape[] {
  return [1, 2, 4].flatMap((times) => {
    const cells = Array.from({ length: cellsPerStage }, () => false);
    return (times === 1 ? cells : [true, ...cells]).map((isReduction) => ({ isReduction, channels: times * channels }));
  }).map((cell, index) => ({ index, ...cell }));
}
