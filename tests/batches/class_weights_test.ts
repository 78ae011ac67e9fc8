import { assertAlmostEquals, assertEquals } from "@std/assert";
import { balancedWeights } from "../../src/batches/mod.ts";

const part = (labels: number[], classes: number, firstClass = 0) => ({ labels, classes, firstClass });

Deno.test("balancedWeights() are scikit-learn's", () => {
  // n_samples / (n_classes * np.bincount(y)) of y = [0] * 6 + [1] * 3 + [2].
  const weights = balancedWeights([part([0, 0, 0, 1, 0, 0, 2, 1, 1, 0], 3)]);
  assertEquals(weights, Float32Array.of(10 / 18, 10 / 9, 10 / 3));
});

Deno.test("balancedWeights() give each class the same share of the loss, and images a mean weight of 1", () => {
  const labels = Array.from({ length: 200 }, (_, i) => Math.floor(Math.sqrt(i / 4)) % 7);
  const weights = balancedWeights([part(labels, 7)]);
  const shares = Array.from(weights, (weight, label) => weight * labels.filter((other) => other === label).length);
  for (const share of shares) assertAlmostEquals(share, 200 / 7, 1e-4);
});

Deno.test("balancedWeights() of several datasets are those of each alone; a class without images weighs 1", () => {
  const [first, second] = [part([0, 1, 1, 1], 2), part([0, 0, 2], 3, 2)];
  const alone = [balancedWeights([first]), balancedWeights([{ ...second, firstClass: 0 }])];
  assertEquals([...balancedWeights([first, second])], [...alone[0]!, ...alone[1]!]);
  assertEquals([...alone[1]!], [0.75, 1, 1.5]);
});

Deno.test("balancedWeights() of equal classes are exactly 1", () => {
  assertEquals(balancedWeights([part([0, 1, 2, 2, 1, 0], 3)]), new Float32Array(3).fill(1));
});
