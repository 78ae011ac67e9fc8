/** How a network fails. */
export type ProxyState =
  /** Not at all. */
  | "open"
  /** Nothing comes through, and nobody is told. */
  | "frozen"
  /** What is asked comes through, answers do not. */
  | "deaf"
  /** Connections are gone, and none can be made. */
  | "cut";

/** A network between this machine and a port of it, that fails when it is told to. */
export class Proxy {
  /** Port on which it listens. */
  readonly port: number;
  readonly #target: number;
  readonly #connections = new Set<Deno.Conn>();
  readonly #listener: Deno.Listener;
  #state: ProxyState = "open";
  #change = Promise.withResolvers<void>();

  constructor(target: number) {
    this.#target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.port = (this.#listener.addr as Deno.NetAddr).port;
    void this.#accept();
  }

  set(state: ProxyState): void {
    this.#state = state;
    if (state === "cut") this.#cut();
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  close(): void {
    this.#listener.close();
    this.set("cut");
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) {
      if (this.#state === "cut") client.close();
      else void this.#join(client);
    }
  }

  async #join(client: Deno.Conn): Promise<void> {
    try {
      const server = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      for (const end of [client, server]) this.#connections.add(end);
      await Promise.race([this.#pass(client, server, true), this.#pass(server, client, false)]);
      for (const end of [client, server]) this.#end(end);
    } catch {
      this.#end(client);
    }
  }

  async #pass(from: Deno.Conn, to: Deno.Conn, isQuestion: boolean): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (let count; (count = await from.read(buffer)) !== null;) {
        while (this.#state === "frozen") await this.#change.promise;
        if (this.#state === "deaf" && !isQuestion) continue;
        const writer = to.writable.getWriter();
        await writer.write(buffer.slice(0, count));
        writer.releaseLock();
      }
    } catch {
      // One end is gone, and so is the other one then.
    }
  }

  #cut(): void {
    for (const end of this.#connections) this.#end(end);
  }

  #end(end: Deno.Conn): void {
    this.#connections.delete(end);
    try {
      end.close();
    } catch {
      // It is closed already.
    }
  }
}
