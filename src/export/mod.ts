/**
 * Formats in which a finished network leaves the program, one a file.
 *
 * @module
 */
export * from "./card.ts";
export * from "./exporters/exporter.ts";
export * from "./exporters/images.ts";
export * from "./exporters/table.ts";
export * from "./onnx/input_kind.ts";
