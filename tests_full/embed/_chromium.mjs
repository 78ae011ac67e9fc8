/**
 * Asks the bundled library on a page, in Chromium. Arguments: folder with `node_modules`, folder of the bundle, network, script with the
 * questions, `isolated` for a page that may share memory. The page may run scripts of its own origin and WebAssembly, nothing else. Node runs this: playwright
 * looks at files below /proc, for which Deno asks for every permission.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import process from "node:process";

const [folder, bundle, network, questions, isolated] = process.argv.slice(2);
const { chromium } = createRequire(`${folder}/`)("playwright-core");

const PAGE = `<!doctype html><title>embed</title><output></output><script type="module" src="ask.js"></script>`;
const SCRIPT = `
import { load } from "./bundle/rootstock.js";
import { askEverything, drawWaves } from "./questions.js";
const output = document.querySelector("output");
try {
  const network = await (await fetch("./network.bin")).arrayBuffer();
  const answer = await askEverything(load, network);
  const { data, width, height } = drawWaves(32, 32, 4);
  const opaque = data.map((byte, i) => i % 4 === 3 ? 255 : byte);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(opaque), width, height), 0, 0);
  const model = await load(network);
  const ofPixels = await model.predict({ data: opaque, width, height });
  const ofFile = await model.predict(await canvas.convertToBlob());
  const isDecoded = JSON.stringify(ofPixels) === JSON.stringify(ofFile);
  output.textContent = JSON.stringify({ answer, isDecoded, isIsolated: crossOriginIsolated });
} catch (error) {
  output.textContent = String(error.stack);
}`;

const headers = {
  "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
  ...(isolated === "isolated" && {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
  }),
};

/** Type and content of an address, if there is something. */
async function find(path) {
  if (path === "/") return ["text/html", PAGE];
  if (path === "/ask.js") return ["text/javascript", SCRIPT];
  if (path === "/questions.js") return ["text/javascript", await readFile(questions)];
  if (path === "/network.bin") return ["application/octet-stream", await readFile(network)];
  const [, name] = /^\/bundle\/([\w-]+\.(?:js|wasm))$/.exec(path) ?? [];
  if (name === undefined) return undefined;
  return [name.endsWith(".wasm") ? "application/wasm" : "text/javascript", await readFile(`${bundle}/${name}`)];
}

const server = createServer(async ({ url }, response) => {
  const found = await find(url);
  response.writeHead(found ? 200 : 404, { ...headers, "content-type": found?.[0] ?? "text/plain" });
  response.end(found?.[1]);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);
const output = await page.waitForSelector("output:not(:empty)", { timeout: 120_000 });
console.log(await output.textContent());
await browser.close();
server.close();
