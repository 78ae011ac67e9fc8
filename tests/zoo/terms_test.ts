import { assertEquals } from "@std/assert";
import { entryTerms, termsOf } from "../../src/zoo/mod.ts";

/** Licences as datasets state them, with identifier and use. */
const READINGS: [text: string, licence: string, use: string][] = [
  ["MIT (Expat), from the Debian copyright file", "MIT", "commercial"],
  ["MIT (repository LICENSE)", "MIT", "commercial"],
  ["Apache-2.0", "Apache-2.0", "commercial"],
  ["Apache License 2.0", "Apache-2.0", "commercial"],
  ["Apache License, Version 2.0", "Apache-2.0", "commercial"],
  ["BSD 3-Clause", "BSD-3-Clause", "commercial"],
  ["CC BY 4.0", "CC-BY-4.0", "commercial"],
  ["CC BY-SA 4.0", "CC-BY-SA-4.0", "commercial"],
  ["cc-by-nc-4.0", "CC-BY-NC-4.0", "non-commercial"],
  ["CC BY-ND 4.0", "CC-BY-ND-4.0", "unknown"],
  ["CC BY", "other", "commercial"],
  ["CC BY-NC-SA 4.0 (data), Apache-2.0 (code)", "CC-BY-NC-SA-4.0", "non-commercial"],
  ['LICENSE: CC0 1.0; README: "This dataset can be freely used for any purpose"', "CC0-1.0", "commercial"],
  ['README: "This dataset can be freely used for any purpose"', "other", "commercial"],
  ['Apache-2.0 (repository); README: CMATERdb "free for all non-commercial uses"', "other", "non-commercial"],
  ["noncommercial use only", "other", "non-commercial"],
  ["pictures belong to users; use beyond scientific fair use must be negotiated", "other", "research"],
  ["Places: images for research", "other", "research"],
  ["not stated", "unknown", "unknown"],
  ["repository LICENSE: MIT License (GTSRB data itself: not stated)", "unknown", "unknown"],
  ["not stated in this copy (Caltech data page: CC BY 4.0; not checked here)", "unknown", "unknown"],
  ["not stated (ImageNet: non-commercial research use; not checked here)", "unknown", "unknown"],
  ["ask my aunt", "other", "unknown"],
  ["", "other", "unknown"],
  ["permitted; SUMMIT; academicals", "other", "unknown"],
];

Deno.test("termsOf() finds the strictest of the licences that a text names", () => {
  for (const [text, licence, use] of READINGS) assertEquals<object>(termsOf(text), { licence, use }, text);
});

Deno.test("entryTerms() is as strict as the strictest source, and says which that is", () => {
  const sources = [
    { name: "a", licence: "MIT" },
    { name: "b", licence: "CC BY-NC 4.0" },
    { name: "c", licence: "images for research" },
    { name: "d", licence: "CC BY-NC-SA 4.0" },
    { name: "e", licence: "not stated" },
  ];
  const of = (...names: string[]) => entryTerms(sources.filter(({ name }) => names.includes(name)));
  assertEquals(of("a"), { use: "commercial", because: ["a"] });
  assertEquals(of("a", "b", "d"), { use: "non-commercial", because: ["b", "d"] });
  assertEquals(of("a", "c", "d"), { use: "research", because: ["c"] });
  assertEquals(of("a", "b", "c", "d", "e"), { use: "unknown", because: ["e"] });
});
