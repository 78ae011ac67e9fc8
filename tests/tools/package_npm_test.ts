import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { describePackage, pickTypes } from "../../tools/package_npm.ts";

const DECLARATIONS = new Map([
  [
    "a/mod.d.ts",
    '/** import "./comment.js" from "here" */ export * from "./one.js";\nexport { type B } from "../b/mod.js";\n',
  ],
  ["a/one.d.ts", 'export declare const one: import("../b/mod.js").B;\n'],
  ["a/other.d.ts", "export {};\n"],
  ["b/mod.d.ts", 'import type { A } from "../a/mod.js";\nexport type B = 1;\n'],
]);

Deno.test("pickTypes() takes what is imported and nothing else", () => {
  assertEquals([...pickTypes(DECLARATIONS, "a/mod.d.ts").keys()].sort(), ["a/mod.d.ts", "a/one.d.ts", "b/mod.d.ts"]);
  const broken = new Map([["a.d.ts", 'export * from "./b.js";']]);
  assertThrows(() => pickTypes(broken, "a.d.ts"), RangeError, "b.d.ts is missing");
  const foreign = new Map([["a.d.ts", 'export * from "node:fs";']]);
  assertThrows(() => pickTypes(foreign, "a.d.ts"), RangeError, "a.d.ts imports node:fs");
});

Deno.test("describePackage() has the version of the project", () => {
  assertMatch(String(describePackage().version), /^\d+\.\d+\.\d+$/);
});
