/** How a trial's process is started. */
export interface Launch {
  /** Arguments of `deno` before those of the command line: `run`, flags, and the module of {@linkcode runChild}'s child. */
  readonly before: (writes: readonly string[]) => readonly string[];
  /** Variables of its environment, beside those of this process. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a process came to. */
export interface ChildEnd {
  /** Exit code; of a process that a signal ended more than 128. */
  readonly code: number;
  /** End of what it said. */
  readonly log: string;
}

/** So much of what a process says is kept. */
const MOST_LOG = 16_384;

/**
 * Runs a command line in a process of its own, which saves and ends when its standard input is closed: when the signal is aborted,
 * or when this process is gone, however it went.
 *
 * @param args Arguments of the command line.
 * @param options How; folders that it may write to; when it is to stop.
 * @returns How it ended.
 */
export async function runChild(
  args: readonly string[],
  { launch, writes, signal }: { launch: Launch; writes: readonly string[]; signal: AbortSignal },
): Promise<ChildEnd> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...launch.before(writes), ...args],
    env: { ...launch.env },
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const stop = () => void child.stdin.close().catch(() => {});
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    const [log, { code }] = await Promise.all([readEnd(child.stderr), child.status]);
    return { code, log };
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

async function readEnd(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) text = (text + piece).slice(-MOST_LOG);
  return text;
}
