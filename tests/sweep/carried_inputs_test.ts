import { assert, assertEquals, assertRejects } from "@std/assert";
import { fetchInputs, sendInputs } from "../../src/sweep/carried_inputs.ts";
import { fingerprintAt } from "../../src/sweep/inputs.ts";
import type { FlagValues } from "../../src/sweep/study.ts";
import type { Trial } from "../../src/sweep/trial.ts";
import { RunError } from "../../src/run/mod.ts";
import { DamagedObject, INPUT_FILES, packFiles } from "../../src/store/mod.ts";
import { writeDigits } from "../pipelines/_digits.ts";
import { storeOf } from "./_store.ts";

const trialOf = (settings: FlagValues, inputs: Record<string, string>): Trial => ({
  id: "t1",
  command: "search",
  settings,
  inputs,
  version: "0",
});

/** A place below runs/data, where inputs travel from and to. */
async function atPlace(test: (place: string) => Promise<void>) {
  const place = `runs/data/test-${crypto.randomUUID().slice(0, 8)}`;
  await Deno.mkdir(place, { recursive: true });
  try {
    await test(place);
  } finally {
    await Deno.remove(place, { recursive: true });
  }
}

Deno.test("a dataset travels to where there is none, and is the same there", () =>
  atPlace(async (place) => {
    const path = `${place}/few`;
    await writeDigits(path);
    const cache = `${place}/cache`;
    const fingerprint = await fingerprintAt("target", path, { cache });
    const trial = trialOf({ target: path }, { [`target ${path}`]: fingerprint, "target uci-digits": fingerprint });
    const objects = new Map<string, Uint8Array<ArrayBuffer>>();
    const store = storeOf(objects);
    const known = new Set<string>();
    for (let i = 0; i < 2; i++) await sendInputs([trial, trial], { store, known, say: () => {} });
    assertEquals([...objects.keys()].map((name) => name.split(".")[0]), [`inputs/${fingerprint}`]);
    const names = async () => (await Array.fromAsync(Deno.readDir(path), ({ name }) => name)).sort();
    const before = await names();
    await Deno.remove(path, { recursive: true });
    await fetchInputs(trial, { store, cache });
    assertEquals(await names(), before);
    assertEquals(await fingerprintAt("target", path, { cache }), fingerprint);
    // What is there is left alone, whatever it is.
    await Deno.remove(path, { recursive: true });
    await Deno.writeTextFile(path, "mine");
    await fetchInputs(trial, { store, cache });
    assertEquals(await Deno.readTextFile(path), "mine");
  }));

Deno.test("what is not what the trial reads does not take its place", () =>
  atPlace(async (place) => {
    const [path, other] = [`${place}/genotype.json`, `${place}/other.json`];
    await Deno.writeTextFile(path, "{}");
    await Deno.writeTextFile(other, "[]");
    const inputs = { [`genotype ${path}`]: await fingerprintAt("genotype", other) };
    const trial = trialOf({ genotype: path }, inputs);
    const objects = new Map<string, Uint8Array<ArrayBuffer>>();
    const send = () => sendInputs([trial], { store: storeOf(objects), say: () => {} });
    await assertRejects(send, RunError, `Cannot send ${path}: it was changed meanwhile`);
    assertEquals(objects.size, 0);
    await Deno.writeTextFile(path, "[]");
    await send();
    await Deno.writeTextFile(path, "{}");
    for (const name of objects.keys()) objects.set(name, await packFiles(place, ["genotype.json"], INPUT_FILES));
    await Deno.remove(path);
    await assertRejects(
      () => fetchInputs(trial, { store: storeOf(objects) }),
      DamagedObject,
      `it is not what trial t1 reads as ${path}`,
    );
    assertEquals(await Array.fromAsync(Deno.readDir(place), ({ name }) => name), ["other.json"]);
  }));

