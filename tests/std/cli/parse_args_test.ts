import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";

Deno.test("parseArgs() separates positional arguments from flags", () => {
  assertEquals(parseArgs(["search", "3", "--epochs", "3", "--name=a=b", "-n5", "-x"]), {
    _: ["search", 3],
    epochs: 3,
    name: "a=b",
    n: 5,
    x: true,
  });
});

Deno.test("parseArgs() keeps text of string flags, and of positional arguments under _", () => {
  const args = parseArgs(["007", "--name", "08", "--empty", "--other", "1e3"], { string: ["name", "empty", "_"] });
  assertEquals(args, { _: ["007"], name: "08", empty: "", other: 1000 });
});

Deno.test("parseArgs() gives a string flag no value that starts with a dash, but by =", () => {
  assertEquals(parseArgs(["--name", "-5"], { string: ["name"] }), { _: [], name: "", 5: true });
  assertEquals(parseArgs(["--name=-5"], { string: ["name"] }), { _: [], name: "-5" });
});

Deno.test("parseArgs() takes no value for boolean flags, but true and false", () => {
  const options = { boolean: ["quiet", "json"] } as const;
  assertEquals(parseArgs(["--quiet", "run"], options), { _: ["run"], quiet: true, json: false });
  assertEquals(parseArgs(["--quiet=false", "--json", "true"], options), { _: [], quiet: false, json: true });
  assertEquals(parseArgs(["--any", "x", "-v", "y"], { boolean: true }), { _: ["x"], any: true, v: "y" });
});

Deno.test("parseArgs() gives every alias the value", () => {
  const options = { alias: { epochs: ["e", "rounds"] }, boolean: ["help"], string: [] } as const;
  assertEquals(parseArgs(["-e", "4"], options), { _: [], e: 4, epochs: 4, rounds: 4, help: false });
  const quiet = { alias: { q: "quiet" }, boolean: ["quiet"] } as const;
  assertEquals(parseArgs(["-q", "run"], quiet), { _: ["run"], q: true, quiet: true });
});

Deno.test("parseArgs() fills defaults in, under every alias, unless the flag is given", () => {
  const options = { default: { epochs: 10, out: "runs" }, alias: { e: "epochs" } };
  assertEquals(parseArgs(["--out", "x"], options), { _: [], epochs: 10, e: 10, out: "x" });
});

Deno.test("parseArgs() collects repeated flags, and keeps the last of others", () => {
  const options = { collect: ["data"], string: ["data", "name"] } as const;
  assertEquals(parseArgs(["--data", "a", "--data=b", "--name", "x", "--name", "y"], options), {
    _: [],
    data: ["a", "b"],
    name: "y",
  });
  assertEquals<unknown>(parseArgs([], options), { _: [], data: [] });
});

Deno.test("parseArgs() negates negatable flags only", () => {
  const options = { negatable: ["flip"], boolean: ["flip"], default: { flip: true } } as const;
  assertEquals(parseArgs([], options).flip, true);
  assertEquals(parseArgs(["--no-flip"], options).flip, false);
  assertEquals(parseArgs(["--no-other"]), { _: [], "no-other": true });
});

Deno.test("parseArgs() reports undeclared arguments to unknown, which may drop them", () => {
  const seen: unknown[] = [];
  const args = parseArgs(["run", "--epoch", "3", "--quiet", "-zz"], {
    boolean: ["quiet"],
    unknown: (arg, key, value) => {
      seen.push([arg, key, value]);
      return key === undefined;
    },
  });
  assertEquals(args, { _: ["run"], quiet: true });
  assertEquals(seen, [["run", undefined, undefined], ["--epoch", "epoch", "3"], ["-zz", "z", true], [
    "-zz",
    "z",
    true,
  ]]);
});

Deno.test("parseArgs() leaves what follows -- alone", () => {
  assertEquals(parseArgs(["a", "--", "--b", "1"]), { _: ["a", "--b", "1"] });
  assertEquals(parseArgs(["a", "--", "--b"], { "--": true }), { _: ["a"], "--": ["--b"] });
});

Deno.test("parseArgs() stops at the first positional argument when told to", () => {
  assertEquals(parseArgs(["--a", "1", "run", "--b"], { stopEarly: true }), { _: ["run", "--b"], a: 1 });
});

Deno.test("parseArgs() splits clusters of letters", () => {
  assertEquals(parseArgs(["-abc", "x"]), { _: [], a: true, b: true, c: "x" });
  assertEquals(parseArgs(["-n=5", "-t-3", "-"]), { _: ["-"], n: 5, t: -3 });
});

Deno.test("parseArgs() makes __proto__ a plain property", () => {
  const args = parseArgs(["--__proto__", "x"]);
  assert(Object.hasOwn(args, "__proto__"));
  assertEquals(Object.getPrototypeOf(args), Object.prototype);
});

Deno.test("parseArgs() refuses an alias without value", () => {
  const alias = { a: undefined } as unknown as Record<string, string>;
  assertThrows(() => parseArgs([], { alias }), TypeError, "Alias value must be defined");
});

Deno.test("parseArgs() types declared flags", () => {
  const args = parseArgs([], {
    string: ["out", "name", "data"],
    boolean: ["json"],
    collect: ["data"],
    default: { name: "a" },
  });
  const out: string | undefined = args.out;
  const name: string = args.name;
  const data: string[] = args.data;
  const json: boolean = args.json;
  assertEquals([out, name, data, json], [undefined, "a", [], false]);
});
