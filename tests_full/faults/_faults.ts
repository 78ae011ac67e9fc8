import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import { writePhotos } from "../../tests/data/import/_photos.ts";
import { launchIn } from "../../tests/_launch.ts";
import { writeDigits } from "../../tests/pipelines/_digits.ts";
import { runSearch, timeless } from "../../tests/pipelines/_runs.ts";

const pathOf = (script: string) => fileURLToPath(new URL(script, import.meta.url));
const WORK = pathOf("./_work.ts");
const SHELL = pathOf("./_shell.ts");

/** Work of a kind: what it is given, and what must be the same whatever befell it. */
export interface Work {
  /** Its name in `_work.ts`. */
  readonly kind: string;
  /** What it is given beside a folder to work in. */
  readonly given: readonly string[];
}

/** Datasets and a source for every kind of work, in a folder that is removed after the test. */
export async function inFaults(test: (folder: string, work: Readonly<Record<string, Work>>) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    const [data, source, photos] = [`${folder}/few-digits`, `${folder}/source`, `${folder}/photos`];
    await writeDigits(data);
    await runSearch(source, { data, seed: 7 });
    writePhotos(photos);
    const work = {
      search: { kind: "search", given: [data] },
      transfer: { kind: "transfer", given: [data, source] },
      train: { kind: "train", given: [data, JSON.stringify(randomGenotype(1, 2))] },
      import: { kind: "import", given: [photos] },
    };
    await test(folder, work);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The command that does a piece of work. */
export function commandOf({ kind, given }: Work, out: string): string[] {
  const { flags } = launchIn();
  const permissions = ["--no-prompt", "--no-check", "--allow-read", "--allow-write"];
  return [Deno.execPath(), "run", ...permissions, ...flags, WORK, kind, out, ...given];
}

/** What a process came to. */
export interface Ended {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  readonly out: string;
  readonly error: string;
}

/** Starts a piece of work. */
export function start(work: Work, out: string): Deno.ChildProcess {
  const [program, ...args] = commandOf(work, out) as [string, ...string[]];
  return new Deno.Command(program, { args, env: launchIn().env, stdin: "null", stdout: "piped", stderr: "piped" })
    .spawn();
}

/** Waits for a process. */
export async function ended(child: Deno.ChildProcess): Promise<Ended> {
  const { code, signal, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, signal, out: decoder.decode(stdout), error: decoder.decode(stderr) };
}

/** Does a piece of work to its end. */
export async function finish(work: Work, out: string): Promise<string> {
  const { code, out: said, error } = await ended(start(work, out));
  assertEquals(code, 0, error);
  return await endOf(work, out, said);
}

/** All that must be the same bits after a fault: of a run its files, of an import what identifies the images. */
export async function endOf({ kind }: Work, out: string, said: string): Promise<string> {
  if (kind === "import") return said;
  const names = { search: ["supernet"], transfer: ["supernet", "network"], train: ["network"] }[kind]!;
  const files = await Promise.all(names.map((name) => Deno.readFile(`${out}/${name}.safetensors`)));
  const digests = await Promise.all(files.map((bytes) => crypto.subtle.digest("SHA-256", bytes)));
  const result = JSON.parse(await Deno.readTextFile(`${out}/result.json`));
  return JSON.stringify([timeless(result), ...digests.map((digest) => new Uint8Array(digest).toHex())]);
}

/** Runs a script by the shell, in a namespace of its own where it may mount what it likes. */
export async function inNamespace(script: string): Promise<Ended> {
  const args = ["run", "--no-config", "--no-prompt", "--allow-run=unshare", SHELL, script];
  return await ended(
    new Deno.Command(Deno.execPath(), { args, env: launchIn().env, stdout: "piped", stderr: "piped" }).spawn(),
  );
}

/** A command as a word list of the shell. */
export function quoted(command: readonly string[]): string {
  return command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
}
