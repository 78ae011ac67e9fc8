import { dump } from "js-yaml";
import { printable } from "../data/mod.ts";
import { costOfSupernet, describeSizes, describeSpace } from "../spaces/mod.ts";
import { countOf, listSome } from "../text/mod.ts";
import type { Card, CardSource } from "./card.ts";
import { entryTerms, termsOf, type Use } from "./terms.ts";
import { imagesSeen } from "./images_seen.ts";

/** Name of the file beside a card that says the same to people and to the Hugging Face Hub. */
export const MODEL_CARD_FILE = "README.md";

/** Licences of the terms' table that the Hub knows by the same identifier, but for its lower-case letters. */
const HUB_LICENCES = [
  "mit",
  "apache-2.0",
  "bsd-2-clause",
  "bsd-3-clause",
  "cc0-1.0",
  "cdla-permissive-1.0",
  "cdla-permissive-2.0",
  ...["2.0", "2.5", "3.0", "4.0"].map((version) => `cc-by-${version}`),
  ...["3.0", "4.0"].map((version) => `cc-by-sa-${version}`),
  ...["2.0", "3.0", "4.0"].flatMap((version) => [`cc-by-nc-${version}`, `cc-by-nc-sa-${version}`]),
  "cc-by-nd-4.0",
  "cc-by-nc-nd-3.0",
  "cc-by-nc-nd-4.0",
  "unknown",
];

/** What may be done, by the use that the strictest source allows. */
const STATEMENTS: Readonly<Record<Use, string>> = {
  "commercial": "The licences of all datasets allow any use. Some ask for attribution.",
  "non-commercial": "Not for commercial use.",
  "research": "For research only, and not for commercial use.",
  "unknown":
    "Not known: the owners of these pictures have given no leave. Ask them before you build on it or pass it on.",
};

/**
 * Writes the model card of an entry: Markdown with a head in YAML, as the Hugging Face Hub takes it (its
 * [specification](https://github.com/huggingface/hub-docs/blob/main/modelcard.md)).
 *
 * @param card The card; nothing else is needed.
 * @returns The whole file; equal cards give equal text.
 */
export function modelCard(card: Card): string {
  // Long lines stay whole: where they are broken is nothing to compare.
  return `---\n${dump(headOf(card), { lineWidth: -1 })}---\n\n${describeEntry(card)}`;
}

/**
 * Describes an entry for people: what it reaches, what may be done with it, sources, sizes, use and limits.
 *
 * @param card The card.
 * @returns Markdown.
 */
export function describeEntry(card: Card): string {
  const { name, sources } = card;
  const title = `# ${name}\n\nA supernet pretrained on ${
    countOf(sources.length, "dataset")
  }, to be grafted onto a dataset of yours.`;
  const parts = [title, ...[results, terms, datasets, sizes, usage, limits, files].map((part) => part(card))];
  return `${parts.join("\n\n")}\n`;
}

/** Metadata of the Hub. */
function headOf({ name, space, sources, network, metrics }: Card) {
  const names = sources.map(({ name }) => plain(name));
  const dataset = (dataset: string, split: string, type = dataset) => ({ type, name: dataset, split });
  const result = (of: ReturnType<typeof dataset>, what: string, value: number) => ({
    task: { type: "image-classification" },
    dataset: of,
    metrics: [{ type: "accuracy", value: round(value), name: what }],
  });
  const trainedOn = (names: readonly string[]) =>
    names.length === 1
      ? dataset(plain(names[0]!), "test")
      : dataset(`${names.length} datasets together`, "test", "mixed");
  const results = network === undefined
    ? []
    : [result(trainedOn(network.sources), "test accuracy of the derived network", network.testAccuracy)];
  for (const { name, validAccuracy } of validationOf({ sources, metrics })) {
    results.push(result(dataset(plain(name), "validation"), "validation accuracy of the supernet", validAccuracy));
  }
  return {
    ...licenceOf(sources),
    library_name: "rootstock",
    pipeline_tag: "image-classification",
    tags: ["image-classification", "neural-architecture-search", "transfer-learning", "supernet", space.name],
    datasets: names,
    metrics: ["accuracy"],
    ...(results.length > 0 && { "model-index": [{ name, results }] }),
  };
}

/** A licence of the Hub's list where all sources have the same one. */
function licenceOf(sources: readonly CardSource[]): { license: string; license_name?: string } {
  const [first, ...others] = new Set(sources.map(({ licence }) => termsOf(licence).licence));
  const license = HUB_LICENCES.find((known) => known === first!.toLowerCase());
  if (others.length === 0 && license !== undefined) return { license };
  return { license: "other", license_name: "terms-of-its-datasets" };
}

