import { assert, assertEquals, assertMatch } from "@std/assert";
import { listFiles, readText } from "./_sources.ts";

interface Task {
  command: string;
}

/** `-A`, alone or in a cluster, or its long form. */
const EVERYTHING = /(^|[\s"'`=])(-[a-zA-Z]*A[a-zA-Z]*|--allow-all)(?=$|[\s"'`=])/m;

async function tasks(): Promise<[string, string][]> {
  const { tasks } = JSON.parse(await readText("deno.json")) as { tasks: Record<string, string | Task> };
  return Object.entries(tasks).map(([name, task]) => [name, typeof task === "string" ? task : task.command]);
}

async function textFiles(): Promise<string[]> {
  const folders = await Promise.all(["tools/", "docs/", "bench/", ".ci/"].map((folder) => listFiles(folder, "")));
  const files = ["deno.json", "README.md", "CHANGELOG.md", ...folders.flat()];
  return files.filter((file) => /(^|\/)[^./]+$|\.(json|md|sh|ts)$/.test(file));
}

Deno.test("the search for -A finds it in every form", () => {
  for (const text of ["deno run -A x", "deno test -qA", '"deno run --allow-all x"', "`-A`"]) {
    assertMatch(text, EVERYTHING);
  }
  for (const text of ["deno run --allow-read x", "a-A", "-C target-feature"]) assert(!EVERYTHING.test(text), text);
});

Deno.test("no task, script or page grants all permissions", async () => {
  const files = await textFiles();
  assert(files.includes(".ci/run") && files.includes("tools/install_toolchain.sh"));
  for (const file of files) assert(!EVERYTHING.test(await readText(file)), `${file} grants all permissions`);
});

Deno.test("every task that runs Deno names its permissions and never prompts", async () => {
  const commands = (await tasks()).filter(([, command]) => /\bdeno (run|test|bench)\b/.test(command));
  assert(commands.length > 0);
  for (const [name, command] of commands) {
    assertMatch(command, /--no-prompt/, `task ${name} would wait for an answer`);
    assert(!/--allow-(run|env|net|ffi|sys)(?=\s|$)/.test(command), `task ${name} grants a whole permission`);
  }
});

Deno.test("only pretrain, compare, sweep and worker start a program, which is Deno, none uses native code, and only fetch and queues the network", async () => {
  const commands = (await tasks()).filter(([, command]) => command.includes("src/cli/main.ts"));
  assert(commands.length > 0);
  for (const [name, command] of commands) assert(!/--allow-(ffi|sys)/.test(command), `task ${name}`);
  const starting = commands.filter(([, command]) => command.includes("--allow-run"));
  assertEquals(starting.map(([name]) => name), [
    "pretrain",
    "pretrain:net",
    "compare",
    "compare:net",
    "sweep",
    "worker",
    "sweep:net",
    "worker:net",
  ]);
  for (const [name, command] of starting) {
    assertMatch(command, /--allow-run=\$\(deno eval 'console\.log\(Deno\.execPath\(\)\)'\)\s/, name);
  }
  const online = commands.filter(([, command]) => command.includes("--allow-net"));
  assertEquals(online.map(([name]) => name), [
    "pretrain:net",
    "compare:net",
    "sweep:net",
    "worker:net",
    "board",
    "fetch",
  ]);
  // Tasks with a queue reach its server and that of a store, and no other.
  for (const [name, command] of online.filter(([name]) => name !== "fetch")) {
    const named = name === "board" || name === "pretrain:net" ? "" : ",ROOTSTOCK_STORE,AWS_REGION,AWS_ENDPOINT_URL_S3";
    const host = `--allow-net=$(deno run --no-prompt --allow-env=ROOTSTOCK_QUEUE${named} tools/reached_hosts.ts)`;
    assertEquals(command.split("--allow-net").length, 2, name);
    assertEquals(command.split(host)[1]?.split(" ")[0], name === "board" ? ",127.0.0.1" : "", name);
  }
});

Deno.test("only what may reach a store is told its key", async () => {
  const told = (await tasks()).filter(([, command]) => /AWS_(ACCESS|SECRET|SESSION)/.test(command));
  assertEquals(told.map(([name]) => name), ["compare:net", "sweep:net", "worker:net"]);
  for (const [name, command] of told) assertMatch(command, /--ignore-env/, name);
});

Deno.test("demo, data and fetch write to runs/ only, and what only reads writes nothing but decoded pictures", async () => {
  const commands = new Map(await tasks());
  for (const name of ["demo", "data", "fetch"]) {
    assertMatch(commands.get(name) ?? "", /--allow-write=runs\s/);
  }
  // Signing and deriving write to the project's zoo and to a run; another zoo takes `deno task rootstock`.
  assertMatch(commands.get("zoo") ?? "", /--allow-write=data\/zoo,runs\s/);
  for (const name of ["select", "eval", "predict"]) {
    assertEquals(commands.get(name)?.match(/--allow-write\S*/g), ["--allow-write=runs/cache"], name);
  }
});

Deno.test("only tasks that take a folder to write to may write anywhere", async () => {
  const anywhere = (await tasks()).filter(([, command]) => /--allow-write(?=\s)/.test(command)).map(([name]) => name);
  assertEquals(anywhere, [
    "rootstock",
    "fast",
    "install",
    "compile",
    "pretrain",
    "pretrain:net",
    "search",
    "transfer",
    "traditional",
    "pareto",
    "compare",
    "compare:net",
    "sweep",
    "worker",
    "sweep:net",
    "worker:net",
    "train",
    "report",
    "export",
  ]);
});

Deno.test("only the fast tasks take bounds checks away, and say so to the engine", async () => {
  const unchecked = (await tasks()).filter(([, command]) => command.includes("--no-wasm-bounds-checks"));
  assertEquals(unchecked.map(([name]) => name), ["test:fast", "bench:fast", "fast"]);
  for (const [, command] of unchecked) assertMatch(command, /ROOTSTOCK_MODE=fast/);
});
