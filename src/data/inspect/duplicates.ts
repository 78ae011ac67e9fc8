import type { PartName } from "../readers/reader.ts";
import type { NearPair } from "./near_duplicates.ts";

/** An image as it is told apart from others. */
export interface ImageIdentity {
  /** Its part. */
  readonly part: PartName;
  /** Its class. */
  readonly label: number;
  /** Digest of its content; of what cannot be read undefined. */
  readonly digest: string | undefined;
}

/** Images that show the same. */
export interface DuplicateGroup {
  /** `exact`: the same content; `near`: some are resized or encoded anew. */
  readonly kind: "exact" | "near";
  /** Their places, ascending, at least two. */
  readonly images: readonly number[];
  /** Whether one is to be tested on and another is not: what is tested has been learnt. */
  readonly isLeak: boolean;
  /** Whether they have different classes. */
  readonly isConflict: boolean;
}

/**
 * Puts images that show the same into groups: leaks first, then conflicts, then others, larger groups before smaller ones.
 *
 * @param images All images.
 * @param pairs Which of them are near.
 * @returns The groups; each image is in one at most.
 */
export function groupDuplicates(images: readonly ImageIdentity[], pairs: readonly NearPair[]): DuplicateGroup[] {
  const sets = new DisjointSets(images.length);
  const first = new Map<string, number>();
  images.forEach(({ digest }, index) => {
    if (digest === undefined) return;
    const same = first.get(digest);
    if (same === undefined) first.set(digest, index);
    else sets.join(same, index);
  });
  for (const { first, second } of pairs) sets.join(first, second);
  return sets.groups().map((members) => describe(members, images)).sort((a, b) => rank(b) - rank(a));
}

function rank({ isLeak, isConflict, images }: DuplicateGroup): number {
  return (isLeak ? 2 : 0) + (isConflict ? 1 : 0) + 1 - 1 / images.length;
}

function describe(members: readonly number[], images: readonly ImageIdentity[]): DuplicateGroup {
  const all = members.map((index) => images[index]!);
  const different = <T>(values: readonly T[]) => new Set(values).size > 1;
  return {
    kind: different(all.map(({ digest }) => digest)) ? "near" : "exact",
    images: members,
    isLeak: different(all.map(({ part }) => part === "test")),
    isConflict: different(all.map(({ label }) => label)),
  };
}

/** Sets that are joined (Tarjan 1975). */
class DisjointSets {
  readonly #parents: Int32Array;

  constructor(count: number) {
    this.#parents = Int32Array.from({ length: count }, (_, i) => i);
  }

  join(a: number, b: number): void {
    const [first, second] = [this.#root(a), this.#root(b)];
    this.#parents[Math.max(first, second)] = Math.min(first, second);
  }

  /** Sets of more than one, in the order of their first members. */
  groups(): number[][] {
    const members = new Map<number, number[]>();
    this.#parents.forEach((_, index) => {
      const root = this.#root(index);
      if (root !== index) members.set(root, [...members.get(root) ?? [root], index]);
    });
    return [...members.values()].sort((a, b) => a[0]! - b[0]!);
  }

  #root(index: number): number {
    while (this.#parents[index] !== index) {
      this.#parents[index] = this.#parents[this.#parents[index]!]!;
      index = this.#parents[index]!;
    }
    return index;
  }
}
