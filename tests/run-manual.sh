#!/bin/bash
# The manual, the help and the README say what is there. BREAKEVEN is the program. Speaks TAP.
set -u
cd "$(dirname "$0")/.." || exit 3
breakeven=${BREAKEVEN:?the program to test}
mkdir -p "${TEST_OUT:?}"
log=$TEST_OUT/manual.log
manual=generator/breakeven.1
. tests/support/tap.sh

if command -v mandoc > /dev/null; then
    mandoc -T lint "$manual" 2>&1 | grep -v 'outdated mandoc.db' > "$log"
    [ ! -s "$log" ]
    result $? "mandoc finds nothing to say about the manual"
else
    n=$((n + 1))
    echo "ok $n # SKIP mandoc is not installed"
fi

# Verbs: the indented lines of the help up to the first blank one after them.
verbs=$("$breakeven" --help | awk '/^  [a-z]+ / { print $1 }')
: > "$log"
for verb in $verbs; do
    grep -q "^\.Ss breakeven $verb\b" "$manual" || echo "the manual has no part on $verb" >> "$log"
    if [ "$verb" != prices ]; then
        for option in $("$breakeven" "$verb" --help | sed -n 's/.*--\([a-z-]*\).*/\1/p' | sort -u); do
            grep -qE -- "(Fl |, )-$option\b" "$manual" || echo "the manual does not know $verb --$option" >> "$log"
        done
    fi
done
[ -n "$verbs" ] && [ ! -s "$log" ]
result $? "the manual knows every verb and every option"

: > "$log"
for verb in $(sed -n 's/^\.Ss breakeven \([a-z]*\).*/\1/p' "$manual"); do
    echo "$verbs" | grep -qx "$verb" || echo "the manual has a verb that is not there: $verb" >> "$log"
done
[ ! -s "$log" ]
result $? "the manual has no verb too many"

# The README's commands run, and the figure that it explains is the report's.
: > "$log"
sed -n 's/^\(build\/breakeven [^#]*\).*/\1/p' README.md | while read -r _ arguments; do
    # shellcheck disable=SC2086 # the arguments of a line are words
    "$breakeven" $arguments > /dev/null 2>> "$log" || echo "failed: $arguments" >> "$log"
done
! grep -q '^failed' "$log" && [ "$(grep -c '^build/breakeven' README.md)" -ge 3 ]
result $? "the README's commands work"
"$breakeven" explain fraud-scoring --format json 2> "$log" | tr -d ' \n' |
    grep -q '"item":"duration","part":[^,]*,"quantity":401500000,"unit":"GB-second","unit_usd":0.0000133334,"usd":5353.3601,'
result $? "the README's figure is the report's"
echo "1..$n"
