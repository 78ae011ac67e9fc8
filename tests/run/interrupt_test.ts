import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { Interrupt, Interrupted } from "../../src/run/mod.ts";

const pathOf = (script: string) => fileURLToPath(new URL(script, import.meta.url));
const [WAITING, DEAF] = [pathOf("./_wait_for_signal.ts"), pathOf("./_deaf.ts")];

/** Sends signals to a process, each after it has said a line or some time has passed; returns its exit code. */
async function signalled(script: string, signals: Deno.Signal[], ...args: string[]): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--allow-read", script, ...args],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  assert(!(await reader.read()).done);
  for (const signal of signals) {
    child.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const { code } = await child.status;
  await reader.cancel();
  return code;
}

Deno.test("Interrupt turns the first signal into a flag", async () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    assertEquals(await signalled(WAITING, [signal]), 0, signal);
  }
});

Deno.test("Interrupt is heard by a process that never looks at its events", async () => {
  assertEquals(await signalled(DEAF, ["SIGINT"]), 0);
});

Deno.test("Interrupt ends the process at the second signal, with 130, whatever it does", async () => {
  for (const script of [WAITING, DEAF]) {
    const startedAt = performance.now();
    assertEquals(await signalled(script, ["SIGINT", "SIGINT"], "stubborn"), 130);
    assertEquals(await signalled(script, ["SIGTERM", "SIGINT"], "stubborn"), 130);
    assert(performance.now() - startedAt < 5000);
  }
});

Deno.test("Interrupt.install() is not requested until a signal comes", async () => {
  using interrupt = await Interrupt.install();
  assertEquals(interrupt.requested, false);
  assertEquals(new Interrupted("stopped").name, "Interrupted");
});
