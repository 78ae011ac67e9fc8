import type { Command } from "../command.ts";
import { compareCommand } from "./compare.ts";
import { dataInspectCommand, dataListCommand } from "./data.ts";
import { demoCommand } from "./demo.ts";
import { evalCommand } from "./eval.ts";
import { predictCommand } from "./predict.ts";
import { pretrainCommand } from "./pretrain.ts";
import { reportCommand } from "./report.ts";
import { searchCommand } from "./search.ts";
import { selectCommand } from "./select.ts";
import { traditionalCommand } from "./traditional.ts";
import { trainCommand } from "./train.ts";
import { transferCommand } from "./transfer.ts";
import { zooDeriveCommand, zooListCommand, zooShowCommand, zooSignCommand, zooVerifyCommand } from "./zoo.ts";

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  demoCommand,
  selectCommand,
  transferCommand,
  traditionalCommand,
  compareCommand,
  pretrainCommand,
  searchCommand,
  trainCommand,
  evalCommand,
  predictCommand,
  reportCommand,
  dataListCommand,
  dataInspectCommand,
  zooListCommand,
  zooShowCommand,
  zooVerifyCommand,
  zooSignCommand,
  zooDeriveCommand,
];