function results({ sources, network, metrics, recipe }: Card): string {
  const rows: string[][] = [];
  if (network !== undefined) {
    const { parameters, testAccuracy } = network;
    rows.push([`derived network of ${count(parameters)} parameters`, "test images", percent(testAccuracy)]);
  }
  if (typeof metrics.validAccuracy === "number") {
    rows.push(["supernet", "validation images", percent(metrics.validAccuracy)]);
  }
  if (rows.length === 0) return "It does not say what it reached.";
  const of = sources.length === 1 ? "" : ` of the ${sources.length} datasets together`;
  const seen = imagesSeen(recipe);
  const effort = seen === undefined ? "" : `\n\nThe supernet's weights have learnt from ${count(seen)} images.`;
  return `${table(["", "measured on", `accuracy${of}`], rows)}${effort}`;
}

function terms({ sources }: Card): string {
  const { use, because } = entryTerms(sources);
  const whose = use === "commercial" ? "" : ` That is because of ${listSome(because.map(code))}.`;
  return `## What may be done with it\n\n**${
    STATEMENTS[use]
  }**${whose}\n\nAn entry may be used as the strictest of its ` +
    "datasets may. This is read from the licences below by a table of phrases; it is no legal advice. Whether the licence of a " +
    "picture binds weights that were trained on it is not settled.";
}

function datasets({ sources, metrics }: Card): string {
  const accuracies = new Map(validationOf({ sources, metrics }).map((found) => [found.name, found.validAccuracy]));
  const rows = sources.map(({ name, classes, licence, origin }) => {
    const accuracy = accuracies.get(name);
    return [
      code(name),
      count(classes.length),
      accuracy === undefined ? "" : percent(accuracy),
      termsOf(licence).use,
      escape(licence),
      escape(origin),
    ];
  });
  const head = ["name", "classes", "validation accuracy", "use", "licence as stated there", "from"];
  return `## Datasets\n\n${table(head, rows)}`;
}

function sizes({ space, network }: Card): string {
  const { height, width, inputChannels } = space;
  const { parameters, multiplyAdds } = costOfSupernet(space);
  const rows = [["supernet", count(parameters), count(multiplyAdds)]];
  if (network !== undefined) rows.push(["derived network", count(network.parameters), count(network.macs)]);
  const colour = inputChannels === 1 ? "grey" : "colour";
  return `## Sizes\n\nSearch space ${describeSpace(space)}: ${
    describeSizes(space)
  }. Images of ${height}×${width} in ${colour}.\n\n` +
    table(["", "parameters", "multiply-adds an image"], rows);
}

function usage({ name, network }: Card): string {
  const commands = [
    `deno task transfer --source ${name} --target path/to/images`,
    ...(network === undefined ? [] : [`deno task traditional --source ${name} --target path/to/images`]),
    `deno task zoo verify ${name}`,
  ];
  return `## How to use it\n\n\`\`\`\n${commands.join("\n")}\n\`\`\``;
}

function limits({ space: { height, width }, sources, network }: Card): string {
  const lines = [
    `It has seen pictures of ${height}×${width} pixels only. What is told apart by finer detail is lost on it.`,
    "What its datasets are biased to, it is biased to. Their labels were believed.",
    `Its own classes are those of ${
      sources.length === 1 ? "its dataset" : "its datasets"
    }. For any others it is a start, not a classifier.`,
  ];
  if (network === undefined) lines.push("It has no derived network: `traditional` cannot start from it.");
  return `## Limits\n\n${lines.map((line) => `- ${line}`).join("\n")}`;
}

function files({ files }: Card): string {
  const rows = Object.entries(files).map((
    [name, { sizeBytes, sha256 }],
  ) => [code(name), count(sizeBytes), code(sha256)]);
  return `## Files\n\n${table(["name", "bytes", "SHA-256"], rows)}\n\n` +
    "`card.json` says how it was made. `signature.safetensors` holds features of sample images, and no pictures.";
}

/** Validation accuracy of each dataset, as far as the card says it. */
function validationOf(
  { sources, metrics }: Pick<Card, "sources" | "metrics">,
): { name: string; validAccuracy: number }[] {
  const found: readonly unknown[] = Array.isArray(metrics.datasets)
    ? metrics.datasets
    : [{ name: sources[0]!.name, validAccuracy: metrics.validAccuracy }];
  return found.filter((item): item is { name: string; validAccuracy: number } => {
    const { name, validAccuracy } = (item ?? {}) as Record<string, unknown>;
    return sources.some((source) => source.name === name) && typeof validAccuracy === "number";
  });
}

/** A table that is one on a terminal, too. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((cells) => cells[column]!.length)));
  const line = (cells: readonly string[], filler = " ") =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!, filler)).join(" | ")} |`;
  return [line(head), line(head.map(() => ""), "-"), ...rows.map((cells) => line(cells))].join("\n");
}

function count(number: number): string {
  return number.toLocaleString("en");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function round(share: number): number {
  return Number(share.toFixed(4));
}

/** Text from files on one line, without marks that turn text around. */
function plain(text: string): string {
  return printable(text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "\ufffd"));
}

/** A name as code: nothing in it is Markdown. */
function code(name: string): string {
  return `\`${plain(name).replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}

/** Text from a file whose characters do not format what is around it. */
function escape(text: string): string {
  return plain(text).replace(/[\\`*<>[\]|]/g, (character) => `\\${character}`);
}