Deno.test("entries of a zoo below runs/zoo travel; nothing leads elsewhere", async () => {
  const asked: string[] = [];
  const store = { ...storeOf(new Map()), get: (name: string) => (asked.push(name), Promise.resolve(undefined)) };
  const hash = "0".repeat(64);
  const fetched = async (key: string, settings: FlagValues = {}, fingerprint = hash) => {
    asked.length = 0;
    await fetchInputs(trialOf(settings, { [key]: fingerprint }), { store });
    return asked.length;
  };
  assertEquals(await fetched("source clothes", { zoo: "runs/zoo" }), 1);
  assertEquals(await fetched("source clothes", { zoo: "./runs/zoo/" }), 1);
  assertEquals(await fetched("zoo", { zoo: "runs/zoo/mine" }), 1);
  assertEquals(await fetched("from runs/zoo/derived"), 1);
  assert(asked[0]!.startsWith(`inputs/${hash}.`));
  for (
    const key of [
      "source clothes",
      "zoo",
      "target few",
      "data /etc/few",
      "data runs/few",
      "data runs/data",
      "data runs/data/",
    ]
  ) assertEquals(await fetched(key), 0, key);
  for (
    const path of [
      "runs/data/../onnxruntime",
      "runs/data/a/../../b",
      "../runs/data/a",
      "runs/zoo/a\\..\\b",
    ]
  ) {
    assertEquals(await fetched(`data ${path}`), 0, path);
  }
  assertEquals(await fetched("data runs/data/few", {}, "../../trials/t1"), 0);
});

/** A zoo of cards below runs/zoo, and trials that read it and its entry `a`. */
async function inZoo(test: (zoo: string, trials: { whole: Trial; single: Trial }) => Promise<void>) {
  const zoo = `runs/zoo/test-${crypto.randomUUID().slice(0, 8)}`;
  try {
    for (const name of ["a", "b"]) {
      await Deno.mkdir(`${zoo}/${name}`, { recursive: true });
      await Deno.writeTextFile(`${zoo}/${name}/card.json`, `"${name}"`);
    }
    const inputs = { zoo: await fingerprintAt("zoo", zoo) };
    const entry = { "source a": await fingerprintAt("source", `${zoo}/a`) };
    await test(zoo, { whole: trialOf({ zoo }, inputs), single: trialOf({ zoo, source: "a" }, entry) });
  } finally {
    await Deno.remove(zoo, { recursive: true });
  }
}

Deno.test("a zoo of which a single entry was fetched before gets the others, a zoo of this machine gets none", () =>
  inZoo(async (zoo, { whole, single }) => {
    const store = storeOf(new Map());
    await sendInputs([whole, single], { store, say: () => {} });
    const names = async () => (await Array.fromAsync(Deno.readDir(zoo), ({ name }) => name)).sort();
    await Deno.remove(zoo, { recursive: true });
    await fetchInputs(single, { store });
    assertEquals(await names(), [".single-entries", "a"]);
    await fetchInputs(whole, { store });
    assertEquals(await names(), ["a", "b"]);
    assertEquals(await fingerprintAt("zoo", zoo), whole.inputs.zoo);
    await Deno.remove(`${zoo}/b`, { recursive: true });
    await fetchInputs(whole, { store });
    assertEquals(await names(), ["a"]);
  }));

Deno.test("no link below runs/data has something written elsewhere", () =>
  atPlace(async (place) => {
    const elsewhere = await Deno.makeTempDir();
    try {
      // Links ask for more than tests may do.
      const code = `Deno.symlinkSync(...${JSON.stringify([elsewhere, `${place}/link`])})`;
      assert((await new Deno.Command(Deno.execPath(), { args: ["eval", code] }).output()).success);
      const path = `${place}/link/genotype.json`;
      await Deno.writeTextFile(path, "{}");
      const trial = trialOf({ genotype: path }, { [`genotype ${path}`]: await fingerprintAt("genotype", path) });
      const store = storeOf(new Map());
      await sendInputs([trial], { store, say: () => {} });
      await Deno.remove(path);
      await fetchInputs(trial, { store });
      assertEquals(await Array.fromAsync(Deno.readDir(elsewhere)), []);
    } finally {
      await Deno.remove(elsewhere, { recursive: true });
    }
  }));

Deno.test("what cannot be written on a full disk is said as such, so that the trial is given back", () =>
  atPlace(async (place) => {
    const path = `${place}/genotype.json`;
    await Deno.writeTextFile(path, "{}");
    const trial = trialOf({ genotype: path }, { [`genotype ${path}`]: await fingerprintAt("genotype", path) });
    const store = storeOf(new Map());
    await sendInputs([trial], { store, say: () => {} });
    await Deno.remove(path);
    const { writeFile } = Deno;
    Deno.writeFile = () => Promise.reject(new Error("No space left on device (os error 28)"));
    try {
      const message = `Cannot fetch ${path}: no space is left on the disk`;
      await assertRejects(() => fetchInputs(trial, { store }), RunError, message);
    } finally {
      Deno.writeFile = writeFile;
    }
  }));
