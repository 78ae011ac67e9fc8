import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";

const MAKE_SPECIAL = fileURLToPath(new URL("./_make_special.ts", import.meta.url));

/** What must never be read as if it were a file, each with a word by which it is refused. */
export const TRAPS: readonly (readonly [word: string, lay: (path: string) => Promise<void>])[] = [
  ["it is a pipe", makePipe],
  ["it is a pipe", (path) => linked(path, makePipe)],
  ["it is a device", (path) => makeLink("/dev/zero", path)],
  ["it is a folder", (path) => Deno.mkdir(path)],
  ["it has 4294967296 bytes", makeSparse],
  ["it has 4294967296 bytes", (path) => linked(path, makeSparse)],
];

/** Makes a symbolic link. */
export async function makeLink(target: string, path: string): Promise<void> {
  await makeSpecial("ln", "-s", target, path);
}

/** Gives a file a second name. */
export async function makeHardLink(target: string, path: string): Promise<void> {
  await makeSpecial("ln", target, path);
}

/** Makes a pipe that nobody has open. */
export async function makePipe(path: string): Promise<void> {
  await makeSpecial("mkfifo", path);
}

async function makeSpecial(program: string, ...args: string[]): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--no-prompt", "--allow-run=ln,mkfifo", MAKE_SPECIAL, program, ...args],
  });
  const { code, stderr } = await child.output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
}

/** 4 GiB that take no room on the disk. */
async function makeSparse(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true });
  await file.truncate(2 ** 32);
}

async function linked(path: string, make: (path: string) => Promise<void>): Promise<void> {
  await make(`${path}.behind`);
  await makeLink(`${path}.behind`, path);
}

/** Lays each trap in turn, and takes it away after the test. */
export async function forEachTrap(path: string, test: (word: string) => Promise<void>): Promise<void> {
  for (const [word, lay] of TRAPS) {
    await lay(path);
    await test(word);
    for (const left of [path, `${path}.behind`]) await Deno.remove(left, { recursive: true }).catch(() => {});
  }
}
