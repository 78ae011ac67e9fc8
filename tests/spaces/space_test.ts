import { assertThrows } from "@std/assert";
import { checkSizes } from "../../src/spaces/mod.ts";

const SETTINGS = [{ name: "steps", from: 1, to: 16 }];
const CHOICE = { name: "stem", of: ["plain", "strided"] };
const WHOLE = { steps: 3, classes: 10, inputChannels: 3, height: 32, width: 32 };

Deno.test("checkSizes() accepts a whole space and ignores what belongs to its kind alone", () => {
  checkSizes({ ...WHOLE, stem: "cifar" }, SETTINGS);
});

Deno.test("checkSizes() names the size that is missing or out of bounds, and the bounds", () => {
  const check = (change: Record<string, unknown>) => () => checkSizes({ ...WHOLE, ...change }, SETTINGS);
  assertThrows(check({ steps: 17 }), RangeError, "steps is 17, expected an integer from 1 to 16");
  assertThrows(check({ steps: undefined }), RangeError, "steps is undefined");
  assertThrows(check({ classes: 1 }), RangeError, "classes is 1, expected an integer from 2 to 65536");
  assertThrows(check({ height: 3 }), RangeError, "height is 3, expected an integer from 4 to 1024");
  assertThrows(check({ width: "32" }), RangeError, 'width is "32"');
  assertThrows(check({ inputChannels: 2 }), RangeError, "inputChannels is 2, expected 1 or 3");
});

Deno.test("checkSizes() names a choice that there is not, and those that there are", () => {
  checkSizes({ ...WHOLE, stem: "strided" }, [...SETTINGS, CHOICE]);
  for (const stem of ["Plain", "", 0, ["plain"], undefined]) {
    const found = `stem is ${JSON.stringify(stem)}, expected one of plain, strided`;
    assertThrows(() => checkSizes({ ...WHOLE, stem }, [...SETTINGS, CHOICE]), RangeError, found);
  }
});
