import { fromBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema, TensorProto_DataType } from "../onnx/mod.ts";

/** What an ONNX file says of itself that its runtime does not tell. */
export interface OnnxDescription {
  /** Numbers of its initialisers that are of a floating-point type: its weights. */
  readonly parameters: number;
  /** Its own metadata. */
  readonly metadata: ReadonlyMap<string, string>;
}

const { FLOAT, FLOAT16, DOUBLE, BFLOAT16 } = TensorProto_DataType;
const FLOATS: readonly (number | undefined)[] = [FLOAT, FLOAT16, DOUBLE, BFLOAT16];

/**
 * Reads what stands in an ONNX file beside its operations.
 *
 * @param bytes Content of the file.
 * @returns Number of its weights, and its metadata.
 * @throws {Error} If it is no protocol buffer; the library's message.
 */
export function describeOnnx(bytes: Uint8Array): OnnxDescription {
  const { graph, metadataProps } = fromBinary(ModelProtoSchema, bytes);
  const weights = (graph?.initializer ?? []).filter(({ dataType }) => FLOATS.includes(dataType));
  return {
    parameters: weights.reduce((sum, { dims }) => sum + dims.reduce((size, side) => size * Number(side), 1), 0),
    metadata: new Map(metadataProps.map(({ key, value }) => [key ?? "", value ?? ""])),
  };
}
