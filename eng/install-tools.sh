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
$llvm/clang/22/lib/wasi/libclang_rt.builtins-wasm32.a      libclang-rt-22-dev-wasm32"
tests="$bench
llvm-ar-22                                                 llvm-22
/usr/lib/wasm32-wasi/libc++.a                              libc++-22-dev-wasm32
/usr/lib/wasm32-wasi/libc++abi.a                           libc++abi-22-dev-wasm32
wasm-validate                                              wabt
/usr/bin/rustc                                             rustc
/usr/lib/rustlib/wasm32-wasi/lib                           libstd-rust-dev-wasm32
cmake                                                      cmake
ninja                                                      ninja-build
meson                                                      meson"

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

packages=$(missing_of <<<"$wanted" | tr '\n' ' ')
[ -n "$packages" ] || exit 0

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
