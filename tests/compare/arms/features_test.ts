import { assertEquals } from "@std/assert";
import { featuresArm } from "../../../src/compare/arms/features.ts";
import { COMPARE_DEFAULTS } from "../../../src/compare/options.ts";
import { card } from "../_card.ts";
import { planned } from "./_planned.ts";

Deno.test("featuresArm plans no epochs, on the images of the transfers, from the nearest entry or a file", async () => {
  const common = { target: "t", images: {}, seed: 3, source: { name: "auto", zoo: undefined }, trainPortion: 0.5 };
  const own = await planned(featuresArm);
  assertEquals([own.command, own.budgetEpochs], ["features", 0]);
  assertEquals(own.options, { ...common, extractor: {} });
  const side = { images: { side: 96 }, search: { trainPortion: 0.75 } };
  const { options } = await planned(featuresArm, { transfer: side, features: { file: "x.onnx" }, zoo: "z" });
  assertEquals(options, {
    ...common,
    images: { side: 96 },
    source: { name: "auto", zoo: "z" },
    extractor: { file: "x.onnx" },
    trainPortion: 0.75,
  });
});

Deno.test("featuresArm needs an entry, or a file", () => {
  const options = { ...COMPARE_DEFAULTS, targets: ["t"] };
  assertEquals(featuresArm.whyNot([], "auto", options), "the zoo has no entry");
  assertEquals(featuresArm.whyNot([card("one")], "auto", options), undefined);
  assertEquals(featuresArm.whyNot([], "auto", { ...options, features: { file: "x.onnx" } }), undefined);
});
