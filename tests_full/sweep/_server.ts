/**
 * Keeps a server alive until standard input ends, then kills it without notice (SIGKILL):
 * `redis|postgres|s3 FOLDER PORT`. With TLS, but for S3: certificate and key are made first. A folder that a server had before is gone on with.
 *
 * @module
 */
export {};

const [kind, folder, port] = Deno.args as [string, string, string];

/** PostgreSQL is run by no superuser. */
const AS_USER = Deno.uid() === 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
const BINARIES = "/usr/lib/postgresql/15/bin";

async function run(...words: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(words[0]!, { args: words.slice(1) }).output();
  if (!success) throw new Error(`${words.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

async function prepare(): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  if (kind === "s3") {
    await Deno.mkdir(`${folder}/data/results`, { recursive: true });
    await Deno.writeTextFile(`${folder}/password`, "s3cret");
    return;
  }
  await run(
    ..."openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext basicConstraints=critical,CA:FALSE"
      .split(" "),
    ..."-addext subjectAltName=DNS:localhost,IP:127.0.0.1".split(" "),
    ...["-keyout", `${folder}/key.pem`, "-out", `${folder}/cert.pem`],
  );
  await Deno.writeTextFile(`${folder}/password`, "s3cret");
  if (kind === "redis") return;
  if (AS_USER.length > 0) await run("chown", "-R", "postgres", folder);
  const options = ["-U", "me", "-A", "scram-sha-256", "--no-sync", "--pwfile", `${folder}/password`];
  await run(...AS_USER, `${BINARIES}/initdb`, "-D", `${folder}/data`, ...options);
}

function command(): string[] {
  if (kind === "s3") {
    const keys = ["--access-key", "me", "--secret-key", "s3cret"];
    return ["s3s-fs", "--host", "127.0.0.1", "--port", port, ...keys, `${folder}/data`];
  }
  const tls = { certificate: `${folder}/cert.pem`, key: `${folder}/key.pem` };
  const next = String(Number(port) + 1);
  if (kind === "redis") {
    const files = [
      "--tls-cert-file",
      tls.certificate,
      "--tls-key-file",
      tls.key,
      "--tls-ca-cert-file",
      tls.certificate,
    ];
    const options = ["--port", port, "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", "--save", ""];
    return [
      "redis-server",
      ...options,
      ...["--requirepass", "s3cret", "--tls-port", next, "--tls-auth-clients", "no"],
      ...files,
    ];
  }
  const settings = { ssl: "on", ssl_cert_file: tls.certificate, ssl_key_file: tls.key, max_connections: "200" };
  const set = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return [
    ...AS_USER,
    `${BINARIES}/postgres`,
    "-D",
    `${folder}/data`,
    "-h",
    "127.0.0.1",
    "-p",
    port,
    "-k",
    folder,
    ...set,
  ];
}

try {
  await Deno.stat(`${folder}/password`);
} catch {
  await prepare();
}
const [program, ...args] = command() as [string, ...string[]];
let [server, isEnding]: [Deno.ChildProcess | undefined, boolean] = [undefined, false];

/** Starts it until it stays: what is left of one that was killed may be in the way for a moment. */
async function keep(): Promise<void> {
  while (!isEnding) {
    server = new Deno.Command(program, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
    await server.status;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const kept = keep();
let said = "";
for await (const piece of Deno.stdin.readable) said += new TextDecoder().decode(piece);
isEnding = true;
try {
  server!.kill("SIGKILL");
} catch {
  // It is between two starts.
}
await kept;
if (said.includes("remove")) await Deno.remove(folder, { recursive: true });
