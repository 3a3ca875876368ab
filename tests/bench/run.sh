#!/bin/bash
# Time and memory of building sites from generated questionnaires: `make bench`.
#
#   REPORTS=1000 tests/bench/run.sh
#
# REPORTS is the number of decisions (default 100). They are the bundled ones with other names and with
# traffic a little up or down, so that no two are the same work. Prints what a build into an empty folder
# takes, one where nothing changed, one after an edit of one questionnaire and one after a price change; what one
# decision takes, with and without a trace;
# where hugo is installed, what it takes to render the same report.md files, and the ratio. STAGES is the
# program that says where the time goes (tests/bench/stages.c); it sees at most 60 of the decisions. DECISIONS is
# the one that times the bundled decisions against the targets (tests/bench/decisions.c).
# ROOM is the folder to work in (default: a temporary one, removed at the end).
set -u
cd "$(dirname "$0")/../.." || exit 3
breakeven=${BREAKEVEN:-build/breakeven}
breakeven=$(realpath "$breakeven") || exit 3
reports=${REPORTS:-100}
if [ -n "${ROOM:-}" ]; then
    mkdir -p "$ROOM" && room=$(realpath "$ROOM") || exit 3
else
    room=$(mktemp -d) || exit 3
    trap 'rm -rf "$room"' EXIT
fi
project=$room/project public=$room/project/site/public

# ---- the decisions ----

