#!/bin/bash
# `breakeven serve` as an editor of the site meets it: pages over HTTP, a changed file, a broken one,
# addresses that lead out of the site. Requests are written by hand, byte by byte. Speaks TAP.
set -u
cd "$(dirname "$0")/.." || exit 3
breakeven=${BREAKEVEN:?the program to test}
root=$PWD
work=$(mktemp -d) || exit 3
pid=
trap '[ -n "$pid" ] && kill "$pid" 2> /dev/null; rm -rf "$work"' EXIT
case=feature-flag-evaluation
mkdir -p "$work/content/workloads" "$work/site"
cp -r content/workloads/$case "$work/content/workloads/"
for own in content/policy content/claims content/pages; do [ -e $own ] && cp -r $own "$work/content/"; done
cp -r templates pricing "$work/"
cp site/site.json "$work/site/" 2> /dev/null
cp -r site/theme "$work/site/" 2> /dev/null
cd "$work" || exit 3
questionnaire=content/workloads/$case/questionnaire.json
n=0

result() { # STATUS SENTENCE
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else
        echo "not ok $n - $2"
        for f in got out err; do [ -s $f ] && head -n 20 $f | cut -c1-200 | tr -d '\r' | sed "s/^/# $f: /"; done
    fi
}

# request LINE [HEADER...]: the whole answer in ./got
request() {
    local line=$1 host="Host: 127.0.0.1:$port"
    shift
    case "${1:-}" in Host:*) host=$1; shift ;; esac
    : > got
    exec 3<> "/dev/tcp/127.0.0.1/$port" || return 1
    printf '%s HTTP/1.1\r\n%s\r\nConnection: close\r\n' "$line" "$host" >&3
    [ $# -eq 0 ] || printf '%s\r\n' "$@" >&3
    printf '\r\n' >&3
    timeout 20 cat <&3 > got
    exec 3>&-
}
status() { head -n 1 got | grep -q "^HTTP/1.1 $1 "; }
header() { grep -a -i "^$1:" got | head -n 1 | sed 's/^[^:]*: *//' | tr -d '\r'; }
# until SECONDS COMMAND...: again and again, until it is true
until_true() {
    local tries=$(($1 * 10))
    shift
    while ! "$@"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.1
    done
}
served() { grep -q '^serving ' out; }
page_has() { request "GET $1" && grep -a -q "$2" got; }

"$breakeven" serve --port 0 > out 2> err &
pid=$!
until_true 120 served
result $? "the site is built and served"
port=$(sed -n 's,^serving .* at http://127.0.0.1:\([0-9]*\)/.*,\1,p' out)
[ -n "$port" ] || { echo "1..$n"; exit 1; }

request 'GET /'
status 200 && [ "$(header Content-Type)" = "text/html; charset=utf-8" ] && grep -a -q '</html>' got
result $? "the first page is index.html"
grep -a -q '<script src="/-/reload.js?build=[0-9-]*"></script></body>' got && grep -a -q "connect-src 'self';" got
result $? "a page gets the script that reloads it, and leave to ask for events"
! grep -r -q 'reload.js' site/public
result $? "the script is not in the published files"
etag=$(header ETag)
request 'GET /' "If-None-Match: $etag"
status 304 && ! grep -a -q '<html' got
result $? "a page that is known already is not sent again"
request 'HEAD /site.css'
status 200 && [ "$(header Content-Type)" = "text/css; charset=utf-8" ] && ! grep -a -q '{' got
result $? "HEAD sends the head alone"
request "GET /$case"
status 301 && [ "$(header Location)" = "/$case/" ]
result $? "a folder gets its slash"
request "GET /$case/report.json?x=1"
status 200 && [ "$(header Content-Type)" = "application/json; charset=utf-8" ]
result $? "files have their types"
request 'GET /nowhere.html'
status 404 && grep -a -q '</html>' got
result $? "an unknown address is the site's own 404 page"

echo secret > "$work/secret.txt"
ln -s "$work/secret.txt" site/public/link.txt
ln -s "$work" site/public/out
bad=0
for path in /../secret.txt /..%2fsecret.txt /%2e%2e/secret.txt /%2e%2e%2fsecret.txt /%252e%252e/secret.txt \
    /$case/../../site.json //etc/passwd /./site.json /link.txt /out/secret.txt /.breakeven.json \
    /site.css%00.html /%zz '/..\secret.txt' /out; do
    request "GET $path"
    if status 200 || status 301 || grep -a -q secret got; then
        bad=1
        echo "# $path was answered"
    fi
done
result $bad "no address leads out of the site"
rm site/public/link.txt site/public/out
request 'GET /' 'Host: evil.example'
status 403
result $? "a page elsewhere cannot reach the site through another name"
request 'POST /'
status 405 && [ "$(header Allow)" = "GET, HEAD" ]
result $? "only GET and HEAD are allowed"

