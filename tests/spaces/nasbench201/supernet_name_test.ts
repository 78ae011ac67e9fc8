import { assertEquals, assertThrows } from "@std/assert";
import { supernetName } from "../../../src/spaces/nasbench201/supernet_name.ts";
import { EVERY } from "./_space.ts";

Deno.test("supernetName() finds edge and operation of a layer, and leaves the frame as it is", () => {
  const found = (name: string) => supernetName(name, EVERY);
  assertEquals(found("cells.0.layers.1.op.1.weight"), "cells.0.edges.2<-0.2.op.1.weight");
  assertEquals(found("cells.3.layers.5.op.2.running_var"), "cells.3.edges.3<-2.3.op.2.running_var");
  assertEquals(found("cells.1.conv_a.op.1.weight"), "cells.1.conv_a.op.1.weight");
  assertEquals(found("auxiliary_head.classifier.weight"), undefined);
  assertThrows(() => found("cells.0.layers.6.op.1.weight"), RangeError, "no such layer");
});
