import { setTimeout as wait } from "node:timers/promises";
import { sha256 } from "../formats/mod.ts";
import { MOST_BYTES } from "../run/mod.ts";
import { harmless } from "../text/mod.ts";
import { DamagedObject, type Patience, type ResultStore, StoreTrouble } from "./result_store.ts";
import type { StoreAddress } from "./store_address.ts";
import { AwsClient } from "aws4fetch";

/** Who asks. */
export interface StoreKeys {
  /** Name of the key. */
  readonly accessKeyId: string;
  /** The key. */
  readonly secretAccessKey: string;
  /** What goes with a key that is lent for some hours. */
  readonly sessionToken?: string | undefined;
}

/** What a server answers. */
interface Answer {
  readonly status: number;
  /** Its word for what went wrong; empty if nothing did. */
  readonly code: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Question {
  readonly method: "GET" | "HEAD" | "PUT" | "DELETE";
  readonly name: string;
  readonly body?: Uint8Array | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Seconds that a store is asked unless told otherwise: one that restarts ends nothing. */
const USUAL_SECONDS = 300;
/** Seconds of the first wait before it is asked again, and of the longest. */
const [FIRST_WAIT, LONGEST_WAIT] = [0.2, 20];
/** Seconds without a sign of the server after which a connection is taken for gone. */
const SILENCE_SECONDS = 30;
/** Bytes a second of the slowest connection that is waited for. */
const SLOWEST = 100_000;

/** What is to be done about what a server answers, by its word for it. */
const REMEDIES: Readonly<Record<string, string>> = {
  NoSuchBucket: "expected a bucket that was made before",
  RequestTimeTooSkewed: "expected the clocks of both to differ by 15 minutes at most",
  PermanentRedirect: "expected the bucket's own region and endpoint",
  AuthorizationHeaderMalformed: "expected the bucket's own region",
  ...Object.fromEntries(
    ["AccessDenied", "ExpiredToken", "InvalidAccessKeyId", "InvalidToken", "SignatureDoesNotMatch"].map((code) => [
      code,
      "expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of somebody who may list, read and write there",
    ]),
  ),
};

/**
 * A store in a bucket of any service that speaks S3 (tried with those that docs/scale.md names).
 *
 * Requests are signed (Signature Version 4, by aws4fetch) with a checksum of what they carry. Those that fail for the moment are made
 * again, with waits that grow. So each may be made twice.
 */
export class S3Store implements ResultStore {
  readonly url: string;
  readonly #address: StoreAddress;
  readonly #signer: AwsClient;
  readonly #client: Deno.HttpClient | undefined;

  /**
   * @param address Where it is.
   * @param keys Who asks.
   * @param options `ca`: content of the certificate that signs the server's, beside those that the system trusts.
   */
  constructor(address: StoreAddress, keys: StoreKeys, { ca }: { ca?: string | undefined } = {}) {
    this.url = address.url;
    this.#address = address;
    const { sessionToken, ...key } = keys;
    this.#signer = new AwsClient({
      ...key,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      service: "s3",
      region: address.region,
    });
    this.#client = ca === undefined ? undefined : Deno.createHttpClient({ caCerts: [ca] });
  }

  at(name: string): string {
    return `s3://${this.#address.bucket}/${this.#address.prefix}${name}`;
  }

  async has(name: string, patience?: Patience): Promise<boolean> {
    const answer = await this.#ask({ method: "HEAD", name }, patience);
    if (!isMissing(answer)) this.#requireDone(answer, name);
    return answer.status === 200;
  }

