#!/usr/bin/env bash
# Publishes the native tool to artifacts/bin/weld, with artifacts/bin/wasm-ld beside it (the same file).
# Tried in this order: NativeAOT for net10.0, NativeAOT for net9.0, ReadyToRun for net10.0. What was chosen
# is written to artifacts/native/choice; as long as the SDK stays the same, the next build starts there. WELD_NATIVE names one
# way, for example ReadyToRun:net10.0.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly native=artifacts/native
readonly bin=artifacts/bin
readonly log=$native/build.log

command -v dotnet >/dev/null || { echo "error: dotnet is not on PATH; install the .NET 10 SDK" >&2; exit 1; }
mkdir -p "$native" "$bin"
sdk=$(dotnet --version)

# Each road has its own intermediate files, so that none sees another's restore.
publish() {
    local verb=$1 tool=$2 framework=$3 road=$native/$2-$3
    # Style is checked when the tests are built, not here.
    local properties=(-p:RunAnalyzers=false "-p:NativeTool=$tool" "-p:TargetFrameworks=$framework" "-p:ArtifactsPath=$PWD/$road" $static)
    if [ "$verb" = restore ]; then
        dotnet restore src/Weld.Cli -v q "${properties[@]}" >"$log" 2>&1
    else
        dotnet publish src/Weld.Cli -v q --no-restore -c Release -f "$framework" "${properties[@]}" -o "$road/publish" >"$log" 2>&1
    fi
}

fail() {
    grep -v '^$' "$log" | sort -u >&2 || true
    echo "error: the native tool was not built ($1)" >&2
    exit 1
}

roads="Aot:net10.0 Aot:net9.0 ReadyToRun:net10.0"
if [ -n "${WELD_NATIVE:-}" ]; then
    roads=$WELD_NATIVE
elif ! command -v clang >/dev/null && ! command -v gcc >/dev/null; then
    echo "note: NativeAOT links with clang or gcc, and neither is on PATH (apt install g++)" >&2
    roads="ReadyToRun:net10.0"
elif [ -f "$native/road" ] && read -r last_sdk last_road <"$native/road" && [ "$last_sdk" = "$sdk" ]; then
    roads="$last_road"
fi

# Without shared libraries the program starts sooner, and runs on every Linux; libc's archive comes with Debian's libc6-dev,
# with other distributions' glibc-static.
static=
compiler=$(command -v clang || command -v gcc || true)
if [ "$(uname -s)" = Linux ] && [ -n "$compiler" ] && echo 'int main() { return 0; }' | "$compiler" -static -x c - -lm -o "$native/static-probe" 2>/dev/null; then
    static=-p:StaticExecutable=true
fi

# A runtime pack that cannot be had shows in the restore, a missing system library when the tool is linked: both leave the
# next way. Anything else is an error in the sources.
chosen=
for road in $roads; do
    publish restore "${road%:*}" "${road#*:}" || continue
    if publish publish "${road%:*}" "${road#*:}"; then
        chosen=$road
        break
    fi
    grep -qE 'Platform linker|collect2|ld returned|linker command failed' "$log" || fail "${road%:*} for ${road#*:}"
    echo "note: NativeAOT for ${road#*:} does not link here: $(grep -m 1 -oE 'Platform linker.*|cannot find .*|undefined reference.*' "$log")" >&2
done
[ -n "$chosen" ] || { rm -f "$native/road"; fail "no way left"; }

# Beside, then rename: a link that is running keeps the old file.
built=$native/${chosen%:*}-${chosen#*:}/publish/weld
cp "$built" "$bin/.weld.new"
mv -f "$bin/.weld.new" "$bin/weld"
ln -f "$bin/weld" "$bin/wasm-ld" 2>/dev/null || cp -f "$bin/weld" "$bin/wasm-ld"

case ${chosen%:*} in Aot) name=NativeAOT ;; *) name=ReadyToRun ;; esac
echo "$sdk $chosen" >"$native/road"
echo "weld: $name for ${chosen#*:}, $(($(wc -c <"$bin/weld") / 1024)) KiB, in $bin" >"$native/choice"
