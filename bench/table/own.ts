import { PROFILE_KINDS, type ProfileRow } from "../../src/engine/mod.ts";
import { median } from "../median.ts";
import type { Sizes } from "../workload.ts";
import { rootstock } from "./processes.ts";
import { formatSeconds, type Part, type Row, secondsOf, timesAsLong } from "./rows.ts";
import { PAPER, SMALL } from "./training.ts";

const MEBIBYTE = 2 ** 20;
const BOUND = 768 * MEBIBYTE;
const NETWORKS: Record<string, Sizes> = { paper: PAPER, small: SMALL };

/** What is compared with nothing but ourselves. */
export const OWN_PARTS: readonly Part[] = [
  ...Object.entries(NETWORKS).map(([name, sizes]): Part => ({
    name: `threads-${name}`,
    async measure({ alternate, runs }) {
      const work = { ...sizes, kind: "step" } as const;
      const modes = ["default", "fast"] as const;
      const own = modes.flatMap((mode) =>
        [2, 1].map((threads) => rootstock(`${mode} ${threads}`, work, { threads, mode }))
      );
      const outcomes = await alternate(await Promise.all(own), runs);
      const rows = modes.map((mode) =>
        timesAsLong(outcomes, {
          work: `2 threads over 1, C=${sizes.channels}, ${mode}`,
          longer: `${mode} 1`,
          shorter: `${mode} 2`,
          atLeast: 1.85,
        })
      );
      return { rows, outcomes };
    },
  })),
  ...Object.entries(NETWORKS).map(([name, sizes]): Part => ({
    name: `order-${name}`,
    async measure({ alternate, runs }) {
      const own = ([1, 2] as const).map((order) =>
        rootstock(`order ${order}`, { ...sizes, kind: "bilevel", order }, { threads: 2 })
      );
      const outcomes = await alternate(await Promise.all(own), runs);
      const work = `bilevel step of second order over first, C=${sizes.channels}`;
      return { rows: [timesAsLong(outcomes, { work, longer: "order 2", shorter: "order 1", atMost: 2.7 })], outcomes };
    },
  })),
  {
    name: "memory",
    async measure({ alternate, runs }) {
      const work = { ...PAPER, kind: "step" } as const;
      const own = [
        rootstock("as needed", work, { threads: 2 }),
        rootstock("768M", work, { threads: 2, memoryBytes: BOUND }),
      ];
      const outcomes = await alternate(await Promise.all(own), runs);
      const peak = (name: string, most: number): Row => {
        const bytes = Math.max(0, ...(outcomes[name]?.runs ?? []).map(({ memoryBytes }) => memoryBytes as number));
        const ours = bytes > 0 ? `${(bytes / MEBIBYTE).toFixed(0)} MiB` : `failed: ${outcomes[name]?.absent}`;
        const toReach = `≤ ${most / MEBIBYTE} MiB`;
        return {
          work: `peak wasm memory, C=16, ${name}`,
          ours,
          peer: "",
          toReach,
          isReached: bytes > 0 && bytes <= most,
        };
      };
      const work768 = "time with --memory 768M over without";
      const rows = [
        peak("as needed", 1536 * MEBIBYTE),
        peak("768M", BOUND),
        timesAsLong(outcomes, { work: work768, longer: "768M", shorter: "as needed", atMost: 1.4 }),
      ];
      return { rows, outcomes };
    },
  },
  ...Object.entries(NETWORKS).map(([name, sizes]): Part => ({
    name: `assembly-${name}`,
    async measure({ alternate, runs }) {
      const work = { ...sizes, kind: "step", isAugmented: true } as const;
      const outcomes = await alternate([await rootstock("profiled", work, { threads: 2, isProfiled: true })], runs);
      const shares = (outcomes.profiled?.runs ?? []).map(({ profile }) => assemblyShare(profile as ProfileRow[]));
      const share = median(shares);
      const row = {
        work: `batch assembly and augmentation, share of a step, C=${sizes.channels}`,
        ours: `${(100 * share).toFixed(2)} % of ${formatSeconds(secondsOf(outcomes.profiled) ?? NaN)}`,
        peer: "",
        toReach: "≤ 2 %",
        isReached: share <= 0.02,
      };
      return { rows: [row], outcomes };
    },
  })),
];

function assemblyShare(profile: readonly ProfileRow[]): number {
  const [kind] = PROFILE_KINDS;
  const total = profile.reduce((sum, { seconds }) => sum + seconds, 0);
  return profile.find((row) => row.kind === kind)!.seconds / total;
}
