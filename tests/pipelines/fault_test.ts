import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { fileURLToPath } from "node:url";
import { DataError } from "../../src/data/mod.ts";
import { Interrupted } from "../../src/run/mod.ts";
import { launchIn } from "../_launch.ts";
import { inDigits } from "./_folder.ts";
import { runSearch, timeless } from "./_runs.ts";

const pathOf = (script: string) => fileURLToPath(new URL(script, import.meta.url));
const [SCRIPT, SHELL] = [pathOf("./_search_script.ts"), pathOf("../cli/_shell.ts")];

/** A search in a process whose files may not grow beyond so many KiB: writes fail half way as on a full disk. */
async function searchWithin(kibibytes: number, out: string, data: string) {
  const { flags, env } = launchIn();
  const command = [Deno.execPath(), "run", "--no-prompt", "--no-check", "--allow-read", "--allow-write", ...flags];
  const line = `trap "" XFSZ; ulimit -f ${2 * kibibytes}; exec ${command.join(" ")} ${SCRIPT} ${out} ${data}`;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--allow-run=sh", SHELL, line],
    env,
  }).output();
  return { code, error: new TextDecoder().decode(stderr) };
}

Deno.test("search() whose disk is full says so in a line and goes on to the same bits when there is room", () =>
  inDigits(async (folder, data) => {
    const whole = timeless(await runSearch(`${folder}/whole`, { data }));
    const weights = await Deno.readFile(`${folder}/whole/supernet.safetensors`);
    const size = (await Deno.stat(`${folder}/whole/checkpoint.safetensors`)).size / 1024;
    // No room for the history; for the configuration but not for a checkpoint; for half of one; for all but its end.
    for (const kibibytes of [0, 1, size / 2, size - 1]) {
      const out = `${folder}/at-${Math.floor(kibibytes)}`;
      const { code, error } = await searchWithin(Math.floor(kibibytes), out, data);
      assertEquals(code, 1, error);
      assertMatch(
        error,
        /^Cannot [^\n]*(the file grows beyond the limit of the system|no space is left on the disk)\n$/,
      );
      assertEquals(timeless(await runSearch(out, { data }, { resume: true })), whole, `${kibibytes} KiB`);
      assertEquals(await Deno.readFile(`${out}/supernet.safetensors`), weights);
    }
  }));

Deno.test("search() whose dataset is lost loses nothing and goes on when it is there again", () =>
  inDigits(async (folder, data) => {
    const whole = timeless(await runSearch(`${folder}/whole`, { data }));
    const out = `${folder}/run`;
    let looks = 0;
    const interrupt = {
      get requested() {
        return ++looks === 9;
      },
    };
    await assertRejects(() => runSearch(out, { data }, { resume: true, interrupt }), Interrupted);
    const saved = await Deno.readFile(`${out}/checkpoint.safetensors`);
    await Deno.rename(data, `${folder}/lost`);
    await assertRejects(() => runSearch(out, { data }, { resume: true }), DataError, data);
    assertEquals(await Deno.readFile(`${out}/checkpoint.safetensors`), saved);
    await Deno.rename(`${folder}/lost`, data);
    assertEquals(timeless(await runSearch(out, { data }, { resume: true })), whole);
  }));

Deno.test("search() is not resumed with another order of the classes or another augmentation", () =>
  inDigits(async (folder, data) => {
    const out = `${folder}/run`;
    let looks = 0;
    const interrupt = {
      get requested() {
        return ++looks === 9;
      },
    };
    await assertRejects(() => runSearch(out, { data }, { resume: true, interrupt }), Interrupted);
    const text = await Deno.readTextFile(`${data}/info.json`);
    const info = JSON.parse(text);
    const augmentation = { cropPadding: 0, flip: true, cutout: 0 };
    for (const change of [{ augmentation }, { classes: info.classes.toReversed() }]) {
      await Deno.writeTextFile(`${data}/info.json`, JSON.stringify({ ...info, ...change }));
      const resumed = () => runSearch(out, { data }, { resume: true });
      await assertRejects(resumed, RangeError, "expected the same images, labels, class names and augmentation");
    }
    await Deno.writeTextFile(`${data}/info.json`, text);
    await runSearch(out, { data }, { resume: true });
  }));
