#!/usr/bin/env bash
# Installs everything that building the kernels needs on bare Debian 12 (root, or a user with sudo). About 5 minutes
# from nothing, most of it compiling wasm-pack and wasm-bindgen; what is present and right is left alone.
#
# With rustup instead of Debian's packages, this line does, and RUSTUP_TOOLCHAIN=nightly before `deno task build`:
#   rustup toolchain install nightly --component rust-src && cargo install wasm-pack wasm-bindgen-cli@0.2.130
set -euo pipefail

crate="$(cd "$(dirname "${BASH_SOURCE[0]}")/../kernels" && pwd)"
bindgen="$(sed -n 's/^wasm-bindgen = "=\(.*\)"$/\1/p' "$crate/Cargo.toml")"
packages=(rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy rustfmt-web lld build-essential pkg-config ca-certificates)

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
  echo "installing ${missing[*]}"
  # A slow mirror is tried again rather than given up.
  as_root apt-get -o Acquire::Retries=3 update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 install -y -qq --no-install-recommends "${missing[@]}"
fi

# Debian's compiler before any rustup shims, which would look for a toolchain of their own.
export PATH="/usr/bin:$PATH"

install_tool() { # crate, program, version ("" for any)
  local wanted="$1${3:+@$3}"
  if command -v "$2" >/dev/null && { [ -z "$3" ] || [ "$("$2" --version)" = "$2 $3" ]; }; then return; fi
  echo "installing $wanted"
  local root=/usr/local
  [ -w "$root/bin" ] || root="${CARGO_INSTALL_ROOT:-$HOME/.local}"
  # Without --locked: a locked dependency of wasm-bindgen-cli cannot be had any more, newer ones do.
  CARGO_TARGET_DIR="$(mktemp -d)" cargo install --quiet --force --root "$root" "$wanted"
  command -v "$2" >/dev/null || echo "put $root/bin on PATH"
}

install_tool wasm-bindgen-cli wasm-bindgen "$bindgen"
install_tool wasm-pack wasm-pack ""

echo "kernel toolchain: $(rustc --version), $(wasm-pack --version), $(wasm-bindgen --version)"
