/** Runs a line by the shell. */
const { code } = await new Deno.Command("sh", { args: ["-c", Deno.args[0]!] }).spawn().status;
Deno.exit(code);
