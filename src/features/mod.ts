/**
 * Frozen features: what a trained network that learns no more says of images, and the head that is fitted to that.
 *
 * {@linkcode networkFeatures} takes them of an entry of the zoo, {@linkcode onnxFeatures} of any ONNX file.
 *
 * @module
 */
export * from "./features.ts";
export * from "./network_features.ts";
export * from "./onnx_features.ts";
