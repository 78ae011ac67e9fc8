import { assertEquals, assertInstanceOf, assertStrictEquals } from "@std/assert";
import { explainFailure, printable } from "../../src/data/errors.ts";
import { DataError } from "../../src/data/mod.ts";

Deno.test("explainFailure() puts a system's failure into one line that names the path", () => {
  const cases: [unknown, string][] = [
    [new Deno.errors.NotFound("os error 2"), "there is no such file or folder"],
    [new Deno.errors.PermissionDenied("os error 13"), "the system refuses access, check the file's permissions"],
    [new Deno.errors.NotCapable("Requires read access"), "Deno may not read it, start with --allow-read"],
    [new Deno.errors.NotADirectory(""), "it is not a folder"],
    [new Deno.errors.IsADirectory(""), "it is a folder, expected a file"],
    [new Error("first\nsecond\u001b[31m"), "first second [31m"],
    ["text", "text"],
    [new Error(""), "unknown failure"],
  ];
  for (const [error, reason] of cases) {
    const explained = explainFailure("read", "a/b.idx", error);
    assertInstanceOf(explained, DataError);
    assertEquals(explained.message, `Cannot read a/b.idx: ${reason}`);
    assertStrictEquals(explained.cause, error);
  }
});

Deno.test("explainFailure() keeps an error that already explains itself", () => {
  const error = new DataError("Cannot read x: label 9");
  assertStrictEquals(explainFailure("open", "y", error), error);
  assertEquals(error.name, "DataError");
});

Deno.test("printable() leaves one line that does nothing to a terminal", () => {
  assertEquals(printable(" a\r\n\tb\u001b[31m\u0085\u007f\n"), "a b [31m");
});
