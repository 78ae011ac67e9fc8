/** Makes what Deno itself cannot, or not with narrow permissions: `mkfifo PATH`, `ln -s TARGET PATH`, `ln TARGET PATH`. */
const [program, ...args] = Deno.args as [string, ...string[]];
const { code, stderr } = await new Deno.Command(program, { args }).output();
console.error(new TextDecoder().decode(stderr));
Deno.exit(code);
