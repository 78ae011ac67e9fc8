import { deriveSeed, keyedRandom } from "../../network/mod.ts";
import { EDGES, NODES, type Operation, OPERATIONS } from "./space.ts";

/** An architecture: the operation of each edge, in the order of `EDGES`. */
// An alias, for interfaces are no records, which genotypes are to the rest of the program.
export type NasBench201Genotype = {
  /** Six operations: 1←0, 2←0, 2←1, 3←0, 3←1, 3←2. */
  readonly operations: readonly Operation[];
};

const FORM = "|OP~0|+|OP~0|OP~1|+|OP~0|OP~1|OP~2|";

/**
 * Reads an architecture from text: JSON, or the notation of NAS-Bench-201.
 *
 * @param text Such as `{"operations": ["nor_conv_3x3", …]}` or `|nor_conv_3x3~0|+|none~0|skip_connect~1|+|…|`.
 * @returns The architecture, checked.
 * @throws {SyntaxError} If the text is neither.
 * @throws {TypeError | RangeError} If it is no architecture; says what was found and expected.
 */
export function parseGenotype(text: string): NasBench201Genotype {
  const trimmed = text.trim();
  if (!trimmed.startsWith("{")) return parseNotation(trimmed);
  let value: unknown;
  try {
    value = JSON.parse(trimmed);
  } catch (error) {
    throw new SyntaxError(`Cannot read genotype: ${(error as Error).message}, expected JSON`);
  }
  return checkGenotype(value);
}

function parseNotation(text: string): NasBench201Genotype {
  const nodes = text.split("+").map((node) => /^\|(?:\w+~\d\|)+$/.test(node) ? node.slice(1, -1).split("|") : []);
  const inputs = nodes.map((node) => node.map((input) => input.split("~") as [string, string]));
  const isComplete = nodes.length === NODES - 1 &&
    inputs.every((node, i) => node.length === i + 1 && node.every(([, from], k) => Number(from) === k));
  if (!isComplete) throw new SyntaxError(`Cannot read genotype: found ${show(text)}, expected ${FORM}`);
  return checkGenotype({ operations: inputs.flat().map(([operation]) => operation) });
}

/**
 * Checks an architecture that comes from outside.
 *
 * @param value Any value, such as parsed JSON.
 * @returns The architecture, holding nothing but its operations.
 * @throws {TypeError} If it is of another form; names it, found and expected.
 * @throws {RangeError} If an operation is unknown.
 */
export function checkGenotype(value: unknown): NasBench201Genotype {
  const operations = typeof value === "object" && value !== null && "operations" in value
    ? value.operations
    : undefined;
  if (!Array.isArray(operations) || operations.length !== EDGES.length || Object.keys(value as object).length !== 1) {
    throw new TypeError(
      `Cannot read genotype: found ${show(value)}, expected an object with a list of ${EDGES.length} operations`,
    );
  }
  operations.forEach((operation: unknown, edge) => {
    if ((OPERATIONS as readonly unknown[]).includes(operation)) return;
    throw new RangeError(
      `Cannot read genotype: operations[${edge}] is ${show(operation)}, expected one of ${OPERATIONS.join(", ")}`,
    );
  });
  return { operations: [...operations] };
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/**
 * Writes an architecture in the notation of NAS-Bench-201: the edges of each node, each with the node that it reads.
 *
 * @param genotype The architecture.
 * @returns One line, such as `|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|none~2|`.
 */
export function formatGenotype({ operations }: NasBench201Genotype): string {
  const edgesInto = (node: number) => EDGES.filter((edge) => edge.node === node);
  return Array.from({ length: NODES - 1 }, (_, i) => edgesInto(i + 1))
    .map((edges) => `|${edges.map(({ index, from }) => `${operations[index]}~${from}`).join("|")}|`)
    .join("+");
}

/** Whether two architectures are the same, edge by edge. */
export function equalGenotypes(a: NasBench201Genotype, b: NasBench201Genotype): boolean {
  return String(a.operations) === String(b.operations);
}

/**
 * Draws an architecture uniformly from all 15,625, `none` included.
 *
 * @param seed The same seed gives the same architecture.
 * @returns The architecture.
 */
export function randomGenotype(seed: number): NasBench201Genotype {
  const random = keyedRandom(deriveSeed(seed, "genotype"));
  return { operations: EDGES.map(() => OPERATIONS[random(OPERATIONS.length)]!) };
}
