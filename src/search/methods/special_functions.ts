/** Below this the asymptotic series are entered by their recurrences. */
const ASYMPTOTIC = 12;

/**
 * Logarithm of the gamma function, to about 12 digits: Stirling's series above 12, the recurrence below.
 *
 * @param x A positive number.
 * @returns ln Γ(x).
 */
export function logGamma(x: number): number {
  let [shift, y] = [0, x];
  while (y < ASYMPTOTIC) shift += Math.log(y++);
  const inverse = 1 / (y * y);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / y;
  return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

/**
 * Derivative of {@linkcode logGamma}.
 *
 * @param x A positive number.
 * @returns ψ(x).
 */
export function digamma(x: number): number {
  let [shift, y] = [0, x];
  while (y < ASYMPTOTIC) shift += 1 / y++;
  const inverse = 1 / (y * y);
  return Math.log(y) - 0.5 / y - inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse / 240))) - shift;
}

/**
 * Derivative of {@linkcode digamma}.
 *
 * @param x A positive number.
 * @returns ψ′(x).
 */
export function trigamma(x: number): number {
  let [shift, y] = [0, x];
  while (y < ASYMPTOTIC) shift += 1 / (y * y++);
  const inverse = 1 / (y * y);
  const series = inverse * (1 / 6 - inverse * (1 / 30 - inverse * (1 / 42 - inverse / 30)));
  return (1 + 0.5 / y + series) / y + shift;
}
