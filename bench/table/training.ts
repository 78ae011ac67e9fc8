import type { LaunchMode } from "../../src/engine/mod.ts";
import type { Sizes, Work } from "../workload.ts";
import { pytorchStep, rootstock } from "./processes.ts";
import { type Part, timesAsFast } from "./rows.ts";

/** The supernet of the DARTS paper. */
export const PAPER: Sizes = { channels: 16, cells: 8, batch: 64, image: 32, inputChannels: 3 };
/** The small one of searches here, on grey images. */
export const SMALL: Sizes = { channels: 8, cells: 5, batch: 64, image: 28, inputChannels: 1 };
/** It on colour images. */
export const COLOUR: Sizes = { ...SMALL, image: 32, inputChannels: 3 };

const BUILDS = ["relaxed", "strict"] as const;
/** How launches trust the kernels. */
export const MODES: readonly LaunchMode[] = ["default", "fast"];

/** Times as fast as PyTorch that a supernet's step is to be. */
const SUPERNET_AIMS: Aims = { relaxed: { default: 5, fast: 7.5 }, strict: { default: 4, fast: 6 } };
const DERIVED_AIMS: Aims = { relaxed: { default: 3, fast: 3 }, strict: { default: 3, fast: 3 } };

type Aims = Record<typeof BUILDS[number], Record<LaunchMode, number>>;

/** Training steps of all networks, builds, modes and threads beside PyTorch. */
export const TRAINING_PARTS: readonly Part[] = [2, 1].flatMap((threads) => [
  part("paper", PAPER, { threads, isDerived: false }),
  part("small", SMALL, { threads, isDerived: false }),
  part("colour", COLOUR, { threads, isDerived: false }),
  part("derived", PAPER, { threads, isDerived: true }),
]);

function part(name: string, sizes: Sizes, { threads, isDerived }: { threads: number; isDerived: boolean }): Part {
  const work: Work = { ...sizes, kind: "step", isDerived };
  const { channels, cells, image, inputChannels } = sizes;
  const network = `${
    isDerived ? "derived network" : "supernet"
  } C=${channels}, ${cells} cells, ${image}×${image}×${inputChannels}`;
  const variants = BUILDS.flatMap((build) => MODES.map((mode) => ({ build, mode, name: `${build} ${mode}` })));
  return {
    name: `${name}-${threads}`,
    async measure({ alternate, runs }) {
      const own = variants.map(({ name, build, mode }) => rootstock(name, work, { build, mode, threads }));
      const peers = [pytorchStep(sizes, { threads, isDerived })];
      const outcomes = await alternate([...await Promise.all(own), ...peers], runs);
      const rows = variants.map(({ name, build, mode }) =>
        timesAsFast(outcomes, {
          work: `step, ${network}, ${threads} thread${threads > 1 ? "s" : ""}, ${build}, ${mode}`,
          ours: name,
          peers: peers.map(({ name }) => name),
          factor: (isDerived ? DERIVED_AIMS : SUPERNET_AIMS)[build][mode],
        })
      );
      return { rows, outcomes };
    },
  };
}
