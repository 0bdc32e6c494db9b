#!/usr/bin/env bash
# Links a C hello world with weld and with wasm-ld-22 in turns, and prints times and their ratio.
# Usage: bench/hello-link/run.sh [ROUNDS]     (20 by default)
#
# Each round starts every linker twice: once after its own file and the inputs were dropped from the page cache
# ("cold"; needs root, otherwise it is left out), and once more at once ("warm"). Every link is a new process. The order
# of the linkers changes from round to round, so that a slow phase of the machine does not hit one of them only. "Work" is
# the processor time of the process, which depends less on what else the machine does.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly rounds=${1:-20}
readonly folder=artifacts/bench/hello-link
readonly libraries=/usr/lib/wasm32-wasi
readonly builtins=/usr/lib/llvm-22/lib/clang/22/lib/wasi/libclang_rt.builtins-wasm32.a
readonly weld=$PWD/artifacts/bin/weld
readonly reference=wasm-ld-22

for tool in clang-22 "$reference" "$weld"; do
    command -v "$tool" >/dev/null || { echo "error: $tool is missing; run: make bench" >&2; exit 1; }
done
mkdir -p "$folder"
clang-22 --target=wasm32-wasip1 --sysroot=/usr -isystem /usr/include/wasm32-wasi -O2 -c bench/hello-link/hello.c -o "$folder/hello.o"

# What clang-22 passes to the linker.
arguments=(-m wasm32 "-L$libraries" "$libraries/crt1-command.o" "$folder/hello.o" -lc "$builtins")

kinds="cold warm"
if ! { sync && echo 3 >/proc/sys/vm/drop_caches; } 2>/dev/null; then
    kinds=warm
    echo "note: the page cache cannot be dropped here (that needs root): only warm starts are measured"
fi
TIMEFORMAT='%3U %3S'

# One link; leaves the times that passed, and that processors worked, in microseconds. Bash reads the clock itself, so that
# no other process starts in between; its "time" knows processor times to a millisecond.
link() {
    local linker=$1 output=$2 start user system
    start=$EPOCHREALTIME
    { time "$linker" "${arguments[@]}" -o "$output"; } 2>"$folder/time"
    elapsed=$((${EPOCHREALTIME/[.,]/} - ${start/[.,]/}))
    read -r user system <"$folder/time"
    work=$((10#${user/[.,]/}000 + 10#${system/[.,]/}000))
}

measure() {
    local name=$1 linker=$2 kind
    for kind in $kinds; do
        if [ "$kind" = cold ]; then
            sync
            echo 3 >/proc/sys/vm/drop_caches
        fi
        link "$linker" "$folder/$name.wasm"
        echo "$elapsed" >>"$folder/$name.$kind"
        echo "$work" >>"$folder/$name.$kind.work"
    done
}

rm -f "$folder"/*.cold "$folder"/*.warm "$folder"/*.work
link "$weld" "$folder/weld.wasm"
link "$reference" "$folder/wasm-ld.wasm"
for ((round = 0; round < rounds; round++)); do
    if ((round % 2 == 0)); then
        measure weld "$weld"
        measure wasm-ld "$reference"
    else
        measure wasm-ld "$reference"
        measure weld "$weld"
    fi
done

# Milliseconds: the middle value, and the smallest.
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { printf "%.2f", (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2000 }'; }
least() { sort -n "$1" | awk 'NR == 1 { printf "%.2f", $1 / 1000 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", b / a }'; }

echo "machine: $(nproc) cores, $(awk -F ': ' '/model name/ { print $2; exit }' /proc/cpuinfo), Linux $(uname -r), load $(cut -d ' ' -f 1 /proc/loadavg)"
echo "weld:    $(git describe --always --dirty 2>/dev/null || echo unknown), $(cat artifacts/native/choice)"
echo "wasm-ld: $("$reference" --version)"
echo "output:  weld $(wc -c <"$folder/weld.wasm") bytes, wasm-ld $(wc -c <"$folder/wasm-ld.wasm") bytes"
echo
printf '%-6s %-8s %12s %12s %12s\n' start linker 'median (ms)' 'least (ms)' 'work (ms)'
for kind in $kinds; do
    for name in weld wasm-ld; do
        file=$folder/$name.$kind
        printf '%-6s %-8s %12s %12s %12s\n' $kind $name "$(median "$file")" "$(least "$file")" "$(median "$file.work")"
    done
    echo "       wasm-ld takes $(ratio "$(median "$folder/weld.$kind")" "$(median "$folder/wasm-ld.$kind")") times as long (medians)"
done
