/** What a participant said of one run. */
export interface Run {
  seconds: number;
  [further: string]: unknown;
}

/** What a participant is and how it is started. */
export interface Participant {
  /** Its name in the results. */
  name: string;
  /** Program, arguments, environment. */
  command: { program: string; args: string[]; env?: Record<string, string> };
}

/** All runs of a participant, or why there are none. */
export interface Outcome {
  /** What it said of itself: versions, threads, build, mode, layout. */
  about: Record<string, unknown>;
  runs: Run[];
  /** Why it could not be measured. */
  absent?: string;
}

// Threads of some libraries spin for a while after a run; the next one's turn comes when they have stopped.
const PAUSE_MILLISECONDS = 150;

/**
 * Lets participants run in turns, each in a process of its own that has been started and warmed up before.
 *
 * @param participants Who; all are in memory at once.
 * @param rounds Runs of each.
 * @returns Outcomes by name; one that cannot be started or fails is absent, with the reason.
 */
export async function alternate(
  participants: readonly Participant[],
  rounds: number,
): Promise<Record<string, Outcome>> {
  const processes: Process[] = [];
  const outcomes: Record<string, Outcome> = {};
  try {
    for (const { name, command } of participants) {
      const outcome: Outcome = { about: {}, runs: [] };
      outcomes[name] = outcome;
      const process = Process.start(name, command, outcome);
      if (!process) continue;
      processes.push(process);
      // One after another: they would disturb each other's warm-up.
      const about = await process.answer();
      if (about) outcome.about = about;
    }
    for (let round = 0; round < rounds; round++) {
      for (const process of processes) {
        if (process.outcome.absent !== undefined) continue;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
        const run = await process.ask();
        if (run) process.outcome.runs.push(run as Run);
      }
    }
  } finally {
    await Promise.all(processes.map((process) => process.close()));
  }
  return outcomes;
}

/** A process that is asked for one run at a time. */
class Process {
  readonly outcome: Outcome;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #complaint: Promise<string>;

  private constructor(name: string, child: Deno.ChildProcess, outcome: Outcome) {
    this.outcome = outcome;
    this.#child = child;
    this.#input = child.stdin.getWriter();
    this.#lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(linesOf()).getReader();
    this.#complaint = new Response(child.stderr).text().then((text) =>
      text.trim().split("\n").at(-1) || `${name} ended`
    );
  }

  static start(name: string, { program, args, env = {} }: Participant["command"], outcome: Outcome) {
    try {
      const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
      return new Process(name, new Deno.Command(program, { args, env, ...pipes }).spawn(), outcome);
    } catch (error) {
      // Without a program the task's permission names one that is not there.
      if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable)) throw error;
      outcome.absent = `there is no ${program}`;
      return undefined;
    }
  }

  async ask(): Promise<Record<string, unknown> | undefined> {
    await this.#input.write(new TextEncoder().encode("run\n")).catch(() => {});
    return await this.answer();
  }

  /** The next answer; none if the process has ended, and then the outcome tells why. */
  async answer(): Promise<Record<string, unknown> | undefined> {
    while (true) {
      const { done, value } = await this.#lines.read();
      if (!done && value.startsWith("@")) return JSON.parse(value.slice(1));
      if (!done) continue;
      this.outcome.absent = await this.#complaint;
      return undefined;
    }
  }

  async close(): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#lines.cancel().catch(() => {});
    await this.#child.status;
    await this.#complaint;
  }
}

function linesOf(): TransformStream<string, string> {
  let rest = "";
  return new TransformStream({
    transform(text, controller) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) controller.enqueue(line);
    },
  });
}
