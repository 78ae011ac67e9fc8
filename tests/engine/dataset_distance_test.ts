import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Engine, type LabelledFeatures } from "../../src/engine/mod.ts";
import { withEngine } from "./_tiny.ts";

/** Clusters of random points about centres of their own. */
function clusters(engine: Engine, count: number, seed: number): LabelledFeatures {
  const [dimension, classes] = [20, 3];
  const noise = engine.normals(count * dimension, seed, 0);
  const labels = Uint8Array.from({ length: count }, (_, i) => (i * 7) % classes);
  const centres = engine.normals(classes * dimension, seed, 1);
  const features = noise.map((value, at) => {
    const centre = centres[labels[Math.floor(at / dimension)]! * dimension + at % dimension]!;
    return value + 2 * centre;
  });
  return { features, labels, classes };
}

/** The same images in another order, their classes numbered otherwise. */
function mixed({ features, labels, classes }: LabelledFeatures, order: Uint32Array): LabelledFeatures {
  const dimension = features.length / labels.length;
  const rows = [...order].flatMap((i) => [...features.subarray(i * dimension, (i + 1) * dimension)]);
  return {
    features: Float32Array.from(rows),
    labels: Uint8Array.from(order, (i) => classes - labels[i]!),
    classes: classes + 1,
  };
}

for (const build of ["strict", "relaxed"] as const) {
  Deno.test(`Engine.datasetDistance() gives the same bits with one, two and three threads (${build})`, async () => {
    const results: unknown[] = [];
    for (const threads of [1, 2, 3]) {
      const engine = await Engine.start({ build, threads });
      results.push(engine.datasetDistance(clusters(engine, 150, 1), clusters(engine, 131, 2)));
      engine.close();
    }
    assertEquals(results[1], results[0]);
    assertEquals(results[2], results[0]);
  });
}

Deno.test("Engine.datasetDistance() is zero for a dataset with itself, symmetric, and independent of order", () =>
  withEngine((engine) => {
    const [a, b] = [clusters(engine, 100, 1), clusters(engine, 80, 2)];
    const { distance, between } = engine.datasetDistance(a, b);
    const rounding = 5e-6 * between.meanCost;
    assert(distance > 0.01 * between.meanCost);
    assertAlmostEquals(engine.datasetDistance(a, a).distance, 0, rounding);
    assertAlmostEquals(engine.datasetDistance(b, a).distance, distance, rounding);
    const other = mixed(a, engine.permutation(100, 3, 0));
    assertAlmostEquals(engine.datasetDistance(other, b).distance, distance, rounding);
    assertAlmostEquals(engine.datasetDistance(a, other).distance, 0, rounding);
  }));

Deno.test("Engine.datasetDistance() knows classes of more images than features, whose covariances have a low rank", () =>
  withEngine((engine) => {
    const [count, dimension] = [120, 12];
    // Products of whole numbers are exact: nothing but the eigenvalues rounds.
    const features = engine.normals(count * dimension, 1, 0).map((value) => Math.round(3 * value));
    const side = (features: Float32Array) => ({ features, labels: new Uint8Array(count), classes: 1 });
    const found = engine.datasetDistance(side(features), side(features.map((value) => value + 8)));
    // Both the images and their class have moved by as much.
    assertAlmostEquals(found.distance, 2 * dimension * 8 ** 2, 1e-2 * found.distance);
  }));

Deno.test("Engine.datasetDistance() takes bytes as byte / 255 and scales with the features", () =>
  withEngine((engine) => {
    const bytes = (seed: number) => engine.normals(60 * 9, seed, 0).map((x) => Math.max(0, 128 + 40 * x));
    const labels = Uint8Array.from({ length: 60 }, (_, i) => i % 4);
    const side = (features: Float32Array | Uint8Array) => ({ features, labels, classes: 4 });
    const [a, b] = [Uint8Array.from(bytes(1)), Uint8Array.from(bytes(2), (x) => x / 2)];
    const small = engine.datasetDistance(side(a), side(b));
    const large = engine.datasetDistance(side(Float32Array.from(a)), side(Float32Array.from(b)));
    assertAlmostEquals(large.distance / 255 ** 2, small.distance, 1e-5 * small.distance);
  }));

Deno.test("Engine.datasetDistance() of classes without images is not a number, and of one image is defined", () =>
  withEngine((engine) => {
    const one = { features: Float32Array.of(0, 0), labels: [2], classes: 3 };
    const other = { features: Float32Array.of(3, 4), labels: [0], classes: 1 };
    const { distance, labelDistances } = engine.datasetDistance(one, other);
    assertAlmostEquals(distance, 50, 1e-4);
    assertEquals([...labelDistances], [NaN, NaN, 25]);
  }));

Deno.test("Engine.datasetDistance() refuses what does not fit, in one line, and works afterwards", () =>
  withEngine((engine) => {
    const good = { features: new Float32Array(12).fill(1), labels: [0, 1, 0, 1], classes: 2 };
    const refuses = (change: Partial<LabelledFeatures>, words: string, options = {}) => {
      const error = assertThrows(() => engine.datasetDistance({ ...good, ...change }, good, options), Error, words);
      assert(!error.message.includes("\n"));
    };
    refuses({ labels: [] }, "Cannot compare datasets: the first has 0 points, expected 1 to 8192");
    refuses({ features: new Float32Array(13) }, "13 features of 4 points");
    refuses({ features: new Float32Array(8) }, "found 2 and 3 features a point");
    refuses({ features: new Float32Array() }, "0 features");
    refuses({ labels: [0, 1, 2, 1] }, "label 2");
    refuses({ classes: 0 }, "0 classes");
    refuses({ classes: 2 ** 31 }, "classes");
    refuses({ features: new Float32Array(12).fill(Infinity) }, "feature 0");
    refuses({ features: new Float32Array(12).fill(1e30) }, "feature 0");
    for (const epsilon of [0, -1, NaN, Infinity, 1e6]) {
      refuses({}, `Cannot compare datasets: epsilon is ${epsilon}, expected 0.0001 to 100`, { epsilon });
    }
    for (const tolerance of [0, 1, NaN]) refuses({}, `tolerance is ${tolerance}`, { tolerance });
    for (const iterations of [0, 1.5, NaN, 1e9]) refuses({}, `iterations is ${iterations}`, { iterations });
    assertAlmostEquals(engine.datasetDistance(good, good).distance, 0);
  }));
