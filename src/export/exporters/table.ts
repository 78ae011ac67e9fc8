import { didYouMean } from "../../text/mod.ts";
import { dotExporter } from "./dot.ts";
import type { Exporter } from "./exporter.ts";
import { onnxExporter } from "./onnx.ts";
import { rootstockExporter } from "./rootstock.ts";
import { safetensorsExporter } from "./safetensors.ts";

/** The formats, one row each. */
const EXPORTERS: Exporter[] = [onnxExporter, rootstockExporter, safetensorsExporter, dotExporter];

/**
 * Adds a format to those that `export` knows.
 *
 * @param exporter The row.
 * @throws {RangeError} If there is one of this name.
 */
export function registerExporter(exporter: Exporter): void {
  if (EXPORTERS.some(({ name }) => name === exporter.name)) {
    throw new RangeError(
      `Cannot register exporter ${JSON.stringify(exporter.name)}: there is one of this name already`,
    );
  }
  EXPORTERS.push(exporter);
}

/** All formats, in the order of their registration. */
export function listExporters(): readonly Exporter[] {
  return EXPORTERS;
}

/**
 * Finds a format.
 *
 * @param name Its name.
 * @returns Its row of the table.
 * @throws {RangeError} If there is none; names those that there are.
 */
export function exporterOf(name: string): Exporter {
  const exporter = EXPORTERS.find((exporter) => exporter.name === name);
  if (exporter !== undefined) return exporter;
  const names = EXPORTERS.map(({ name }) => name);
  throw new RangeError(
    `Cannot export: format is ${JSON.stringify(name)}, expected one of ${names.join(", ")}${didYouMean(name, names)}`,
  );
}
