import { assertEquals, assertRejects } from "@std/assert";
import { settingsOfSource } from "../../../src/pipelines/pareto/options.ts";
import { inTrained } from "../_folder.ts";
import { runSearch, runTransfer } from "../_runs.ts";

Deno.test("settingsOfSource() tells dataset, seed and settings of a search and of a transfer, and refuses other runs", () =>
  inTrained(async ({ folder, data, trained }) => {
    const [found, moved] = [`${folder}/found`, `${folder}/moved`];
    await runSearch(found, { data, seed: 3, images: { splitSeed: 5 } });
    const ofSearch = await settingsOfSource(found) as { transfer: { images: unknown; training: unknown } };
    assertEquals([ofSearch, 1], [{ ...ofSearch, target: data, seed: 3 }, 1]);
    assertEquals([ofSearch.transfer.images, ofSearch.transfer.training], [{ splitSeed: 5 }, {}]);
    await runTransfer(moved, { target: data, source: { name: found, prior: "alpha" }, training: { inherit: "none" } });
    const { target, transfer } = await settingsOfSource(moved) as {
      target: string;
      transfer: { training: { inherit: string; epochs: number }; source: { prior: string } };
    };
    assertEquals([target, transfer.training.inherit, transfer.training.epochs], [data, "none", 1]);
    assertEquals(transfer.source.prior, "alpha");
    await assertRejects(
      () => settingsOfSource(trained),
      Error,
      "it is a run of train, expected a transfer or a search",
    );
  }));
