import { assertEquals, assertRejects } from "@std/assert";
import { compare, COMPARE_DEFAULTS, type CompareOptions } from "../../src/compare/mod.ts";
import { type ArmMachines, nameFolders } from "../../src/compare/run_arms.ts";
import { mergeSettings } from "../../src/run/mod.ts";
import { Session } from "../../src/stages/mod.ts";
import { inTwoZoo } from "../pipelines/_zoo.ts";

/** A comparison of two seeds, by other machines or here. */
async function run(out: string, { zoo, data }: { zoo: string; data: string }, machines?: ArmMachines) {
  const transfer = { search: { epochs: 1, batch: 16, patience: 0 }, training: { epochs: 1, batch: 16 } };
  const base: CompareOptions = { ...COMPARE_DEFAULTS, targets: [data] };
  const arms = ["scratch", "selected", "random-genotype"];
  const configuration = mergeSettings(base, { transfer, zoo, seeds: [1, 2], arms });
  const given = { command: "compare", out, configuration, build: "strict", threads: 1 } as const;
  await using session = await Session.start(given);
  return await compare(session, configuration, machines);
}

/** Results without all that depends on the clock. */
function timeless(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, entry) => /seconds/i.test(key) ? undefined : entry));
}

Deno.test("nameFolders() keeps targets of the same name apart", () => {
  assertEquals(nameFolders(["a/Digits", "b/digits/", "mnist"]), ["digits", "digits-2", "mnist"]);
});

Deno.test("machines begin each run as soon as it can be planned; what they cannot make is made here, with the same results", () =>
  inTwoZoo(async ({ folder, ...given }) => {
    const begun: string[] = [];
    const out = `${folder}/many`;
    const machines: ArmMachines = {
      async make(place, { command, options: configuration, work }) {
        begun.push(place.slice("more-digits/".length));
        if (command === "train") return false;
        const own = { command, out: `${out}/${place}`, configuration, build: "strict", threads: 1 } as const;
        await using session = await Session.start(own);
        await work(session);
        return true;
      },
    };
    const many = await run(out, given, machines);
    // Arms from scratch wait for the sizes of the source that was chosen, those of another seed for nothing.
    assertEquals(begun.slice(0, 2), ["selected/seed-1", "selected/seed-2"]);
    assertEquals(
      begun.slice(2).sort(),
      [1, 2].flatMap((seed) => [`random-genotype/seed-${seed}`, `scratch/seed-${seed}`]).sort(),
    );
    assertEquals(timeless(many), timeless(await run(`${folder}/one`, given)));
  }));

Deno.test("a run that machines set aside ends the comparison at once, and is named", () =>
  inTwoZoo(async ({ folder, ...given }) => {
    const machines: ArmMachines = {
      make: (place) => place.endsWith("2") ? Promise.reject(new Error("set aside")) : new Promise(() => {}),
    };
    const { data } = given;
    await assertRejects(() => run(`${folder}/failed`, given, machines), Error, `${data}, selected, seed 2: set aside`);
  }));
