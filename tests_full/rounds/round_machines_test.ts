import { assertEquals, assertStringIncludes } from "@std/assert";
import { inRounds, referenceRounds, supernetOf } from "../../tests/rounds/_rounds.ts";
import { timeless } from "../../tests/pipelines/_runs.ts";
import { spawnSweep, sweep } from "../../tests/cli/commands/_sweep.ts";
import { commandFor } from "./_command.ts";

Deno.test("pretrain --rounds by processes of its own ends in the bits of one process", () =>
  inRounds(async (folder, data) => {
    const one = await referenceRounds();
    const { code, out, error } = await sweep([...commandFor(`${folder}/many`, data), "--json"], folder);
    assertEquals(code, 0, error);
    const { curve } = JSON.parse(out);
    assertEquals(timeless(curve), timeless(one.curve));
    assertEquals(await supernetOf(`${folder}/many`), one.supernet);
  }));

Deno.test("pretrain --rounds --queue leaves the work to deno task worker, and goes on after an interruption", () =>
  inRounds(async (folder, data) => {
    const one = await referenceRounds();
    const [out, queue] = [`${folder}/many`, `folder:${folder}/queue`];
    const command = [...commandFor(out, data), "--queue", queue, "--json"];
    const first = spawnSweep(command, folder);
    while (!await Deno.stat(`${folder}/queue/jobs`).then(() => true, () => false)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    first.kill("SIGINT");
    assertEquals((await first.output()).code, 130);
    const worker = spawnSweep(["worker", "--queue", queue, "--out", out, "--threads", "1", "--quiet"], folder);
    const { code, error } = await sweep([...command, "--resume"], folder);
    worker.kill("SIGINT");
    assertEquals([code, (await worker.output()).code], [0, 130], error);
    assertEquals(await supernetOf(out), one.supernet);
    assertEquals(JSON.parse(await Deno.readTextFile(`${out}/result.json`)).curve.length, one.curve.length);
  }));

Deno.test("pretrain refuses flags of rounds that do not fit", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const start = ["pretrain", "--data", "uci-digits", "--name", "few", "--out", `${folder}/run`];
    for (
      const [flags, words] of [
        [["--workers", "2"], "--workers needs --rounds"],
        [["--rounds", "2", "--epochs", "2"], "expected one of both"],
        [["--rounds", "2", "--validations", "3", "--queue", `folder:${folder}/q`], "Cannot validate within a round"],
        [["--rounds", "2", "--time-limit", "60s", "--queue", `folder:${folder}/q`], "Cannot limit the time of rounds"],
      ] as const
    ) {
      const { code, error } = await sweep([...start, ...flags], folder);
      assertEquals(code === 0, false);
      assertStringIncludes(error, words);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
