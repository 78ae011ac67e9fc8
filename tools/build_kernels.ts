/**
 * Builds the kernels by wasm-pack, once for each build, and writes a manifest beside them.
 *
 *     deno task build                  all builds, into kernels/pkg/
 *     deno task build relaxed          one of them
 *     deno task build --out runs/pkg   into another folder, for ROOTSTOCK_KERNELS_DIR
 *
 * It needs what tools/install_toolchain.sh installs, or a rustup nightly with rust-src and the same wasm-pack.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { isAbsolute, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  type BuildName,
  BUILDS,
  CRATE,
  fingerprint,
  type ManifestEntry,
  measure,
  readManifest,
  rustFlags,
  STEM,
} from "./_kernel_builds.ts";
import { rustEnvironment } from "./_rust.ts";
import { withoutNames } from "./_wasm_sections.ts";

/** Files of an npm package, which the builds are not. */
const NOISE = ["package.json", ".gitignore", "README.md", "LICENSE"];

const decoder = new TextDecoder();

async function main(): Promise<void> {
  const options = parseArgs(Deno.args, {
    string: ["out", "_"],
    unknown: (arg, key) => {
      if (key !== undefined) throw new Error(`Cannot build: unknown flag ${arg}, expected --out DIR`);
    },
  });
  const wanted = options._.map((name) => {
    const build = BUILDS.find((other) => other === name);
    if (!build) throw new Error(`Cannot build ${name}: expected ${BUILDS.join(", ")}`);
    return build;
  });
  const other = options.out;
  const folder = other ? pathToFileURL(`${isAbsolute(other) ? other : resolve(other)}/`) : new URL("pkg/", CRATE);

  const environment = await rustEnvironment();
  const toolchain = {
    rustc: await output("rustc", ["--version"], environment),
    "wasm-pack": await output("wasm-pack", ["--version"], environment),
    "wasm-bindgen": await output("wasm-bindgen", ["--version"], environment),
  };
  await checkBindgen(toolchain["wasm-bindgen"]);
  const remap = await remapFlags(environment);

  const builds: Partial<Record<BuildName, ManifestEntry>> = { ...(await readManifest(folder))?.builds };
  for (const build of wanted.length > 0 ? wanted : BUILDS) {
    const start = performance.now();
    // Taken before, so that sources edited during the build count as newer than it.
    const sources = await fingerprint(build);
    await buildOne(build, new URL(`${build}/`, folder), [...rustFlags(build), ...remap], environment);
    const files = await measure(folder, build);
    builds[build] = { fingerprint: sources, files };
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    console.error(`built ${build} in ${seconds} s: ${files[`${STEM}_bg.wasm`]!.bytes} bytes of wasm`);
  }
  const sorted = Object.fromEntries(BUILDS.flatMap((build) => builds[build] ? [[build, builds[build]]] : []));
  await Deno.writeTextFile(
    new URL("manifest.json", folder),
    `${JSON.stringify({ toolchain, builds: sorted }, null, 2)}\n`,
  );
}

async function buildOne(
  build: BuildName,
  folder: URL,
  flags: readonly string[],
  environment: Record<string, string>,
): Promise<void> {
  const { success } = await new Deno.Command("wasm-pack", {
    // `--mode force` keeps wasm-pack from asking for rustup's target: the standard library is built from its sources.
    // deno-fmt-ignore
    args: [
      "build", "--mode", "force", "--target", "web", "--no-opt", "--out-dir", fileURLToPath(folder), "--out-name", STEM,
      fileURLToPath(CRATE), "-Zbuild-std=std,panic_abort",
    ],
    env: {
      ...environment,
      RUSTC_BOOTSTRAP: "1",
      CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f"),
      // One a build: flags differ, so one folder for all would be rebuilt each time.
      CARGO_TARGET_DIR: fileURLToPath(new URL(`target/${build}/`, CRATE)),
    },
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot build ${build}: wasm-pack failed, its output is above`);
  const module = new URL(`${STEM}_bg.wasm`, folder);
  await Deno.writeFile(module, withoutNames(await Deno.readFile(module)));
  for (const name of NOISE) await Deno.remove(new URL(name, folder)).catch(() => {});
}

/** Flags that replace this machine's paths in panic messages, so that every machine builds the same bytes. */
async function remapFlags(environment: Record<string, string>): Promise<string[]> {
  const sysroot = await output("rustc", ["--print", "sysroot"], environment);
  const home = environment["CARGO_HOME"] ?? `${environment["HOME"]}/.cargo`;
  const names: [string, string][] = [
    [fileURLToPath(CRATE).replace(/\/$/, ""), "kernels"],
    [home, "cargo"],
    [`${sysroot}/lib/rustlib/src/rust`, "rust"],
  ];
  return names.flatMap(([from, to]) => ["--remap-path-prefix", `${from}=${to}`]);
}

/** wasm-pack would try to download a wasm-bindgen that fits the crate; a wrong one is better said here. */
async function checkBindgen(found: string): Promise<void> {
  const text = await Deno.readTextFile(new URL("Cargo.toml", CRATE));
  const wanted = /^wasm-bindgen = "=(.+)"$/m.exec(text)?.[1];
  if (found !== `wasm-bindgen ${wanted}`) {
    throw new Error(`Cannot build: found ${found}, expected wasm-bindgen ${wanted} (tools/install_toolchain.sh)`);
  }
}

async function output(program: string, args: string[], env: Record<string, string>): Promise<string> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(program, { args, env }).output();
    if (!success) throw new Error(decoder.decode(stderr).trim());
    return decoder.decode(stdout).trim();
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "it is not installed" : (error as Error).message;
    throw new Error(`Cannot run ${program}: ${reason} (tools/install_toolchain.sh installs it)`);
  }
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
