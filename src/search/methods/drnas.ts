import { groupsOf, pruneSpace, type Space, spaceKind } from "../../spaces/mod.ts";
import { createDarts } from "./darts.ts";
import { dirichletBackward, divergenceFromEven, sampleDirichlet } from "./dirichlet.ts";
import type { DrawContext, EpochEnd, MethodRow, MixingDraw, Regularisation, SearchMethod } from "./method.ts";
import { uniformNoise } from "./noise.ts";
import { type Row, rowsOf } from "./rows.ts";

/** Mixing weights are drawn from a Dirichlet distribution that alpha shapes; half-way the weaker candidates go. */
export const DRNAS: MethodRow = {
  name: "drnas",
  title: "DrNAS",
  description: "draws mixing weights from a Dirichlet distribution that alpha shapes; half-way weak candidates go",
  paper: "Chen et al., DrNAS: Dirichlet Neural Architecture Search, ICLR 2021, arXiv 2006.10355",
  // The divergence takes the place of Adam's decay.
  settings: { alphaWeightDecay: 0 },
  create: createDrnas,
};

/** Weight of the divergence from the even distribution. */
const ANCHOR = 1e-3;
/** Stages of equal length, between which candidates go. */
const STAGES = 2;
/** Share of a stage in which alpha rests: 10 of the paper's 25 epochs. */
const RESTING = 0.4;

/**
 * The method of DrNAS: p ~ Dirichlet(1 + ELU(alpha)), with the gradient through the draw, and the divergence of that distribution from the
 * even one. In the first two fifths of each of two stages alpha rests; between the stages each place keeps the stronger half of its
 * candidates. It is evaluated with the distribution's mean, and the softmax of alpha is what is derived from, as in the paper's code.
 *
 * @param space The search space.
 * @returns The method; it has no state.
 */
export function createDrnas(space: Space): SearchMethod {
  const groups = groupsOf(space);
  const rows = rowsOf(groups);
  const darts = createDarts(space);
  let stage = 1;
  return {
    ...darts,
    name: DRNAS.name,
    startEpoch: (_, epochs) => void (stage = Math.max(1, epochs / STAGES)),
    updatesAlpha: (epoch) => epoch % stage >= Math.floor(RESTING * stage),
    mix: (alpha, context) => context.purpose === "evaluation" ? meanOf(alpha, rows) : draw(alpha, rows, context),
    regularise: (alpha) => anchor(alpha, rows),
    shrink(alpha, { epochs, planned, space }: EpochEnd) {
      if (epochs !== Math.floor(planned / STAGES)) return undefined;
      return pruneSpace(space, darts.strengths(alpha), Math.ceil(spaceKind(space.name).mostCandidates / 2));
    },
  };
}

/** 1 + ELU(x) of some of alpha, no smaller than what its logarithm stands. */
function concentrationsOf(alpha: Float32Array, held: readonly number[]): number[] {
  return held.map((i) => alpha[i]! > 0 ? 1 + alpha[i]! : Math.max(1e-6, Math.exp(alpha[i]!)));
}

/** Derivative of 1 + ELU(x). */
function slopeOf(x: number): number {
  return x > 0 ? 1 : Math.exp(x);
}

/** A draw from the distribution of each row. */
function draw(alpha: Float32Array, rows: readonly Row[], context: DrawContext): MixingDraw {
  const uniform = uniformNoise(context);
  const weights = new Float32Array(alpha.length);
  const draws = rows.map(({ held }) => {
    const concentrations = concentrationsOf(alpha, held);
    const shares = sampleDirichlet(concentrations, uniform);
    shares.forEach((share, k) => weights[held[k]!] = share);
    return { held, concentrations, shares };
  });
  const gradient = (slopes: Float32Array) => {
    const result = new Float32Array(alpha.length);
    for (const { held, concentrations, shares } of draws) {
      const own = dirichletBackward(shares, concentrations, held.map((i) => slopes[i]!));
      own.forEach((slope, k) => result[held[k]!] = slope * slopeOf(alpha[held[k]!]!));
    }
    return result;
  };
  return { weights, gradient };
}

/** The mean of the distribution of each row. */
function meanOf(alpha: Float32Array, rows: readonly Row[]): MixingDraw {
  const weights = new Float32Array(alpha.length);
  for (const { held } of rows) {
    const concentrations = concentrationsOf(alpha, held);
    const total = concentrations.reduce((sum, concentration) => sum + concentration);
    concentrations.forEach((concentration, k) => weights[held[k]!] = concentration / total);
  }
  return { weights, gradient: (slopes) => slopes.map(() => 0) };
}

/** The divergence of each row's distribution from the even one. */
function anchor(alpha: Float32Array, rows: readonly Row[]): Regularisation {
  const gradient = new Float32Array(alpha.length);
  let loss = 0;
  for (const { held } of rows) {
    const divergence = divergenceFromEven(concentrationsOf(alpha, held));
    loss += ANCHOR * divergence.loss;
    divergence.gradient.forEach((slope, k) => {
      const i = held[k]!;
      gradient[i] = ANCHOR * slope * slopeOf(alpha[i]!);
    });
  }
  return { loss, gradient };
}
