import type { Engine } from "../../engine/mod.ts";
import { deriveSeed, type State, type StateTensor } from "../../network/mod.ts";
import { CELL_TYPES, edgeIndex, PRIMITIVES, type Space } from "./space.ts";

const INITIAL_SCALE = 1e-3;

/**
 * Names and shapes of the architecture parameters, as the reference implementation of DARTS calls them.
 *
 * @param space The search space.
 * @returns `alphas_normal` and `alphas_reduce`, each [edges, operations].
 */
export function listAlphaTensors(space: Space): { name: string; shape: readonly number[] }[] {
  return CELL_TYPES.map((type) => ({ name: `alphas_${type}`, shape: [edgeIndex(space.nodes, 0), PRIMITIVES.length] }));
}

/**
 * Draws the architecture parameters with which a search from scratch starts: 0.001 times standard normals.
 *
 * @param engine Draws the normals.
 * @param space The search space.
 * @param seed The user's seed.
 * @returns All tensors of {@linkcode listAlphaTensors}, one after another.
 */
export function initialAlpha(engine: Pick<Engine, "normals">, space: Space, seed: number): Float32Array {
  const count = listAlphaTensors(space).reduce((sum, { shape }) => sum + shape.reduce((total, n) => total * n, 1), 0);
  return engine.normals(count, deriveSeed(seed, "alpha"), 0).map((normal) => INITIAL_SCALE * normal);
}

/**
 * Splits architecture parameters into their named tensors, for a file.
 *
 * @param alpha All tensors, one after another.
 * @param tensors Their names and shapes, such as those of {@linkcode listAlphaTensors}.
 * @returns Copies by name.
 * @throws {RangeError} If the lengths do not add up.
 */
export function splitAlpha(
  alpha: Float32Array,
  tensors: readonly { name: string; shape: readonly number[] }[],
): Map<string, StateTensor> {
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
export function joinAlpha(state: State, tensors: readonly { name: string; shape: readonly number[] }[]): Float32Array {
  const parts = tensors.map(({ name, shape }) => {
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
    return tensor.data;
  });
  const alpha = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let start = 0;
  for (const part of parts) {
    alpha.set(part, start);
    start += part.length;
  }
  return alpha;
}
