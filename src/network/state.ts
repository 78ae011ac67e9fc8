import type { Network } from "../engine/mod.ts";

/** A tensor of a state: dimensions, outermost first, and its numbers in row-major order. */
export interface StateTensor {
  /** Dimensions; none for a scalar. */
  readonly shape: readonly number[];
  /** Numbers: 32-bit floats, but 64-bit integers in the counters of normalisations. */
  readonly data: Float32Array | BigInt64Array;
}

/** Named tensors of a network, with the names and shapes of the reference implementation's state dict. */
export type State = ReadonlyMap<string, StateTensor>;

/** What state handling needs of a network. */
export type StatefulNetwork = Pick<Network, "parameters" | "buffers" | "read" | "write">;

/** What loading a state found. */
export interface LoadReport {
  /** Names loaded. */
  readonly loaded: readonly string[];
  /** Names that the network has, but not the state. */
  readonly missing: readonly string[];
  /** Names that the state has, but not the network. */
  readonly unexpected: readonly string[];
  /** Names whose shape or type differs, with both. */
  readonly mismatched: readonly string[];
  /** Training batches that the running statistics have seen: the largest counter of the state. */
  readonly batchesTracked: number;
}

const COUNTER = ".num_batches_tracked";
const MEAN = ".running_mean";

/** Whether a name is that of the counter which PyTorch keeps beside running statistics. */
export function isBatchCounter(name: string): boolean {
  return name.endsWith(COUNTER);
}

/** Names of the counters that PyTorch keeps beside a network's running statistics. */
export function listBatchCounters(network: Pick<Network, "buffers">): string[] {
  return network.buffers.filter(({ name }) => name.endsWith(MEAN))
    .map(({ name }) => `${name.slice(0, -MEAN.length)}${COUNTER}`);
}

/**
 * Copies the state of a network: weights, running statistics and the counters that PyTorch expects beside them.
 *
 * @param network The network.
 * @param options Number of training batches that the running statistics have seen; 0 if left out.
 * @returns Tensors by state-dict name.
 */
export function collectState(
  network: StatefulNetwork,
  options: { batchesTracked?: number } = {},
): Map<string, StateTensor> {
  const state = new Map<string, StateTensor>();
  for (const { name, shape } of [...network.parameters, ...network.buffers]) {
    state.set(name, { shape: [...shape], data: network.read(name) });
  }
  for (const name of listBatchCounters(network)) {
    state.set(name, { shape: [], data: BigInt64Array.of(BigInt(options.batchesTracked ?? 0)) });
  }
  return state;
}

/**
 * Loads a state into a network. Nothing is written unless all of it fits.
 *
 * @param network The network.
 * @param state Tensors by state-dict name. Counters may be absent.
 * @param options `isPartial`: tensors that the state lacks keep their values in the network.
 * @returns What was found.
 * @throws {RangeError} If names are missing (unless partial) or unexpected, or shapes differ; names the first ones.
 */
export function loadState(network: StatefulNetwork, state: State, options: { isPartial?: boolean } = {}): LoadReport {
  const report = compareState(network, state);
  const { missing, unexpected, mismatched } = report;
  const faults = [
    ...mismatched,
    ...(options.isPartial ? [] : missing.map((name) => `${name} is missing`)),
    ...unexpected.map((name) => `${name} is unknown to the network`),
  ];
  if (faults.length > 0) {
    const others = faults.length > 1 ? ` (and ${faults.length - 1} further differences)` : "";
    throw new RangeError(`Cannot load weights: ${faults[0]}${others}`);
  }
  for (const name of report.loaded) network.write(name, state.get(name)!.data as Float32Array);
  return report;
}

/**
 * Compares a state with what a network holds, without loading it.
 *
 * @param network The network.
 * @param state Tensors by state-dict name.
 * @returns What would be loaded and what stands against it.
 */
export function compareState(network: Pick<Network, "parameters" | "buffers">, state: State): LoadReport {
  const [loaded, missing, mismatched]: [string[], string[], string[]] = [[], [], []];
  const known = new Set(listBatchCounters(network));
  for (const { name, shape } of [...network.parameters, ...network.buffers]) {
    known.add(name);
    const tensor = state.get(name);
    if (tensor === undefined) missing.push(name);
    else if (!(tensor.data instanceof Float32Array)) mismatched.push(`${name} holds integers, expected floats`);
    else if (String(tensor.shape) !== String(shape)) {
      mismatched.push(`${name} has shape [${tensor.shape.join(", ")}], expected [${shape.join(", ")}]`);
    } else if (tensor.data.length !== shape.reduce((total, n) => total * n, 1)) {
      mismatched.push(`${name} holds ${tensor.data.length} numbers, expected those of shape [${shape.join(", ")}]`);
    } else loaded.push(name);
  }
  const unexpected = [...state.keys()].filter((name) => !known.has(name));
  return { loaded, missing, unexpected, mismatched, batchesTracked: countBatches(state) };
}

/**
 * Copies the momentum of every trainable tensor, to continue training from a checkpoint.
 *
 * @param network The network.
 * @returns Tensors by state-dict name.
 */
export function collectMomentum(network: StatefulNetwork): Map<string, StateTensor> {
  return collectSlot(network, "momentum");
}

/**
 * Copies what a slot holds of every trainable tensor.
 *
 * @param network The network.
 * @param slot The slot.
 * @returns Tensors by state-dict name.
 */
export function collectSlot(
  network: Pick<Network, "parameters" | "read">,
  slot: Parameters<Network["read"]>[1],
): Map<string, StateTensor> {
  return new Map(network.parameters.map(({ name, shape }) => [
    name,
    { shape: [...shape], data: network.read(name, slot) },
  ]));
}

/**
 * Restores the momentum that {@linkcode collectMomentum} copied. Nothing is written unless all of it fits.
 *
 * @param network The network.
 * @param momentum Tensors by state-dict name, one for each trainable tensor.
 * @throws {RangeError} If a name is missing or unknown, or a shape differs.
 */
export function loadMomentum(network: StatefulNetwork, momentum: State): void {
  const { missing, unexpected, mismatched } = compareState({ parameters: network.parameters, buffers: [] }, momentum);
  const fault = mismatched[0] ?? missing.map((name) => `${name} is missing`)[0] ??
    unexpected.map((name) => `${name} is unknown to the network`)[0];
  if (fault !== undefined) throw new RangeError(`Cannot load momentum: ${fault}`);
  for (const [name, { data }] of momentum) network.write(name, data as Float32Array, "momentum");
}

function countBatches(state: State): number {
  let most = 0;
  for (const [name, { data }] of state) {
    if (isBatchCounter(name) && data instanceof BigInt64Array) most = Math.max(most, Number(data[0] ?? 0n));
  }
  return most;
}
