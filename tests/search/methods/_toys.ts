import { groupsOf, pruneSpace, type Space } from "../../../src/spaces/mod.ts";
import {
  createDarts,
  initialAlpha,
  type MethodRow,
  type SearchMethod,
  softmaxGroups,
  softmaxGroupsBackward,
} from "../../../src/search/mod.ts";

const LISTED = { title: "Toy", paper: "none" };

/** DARTS that leaves every edge its two best candidates after the first epoch, and remembers the epochs that it has begun. */
export const PRUNING: MethodRow = {
  ...LISTED,
  name: "pruning",
  description: "DARTS that prunes after the first epoch",
  create: (space) => {
    const darts = createDarts(space);
    let begun = 0;
    return {
      ...darts,
      name: "pruning",
      startEpoch: (epoch) => void (begun = epoch + 1),
      shrink: (alpha, { epochs, space }) => epochs === 1 ? pruneSpace(space, darts.strengths(alpha), 2) : undefined,
      state: () => ({ begun }),
      restore: (state) => void (begun = (state as { begun: number }).begun),
    };
  },
};

/** DARTS with a second tensor: how much each edge counts among those of its node, as PC-DARTS has it. */
export const BETAS: MethodRow = {
  ...LISTED,
  name: "betas",
  description: "DARTS with edge normalisation",
  settings: { alphaWeightDecay: 0 },
  create: createBetas,
};

/** No alpha at all: every candidate counts alike, and all but a tenth of the images train weights. */
export const SINGLE_LEVEL: MethodRow = {
  ...LISTED,
  name: "single-level",
  description: "weights alone",
  trainPortion: 0.9,
  create: (space) => {
    const groups = groupsOf(space);
    const even = () => softmaxGroups(new Float32Array(groups.exists.length), groups);
    return {
      name: "single-level",
      parameters: [],
      initialAlpha: () => new Float32Array(),
      mix: () => ({ weights: even(), gradient: () => new Float32Array() }),
      strengths: even,
      startEpoch: () => {},
      updatesAlpha: () => false,
      state: () => null,
      restore: () => {},
    };
  },
};

function createBetas(space: Space): SearchMethod {
  const groups = groupsOf(space);
  const { tensors, exists, sums } = groups;
  const parameters = [...tensors, { name: "edge_betas", shape: [sums.length] }];
  const count = exists.length;
  const groupOf = tensors.flatMap(({ shape: [rows, columns] }) => Array<number>(rows).fill(columns))
    .flatMap((columns, group) => Array<number>(columns).fill(group));
  const shares = (betas: Float32Array) => {
    const powers = betas.map(Math.exp);
    return powers.map((power, i) =>
      power / powers.reduce((sum, other, k) => sums[k] === sums[i] ? sum + other : sum, 0)
    );
  };
  const strengths = (alpha: Float32Array) => {
    const edges = shares(alpha.subarray(count));
    return softmaxGroups(alpha.subarray(0, count), groups).map((weight, i) => weight * edges[groupOf[i]!]!);
  };
  return {
    name: "betas",
    parameters,
    initialAlpha: (engine, seed) => initialAlpha(engine, parameters, seed),
    mix: (alpha) => {
      const within = softmaxGroups(alpha.subarray(0, count), groups);
      const edges = shares(alpha.subarray(count));
      const weights = within.map((weight, i) => weight * edges[groupOf[i]!]!);
      const gradient = (dWeights: Float32Array) => {
        const dEdges = new Float32Array(sums.length);
        dWeights.forEach((slope, i) => dEdges[groupOf[i]!]! += slope * within[i]!);
        const result = new Float32Array(alpha.length);
        result.set(softmaxGroupsBackward(within, dWeights.map((slope, i) => slope * edges[groupOf[i]!]!), groups));
        edges.forEach((share, i) => {
          const mean = edges.reduce((sum, other, k) => sums[k] === sums[i] ? sum + other * dEdges[k]! : sum, 0);
          result[count + i] = share * (dEdges[i]! - mean);
        });
        return result;
      };
      return { weights, gradient };
    },
    strengths,
    startEpoch: () => {},
    updatesAlpha: () => true,
    state: () => null,
    restore: () => {},
  };
}
