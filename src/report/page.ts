import { escapeHtml } from "./html.ts";
import { STYLE } from "./style.ts";
import type { Verdict } from "./verdict.ts";

/** Nothing but the page itself may be used, with the pictures within it: neither network nor scripts. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** What a page consists of. */
export interface Page {
  /** What the page is of, by name: above the verdict, and in the window's title. */
  readonly title: string;
  /** What it comes to: the heading, and what follows from it. */
  readonly verdict: Verdict;
  /** HTML elements below; empty ones are left out. */
  readonly parts: readonly string[];
  /** Command that writes it anew; that of a run's report if left out. */
  readonly madeBy?: string | undefined;
}

/**
 * A page that needs nothing else: no network, no scripts. The verdict comes first.
 *
 * @param page What it consists of.
 * @returns The whole document.
 */
export function renderPage({ title, verdict, parts, madeBy = "deno task report RUN" }: Page): string {
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    `<title>${escapeHtml(`${title}: ${verdict.headline}`)}</title>`,
    `<style>${STYLE}</style></head><body>`,
    renderHeader(title, verdict),
    "<main>",
    ...parts.filter((part) => part !== ""),
    "</main>",
    `<footer>Made by Rootstock. This page needs no network; <code>${
      escapeHtml(madeBy)
    }</code> writes it anew.</footer>`,
    "</body></html>",
    "",
  ].join("\n");
}

function renderHeader(title: string, { headline, sentences, warnings, next }: Verdict): string {
  return [
    "<header>",
    `<p class="title">${escapeHtml(title)}</p>`,
    `<h1>${keepTogether(headline)}</h1>`,
    ...sentences.map((sentence) => `<p class="lede">${keepTogether(sentence)}</p>`),
    ...warnings.map((warning) => `<p class="warning" role="note">${markFlags(keepTogether(warning))}</p>`),
    next.length === 0
      ? ""
      : `<div class="next"><h2>Next</h2><pre><code>${next.map(escapeHtml).join("\n")}</code></pre></div>`,
    "</header>",
  ].filter((part) => part !== "").join("\n");
}

/** Text in which a number and its unit stay on one line. */
function keepTogether(text: string): string {
  return escapeHtml(text)
    .replace(/(\d) (?=(%|s|min|h|d|million|billion|trillion|points?)(?![a-z]))/g, "$1\u00a0")
    .replace(/\b(min|h|d) (?=\d)/g, "$1\u00a0");
}

/** Flags look like what is typed. */
function markFlags(html: string): string {
  return html.replace(/--[a-z][a-z-]*( (none|weights|\d+))?/g, "<code>$&</code>");
}

/** A part of a page under a heading; empty if it has no content. */
export function renderSection(title: string, content: string, note = ""): string {
  if (content === "") return "";
  const words = note === "" ? "" : `<p class="note">${escapeHtml(note)}</p>\n`;
  return `<section><h2>${escapeHtml(title)}</h2>\n${words}${content}</section>`;
}

/** A box around an element. */
export function renderPanel(content: string): string {
  return `<div class="panel">${content}</div>`;
}

/** Figures beside each other, the largest type after the verdict. */
export function renderFigures(figures: readonly (readonly [value: string, words: string])[]): string {
  if (figures.length === 0) return "";
  const boxes = figures.map(([value, words]) =>
    `<div class="figure"><dt>${escapeHtml(words)}</dt><dd>${escapeHtml(value)}</dd></div>`
  );
  return `<dl class="figures">${boxes.join("\n")}</dl>`;
}
