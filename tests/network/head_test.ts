import { assertEquals } from "@std/assert";
import {
  HEAD_BIASES,
  HEAD_WEIGHTS,
  isOfAuxiliaryHead,
  isOfClassifier,
  isOfHead,
  withoutAuxiliaryHead,
} from "../../src/network/mod.ts";

Deno.test("isOfHead() knows both heads by their names, and nothing of the body", () => {
  const names = [HEAD_WEIGHTS, HEAD_BIASES, "auxiliary_head.classifier.weight", "stem.0.weight", "classifiers.weight"];
  assertEquals(names.map(isOfClassifier), [true, true, false, false, false]);
  assertEquals(names.map(isOfAuxiliaryHead), [false, false, true, false, false]);
  assertEquals(names.map(isOfHead), [true, true, true, false, false]);
});

Deno.test("withoutAuxiliaryHead() leaves everything else", () => {
  const tensor = { shape: [1], data: new Float32Array(1) };
  const state = new Map([["stem.0.weight", tensor], ["auxiliary_head.classifier.bias", tensor]]);
  assertEquals([...withoutAuxiliaryHead(state).keys()], ["stem.0.weight"]);
});
