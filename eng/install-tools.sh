#!/usr/bin/env bash
# Installs through apt what is missing of: node (for make demo), tests, bench. Silent when everything is there.
# Usage: eng/install-tools.sh node|tests|bench
set -euo pipefail

readonly llvm=/usr/lib/llvm-22/lib

# What must be there, and the package that brings it: a command, or a file.
node="
node                                                       nodejs"
bench="$node
clang-22                                                   clang-22
wasm-ld-22                                                 lld-22
/usr/lib/wasm32-wasi/libc.a                                wasi-libc
$llvm/clang/22/lib/wasi/libclang_rt.builtins-wasm32.a      libclang-rt-22-dev-wasm32
/usr/lib/wasm32-wasi/libc++.a                              libc++-22-dev-wasm32
/usr/lib/wasm32-wasi/libc++abi.a                           libc++abi-22-dev-wasm32
llvm-ar-22                                                 llvm-22
python3                                                    python3"
tests="$bench
wasm-validate                                              wabt
/usr/bin/rustc                                             rustc
/usr/lib/rustlib/wasm32-wasi/lib                           libstd-rust-dev-wasm32
cmake                                                      cmake
ninja                                                      ninja-build
meson                                                      meson
npm                                                        npm"

missing_of() {
    while read -r probe package; do
        case $probe in
            '') ;;
            /*) [ -e "$probe" ] || echo "$package" ;;
            *) command -v "$probe" >/dev/null || echo "$package" ;;
        esac
    done
}

fail() {
    echo "error: $*" >&2
    exit 1
}

case ${1:-} in
    node | tests | bench) wanted=${!1} ;;
    *) fail "usage: eng/install-tools.sh node|tests|bench" ;;
esac

# Distributions have a node that knows neither 64-bit memories nor the current encoding of exceptions. The npm package of
# that name has a current one; it stays outside the checkout, because it is large.
readonly node_home=${XDG_CACHE_HOME:-$HOME/.cache}/weld/node
install_current_node() {
    [ "$1" = tests ] || return 0
    [ ! -x "$node_home/node_modules/node/bin/node" ] || return 0
    command -v npm >/dev/null || fail "npm is missing: install it, for a current node"
    echo "installing a current node in $node_home"
    mkdir -p "$node_home"
    npm install --prefix "$node_home" --no-audit --no-fund --silent node@26 >/dev/null || fail "npm could not install node@26"
    [ -x "$node_home/node_modules/node/bin/node" ] || fail "npm has installed node@26, and it is not there"
}

packages=$(missing_of <<<"$wanted" | tr '\n' ' ')
if [ -z "$packages" ]; then
    install_current_node "$1"
    exit 0
fi

command -v apt-get >/dev/null || fail "missing: $packages(Debian's names); install them by hand: there is no apt-get here"
as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "missing: ${packages% }; run as root: apt-get install $packages"
    as_root="sudo -n"
fi

apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 "$@"
}

mkdir -p artifacts
readonly log=artifacts/apt.log
echo "installing with apt: ${packages% }"
# The lists of a fresh machine are empty, and those of an old one name versions that are gone.
# shellcheck disable=SC2086
if ! { apt update && apt install --no-install-recommends $packages; } >"$log" 2>&1; then
    grep -E '^(E|W|Err|dpkg)' "$log" >&2 || tail -n 20 "$log" >&2
    fail "apt could not install: $packages(the log is $log; on Debian 12, LLVM 22 comes from the suite bookworm-security)"
fi

packages=$(missing_of <<<"$wanted" | tr '\n' ' ')
[ -z "$packages" ] || fail "apt installed $packages, and what they should bring is still not there"
install_current_node "$1"
