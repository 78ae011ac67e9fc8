/**
 * Files of ONNX: their messages, and the library that runs them.
 *
 * @module
 */
export * from "./onnx_pb.ts";
export * from "./runtime.ts";
