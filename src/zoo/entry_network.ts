import { costOfDerivedNetwork } from "../spaces/mod.ts";
import { RunError } from "../run/mod.ts";
import { NETWORK_FILE, readEntryFile } from "./entry.ts";
import { decodeModel, type Model } from "./model_file.ts";

/**
 * Opens the derived, trained network of a zoo entry and verifies it: checksum, names and shapes of all tensors, finite
 * numbers.
 *
 * @param nameOrPath Name of an entry, or path of its folder.
 * @param folder The zoo; that of the project if left out.
 * @returns The network, and the name of the entry.
 * @throws {Error} If there is no such entry, it has no network, or it is damaged; one line.
 */
export async function openEntryNetwork(nameOrPath: string, folder?: string): Promise<Model & { entry: string }> {
  const { card, path, bytes } = await readEntryFile(nameOrPath, NETWORK_FILE, folder);
  if (bytes === undefined) {
    throw new RunError(
      `Cannot take the network of ${card.name}: it has none, add one with: deno task rootstock zoo derive ${card.name}`,
    );
  }
  return { ...checkModel(decodeModel(bytes, { file: path }), path), entry: card.name };
}

/**
 * Checks that the weights of a network are those of its architecture, and finite.
 *
 * @param model The network.
 * @param file Its file, for messages.
 * @returns The network.
 * @throws {RunError} If they are not; names the tensor.
 */
export function checkModel(model: Model, file: string): Model {
  const { space, genotype, state } = model;
  const fail = (text: string) => new RunError(`Cannot read ${file}: ${text}`);
  for (const { name, shape } of costOf()) {
    const found = state.get(name);
    if (found === undefined) throw fail(`${name} is missing`);
    if (String(found.shape) === String(shape)) continue;
    throw fail(`${name} has shape [${found.shape.join(", ")}], expected [${shape.join(", ")}]`);
  }
  for (const [name, { data }] of state) {
    const broken = data instanceof Float32Array ? data.findIndex((value) => !Number.isFinite(value)) : -1;
    if (broken >= 0) throw fail(`number ${broken} of ${name} is ${data[broken]}, expected a finite number`);
  }
  return model;

  function costOf() {
    try {
      return costOfDerivedNetwork({ space, genotype }).tensors;
    } catch (cause) {
      throw new RunError(`Cannot read ${file}: ${(cause as Error).message}`, { cause });
    }
  }
}
