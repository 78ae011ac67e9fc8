import { assertEquals, assertRejects } from "@std/assert";
import type { Session, Snapshot } from "../../src/stages/session.ts";
import { Interrupted, RunError } from "../../src/run/mod.ts";
import { startSession } from "./_session.ts";

const snapshot = (): Snapshot => ({
  tensors: new Map([["x", { shape: [1], data: Float32Array.of(7) }]]),
  progress: { stage: "s", fingerprint: "f", state: 1, earlier: null },
});

/** Runs a test with a function that starts sessions in one folder. */
async function inSessions(
  test: (
    start: (options?: { resume?: boolean; interrupt?: { requested: boolean } }) => Promise<Session>,
  ) => Promise<void>,
): Promise<void> {
  const out = await Deno.makeTempDir();
  try {
    await test((options = {}) => startSession("c", out, { configuration: { seed: 1 }, ...options }));
  } finally {
    await Deno.remove(out, { recursive: true });
  }
}

Deno.test("Session.breathe() saves and throws when asked to stop, and load() finds what was saved", () =>
  inSessions(async (start) => {
    const interrupt = { requested: false };
    {
      await using session = await start({ interrupt });
      assertEquals(await session.load("f"), undefined);
      await session.breathe(snapshot);
      interrupt.requested = true;
      await assertRejects(() => session.breathe(snapshot), Interrupted);
    }
    await using session = await start({ resume: true });
    const found = await session.load("f");
    assertEquals([found?.progress.stage, found?.progress.state], ["s", 1]);
    await assertRejects(() => session.load("other"), RangeError, "the dataset has changed");
  }));

Deno.test("Session.seconds() goes on counting where the run before stopped", () =>
  inSessions(async (start) => {
    let before: number;
    {
      await using session = await start();
      await new Promise((resolve) => setTimeout(resolve, 120));
      await session.save(snapshot());
      before = session.seconds();
    }
    await using session = await start({ resume: true });
    await session.load("f");
    const now = session.seconds();
    assertEquals(now >= before - 0.05 && now < before + 1, true, `${before} then ${now}`);
  }));

Deno.test("Session.finishedResult() gives the result of a finished run, and says in one line that it is something else", () =>
  inSessions(async (start) => {
    await using session = await start();
    const isNumbered = (value: unknown): value is { command: string; n: number } =>
      typeof value === "object" && value !== null && "n" in value;
    assertEquals(await session.finishedResult(isNumbered), undefined);
    await session.run.writeResult({ command: "c", n: 3 });
    assertEquals(await session.finishedResult(isNumbered), { command: "c", n: 3 });
    for (const other of [{ command: "d", n: 3 }, { command: "c" }, null]) {
      await session.run.writeResult(other);
      const message = `${session.run.path}/result.json: expected the result of a c`;
      await assertRejects(() => session.finishedResult(isNumbered), RunError, message);
    }
  }));

Deno.test("Session.start() refuses a folder that another session works in", () =>
  inSessions(async (start) => {
    await using _session = await start();
    await assertRejects(() => start({ resume: true }), RunError);
  }));

Deno.test("Session.child() works on the same engine in a folder within", () =>
  inSessions(async (start) => {
    await using session = await start();
    await using child = await session.child("arm", { command: "d", configuration: {} });
    assertEquals([child.engine, child.run.path], [session.engine, `${session.run.path}/arm`]);
    assertEquals(child.circumstances.command, "d");
  }));

Deno.test("Session.close() frees the images that came to a shared engine since, and only these", () =>
  inSessions(async (start) => {
    await using session = await start();
    const { engine } = session;
    const shape = { count: 100, height: 32, width: 32, channels: 3 };
    const own = engine.makeImages({ count: 1, height: 1, width: 1, channels: 1 });
    let memory = 0;
    for (const name of ["a", "b", "c"]) {
      {
        await using _ = await session.child(name, { command: "d", configuration: {} });
        engine.makeImages(shape);
        assertEquals(engine.imageStores().size, 2);
      }
      assertEquals([...engine.imageStores()], [own]);
      if (memory > 0) assertEquals(engine.memoryBytes(), memory);
      memory = engine.memoryBytes();
    }
    own.free();
    assertEquals(engine.imageStores().size, 0);
  }));
