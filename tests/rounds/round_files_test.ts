import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { RoundFiles } from "../../src/rounds/mod.ts";

async function inFolder(test: (files: RoundFiles, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(new RoundFiles(folder), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const STATE = { tensors: new Map([["a", { shape: [2], data: Float32Array.of(1, 2) }]]), progress: { epoch: 3 } };

Deno.test("RoundFiles keep a state, and equal states have one checksum", () =>
  inFolder(async (files) => {
    const { hash, bytes } = await files.write(files.state(0), STATE);
    assertEquals((await Deno.stat(files.state(0))).size, bytes);
    assertEquals((await files.load(files.state(0)))?.hash, hash);
    assertEquals(await files.read(files.state(0)), STATE);
    assertEquals((await files.write(files.part({ round: 0, worker: 1 }, 2), STATE)).hash, hash);
    assertEquals(await files.load(files.state(1)), undefined);
    await assertRejects(() => files.read(files.state(1)), Error, "there is no such file");
  }));

Deno.test("RoundFiles draw a run's name once", () =>
  inFolder(async (files, folder) => {
    const name = await files.name();
    assertMatch(name, /^[0-9a-f]{32}$/);
    assertEquals(await new RoundFiles(folder).name(), name);
  }));

Deno.test("RoundFiles clear the tensors of rounds that are over, and nothing else", () =>
  inFolder(async (files, folder) => {
    const of = (round: number) => [files.state(round), files.part({ round, worker: 12 }, 1), files.outer(round)];
    for (const path of [...of(1), ...of(2), ...of(10)]) await files.write(path, STATE);
    await Deno.writeTextFile(files.decision(1), "{}");
    await files.clear(2);
    const left = await Array.fromAsync(Deno.readDir(`${folder}/rounds`), ({ name }) => `${folder}/rounds/${name}`);
    assertEquals(left.sort(), [...of(2), ...of(10), files.decision(1)].sort());
  }));
