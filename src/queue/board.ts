import { asRunError } from "../run/mod.ts";
import { DEFAULT_QUEUE } from "./queue.ts";
import { openServerQueue } from "./server_queue.ts";
import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { HonoAdapter } from "@bull-board/hono";
import { Hono } from "hono";
import { serveStatic } from "hono/deno";

/** Nobody but this machine. */
const HOST = "127.0.0.1";

/**
 * Serves bull-board: it shows the jobs of a queue, and changes nothing. A page of another site cannot have a browser read it under
 * another name.
 *
 * @param url Address of the queue.
 * @param options `port`: where it listens; any that is free if 0.
 * @returns Address of the page; ends when it is disposed of.
 * @throws {RunError} If the queue cannot be reached, or the port is taken.
 */
export async function serveBoard(url: string, { port }: { port: number }): Promise<AsyncDisposable & { url: string }> {
  const queue = await openServerQueue(url, DEFAULT_QUEUE);
  // deno-lint-ignore no-explicit-any
  const shown = new BullMQAdapter(queue.table as any, { readOnlyMode: true, description: queue.url });
  const adapter = new HonoAdapter(serveStatic);
  createBullBoard({ queues: [shown], serverAdapter: adapter, options: { uiConfig: { boardTitle: "Rootstock" } } });
  const board = new Hono().route("/", adapter.registerPlugin());
  try {
    const server = Deno.serve({ hostname: HOST, port, onListen: () => {} }, (request, info) => {
      const { hostname } = new URL(request.url);
      if (hostname !== HOST && hostname !== "localhost") return new Response("Wrong host\n", { status: 403 });
      return board.fetch(request, info);
    });
    return {
      url: `http://${HOST}:${server.addr.port}/`,
      async [Symbol.asyncDispose]() {
        await server.shutdown();
        await queue.close();
      },
    };
  } catch (error) {
    await queue.close();
    throw asRunError(`Cannot listen on ${HOST}:${port}`, error);
  }
}
