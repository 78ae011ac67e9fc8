/**
 * The peers' side of the conversation with the table: one line of JSON when ready, then one for every line that comes in.
 *
 * @param about What the peer is: versions, threads, layout.
 * @param run Runs the work once; what it took, at least `seconds`.
 */
export async function serveRuns<Run extends { seconds: number }>(
  about: Record<string, unknown>,
  run: () => Run | Promise<Run>,
): Promise<void> {
  say({ ready: true, ...about });
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    for (const character of text) if (character === "\n") say(await run());
  }
}

/** Short runs are repeated for so long: code is optimised while it runs. */
const WARM_UP_SECONDS = 1.5;

/** Runs at least twice, and on until a time has passed. */
export async function warmUp(run: () => unknown): Promise<void> {
  const start = performance.now();
  for (let i = 0; i < 2 || performance.now() - start < 1000 * WARM_UP_SECONDS; i++) await run();
}

/** Libraries print to standard output as well, so an answer has a sign of its own. */
function say(answer: Record<string, unknown>): void {
  console.log(`@${JSON.stringify(answer)}`);
}
