import { assertEquals, assertThrows } from "@std/assert";
import { makeDartsSpace } from "../../src/spaces/darts/space.ts";
import { type Card, checkEntryName, parseCard, withTerms } from "../../src/zoo/mod.ts";

const CARD: Card = {
  format: 1,
  name: "fashion-small",
  space: makeDartsSpace({ channels: 8, cells: 5, inputChannels: 1, height: 28, width: 28 }),
  method: "darts",
  sources: [{
    name: "fashion-mnist-12k",
    classes: ["top", "trouser"],
    origin: "Zalando",
    licence: "MIT",
    fingerprint: "ab".repeat(32),
    mean: [0.286],
    std: [0.353],
  }],
  recipe: { epochs: 10 },
  metrics: { validAccuracy: 0.9 },
  files: { "supernet.safetensors": { sha256: "0".repeat(64), sizeBytes: 10 } },
};

Deno.test("parseCard() reads a card and keeps what later versions add", () => {
  assertEquals(parseCard(JSON.stringify(CARD)), CARD);
  const later = { ...CARD, signature: { kind: "later" } };
  assertEquals(parseCard(JSON.stringify(later)), later as Card);
});

Deno.test("parseCard() names the property that is wrong", () => {
  const change = (properties: Record<string, unknown>) => () => parseCard(JSON.stringify({ ...CARD, ...properties }));
  assertThrows(() => parseCard("{"), SyntaxError, "Cannot read card:");
  assertThrows(() => parseCard("3"), TypeError, "card is 3, expected an object");
  assertThrows(change({ format: 2 }), TypeError, "format is 2, expected 1");
  assertThrows(change({ name: "../up" }), RangeError, 'Cannot use entry name "../up"');
  assertThrows(change({ space: { ...CARD.space, cells: 0 } }), RangeError, "cells is 0");
  assertThrows(change({ sources: [] }), TypeError, "sources is [], expected at least one");
  assertThrows(change({ sources: [{ ...CARD.sources[0], licence: 1 }] }), TypeError, "sources[0].licence is 1");
  assertThrows(change({ sources: [{ ...CARD.sources[0], mean: [0, 1] }] }), TypeError, "sources[0].mean is [0,1]");
  assertThrows(change({ files: { a: { sha256: "x", sizeBytes: 1 } } }), TypeError, 'files.a.sha256 is "x"');
  const network = {
    sources: ["fashion-mnist-12k"],
    testAccuracy: 0.9,
    epochs: 3,
    channels: 8,
    parameters: 4,
    macs: 5,
    recipe: {},
  };
  change({ network })();
  const terms = (terms: unknown) => ({ sources: [{ ...CARD.sources[0], terms }] });
  change({ ...terms({ licence: "MIT", use: "commercial" }), terms: { use: "commercial", because: [] } })();
  assertThrows(change(terms({ licence: 1 })), TypeError, "sources[0].terms.licence is 1");
  assertThrows(change(terms({ licence: "MIT", use: "all" })), TypeError, 'sources[0].terms.use is "all"');
  assertThrows(change({ terms: { use: "all" } }), TypeError, 'terms.use is "all", expected one of commercial, ');
  assertThrows(change({ terms: { use: "research", because: [1] } }), TypeError, "terms.because[0] is 1");
  assertThrows(change({ network: { ...network, sources: [1] } }), TypeError, "network.sources[0] is 1");
  assertThrows(change({ network: { ...network, epochs: "3" } }), TypeError, 'network.epochs is "3"');
  assertThrows(
    change({ files: { a: { sha256: "0".repeat(64), sizeBytes: -1 } } }),
    TypeError,
    "files.a.sizeBytes is -1",
  );
});

Deno.test("withTerms() says what licences allow, whatever was said before", () => {
  const [source] = CARD.sources;
  const sources = [{ ...source!, terms: { licence: "x", use: "unknown" as const } }, {
    ...source!,
    name: "y",
    licence: "x",
  }];
  const { terms, sources: found } = withTerms({ ...CARD, sources });
  assertEquals(terms, { use: "unknown", because: ["y"] });
  assertEquals(found.map(({ terms }) => terms), [
    { licence: "MIT", use: "commercial" },
    { licence: "other", use: "unknown" },
  ]);
});

Deno.test("checkEntryName() refuses whatever is not a plain folder name", () => {
  for (const name of ["fashion", "a.b-c_2", "0"]) checkEntryName(name);
  for (const name of ["", ".", "..", ".hidden", "A", "a/b", "a b", "x".repeat(65)]) {
    assertThrows(() => checkEntryName(name), RangeError, "Cannot use entry name");
  }
  for (const name of ["auto", "single", "multi", "random"]) {
    assertThrows(() => checkEntryName(name), RangeError, "reserved word");
  }
});
