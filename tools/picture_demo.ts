/**
 * Makes `docs/demo.png` of the report of a finished demonstration: its verdict, its table and its curves of accuracy.
 *
 * Needs Chromium (Debian: `apt-get install chromium`), and a run of `deno task demo` on a machine that does nothing else:
 * the picture shows its seconds.
 *
 * @module
 */
import { decode, encode } from "fast-png";
import { parseArgs } from "@std/cli";

const USAGE = "deno task picture [--from RUN] [--out FILE] [--no-sandbox]";
const BROWSER = "chromium";
/** Width in pixels of the page, as wide as two charts beside each other need. */
const WIDTH = 1000;
/** More than the parts that are shown take. */
const HEIGHT = 1600;
const SCALE = 1.5;
const MARGIN = 24;
/** Leaves the verdict, the first table and the first two charts. */
const CUT = `<style>main>:nth-child(n+3),.grid2>figure:nth-child(n+3),footer{display:none}
body{padding-bottom:0}</style>`;

/**
 * Takes a picture of a report's first part.
 *
 * @param run Folder of the run; a page is left there while the browser needs it.
 * @param options `isSandboxed`: false where Chromium runs as root, in a container.
 * @returns The picture, as PNG.
 * @throws {Error} If the run has no report, or Chromium is missing or fails; one line.
 */
export async function takePicture(run: string, { isSandboxed = true } = {}): Promise<Uint8Array> {
  const folder = await Deno.realPath(run);
  const [page, shot] = [`${folder}/picture.html`, `${folder}/picture.png`];
  await Deno.writeTextFile(
    page,
    (await Deno.readTextFile(`${folder}/report.html`)).replace("</head>", `${CUT}</head>`),
  );
  try {
    const args = [
      "--headless",
      "--hide-scrollbars",
      ...(isSandboxed ? [] : ["--no-sandbox"]),
      `--force-device-scale-factor=${SCALE}`,
      `--window-size=${WIDTH},${HEIGHT}`,
      `--screenshot=${shot}`,
      `file://${page}`,
    ];
    const { success, stderr } = await new Deno.Command(BROWSER, { args, stdout: "null", stderr: "piped" }).output();
    if (!success) throw new Error(`Chromium failed: ${new TextDecoder().decode(stderr).trim().split("\n").at(-1)}`);
    return trimBottom(await Deno.readFile(shot));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(`Cannot start ${BROWSER}: expected it to be installed (Debian: apt-get install chromium)`);
  } finally {
    await Promise.all([page, shot].map((file) => Deno.remove(file).catch(() => {})));
  }
}

/**
 * Cuts the empty rows off the bottom of a picture, but for a margin.
 *
 * @param png A picture, as PNG.
 * @returns The picture without them.
 */
export function trimBottom(png: Uint8Array): Uint8Array {
  const { width, height, channels, data } = decode(png);
  const stride = width * channels;
  const rowAt = (row: number) => data.subarray(row * stride, (row + 1) * stride);
  const ground = rowAt(height - 1);
  let last = height - 1;
  while (last > 0 && rowAt(last).every((value, i) => value === ground[i])) last--;
  const kept = Math.min(height, Math.ceil(last + 1 + MARGIN * SCALE));
  // Chromium writes eight bits a channel, and nothing is transparent: three channels are enough.
  const pixels = new Uint8Array(width * kept * 3);
  for (let pixel = 0; pixel < width * kept; pixel++) {
    for (let channel = 0; channel < 3; channel++) pixels[3 * pixel + channel] = data[channels * pixel + channel]!;
  }
  return encode({ width, height: kept, channels: 3, data: pixels });
}

if (import.meta.main) {
  const { from, out, sandbox } = parseArgs(Deno.args, {
    string: ["from", "out"],
    boolean: ["sandbox"],
    negatable: ["sandbox"],
    default: { from: "runs/demo-sign-language-digits-0", out: "docs/demo.png", sandbox: true },
  });
  try {
    await Deno.writeFile(out, await takePicture(from, { isSandboxed: sandbox }));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error} (${USAGE})`);
    Deno.exit(1);
  }
}
