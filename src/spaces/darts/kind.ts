import { adaptChannels, describePart } from "../partial_channels.ts";
import type { SpaceKind } from "../space.ts";
import { operationOf } from "./candidate_name.ts";
import { cellsOfDarts } from "./cells.ts";
import { deriveGenotype } from "./derive.ts";
import { lowerDerivedNetwork } from "./derived_network.ts";
import {
  checkGenotype,
  type DartsGenotype,
  equalGenotypes,
  formatGenotype,
  parseGenotype,
  randomGenotype,
} from "./genotype.ts";
import { groupsOfDarts } from "./groups.ts";
import { layMixing } from "./lay_mixing.ts";
import { dartsPlaces, dartsProbes } from "./places.ts";
import { pruneDartsSpace } from "./prune.ts";
import { sampleDartsPath } from "./sample_path.ts";
import { checkDartsSpace, type DartsSpace, PRIMITIVES, SETTINGS } from "./space.ts";
import { stemWeight } from "./stem.ts";
import { lowerSupernet } from "./supernet.ts";
import { supernetName } from "./supernet_name.ts";

/** The search space of DARTS (Liu et al., 2019, section 2.1 and 3.1): normal and reduction cells of eight operations. */
export const DARTS: SpaceKind<DartsSpace, DartsGenotype> = {
  name: "darts",
  description: "normal and reduction cells, two edges a node, eight operations (DARTS, arXiv 1806.09055)",
  settings: SETTINGS,
  mostCandidates: PRIMITIVES.length - 1,
  stem: stemWeight,
  check: checkDartsSpace,
  describe: ({ name, candidates, channelShare }) =>
    describePart(name, { channelShare, candidates: candidates && Object.values(candidates).flat() }),
  whole: ({ candidates: _, channelShare: __, ...sizes }) => sizes,
  adapt: (space, request) => adaptChannels(space, request, checkDartsSpace),
  prune: pruneDartsSpace,
  groups: groupsOfDarts,
  lowerSupernet,
  samplePath: sampleDartsPath,
  operationOf,
  derive: deriveGenotype,
  probes: dartsProbes,
  places: dartsPlaces,
  randomGenotype: (seed, { nodes }) => randomGenotype(seed, nodes),
  checkGenotype,
  parseGenotype,
  formatGenotype,
  equalGenotypes,
  cells: cellsOfDarts,
  lowerDerivedNetwork,
  supernetName,
  layMixing,
};
