import { assertArrayIncludes, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { check } from "./_outcome.ts";

Deno.test("assertMatch(), assertNotMatch(), assertStringIncludes() look into texts", () => {
  check(
    [
      () => assertMatch("epoch 3", /\d$/),
      () => assertNotMatch("epoch", /\d$/),
      () => assertStringIncludes("epoch 3", "och"),
    ],
    [
      () => assertMatch("epoch", /\d$/),
      () => assertNotMatch("epoch 3", /\d$/),
      () => assertStringIncludes("epoch", "3"),
    ],
  );
});

Deno.test("assertArrayIncludes() finds equal elements", () => {
  check([() => assertArrayIncludes([{ a: 1 }, { a: 2 }], [{ a: 2 }])], [() => assertArrayIncludes([1, 2], [2, 3])]);
});
