import { deriveSeed, keyedRandom } from "../../network/mod.ts";
import { parsePython, type PythonValue } from "./_python_literal.ts";
import { CELL_TYPES, type CellType, type Primitive, PRIMITIVES } from "./space.ts";

/** One operation of an architecture and the state that it reads. */
export type Gene = readonly [operation: Primitive, from: number];

/**
 * An architecture in the form of the DARTS code base: two genes a node, and the states that make up a cell's output.
 *
 * States 0 and 1 are the outputs of the two cells before, state `2 + i` is node `i`.
 */
// An alias, for interfaces are no records, which genotypes are to the rest of the program.
export type DartsGenotype = {
  /** Genes of the cells that keep the size: entries `2i` and `2i + 1` belong to node `i`. */
  readonly normal: readonly Gene[];
  /** States concatenated into the output of these cells. */
  readonly normal_concat: readonly number[];
  /** Genes of the cells that halve the size. */
  readonly reduce: readonly Gene[];
  /** States concatenated into the output of these cells. */
  readonly reduce_concat: readonly number[];
};

const FIELDS = ["normal", "normal_concat", "reduce", "reduce_concat"] as const;

/**
 * Number of nodes in each cell of an architecture.
 *
 * @param genotype The architecture; both types of cell have as many.
 * @returns The number, two genes each.
 */
export function countNodes(genotype: DartsGenotype): number {
  return genotype.normal.length / 2;
}

/**
 * Genes and concatenated states of one type of cell.
 *
 * @param genotype The architecture.
 * @param type Type of cell.
 * @returns Genes, two a node in the order of the nodes, and the states that are concatenated into the output.
 */
export function genesOf(
  genotype: DartsGenotype,
  type: CellType,
): { genes: readonly Gene[]; concat: readonly number[] } {
  return type === "normal"
    ? { genes: genotype.normal, concat: genotype.normal_concat }
    : { genes: genotype.reduce, concat: genotype.reduce_concat };
}

/**
 * Reads an architecture from text: JSON, or the notation of the DARTS repository, with or without a name before it.
 *
 * @param text Such as `{"normal": [["sep_conv_3x3", 0], …], …}` or
 *   `DARTS_V2 = Genotype(normal=[('sep_conv_3x3', 0), …], normal_concat=range(2, 6), …)`.
 * @returns The architecture, checked.
 * @throws {SyntaxError} If the text is neither; says where and what was expected.
 * @throws {TypeError} If an entry is missing or of the wrong form.
 * @throws {RangeError} If an operation is unknown or a state does not exist yet.
 */
export function parseGenotype(text: string): DartsGenotype {
  if (!text.trimStart().startsWith("{")) return checkGenotype(fromPython(parsePython(text)));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`Cannot read genotype: ${(error as Error).message}, expected JSON`);
  }
  return checkGenotype(value);
}

function fromPython(value: PythonValue): unknown {
  if (typeof value === "object" && "call" in value && value.call === "Genotype") {
    if (value.positional.length === 0) return value.named;
    if (value.positional.length <= FIELDS.length) {
      return { ...value.named, ...Object.fromEntries(value.positional.map((v, i) => [FIELDS[i]!, v])) };
    }
  }
  throw new SyntaxError("Cannot read genotype: found another value, expected Genotype(normal=[…], …)");
}

/**
 * Checks an architecture that comes from outside.
 *
 * @param value Any value, such as parsed JSON.
 * @returns The architecture, holding nothing but its four entries.
 * @throws {TypeError} If an entry is missing or of the wrong form; names it, found and expected.
 * @throws {RangeError} If an operation is unknown, a state does not exist yet, or a state is never used.
 */
export function checkGenotype(value: unknown): DartsGenotype {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(`Cannot read genotype: found ${show(value)}, expected an object with ${FIELDS.join(", ")}`);
  }
  const entries = value as Record<string, unknown>;
  for (const field of Object.keys(entries)) {
    if (!(FIELDS as readonly string[]).includes(field)) {
      throw new TypeError(`Cannot read genotype: found entry ${show(field)}, expected ${FIELDS.join(", ")}`);
    }
  }
  const [normal, reduce] = CELL_TYPES.map((type) => checkGenes(type, entries[type]));
  if (normal!.length !== reduce!.length) {
    throw new RangeError(
      `Cannot read genotype: reduce has ${reduce!.length / 2} nodes, expected ${normal!.length / 2} as in normal`,
    );
  }
  return {
    normal: normal!,
    normal_concat: checkConcat("normal", normal!, entries.normal_concat),
    reduce: reduce!,
    reduce_concat: checkConcat("reduce", reduce!, entries.reduce_concat),
  };
}

