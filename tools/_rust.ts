/** Where Debian's rust-web-src puts the sources of the standard library. */
const DEBIAN_SOURCES = "/usr/lib/rustlib/src/rust/library";

/**
 * Environment for Rust tools. Where Debian's library sources are, its compiler comes before any rustup shims (its cargo
 * would otherwise start rustup's rustc) and its linker is named; where they are not, or RUSTUP_TOOLCHAIN names a
 * toolchain, PATH decides and rustc brings its own linker.
 */
export async function rustEnvironment(): Promise<Record<string, string>> {
  const { PATH = "", HOME, CARGO_HOME, RUSTUP_TOOLCHAIN } = read("PATH", "HOME", "CARGO_HOME", "RUSTUP_TOOLCHAIN");
  const isDebian = !RUSTUP_TOOLCHAIN && await Deno.stat(DEBIAN_SOURCES).then(() => true, () => false);
  return {
    PATH: isDebian ? `/usr/bin:${PATH}` : PATH,
    ...(isDebian ? { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: "wasm-ld" } : {}),
    ...(HOME ? { HOME } : {}),
    ...(CARGO_HOME ? { CARGO_HOME } : {}),
  };
}

function read(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}
