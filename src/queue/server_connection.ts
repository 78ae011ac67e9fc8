import type { ServerAddress } from "./server_address.ts";
import type { BackendFactory, IQueueBackend } from "bullmq";

/** A connection to a server of jobs. */
export interface ServerConnection {
  /** What BullMQ is given as its connection. */
  readonly connection: unknown;
  /** What BullMQ makes of it. */
  readonly backend: BackendFactory<IQueueBackend, unknown>;
  /** Ends it. */
  close(): Promise<void>;
}

/** Seconds in which a server answers: what takes longer is taken for a connection that is gone. */
export const ANSWER_SECONDS = 15;

/** Options of TLS, as Node has them; undefined without. */
export async function tlsOptions({ tls, ca, host }: ServerAddress): Promise<Record<string, unknown> | undefined> {
  if (!tls) return undefined;
  const isNumber = /^[\d.]+$|:/.test(host);
  return {
    rejectUnauthorized: true,
    ca: ca === undefined ? undefined : await Deno.readTextFile(ca),
    servername: isNumber ? undefined : host,
  };
}