function checkGenes(type: CellType, value: unknown): Gene[] {
  if (!Array.isArray(value) || value.length === 0 || value.length % 2 !== 0) {
    const found = Array.isArray(value) ? `${value.length} operations` : show(value);
    throw new TypeError(`Cannot read genotype: ${type} is ${found}, expected a list of two operations a node`);
  }
  const genes = value.map((gene: unknown, k): Gene => {
    if (!Array.isArray(gene) || gene.length !== 2) {
      throw new TypeError(`Cannot read genotype: ${type}[${k}] is ${show(gene)}, expected [operation, state]`);
    }
    const [operation, from] = gene;
    if (!(PRIMITIVES as readonly unknown[]).includes(operation)) {
      throw new RangeError(
        `Cannot read genotype: operation of ${type}[${k}] is ${show(operation)}, expected one of ${
          PRIMITIVES.join(", ")
        }`,
      );
    }
    const last = 1 + Math.floor(k / 2);
    if (!Number.isInteger(from) || from < 0 || from > last) {
      throw new RangeError(
        `Cannot read genotype: state of ${type}[${k}] is ${show(from)}, expected an integer from 0 to ${last}`,
      );
    }
    return [operation as Primitive, from as number];
  });
  for (let node = 0; 2 * node < genes.length; node++) {
    if (genes[2 * node]![0] === "none" && genes[2 * node + 1]![0] === "none") {
      throw new RangeError(`Cannot read genotype: node ${node} of ${type} has none twice, expected an operation`);
    }
  }
  return genes;
}

function checkConcat(type: CellType, genes: readonly Gene[], value: unknown): number[] {
  const states = 2 + genes.length / 2;
  const isState = (state: unknown) => Number.isInteger(state) && (state as number) >= 2 && (state as number) < states;
  if (!Array.isArray(value) || value.length === 0 || !value.every(isState) || new Set(value).size !== value.length) {
    throw new RangeError(
      `Cannot read genotype: ${type}_concat is ${show(value)}, expected different states from 2 to ${states - 1}`,
    );
  }
  for (let state = 0; state < states; state++) {
    const isRead = genes.some(([operation, from]) => from === state && operation !== "none");
    if (!isRead && !value.includes(state)) {
      throw new RangeError(`Cannot read genotype: state ${state} of ${type} is never used, expected a reader`);
    }
  }
  return [...value];
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/**
 * Writes an architecture in the notation of the DARTS repository, to be pasted into its `genotypes.py`.
 *
 * @param genotype The architecture.
 * @returns One line, `Genotype(normal=[('sep_conv_3x3', 0), …], normal_concat=[2, 3, 4, 5], …)`.
 */
export function formatGenotype(genotype: DartsGenotype): string {
  const genes = (list: readonly Gene[]) =>
    `[${list.map(([operation, from]) => `('${operation}', ${from})`).join(", ")}]`;
  const states = (list: readonly number[]) => `[${list.join(", ")}]`;
  return `Genotype(normal=${genes(genotype.normal)}, normal_concat=${states(genotype.normal_concat)}, ` +
    `reduce=${genes(genotype.reduce)}, reduce_concat=${states(genotype.reduce_concat)})`;
}

/**
 * Whether two architectures are the same, whatever the order of the two genes of a node.
 *
 * @param a One, checked.
 * @param b The other, checked.
 * @returns Whether their derived networks are the same.
 */
export function equalGenotypes(a: DartsGenotype, b: DartsGenotype): boolean {
  return canonical(a) === canonical(b);
}

function canonical(genotype: DartsGenotype): string {
  const nodes = (genes: readonly Gene[]) =>
    Array.from({ length: genes.length / 2 }, (_, node) => genes.slice(2 * node, 2 * node + 2).map(String).sort());
  return JSON.stringify([
    nodes(genotype.normal),
    genotype.normal_concat,
    nodes(genotype.reduce),
    genotype.reduce_concat,
  ]);
}

/**
 * Draws an architecture uniformly: two different input states a node, and an operation other than `none` for each.
 *
 * @param seed The same seed gives the same architecture.
 * @param nodes Intermediate nodes of a cell.
 * @returns The architecture; all nodes are concatenated. The two genes of a node are in order of their states.
 */
export function randomGenotype(seed: number, nodes = 4): DartsGenotype {
  const random = keyedRandom(deriveSeed(seed, "genotype"));
  const draw = () => {
    const genes: Gene[] = [];
    for (let node = 0; node < nodes; node++) {
      const first = random(2 + node);
      const second = (first + 1 + random(1 + node)) % (2 + node);
      for (const from of [Math.min(first, second), Math.max(first, second)]) {
        genes.push([PRIMITIVES[1 + random(PRIMITIVES.length - 1)]!, from]);
      }
    }
    return genes;
  };
  const concat = Array.from({ length: nodes }, (_, node) => 2 + node);
  return { normal: draw(), normal_concat: concat, reduce: draw(), reduce_concat: [...concat] };
}
