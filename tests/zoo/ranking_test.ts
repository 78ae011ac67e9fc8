import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { type DatasetSignature, measureSource, rankSources } from "../../src/zoo/mod.ts";
import { withEngine } from "../engine/_tiny.ts";
import { stripes, STRIPES_FEATURES } from "../transfer/_signatures.ts";

Deno.test("measureSource() finds the nearest of a candidate's datasets and its closest classes", () =>
  withEngine((engine) => {
    const target = stripes("target");
    const signatures = [stripes("far", { shade: 120 }), stripes("near", { shade: 5 })];
    const found = measureSource(engine, target, { name: "two", side: 8, signatures });
    assertEquals(found.sources.map(({ name }) => name), ["near", "far"]);
    assertEquals([found.distance, found.name], [found.sources[0]!.distance, "two"]);
    // A shift by t of every feature adds 2·|t|².
    assertAlmostEquals(found.distance, 2 * STRIPES_FEATURES * (5 / 255) ** 2, 1e-3);
    assertEquals(found.closest.slice(0, 2).map(({ target, source }) => `${target}: ${source}`).sort(), [
      "narrow: narrow",
      "wide: wide",
    ]);
  }));

Deno.test("measureSource() gives a relative distance that the scale of features does not change", () =>
  withEngine((engine) => {
    const scaled = (signature: DatasetSignature, scale: number) => ({
      ...signature,
      features: signature.features.map((x) => scale * x),
    });
    const [target, source] = [stripes("target"), stripes("source", { phase: 2, shade: 3 })];
    const [one, ten] = [1, 10].map((scale) =>
      measureSource(engine, scaled(target, scale), { name: "x", side: 8, signatures: [scaled(source, scale)] })
    );
    assertAlmostEquals(ten!.distance, 100 * one!.distance, 1e-3 * ten!.distance);
    assertAlmostEquals(ten!.relativeDistance, one!.relativeDistance, 1e-3 * one!.relativeDistance);
  }));

Deno.test("rankSources() puts the nearest first, of equal ones those of more datasets, then by name", () =>
  withEngine((engine) => {
    const target = stripes("target");
    const measured = [["c", 60], ["b", 20], ["a", 20], ["d", 0]].map(([name, shade]) =>
      measureSource(engine, target, {
        name: String(name),
        side: 8,
        signatures: [stripes("x", { shade: Number(shade) })],
      })
    );
    const two = [stripes("y", { shade: 90 }), stripes("x", { shade: 20 })];
    const ranking = rankSources(
      [...measured, measureSource(engine, target, { name: "z", side: 8, signatures: two })],
      8,
    );
    assertEquals(ranking.map(({ name }) => name), ["d", "z", "a", "b", "c"]);
    assertLess(Math.abs(ranking[0]!.relativeDistance), 1e-5);
  }));

Deno.test("rankSources() puts what has seen images of half or twice the side last", () =>
  withEngine((engine) => {
    const target = stripes("target");
    const measured = [["near32", 32, 0], ["far96", 96, 60], ["near96", 96, 20], ["far48", 48, 90]].map((
      [name, side, shade],
    ) =>
      measureSource(engine, target, {
        name: String(name),
        side: Number(side),
        signatures: [stripes("x", { shade: Number(shade) })],
      })
    );
    const order = (side: number) => rankSources(measured, side).map(({ name }) => name);
    assertEquals(order(32), ["near32", "far48", "near96", "far96"]);
    assertEquals(order(96), ["near96", "far96", "near32", "far48"]);
    assertEquals(order(64), ["near96", "far96", "far48", "near32"]);
    assertEquals(order(600), ["near32", "near96", "far96", "far48"]);
  }));
