import { CRATE } from "./_kernel_builds.ts";

const ROOT = new URL("../", import.meta.url);
const DOCUMENT = new URL("docs/extending.md", ROOT);

/** What of the crate a recipe needs. */
const KEPT = ["Cargo.toml", "Cargo.lock", "src/", "tests/common/"];

/**
 * Does what the kernel recipe of docs/extending.md tells a contributor to do, in a copy of the crate: writes its files and
 * adds a line to each `mod.rs` beside them.
 *
 * @param folder Folder of the copy, ending in a slash; what it holds is replaced.
 * @returns Names of the recipe's test programs.
 * @throws {Error} If the document has no recipe.
 */
export async function layKernelRecipe(folder: URL): Promise<string[]> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  for (const path of KEPT) await copy(new URL(path, CRATE), new URL(path, folder));
  const blocks = (await Deno.readTextFile(DOCUMENT)).matchAll(/^```rust file=kernels\/(\S+)\n([\s\S]*?)^```$/gm);
  const files = Array.from(blocks, ([, path, code]) => ({ path: path!, code: code! }));
  for (const { path, code } of files) {
    await Deno.writeTextFile(new URL(path, folder), code);
    const stem = /^src\/.*\/(\w+)\.rs$/.exec(path)?.[1];
    const line = `\npub mod ${stem};\n`;
    if (stem) await Deno.writeTextFile(new URL("mod.rs", new URL(path, folder)), line, { append: true });
  }
  const tests = files.flatMap(({ path }) => /^tests\/(\w+)\.rs$/.exec(path)?.[1] ?? []);
  if (tests.length === 0) throw new Error("Cannot test the kernel recipe: docs/extending.md has none");
  return tests;
}

/** Copies a file, or a folder whose path ends in a slash. */
async function copy(from: URL, to: URL): Promise<void> {
  if (!from.pathname.endsWith("/")) return await Deno.copyFile(from, to);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const path = isDirectory ? `${name}/` : name;
    await copy(new URL(path, from), new URL(path, to));
  }
}
