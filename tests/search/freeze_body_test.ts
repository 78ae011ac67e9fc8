import { assertEquals } from "@std/assert";
import { freezeBody } from "../../src/search/mod.ts";

Deno.test("freezeBody() leaves the classifier to learn alone, or all that has not stopped", () => {
  const frozen: (readonly string[])[] = [];
  const network = {
    parameters: ["stem.0.weight", "classifier.weight", "cells.0._ops.1.op.1.weight", "classifier.bias"]
      .map((name) => ({ name, shape: [1] })),
    freeze: (names: readonly string[]) => void frozen.push(names),
  };
  freezeBody(network, "head");
  freezeBody(network, "all");
  const stopped = ["cells.0._ops.1.op.1.weight"];
  freezeBody(network, "all", stopped);
  freezeBody(network, "head", stopped);
  assertEquals(frozen, [["stem.0.weight", ...stopped], [], stopped, ["stem.0.weight", ...stopped]]);
});
