import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** What an ONNX file says of itself that its runtime does not tell. */
export interface OnnxDescription {
  /** Numbers of its initialisers that are of a floating-point type: its weights. */
  readonly parameters: number;
  /** Its own metadata. */
  readonly metadata: ReadonlyMap<string, string>;
}

// Numbers of the fields of onnx.proto3 (https://github.com/onnx/onnx, onnx/onnx.proto3) that are read here.
const MODEL = { graph: 7, metadata: 14 };
const GRAPH = { initialiser: 5 };
const TENSOR = { dims: 1, type: 2 };
const ENTRY = { key: 1, value: 2 };

/** float, float16, double, bfloat16. */
const FLOATS = [1, 10, 11, 16];

/**
 * Reads what stands in an ONNX file beside its operations.
 *
 * @param bytes Content of the file.
 * @returns Number of its weights, and its metadata.
 * @throws {Error} If it is no protocol buffer; the library's message.
 */
export function describeOnnx(bytes: Uint8Array): OnnxDescription {
  const metadata = new Map<string, string>();
  let parameters = 0;
  eachField(bytes, (field, reader) => {
    if (field === MODEL.metadata) {
      const { key, value } = readEntry(reader.bytes());
      metadata.set(key, value);
    } else if (field === MODEL.graph) {
      parameters += countWeights(reader.bytes());
    } else return false;
    return true;
  });
  return { parameters, metadata };
}

function countWeights(graph: Uint8Array): number {
  let weights = 0;
  eachField(graph, (field, reader) => {
    if (field !== GRAPH.initialiser) return false;
    weights += countFloats(reader.bytes());
    return true;
  });
  return weights;
}

/** Elements of a tensor of a floating-point type; 0 of any other. */
function countFloats(tensor: Uint8Array): number {
  let [count, type] = [1, 0];
  eachField(tensor, (field, reader, wire) => {
    if (field === TENSOR.type) type = reader.int32();
    else if (field === TENSOR.dims && wire === WireType.LengthDelimited) {
      const packed = new BinaryReader(reader.bytes());
      while (packed.pos < packed.len) count *= Number(packed.int64());
    } else if (field === TENSOR.dims) count *= Number(reader.int64());
    else return false;
    return true;
  });
  return FLOATS.includes(type) ? count : 0;
}

function readEntry(bytes: Uint8Array): { key: string; value: string } {
  const entry = { key: "", value: "" };
  eachField(bytes, (field, reader) => {
    if (field === ENTRY.key) entry.key = reader.string();
    else if (field === ENTRY.value) entry.value = reader.string();
    else return false;
    return true;
  });
  return entry;
}

/** Calls a function with each field of a message; what it does not read, and says so, is passed over. */
function eachField(
  message: Uint8Array,
  read: (field: number, reader: BinaryReader, wire: WireType) => boolean,
): void {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (!read(field, reader, wire)) reader.skip(wire, field);
  }
}
