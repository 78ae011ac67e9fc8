import type { PublishedAccuracies, PublishedTable, RankedAccuracies } from "../space.ts";
import { formatGenotype, type NasBench201Genotype, parseGenotype } from "./genotype.ts";

/** Columns of the table that are read, by what they say. */
const COLUMNS: Readonly<Record<keyof PublishedAccuracies | "architecture", string>> = {
  cifar10: "CIFAR10TestAccuracy200Epochs",
  cifar100: "CIFAR100TestAccuracy200Epochs",
  imagenet16: "ImageNetTestAccuracy200Epochs",
  architecture: "ArchitectureString",
};

const DATASETS = ["cifar10", "cifar100", "imagenet16"] as const satisfies readonly (keyof PublishedAccuracies)[];

/**
 * The published accuracies of the architectures of NAS-Bench-201.
 *
 * Source of the numbers: Dong et al., NATS-Bench, 2021, means over the trials; of the form: comma-separated values with the
 * columns of v-tao/nats-bench-landscape.
 */
export class NasBench201Table implements PublishedTable<NasBench201Genotype> {
  readonly #rows: ReadonlyMap<string, PublishedAccuracies>;
  /** The best of each dataset, whichever architecture has it. */
  readonly best: PublishedAccuracies;

  private constructor(rows: ReadonlyMap<string, PublishedAccuracies>) {
    this.#rows = rows;
    const all = [...rows.values()];
    const [cifar10, cifar100, imagenet16] = DATASETS.map((name) =>
      all.reduce((most, row) => Math.max(most, row[name]), 0)
    );
    this.best = { cifar10: cifar10!, cifar100: cifar100!, imagenet16: imagenet16! };
  }

  /**
   * Reads a table.
   *
   * @param text Lines of comma-separated values under a head, each ended; columns in any order, others are left aside.
   * @returns The table.
   * @throws {TypeError | RangeError} If it is another file, cut or damaged; names the line, found and expected.
   */
  static parse(text: string): NasBench201Table {
    const lines = text.split(/\r?\n/);
    const head = lines[0]!.split(",");
    const place = (column: keyof typeof COLUMNS) => head.indexOf(COLUMNS[column]);
    const missing = Object.values(COLUMNS).find((column) => !head.includes(column));
    if (missing !== undefined) throw new TypeError(`found no column ${missing}, expected the table of NAS-Bench-201`);
    if (lines.pop() !== "") throw new TypeError(`line ${lines.length + 1} has no end, expected a whole file`);
    if (lines.length === 1) throw new TypeError("found no architecture, expected some");
    const rows = new Map<string, PublishedAccuracies>();
    for (let i = 1; i < lines.length; i++) {
      const fields = lines[i]!.split(",");
      const [cifar10, cifar100, imagenet16] = DATASETS.map((name) => checkAccuracy(fields[place(name)], i + 1));
      const architecture = checkArchitecture(fields[place("architecture")] ?? "", i + 1);
      rows.set(architecture, { cifar10: cifar10!, cifar100: cifar100!, imagenet16: imagenet16! });
    }
    return new NasBench201Table(rows);
  }

  /** Number of architectures; the whole benchmark has 15,625. */
  get size(): number {
    return this.#rows.size;
  }

  /**
   * Finds an architecture.
   *
   * @param genotype The architecture.
   * @returns Its accuracies and rank; undefined if the table does not have it.
   */
  find(genotype: NasBench201Genotype): RankedAccuracies | undefined {
    const found = this.#rows.get(formatGenotype(genotype));
    if (found === undefined) return undefined;
    const better = [...this.#rows.values()].filter(({ cifar10 }) => cifar10 > found.cifar10);
    return { ...found, rank: 1 + better.length };
  }

  /**
   * How far accuracies are below the best of the table.
   *
   * @param found Accuracies of an architecture.
   * @returns Percentage points, 0 for the best, by dataset.
   */
  regret(found: PublishedAccuracies): PublishedAccuracies {
    const [cifar10, cifar100, imagenet16] = DATASETS.map((name) => this.best[name] - found[name]);
    return { cifar10: cifar10!, cifar100: cifar100!, imagenet16: imagenet16! };
  }
}

function checkAccuracy(field: string | undefined, line: number): number {
  const value = field ? Number(field) : NaN;
  if (value >= 0 && value <= 100) return value;
  throw new RangeError(`line ${line} has ${JSON.stringify(field ?? "nothing")}, expected an accuracy in percent`);
}

function checkArchitecture(field: string, line: number): string {
  try {
    return formatGenotype(parseGenotype(field));
  } catch {
    throw new TypeError(`line ${line} has ${JSON.stringify(field.slice(0, 80))}, expected an architecture`);
  }
}
