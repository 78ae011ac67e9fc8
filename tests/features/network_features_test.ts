import { assert, assertEquals, assertRejects } from "@std/assert";
import { networkFeatures } from "../../src/features/network_features.ts";
import { Engine } from "../../src/engine/mod.ts";
import { costOfDerivedNetwork, costOfSupernet, fitSpace } from "../../src/spaces/mod.ts";
import { openTask } from "../../src/tasks/mod.ts";
import { NETWORK_FILE, openEntryNetwork, openZooEntry, SUPERNET_FILE, zooFolder } from "../../src/zoo/mod.ts";
import { writeDigits } from "../pipelines/_digits.ts";

const ENTRY = "math-symbols";

/** Writes a zoo whose only entry has no network. */
async function writeZoo(zoo: string): Promise<void> {
  const [from, to] = [`${zooFolder()}/${ENTRY}`, `${zoo}/${ENTRY}`];
  await Deno.mkdir(to, { recursive: true });
  const { network: _, ...card } = JSON.parse(await Deno.readTextFile(`${from}/card.json`));
  const files = { [SUPERNET_FILE]: card.files[SUPERNET_FILE] };
  await Deno.writeTextFile(`${to}/card.json`, JSON.stringify({ ...card, files }));
  await Deno.copyFile(`${from}/${SUPERNET_FILE}`, `${to}/${SUPERNET_FILE}`);
}

Deno.test("networkFeatures() takes those of an entry's network, or of its supernet if it has none", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await writeDigits(`${folder}/digits`);
    await writeZoo(`${folder}/zoo`);
    const engine = await Engine.start({ threads: 1, build: "strict" });
    const task = await openTask(engine, [`${folder}/digits`]);
    const { height, width, classes: { length: classes } } = task;
    const take = (zoo?: string) => networkFeatures(engine, task, { name: ENTRY, zoo });
    const check = (
      { train, test, parameters, macs }: Awaited<ReturnType<typeof take>>,
      cost: { parameters: number; multiplyAdds: number },
    ) => {
      const features = train.length / task.train.count;
      assertEquals(test.length, features * task.test.count);
      assert(train.every(Number.isFinite) && new Set(train).size > task.train.count);
      // The head has a weight and a multiply-add for each feature and class, and a bias a class.
      assertEquals([parameters + (features + 1) * classes, macs! + features * classes], [
        cost.parameters,
        cost.multiplyAdds,
      ]);
    };
    const fit = { height, width, classes };
    const network = await openEntryNetwork(ENTRY);
    assert((await openZooEntry(ENTRY)).card.files[NETWORK_FILE]);
    const ofNetwork = await take();
    check(ofNetwork, costOfDerivedNetwork({ ...network, space: fitSpace(network.space, fit) }));
    assertEquals(await take(), ofNetwork);
    const { supernet } = await openZooEntry(ENTRY);
    check(await take(`${folder}/zoo`), costOfSupernet(fitSpace(supernet.space, fit)));
    await assertRejects(() => networkFeatures(engine, task, { name: "absent" }), Error, "zoo entry absent");
    engine.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
