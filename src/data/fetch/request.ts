import { DataError } from "../errors.ts";

/** What a server answers with. */
export interface Answer extends AsyncDisposable {
  /** Byte at which the answer begins. */
  readonly from: number;
  /** Bytes of the whole file, if the server says so. */
  readonly bytes: number | undefined;
  /** The bytes, as they come. */
  pieces(): AsyncGenerator<Uint8Array>;
}

const mostRedirects = 5;

/**
 * Asks a server for a file, or for the rest of one.
 *
 * @param address Its address; redirects are followed, each host needs the permission.
 * @param options `from`: first byte wanted; `patience`: longest wait for the next bytes in milliseconds.
 * @returns The answer, which begins at `from` or, where the server knows no ranges, at 0; to be disposed of.
 * @throws {DataError} If the server does not have the file or says nothing for too long. {TypeError} If it cannot be reached.
 */
export async function request(
  address: string,
  { from, patience }: { from: number; patience: number },
): Promise<Answer> {
  const wait = new Wait(patience);
  try {
    const { signal } = wait;
    const response = await follow(address, from > 0 ? { signal, headers: rangeFrom(from) } : { signal });
    if (response.status !== 416 || from === 0) return answer(response, from, wait);
    // There is nothing beyond what is there already, which then is no beginning of the file.
    await response.body?.cancel();
    return answer(await follow(address, { signal }), 0, wait);
  } catch (error) {
    wait.end();
    throw wait.explain(error);
  }
}

function rangeFrom(from: number): Record<string, string> {
  // Ranges count bytes of what is sent: it must not be compressed on the way.
  return { range: `bytes=${from}-`, "accept-encoding": "identity" };
}

async function follow(address: string, init: RequestInit): Promise<Response> {
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const response = await fetch(address, { ...init, redirect: "manual" });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    address = new URL(location, address).href;
    if (!/^https?:/.test(address)) break;
  }
  throw new DataError(`it redirects more than ${mostRedirects} times, or elsewhere than to the web`);
}

function answer(response: Response, from: number, wait: Wait): Answer {
  const { status, headers, body } = response;
  const [, start, whole] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("content-range") ?? "") ?? [];
  const isRest = status === 206 && Number(start) === from;
  if ((status !== 200 && !isRest) || body === null) {
    throw new DataError(`it answers with HTTP ${status}${status === 404 ? ", not found" : ""}`);
  }
  const length = headers.get("content-encoding") === null ? headers.get("content-length") : null;
  return {
    from: isRest ? from : 0,
    bytes: asCount(isRest ? whole : length ?? undefined),
    async *pieces() {
      try {
        for await (const piece of body) {
          wait.restart();
          yield piece;
        }
      } catch (error) {
        throw wait.explain(error);
      }
    },
    async [Symbol.asyncDispose]() {
      wait.end();
      if (!body.locked) await body.cancel().catch(() => {});
    },
  };
}

function asCount(text: string | undefined): number | undefined {
  return text === undefined || text === "*" ? undefined : Number(text);
}

/** Gives up when nothing has come for a while. */
class Wait {
  readonly #controller = new AbortController();
  readonly #patience: number;
  #timer: ReturnType<typeof setTimeout>;

  constructor(patience: number) {
    this.#patience = patience;
    this.#timer = this.#start();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  explain(error: unknown): unknown {
    if (!this.#controller.signal.aborted) return error;
    return new DataError(`it has sent nothing for ${Math.round(this.#patience / 1000)} s`);
  }

  #start(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#controller.abort(), this.#patience);
  }
}
