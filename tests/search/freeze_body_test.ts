import { assertEquals } from "@std/assert";
import { freezeBody } from "../../src/search/mod.ts";

Deno.test("freezeBody() leaves the classifier to learn alone, or freezes nothing", () => {
  const frozen: (readonly string[])[] = [];
  const network = {
    parameters: ["stem.0.weight", "classifier.weight", "cells.0._ops.1.op.1.weight", "classifier.bias"]
      .map((name) => ({ name, shape: [1] })),
    freeze: (names: readonly string[]) => void frozen.push(names),
  };
  freezeBody(network, "head");
  freezeBody(network, "all");
  assertEquals(frozen, [["stem.0.weight", "cells.0._ops.1.op.1.weight"], []]);
});
