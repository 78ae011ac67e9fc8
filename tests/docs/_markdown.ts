/**
 * Markdown documents of the repository, for tests that read them.
 *
 * @module
 */
import { listFiles, readText } from "../rules/_sources.ts";

/** Paths of the documents that strangers read first, from the root. */
export async function listDocuments(): Promise<string[]> {
  return ["README.md", "CHANGELOG.md", ...await listFiles("docs/", ".md")];
}

/** A document without its code blocks. */
export function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, "").replace(/^ {4}.*$/gm, "");
}

/** The fenced code blocks of a document: what stands behind the fence, and the code. */
export function codeBlocks(text: string): { info: string; code: string }[] {
  return Array.from(text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm), ([, info, code]) => ({ info: info!, code: code! }));
}

/** The sentences of running text: no code, no tables, no headings, no formulas, no markup. */
export function sentences(text: string): string[] {
  const prose = withoutCode(text)
    .replace(/\$\$[\s\S]*?\$\$/g, "")
    .replace(/^\s*[|#].*$/gm, "\n")
    .replace(/<[^>]+>/g, " ")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[`*_]/g, "");
  return prose.split(/\n\s*\n|\n\s*- /).flatMap((paragraph) =>
    paragraph.replace(/\s+/g, " ").split(/(?<=[.!?])\s+(?=[A-ZÄÖÜ0-9(])/)
  ).map((sentence) => sentence.trim()).filter((sentence) => /[a-z]{2}/.test(sentence));
}

/** Headings of a document as anchors of the kind that GitHub makes. */
export function anchors(text: string): string[] {
  return Array.from(
    withoutCode(text).matchAll(/^#+ (.*)$/gm),
    ([, title]) =>
      title!.trim().toLowerCase().replace(/[`*]/g, "").replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-"),
  );
}

/** Text of a document by its path from the root. */
export { readText };
