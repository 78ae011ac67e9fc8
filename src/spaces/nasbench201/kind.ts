import { adaptChannels, describePart } from "../partial_channels.ts";
import type { SpaceKind } from "../space.ts";
import { cellsOfNasBench201 } from "./cells.ts";
import { lowerDerivedNetwork } from "./derived_network.ts";
import {
  checkGenotype,
  equalGenotypes,
  formatGenotype,
  type NasBench201Genotype,
  parseGenotype,
  randomGenotype,
} from "./genotype.ts";
import { groupsOfNasBench201 } from "./groups.ts";
import { layMixing } from "./lay_mixing.ts";
import { nasBench201Places, nasBench201Probes } from "./places.ts";
import { NasBench201Table } from "./published_table.ts";
import { rankCandidates } from "./rank_candidates.ts";
import { sampleNasBench201Path } from "./sample_path.ts";
import { checkNasBench201Space, EDGES, type NasBench201Space, OPERATIONS, SETTINGS } from "./space.ts";
import { lowerSupernet, operationOf } from "./supernet.ts";
import { supernetName } from "./supernet_name.ts";

/** The search space of NAS-Bench-201 (Dong and Yang, 2020, section 2.1): one cell of six edges, five operations each. */
export const NASBENCH201: SpaceKind<NasBench201Space, NasBench201Genotype> = {
  name: "nasbench201",
  description:
    "that of NAS-Bench-201: three stages of one cell with six edges, five operations an edge, 15,625 architectures",
  settings: SETTINGS,
  mostCandidates: OPERATIONS.length,
  stem: () => "stem.0.weight",
  check: checkNasBench201Space,
  describe: ({ name, ...part }) => describePart(name, part),
  whole: ({ candidates: _, channelShare: __, ...sizes }) => sizes,
  adapt: (space, request) => adaptChannels(space, request, checkNasBench201Space),
  prune: (space, strengths, keep) => ({
    ...space,
    candidates: EDGES.map(({ index }) => {
      const kept = rankCandidates(strengths, space, index).slice(0, keep);
      return OPERATIONS.filter((operation) => kept.includes(operation));
    }),
  }),
  groups: groupsOfNasBench201,
  lowerSupernet,
  samplePath: sampleNasBench201Path,
  operationOf,
  // Source: `genotype()` of AutoDL-Projects' `TinyNetworkDarts`: the strongest operation of each edge, `none` like the others.
  derive: (strengths, space) => ({
    operations: EDGES.map(({ index }) => rankCandidates(strengths, space, index)[0]!),
  }),
  probes: nasBench201Probes,
  places: nasBench201Places,
  randomGenotype,
  checkGenotype,
  parseGenotype,
  formatGenotype,
  equalGenotypes,
  cells: cellsOfNasBench201,
  parsePublishedTable: NasBench201Table.parse,
  lowerDerivedNetwork,
  supernetName,
  layMixing,
};
