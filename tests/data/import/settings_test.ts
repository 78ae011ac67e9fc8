import { assertEquals, assertThrows } from "@std/assert";
import { completeImport, DataError, DEFAULT_IMPORT, type ImportSettings } from "../../../src/data/mod.ts";

Deno.test("completeImport() fills in what is left out", () => {
  const none = { side: undefined, channels: undefined };
  assertEquals(completeImport(), { ...none, ...DEFAULT_IMPORT });
  assertEquals(completeImport({ fit: undefined, testPortion: undefined }), { ...none, ...DEFAULT_IMPORT });
  const all = { side: 64, channels: 1, fit: "pad", testPortion: 0.5, splitSeed: 3 } as const;
  assertEquals(completeImport(all), all);
});

Deno.test("completeImport() refuses what is out of range, by its name", () => {
  const cases: [unknown, string][] = [
    [{ side: 7 }, "the side is 7, expected a whole number from 8 to 256"],
    [{ side: 257 }, "the side is 257"],
    [{ side: 32.5 }, "the side is 32.5"],
    [{ side: "64" }, 'the side is "64"'],
    [{ channels: 2 }, "the channels is 2, expected 1 (grey) or 3 (colour)"],
    [{ fit: "stretch" }, 'the fit is "stretch", expected crop or pad'],
    [{ testPortion: 0 }, "the test portion is 0, expected a number above 0 and below 1"],
    [{ testPortion: 1 }, "the test portion is 1"],
    [{ testPortion: NaN }, "the test portion is null"],
    [{ splitSeed: -1 }, "the split seed is -1, expected a whole number from 0"],
  ];
  for (const [settings, message] of cases) {
    assertThrows(() => completeImport(settings as ImportSettings), DataError, message);
  }
});
