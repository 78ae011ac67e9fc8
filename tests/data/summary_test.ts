import { assert, assertEquals } from "@std/assert";
import { embeddedNames, inspectDataset, listDatasets, openDataset } from "../../src/data/mod.ts";

Deno.test("listDatasets() says of each embedded dataset what opening it confirms", async () => {
  const summaries = await listDatasets();
  assertEquals(summaries.map(({ name }) => name), [...embeddedNames]);
  for (const summary of summaries) {
    const { classes, fingerprint: _f, attribution: _a, augmentation: _g, ...rest } = inspectDataset(
      await openDataset(summary.name),
    );
    assertEquals({ ...rest, classes: classes.length }, summary);
  }
});

Deno.test("inspectDataset() counts each class in both parts and survives JSON", async () => {
  const inspection = inspectDataset(await openDataset("fashion-mnist-12k"));
  assertEquals(inspection.classes[9], { name: "Ankle boot", train: 1000, test: 200 });
  assertEquals(JSON.parse(JSON.stringify(inspection)), inspection);
  assert(/^[0-9a-f]{64}$/.test(inspection.fingerprint));
});
