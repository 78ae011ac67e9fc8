/** Where Debian's rust-web-src puts the sources of the standard library. */
const DEBIAN_SOURCES = "/usr/lib/rustlib/src/rust/library";

/**
 * Environment for Rust tools: Debian's compiler comes before any rustup shims when its library sources are there (Debian's
 * cargo would otherwise start rustup's rustc), and rustup's is used when they are not.
 */
export async function rustEnvironment(): Promise<Record<string, string>> {
  const path = Deno.env.get("PATH") ?? "";
  const home = Deno.env.get("HOME");
  const cargoHome = Deno.env.get("CARGO_HOME");
  const hasSources = await Deno.stat(DEBIAN_SOURCES).then(() => true, () => false);
  return {
    PATH: hasSources ? `/usr/bin:${path}` : path,
    ...(home ? { HOME: home } : {}),
    ...(cargoHome ? { CARGO_HOME: cargoHome } : {}),
  };
}
