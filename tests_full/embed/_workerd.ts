/**
 * Runs a worker of the bundled library in workerd, which compiles no code: the module is imported and handed in. Arguments: folder with
 * `node_modules`, folder of the worker (`worker.js` and all that it imports), path of the request, file with its body. Prints the answer
 * and the milliseconds of the first and of the second request.
 *
 * @module
 */
import { createRequire } from "node:module";

const [folder = "", bundle = "", path = "/", body = ""] = Deno.args;
const { Miniflare } = createRequire(`${folder}/`)("miniflare");

const modules: object[] = [];
for await (const { name } of Deno.readDir(bundle)) {
  const contents = await Deno.readFile(`${bundle}/${name}`);
  const text = () => new TextDecoder().decode(contents);
  if (name.endsWith(".wasm")) modules.push({ type: "CompiledWasm", path: name, contents });
  else if (!name.endsWith(".js")) modules.push({ type: "Data", path: name, contents });
  // The first one is the worker.
  else if (name === "worker.js") modules.unshift({ type: "ESModule", path: name, contents: text() });
  else modules.push({ type: "ESModule", path: name, contents: text() });
}
const worker = new Miniflare({ modules, compatibilityDate: "2026-01-01" });
await worker.ready;
const ask = async () => {
  const start = performance.now();
  const request = body === "" ? {} : { method: "POST", body: await Deno.readFile(body) };
  const answer = await (await worker.dispatchFetch(`http://localhost${path}`, request)).json();
  return { answer, milliseconds: performance.now() - start };
};
const [first, second] = [await ask(), await ask()];
console.log(JSON.stringify({ answer: second.answer, milliseconds: [first.milliseconds, second.milliseconds] }));
await worker.dispose();
