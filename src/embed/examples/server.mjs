// Names what raw pictures show, in Node, Bun or Deno: node server.mjs model.rootstock picture.rgba 32 32
//
// Beside it lie the files of `deno task embed`.
import { readFile } from "node:fs/promises";
import { argv } from "node:process";
import { load } from "./rootstock.js";

const [network, picture, width, height] = argv.slice(2);
const model = await load(await readFile(network));
const pixels = { data: await readFile(picture), width: Number(width), height: Number(height) };
for (const { label, probability } of await model.predict(pixels, { top: 3 })) {
  console.log(`${(100 * probability).toFixed(1).padStart(5)} %  ${label}`);
}
