/**
 * Networks in other programs: pages, servers, edge workers. {@linkcode load} a file, {@linkcode Model.predict}, {@linkcode Model.finetune}.
 *
 * Runs wherever WebAssembly with SIMD does, and asks for no permission.
 *
 * @module
 */
export type { PictureShape } from "../engine/mod.ts";
export { type About, type Precision, PRECISIONS } from "../formats/mod.ts";
export type { Cell, CellEdge, CellState } from "../spaces/mod.ts";
export type { FinetuneOptions, FinetuneProgress } from "./finetune.ts";
export * from "./load.ts";
export { Model, type Prediction, type PredictOptions } from "./model.ts";
export type { Decoder, Picture, Pixels } from "./picture.ts";
