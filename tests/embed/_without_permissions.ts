/**
 * Predicts with the network that it reads from its input.
 *
 * @module
 */
import { load } from "../../src/embed/mod.ts";
import { drawWaves } from "./_pictures.ts";

const model = await load(await new Response(Deno.stdin.readable).arrayBuffer());
console.log(`${(await model.predict(drawWaves(50, 40))).length} classes`);
