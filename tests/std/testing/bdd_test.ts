import { assertEquals, assertThrows } from "@std/assert";
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from "@std/testing/bdd";

const calls: string[] = [];

describe("describe()", () => {
  beforeAll(() => void calls.push("all"));
  beforeEach(async () => {
    await Promise.resolve();
    calls.push("each");
  });
  afterEach(() => void calls.push("after each"));
  afterAll(() => {
    assertEquals(calls, [
      ...["all", "each", "first", "after each"],
      ...["inner all", "each", "inner each", "second", "inner after each", "after each"],
    ]);
  });

  it("runs hooks around each test", () => void calls.push("first"));

  describe("nested", () => {
    beforeAll(() => void calls.push("inner all"));
    beforeEach(() => void calls.push("inner each"));
    afterEach(() => void calls.push("inner after each"));
    it("runs the outer hooks around the inner ones", () => void calls.push("second"));
  });
});

it("it() registers a test outside any suite, and hooks refuse to", () => {
  assertThrows(() => beforeEach(() => {}), Error, "outside any suite");
});
