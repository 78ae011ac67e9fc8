import { fileURLToPath } from "node:url";

const SHELL = fileURLToPath(new URL("../_shell.ts", import.meta.url));

/**
 * Runs a script of a shell.
 *
 * @param shell Its name.
 * @param script What it runs.
 * @returns What it prints.
 */
export async function runIn(shell: string, script: string): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: `.${shell}` });
  try {
    await Deno.writeTextFile(file, script);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-check", "--allow-run=sh", SHELL, `${shell} '${file}'`],
    }).output();
    const decoder = new TextDecoder();
    return decoder.decode(stdout) + decoder.decode(stderr);
  } finally {
    await Deno.remove(file);
  }
}
