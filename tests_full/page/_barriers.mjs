/**
 * What keeps people from using a page, as axe-core finds it: names, roles, contrast, order of headings. Pages get its script from
 * `addInitScript`: their policy lets nobody add one later.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The script of axe-core in a folder's `node_modules`. */
export function readAxe(folder) {
  return readFileSync(createRequire(`${folder}/`).resolve("axe-core/axe.min.js"), "utf8");
}

/** What is wrong with a page as it stands, a line each. */
export async function findBarriers(page, where) {
  const found = await page.evaluate(async (values) => {
    const { violations } = await globalThis.axe.run(document, { runOnly: { type: "tag", values } });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, any }) => [id, target, any[0]?.message]));
  }, RULES);
  return found.map(([rule, target, message]) => `${where}: ${rule} ${target} ${message ?? ""}`.trim());
}
