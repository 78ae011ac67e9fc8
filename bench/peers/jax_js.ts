/**
 * A training step of the DARTS supernet in jax-js, wasm backend, compiled with jit:
 *
 *     deno run … bench/peers/jax_js.ts MODEL
 *
 * The supernet of the model; compiling more than one cell takes more than 4 GiB of heap and many minutes, so the table gives it
 * stem, one reduction cell (all 14 edges with all operations) and classifier. Its arrays count references: whatever is used again is passed as `x.ref`.
 *
 * @module
 */
import { serveRuns } from "./serve_runs.ts";
import { EPSILON, OPERATIONS, type Operations, readSupernet, runSupernet, SGD } from "./supernet_plan.ts";

/** Just what is used; the library's own types would make a check of this repository fetch it. */
// deno-lint-ignore no-explicit-any
type Any = any;

/** An array that gives a reference away at every use; the program's own is given back at the end. */
type Parameters = Record<string, Any>;

const VERSION = "0.1.25";
const specifier = `npm:@jax-js/jax@${VERSION}`;
const jax: Any = await import(specifier);
const { numpy: np, lax, nn } = jax;
await jax.init("wasm");
jax.defaultDevice("wasm");

const model = await readSupernet(Deno.args[0]!);
const depth = new Map(model.parameters.map(([name, { shape }]) => [name, shape]));

function operationsOn(parameters: Parameters): Operations<Any> {
  const weight = (name: string) => parameters[name].ref;
  return {
    relu: (x) => nn.relu(x.ref),
    convolution(x, name, stride) {
      const padding = Math.floor(depth.get(name)![2]! / 2);
      return lax.convGeneralDilated(x.ref, weight(name), [stride, stride], same(padding));
    },
    depthwise(x, name, { kernel, stride, dilation }) {
      const options = { rhsDilation: [dilation, dilation], featureGroupCount: x.shape[1] };
      const padding = same(dilation * Math.floor(kernel / 2));
      return lax.convGeneralDilated(x.ref, weight(name), [stride, stride], padding, options);
    },
    pool: (x, kind, stride) => kind === "max" ? maxPool(x, stride) : averagePool(x, stride),
    normalise(x, affine) {
      const mean = np.mean(x.ref, [0, 2, 3], { keepdims: true });
      const centred = x.ref.sub(mean);
      const variance = np.mean(np.square(centred.ref), [0, 2, 3], { keepdims: true });
      const y = centred.mul(np.reciprocal(np.sqrt(variance.add(EPSILON))));
      if (!affine) return y;
      const [gamma, beta] = ["weight", "bias"].map((part) => weight(`${affine}.${part}`).reshape([1, -1, 1, 1]));
      return y.mul(gamma).add(beta);
    },
    shift(x) {
      const [, , height, width] = x.shape;
      return np.pad(x.ref.slice([], [], [1, height], [1, width]), [[0, 0], [0, 0], [0, 1], [0, 1]]);
    },
    concat: (xs) => np.concatenate(xs.map((x) => x.ref), 1),
    add: (x, y) => x.ref.add(y.ref),
    mix: (x, type, edge, operation) => x.ref.mul(weight(`mixing.${type}`).slice(edge, operation)),
  };
}

function same(padding: number): [number, number][] {
  return [[padding, padding], [padding, padding]];
}

const pads = () => [[0, 0], [0, 0], [1, 1], [1, 1]];

/** Zero padding, and then far below everything where it is padding. */
function maxPool(x: Any, stride: 1 | 2): Any {
  const [, , height, width] = x.shape;
  const outside = np.pad(np.zeros([height, width]), [[1, 1], [1, 1]]).add(
    np.pad(np.ones([height, width]), [[1, 1], [1, 1]]).sub(1).mul(1e9),
  );
  const padded = np.pad(x.ref, pads()).add(outside);
  return lax.reduceWindow(padded, (window: Any) => np.max(window), [1, 1, 3, 3], [1, 1, stride, stride]);
}

function averagePool(x: Any, stride: 1 | 2): Any {
  const sum = (y: Any) =>
    lax.reduceWindow(np.pad(y, pads()), (window: Any) => np.sum(window), [1, 1, 3, 3], [1, 1, stride, stride]);
  const [, , height, width] = x.shape;
  return sum(x.ref).div(sum(np.ones([1, 1, height, width])));
}

function lossOf(parameters: Parameters): Any {
  const output = runSupernet(operationsOn(parameters), images, model.cells);
  const features = np.mean(output, [2, 3]);
  const logits = np.matmul(features, parameters["classifier.weight"].ref.transpose()).add(
    parameters["classifier.bias"].ref,
  );
  return np.mean(np.sum(labels.ref.mul(nn.logSoftmax(logits, -1)), 1)).mul(-1);
}

const images = np.array(model.images.data).reshape([...model.images.shape]);
const labels = nn.oneHot(np.array(Int32Array.from(model.labels)), 10);
const even = () => np.ones([model.edges, OPERATIONS]).mul(1 / OPERATIONS);
let parameters: Parameters = { "mixing.normal": even(), "mixing.reduce": even() };
for (const [name, { shape, data }] of model.parameters) parameters[name] = np.array(data).reshape([...shape]);
let momenta: Parameters = {};
for (const [name] of model.parameters) momenta[name] = np.zeros([...depth.get(name)!]);

/** SGD with clipping over everything but the mixing weights, whose gradient is computed only. */
function update(old: Parameters, velocities: Parameters): [Any, Parameters, Parameters, Any] {
  const [loss, gradients] = jax.valueAndGrad((p: Parameters) => lossOf(p))(old);
  const names = Object.keys(velocities);
  const squares = names.map((name) => np.sum(np.square(gradients[name].ref)));
  const norm = np.sqrt(squares.reduce((sum, square) => sum.add(square)));
  const scale = np.minimum(np.array(1), np.reciprocal(norm.add(1e-6)).mul(SGD.clip));
  const [weights, moved]: [Parameters, Parameters] = [{}, {}];
  for (const name of names) {
    const full = gradients[name].mul(scale.ref).add(old[name].ref.mul(SGD.weightDecay));
    moved[name] = velocities[name].ref.mul(SGD.momentum).add(full);
    weights[name] = old[name].ref.sub(moved[name].ref.mul(SGD.learningRate));
  }
  const mixing = ["normal", "reduce"].map((type) => np.sum(gradients[`mixing.${type}`]));
  for (const type of ["normal", "reduce"]) weights[`mixing.${type}`] = old[`mixing.${type}`].ref;
  return [loss, weights, moved, mixing[0].add(mixing[1])];
}

const compiled = jax.jit(update);

async function step(): Promise<number> {
  const [loss, weights, moved, mixing] = compiled(parameters, momenta);
  await jax.blockUntilReady([weights, moved, mixing]);
  [parameters, momenta] = [weights, moved];
  return loss.js();
}

model.checkLosses([await step(), await step()]);
await serveRuns(
  { jaxJs: VERSION, backend: jax.defaultDevice(), part: `supernet of ${model.cells} cells` },
  async () => {
    const start = performance.now();
    await step();
    return { seconds: (performance.now() - start) / 1000 };
  },
);
Deno.exit(0);
