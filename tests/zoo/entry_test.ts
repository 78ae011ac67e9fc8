import { Engine } from "../../src/engine/mod.ts";
import { collectState, initialiseNetwork, type State } from "../../src/network/mod.ts";
import { Supernet } from "../../src/search/mod.ts";
import { buildSupernet } from "../../src/spaces/mod.ts";
import {
  type Card,
  type DatasetSignature,
  decodeSignatures,
  encodeSignatures,
  listZoo,
  openSignatures,
  openZooEntry,
  writeSignatures,
  writeZooEntry,
} from "../../src/zoo/mod.ts";
import { RunError } from "../../src/run/mod.ts";
import { forEachTrap } from "../run/_traps.ts";
import { TINY_SPACE } from "../network/_tiny_task.ts";
import { stripes } from "../transfer/_signatures.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";

const CARD: Omit<Card, "files" | "format" | "space" | "method"> = {
  name: "stripes",
  sources: [{
    name: "stripes",
    classes: ["rows", "columns", "diagonals"],
    origin: "tests/network/_tiny_task.ts",
    licence: "MIT",
    fingerprint: "0".repeat(64),
    mean: [0.3],
    std: [0.1],
  }],
  recipe: { epochs: 2, seed: 1 },
  metrics: { validAccuracy: 0.9 },
};

const engine = await Engine.start({ build: "strict", threads: 1 });
const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 2 });
initialiseNetwork(network, 1);
const STATE: State = collectState(network, { batchesTracked: 3 });
const ALPHA = Float32Array.from({ length: 80 }, (_, i) => Math.sin(i));
const supernetOf = ({ state = STATE, alpha = ALPHA } = {}) => Supernet.of("darts", { space: TINY_SPACE, state, alpha });

async function inZoo(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const write = (folder: string, entry: Partial<Parameters<typeof writeZooEntry>[0]> = {}) =>
  writeZooEntry({ card: CARD, supernet: supernetOf(), ...entry }, folder);

Deno.test("openZooEntry() gives back what writeZooEntry() took, by name and by path", () =>
  inZoo(async (folder) => {
    const card = await write(folder);
    for (const name of ["stripes", join(folder, "stripes")]) {
      const entry = await openZooEntry(name, folder);
      const { space, method, state, alpha } = entry.supernet;
      assertEquals([entry.card, space, method.name, state, alpha], [card, TINY_SPACE, "darts", STATE, ALPHA]);
    }
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["stripes"]);
  }));

Deno.test("listZoo() lists cards by name, and a zoo that is not there as empty", () =>
  inZoo(async (folder) => {
    await write(folder, { card: { ...CARD, name: "b" } });
    await write(folder, { card: { ...CARD, name: "a" } });
    assertEquals((await listZoo(folder)).cards.map(({ name }) => name), ["a", "b"]);
    assertEquals(await listZoo(join(folder, "absent")), { cards: [], problems: [] });
  }));

Deno.test("writeZooEntry() replaces an entry as a whole", () =>
  inZoo(async (folder) => {
    await write(folder);
    await write(folder, { card: { ...CARD, metrics: { validAccuracy: 0.95 } } });
    assertEquals((await listZoo(folder)).cards.map(({ metrics }) => metrics), [{ validAccuracy: 0.95 }]);
  }));

