#!/bin/bash
# Two builds of the same input in other folders, time zones, locales, umasks and numbers of threads
# give the same files, byte by byte. BREAKEVEN is the program. Speaks TAP.
set -u
cd "$(dirname "$0")/.." || exit 3
if [ "${FLAVOUR:-release}" != release ]; then
    echo "ok 1 # SKIP reproducibility is tested with the release build"
    echo "1..1"
    exit 0
fi
breakeven=${BREAKEVEN:?the program to test}
mkdir -p "${TEST_OUT:?}"
room=$(mktemp -d "$TEST_OUT/reproducible.XXXXXX") || exit 3
trap 'rm -rf "$room"' EXIT
one=$room/one two="$room/another folder, with a longer name"

# project DIR: a copy of the input, made in another order the second time
project() {
    mkdir -p "$1"
    for part in $2; do
        [ -e "$part" ] && cp -R "$part" "$1/"
    done
    rm -rf "$1/site/public"
}
project "$one" "content pricing templates site"
project "$two" "site templates pricing content"

(umask 022 && cd "$one" && TZ=UTC LC_ALL=C "$breakeven" build --jobs 1) > "$room/log" 2>&1
first=$?
(umask 077 && cd "$two" && TZ=Pacific/Kiritimati LC_ALL=tr_TR.UTF-8 LANG=de_DE.UTF-8 COLUMNS=40 \
    "$breakeven" build --jobs 4) >> "$room/log" 2>&1
second=$?
if [ $first -eq 0 ] && [ $second -eq 0 ] && [ -s "$one/site/public/index.html" ] &&
    diff -r "$one/site/public" "$two/site/public" >> "$room/log" 2>&1; then
    echo "ok 1 - $(find "$one/site/public" -type f | wc -l) files are the same under other surroundings"
else
    echo "not ok 1 - the files are the same under other surroundings"
    head -n 40 "$room/log" | cut -c 1-300 | sed 's/^/# /'
fi
echo "1..1"
