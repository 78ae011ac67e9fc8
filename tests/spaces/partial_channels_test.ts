import { assertEquals, assertThrows } from "@std/assert";
import { CostCounter, type GraphBuilder } from "../../src/network/mod.ts";
import {
  adaptSpace,
  checkSpace,
  costOfDerivedNetwork,
  costOfSupernet,
  deriveGenotype,
  describeSpace,
  groupsOf,
  hasSameBody,
  makeSpace,
  type Space,
  spaceKind,
  wholeSpace,
} from "../../src/spaces/mod.ts";
import { combineShare, passBy, takeShare } from "../../src/spaces/partial_channels.ts";

const IMAGES = { classes: 10, inputChannels: 1, height: 12, width: 12 } as const;
const SPACES = (["darts", "nasbench201"] as const).map((name) => makeSpace({ name, ...IMAGES }, { channels: 8 }));

for (const space of SPACES) {
  Deno.test(`a space of kind ${space.name} with a share of the channels is a body of its own, and whole again without it`, () => {
    const partial = adaptSpace(space, { channelShare: 4 });
    assertEquals([hasSameBody(space, partial), hasSameBody(wholeSpace(partial), space)], [false, true]);
    assertEquals(checkSpace(JSON.parse(JSON.stringify(partial))), partial);
    assertEquals(describeSpace(partial).startsWith(`${space.name}, 1/4 of the channels`), true);
    assertEquals(groupsOf(partial), groupsOf(space));
    const candidates = (of: Space) => costOfSupernet(of).tensors.filter(({ name }) => /_ops|edges/.test(name));
    const shapes = new Map(candidates(partial).map(({ name, shape }) => [name, shape]));
    for (const { name, shape } of candidates(space)) {
      // A depthwise window reads a single channel; all else is a quarter as wide.
      assertEquals(shapes.get(name), shape.map((side, i) => i < 2 && side > 1 ? side / 4 : side), name);
    }
  });

  Deno.test(`nothing of an operation with a share of the channels is inherited in the space ${space.name}`, () => {
    const partial = adaptSpace(space, { channelShare: 4 });
    const strengths = new Float32Array(groupsOf(space).exists.length).fill(0.5);
    const genotype = deriveGenotype(strengths.map((_, i) => (7 * i) % 11), space);
    const { tensors } = costOfDerivedNetwork({ space, genotype });
    const { tensors: own } = costOfSupernet(partial);
    const known = new Map(own.map(({ name, shape }) => [name, String(shape)]));
    const named = (of: Space) =>
      tensors.flatMap(({ name, shape }) => {
        const source = spaceKind(space.name).supernetName(name, genotype, of);
        return source === undefined ? [] : [{ source, shape: String(shape) }];
      });
    assertEquals(named(space).length, tensors.length);
    assertEquals(named(partial).length > 3 && named(partial).length < tensors.length, true);
    for (const { source, shape } of named(partial)) assertEquals(known.get(source) ?? shape, shape, source);
  });

  Deno.test(`a share that does not divide the channels, or is none, is refused by the space ${space.name}`, () => {
    const odd = { ...space, channels: 6 };
    assertThrows(() => adaptSpace(odd, { channelShare: 4 }), RangeError, "channels is 6, expected a multiple of 4");
    for (const channelShare of [1, 1.5, "4", 65]) {
      assertThrows(() => checkSpace({ ...space, channelShare }), RangeError, "channelShare is ");
    }
    assertThrows(() => adaptSpace(space, { channelShare: 4, isWide: true }), RangeError, "has no isWide");
  });
}

/** Writes down what a builder is asked for. */
function recorder(height: number) {
  const log: unknown[][] = [];
  const builder: GraphBuilder = new CostCounter({ height, width: 8, channels: 8 });
  const noted = (name: "channels" | "combine" | "pool") => {
    const plain = builder[name].bind(builder) as (...given: unknown[]) => typeof builder.image;
    Object.assign(builder, {
      [name]: (...given: unknown[]) => {
        log.push([name, ...given]);
        return plain(...given);
      },
    });
  };
  (["channels", "combine", "pool"] as const).forEach(noted);
  return { builder, log };
}

Deno.test("without a share a node is the sum of its terms, and nothing else is added", () => {
  const { builder, log } = recorder(8);
  const x = builder.image;
  assertEquals(takeShare(builder, x, {}), x);
  combineShare(builder, [{ x, mix: 0 }], { bypasses: [], like: x });
  assertEquals(log.map(([name]) => name), ["combine"]);
});

Deno.test("what passes by weighs all of its edge's mixing weights, and is laid beside what is mixed before the shuffle", () => {
  const { builder, log } = recorder(8);
  const whole = builder.image;
  const x = takeShare(builder, whole, { channelShare: 4 });
  assertEquals(x.channels, 2);
  const bypasses = [{ x: passBy(builder, whole, 1), mix: 5, mixes: 5 }];
  const node = combineShare(builder, [{ x, mix: 6 }], { bypasses, like: x, channelShare: 4 });
  assertEquals([node.channels, node.height], [8, 8]);
  const [, , [, passed], [, slices, groups]] = log as [unknown, unknown, unknown[], unknown[]];
  assertEquals(passed, bypasses);
  assertEquals((slices as { start: number; count: number }[]).map(({ start, count }) => [start, count]), [[0, 2], [
    2,
    6,
  ]]);
  assertEquals(groups, 4);
});

Deno.test("what passes by an edge that halves the map is as large as what its candidates put out", () => {
  for (const [height, kernel] of [[8, 2], [7, 3]] as const) {
    const { builder, log } = recorder(height);
    const passed = passBy(builder, builder.image, 2);
    assertEquals([passed.height, passed.width], [4, 4]);
    assertEquals((log[0]![2] as { kernel: number }).kernel, kernel);
  }
});
