import { escapeHtml } from "./html.ts";
import { STYLE } from "./style.ts";

/** Nothing but the page itself may be used: neither network nor scripts. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * A page that needs nothing else: no network, no scripts.
 *
 * @param title Its title, also the heading.
 * @param parts HTML elements; empty ones are left out.
 * @returns The whole document.
 */
export function renderPage(title: string, parts: readonly string[]): string {
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style></head><body>`,
    `<h1>${escapeHtml(title)}</h1>`,
    ...parts.filter((part) => part !== ""),
    "</body></html>",
    "",
  ].join("\n");
}

/** A part of a page under a heading; empty if it has no content. */
export function renderSection(title: string, content: string): string {
  return content === "" ? "" : `<section><h2>${escapeHtml(title)}</h2>\n${content}</section>`;
}

/** A box around an element. */
export function renderPanel(content: string): string {
  return `<div class="panel">${content}</div>`;
}
