/**
 * Everything about the code that can be checked without running it: format, lint, types, Rust format and clippy,
 * freshness of the built kernels, documentation and package. Prints the longest files and the size of the core.
 *
 * Checks of Rust code are left out, with a word, where there is no Rust; `--rust` makes that a failure.
 *
 * @module
 */
import project from "../deno.json" with { type: "json" };
import { CRATE } from "./_kernel_builds.ts";
import { rustEnvironment } from "./_rust.ts";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../", import.meta.url);

/** Folders of TypeScript that exist. */
const FOLDERS = ["src", "tests", "tests_full", "bench", "tools"];

/** What runs wherever WebAssembly does; tools/browser.json gives it a browser's types and a page's host. */
const PORTABLE = [
  "src/formats/mod.ts",
  "src/engine/mod.ts",
  "src/network/mod.ts",
  "src/batches/mod.ts",
  "src/spaces/mod.ts",
  "src/search/mod.ts",
  "src/transfer/mod.ts",
  "src/embed/mod.ts",
];

/** What counts as the core: the engine's side of the door in Rust and in TypeScript, and the method itself. */
const CORE = ["kernels/src/", "src/engine/", "src/network/", "src/spaces/", "src/search/", "src/transfer/"];

interface Check {
  name: string;
  program: string;
  args: string[];
  cwd: URL;
  env?: Record<string, string>;
}

async function main(): Promise<number> {
  const deno = Deno.execPath();
  const folders: string[] = [];
  for (const folder of FOLDERS) if (await isPresent(new URL(folder, ROOT))) folders.push(folder);
  const checks: Check[] = [
    { name: "format", program: deno, args: ["fmt", "--check", "--quiet"], cwd: ROOT },
    { name: "lint", program: deno, args: ["lint", "--quiet"], cwd: ROOT },
    // TypeScript alone: examples for pages and workers import files that are built beside them.
    {
      name: "types",
      program: deno,
      args: ["check", "--quiet", ...folders.map((folder) => `${folder}/**/*.ts`)],
      cwd: ROOT,
    },
    {
      name: "types in a browser",
      program: deno,
      args: ["check", "--quiet", "--no-lock", "--config", "tools/browser.json", ...PORTABLE],
      cwd: ROOT,
    },
    {
      name: "types of the page",
      program: deno,
      args: [
        "check",
        "--quiet",
        "--no-lock",
        "--config",
        "tools/page.json",
        "page/main.ts",
        "page/worker.ts",
        "page/service_worker.ts",
      ],
      cwd: ROOT,
    },
    {
      name: "kernels are fresh",
      program: deno,
      args: ["run", "--no-prompt", "--allow-read", "tools/check_kernels_fresh.ts"],
      cwd: ROOT,
    },
    // One by one: each names all types that its own functions name.
    ...Object.entries(project.exports).map(([name, path]) => ({
      name: `documentation of ${name}`,
      program: deno,
      args: ["doc", "--quiet", "--lint", path],
      cwd: ROOT,
    })),
    {
      name: "package",
      program: deno,
      args: ["run", "--no-prompt", "--allow-read", `--allow-run=${deno}`, "tools/check_package.ts"],
      cwd: ROOT,
    },
  ];
  const env = await rustEnvironment();
  const hasRust = await new Deno.Command("cargo", { args: ["--version"], env }).output()
    .then(({ success }) => success, () => false);
  if (hasRust) {
    checks.push(
      { name: "Rust format", program: "cargo", args: ["fmt", "--check"], cwd: CRATE, env },
      {
        name: "clippy",
        program: "cargo",
        args: ["clippy", "--quiet", "--all-targets", "--", "-D", "warnings"],
        cwd: CRATE,
        env,
      },
    );
  }

  const failed: string[] = [];
  for (const check of checks) if (!await passes(check)) failed.push(check.name);
  if (!hasRust) {
    console.log("left out  Rust format, clippy: there is no cargo (tools/install_toolchain.sh installs it)");
    if (Deno.args.includes("--rust")) failed.push("Rust");
  }
  await printSizes();
  console.log(failed.length === 0 ? "all checks passed" : `failed: ${failed.join(", ")}`);
  return failed.length === 0 ? 0 : 1;
}

async function passes({ name, program, args, cwd, env = {} }: Check): Promise<boolean> {
  const start = performance.now();
  const command = new Deno.Command(program, { args, cwd: fileURLToPath(cwd), env, stdout: "piped", stderr: "piped" });
  const { success, stdout, stderr } = await command.output();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${success ? "passed" : "FAILED"}    ${name} (${seconds} s)`);
  if (!success) {
    await Deno.stdout.write(stdout);
    await Deno.stdout.write(stderr);
  }
  return success;
}

async function printSizes(): Promise<void> {
  const lines: { path: string; count: number }[] = [];
  for (const folder of ["kernels/src/", ...FOLDERS.map((name) => `${name}/`)]) {
    for (const path of await listSources(folder)) {
      lines.push({ path, count: (await Deno.readTextFile(new URL(path, ROOT))).split("\n").length - 1 });
    }
  }
  lines.sort((a, b) => b.count - a.count);
  console.log("longest files:");
  for (const { path, count } of lines.slice(0, 8)) console.log(`${String(count).padStart(6)}  ${path}`);
  const core = lines.filter(({ path }) => CORE.some((folder) => path.startsWith(folder)));
  const total = core.reduce((sum, { count }) => sum + count, 0);
  console.log(`core: ${total} lines in ${core.length} files (${CORE.join(", ")})`);
}

async function listSources(folder: string): Promise<string[]> {
  const files: string[] = [];
  if (!await isPresent(new URL(folder, ROOT))) return files;
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    if (isDirectory) files.push(...await listSources(`${folder}${name}/`));
    else if (/\.(ts|rs)$/.test(name)) files.push(folder + name);
  }
  return files;
}

function isPresent(path: URL): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}

if (import.meta.main) Deno.exit(await main());
