import type { ImportListener, ImportSettings, OpenOptions } from "../data/mod.ts";
import type { Build } from "../engine/mod.ts";
import { IMAGE_FLAGS } from "./common_flags.ts";
import type { Values } from "./flag.ts";
import { UsageError } from "./flags.ts";
import { nestValues } from "./setting_paths.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Tells a terminal what happens while pictures become images.
 *
 * @param terminal The terminal.
 * @returns Who is told.
 */
export function listenerOf(terminal: Pick<Terminal, "show" | "say">): ImportListener {
  return {
    onProgress: (progress) => terminal.show({ type: "import", ...progress }),
    onNotice: (line) => terminal.say(line),
  };
}

/**
 * How a dataset is opened by a command that works in no run.
 *
 * @param values Values of {@linkcode IMAGE_FLAGS}, as far as they were given.
 * @param terminal Where to show what happens.
 * @returns Options of `openDataset`.
 */
export function openingFrom(values: Values, terminal: Pick<Terminal, "show" | "say">): OpenOptions {
  const { images } = nestValues({ flags: IMAGE_FLAGS }, { values });
  return { ...listenerOf(terminal), import: images as ImportSettings | undefined, cache: values.cache?.toString() };
}

/** The run that `--from` names. */
export function requireFrom({ from }: Values): string {
  if (from === undefined) throw new UsageError("--from is missing: expected a finished train or transfer run");
  return String(from);
}

/** Build and threads, if given. */
export function engineOptions({ build, threads }: Values): {
  build: Build | undefined;
  threads: number | undefined;
} {
  return { build: build as Build | undefined, threads: threads as number | undefined };
}
