import { assertEquals, assertRejects } from "@std/assert";
import { openEntryNetwork } from "../../src/zoo/entry_network.ts";
import { zooFolder } from "../../src/zoo/entry.ts";
import { RunError } from "../../src/run/mod.ts";
import { inFolder } from "../run/_folder.ts";

Deno.test("openEntryNetwork() opens the network of a shipped entry, which has no checksum of its own", async () => {
  const { entry, classes, space } = await openEntryNetwork("broad");
  assertEquals([entry, classes.length], ["broad", space.classes]);
});

Deno.test("openEntryNetwork() says of an entry without a network how to add one", () =>
  inFolder(async (folder) => {
    const { network: _, ...card } = JSON.parse(await Deno.readTextFile(`${zooFolder()}/broad/card.json`));
    const { "network.safetensors": __, ...files } = card.files;
    await Deno.mkdir(`${folder}/broad`);
    await Deno.writeTextFile(`${folder}/broad/card.json`, JSON.stringify({ ...card, files }));
    await assertRejects(() => openEntryNetwork("broad", folder), RunError, "zoo derive broad");
  }));
