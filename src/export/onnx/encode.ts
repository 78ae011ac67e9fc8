import project from "../../../deno.json" with { type: "json" };
import { create, toBinary } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from "../../onnx/mod.ts";
import type { OnnxConstant, OnnxData, OnnxGraph, OnnxNode } from "./graph.ts";

/** What every runtime of the last four years reads. */
const OPSET = 17n, IR_VERSION = 8n;

/** A tensor that enters or leaves a graph. */
export interface OnnxPort {
  /** Its name. */
  readonly name: string;
  /** Type of its numbers. */
  readonly type: "uint8" | "float";
  /** Sizes; a word is the name of a size that is only known when the graph runs. */
  readonly shape: readonly (number | string)[];
}

/** What stands in a file beside its graph. */
export interface OnnxHeader {
  /** Text for people. */
  readonly text?: string | undefined;
  /** Texts for programs, by their keys; what is undefined is left out. */
  readonly metadata?: Readonly<Record<string, string | undefined>> | undefined;
  /** What the graph reads. */
  readonly inputs: readonly OnnxPort[];
  /** What it makes. */
  readonly outputs: readonly OnnxPort[];
}

/**
 * Writes a graph as an ONNX file. Equal graphs give equal bytes.
 *
 * @param graph The graph.
 * @param header What stands beside it.
 * @returns The whole file.
 */
export function encodeOnnx(graph: OnnxGraph, header: OnnxHeader): Uint8Array<ArrayBuffer> {
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    opsetImport: [{ domain: "", version: OPSET }],
    producerName: "rootstock",
    producerVersion: project.version,
    docString: header.text ?? "",
    metadataProps: Object.entries(header.metadata ?? {}).flatMap(([key, value]) =>
      value === undefined ? [] : [{ key, value }]
    ),
    graph: {
      name: "network",
      node: graph.nodes.map(encodeNode),
      initializer: Array.from(graph.constants, encodeConstant),
      input: header.inputs.map(encodePort),
      output: header.outputs.map(encodePort),
    },
  });
  return toBinary(ModelProtoSchema, model);
}

function encodeNode({ type, inputs, output, attributes }: OnnxNode) {
  return create(NodeProtoSchema, {
    opType: type,
    input: [...inputs],
    output: [output],
    attribute: Object.entries(attributes).map(encodeAttribute),
  });
}

function encodeAttribute([name, value]: [string, number | readonly number[]]): AttributeProto {
  return typeof value === "number"
    ? create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) })
    : create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INTS, ints: value.map(BigInt) });
}

function encodeConstant([name, { shape, data }]: [string, OnnxConstant]) {
  return create(TensorProtoSchema, {
    name,
    dims: shape.map(BigInt),
    dataType: dataType(data),
    rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
  });
}

function dataType(data: OnnxData): TensorProto_DataType {
  if (data instanceof Float32Array) return TensorProto_DataType.FLOAT;
  if (data instanceof Int8Array) return TensorProto_DataType.INT8;
  if (data instanceof Int32Array) return TensorProto_DataType.INT32;
  return data instanceof Uint8Array ? TensorProto_DataType.UINT8 : TensorProto_DataType.INT64;
}

function encodePort({ name, type, shape }: OnnxPort) {
  const elemType = type === "uint8" ? TensorProto_DataType.UINT8 : TensorProto_DataType.FLOAT;
  const dim = shape.map((size) => ({
    value: typeof size === "number"
      ? { case: "dimValue" as const, value: BigInt(size) }
      : { case: "dimParam" as const, value: size },
  }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: "tensorType" as const, value: { elemType, shape: { dim } } } },
  });
}