  async get(name: string, patience?: Patience): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const answer = await this.#ask({ method: "GET", name }, patience);
    if (isMissing(answer)) return undefined;
    this.#requireDone(answer, name);
    return answer.bytes;
  }

  async put(name: string, body: Uint8Array, patience?: Patience): Promise<void> {
    this.#requireDone(await this.#ask({ method: "PUT", name, body }, patience), name);
  }

  async putFirst(name: string, body: Uint8Array, patience?: Patience): Promise<boolean> {
    const headers = { "if-none-match": "*" };
    const answer = await this.#ask({ method: "PUT", name, body, headers }, patience);
    if (answer.status === 412) return false;
    if (answer.status === 501) {
      // A server without conditions: attempts at a trial that meet here differ in their seconds alone.
      if (await this.has(name, patience)) return false;
      await this.put(name, body, patience);
      return true;
    }
    this.#requireDone(answer, name);
    return true;
  }

  async remove(name: string, patience?: Patience): Promise<void> {
    const answer = await this.#ask({ method: "DELETE", name }, patience);
    if (!isMissing(answer)) this.#requireDone(answer, name);
  }

  close(): void {
    this.#client?.close();
  }

  /** Asks until there is an answer that will not be another one the next time. */
  async #ask(question: Question, { seconds = USUAL_SECONDS, signal }: Patience = {}): Promise<Answer> {
    const end = performance.now() + 1000 * seconds;
    for (let rest = FIRST_WAIT;; rest = Math.min(LONGEST_WAIT, 2 * rest)) {
      let trouble: StoreTrouble;
      try {
        const answer = await this.#askOnce(question, signal);
        if (!isPassing(answer)) return answer;
        trouble = this.#explain(answer, question.name);
      } catch (error) {
        if (error instanceof DamagedObject) throw error;
        trouble = this.#unreachable(error as Error);
      }
      // Workers that were refused at once do not come back at once.
      const pause = 1000 * rest * (0.5 + Math.random() / 2);
      if (signal?.aborted || performance.now() + pause > end) throw trouble;
      await wait(pause, undefined, signal && { signal }).catch(() => {});
    }
  }

  async #askOnce({ method, name, body, headers }: Question, signal?: AbortSignal): Promise<Answer> {
    const { root, prefix } = this.#address;
    const request = await this.#signer.sign(`${root}/${prefix}${name}`, {
      method,
      headers: { ...headers, "x-amz-content-sha256": await sha256(body ?? new Uint8Array()) },
      body: (body as Uint8Array<ArrayBuffer> | undefined) ?? null,
    });
    using silence = new Silence(SILENCE_SECONDS + (body?.length ?? 0) / SLOWEST);
    const response = await fetch(request, {
      // Wherever a server would send us, the signature is not for it, and the process may not reach it.
      redirect: "manual",
      signal: signal ? AbortSignal.any([silence.signal, signal]) : silence.signal,
      ...(this.#client === undefined ? {} : { client: this.#client }),
    });
    const bytes = await this.#collect(response, name, silence);
    return { status: response.status, code: codeOf(response.status, bytes), bytes };
  }

  async #collect({ headers, body }: Response, name: string, silence: Silence): Promise<Uint8Array<ArrayBuffer>> {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let total = Number(headers.get("content-length") ?? 0) > MOST_BYTES.tensors ? Infinity : 0;
    for await (const piece of body ?? []) {
      silence.end();
      total += piece.length;
      if (total > MOST_BYTES.tensors) {
        throw new DamagedObject(`Cannot use ${this.at(name)}: it is larger than ${MOST_BYTES.tensors} bytes`);
      }
      pieces.push(piece);
      silence.begin(SILENCE_SECONDS);
    }
    return new Uint8Array(await new Blob(pieces).arrayBuffer());
  }

  #requireDone(answer: Answer, name: string): void {
    if (answer.status < 200 || answer.status > 299) throw this.#explain(answer, name);
  }

  #explain({ status, code }: Answer, name: string): StoreTrouble {
    const remedy = REMEDIES[code] ?? (status === 403 ? REMEDIES.AccessDenied : "expected 200");
    return new StoreTrouble(`Cannot use ${this.at(name)}: the server answers ${`${status} ${code}`.trim()}, ${remedy}`);
  }

  #unreachable({ message }: Error): StoreTrouble {
    const { bucket, endpoint } = this.#address;
    return new StoreTrouble(`Cannot reach store s3://${bucket} at ${endpoint}: ${harmless(message.split("\n")[0]!)}`);
  }
}

/** Aborts what waits for a server of which nothing is heard. */
class Silence implements Disposable {
  readonly #stop = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(seconds: number) {
    this.begin(seconds);
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  begin(seconds: number): void {
    this.#timer = setTimeout(() => this.#stop.abort(new Error(`it said nothing for ${seconds} s`)), 1000 * seconds);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  [Symbol.dispose](): void {
    this.end();
  }
}

/** Whether there is no such object; a bucket that is missing is another matter. */
function isMissing({ status, code }: Answer): boolean {
  return status === 404 && code !== "NoSuchBucket";
}

/** Whether the same question may have another answer soon. */
function isPassing({ status, code }: Answer): boolean {
  return status === 409 || status === 429 || status > 501 || status === 500 || code === "RequestTimeout";
}

/** The server's word for what went wrong, from its XML. */
function codeOf(status: number, bytes: Uint8Array): string {
  if (status < 300) return "";
  const text = new TextDecoder().decode(bytes.subarray(0, 10_000));
  return /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1] ?? "";
}
