/** Thrown by a pipeline that was asked to stop, after it has saved where it stands. */
export class Interrupted extends Error {
  /** Tells it from other errors. */
  override readonly name = "Interrupted";
}

const EXIT_CODE = 130;

/**
 * Turns the signals that ask a process to stop into a flag, so that a run can save where it stands.
 *
 * The first signal sets the flag; the second ends the process at once, with exit code 130.
 */
export class Interrupt {
  #isRequested = false;
  readonly #signals: readonly Deno.Signal[];
  readonly #listener: () => void;

  private constructor(onRequest: () => void) {
    this.#signals = Deno.build.os === "windows" ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM"];
    this.#listener = () => {
      if (this.#isRequested) Deno.exit(EXIT_CODE);
      this.#isRequested = true;
      onRequest();
    };
  }

  /**
   * Starts to listen.
   *
   * @param options `onRequest`: called at the first signal, such as to tell the user what happens now.
   * @returns The flag, to be disposed of.
   */
  static install({ onRequest = () => {} }: { onRequest?: () => void } = {}): Interrupt {
    const interrupt = new Interrupt(onRequest);
    for (const signal of interrupt.#signals) Deno.addSignalListener(signal, interrupt.#listener);
    return interrupt;
  }

  /** Whether the process was asked to stop. */
  get requested(): boolean {
    return this.#isRequested;
  }

  /** Stops listening: signals end the process again. */
  dispose(): void {
    for (const signal of this.#signals) Deno.removeSignalListener(signal, this.#listener);
  }

  /** As {@linkcode dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}
