import { deriveSeed, keyedRandom } from "../../network/mod.ts";
import { groupsOf, type Space } from "../../spaces/mod.ts";
import type { MethodRow, SearchMethod, Trials } from "./method.ts";
import { createRandom, drawPath } from "./random.ts";
import { rowsOf } from "./rows.ts";

/** Weights learn in networks drawn evenly; afterwards the fittest of generations of networks is chosen with these weights. */
export const EVOLUTION: MethodRow = {
  name: "evolution",
  title: "Evolution (single path one-shot)",
  description: "trains networks drawn from the supernet, then breeds the one that validates best with its weights",
  paper:
    "Guo et al., Single Path One-Shot Neural Architecture Search with Uniform Sampling, ECCV 2020, arXiv 1904.00420",
  // The images that are left only validate.
  trainPortion: 0.8,
  decidesLate: true,
  create: createEvolution,
};

/** Settings of the paper's section 4. */
const POPULATION = 50;
const GENERATIONS = 20;
const PARENTS = 10;
const CROSSINGS = 25;
const MUTANTS = 25;
const MUTATION = 0.1;

/**
 * The method of single path one-shot search: every step trains one network that is drawn evenly, and when all are done generations are
 * bred: 50 networks each, 25 of them crossed and 25 mutated from the best 10 of all so far. A gene is all that enters one node. As many
 * networks are tried as cost what the training has cost, and at most 20 generations.
 *
 * @param space The search space.
 * @returns The method; it has no state.
 */
export function createEvolution(space: Space): SearchMethod {
  const chosen = createRandom(space);
  return {
    ...chosen,
    name: EVOLUTION.name,
    mix(alpha, context) {
      if (context.purpose !== "weights") return chosen.mix(alpha, context);
      const { seed, epoch, step } = context;
      return chosen.mix(drawPath(space, deriveSeed(seed, `path ${epoch} ${step}`)), context);
    },
    conclude: (alpha, trials) => breed(space, alpha, trials),
  };
}

interface Individual {
  readonly path: Float32Array;
  readonly accuracy: number;
}

/** The network that validates best of all that are tried; of equal ones the first. */
function breed(space: Space, first: Float32Array, { most, seed, accuracyOf }: Trials): Float32Array {
  const random = keyedRandom(deriveSeed(seed, "evolution"));
  const trials = Math.min(most, POPULATION * GENERATIONS);
  const size = Math.min(POPULATION, trials);
  const genes = genesOf(space);
  const known = new Map<string, Individual>();
  const live = (path: Float32Array) => {
    if (!known.has(path.join())) known.set(path.join(), { path, accuracy: accuracyOf(path) });
  };
  const fresh = () => drawPath(space, random(2 ** 32));
  live(first);
  for (let born = 1; born < size; born++) live(fresh());
  for (let generation = 1; generation < Math.floor(trials / size); generation++) {
    const parents = fittest(known).slice(0, PARENTS).map(({ path }) => path);
    const parent = () => parents[random(parents.length)]!;
    const share = size / POPULATION;
    for (let i = 0; i < Math.round(CROSSINGS * share); i++) live(mix(parent(), parent(), genes, () => random(2) === 1));
    for (let i = 0; i < Math.round(MUTANTS * share); i++) {
      live(mix(parent(), fresh(), genes, () => random(2 ** 24) < MUTATION * 2 ** 24));
    }
  }
  return fittest(known)[0]!.path;
}

/** The sort is stable: of equally fit ones the elder comes first. */
function fittest(known: ReadonlyMap<string, Individual>): Individual[] {
  return [...known.values()].toSorted((a, b) => b.accuracy - a.accuracy);
}

/** A network that takes some genes of another. */
function mix(
  own: Float32Array,
  other: Float32Array,
  genes: readonly (readonly number[])[],
  takes: () => boolean,
): Float32Array {
  const child = own.slice();
  for (const gene of genes) {
    if (takes()) { for (const i of gene) child[i] = other[i]!; }
  }
  return child;
}

/** Indices of the candidates that enter each node. */
function genesOf(space: Space): number[][] {
  const groups = groupsOf(space);
  const genes = new Map<number, number[]>();
  rowsOf(groups).forEach(({ held }, row) => {
    const sum = groups.sums[row]!;
    genes.set(sum, [...genes.get(sum) ?? [], ...held]);
  });
  return [...genes.values()];
}
