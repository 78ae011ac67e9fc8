import { assert, assertLess } from "@std/assert";
import { type Build, Engine } from "../../src/engine/mod.ts";
import { type Case, programOf, readFixture, relativeError, sourceOf, writeParameters } from "./_fixtures.ts";

/** The contract's bound: every layer, forward and backward, against PyTorch. */
const BOUND = 1e-4;

const { description: { cases }, arrays } = await readFixture<{ cases: Case[] }>("kernels");

for (const build of ["strict", "relaxed", "single"] as Build[]) {
  for (const isWide of [false, true]) {
    Deno.test(`layers (${build}, ${isWide ? 8 : 4} lanes) agree with PyTorch forward and backward`, async (t) => {
      const engine = await Engine.start({ build, threads: 2 });
      assert(cases.length >= 40);
      for (const description of cases) {
        await t.step(description.name, () => check(engine, description, isWide));
      }
      engine.close();
    });
  }
}

function check(engine: Engine, description: Case, isWide: boolean): void {
  const { name, count, gradientFloor } = description;
  const expected = (key: string) => arrays.get(`${name}/${key}`)!.data;
  const network = engine.compile(programOf(description), { batch: count });
  network.setWide(isWide);
  const source = sourceOf(engine, description, arrays);
  writeParameters(network, description, arrays);
  const near = (what: string, found: ArrayLike<number>, wanted: ArrayLike<number>, floor?: number) =>
    assertLess(relativeError(found, wanted, floor), BOUND, `${name}: ${what}`);

  const result = network.backward(source, { weightGradients: true });
  near("loss", [result.loss], [description.loss]);
  near("logits", network.logits(), expected("logits"));
  for (const parameter of network.parameters) {
    near(
      parameter.name,
      network.read(parameter.name, "gradient"),
      expected(`gradient/${parameter.name}`),
      gradientFloor,
    );
  }
  if (description.mixingCount > 0) {
    near("mixing gradient", network.mixingGradient(), expected("mixing_gradient"), gradientFloor);
  }
  for (const buffer of network.buffers) near(buffer.name, network.read(buffer.name), expected(`buffer/${buffer.name}`));
  const evaluation = network.forward(source, { training: false });
  near("evaluation loss", [evaluation.loss], [description.evaluationLoss]);
  near("evaluation logits", network.logits(), expected("evaluation_logits"));
  if (description.sgd) {
    const { steps, losses, gradientNorms, ...settings } = description.sgd;
    writeParameters(network, description, arrays);
    for (let step = 0; step < steps; step++) {
      near(`loss of step ${step}`, [network.backward(source, { weightGradients: true }).loss], [losses[step]!]);
      near(`gradient norm of step ${step}`, [network.sgdStep(settings).gradientNorm], [gradientNorms[step]!]);
    }
    for (const parameter of network.parameters) {
      near(`${parameter.name} after SGD`, network.read(parameter.name), expected(`after/${parameter.name}`));
      // PyTorch keeps no momentum buffer when momentum is zero.
      if (settings.momentum === 0) continue;
      near(
        `${parameter.name}'s momentum`,
        network.read(parameter.name, "momentum"),
        expected(`momentum/${parameter.name}`),
        gradientFloor,
      );
    }
  }
  source.images.free();
  network.free();
}