rm -rf "$project"
mkdir -p "$project/content/workloads" "$project/site"
cp -R content/policy content/pages content/claims "$project/content/"
cp -R pricing templates "$project/"
cp site/site.json "$project/site/"
mapfile -t bundled < <(find content/workloads -mindepth 2 -maxdepth 2 -name questionnaire.json | LC_ALL=C sort)
for ((i = 0; i < reports; i++)); do
    from=${bundled[$((i % ${#bundled[@]}))]}
    folder=$project/content/workloads/$(basename "$(dirname "$from")" | cut -c 1-70)-$(printf %05d $i)
    cp -R "$(dirname "$from")" "$folder"
    # requests and peaks by 0.70 to 1.39 of the original, in steps of a hundredth; published for sure
    awk -v OFMT=%.9g -v CONVFMT=%.9g -v k="$(((i * 37) % 70 + 70))" '
        {
            rest = $0; line = ""
            while (match(rest, /"(requests_per_day|peak_rps|min_rps)" *: *[0-9.]+/)) {
                head = substr(rest, 1, RSTART - 1); figure = substr(rest, RSTART, RLENGTH)
                rest = substr(rest, RSTART + RLENGTH)
                match(figure, /[0-9.]+$/)
                line = line head substr(figure, 1, RSTART - 1) substr(figure, RSTART) * k / 100
            }
            $0 = line rest
        }
        /"supersedes"/ { next }
        { gsub(/"status": *"draft"/, "\"status\": \"proposed\""); print }' "$from" > "$folder/questionnaire.json"
done

# ---- measuring ----

# measure COMMAND...: seconds of the wall clock, of both processors, and MiB at the peak
measure() {
    local start end times
    start=$(date +%s%N)
    if [ -x /usr/bin/time ]; then
        /usr/bin/time -f '%U %S %M' -o "$room/time" "$@" > "$room/log" 2>&1 || { cat "$room/log" >&2; exit 1; }
    else
        "$@" > "$room/log" 2>&1 || { cat "$room/log" >&2; exit 1; }
        echo "0 0 0" > "$room/time"
    fi
    end=$(date +%s%N)
    wall=$(awk -v a="$start" -v b="$end" 'BEGIN { printf "%.3f", (b - a) / 1e9 }')
    read -r user system peak < "$room/time"
    cpu=$(awk -v u="$user" -v s="$system" 'BEGIN { printf "%.2f", u + s }')
    peak=$((peak / 1024))
}
say() { printf '%-34s %9s s  %9s s cpu  %6s MiB  %s\n' "$1" "$wall" "$cpu" "$peak" "${2:-}"; }

echo "$reports reports, $(nproc) processors"
measure "$breakeven" -C "$project" build -q
first=$wall
say "build, empty folder" "$(awk -v n="$reports" -v t="$wall" 'BEGIN { printf "%.1f reports/s", n / t }')"
measure "$breakeven" -C "$project" build
say "build, nothing changed" "$(grep -o '[a-z]* changed' "$room/log" | head -n 1)"
one=$(find "$project/content/workloads" -name questionnaire.json | LC_ALL=C sort | head -n 1)
sed -i 's/"owner": *"[^"]*"/"owner": "Bench"/' "$one"
measure "$breakeven" -C "$project" build
say "build, one questionnaire changed" "$(grep -o '[0-9]* made again' "$room/log")"
price=$(grep -l '"provider": *"modal"' "$project"/pricing/prices/*.json | head -n 1)
sed -i '0,/"usd": *"\{0,1\}0\.0*[0-9]/s/\("usd": *"\{0,1\}0\.0*[0-9]\)/\11/' "$price"
measure "$breakeven" -C "$project" build
say "build, one price changed" "$(grep -o '[0-9]* made again' "$room/log")"

printf '%s files, %s MiB\n' "$(find "$public" -type f | wc -l)" "$(du -sm "$public" | cut -f 1)"

# ---- stages ----

if [ -n "${STAGES:-}" ]; then
    mkdir -p "$room/some/content/workloads" && rm -rf "$room/stages"
    for part in policy pages claims; do ln -sfn "$project/content/$part" "$room/some/content/$part"; done
    for part in pricing templates site; do ln -sfn "$project/$part" "$room/some/$part"; done
    find "$project/content/workloads" -mindepth 1 -maxdepth 1 | LC_ALL=C sort | awk -v n="$reports" \
        'int(NR * 60 / n) > int((NR - 1) * 60 / n) || n <= 60' | xargs ln -sfn -t "$room/some/content/workloads"
    "$STAGES" "$room/some" "$room/stages" || exit 1
    rm -rf "$room/stages"
fi

# ---- one decision ----

if [ -n "${DECISIONS:-}" ]; then
    echo
    "$DECISIONS" . "$breakeven" || exit 1
fi

# 14 days of 20 million requests in bins of a minute, with days and nights.
mkdir -p "$room/trace"
awk 'BEGIN {
    print "timestamp,requests"
    for (i = 0; i < 20160; i++)
        printf "2026-01-%02dT%02d:%02d:00Z,%d\n", 1 + i / 1440, i / 60 % 24, i % 60, 992 * (1 + 0.6 * sin(6.2832 * i / 1440))
}' > "$room/trace/traffic.csv"
cat > "$room/trace/questionnaire.json" << 'EOF'
{ "format": "breakeven-questionnaire/1", "title": "Trace", "answers": { "latency": { "p99_ms": 2000 },
  "traffic": { "trace": "traffic.csv", "basis": "measured" }, "team": { "platform_engineers": 1 } },
  "models": [ { "name": "m", "duration_ms": 120, "memory_mb": 1024, "size_mb": 80 } ] }
EOF
measure "$breakeven" explain "$room/trace/questionnaire.json"
say "explain, 20 million requests traced" "target under 3 s; $(grep -o 'simulat[a-z]*' "$room/log" | head -n 1)"

# ---- hugo ----

if ! command -v hugo > /dev/null; then
    echo "hugo is not installed: no comparison"
    exit 0
fi
rm -rf "$room/hugo"
mkdir -p "$room/hugo/content" "$room/hugo/layouts/_default"
printf 'baseURL = "https://example.org/"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap"]\n[markup.goldmark.renderer]\nunsafe = true\n' > "$room/hugo/config.toml"
printf '<!DOCTYPE html>\n<html><head><title>{{ .Title }}</title></head><body>{{ .Content }}</body></html>\n' > "$room/hugo/layouts/_default/single.html"
cp "$room/hugo/layouts/_default/single.html" "$room/hugo/layouts/_default/list.html"
for page in "$public"/*/report.md; do
    slug=$(basename "$(dirname "$page")")
    cp "$page" "$room/hugo/content/$slug.md"
done
measure hugo --quiet -s "$room/hugo" -d "$room/hugo/public"
say "hugo, the finished report.md files" "$(find "$room/hugo/public" -name index.html | wc -l) pages"
awk -v b="$first" -v h="$wall" 'BEGIN { printf "a whole build, analysis and all files, takes %.2f times as long as hugo takes for the Markdown\n", b / h }'
