import { assertEquals, assertRejects } from "@std/assert";
import { fileURLToPath } from "node:url";
import { load } from "../../src/embed/mod.ts";
import { decodeNetwork, encodeNetwork, FormatError } from "../../src/formats/mod.ts";
import { drawWaves, NETWORK } from "./_pictures.ts";

const bytes = await Deno.readFile(NETWORK);

Deno.test("load() takes bytes and buffers, and knows classes and shape", async () => {
  for (const given of [bytes, bytes.buffer]) {
    const model = await load(given);
    assertEquals(model.classes.length, 20);
    assertEquals(model.shape, { height: 32, width: 32, channels: 3, fit: "crop" });
    model.free();
  }
});

Deno.test("load() refuses what is cut, of another kind, or does not fit together, in a line", async () => {
  const refuses = (content: Uint8Array, part: string) => assertRejects(() => load(content), FormatError, part);
  await refuses(bytes.subarray(0, 5000), "Cannot read the model: ");
  const network = await decodeNetwork(bytes, { file: "x" });
  const { description, tensors } = network;
  const sealed = await encodeNetwork(network);
  await refuses(sealed.with(sealed.length - 1, 77), "Cannot read the model: its content has checksum");
  const others = new Map([...tensors].filter(([name]) => name !== "stem.0.weight"));
  await refuses(await encodeNetwork({ description, tensors: others }), "stem.0.weight is missing");
  const described = (part: object) => encodeNetwork({ tensors, description: { ...description, ...part } });
  await refuses(await described({ classes: ["one"] }), "are not those of the space");
  await refuses(await described({ mean: [0, 0], std: [1, 1] }), "are not those of the space");
  await refuses(await described({ space: { name: "\u001b[2J" } }), "Cannot read the model: ");
  await refuses(await described({ images: { fit: "stretch" } }), 'found "stretch", expected crop or pad');
});

Deno.test("load() keeps how pictures come to their aspect", async () => {
  const { description, tensors } = await decodeNetwork(bytes, { file: "x" });
  const model = await load(await encodeNetwork({ tensors, description: { ...description, images: { fit: "pad" } } }));
  assertEquals(model.shape.fit, "pad");
  model.free();
});

Deno.test("load() takes a network of colour that learnt from grey images", async () => {
  const { description, tensors } = await decodeNetwork(bytes, { file: "x" });
  const grey = await encodeNetwork({ tensors, description: { ...description, mean: [0.5], std: [0.25] } });
  const model = await load(grey);
  assertEquals(model.shape.channels, 1);
  assertEquals((await model.predict(drawWaves(32, 32))).length, 20);
  model.free();
});

Deno.test("load() and predict() need no permission", async () => {
  const script = fileURLToPath(new URL("./_without_permissions.ts", import.meta.url));
  const args = ["run", "--no-prompt", script];
  const process = new Deno.Command(Deno.execPath(), { args, stdin: "piped", stdout: "piped", stderr: "piped" }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(bytes);
  await writer.close();
  const { stdout, stderr } = await process.output();
  assertEquals(new TextDecoder().decode(stdout), "20 classes\n", new TextDecoder().decode(stderr));
});
