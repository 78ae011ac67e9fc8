import { assertEquals, assertThrows } from "@std/assert";
import { parsePython } from "../../../src/spaces/darts/_python_literal.ts";

Deno.test("parsePython() reads strings, integers, lists, tuples and ranges", () => {
  assertEquals(parsePython("['a', (\"b\", -3), [], range(2), range(1, 4,),]"), ["a", ["b", -3], [], [0, 1], [1, 2, 3]]);
});

Deno.test("parsePython() skips comments and a name with an equals sign", () => {
  assertEquals(parsePython("# first\nX = [1, # one\n 2]\n"), [1, 2]);
});

Deno.test("parsePython() reads calls with positional and named arguments, whatever their names", () => {
  const call = parsePython("Genotype([1], __proto__=2, reduce=())");
  assertEquals(JSON.stringify(call), '{"call":"Genotype","positional":[[1]],"named":{"__proto__":2,"reduce":[]}}');
});

Deno.test("parsePython() says at which character it stopped", () => {
  assertThrows(() => parsePython("[1 2]"), SyntaxError, 'found "2" at character 2, expected "," or "]"');
  assertThrows(() => parsePython("['open"), SyntaxError, "at character 1, expected a genotype");
  assertThrows(() => parsePython("range('a')"), SyntaxError, "expected range(first, end) of small integers");
  assertThrows(() => parsePython("1 1"), SyntaxError, 'found "1" at character 1, expected end of text');
});
