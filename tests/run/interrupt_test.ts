import { assert, assertEquals } from "@std/assert";
import { Interrupt, Interrupted } from "../../src/run/mod.ts";

const SCRIPT = new URL("./_wait_for_signal.ts", import.meta.url).pathname;

async function signalled(signals: Deno.Signal[], ...args: string[]): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--allow-read", SCRIPT, ...args],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  for (const signal of signals) {
    assert(!(await reader.read()).done);
    child.kill(signal);
  }
  const { code } = await child.status;
  await reader.cancel();
  return code;
}

Deno.test("Interrupt turns the first signal into a flag", async () => {
  assertEquals(await signalled(["SIGINT"]), 0);
  assertEquals(await signalled(["SIGTERM"]), 0);
});

Deno.test("Interrupt ends the process at the second signal, with 130", async () => {
  assertEquals(await signalled(["SIGINT", "SIGINT"], "stubborn"), 130);
  assertEquals(await signalled(["SIGTERM", "SIGINT"], "stubborn"), 130);
});

Deno.test("Interrupt.install() is not requested until a signal comes", () => {
  using interrupt = Interrupt.install();
  assertEquals(interrupt.requested, false);
  assertEquals(new Interrupted("stopped").name, "Interrupted");
});
