#!/bin/bash
# The bundled site: content passes `check`, the site builds, and building it again writes nothing.
# BREAKEVEN is the program, SITE_OUT the folder of the site (default: below TEST_OUT). Speaks TAP.
set -u
cd "$(dirname "$0")/.." || exit 3
breakeven=${BREAKEVEN:?the program to test}
out=${SITE_OUT:-${TEST_OUT:?}/site}
mkdir -p "${TEST_OUT:-$(dirname "$out")}"
log=${TEST_OUT:-$(dirname "$out")}/site.log
. tests/support/tap.sh

"$breakeven" check > "$log" 2>&1
result $? "the bundled questionnaires, prices, policy and templates pass check"

"$breakeven" build --out "$out" > "$log" 2>&1 && [ -s "$out/index.html" ]
result $? "the bundled site builds"

mark=$(mktemp "${log%/*}/mark.XXXXXX")
sleep 0.05
"$breakeven" build --out "$out" > "$log" 2>&1
status=$?
find "$out" -type f -newer "$mark" >> "$log"
[ "$status" -eq 0 ] && [ -z "$(find "$out" -type f -newer "$mark")" ]
result $? "a second build rewrites no file"
rm -f "$mark"
echo "1..$n"
