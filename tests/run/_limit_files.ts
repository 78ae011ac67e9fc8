/** Runs a script with a limit on the size of files, whose signal is ignored: writes fail half way as on a full disk. */
const [script, path] = Deno.args;
const { code } = await new Deno.Command("sh", {
  args: [
    "-c",
    `trap "" XFSZ; ulimit -f 8; exec "$0" run --no-config --allow-read --allow-write "$1" "$2"`,
    Deno.execPath(),
    script!,
    path!,
  ],
  // With a limit like this the cache of compiled scripts could not be written either.
  env: { DENO_DIR: `${path}.cache` },
}).spawn().status;
Deno.exit(code);
