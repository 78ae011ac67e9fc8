import type { Exporter } from "./exporter.ts";

/** The network as a graph of operators that takes pictures as they are and gives probabilities. */
export const onnxExporter: Exporter = {
  name: "onnx",
  describe: "network for onnxruntime and others, from pixels to probabilities",
  extension: "onnx",
  precisions: ["f32", "int8"],
  // The library of the format is loaded with the first such file.
  write: async (model, request) => (await import("../onnx/write.ts")).writeOnnx(model, request),
  classify: async (content, images, { input, runtime }) => {
    const [{ classifyWithOnnx }, { onnxOpener }] = await Promise.all([
      import("../onnx/run.ts"),
      import("../onnx/session.ts"),
    ]);
    return await classifyWithOnnx(content, images, { open: await onnxOpener(runtime), input });
  },
};
