import { RunDirectory } from "../../src/run/mod.ts";
import { TRANSFER } from "../report/_run_result.ts";

/** Writes a finished run of a transfer into a folder. */
export async function writeFinished(path: string, result: unknown = TRANSFER): Promise<string> {
  const configuration = { target: "uci-digits", seed: 1 };
  await using run = await RunDirectory.open(path, { command: "transfer", configuration, resume: false });
  await run.writeResult(result);
  return path;
}
