import { ANSWER_SECONDS, type ServerConnection, tlsOptions } from "./server_connection.ts";
import type { ServerAddress } from "./server_address.ts";
import { createRedisBackend } from "bullmq";
import { Redis } from "ioredis";

/** Attempts at reaching the server after which a question fails, which whoever asked may repeat. */
const MOST_RETRIES = 3;

/**
 * Connects with Redis, and again whenever the connection is gone. What was sent and not answered is sent again: every question may be
 * asked twice.
 *
 * @param address Where it is.
 * @returns The connection.
 * @throws If it cannot be reached now, or refuses the password.
 */
export async function connectRedis(address: ServerAddress): Promise<ServerConnection> {
  const { host, port, user, password, database } = address;
  const tls = await tlsOptions(address);
  const redis = new Redis({
    host,
    port,
    db: Number(database),
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls }),
    lazyConnect: true,
    connectTimeout: 1000 * ANSWER_SECONDS,
    socketTimeout: 1000 * ANSWER_SECONDS,
    maxRetriesPerRequest: MOST_RETRIES,
    retryStrategy: (times) => Math.min(2000, 100 * 2 ** times),
  });
  let fault: Error | undefined;
  redis.on("error", (error: Error) => fault = error);
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw fault ?? error;
  }
  // BullMQ would open a second connection, to wait for jobs: here nobody waits.
  const backend: ServerConnection["backend"] = (name, options) =>
    createRedisBackend(name, { ...options, connection: redis }, {});
  return { connection: redis, backend, close: () => Promise.resolve(redis.disconnect()) };
}
