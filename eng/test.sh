#!/usr/bin/env bash
# Builds once, runs every test project and the fuzz cases, and ends with the line "N passed, N failed".
# A test that was skipped, and a project that did not run to its end, count as failed.
set -uo pipefail
cd "$(dirname "$0")/.."

readonly fuzz_cases=${FUZZ_CASES:-500}
readonly differential_programs=${DIFFERENTIAL_PROGRAMS:-500}
readonly results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"

passed=0
failed=0

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
    exit
}

count() {
    printf '%-22s %6d passed, %d failed (%d s)\n' "$1" "$2" "$3" "$SECONDS"
    passed=$((passed + $2))
    failed=$((failed + $3))
}

# An attribute of the <Counters> element that the runner writes into its report.
counter() {
    grep -o '<Counters [^>]*>' "$1" 2>/dev/null | grep -o " $2=\"[0-9]*\"" | grep -o '[0-9]*' || echo 0
}

run_tests() {
    local name=$1 report=$PWD/$results/$1.trx log=$results/$1.log status good=0 bad=0
    SECONDS=0
    "artifacts/bin/$name/release/$name" -noLogo -noColor -noAutoReporters -trx "$report" >"$log" 2>&1
    status=$?
    good=$(counter "$report" passed)
    bad=$(($(counter "$report" total) - good))
    if [ "$bad" != 0 ] || [ "$status" != 0 ]; then
        cat "$log"
    fi
    if [ "$((good + bad))" = 0 ] || { [ "$bad" = 0 ] && [ "$status" != 0 ]; }; then
        echo "error: $name did not run to its end (exit code $status)"
        bad=$((bad + 1))
    fi
    count "$name" "$good" "$bad"
}

# The last line of the fuzzer is "fuzz: N passed, N failed".
run_fuzz() {
    local log=$results/Weld.Fuzz.log status good=0 bad=0 last
    SECONDS=0
    artifacts/bin/Weld.Fuzz/release/Weld.Fuzz --count "$fuzz_cases" >"$log" 2>&1
    status=$?
    last=$(tail -n 1 "$log")
    if [[ $last =~ ^fuzz:\ ([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        good=${BASH_REMATCH[1]}
        bad=${BASH_REMATCH[2]}
    fi
    if [ "$bad" != 0 ] || [ "$status" != 0 ] || [ "$good" -lt "$fuzz_cases" ]; then
        tail -n 200 "$log"
    fi
    if [ "$bad" = 0 ] && { [ "$status" != 0 ] || [ "$good" -lt "$fuzz_cases" ]; }; then
        echo "error: the fuzzer ran $good of $fuzz_cases cases (exit code $status)"
        bad=1
    fi
    count Weld.Fuzz "$good" "$bad"
}

# The last line is "differential: N passed, N failed (count N, seed N)".
run_differential() {
    local log=$results/Weld.Air.Differential.log status good=0 bad=0 last
    SECONDS=0
    artifacts/bin/Weld.Air.Differential/release/Weld.Air.Differential --count "$differential_programs" >"$log" 2>&1
    status=$?
    last=$(tail -n 1 "$log")
    if [[ $last =~ ^differential:\ ([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then
        good=${BASH_REMATCH[1]}
        bad=${BASH_REMATCH[2]}
    fi
    if [ "$bad" != 0 ] || [ "$status" != 0 ] || [ "$good" -lt "$differential_programs" ]; then
        tail -n 300 "$log"
    else
        echo "$last"
    fi
    if [ "$bad" = 0 ] && { [ "$status" != 0 ] || [ "$good" -lt "$differential_programs" ]; }; then
        echo "error: the differential test ran $good of $differential_programs programs (exit code $status)"
        bad=1
    fi
    count Weld.Air.Differential "$good" "$bad"
}

echo "building"
# Analyzers take most of a build, and their findings say nothing about behaviour: .ci/run has them.
if ! dotnet build eng/tests.slnf -c Release -p:RunAnalyzers=false -v q -nologo >"$results/build.log" 2>&1; then
    grep -E 'error|warning' "$results/build.log" | sort -u
    echo "error: the test projects do not build"
    failed=1
    finish
fi

for project in test/*/*.csproj; do
    name=$(basename "$project" .csproj)
    # What references xunit is a test project; the others are the fuzzer and the code that tests share.
    if grep -q xunit.v3 "$project"; then
        run_tests "$name"
    fi
done
run_fuzz
run_differential
finish
