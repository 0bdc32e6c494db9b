#!/usr/bin/env bash
# Compiles generated functions from AIR in memory to an object, on one thread, and the same functions, printed as LLVM IR, with
# llc-22 -O0; prints times and functions per second. Usage: bench/codegen/run.sh [FUNCTIONS] [STATEMENTS] [ROUNDS]
#
# weld's time is the best of 12 runs in one process, which starts with AIR in memory. llc's is the least processor time of ROUNDS
# processes; it reads the text first, so it is measured with -O0 and once more with the text already as bitcode.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly functions=${1:-2000} statements=${2:-60} rounds=${3:-5}
readonly folder=artifacts/bench/codegen
readonly program=artifacts/bin/Weld.CodeGen.Bench/release/Weld.CodeGen.Bench

for tool in llc-22 llvm-as-22 dotnet; do
    command -v "$tool" >/dev/null || { echo "error: $tool is missing" >&2; exit 1; }
done
mkdir -p "$folder"
dotnet build bench/codegen -c Release -v q -nologo -p:RunAnalyzers=false >/dev/null
for size in $((functions / 4)) $functions $((functions * 4)); do
    "$program" "$size" "$statements"
done
"$program" $((functions / 10)) $((statements * 10))
"$program" "$functions" "$statements" "$folder/code.ll" "$folder/weld.o"
llvm-as-22 "$folder/code.ll" -o "$folder/code.bc"

# The least user and system time of some runs, in seconds.
least() {
    local best= time
    for ((i = 0; i < rounds; i++)); do
        TIMEFORMAT='%U %S'
        time=$({ time "$@" >/dev/null; } 2>&1 | awk '{ print $1 + $2 }')
        best=$(awk -v a="${best:-$time}" -v b="$time" 'BEGIN { print (a < b) ? a : b }')
    done
    echo "$best"
}

for input in code.ll code.bc; do
    seconds=$(least llc-22 -O0 -mtriple=wasm32 -filetype=obj "$folder/$input" -o "$folder/llc.o")
    awk -v s="$seconds" -v n="$functions" -v i="$input" 'BEGIN { printf "llc-22 -O0 %s: %.0f ms of processor time, %.0f functions/s\n", i, s * 1000, n / s }'
done
