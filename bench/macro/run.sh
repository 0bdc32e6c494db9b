#!/usr/bin/env bash
# Measures weld against wasm-ld-22 on whole links: time, processor time, peak memory and output size, as ratios.
# Usage: bench/macro/run.sh [--quick] [--rounds N] [--options NAME]... [--json FILE] [INPUT]...
#
# An INPUT is hello-c, hello-c++, S, M, L, or a folder with a link.rsp; all five when there is none. What is missing is made
# first: the hello worlds are compiled, and the corpora S, M and L are generated, once, into ~/.cache/weld/corpus (or
# $WELD_CORPUS). Only that needs a file from outside the repository: gen_corpus.py from ../shared/bench (or $WELD_GENERATOR).
# The table is also written to artifacts/bench/macro/results.md. docs/performance.md explains the columns.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly folder=artifacts/bench/macro
export WELD_CORPUS=${WELD_CORPUS:-${XDG_CACHE_HOME:-$HOME/.cache}/weld/corpus}
readonly libraries=/usr/lib/wasm32-wasi
readonly builtins=/usr/lib/llvm-22/lib/clang/22/lib/wasi/libclang_rt.builtins-wasm32.a

fail() {
    echo "error: $*" >&2
    exit 1
}

# Objects, and the words that clang-22 passes to the linker.
make_hello() {
    local name=$1 source=$2
    shift 2
    local target=$folder/$name
    [ "$target/link.rsp" -nt "bench/macro/$source" ] && [ "$target/link.rsp" -nt bench/macro/run.sh ] && return
    mkdir -p "$target"
    clang-22 --target=wasm32-wasip1 --sysroot=/usr -isystem /usr/include/wasm32-wasi/c++/v1 -isystem /usr/include/wasm32-wasi \
        -O2 -fno-exceptions -c "bench/macro/$source" -o "$target/hello.o"
    printf '%s\n' -m wasm32 "-L$libraries" "$libraries/crt1-command.o" hello.o "$@" -lc "$builtins" >"$target/link.rsp"
}

generator() {
    local common
    common=$(git rev-parse --path-format=absolute --git-common-dir 2>/dev/null || true)
    for file in "${WELD_GENERATOR:-}" ../shared/bench/gen_corpus.py "$common/../../shared/bench/gen_corpus.py"; do
        [ -f "$file" ] && realpath "$file" && return
    done
    fail "gen_corpus.py is needed to make the corpus $1, and it is not in ../shared/bench; name it in WELD_GENERATOR"
}

# Made beside and renamed, so that a folder with this name is always whole; the lock keeps a second run from making it again.
make_corpus() {
    local name=$1
    [ -f "$WELD_CORPUS/$name/meta.json" ] && return
    [ ! -d "$WELD_CORPUS/$name" ] || fail "$WELD_CORPUS/$name is not complete: something else is making it, or was stopped (then remove it)"
    mkdir -p "$WELD_CORPUS/.new"
    (
        flock 9
        [ -d "$WELD_CORPUS/$name" ] && exit
        echo "making the corpus $name in $WELD_CORPUS (L takes a quarter of an hour)" >&2
        python3 "$(generator "$name")" "$name" -o "$WELD_CORPUS/.new" -c clang-22 --ar llvm-ar-22 >"$WELD_CORPUS/.new/$name.log" 2>&1 ||
            { tail "$WELD_CORPUS/.new/$name.log" >&2 && exit 1; }
        mv "$WELD_CORPUS/.new/$name" "$WELD_CORPUS/$name"
    ) 9>"$WELD_CORPUS/.lock"
}

for tool in python3 clang-22 wasm-ld-22 node; do
    command -v "$tool" >/dev/null || fail "$tool is missing; run: eng/install-tools.sh bench"
done
[ -x "${WELD:=artifacts/bin/weld}" ] || fail "$WELD is missing; run: make"
export WELD
compiler=$(command -v cc || command -v gcc || command -v clang || command -v clang-22)
mkdir -p "$folder"
[ "$folder/measure" -nt bench/macro/measure.c ] || "$compiler" -O2 -Wall -o "$folder/measure" bench/macro/measure.c

make_hello hello-c hello.c
make_hello hello-c++ hello.cpp -lc++ -lc++abi
for name in $(bench/macro/macro.py --list-inputs "$@"); do
    case $name in
        S | M | L) make_corpus "$name" ;;
    esac
done
exec bench/macro/macro.py "$@"
