import { TINY } from "../../tests/pipelines/_runs.ts";

/** The command line of the pretraining that `referenceRounds` runs. */
export function commandFor(out: string, data: string): string[] {
  const sizes = Object.entries(TINY.sizes).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const others = ["--batch", "8", "--build", "strict", "--threads", "1", "--rounds", "2", "--workers", "2"];
  return ["pretrain", "--data", data, "--name", "few", "--zoo", `${out}-zoo`, "--out", out, ...sizes, ...others];
}
