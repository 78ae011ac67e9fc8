import { assert, assertEquals, assertRejects } from "@std/assert";
import { renderRun } from "../../src/cli/results.ts";
import { evaluate, search, SEARCH_DEFAULTS, type SearchOptions } from "../../src/pipelines/mod.ts";
import { mergeSettings } from "../../src/run/mod.ts";
import { registerMethod } from "../../src/search/mod.ts";
import { formatGenotype, parseGenotype, registerSpace, sizesOf, type Space } from "../../src/spaces/mod.ts";
import { openSupernet } from "../../src/zoo/mod.ts";
import { BETAS } from "../search/methods/_toys.ts";
import { LADDER } from "../spaces/_ladder.ts";
import { inDigits } from "./_folder.ts";
import { runTraining, runTransfer } from "./_runs.ts";
import { startSession } from "../stages/_session.ts";

registerSpace(LADDER);
registerMethod(BETAS);
registerMethod({ ...BETAS, name: "wide", supernet: { isWide: true } });

/** Runs a search of one epoch, at the default sizes of a space. */
async function runSearch(out: string, data: string, { space, method }: { space: string; method: string }) {
  const configuration = mergeSettings<SearchOptions>({ ...SEARCH_DEFAULTS, data }, {
    sizes: { space },
    search: { epochs: 1, batch: 16, method },
  });
  await using session = await startSession("search", out, { configuration });
  return await search(session, configuration);
}

Deno.test("a space and a method that are registered from outside are searched, transferred, trained and reported", () =>
  inDigits(async (folder, data) => {
    const searched = await runSearch(`${folder}/searched`, data, { space: "ladder", method: "betas" });
    assertEquals(sizesOf(searched.space as Space), { channels: 4, steps: 3 });
    const { supernet } = await openSupernet(`${folder}/searched`);
    // Three candidates on each of three steps, and one beta a step.
    assertEquals([supernet.method.name, supernet.alpha.length], ["betas", 9 + 3]);
    assert([...supernet.state.keys()].every((name) => /^(stem|steps|classifier)\./.test(name)));

    const options = { target: data, source: { name: `${folder}/searched` }, search: { method: "betas" } };
    const transferred = await runTransfer(`${folder}/transferred`, options);
    assertEquals((transferred.space as Space).name, "ladder");
    const evaluated = await evaluate({ from: `${folder}/transferred`, batch: 16, build: "strict", threads: 1 });
    assertEquals(evaluated.testAccuracy, transferred.testAccuracy);
    const page = renderRun(transferred, { configuration: {} });
    for (const operation of (transferred.genotype as { steps: string[] }).steps) {
      assert(page.includes(`>${operation}<`));
    }

    const genotype = JSON.stringify(parseGenotype(formatGenotype(transferred.genotype, "ladder"), "ladder"));
    const sizes = { space: "ladder", ...sizesOf(transferred.space as Space) };
    const trained = await runTraining(`${folder}/trained`, { data, architecture: { genotype }, sizes });
    assertEquals([trained.genotype, trained.parameters], [transferred.genotype, transferred.parameters]);
  }));

Deno.test("a method gets the supernet that it asks for, and a line of why not where a space cannot grant it", () =>
  inDigits(async (folder, data) => {
    const plain = await runSearch(`${folder}/plain`, data, { space: "ladder", method: "betas" });
    const wide = await runSearch(`${folder}/wide`, data, { space: "ladder", method: "wide" });
    assertEquals([(plain.space as { isWide?: true }).isWide, (wide.space as { isWide?: true }).isWide], [
      undefined,
      true,
    ]);
    const { state } = (await openSupernet(`${folder}/wide`)).supernet;
    assertEquals(state.get("steps.0.convolution.depthwise.weight")!.shape, [4, 1, 3, 3]);
    await assertRejects(
      () => runSearch(`${folder}/darts`, data, { space: "darts", method: "wide" }),
      RangeError,
      "Cannot build the supernet: space darts has no isWide, which the method asks for",
    );
  }));
