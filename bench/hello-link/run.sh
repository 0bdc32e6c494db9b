#!/usr/bin/env bash
# Links a C hello world with weld and with wasm-ld-22 in turns, and prints times and their ratio.
# Usage: bench/hello-link/run.sh [ROUNDS]     (20 by default)
#
# Each round starts every linker twice: once after its own file and the inputs were dropped from the page cache
# ("cold"; needs root, otherwise it is left out), and once more at once ("warm"). Every link is a new process. The order
# of the linkers changes from round to round, so that a slow phase of the machine does not hit one of them only.
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

cold=yes
if ! { sync && echo 3 >/proc/sys/vm/drop_caches; } 2>/dev/null; then
    cold=no
    echo "note: the page cache cannot be dropped here (that needs root): only warm starts are measured"
fi

# Microseconds of one link; bash reads the clock itself, so that no other process starts in between.
link() {
    local linker=$1 output=$2 start
    start=$EPOCHREALTIME
    "$linker" "${arguments[@]}" -o "$output"
    elapsed=$((${EPOCHREALTIME/[.,]/} - ${start/[.,]/}))
}

measure() {
    local name=$1 linker=$2
    if [ $cold = yes ]; then
        sync
        echo 3 >/proc/sys/vm/drop_caches
        link "$linker" "$folder/$name.wasm"
        echo "$elapsed" >>"$folder/$name.cold"
    fi
    link "$linker" "$folder/$name.wasm"
    echo "$elapsed" >>"$folder/$name.warm"
}

rm -f "$folder"/*.cold "$folder"/*.warm
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
printf '%-6s %16s %16s %16s %16s %12s\n' start 'weld median' 'weld least' 'wasm-ld median' 'wasm-ld least' 'median ratio'
for start in cold warm; do
    [ -f "$folder/weld.$start" ] || continue
    mine=$(median "$folder/weld.$start")
    theirs=$(median "$folder/wasm-ld.$start")
    printf '%-6s %13s ms %13s ms %13s ms %13s ms %11sx\n' $start "$mine" "$(least "$folder/weld.$start")" \
        "$theirs" "$(least "$folder/wasm-ld.$start")" "$(ratio "$mine" "$theirs")"
done
