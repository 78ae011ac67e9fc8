import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { load } from "js-yaml";
import { makeSpace } from "../../src/spaces/mod.ts";
import { type Card, type CardSource, describeEntry, modelCard } from "../../src/zoo/mod.ts";

const SOURCE: CardSource = {
  name: "digits",
  classes: ["0", "1"],
  origin: "a shelf",
  licence: "MIT",
  fingerprint: "0".repeat(64),
  mean: [0.5],
  std: [0.25],
};

const CARD: Card = {
  format: 1,
  name: "few",
  space: makeSpace({ name: "darts", classes: 4, inputChannels: 1, height: 28, width: 28 }),
  method: "darts",
  sources: [SOURCE, { ...SOURCE, name: "letters", licence: "CC BY-NC 4.0" }],
  recipe: { epochs: 3, imagesPerEpoch: 2000 },
  metrics: { validAccuracy: 0.75, datasets: [{ name: "digits", validAccuracy: 0.9 }, { name: "letters" }] },
  network: {
    sources: ["digits", "letters"],
    testAccuracy: 0.87654321,
    epochs: 3,
    channels: 16,
    parameters: 12345,
    macs: 67890,
    recipe: {},
  },
  files: { "supernet.safetensors": { sha256: "a".repeat(64), sizeBytes: 1234 } },
};

/** The head of a model card, as a reader of YAML has it, and the rest. */
function read(card: Card) {
  const [, head, body] = modelCard(card).match(/^---\n([\s\S]*?)\n---\n\n([\s\S]*)$/)!;
  // deno-lint-ignore no-explicit-any
  return { head: load(head!) as any, body: body! };
}

Deno.test("modelCard() has a head as the Hub's: licence, datasets, and results by dataset and split", () => {
  const { head, body } = read(CARD);
  const { "model-index": [index], ...rest } = head;
  assertEquals(rest, {
    license: "other",
    license_name: "terms-of-its-datasets",
    library_name: "rootstock",
    pipeline_tag: "image-classification",
    tags: ["image-classification", "neural-architecture-search", "transfer-learning", "supernet", "darts"],
    datasets: ["digits", "letters"],
    metrics: ["accuracy"],
  });
  assertEquals(index.name, "few");
  // deno-lint-ignore no-explicit-any
  const results = index.results.map(({ task, dataset, metrics: [metric] }: any) => [
    task.type,
    dataset.type,
    dataset.name,
    dataset.split,
    metric.type,
    metric.value,
  ]);
  assertEquals(results, [
    ["image-classification", "mixed", "2 datasets together", "test", "accuracy", 0.8765],
    ["image-classification", "digits", "digits", "validation", "accuracy", 0.9],
  ]);
  assertEquals(body, describeEntry(CARD));
});

Deno.test("modelCard() names a licence where all datasets have the same one of the Hub's list", () => {
  const licenceOf = (...licences: string[]) => {
    const { license, license_name } =
      read({ ...CARD, sources: licences.map((licence) => ({ ...SOURCE, licence })) }).head;
    return [license, license_name];
  };
  assertEquals(licenceOf("MIT", "MIT (repository)"), ["mit", undefined]);
  assertEquals(licenceOf("CC BY-NC-SA 4.0"), ["cc-by-nc-sa-4.0", undefined]);
  assertEquals(licenceOf("not stated"), ["unknown", undefined]);
  for (const others of [["MIT", "Apache-2.0"], ["ODbL"], ["CC BY 1.0"], ["ask my aunt"]]) {
    assertEquals(licenceOf(...others), ["other", "terms-of-its-datasets"], String(others));
  }
});

Deno.test("describeEntry() begins with the result, and says who forbids what", () => {
  const text = describeEntry(CARD);
  const places = [
    "87.7 %",
    "## What may be done",
    "## Datasets",
    "## Sizes",
    "## How to use it",
    "## Limits",
    "## Files",
  ]
    .map((words) => text.indexOf(words));
  assert(places.every((place) => place >= 0), String(places));
  assertEquals(places, places.toSorted((a, b) => a - b));
  assertStringIncludes(text, "**Not for commercial use.** That is because of `letters`.");
  assertStringIncludes(text, "learnt from 6,000 images.");
  assertMatch(text, /\| derived network +\| 12,345 +\| 67,890 +\|/);
  assertStringIncludes(text, "deno task traditional --source few");
  const { network: _, ...single } = { ...CARD, sources: [SOURCE], metrics: {} };
  const other = describeEntry(single);
  assertStringIncludes(other, "It does not say what it reached.");
  assertStringIncludes(other, "**The licences of all datasets allow any use. Some ask for attribution.**");
  assert(!other.includes("deno task traditional"));
  assertEquals(read(single).head["model-index"], undefined);
});

Deno.test("modelCard() keeps text from files from being anything else", () => {
  const evil = "a`|b](x)<script>\n# c\u001b[2J\u202e: {";
  const { head, body } = read({ ...CARD, sources: [{ ...SOURCE, name: evil, origin: evil, licence: evil }] });
  assertEquals(head.datasets.length, 1);
  const line = body.split("\n").find((line) => line.startsWith("| `a"))!;
  assertEquals(line.match(/(?<!\\)\|/g)!.length, 7);
  assert(!/(?<!\\)<script/.test(body.replace(/`[^`\n]*`/g, "")), body);
  // deno-lint-ignore no-control-regex
  assert(!/[\u001b\u202e]/.test(body), line);
  assert(!body.includes("\n# c"));
});
