import { RunError } from "../run/mod.ts";

/** Where a server is that keeps jobs, and which part of it is meant. */
export interface ServerAddress {
  /** What it is. */
  readonly kind: "redis" | "postgres";
  /** Its name or number. */
  readonly host: string;
  /** Its port. */
  readonly port: number;
  /** Who asks; the server's usual user if left out. */
  readonly user?: string | undefined;
  /** With which password. */
  readonly password?: string | undefined;
  /** Number of the database (Redis), or its name (PostgreSQL). */
  readonly database: string;
  /** What teams of a server are kept apart by: the beginning of all keys (Redis), or a schema (PostgreSQL). */
  readonly space: string;
  /** Whether the connection is encrypted, and the server's certificate checked. */
  readonly tls: boolean;
  /** File with the certificate that signs the server's; those that the system trusts if left out. */
  readonly ca?: string | undefined;
}

const PORTS = { redis: 6379, postgres: 5432 } as const;
const SCHEMES: Readonly<Record<string, ServerAddress["kind"]>> = {
  "redis:": "redis",
  "rediss:": "redis",
  "postgres:": "postgres",
  "postgresql:": "postgres",
};
/** How the part of a server is called in an address. */
const SPACES = { redis: "prefix", postgres: "schema" } as const;
const DATABASES = { redis: { usual: "0", form: /^\d{1,3}$/ }, postgres: { usual: "postgres", form: /^[^/]+$/ } };
const SPACE = /^[a-z_][a-z0-9_]{0,62}$/;

/** What stands in an address in place of its password. */
const HIDDEN = "…";

/** An address as it may be shown. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z]+:\/\/[^:@/]*):[^@]*@/, `$1:${HIDDEN}@`);
}

/** Host and port as permissions have them. */
export function reachOf({ host, port }: Pick<ServerAddress, "host" | "port">): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Whether an address names a server, not a folder. */
export function namesServer(url: string): boolean {
  return /^[a-z]+:/.exec(url)?.[0]! in SCHEMES;
}

/**
 * Reads the address of a server: `redis://[USER:PASSWORD@]HOST[:PORT][/NUMBER][?prefix=NAME&ca=FILE]`, `rediss://…` with TLS, or
 * `postgres://[USER:PASSWORD@]HOST[:PORT][/DATABASE][?schema=NAME&sslmode=verify-full&ca=FILE]`.
 *
 * @param url The address.
 * @returns Its parts.
 * @throws {RunError} If a part is none: shown without the password.
 */
export function parseServerAddress(url: string): ServerAddress {
  const refuse = (expected: string): never => {
    throw new RunError(`Cannot open queue ${withoutPassword(url)}: expected ${expected}`);
  };
  const parsed = URL.parse(url) ?? refuse("redis://HOST or postgres://HOST");
  const kind = SCHEMES[parsed.protocol]!;
  if (parsed.hostname === "") refuse(`the name of a host after ${parsed.protocol}//`);
  const password = decodeURIComponent(parsed.password) || undefined;
  if (password === HIDDEN) {
    refuse("its password, which is kept nowhere: name the queue with --queue or in $ROOTSTOCK_QUEUE");
  }
  const known = [SPACES[kind], "ca", ...(kind === "postgres" ? ["sslmode"] : [])];
  const odd = [...parsed.searchParams.keys()].find((name) => !known.includes(name));
  if (odd !== undefined || parsed.hash !== "") refuse(`nothing after ? but ${known.join(", ")}`);
  const space = parsed.searchParams.get(SPACES[kind]) ?? "rootstock";
  if (!SPACE.test(space)) refuse(`${SPACES[kind]} of small letters, digits and _`);
  const database = decodeURIComponent(parsed.pathname.replace(/^\//, "")) || DATABASES[kind].usual;
  if (!DATABASES[kind].form.test(database)) refuse("one database after the host");
  const mode = parsed.searchParams.get("sslmode") ?? "disable";
  // The others of libpq encrypt, but take anybody for the server.
  if (mode !== "disable" && mode !== "verify-full") refuse("sslmode verify-full or disable");
  return {
    kind,
    host: parsed.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(parsed.port) || PORTS[kind],
    user: decodeURIComponent(parsed.username) || undefined,
    password,
    database,
    space,
    tls: parsed.protocol === "rediss:" || mode === "verify-full",
    ca: parsed.searchParams.get("ca") ?? undefined,
  };
}
