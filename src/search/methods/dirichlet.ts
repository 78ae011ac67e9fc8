import { digamma, logGamma, trigamma } from "./special_functions.ts";

/** Smallest share that is drawn: its logarithm stays finite. */
const LEAST = 1e-12;

/**
 * Draws shares from a Dirichlet distribution, as gamma variates over their sum.
 *
 * @param concentrations One positive number a share.
 * @param uniform Gives the next number, strictly between 0 and 1.
 * @returns As many positive numbers; they add up to 1.
 */
export function sampleDirichlet(concentrations: readonly number[], uniform: () => number): number[] {
  const logarithms = concentrations.map((concentration) => sampleLogGamma(concentration, uniform));
  const largest = Math.max(...logarithms);
  const variates = logarithms.map((logarithm) => Math.max(Math.exp(logarithm - largest), LEAST));
  const sum = variates.reduce((total, variate) => total + variate);
  return variates.map((variate) => variate / sum);
}

/**
 * Logarithm of a gamma variate of scale 1. Source: Marsaglia and Tsang, A Simple Method for Generating Gamma Variables, 2000; below a
 * shape of 1 a variate of one more times U^(1/shape), in logarithms, for it may be smaller than any float.
 */
function sampleLogGamma(shape: number, uniform: () => number): number {
  if (shape < 1) return sampleLogGamma(shape + 1, uniform) + Math.log(uniform()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  while (true) {
    const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const v = (1 + c * normal) ** 3;
    if (v > 0 && Math.log(uniform()) < normal * normal / 2 + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}

/**
 * Pulls a gradient of a draw back to its concentrations, through the draw (implicit reparameterisation): what
 * `torch.distributions.Dirichlet.rsample` does. With S the sum of all concentrations,
 *
 *     ∂x_k / ∂c_i = d_i · (δ_ik − x_k),    d_i = −(∂F / ∂c_i) / (f · (1 − x_i))
 *
 * where F and f are distribution and density of x_i, Beta(c_i, S − c_i). Source: Jankowiak and Obermeyer, Pathwise Derivatives Beyond
 * the Reparameterization Trick, ICML 2018, section 5.
 *
 * @param shares What was drawn.
 * @param concentrations What it was drawn from.
 * @param slopes Gradient with respect to the shares.
 * @returns Gradient with respect to the concentrations.
 */
export function dirichletBackward(
  shares: readonly number[],
  concentrations: readonly number[],
  slopes: readonly number[],
): number[] {
  const total = concentrations.reduce((sum, concentration) => sum + concentration);
  const mean = shares.reduce((sum, share, i) => sum + share * slopes[i]!, 0);
  return shares.map((share, i) => {
    // Of one share alone there is nothing to move.
    if (shares.length === 1) return 0;
    return betaPathwise(share, concentrations[i]!, total - concentrations[i]!) * (slopes[i]! - mean) / (1 - share);
  });
}

/**
 * How a draw x of Beta(a, b) moves with a while its place in the distribution stays: −(∂F/∂a) / f.
 *
 * F is summed as a power series in x, or in 1 − x where that is smaller, and its derivative term by term.
 */
export function betaPathwise(x: number, a: number, b: number): number {
  return x <= 0.5 ? pathwiseFromBelow(x, a, b) : pathwiseFromAbove(1 - x, a, b);
}

const TERMS = 200;
const PRECISE = 1e-16;

/** F = x^a / B(a, b) · Σ (1 − b)_k / k! · x^k / (a + k), and f = x^(a−1) (1 − x)^(b−1) / B(a, b). */
function pathwiseFromBelow(x: number, a: number, b: number): number {
  let [factor, sum, derivative] = [1, 0, 0];
  for (let k = 0; k < TERMS; k++) {
    const term = factor / (a + k);
    sum += term;
    derivative -= term / (a + k);
    factor *= (1 - b + k) / (k + 1) * x;
    if (Math.abs(factor) < PRECISE * Math.abs(sum)) break;
  }
  const slope = sum * (Math.log(x) - digamma(a) + digamma(a + b)) + derivative;
  return -slope * x * (1 - x) ** (1 - b);
}

/** 1 − F = y^b / B(a, b) · Σ (1 − a)_k / k! · y^k / (b + k) with y = 1 − x. */
function pathwiseFromAbove(y: number, a: number, b: number): number {
  let [factor, factorSlope, sum, derivative] = [1, 0, 0, 0];
  for (let k = 0; k < TERMS; k++) {
    sum += factor / (b + k);
    derivative += factorSlope / (b + k);
    const ratio = y / (k + 1);
    factorSlope = (factorSlope * (1 - a + k) - factor) * ratio;
    factor *= (1 - a + k) * ratio;
    if (Math.abs(factor) + Math.abs(factorSlope) < PRECISE * Math.abs(sum)) break;
  }
  const slope = sum * (digamma(a + b) - digamma(a)) + derivative;
  return slope * y * (1 - y) ** (1 - a);
}

/**
 * Kullback-Leibler divergence of a Dirichlet distribution from the even one, all of whose concentrations are 1.
 *
 * @param concentrations Positive numbers.
 * @returns The divergence, in nats, and its gradient.
 */
export function divergenceFromEven(concentrations: readonly number[]): { loss: number; gradient: number[] } {
  const count = concentrations.length;
  const total = concentrations.reduce((sum, concentration) => sum + concentration);
  const [ofTotal, slopeOfTotal] = [digamma(total), trigamma(total)];
  const constant = logGamma(total) - logGamma(count);
  const loss = concentrations.reduce((sum, c) => sum - logGamma(c) + (c - 1) * (digamma(c) - ofTotal), constant);
  return { loss, gradient: concentrations.map((c) => (c - 1) * trigamma(c) - (total - count) * slopeOfTotal) };
}