# Events: the present build at once, the next as soon as it is there.
exec 4<> "/dev/tcp/127.0.0.1/$port"
printf 'GET /-/events HTTP/1.1\r\nHost: localhost\r\n\r\n' >&4
timeout 120 cat <&4 > events &
reader=$!
news() { [ "$(grep -a -c '^data: ' events)" -ge "$1" ]; }
until_true 20 news 1
result $? "events begin with the present build"

sed -i 's/"title": *"[^"]*"/"title": "A title that was changed"/' $questionnaire
until_true 60 page_has "/$case/" 'A title that was changed'
result $? "a changed questionnaire is built again"
until_true 20 news 2
result $? "open pages are told"

cp $questionnaire good.json
sed -i 's/"title"/"titel"/' $questionnaire
until_true 60 page_has / 'The site could not be built'
result $? "a broken questionnaire shows on every page"
grep -a -q 'questionnaire.json:[0-9]*:[0-9]*: error: .*titel' got && status 500 && grep -a -q reload.js got
result $? "with file, line, column and what is wrong"
grep -q 'A title that was changed' site/public/$case/index.html
result $? "the last good site stays in place"
request "GET /$case/?old"
status 200 && grep -a -q 'A title that was changed' got
result $? "and can be looked at"
cp good.json $questionnaire
until_true 60 page_has / 'A title that was changed'
result $? "a mended questionnaire brings the site back"

# The script of the pages, by a browser that is played.
if command -v node > /dev/null; then
    request 'GET /-/reload.js?build=1-1'
    awk 'body { print } /^\r?$/ { body = 1 }' got > reload.js
    cat > play.js << 'PLAY'
const source = require('fs').readFileSync('reload.js', 'utf8');
function page(search) {
    const heard = {}, p = { log: [], open: [], heard };
    const document = { visibilityState: 'visible', currentScript: { src: 'http://127.0.0.1/-/reload.js?build=1-1' },
        addEventListener: (name, f) => { heard[name] = f; } };
    const location = { search, pathname: '/x/', reload: () => p.log.push('reload'), replace: to => p.log.push('to ' + to) };
    function EventSource(url) { p.open.push(this); this.close = () => { p.open = p.open.filter(e => e !== this); }; }
    new Function('document', 'location', 'EventSource', 'addEventListener', source)(document, location, EventSource,
        (name, f) => { heard[name] = f; });
    p.show = state => { document.visibilityState = state; heard.visibilitychange(); };
    return p;
}
const assert = require('assert'), seen = page(''), old = page('?old');
assert.equal(seen.open.length, 1);
seen.open[0].onmessage({ data: '1-1' });
assert.deepEqual(seen.log, []);
seen.show('hidden');
assert.equal(seen.open.length, 0);
seen.show('visible'); seen.heard.pageshow();
assert.equal(seen.open.length, 1);
seen.open[0].onmessage({ data: '1-2' });
assert.deepEqual(seen.log, ['reload']);
assert.equal(seen.open.length, 0);
old.open[0].onmessage({ data: '1-2' });
assert.deepEqual(old.log, ['to /x/']);
PLAY
    node play.js > out.js 2> err
    result $? "a page reloads on another build, listens only while it is seen, and leaves ?old"
else
    echo "ok $((n += 1)) - the script of the pages # SKIP node is not installed"
fi
fds=()
for ((i = 0; i < 120; i++)); do
    exec {fd}<> "/dev/tcp/127.0.0.1/$port" && printf 'GET /-/events HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n\r\n' "$port" >&$fd && fds+=("$fd")
done
request 'GET /' && status 200 && [ "${#fds[@]}" -eq 120 ]
result $? "120 open pages leave room for another"
for fd in "${fds[@]}"; do exec {fd}>&-; done

sed -i 's/"edition": "[0-9-]*"/"edition": "2031-01-01"/' pricing/book.json
until_true 60 page_has /prices/index.html '2031-01-01' || page_has /prices.html '2031-01-01'
result $? "a changed price book is built again"

kill -TERM $pid
gone() { ! kill -0 $pid 2> /dev/null; }
until_true 20 gone
wait $pid
[ $? -eq 0 ]
result $? "SIGTERM ends it with status 0"
pid=
exec 4>&-
kill $reader 2> /dev/null
[ ! -e site/.public.breakeven-staged ]
result $? "nothing is left half done"

"$breakeven" serve --port 70000 > out 2> err
[ $? -eq 2 ] && grep -q "no port '70000'" err
result $? "a port that cannot be is refused"
cd "$root" || exit 3
echo "1..$n"
