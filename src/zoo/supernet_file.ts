import { decodeSafetensors, encodeSafetensors, findNotFinite, type TensorLike } from "../formats/mod.ts";
import { asState, isBatchCounter, type State } from "../network/mod.ts";
import type { RunDirectory } from "../run/mod.ts";
import { createMethod, joinAlpha, splitAlpha, Supernet } from "../search/mod.ts";
import { checkSpace, costOfSupernet, type Space } from "../spaces/mod.ts";

/** Name of the file that holds a supernet, its weights, running statistics and alpha: of an entry and of a run. */
export const SUPERNET_FILE = "supernet.safetensors";

const FORMAT = "rootstock-supernet-1";

/** Writes a supernet into a run's folder. */
export async function writeSupernet(run: RunDirectory, supernet: Supernet): Promise<void> {
  await run.writeTensors(SUPERNET_FILE, tensorsOf(supernet), metadataOf(supernet));
}

/**
 * A supernet as the bytes of its file.
 *
 * @param supernet The supernet.
 * @returns The whole file.
 * @throws {RangeError} If a tensor is missing, of another shape, unknown to the space, or not finite.
 */
export function encodeSupernet(supernet: Supernet): Uint8Array {
  const tensors = tensorsOf(supernet);
  checkTensors(tensors, supernet.state, supernet.space);
  return encodeSafetensors(tensors, metadataOf(supernet));
}

/**
 * Reads a supernet from the bytes of its file, and verifies names and shapes of all tensors, and that they are finite.
 *
 * @param bytes The whole file.
 * @param options `file`: its path, for messages. `card`: space and method where a card says them, which counts; entries of
 * earlier versions have them nowhere else.
 * @returns The supernet.
 * @throws {FormatError} If it is no safetensors file.
 * @throws {TypeError | RangeError} If it holds something else; names the tensor or property.
 */
export function decodeSupernet(
  bytes: Uint8Array,
  { file, card }: { file: string; card?: { readonly space: Space; readonly method: string } },
): Supernet {
  return supernetOf(decodeSafetensors(bytes, { file }), card);
}

/** What the tensors and texts of a supernet's file make. */
export function supernetOf(
  { tensors: found, metadata }: {
    tensors: ReadonlyMap<string, TensorLike>;
    metadata: Readonly<Record<string, string>>;
  },
  card?: { readonly space: Space; readonly method: string },
): Supernet {
  const tensors = asState(found);
  const { space, method } = card ??
    { space: checkSpace(parseText("space", metadata.space ?? "null")), method: metadata.method ?? "darts" };
  const { parameters } = createMethod(method, space);
  const isAlpha = new Set(parameters.map(({ name }) => name));
  const state = new Map([...tensors].filter(([name]) => !isAlpha.has(name)));
  const remembered = metadata.methodState === undefined ? undefined : parseText("methodState", metadata.methodState);
  const supernet = Supernet.of(method, { space, alpha: joinAlpha(tensors, parameters), state, remembered });
  checkTensors(tensors, state, space);
  return supernet;
}

function parseText(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError(`${name} is ${JSON.stringify(text.slice(0, 40))}, expected JSON`);
  }
}

function tensorsOf({ state, alpha, method }: Supernet): State {
  return new Map([...state, ...splitAlpha(alpha, method.parameters)]);
}

function metadataOf({ space, method }: Supernet): Record<string, string> {
  const remembered = method.state() ?? undefined;
  return {
    format: FORMAT,
    space: JSON.stringify(space),
    method: method.name,
    ...(remembered !== undefined && { methodState: JSON.stringify(remembered) }),
  };
}

/** Whether all tensors are finite, and the state is that of the space's supernet. */
function checkTensors(tensors: State, state: State, space: Space): void {
  for (const [name, { data }] of tensors) {
    const broken = findNotFinite(data);
    if (broken >= 0) throw new RangeError(`number ${broken} of ${name} is ${data[broken]}, expected a finite number`);
  }
  const known = new Set<string>();
  for (const { name, shape } of costOfSupernet(space).tensors) {
    known.add(name);
    const found = state.get(name);
    if (found === undefined) throw new RangeError(`${name} is missing`);
    if (String(found.shape) !== String(shape)) {
      throw new RangeError(`${name} has shape [${found.shape.join(", ")}], expected [${shape.join(", ")}]`);
    }
  }
  const stranger = [...state.keys()].find((name) => !known.has(name) && !isBatchCounter(name) && !isStatistics(name));
  if (stranger !== undefined) throw new RangeError(`${stranger} is unknown to the space`);
}

function isStatistics(name: string): boolean {
  return name.endsWith(".running_mean") || name.endsWith(".running_var");
}
