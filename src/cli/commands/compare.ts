import { compare, COMPARE_DEFAULTS, type CompareOptions } from "../../compare/mod.ts";
import { HEADS } from "../../search/mod.ts";
import type { Command } from "../command.ts";
import { type Flags, UsageError } from "../flags.ts";
import { describeComparison } from "../results.ts";
import { runStage, slug } from "../stage.ts";
import { TRANSFER_FLAGS } from "./transfer.ts";

const { seed: _seed, source: _source, ...SHARED_FLAGS } = TRANSFER_FLAGS;

const SEED = { from: 0, to: 2 ** 32 - 1 };

const FLAGS: Flags = {
  target: { kind: "text", value: "T[,T2…]", help: "datasets: embedded ones, or folders of IDX files" },
  arms: {
    kind: "text",
    value: "A[,B…]",
    help:
      "some of scratch, selected, selected-single, multi, random, from-NAME, traditional, traditional-single, traditional-head, random-genotype: see the README",
    default: "all that can be run",
  },
  sources: {
    kind: "text",
    value: "S[,S2…]",
    help:
      "where the transfer arms start: auto (arm selected), single (arm selected-single), multi, random, or entries of the zoo (arms from-NAME)",
    default: COMPARE_DEFAULTS.sources.join(","),
  },
  multi: {
    kind: "text",
    value: "NAME",
    help: "entry of the zoo pretrained on several datasets",
    default: "that of most datasets",
  },
  seeds: {
    kind: "text",
    value: "N[,M…]",
    help: "each target and arm is run with each of them",
    default: COMPARE_DEFAULTS.seeds.join(","),
  },
  "sizes-of": {
    kind: "text",
    value: "NAME",
    help: "entry of the zoo whose sizes scratch and random-genotype take",
    default: "the one that selected chose",
  },
  "scratch-epochs": {
    kind: "integer",
    from: 1,
    to: 10_000,
    help: "epochs of the search from scratch",
    default: "those of --epochs",
  },
  "scratch-learning-rate": {
    kind: "number",
    from: 0,
    to: 10,
    help: "first learning rate of the search from scratch",
    default: COMPARE_DEFAULTS.scratchLearningRate,
  },
  "scratch-head": {
    kind: "choice",
    of: [...HEADS],
    help: "the head in the search from scratch",
    default: COMPARE_DEFAULTS.scratchHead,
  },
  "traditional-learning-rate": {
    kind: "number",
    from: 0,
    to: 10,
    help: "first learning rate of traditional transfer",
    default: COMPARE_DEFAULTS.traditionalLearningRate,
  },
  ...SHARED_FLAGS,
  out: { ...SHARED_FLAGS.out!, default: "runs/compare-TARGETS" },
};

/** `compare`: all arms under equal budgets. */
export const compareCommand: Command = {
  name: "compare",
  summary: "Compares supernet transfer with search from scratch and with traditional transfer, under equal budgets.",
  flags: FLAGS,
  async run(invocation) {
    const { target } = invocation.values;
    const { targets: _targets, seeds, sources, ...defaults } = { ...COMPARE_DEFAULTS, targets: [] };
    const { result, out } = await runStage(invocation, {
      command: "compare",
      defaults: { ...defaults, seeds: seeds.join(","), sources: sources.join(",") },
      required: { target: "names or folders of datasets" },
      subject: target?.toString(),
      ...(target !== undefined && {
        folder: `runs/compare-${readList("target", String(target)).map(slug).join("-").slice(0, 80)}`,
      }),
      work: (session, configuration: Readonly<Record<string, unknown>>) =>
        compare(session, readCompareOptions(configuration)),
    });
    invocation.terminal.answer(result, () => `${describeComparison(result)}\nReport: ${out}/report.html`);
  },
};

/**
 * Reads the lists among the settings of a comparison.
 *
 * @param configuration Settings by the camelCase name of their flag.
 * @returns Options of the pipeline.
 * @throws {UsageError} If a list is empty, names something twice, or a seed is no number.
 */
export function readCompareOptions(configuration: Readonly<Record<string, unknown>>): CompareOptions {
  const { target, seeds, sources, arms, ...others } = configuration;
  return {
    ...others as unknown as CompareOptions,
    targets: readList("target", String(target)),
    seeds: readList("seeds", String(seeds)).map((text) => {
      const seed = /^\d+$/.test(text) ? Number(text) : NaN;
      if (seed >= SEED.from && seed <= SEED.to) return seed;
      throw new UsageError(`--seeds holds ${JSON.stringify(text)}: expected whole numbers from 0 to ${SEED.to}`);
    }),
    sources: readList("sources", String(sources)),
    ...(arms !== undefined && { arms: readList("arms", String(arms)) }),
  };
}

function readList(flag: string, text: string): string[] {
  const items = text.split(",").map((item) => item.trim());
  if (items.some((item) => item === "")) {
    throw new UsageError(`--${flag} is ${JSON.stringify(text)}: expected names with single commas between them`);
  }
  const twice = items.find((item, i) => items.indexOf(item) !== i);
  if (twice === undefined) return items;
  throw new UsageError(`--${flag} names ${twice} twice: expected each once`);
}
