import type { Command, CommandGroup } from "../command.ts";
import { compareCommand } from "./compare.ts";
import { completionCommandsOf } from "./completion.ts";
import { dataListCommand } from "./data.ts";
import { dataCacheClearCommand, dataCacheListCommand } from "./data_cache.ts";
import { dataFetchCommand } from "./data_fetch.ts";
import { dataImportCommand } from "./data_import.ts";
import { dataInspectCommand } from "./data_inspect.ts";
import { demoCommand } from "./demo.ts";
import { evalCommand } from "./eval.ts";
import { exportCommand } from "./export.ts";
import { nb201LookupCommand, nb201RegretCommand } from "./nb201.ts";
import { methodListCommand } from "./method_list.ts";
import { paretoCommand } from "./pareto.ts";
import { predictCommand } from "./predict.ts";
import { pretrainCommand } from "./pretrain.ts";
import { reportCommand } from "./report.ts";
import { runsListCommand } from "./runs.ts";
import { searchCommand } from "./search.ts";
import { selectCommand } from "./select.ts";
import { traditionalCommand } from "./traditional.ts";
import { SWEEP_COMMANDS } from "./sweep.ts";
import { trainCommand } from "./train.ts";
import { transferCommand } from "./transfer.ts";
import {
  zooDeriveCommand,
  zooFetchCommand,
  zooListCommand,
  zooShowCommand,
  zooSignCommand,
  zooVerifyCommand,
} from "./zoo.ts";
import { workerCommand } from "./worker.ts";

/** All commands, in the order of the help: what a newcomer needs first. */
export const COMMAND_GROUPS: readonly CommandGroup[] = [
  {
    title: "Start here",
    commands: [demoCommand, transferCommand, predictCommand, evalCommand, reportCommand, exportCommand],
  },
  {
    title: "See what there is",
    commands: [
      dataListCommand,
      dataFetchCommand,
      dataInspectCommand,
      dataImportCommand,
      dataCacheListCommand,
      dataCacheClearCommand,
      runsListCommand,
      methodListCommand,
      zooListCommand,
      zooShowCommand,
      zooFetchCommand,
      selectCommand,
      nb201LookupCommand,
      nb201RegretCommand,
    ],
  },
  { title: "Experiment", commands: [searchCommand, trainCommand, traditionalCommand, paretoCommand, compareCommand] },
  { title: "Experiment on many machines", commands: [...SWEEP_COMMANDS, workerCommand] },
  { title: "Make supernets", commands: [pretrainCommand, zooDeriveCommand, zooSignCommand, zooVerifyCommand] },
  { title: "Set up", commands: completionCommandsOf(() => COMMANDS) },
];

/** The same without groups. */
export const COMMANDS: readonly Command[] = COMMAND_GROUPS.flatMap(({ commands }) => commands);
