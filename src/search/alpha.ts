import type { Engine, NamedShape } from "../engine/mod.ts";
import { deriveSeed, type State, type StateTensor } from "../network/mod.ts";

const INITIAL_SCALE = 1e-3;

/**
 * Numbers that tensors of these shapes hold together.
 *
 * @param tensors Names and shapes, such as a method's `parameters`.
 * @returns Sum of the products of the shapes.
 */
export function countAlpha(tensors: readonly NamedShape[]): number {
  return tensors.reduce((sum, { shape }) => sum + shape.reduce((total, n) => total * n, 1), 0);
}

/**
 * Draws the architecture parameters with which a search from scratch starts: 0.001 times standard normals, as in DARTS.
 *
 * @param engine Draws the normals.
 * @param tensors Names and shapes of the parameters.
 * @param seed The user's seed.
 * @returns All tensors, one after another.
 */
export function initialAlpha(
  engine: Pick<Engine, "normals">,
  tensors: readonly NamedShape[],
  seed: number,
): Float32Array {
  return engine.normals(countAlpha(tensors), deriveSeed(seed, "alpha"), 0).map((normal) => INITIAL_SCALE * normal);
}

/**
 * Splits architecture parameters into their named tensors, for a file.
 *
 * @param alpha All tensors, one after another.
 * @param tensors Their names and shapes: a method's `parameters`.
 * @returns Copies by name.
 * @throws {RangeError} If the lengths do not add up.
 */
export function splitAlpha(alpha: Float32Array, tensors: readonly NamedShape[]): Map<string, StateTensor> {
  const parts = new Map<string, StateTensor>();
  let start = 0;
  for (const { name, shape } of tensors) {
    const end = start + shape.reduce((total, n) => total * n, 1);
    parts.set(name, { shape: [...shape], data: alpha.slice(start, end) });
    start = end;
  }
  if (start !== alpha.length) {
    throw new RangeError(`Cannot split alpha: found ${alpha.length} numbers, expected ${start}`);
  }
  return parts;
}

/**
 * Joins named tensors to architecture parameters, the inverse of {@linkcode splitAlpha}.
 *
 * @param state Holds the tensors, among others.
 * @param tensors Names and shapes wanted.
 * @returns All tensors, one after another.
 * @throws {RangeError} If one is missing or of another shape or type.
 */
export function joinAlpha(state: State, tensors: readonly NamedShape[]): Float32Array {
  const alpha = new Float32Array(countAlpha(tensors));
  let start = 0;
  for (const { name, shape } of tensors) {
    const tensor = state.get(name);
    if (tensor === undefined) throw new RangeError(`Cannot read alpha: ${name} is missing`);
    if (!(tensor.data instanceof Float32Array) || String(tensor.shape) !== String(shape)) {
      const kind = tensor.data instanceof Float32Array ? "floats" : "integers";
      throw new RangeError(
        `Cannot read alpha: ${name} holds ${kind} of shape [${tensor.shape.join(", ")}], expected floats of [${
          shape.join(", ")
        }]`,
      );
    }
    alpha.set(tensor.data, start);
    start += tensor.data.length;
  }
  return alpha;
}
