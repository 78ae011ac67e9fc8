/**
 * A training step of the DARTS supernet in TensorFlow.js, cpu backend (its wasm backend has no gradients of convolutions):
 *
 *     deno run … bench/peers/tensorflow.ts MODEL
 *
 * The whole supernet of the model. Gradients of dilated depthwise convolutions do not exist there, so these are put together from what
 * has gradients, at no more arithmetic: pixels of equal parity make four small images (one at stride 2), which are convolved
 * without dilation.
 *
 * @module
 */
import { serveRuns } from "./serve_runs.ts";
import { EPSILON, OPERATIONS, type Operations, readSupernet, runSupernet, SGD } from "./supernet_plan.ts";

/** Just what is used; the library's own types would make a check of this repository fetch it. */
// deno-lint-ignore no-explicit-any
type Tensor = any;

const specifier = "npm:@tensorflow/tfjs@4.22.0";
const tf: Tensor = await import(specifier);
await tf.setBackend("cpu");

const model = await readSupernet(Deno.args[0]!);
/** Layout NHWC; weights [height, width, in, out], depthwise [height, width, channels, 1]. */
const weights = new Map<string, Tensor>(model.parameters.map(([name, { shape, data }]) => {
  const tensor = tf.tensor(data, shape);
  const isDepthwise = shape.length === 4 && shape[1] === 1 && shape[2]! > 1 && name !== "stem.0.weight";
  const axes = isDepthwise ? [2, 3, 0, 1] : [2, 3, 1, 0];
  return [name, tf.variable(shape.length === 4 ? tf.transpose(tensor, axes) : tensor)];
}));
const mixing = new Map<string, Tensor>(
  ["normal", "reduce"].map((type) => [type, tf.variable(tf.fill([model.edges, OPERATIONS], 1 / OPERATIONS))]),
);
const momenta = new Map([...weights].map(([name, weight]) => [name, tf.variable(tf.zerosLike(weight))]));
const images = tf.transpose(tf.tensor(model.images.data, model.images.shape), [0, 2, 3, 1]);
const labels = tf.oneHot(tf.tensor1d(model.labels, "int32"), 10);

const operations: Operations<Tensor> = {
  relu: (x) => tf.relu(x),
  convolution: (x, weight, stride) => tf.conv2d(x, weights.get(weight), stride, "same"),
  depthwise(x, weight, { kernel, stride, dilation }) {
    const padding = Math.floor(kernel / 2);
    if (dilation === 1) return tf.depthwiseConv2d(x, weights.get(weight), stride, padding);
    const even = (size: number) => Math.ceil(size / 2);
    const [, height, width] = x.shape;
    if (stride === 2) {
      const first = parity(x, height, width);
      return tf.depthwiseConv2d(first, weights.get(weight), 1, padding);
    }
    const pads = [[0, 2 * even(height) - height], [0, 2 * even(width) - width]];
    const parts = tf.spaceToBatchND(x, [2, 2], pads);
    const result = tf.depthwiseConv2d(parts, weights.get(weight), 1, padding);
    return tf.batchToSpaceND(result, [2, 2], pads);
  },
  pool: (x, kind, stride) => kind === "max" ? tf.maxPool(x, 3, stride, 1) : averagePool(x, stride),
  normalise(x, affine) {
    const { mean, variance } = tf.moments(x, [0, 1, 2], true);
    const y = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, EPSILON)));
    return affine ? tf.add(tf.mul(y, weights.get(`${affine}.weight`)), weights.get(`${affine}.bias`)) : y;
  },
  shift(x) {
    const [, height, width] = x.shape;
    return tf.pad(tf.slice(x, [0, 1, 1, 0], [-1, height - 1, width - 1, -1]), [[0, 0], [0, 1], [0, 1], [0, 0]]);
  },
  concat: (xs) => tf.concat(xs, 3),
  add: (x, y) => tf.add(x, y),
  mix: (x, type, edge, operation) => tf.mul(x, tf.reshape(tf.slice(mixing.get(type), [edge, operation], [1, 1]), [])),
};

/** Every second row and column from the first. */
function parity(x: Tensor, height: number, width: number): Tensor {
  const [count, , , channels] = x.shape;
  const padded = tf.pad(x, [[0, 0], [0, height % 2], [0, width % 2], [0, 0]]);
  const [rows, columns] = [(height + height % 2) / 2, (width + width % 2) / 2];
  const byRow = tf.slice(tf.reshape(padded, [count * rows, 2, 2 * columns, channels]), [0, 0, 0, 0], [-1, 1, -1, -1]);
  const byColumn = tf.slice(tf.reshape(byRow, [count * rows * columns, 1, 2, channels]), [0, 0, 0, 0], [-1, -1, 1, -1]);
  return tf.reshape(byColumn, [count, rows, columns, channels]);
}

/** The library's gradient of its average pooling takes padded pixels for averaged ones, so the sum is divided by counts. */
function averagePool(x: Tensor, stride: 1 | 2): Tensor {
  const sum = (y: Tensor) => tf.avgPool(tf.pad(y, [[0, 0], [1, 1], [1, 1], [0, 0]]), 3, stride, "valid");
  return tf.div(sum(x), tf.stopGradient ? tf.stopGradient(sum(tf.onesLike(x))) : sum(tf.onesLike(x)));
}

function lossOf(): Tensor {
  const output = runSupernet(operations, images, model.cells);
  const logits = tf.add(
    tf.matMul(tf.mean(output, [1, 2]), weights.get("classifier.weight"), false, true),
    weights.get("classifier.bias"),
  );
  return tf.mean(tf.neg(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), 1)));
}

function step(): number {
  return tf.tidy(() => {
    const { value, grads } = tf.variableGrads(lossOf);
    const gradient = (variable: Tensor) => grads[variable.name];
    const square = [...weights.values()].map((weight) => tf.sum(tf.square(gradient(weight))));
    const norm = Math.sqrt(tf.addN(square).dataSync()[0]);
    const scale = Math.min(1, SGD.clip / (norm + 1e-6));
    for (const [name, weight] of weights) {
      const full = tf.add(tf.mul(gradient(weight), scale), tf.mul(weight, SGD.weightDecay));
      const momentum = momenta.get(name)!;
      momentum.assign(tf.add(tf.mul(momentum, SGD.momentum), full));
      weight.assign(tf.sub(weight, tf.mul(momentum, SGD.learningRate)));
    }
    return value.dataSync()[0];
  });
}

model.checkLosses([step(), step()]);
await serveRuns(
  { tensorflowjs: tf.version_core, backend: tf.getBackend(), threads: 1, part: `supernet of ${model.cells} cells` },
  () => {
    const start = performance.now();
    step();
    return { seconds: (performance.now() - start) / 1000 };
  },
);
Deno.exit(0);
