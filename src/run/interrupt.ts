/** Thrown by a pipeline that was asked to stop, after it has saved where it stands. */
export class Interrupted extends Error {
  /** Tells it from other errors. */
  override readonly name = "Interrupted";
}

/** Signals that ask a process to stop. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Turns the signals that ask a process to stop into a flag, so that a run can save where it stands.
 *
 * A thread of its own listens, for the main one may compute for minutes without a look at its events: the flag is set at once
 * whatever the main thread does. The first signal sets it and takes the listeners away, so that the second one ends the process
 * as the system does it, at once, which shells report as 130 for Ctrl-C.
 */
export class Interrupt {
  readonly #flag: Int32Array;
  readonly #listener: Worker;
  readonly #onRequest: () => void;
  static #followsInput = false;
  #isTold = false;

  private constructor(flag: Int32Array, listener: Worker, onRequest: () => void) {
    [this.#flag, this.#listener, this.#onRequest] = [flag, listener, onRequest];
    listener.onmessage = () => void this.requested;
  }

  /**
   * Lets all that is installed from now on take the end of standard input for a request, too: a process that another one has
   * started stops when that one is gone, however it went. Such an end is no signal, and the first signal still saves.
   */
  static followInput(): void {
    Interrupt.#followsInput = true;
  }

  /**
   * Starts to listen.
   *
   * @param options `onRequest`: called once after the first signal, as soon as the main thread is free or looks at the flag.
   * @returns The flag, to be disposed of.
   */
  static async install({ onRequest = () => {} }: { onRequest?: () => void } = {}): Promise<Interrupt> {
    const flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const listener = new Worker(new URL("./interrupt_worker.ts", import.meta.url), { type: "module" });
    const isReady = new Promise<void>((resolve, reject) => {
      listener.onmessage = () => resolve();
      listener.onerror = (event) => reject(new Error(event.message));
    });
    listener.postMessage({ flag, signals: SIGNALS, followsInput: Interrupt.#followsInput });
    await isReady;
    return new Interrupt(flag, listener, onRequest);
  }

  /** Whether the process was asked to stop. */
  get requested(): boolean {
    const isRequested = Atomics.load(this.#flag, 0) !== 0;
    if (isRequested && !this.#isTold) {
      this.#isTold = true;
      this.#onRequest();
    }
    return isRequested;
  }

  /** Stops listening: signals end the process again. */
  dispose(): void {
    this.#listener.terminate();
  }

  /** As {@linkcode dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}
