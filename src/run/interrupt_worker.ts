/**
 * The thread that listens to signals for {@linkcode Interrupt}.
 *
 * @module
 */

/** What the thread is to listen to, and where it says that it has heard it. */
interface Errand {
  readonly flag: Int32Array;
  readonly signals: readonly Deno.Signal[];
  /** Whether the end of standard input is a request, too. */
  readonly followsInput: boolean;
}

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Errand>) => void;
  postMessage: (message: string) => void;
};

scope.onmessage = ({ data: { flag, signals, followsInput } }) => {
  const hear = () => {
    Atomics.store(flag, 0, 1);
    // From now on a signal does what it does to any process.
    for (const signal of signals) Deno.removeSignalListener(signal, hear);
    scope.postMessage("asked to stop");
  };
  for (const signal of signals) Deno.addSignalListener(signal, hear);
  if (followsInput) {
    void hearEnd(() => {
      Atomics.store(flag, 0, 1);
      scope.postMessage("asked to stop");
    });
  }
  scope.postMessage("ready");
};

/** Waits for the end of standard input; what is written there is passed over. */
async function hearEnd(hear: () => void): Promise<void> {
  const bytes = new Uint8Array(64);
  try {
    while (await Deno.stdin.read(bytes) !== null);
  } catch {
    // An input that cannot be read has ended.
  }
  hear();
}
