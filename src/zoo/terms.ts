/** What a licence allows pictures to be used for; the later, the stricter. What is unknown is the strictest: nobody has given leave. */
export const USES = ["commercial", "non-commercial", "research", "unknown"] as const;

/** One of {@linkcode USES}. */
export type Use = typeof USES[number];

/** A licence as programs read it. */
export interface SourceTerms {
  /** Identifier of SPDX; `other` if terms are stated that have none, `unknown` if none are. */
  readonly licence: string;
  /** The use that it allows. */
  readonly use: Use;
}

/** What may be done with an entry: as much as the strictest of its sources allows. */
export interface EntryTerms {
  /** The use. */
  readonly use: Use;
  /** Names of the sources that allow no more than that. */
  readonly because: readonly string[];
}

/** A phrase of a licence's text and what it means. */
interface Rule {
  readonly phrase: RegExp;
  readonly terms: SourceTerms | ((found: RegExpMatchArray) => SourceTerms);
}

/** All that is found in a text counts, the strictest decides; of equally strict ones the first here. */
const RULES: readonly Rule[] = [
  { phrase: /\bMIT\b(?! Places)/, terms: { licence: "MIT", use: "commercial" } },
  {
    phrase: /\bApache(?: License)?(?:,? Version)?[- ]2(?:\.0)?\b/i,
    terms: { licence: "Apache-2.0", use: "commercial" },
  },
  { phrase: /\bBSD[- ]([23])[- ]Clause\b/i, terms: ([, n]) => ({ licence: `BSD-${n}-Clause`, use: "commercial" }) },
  { phrase: /\bCC[- ]?0\b/i, terms: { licence: "CC0-1.0", use: "commercial" } },
  { phrase: /\b(?:PDDL|public domain dedication and license)\b/i, terms: { licence: "PDDL-1.0", use: "commercial" } },
  { phrase: /\bODbL\b/i, terms: { licence: "ODbL-1.0", use: "commercial" } },
  { phrase: /\bODC[- ]By\b/i, terms: { licence: "ODC-By-1.0", use: "commercial" } },
  {
    phrase: /\bCDLA[- ]Permissive[- ]([12])\.0\b/i,
    terms: ([, n]) => ({ licence: `CDLA-Permissive-${n}.0`, use: "commercial" }),
  },
  { phrase: /\bCC[- ]BY((?:[- ](?:NC|SA|ND))*)(?:[- ](\d\.\d))?/i, terms: creativeCommons },
  { phrase: /\bpublic domain\b(?! dedication)|\bfor any purpose\b/i, terms: { licence: "other", use: "commercial" } },
  {
    phrase: /\b(?:non|no|not for|prohibits)[- ]?commercial\b/i,
    terms: { licence: "other", use: "non-commercial" },
  },
  {
    phrase: /\b(?:research|scientific|academic|educational)\b/i,
    terms: { licence: "other", use: "research" },
  },
  // A licence that somebody remembers, but nobody has looked up, is not one to rely on.
  { phrase: /\bnot (?:stated|known|checked)\b|\bunknown\b/i, terms: { licence: "unknown", use: "unknown" } },
];

function creativeCommons([, kind, version]: RegExpMatchArray): SourceTerms {
  const parts = kind!.toUpperCase().split(/[- ]/).filter((part) => part !== "");
  const licence = version === undefined ? "other" : ["CC-BY", ...parts, version].join("-");
  // Whether trained weights are a derivative is not settled.
  const use = parts.includes("ND") ? "unknown" : parts.includes("NC") ? "non-commercial" : "commercial";
  return { licence, use };
}

/**
 * Reads what a licence's text allows, by a table of phrases. It is a reading, no advice: whoever relies on it reads the text.
 *
 * @param text The licence as a dataset states it; may be a long text of several parts.
 * @returns The strictest terms of all phrases found; `other` and `unknown` if there is none.
 * @example Two licences, of which one is for part of it
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { termsOf } from "./mod.ts";
 *
 * assertEquals(termsOf("CC BY-NC-SA 4.0 (data), Apache-2.0 (code)"), { licence: "CC-BY-NC-SA-4.0", use: "non-commercial" });
 * ```
 */
export function termsOf(text: string): SourceTerms {
  const found = RULES.flatMap(({ phrase, terms }) => {
    const match = text.match(phrase);
    return match === null ? [] : [typeof terms === "function" ? terms(match) : terms];
  });
  const [first = { licence: "other", use: "unknown" }, ...others] = found;
  return others.reduce<SourceTerms>((strictest, terms) => isStricter(terms, strictest) ? terms : strictest, first);
}

/**
 * What may be done with what was trained on several sources.
 *
 * @param sources Names and licences as stated; at least one.
 * @returns The strictest use, and whose it is.
 */
export function entryTerms(sources: readonly { readonly name: string; readonly licence: string }[]): EntryTerms {
  const found = sources.map(({ name, licence }) => ({ name, use: termsOf(licence).use }));
  const use = USES[Math.max(...found.map(({ use }) => USES.indexOf(use)))]!;
  return { use, because: found.filter((source) => source.use === use).map(({ name }) => name) };
}

function isStricter(a: SourceTerms, b: SourceTerms): boolean {
  return USES.indexOf(a.use) > USES.indexOf(b.use);
}
