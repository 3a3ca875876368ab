#!/bin/bash
# The golden cases that need the program, as TAP; tests/golden/README.md tells what a case is.
#
#   tests/run-golden.sh [--accept]
#
# Every folder of tests/golden is a kind; a kind NAME with a function kind_NAME below is run here, one
# result a case. With --accept, what came out is written over what was wanted (also by the unit tests
# that have golden cases, if TEST_OUT holds them).
set -u
cd "$(dirname "$0")/.." || exit 3

accept=
[ "${1:-}" = --accept ] && accept=yes
program=${BREAKEVEN:-build/breakeven}
number=0
failed=0
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT

# result NAME STATUS: status 0 is a pass; what stands in $work/note explains the rest
result() {
    number=$((number + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $number - $1"
    else
        echo "not ok $number - $1"
        sed 's/^/# /' "$work/note"
        failed=1
    fi
}

# The program says about the file what its unit test says, shows it under the name that it was given,
# and tells errors (exit status 1) from warnings (0).
kind_questionnaire() {
    local wanted_status=0
    "$program" check "$1/in.json" < /dev/null > /dev/null 2> "$work/err"
    local status=$?
    sed "s|^$1/||" "$work/err" > "$work/got"
    grep -q '^[^ ]*: error: ' "$1/want.err" && wanted_status=1
    grep -Fxv -f "$work/got" "$1/want.err" > "$work/note"
    if [ "$status" -ne "$wanted_status" ]; then
        echo "exit status $status, wanted $wanted_status" >> "$work/note"
    fi
    [ ! -s "$work/note" ]
}

if [ -n "$accept" ]; then
    for test in "${TEST_OUT:-build/release}"/tests/unit/test_*_golden; do
        [ -x "$test" ] && GOLDEN_ACCEPT=1 "$test" > /dev/null
    done
fi
if [ ! -x "$program" ]; then
    echo "ok 1 - golden cases # SKIP there is no program at $program"
    exit 0
fi
for kind in tests/golden/*/; do
    kind=$(basename "$kind")
    [ "$(type -t "kind_$kind")" = function ] || continue
    for case in tests/golden/"$kind"/*/; do
        case=${case%/}
        "kind_$kind" "$case"
        result "$kind: $(basename "$case")" $?
    done
done
echo "1..$number"
exit $failed
