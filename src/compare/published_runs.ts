import type { PublishedAccuracies, PublishedTable } from "../spaces/mod.ts";
import type { SearchRecord } from "../stages/mod.ts";
import type { PairedDifference } from "./result.ts";
import { type Spread, spreadOf } from "./statistics.ts";
import { differenceOf } from "./summary.ts";

/** Datasets of the published table. */
export type PublishedDataset = keyof PublishedAccuracies;

/** A search whose cells are in a published table. */
export interface PublishedRun {
  /** What is compared, such as a method and a prior. */
  readonly group: string;
  /** What pairs it with runs of other groups: the dataset and the seed. */
  readonly pair: string;
  /** Its epochs. */
  readonly history: readonly Pick<SearchRecord, "epoch" | "genotype" | "seconds">[];
}

/** Cells of a group after some epochs. */
export interface PublishedEpoch {
  /** Epochs that have passed; undefined: all. */
  readonly epoch: number | undefined;
  /** Published test accuracy of the cells, in percent. */
  readonly accuracy: Spread;
  /** Percentage points that they lack to the best cell. */
  readonly regret: Spread;
  /** Seconds that have passed. */
  readonly seconds: Spread;
}

/** A group of runs. */
export interface PublishedGroup {
  /** Its name. */
  readonly group: string;
  /** Number of runs. */
  readonly runs: number;
  /** Its cells, in the order of the epochs asked for. */
  readonly epochs: readonly PublishedEpoch[];
}

/** Two groups after the same epochs, pair by pair. */
export interface PublishedPair extends PairedDifference {
  /** The one. */
  readonly group: string;
  /** The other. */
  readonly against: string;
  /** Epochs that have passed; undefined: all. */
  readonly epoch: number | undefined;
}

/**
 * What was published of the cells that searches would have derived after some epochs.
 *
 * @param runs The searches.
 * @param options Table and which dataset's accuracies; epochs after which cells are looked up, undefined for the last one.
 * @returns Groups in the order of their first runs, and every two groups that share pairs: differences of accuracy in points.
 * @throws {RangeError} If a cell is not in the table.
 */
export function summarisePublished(
  runs: readonly PublishedRun[],
  { table, dataset, epochs }: {
    table: PublishedTable;
    dataset: PublishedDataset;
    epochs: readonly (number | undefined)[];
  },
): { groups: PublishedGroup[]; pairs: PublishedPair[] } {
  const names = [...new Set(runs.map(({ group }) => group))];
  const of = (name: string) => runs.filter(({ group }) => group === name);
  const accuracyOf = (run: PublishedRun, epoch: number | undefined) => cellAfter(run, epoch, table)[dataset];
  const groups = names.map((group): PublishedGroup => ({
    group,
    runs: of(group).length,
    epochs: epochs.map((epoch) => {
      const cells = of(group).map((run) => cellAfter(run, epoch, table));
      return {
        epoch,
        accuracy: spreadOf(cells.map((cell) => cell[dataset])),
        regret: spreadOf(cells.map((cell) => table.regret(cell)[dataset])),
        seconds: spreadOf(of(group).map((run) => recordAfter(run, epoch).seconds)),
      };
    }),
  }));
  const couples = names.flatMap((group, i) => names.slice(i + 1).map((against) => ({ group, against })));
  const pairs = couples.flatMap(({ group, against }) =>
    epochs.map((epoch): PublishedPair => {
      const differences = of(group).flatMap((run) => {
        const other = of(against).find(({ pair }) => pair === run.pair);
        return other ? [accuracyOf(run, epoch) - accuracyOf(other, epoch)] : [];
      });
      return { group, against, epoch, ...differenceOf(differences) };
    })
  );
  return { groups, pairs: pairs.filter(({ mean }) => mean !== null) };
}

/** The last record of at most so many epochs; the first one of a run that was not validated before. */
function recordAfter({ history }: PublishedRun, epoch = Infinity) {
  return history.findLast((record) => record.epoch <= epoch) ?? history[0]!;
}

function cellAfter(run: PublishedRun, epoch: number | undefined, table: PublishedTable): PublishedAccuracies {
  const found = table.find(recordAfter(run, epoch).genotype);
  if (found) return found;
  throw new RangeError(`Cannot look up a cell of ${run.group}, ${run.pair}: the table has ${table.size} others`);
}
