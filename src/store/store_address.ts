import { RunError } from "../run/mod.ts";

/** Where a store of results is: a bucket of a service that speaks S3, or a part of one. */
export interface StoreAddress {
  /** The address with all that was left out, as it may be shown and kept: it holds no keys. */
  readonly url: string;
  /** Name of the bucket. */
  readonly bucket: string;
  /** Beginning of the names of all objects: empty, or ending in `/`. */
  readonly prefix: string;
  /** The server: scheme, host, and port unless it is the usual one. */
  readonly endpoint: string;
  /** What names of objects follow: endpoint, and the bucket unless the host has it. */
  readonly root: string;
  /** Region that requests are signed for. */
  readonly region: string;
  /** File with the certificate that signs the server's, beside those that the system trusts. */
  readonly ca?: string | undefined;
}

/** An address of a store that is none. */
export class StoreAddressError extends RunError {}

/** Reads a variable of the environment; undefined if it is not set, or may not be read. */
export type Environment = (name: string) => string | undefined;

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** A part of a prefix: it looks the same in a URL, and leads nowhere else. */
const PREFIX_PART = /^(?!\.+$)[A-Za-z0-9._-]{1,100}$/;
const REGION = /^[a-z0-9-]{1,40}$/;
const USUAL_REGION = "us-east-1";
/** This machine alone: what is sent to it needs no encryption. */
const THIS_MACHINE = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Reads the address of a store: `s3://BUCKET[/PREFIX][?endpoint=https://HOST:PORT&region=NAME&ca=FILE]`.
 *
 * Without an endpoint it is Amazon's, whose host then has the name of the bucket, so that a process that may reach it reaches no other.
 *
 * @param url The address.
 * @param environment Has `AWS_REGION` and `AWS_ENDPOINT_URL_S3`, which count where the address says nothing.
 * @returns Its parts.
 * @throws {StoreAddressError} If a part is none: a key that somebody wrote into it is not shown.
 */
export function parseStoreAddress(url: string, environment: Environment): StoreAddress {
  // A key may hold slashes.
  const shown = url.replace(/\/\/.*@/s, "//…@").replace(/\?.*$/s, "");
  const refuse = (expected: string): never => {
    throw new StoreAddressError(`Cannot open store ${shown}: expected ${expected}`);
  };
  const parsed = URL.parse(url);
  if (parsed?.protocol !== "s3:") return refuse("s3://BUCKET or s3://BUCKET/PREFIX");
  if (parsed.username + parsed.password !== "") {
    refuse("no key in the address: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY hold it");
  }
  const { searchParams: given, host: bucket } = parsed;
  const known = ["endpoint", "region", "ca"];
  if (parsed.hash !== "" || [...given.keys()].some((name) => !known.includes(name))) {
    refuse(`nothing after ? but ${known.join(", ")}`);
  }
  if (!BUCKET.test(bucket)) refuse("the name of a bucket: 3 to 63 small letters, digits, - and .");
  const parts = parsed.pathname.split("/").filter((part) => part !== "");
  if (!parts.every((part) => PREFIX_PART.test(part))) refuse("a prefix of letters, digits, ., _, - and /");
  const region = given.get("region") ?? environment("AWS_REGION") ?? USUAL_REGION;
  if (!REGION.test(region)) refuse("region of small letters, digits and -, such as eu-central-1");
  const named = given.get("endpoint") ?? environment("AWS_ENDPOINT_URL_S3");
  const server = named === undefined
    ? amazon(bucket, region)
    : { endpoint: parseEndpoint(named) ?? refuse(ENDPOINT), path: `/${bucket}` };
  const ca = given.get("ca") ?? undefined;
  const complete = new URLSearchParams({
    ...(named === undefined ? {} : { endpoint: server.endpoint }),
    region,
    ...(ca === undefined ? {} : { ca }),
  });
  return {
    url: `s3://${[bucket, ...parts].join("/")}?${complete.toString().replaceAll("%3A", ":").replaceAll("%2F", "/")}`,
    bucket,
    prefix: parts.map((part) => `${part}/`).join(""),
    endpoint: server.endpoint,
    root: `${server.endpoint}${server.path}`,
    region,
    ca,
  };
}

const ENDPOINT =
  "endpoint https://HOST or https://HOST:PORT; http:// to this machine alone, others could read all that is sent";

/** The server that an endpoint names; undefined if it may not be. */
function parseEndpoint(text: string): string | undefined {
  const parsed = URL.parse(text);
  if (parsed === null || !/^https?:\/\/[^/?#@]+\/?$/.test(text)) return undefined;
  return parsed.protocol === "https:" || THIS_MACHINE.test(parsed.hostname) ? parsed.origin : undefined;
}

/** Amazon's server. A name with dots is none that its certificate has: it goes into the path. */
function amazon(bucket: string, region: string): { endpoint: string; path: string } {
  const domain = `s3.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
  return bucket.includes(".")
    ? { endpoint: `https://${domain}`, path: `/${bucket}` }
    : { endpoint: `https://${bucket}.${domain}`, path: "" };
}

/** Host and port of a store as permissions have them. */
export function reachOfStore({ endpoint }: Pick<StoreAddress, "endpoint">): string {
  const { hostname, port, protocol } = new URL(endpoint);
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}
