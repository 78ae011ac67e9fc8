import { assert, assertEquals } from "@std/assert";
import { ended, finish, inFaults, start, type Work } from "./_faults.ts";

/** Kills of each kind of work: 200 in all. */
const KILLS = { search: 60, transfer: 60, train: 40, import: 40 } as const;

/** Kills processes at random moments, and lets another one finish whatever they left, until there were so many kills. */
async function killUntil(kills: number, work: Work, folder: string): Promise<void> {
  const startedAt = performance.now();
  const whole = await finish(work, `${folder}/whole-${work.kind}`);
  const duration = performance.now() - startedAt;
  let killed = 0;
  for (let round = 0; killed < kills; round++) {
    const out = `${folder}/${work.kind}-${round}`;
    // A few deaths of one run, then its end; more would only be the same again.
    for (let i = 0; i < 6 && killed < kills; i++) {
      const child = start(work, out);
      const timer = setTimeout(() => kill(child), Math.random() * 1.1 * duration);
      const { code, signal, error } = await ended(child);
      clearTimeout(timer);
      assert(code === 0 || signal === "SIGKILL", error);
      killed += Number(signal === "SIGKILL");
    }
    assertEquals(await finish(work, out), whole, `${work.kind}, round ${round}`);
    const left = await Array.fromAsync(Deno.readDir(out), ({ name }) => name);
    assertEquals(left.filter((name) => name.endsWith(".tmp")), []);
    await Deno.remove(out, { recursive: true });
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    // It has ended meanwhile.
    if (!(error instanceof TypeError)) throw error;
  }
}

for (const [kind, kills] of Object.entries(KILLS)) {
  Deno.test(`${kind} killed at ${kills} random moments goes on to the same bits`, () =>
    inFaults((folder, work) => killUntil(kills, work[kind]!, folder)));
}
