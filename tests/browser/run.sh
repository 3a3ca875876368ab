#!/bin/bash
# The built site in Chromium: tests/browser/README.md lists what is checked.
#
#   SITE=site/public BREAKEVEN=build/breakeven tests/browser/run.sh      (make test-browser)
#
# Without SITE, site/public is brought up to date first with $BREAKEVEN. What npm installs lies in
# build/browser (BROWSER_OUT), never in the tree. The last line is `N passed, N failed`.
set -u
cd "$(dirname "$0")/../.." || exit 3
out=${BROWSER_OUT:-build/browser}
seconds=${TEST_TIMEOUT:-480}

stop() {
    echo "test-browser: $*" >&2
    exit 3
}

for command in node npm java; do
    command -v "$command" > /dev/null || stop "$command is not installed (.ci/install-packages browser)"
done
for name in ${CHROMIUM:-} chromium chromium-browser google-chrome; do
    CHROMIUM=$(command -v "$name") && break
done
[ -n "${CHROMIUM:-}" ] || stop "chromium is not installed (.ci/install-packages browser)"
export CHROMIUM

if [ -z "${SITE:-}" ]; then
    SITE=site/public
    "${BREAKEVEN:?the program}" build --out "$SITE" || exit
fi

# The same three packages until the lock file changes. npm checks their SHA-512 sums.
mkdir -p "$out/home" || exit 3
if ! cmp -s tests/browser/package-lock.json "$out/installed"; then
    rm -f "$out/installed"
    cp tests/browser/package.json tests/browser/package-lock.json "$out/" || exit 3
    echo "npm ci in $out: $(sed -n 's/^    "\([a-z-]*\)": "\([0-9.]*\)",\{0,1\}$/\1 \2/p' tests/browser/package.json | paste -sd, | sed 's/,/, /g')"
    (cd "$out" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || stop "npm could not install them"
    cp tests/browser/package-lock.json "$out/installed"
fi

# A home of its own: the browser leaves nothing in the user's.
out=$(cd "$out" && pwd)
HOME=$out/home TMPDIR=$out/home timeout "$seconds" node tests/browser/check.mjs "$SITE" "$out" < /dev/null
status=$?
[ "$status" -ne 124 ] || echo "test-browser: stopped after $seconds s" >&2
exit "$status"
