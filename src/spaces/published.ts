import type { Genotype } from "./space.ts";
import { spaceKind } from "./table.ts";

/** Test accuracies that were published of networks of an architecture, in percent. */
export interface PublishedAccuracies {
  /** On CIFAR-10. */
  readonly cifar10: number;
  /** On CIFAR-100. */
  readonly cifar100: number;
  /** On ImageNet16-120. */
  readonly imagenet16: number;
}

/** An architecture among all of the table. */
export interface RankedAccuracies extends PublishedAccuracies {
  /** 1 for the best on CIFAR-10; equal ones have the same. */
  readonly rank: number;
}

/** What was published of the architectures of a space. */
export interface PublishedTable<Architecture extends Genotype = Genotype> {
  /** Number of architectures. */
  readonly size: number;
  /**
   * Finds an architecture.
   *
   * @param genotype The architecture.
   * @returns Its accuracies and rank; undefined if the table does not have it.
   */
  find(genotype: Architecture): RankedAccuracies | undefined;
  /**
   * How far accuracies are below the best of the table, whichever architecture has it.
   *
   * @param found Accuracies of an architecture.
   * @returns Percentage points, 0 for the best, by dataset.
   */
  regret(found: PublishedAccuracies): PublishedAccuracies;
}

/**
 * Whether a kind of space has a published table.
 *
 * @param name Its name.
 * @returns Whether {@linkcode parsePublishedTable} can read one.
 */
export function hasPublishedTable(name: string): boolean {
  return spaceKind(name).parsePublishedTable !== undefined;
}

/**
 * Reads what was published of a space's architectures.
 *
 * @param text The table.
 * @param name The kind of space.
 * @returns The table.
 * @throws {TypeError | RangeError} If nothing was published of this space, or the text is another, cut or damaged; one line.
 */
export function parsePublishedTable(text: string, name: string): PublishedTable {
  const kind = spaceKind(name);
  if (kind.parsePublishedTable) return kind.parsePublishedTable(text);
  throw new TypeError(`nothing was published of the space ${name}, expected one with a table`);
}
