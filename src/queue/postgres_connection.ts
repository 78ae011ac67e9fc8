import { ANSWER_SECONDS, type ServerConnection, tlsOptions } from "./server_connection.ts";
import type { ServerAddress } from "./server_address.ts";
import {
  assertSchemaCompatibility,
  PostgresConnection,
  type PostgresConnectionOptions,
  PostgresQueueBackend,
  runMigrations,
  type WorkerOptions,
} from "bullmq";
// @ts-types="npm:@types/pg@8.23.1"
import { Pool } from "pg";

/** Connections of a process at most; its workers share them. */
const MOST_CONNECTIONS = 8;

type PostgresOptions = WorkerOptions<PostgresConnectionOptions>;

/** The server's clock, in milliseconds as `Date.now()` has them. */
const NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/**
 * Connects with PostgreSQL, and again whenever a connection is gone. The first who comes makes the schema.
 *
 * @param address Where it is.
 * @returns The connection.
 * @throws If it cannot be reached now, refuses the password, or has no schema that may be used.
 */
export async function connectPostgres(address: ServerAddress): Promise<ServerConnection> {
  const { host, port, user, password, database, space } = address;
  const pool = new Pool({
    host,
    port,
    user: user ?? "postgres",
    password,
    database,
    ssl: await tlsOptions(address),
    max: MOST_CONNECTIONS,
    // BullMQ reads the schema from its own configuration alone, and loads the driver in a way that Deno has not.
    options: `-c search_path=${space}`,
    application_name: "rootstock",
    connectionTimeoutMillis: 1000 * ANSWER_SECONDS,
    query_timeout: 1000 * ANSWER_SECONDS,
    keepAlive: true,
  });
  // A connection that is gone is made anew when it is needed.
  pool.on("error", () => {});
  try {
    await prepareSchema(pool, space);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const backend: ServerConnection["backend"] = (name, options) =>
    new ServerClockBackend(new PreparedConnection(pool as PostgresConnectionOptions), name, options as PostgresOptions);
  return { connection: pool, backend, close: () => pool.end() };
}

/** Makes the tables of BullMQ, unless they are there: whoever may only use them need not be allowed to make them. */
async function prepareSchema(pool: Pool, schema: string): Promise<void> {
  const client = await pool.connect();
  try {
    await assertSchemaCompatibility(client, schema).catch(() => runMigrations(client, schema));
  } finally {
    client.release();
  }
}

/** A connection whose schema is there. */
class PreparedConnection extends PostgresConnection {
  override waitUntilReady(): Promise<void> {
    return Promise.resolve();
  }
}

/**
 * BullMQ on PostgreSQL with leases by the server's clock. BullMQ's own are by the clock of whoever asks: a machine whose clock is an
 * hour ahead would take all jobs of the others for lost.
 */
class ServerClockBackend extends PostgresQueueBackend {
  readonly #lease: number;

  constructor(connection: PostgresConnection, name: string, options: PostgresOptions) {
    super(connection, name, options);
    this.#lease = options.lockDuration ?? 0;
  }

  override async moveToActive(token: string, name?: string) {
    (this.opts as PostgresOptions).lockDuration = await this.#fromOwnNow(this.#lease);
    return await super.moveToActive(token, name);
  }

  override async extendLock(id: string, token: string, duration: number): Promise<number> {
    return await super.extendLock(id, token, await this.#fromOwnNow(duration));
  }

  override async moveStalledJobsToWait(): Promise<string[]> {
    const { maxStalledCount, stalledInterval } = this.opts as PostgresOptions;
    const { rows } = await this.connection.pool.query<{ id: string }>(
      `SELECT move_stalled_jobs_to_wait($1, $2, ${NOW}, $3) AS id`,
      [this.queueName, maxStalledCount, stalledInterval],
    );
    return rows.map(({ id }) => id);
  }

  /** Milliseconds from this machine's now to an instant that is so many after the server's. */
  async #fromOwnNow(milliseconds: number): Promise<number> {
    const { rows: [row] } = await this.connection.pool.query<{ now: string }>(`SELECT ${NOW} AS now`);
    return Math.round(Number(row!.now) - Date.now() + milliseconds);
  }
}
