#!/usr/bin/env bash
# Publishes the native tool to artifacts/bin/weld, with artifacts/bin/wasm-ld beside it (the same file).
# Tried in this order: NativeAOT for net10.0, NativeAOT for net9.0, ReadyToRun for net10.0. What was chosen
# is written to artifacts/native/choice; as long as the SDK stays the same, the next build starts there.
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
    local properties=(-p:RunAnalyzers=false "-p:NativeTool=$tool" "-p:TargetFrameworks=$framework" "-p:ArtifactsPath=$PWD/$road")
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
if ! command -v clang >/dev/null && ! command -v gcc >/dev/null; then
    echo "note: NativeAOT links with clang or gcc, and neither is on PATH (apt install g++)" >&2
    roads="ReadyToRun:net10.0"
elif [ -f "$native/road" ] && read -r last_sdk last_road <"$native/road" && [ "$last_sdk" = "$sdk" ]; then
    roads="$last_road"
fi

chosen=
for road in $roads; do
    # A runtime pack that cannot be had shows in the restore; everything after it is a real error.
    if publish restore "${road%:*}" "${road#*:}"; then
        chosen=$road
        break
    fi
done
[ -n "$chosen" ] || { rm -f "$native/road"; fail "restore"; }
publish publish "${chosen%:*}" "${chosen#*:}" || fail "${chosen%:*} for ${chosen#*:}"

# Beside, then rename: a link that is running keeps the old file.
built=$native/${chosen%:*}-${chosen#*:}/publish/weld
cp "$built" "$bin/.weld.new"
mv -f "$bin/.weld.new" "$bin/weld"
ln -f "$bin/weld" "$bin/wasm-ld" 2>/dev/null || cp -f "$bin/weld" "$bin/wasm-ld"

case ${chosen%:*} in Aot) name=NativeAOT ;; *) name=ReadyToRun ;; esac
echo "$sdk $chosen" >"$native/road"
echo "weld: $name for ${chosen#*:}, $(($(wc -c <"$bin/weld") / 1024)) KiB, in $bin" >"$native/choice"
