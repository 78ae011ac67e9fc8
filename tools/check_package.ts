/**
 * Fails when the package could not be published: `deno publish --dry-run` refuses it, it is too large, or it lacks the kernels.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

const ROOT = new URL("../", import.meta.url);

/** Most bytes of the package's files: whoever imports it has them to fetch. */
export const MOST_PACKAGE_BYTES = 5_000_000;

/** Without this file of a build nothing runs. */
const CODE = "rootstock_kernels_bg.wasm";

/** A file of the package. */
export interface PackagedFile {
  /** Path from the root of the repository. */
  readonly path: string;
  /** Its length. */
  readonly bytes: number;
}

/**
 * Reads which files `deno publish --dry-run` would publish.
 *
 * @param printed What it printed, without colours.
 * @param root The repository.
 * @returns Paths from the root.
 */
export function readPackaged(printed: string, root: URL = ROOT): string[] {
  return Array.from(printed.matchAll(/^\s*(file:\S+) \([\d.]+[KM]?B\)$/gm), ([, address]) => {
    const { href } = new URL(address!);
    return decodeURI(href.slice(root.href.length));
  });
}

/**
 * Finds what is wrong with a package.
 *
 * @param files Its files.
 * @returns One line a fault; none if it can be published.
 */
export function findFaults(files: readonly PackagedFile[]): string[] {
  const faults: string[] = [];
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > MOST_PACKAGE_BYTES) {
    const [largest] = files.toSorted((a, b) => b.bytes - a.bytes);
    faults.push(
      `The package has ${bytes} bytes, expected at most ${MOST_PACKAGE_BYTES}: its largest file is ${largest!.path}`,
    );
  }
  for (const build of ["relaxed", "strict", "single"]) {
    const path = `kernels/pkg/${build}/${CODE}`;
    if (!files.some((file) => file.path === path)) faults.push(`The package lacks ${path}: see publish in deno.json`);
  }
  const foreign = files.find(({ path }) => /^(data\/[^/]+|tests|tests_full|bench|tools|runs)\//.test(path));
  if (foreign !== undefined) faults.push(`The package holds ${foreign.path}: see publish in deno.json`);
  return faults;
}

async function main(): Promise<number> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    // Types are another check's; what is published is what is committed in the end.
    args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
    cwd: fileURLToPath(ROOT),
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  const printed = decoder.decode(stdout) + decoder.decode(stderr);
  if (!success) {
    console.error(printed);
    return 1;
  }
  const files = await Promise.all(
    readPackaged(printed).map(async (path) => {
      return { path, bytes: (await Deno.stat(new URL(path, ROOT))).size };
    }),
  );
  const faults = findFaults(files);
  for (const fault of faults) console.error(fault);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  console.error(`the package has ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB`);
  return faults.length === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
