import { assertEquals } from "@std/assert";
import { ProgramBuilder } from "../../src/engine/mod.ts";
import type { GraphBuilder } from "../../src/network/mod.ts";
import { costOfSupernet } from "../../src/spaces/mod.ts";
import { lowerSupernet } from "../../src/spaces/darts/supernet.ts";
import { makeDartsSpace } from "../../src/spaces/darts/space.ts";

Deno.test("GraphBuilder is what the engine's builder is, and lowering needs nothing else", () => {
  const space = makeDartsSpace({ channels: 4, cells: 3 });
  const engineBuilder = new ProgramBuilder({ height: 32, width: 32, channels: 3 });
  const builder: GraphBuilder = engineBuilder;
  lowerSupernet(builder, space);
  const { parameters } = engineBuilder.build(224);
  assertEquals(
    parameters.map(({ name, shape }) => [name, ...shape]),
    costOfSupernet(space).tensors.map(({ name, shape }) => [name, ...shape]),
  );
});
