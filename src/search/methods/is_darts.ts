import { groupsOf, pruneSpace, type Space, spaceKind } from "../../spaces/mod.ts";
import { createDarts } from "./darts.ts";
import type { EpochEnd, MethodRow, MixingDraw, SearchMethod } from "./method.ts";
import { type Row, rowsOf, setsOfSums } from "./rows.ts";
import { softmaxSets } from "./softmax.ts";

/** Candidates go by what they put out; nothing descends but the weights, in a supernet that becomes smaller. */
export const IS_DARTS: MethodRow = {
  name: "is-darts",
  title: "IS-DARTS",
  description: "weights alone learn; near the end, of each place the candidates go whose outputs tell least apart",
  paper:
    "He et al., IS-DARTS: Stabilizing DARTS through Precise Measurement on Candidate Importance, AAAI 2024, arXiv 2312.12648",
  settings: { weightDecay: 5e-4 },
  // The images that are left only validate.
  trainPortion: 0.8,
  decidesLate: true,
  create: createIsDarts,
};

/** Epochs between two steps, as a share of all: 2 of the paper's 30 in NAS-Bench-201, 3 of its 50 in DARTS' space. */
const INTERVAL = 1 / 16;
/** Bound of alpha, for candidates whose outputs tell nothing at all. */
const LIMIT = 60;

/**
 * The method of IS-DARTS: every candidate has the same share 1 / (number of operations) in its mixture, from the beginning to the end,
 * and the weights learn alone. At the end of some of the last epochs, one of which is left afterwards, the outputs of all candidates are
 * measured on the images of the weights, and each place gives up its least important one.
 *
 * Alpha is minus the logarithm of the measured metric, so that its softmax is the share by which a candidate is the less doubtful; before
 * the first measurement it is what the search began with. In DARTS' space the paper lets all candidates of a node compete; here each
 * place gives up its own, for two edges of a node are to stay.
 *
 * Source: the authors' code base (HY-HE/IS-DARTS: `ISDARTS.py`, `shrink_metric.py`), which uses Nesterov's momentum; the momentum here is
 * that of all methods.
 *
 * @param space The search space.
 * @returns The method; it has no state, for how far it has come is seen in its space.
 */
export function createIsDarts(space: Space): SearchMethod {
  const groups = groupsOf(space);
  const rows = rowsOf(groups);
  // Over all candidates of a node, so that those of its different places can be compared, too.
  const nodes = setsOfSums(groups.sums).map((places) => places.flatMap((place) => rows[place]!.held));
  const { mostCandidates } = spaceKind(space.name);
  const due = ({ epochs, planned }: EpochEnd) => {
    const keep = Math.max(1, mostCandidates - stepsDone(epochs, planned, mostCandidates - 1));
    return keep < mostHeld(rows, mostCandidates) ? keep : undefined;
  };
  return {
    ...createDarts(space),
    name: IS_DARTS.name,
    mix: (): MixingDraw => ({ weights: evenShares(rows), gradient: (slopes) => slopes.map(() => 0) }),
    strengths: (alpha) => softmaxSets(alpha, nodes),
    updatesAlpha: () => false,
    measure: (alpha, end, measured) => {
      if (due(end) === undefined) return undefined;
      const found = measured();
      const limited = (value: number) => Math.min(LIMIT, Math.max(-LIMIT, value));
      return alpha.map((value, i) => groups.exists[i] ? limited(-Math.log(found[i]!)) : value);
    },
    shrink: (alpha, end) => {
      const keep = due(end);
      return keep === undefined ? undefined : pruneSpace(end.space, alpha, keep);
    },
    state: () => null,
    restore: () => {},
  };
}

/** Steps of shrinking that are done after some epochs: the last one leaves one epoch, the others lie as far apart as they may. */
function stepsDone(epochs: number, planned: number, steps: number): number {
  const interval = Math.max(1, Math.round(INTERVAL * planned));
  const moments = Array.from({ length: steps }, (_, before) => Math.max(1, planned - 1 - before * interval));
  return moments.filter((moment) => moment <= epochs).length;
}

/** Candidates of the fullest place, as {@linkcode pruneSpace} counts them: of more than those, what every place keeps is not counted. */
function mostHeld(rows: readonly Row[], mostCandidates: number): number {
  return Math.max(...rows.map(({ start, end, held }) => held.length - (end - start - mostCandidates)));
}

/** One share for all candidates that there are, by how many there were. */
function evenShares(rows: readonly Row[]): Float32Array {
  const weights = new Float32Array(rows.at(-1)!.end);
  for (const { start, end, held } of rows) for (const i of held) weights[i] = 1 / (end - start);
  return weights;
}