Deno.test("writeZooEntry() refuses what could not be opened, and leaves nothing behind", () =>
  inZoo(async (folder) => {
    const lacking = new Map(STATE);
    lacking.delete("classifier.bias");
    const broken = new Map(STATE);
    broken.set("classifier.bias", { shape: [3], data: Float32Array.of(0, NaN, 0) });
    await assertRejects(
      () => write(folder, { supernet: supernetOf({ state: lacking }) }),
      RangeError,
      "classifier.bias is missing",
    );
    await assertRejects(
      () => write(folder, { supernet: supernetOf({ state: broken }) }),
      RangeError,
      "number 1 of classifier.bias is NaN",
    );
    await assertRejects(
      () => write(folder, { supernet: supernetOf({ alpha: new Float32Array(3) }) }),
      RangeError,
      "found 3 numbers, expected 80",
    );
    await assertRejects(() => write(folder, { card: { ...CARD, name: "../x" } }), RangeError, "Cannot use entry name");
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

Deno.test("openZooEntry() names the file that is missing, cut, changed, or does not fit its card", () =>
  inZoo(async (folder) => {
    const open = () => openZooEntry("stripes", folder);
    const file = join(folder, "stripes", "supernet.safetensors");
    const cardFile = join(folder, "stripes", "card.json");
    await assertRejects(open, Deno.errors.NotFound, "Cannot open zoo entry stripes: there is no folder");
    await Deno.mkdir(join(folder, "stripes"));
    await assertRejects(open, Deno.errors.NotFound, `Cannot read ${cardFile}: found no such file`);
    const card = await write(folder);
    const bytes = await Deno.readFile(file);
    for (let length = 0; length < bytes.length; length += 1024) {
      await Deno.writeFile(file, bytes.subarray(0, length));
      await assertRejects(open, RangeError, `Cannot read ${file}: found ${length} bytes, expected ${bytes.length}`);
    }
    const changed = bytes.slice();
    changed[100]! ^= 1;
    await Deno.writeFile(file, changed);
    await assertRejects(open, RangeError, `Cannot read ${file}: checksum is`);
    await Deno.writeFile(file, bytes);
    const rewrite = (space: object) =>
      Deno.writeTextFile(cardFile, JSON.stringify({ ...card, space: { ...card.space, ...space } }));
    await rewrite({ channels: 5 });
    await assertRejects(
      open,
      RangeError,
      `Cannot read ${file}: stem.0.weight has shape [12, 1, 3, 3], expected [15, 1`,
    );
    await rewrite({ nodes: 3 });
    await assertRejects(open, RangeError, "alphas_normal holds floats of shape [5, 8], expected floats of [9, 8]");
    await rewrite({ cells: 2 });
    await assertRejects(open, RangeError, `Cannot read ${file}: `);
    await Deno.writeTextFile(cardFile, "{");
    await assertRejects(open, SyntaxError, `Cannot read ${cardFile}: `);
    await Deno.remove(file);
    await Deno.writeTextFile(cardFile, JSON.stringify(card));
    await assertRejects(open, Deno.errors.NotFound, `Cannot read ${file}: found no such file`);
  }));

Deno.test("openSignatures() gives back what writeZooEntry() or writeSignatures() took, and nothing where there are none", () =>
  inZoo(async (folder) => {
    await write(folder);
    assertEquals(await openSignatures("stripes", folder), undefined);
    const [first, second] = [[stripes("first")], [stripes("second", { images: 6 })]];
    const card = await writeSignatures("stripes", first, folder);
    assertEquals(Object.keys(card.files), ["supernet.safetensors", "signature.safetensors"]);
    const kept = (signatures: DatasetSignature[]) => decodeSignatures(encodeSignatures(signatures), { file: "x" });
    assertEquals(await openSignatures("stripes", folder), kept(first));
    await write(folder, { signatures: second });
    assertEquals(await openSignatures(join(folder, "stripes")), kept(second));
    assertEquals((await openZooEntry("stripes", folder)).supernet.state, STATE);
    await assertRejects(() => writeSignatures("absent", first, folder), Deno.errors.NotFound, "absent");
  }));

Deno.test("openSignatures() and openZooEntry() name a signature that is missing, cut or changed", () =>
  inZoo(async (folder) => {
    await write(folder, { signatures: [stripes("stripes")] });
    const file = join(folder, "stripes", "signature.safetensors");
    const bytes = await Deno.readFile(file);
    const refuses = async (words: string) => {
      for (
        const open of [() => openSignatures("stripes", folder), () => openZooEntry("stripes", folder)]
      ) {
        await assertRejects(open, Error, `Cannot read ${file}: ${words}`);
      }
    };
    await Deno.writeFile(file, bytes.subarray(0, 100));
    await refuses(`found 100 bytes, expected ${bytes.length}`);
    bytes[bytes.length - 1]! ^= 1;
    await Deno.writeFile(file, bytes);
    await refuses("checksum is");
    await Deno.remove(file);
    await refuses("found no such file");
  }));

Deno.test("listZoo() leaves out what is no entry, with a line for each, and lists the others", () =>
  inZoo(async (folder) => {
    await write(folder);
    await write(folder, { card: { ...CARD, name: "cut" } });
    await write(folder, { card: { ...CARD, name: "copied" } });
    await Deno.rename(join(folder, "copied"), join(folder, "renamed"));
    await Deno.mkdir(join(folder, "notes"));
    await Deno.writeTextFile(join(folder, "cut", "card.json"), "{");
    await Deno.writeTextFile(join(folder, "README"), "a file is nothing to warn of");
    const { cards, problems } = await listZoo(folder);
    assertEquals(cards.map(({ name }) => name), ["stripes"]);
    assertEquals(problems.map((line) => line.replaceAll(folder, "zoo")), [
      "Left out: Cannot read zoo/cut/card.json: it is not JSON: the file is damaged or cut off",
      "Left out: Cannot read zoo/notes/card.json: found no such file, expected that of a zoo entry",
      "Left out: Cannot read zoo/renamed/card.json: name is copied, expected renamed as the folder",
    ]);
  }));

Deno.test("writeSignatures() writes to the folder given, not to that of the card's name", () =>
  inZoo(async (folder) => {
    await write(folder);
    await write(folder, { card: { ...CARD, name: "copied", metrics: { validAccuracy: 0.5 } } });
    const other = await Deno.readFile(join(folder, "stripes", "card.json"));
    // A folder that was copied keeps the name on its card.
    const text = await Deno.readTextFile(join(folder, "copied", "card.json"));
    await Deno.writeTextFile(join(folder, "copied", "card.json"), text.replace('"copied"', '"stripes"'));
    for (const name of ["copied", join(folder, "copied"), `${folder}/copied/`]) {
      await writeSignatures(name, [stripes("first")], folder);
      assertEquals(await Deno.readFile(join(folder, "stripes", "card.json")), other);
      assertEquals((await openSignatures(name, folder))?.length, 1);
    }
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["copied", "stripes"]);
  }));

Deno.test("a card cannot lead out of its folder", () =>
  inZoo(async (folder) => {
    const card = await write(folder);
    const file = card.files["supernet.safetensors"]!;
    for (const name of ["../secret", "/etc/passwd", "..", ".hidden", "a/b", ""]) {
      const files = { ...card.files, [name]: file };
      await Deno.writeTextFile(join(folder, "stripes", "card.json"), JSON.stringify({ ...card, files }));
      await assertRejects(() => openZooEntry("stripes", folder), TypeError, "a name of files is");
    }
  }));

Deno.test("openZooEntry() refuses what is no file, at once, and says where an interrupted write left an entry", () =>
  inZoo(async (folder) => {
    await write(folder);
    for (const name of ["card.json", "supernet.safetensors"]) {
      const file = join(folder, "stripes", name);
      const bytes = await Deno.readFile(file);
      await Deno.remove(file);
      await forEachTrap(file, async (word) => {
        await assertRejects(() => openZooEntry("stripes", folder), RunError, word);
      });
      await Deno.writeFile(file, bytes);
    }
    await Deno.rename(join(folder, "stripes"), join(folder, ".stripes-0123-replaced"));
    await assertRejects(
      () => openZooEntry("stripes", folder),
      Deno.errors.NotFound,
      "an interrupted write has left it as .stripes-0123-replaced: rename that to stripes",
    );
  }));
