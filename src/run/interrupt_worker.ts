/**
 * The thread that listens to signals for {@linkcode Interrupt}.
 *
 * @module
 */

/** What the thread is to listen to, and where it says that it has heard it. */
interface Errand {
  readonly flag: Int32Array;
  readonly signals: readonly Deno.Signal[];
}

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Errand>) => void;
  postMessage: (message: string) => void;
};

scope.onmessage = ({ data: { flag, signals } }) => {
  const hear = () => {
    Atomics.store(flag, 0, 1);
    // From now on a signal does what it does to any process.
    for (const signal of signals) Deno.removeSignalListener(signal, hear);
    scope.postMessage("asked to stop");
  };
  for (const signal of signals) Deno.addSignalListener(signal, hear);
  scope.postMessage("ready");
};
