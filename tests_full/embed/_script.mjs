/**
 * Asks the bundled library in a runtime with files: Node, Bun, Deno. Arguments: folder of the bundle, network, script with the questions.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";

const [bundle, network, questions] = process.argv.slice(2);
const { load } = await import(pathToFileURL(`${bundle}/rootstock.js`).href);
const { askEverything } = await import(pathToFileURL(questions).href);
console.log(JSON.stringify(await askEverything(load, readFileSync(network))));
