import { fileURLToPath } from "node:url";
import { openQueue, type Queue, type QueueOptions } from "../../src/queue/mod.ts";

const HELPER = fileURLToPath(new URL("./_server.ts", import.meta.url));
const PROGRAMS = ["redis-server", "s3s-fs", "openssl", "setpriv", "chown", "/usr/lib/postgresql/15/bin"];

/** What keeps jobs. */
export type ServerKind = "redis" | "postgres";

/** Key of the stores of tests. */
export const STORE_KEYS = { AWS_ACCESS_KEY_ID: "me", AWS_SECRET_ACCESS_KEY: "s3cret" };

/** A server, on a port of its own, that can be killed and started again: of jobs, or of objects in the bucket `results`. */
export class Server {
  readonly kind: ServerKind | "s3";
  readonly folder: string;
  readonly port: number;
  #helper: Deno.ChildProcess | undefined;

  constructor(kind: ServerKind | "s3") {
    this.kind = kind;
    // Anybody must reach it, and a path of a socket must be short.
    this.folder = `/tmp/rootstock-${crypto.randomUUID().slice(0, 8)}`;
    this.port = freePort();
  }

  /** Starts it, for the first time or again, and waits until it answers. */
  async start(): Promise<void> {
    const allowed = [`--allow-write=${this.folder}`, "--allow-sys=uid"];
    this.#helper = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", "--no-check", "--allow-read", `--allow-run=${programs()}`, ...allowed],
        ...[HELPER, this.kind, this.folder, String(this.port)],
      ],
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
    for (let tries = 0;; tries++) {
      try {
        return await this.#ask();
      } catch (error) {
        if (tries > 150) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  async #ask(): Promise<void> {
    if (this.kind !== "s3") return await (await openQueue(this.url("ready"))).close();
    const { body } = await fetch(`http://127.0.0.1:${this.port}/`);
    await body?.cancel();
  }

  /** Ends it without notice. */
  async kill(): Promise<void> {
    await this.#helper!.stdin.close();
    await this.#helper!.status;
  }

  /** Ends it, and removes what it kept. */
  async remove(): Promise<void> {
    const writer = this.#helper!.stdin.getWriter();
    await writer.write(new TextEncoder().encode("remove"));
    await writer.close();
    await this.#helper!.status;
  }

  /** Address of a queue, or of a store. */
  url(space: string, { port = this.port, tls = false }: { port?: number; tls?: boolean } = {}): string {
    if (this.kind === "s3") return `s3://results/${space}?endpoint=http://127.0.0.1:${port}`;
    const ca = `&ca=${this.folder}/cert.pem`;
    return this.kind === "redis"
      ? `${tls ? "rediss" : "redis"}://:s3cret@127.0.0.1:${tls ? port + 1 : port}/0?prefix=${space}${tls ? ca : ""}`
      : `postgres://me:s3cret@127.0.0.1:${port}/postgres?schema=${space}${tls ? `&sslmode=verify-full${ca}` : ""}`;
  }

  /** Opens a queue. */
  async open(space: string, options?: Partial<QueueOptions>): Promise<Queue> {
    return await openQueue(this.url(space), options);
  }
}

/** Starts a server for a test. */
export async function withServer(kind: ServerKind | "s3", test: (server: Server) => Promise<void>): Promise<void> {
  const server = new Server(kind);
  await server.start();
  try {
    await test(server);
  } finally {
    await server.remove();
  }
}

/** A port that nobody uses; the next one, too. */
function freePort(): number {
  while (true) {
    using first = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = first.addr as Deno.NetAddr;
    try {
      using _second = Deno.listen({ hostname: "127.0.0.1", port: port + 1 });
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}

function programs(): string {
  return PROGRAMS.flatMap((name) => name.endsWith("bin") ? [`${name}/initdb`, `${name}/postgres`] : [name]).join(",");
}
