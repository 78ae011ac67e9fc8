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

/** Milliseconds after which the server's clock is looked at again. */
const MOST_CLOCK_AGE = 10_000;

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
  const clock = new ServerClock(pool);
  const backend: ServerConnection["backend"] = (name, options) =>
    new ServerClockBackend(new PreparedConnection(pool as PostgresConnectionOptions), name, {
      ...options as PostgresOptions,
      clock,
    });
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

/** The server's clock, which is looked at now and then: a question before each claim would take as long as the claim. */
class ServerClock {
  readonly #pool: Pool;
  /** How far it is ahead of this process's steady clock, in milliseconds, and when it was looked at. */
  #ahead: { readonly by: number; readonly at: number } | undefined;

  /** @param pool Where it is asked. */
  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Looks at it, unless that is not long ago. The steady clock alone counts meanwhile: the machine's own may be set at any time. */
  async look(): Promise<void> {
    if (this.#ahead !== undefined && performance.now() - this.#ahead.at < MOST_CLOCK_AGE) return;
    const { rows: [row] } = await this.#pool.query<{ now: string }>(`SELECT ${NOW} AS now`);
    const at = performance.now();
    this.#ahead = { by: Number(row!.now) - at, at };
  }

  /** Milliseconds from this machine's now to an instant that is so many after the server's, as far as it was looked at. */
  fromOwnNow(milliseconds: number): number {
    return Math.round(this.#ahead!.by + performance.now() - Date.now() + milliseconds);
  }
}

/**
 * BullMQ on PostgreSQL with leases by the server's clock. BullMQ's own are by the clock of whoever asks: a machine whose clock is an
 * hour ahead would take all jobs of the others for lost.
 */
class ServerClockBackend extends PostgresQueueBackend {
  readonly #lease: number;
  readonly #clock: ServerClock;

  constructor(
    connection: PostgresConnection,
    name: string,
    { clock, ...options }: PostgresOptions & { clock: ServerClock },
  ) {
    super(connection, name, options);
    this.#lease = options.lockDuration ?? 0;
    this.#clock = clock;
  }

  override async moveToActive(token: string, name?: string) {
    await this.#clock.look();
    (this.opts as PostgresOptions).lockDuration = this.#clock.fromOwnNow(this.#lease);
    return await super.moveToActive(token, name);
  }

  override async extendLock(id: string, token: string, duration: number): Promise<number> {
    await this.#clock.look();
    return await super.extendLock(id, token, this.#clock.fromOwnNow(duration));
  }

  override async moveStalledJobsToWait(): Promise<string[]> {
    const { maxStalledCount, stalledInterval } = this.opts as PostgresOptions;
    const { rows } = await this.connection.pool.query<{ id: string }>(
      `SELECT move_stalled_jobs_to_wait($1, $2, ${NOW}, $3) AS id`,
      [this.queueName, maxStalledCount, stalledInterval],
    );
    return rows.map(({ id }) => id);
  }
}
