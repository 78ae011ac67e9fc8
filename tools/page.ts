/**
 * Builds the page that predicts and learns in a browser, and serves it.
 *
 *     deno task page [--port NUMBER]
 *     deno task page --out FOLDER
 *
 * With `--out` it is built there, and not served: any static server will do. `deno bundle` fetches esbuild the first time.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { fileURLToPath } from "node:url";
import { buildPage } from "./_build_page.ts";
import { answerFrom } from "./_serve_folder.ts";

const USAGE = "deno task page [--port NUMBER | --out FOLDER below runs/]";
const FOLDER = fileURLToPath(new URL("../runs/page", import.meta.url));
const PORT = 8800;

/** What is asked for, or what is wrong with it. */
function readArguments(args: string[]): { out: string | undefined; port: number } | string {
  const { out, port, _, ...others } = parseArgs(args, { string: ["out", "port"] });
  const [unknown] = [...Object.keys(others).map((name) => `--${name}`), ..._];
  if (unknown !== undefined) return `unknown ${unknown}`;
  const number = Number(port ?? PORT);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) return `--port ${port}: expected 0 to 65535`;
  return { out, port: number };
}

async function main(): Promise<number> {
  const asked = readArguments(Deno.args);
  if (typeof asked === "string") {
    console.error(`${asked} (${USAGE})`);
    return 2;
  }
  const folder = asked.out ?? FOLDER;
  const names = await buildPage(folder);
  const sizes = await Promise.all(names.map(async (name) => (await Deno.stat(`${folder}/${name}`)).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`${folder}: ${names.length} files, ${(total / 1000).toFixed(0)} kB`);
  if (asked.out !== undefined) return 0;
  const options = { hostname: "127.0.0.1", port: asked.port, onListen };
  await Deno.serve(options, (request) => answerFrom(folder, request)).finished;
  return 0;
}

function onListen({ port }: Deno.NetAddr): void {
  console.log(`http://127.0.0.1:${port}/ (Ctrl-C ends it)`);
}

if (import.meta.main) {
  Deno.exit(
    await main().catch((error: Error) => {
      console.error(error.message);
      return 1;
    }),
  );
}
