/**
 * Runs the commands of a document and puts what they print in place of what stands there: `deno task retell docs/tutorial.md`.
 *
 * A block fenced as `console` has commands on lines that start with `$ `, each followed by its output. Commands run in the
 * repository's folder, one after another, without a shell. What they say on standard error is progress and is left out.
 *
 * @module
 */

/** A command of a document and the lines that it printed. */
export interface Told {
  /** The command as it stands there, without `$ `. */
  readonly command: string;
  /** Its output, without a newline at the end. */
  readonly output: string;
}

const FENCE = /^```console\n([\s\S]*?)^```$/gm;

/** The commands of a document in their order. */
export function listCommands(text: string): Told[] {
  return Array.from(text.matchAll(FENCE), ([, block]) => readBlock(block!)).flat();
}

function readBlock(block: string): Told[] {
  return block.split(/^\$ /m).slice(1).map((part) => {
    const [command, ...lines] = part.trimEnd().split("\n");
    return { command: command!, output: lines.join("\n") };
  });
}

/**
 * Tells a document again.
 *
 * @param text The document.
 * @param run Runs a command and gives what it prints.
 * @returns The document with new outputs; all else stays as it is.
 */
export async function retell(text: string, run: (command: string) => Promise<string>): Promise<string> {
  const outputs: string[] = [];
  for (const { command } of listCommands(text)) outputs.push((await run(command)).trimEnd());
  let next = 0;
  return text.replace(FENCE, (_, block: string) => {
    const lines = readBlock(block).map(({ command }) => {
      const output = outputs[next++]!;
      return `$ ${command}\n${output === "" ? "" : `${output}\n`}`;
    });
    return "```console\n" + lines.join("\n") + "```";
  });
}

async function runHere(command: string): Promise<string> {
  console.error(`$ ${command}`);
  const [program, ...args] = command.split(" ");
  if (program !== "deno") throw new Error(`Cannot run ${command}: only deno is run, expected deno task …`);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } })
    .output();
  if (!success) throw new Error(`${command} failed: ${new TextDecoder().decode(stderr).trim().split("\n").at(-1)}`);
  return new TextDecoder().decode(stdout);
}

if (import.meta.main) {
  for (const path of Deno.args) {
    await Deno.writeTextFile(path, await retell(await Deno.readTextFile(path), runHere));
  }
}
