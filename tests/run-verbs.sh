#!/bin/bash
#The verbs of daily life as they are used: list, status, new, verify, diff and init in projects of
# their own, and the shell steps of the CI recipes. BREAKEVEN is the program. Speaks TAP.
set -u
cd "$(dirname "$0")/.." || exit 3
source=$PWD
mkdir -p "${TEST_OUT:?}"
room=$(mktemp -d "$TEST_OUT/verbs.XXXXXX") || exit 3
room=$(cd "$room" && pwd)
trap 'rm -rf "$room"' EXIT
unset NO_COLOR BREAKEVEN_SHARE
export SOURCE_DATE_EPOCH=1795305600 # 2026-11-22
n=0

# The program as it is installed, so that the defaults are found beside it.
mkdir -p "$room/inst/bin" "$room/inst/share/breakeven/content" "$room/inst/share/breakeven/site"
cp "${BREAKEVEN:?the program to test}" "$room/inst/bin/breakeven"
cp -r templates pricing "$room/inst/share/breakeven/"
for part in policy pages claims; do
    [ -d content/$part ] && cp -r content/$part "$room/inst/share/breakeven/content/"
done
cp -r site/starter "$room/inst/share/breakeven/site/"
breakeven=$room/inst/bin/breakeven
export BREAKEVEN_SHARE=$room/inst/share/breakeven

# result STATUS SENTENCE
result() {
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else
        echo "not ok $n - $2"
        sed 's/^/# /' "$room/out" "$room/err" | cut -c1-300 | head -n 40
    fi
}
# run STATUS ARGUMENTS: the exit status must be that
run() {
    local want=$1
    shift
    "$breakeven" "$@" > "$room/out" 2> "$room/err" < /dev/null
    [ $? -eq "$want" ]
}
said() { grep -qF -- "$1" "$room/out"; }
warned() { grep -qF -- "$1" "$room/err"; }
# project NAME SLUG...: a folder with those bundled decisions, and goes there
project() {
    local name=$1
    shift
    rm -rf "${room:?}/$name"
    mkdir -p "$room/$name/content/workloads"
    cd "$room/$name" || exit 3
    for slug in "$@"; do cp -r "$source/content/workloads/$slug" content/workloads/; done
}
questionnaire() { echo "content/workloads/$1/questionnaire.json"; }

# ---- list

project list fraud-scoring fraud-scoring-2025 sentiment-api
run 0 list && said "DECISION" && said "fraud-scoring-2025" && said "3 decisions; none due for review on 2026-11-22"
result $? "list shows every decision, and takes today from SOURCE_DATE_EPOCH"
run 0 list --today 2027-06-01 && said "2027-01-29 due" && said "2 due for review on 2027-06-01"
result $? "a passed review date is due; a superseded decision is never"
run 0 list --status accepted --tag fraud && said "1 decision of 3" && ! said "sentiment"
result $? "list filters by state and tag"
run 2 list --status acepted && warned "did you mean 'accepted'?"
result $? "an unknown state names the nearest"
run 0 list --format csv && [ "$(wc -l < "$room/out")" -eq 4 ] && head -n 1 "$room/out" | grep -q '^slug,title,owner,status,.*,monthly_usd,'
result $? "list writes CSV with a header"
run 0 list --format json && said '"format": "breakeven-list/1"' && said '"superseded_by": "fraud-scoring"'
result $? "list writes JSON that says who supersedes whom"
echo '{' > "$(questionnaire sentiment-api)"
run 1 list && said "fraud-scoring" && warned "sentiment-api/questionnaire.json:"
result $? "a file that cannot be read hides none of the others"

# ---- status

project status fraud-scoring fraud-scoring-2025 sentiment-api llm-chatbot
cp "$(questionnaire llm-chatbot)" before
run 0 status llm-chatbot accepted && said "llm-chatbot: proposed -> accepted" &&
    [ "$(diff before "$(questionnaire llm-chatbot)" | grep -c '^>')" -eq 1 ] &&
    sed 's/"status": "proposed"/"status": "accepted"/' before | cmp -s - "$(questionnaire llm-chatbot)"
result $? "status changes one word of the file and no other byte"
run 0 status llm-chatbot accepted && said "accepted already"
result $? "a state that holds already changes nothing"
run 0 status llm-chatbot superseded --by sentiment-api && grep -q '"supersedes": "llm-chatbot"' "$(questionnaire sentiment-api)" &&
    grep -q '"status": "superseded"' "$(questionnaire llm-chatbot)" && run 0 check
result $? "superseding changes both files, and the project still passes check"
cp -r content kept
run 1 status fraud-scoring superseded --by fraud-scoring-2025 && warned "supersedes" && diff -r content kept > "$room/err"
result $? "two decisions cannot supersede each other, and then nothing is written"
run 1 status llm-chatbot accepted && warned 'is superseded by "sentiment-api"' && diff -r content kept > "$room/err"
result $? "what is superseded stays so while its successor says so"
run 2 status llm-chatbot acepted && warned "did you mean 'accepted'?" && run 1 status llm-chatbt accepted && warned "did you mean 'llm-chatbot'?"
result $? "unknown states and decisions name the nearest"

# ---- explain

project explain fraud-scoring
recommended() { grep -A4 '"stability"' "$room/out" | grep -o '"class": *"[a-z]*"'; }
run 0 explain fraud-scoring --format json && before=$(recommended) && [ -n "$before" ] &&
    run 0 explain fraud-scoring --set policy.fte_kubernetes_shared=0.5 --format json && [ "$(recommended)" != "$before" ]
result $? "people are a figure that --set can change, and enough of them flip the class"
run 1 explain fraud-scoring --set policy.fte_managd=1 && warned 'did you mean "policy.fte_managed"?'
result $? "an unknown figure of the policy names the nearest"
run 1 explain fraud-scoring --set policy.fte_managed=many && warned 'must be a number'
result $? "a figure of the policy is a number"

# ---- new

project new fraud-scoring voice-agent measured-text-moderation
run 0 new alpha --set answers.traffic.requests_per_day='{"low":5e5,"likely":1e6,"high":2e6}' --set models.0.memory_mb=2048 \
    --set models.0.duration_ms=40 --set title='Say "hi"' && said "alpha/questionnaire.json: written (" && run 0 check alpha &&
    grep -q '"\$schema": "../../questionnaire.schema.json"' "$(questionnaire alpha)" &&
    grep -q '^ *// ' "$(questionnaire alpha)" && [ -s content/questionnaire.schema.json ]
result $? "new writes a commented questionnaire from --set that passes check, and its schema"
run 1 new alpha && warned "nothing is overwritten"
result $? "new overwrites nothing"
run 1 new beta --set answers.trafic.cv=1 --set models.0.memory_mb=-4 && warned 'did you mean "answers.traffic' &&
    warned "must be at least 1" && [ ! -e content/workloads/beta ]
result $? "every wrong --set is reported, and nothing is written"
run 0 new gamma --from fraud-scoring --set answers.latency.p99_ms=400 --supersedes voice-agent && run 0 check gamma &&
    grep -q '"supersedes": "voice-agent"' "$(questionnaire gamma)" && grep -q '"status": "superseded"' "$(questionnaire voice-agent)" &&
    grep -q '"p99_ms": 400' "$(questionnaire gamma)" && ! grep -q '"date"' "$(questionnaire gamma)"
result $? "new --from takes the answers over, and --supersedes changes both sides"
run 0 new delta --from measured-text-moderation && cmp -s content/workloads/{measured-text-moderation,delta}/traffic.csv && run 0 check delta
result $? "a measured trace comes along"
run 1 new mars --set geography=mars --set 'providers=["aws","gpc"]' && warned 'unknown geography "mars"' && warned 'did you mean "gcp"?' &&
    [ ! -e content/workloads/mars ]
result $? "new holds names to the price book, and writes nothing that check would refuse"
(trap '' XFSZ; ulimit -f 1; "$breakeven" new full --set title=Full > "$room/out" 2> "$room/err" < /dev/null)
[ $? -eq 3 ] && warned "cannot write" && [ ! -e content/workloads/full ]
result $? "where there is no room, new leaves no folder that a build would stumble over"
mkdir -p content/workloads/.late.new && printf half > content/workloads/.late.new/.questionnaire.json.77.tmp && run 1 check && ! warned late &&
    run 0 new late --set title=Late && [ "$(ls -A content/workloads/late)" = questionnaire.json ] && [ ! -e content/workloads/.late.new ]
result $? "what a killed new left is no decision, and the next one takes its place"
run 2 new Alpha && warned "is no slug" && run 2 new prices && warned "is no slug"
result $? "new refuses what is no slug, and the site's own folders"
run 0 new job-only --set jobs.0.hours_per_run=4 && ! grep -q '"models"' "$(questionnaire job-only)" && run 0 check job-only
result $? "answers about a job make a job"

# ---- verify

project verify fraud-scoring fraud-scoring-2025 measured-text-moderation
run 0 build -q
result $? "the project to verify builds"
pub=site/public
run 0 verify $pub/fraud-scoring/report.json && said "every figure is the same" && run 0 verify $pub/fraud-scoring/index.html &&
    said "figures on the page" && run 0 verify $pub/fraud-scoring/report.html && run 0 verify $pub/fraud-scoring-2025
result $? "an honest report.json, page and single file verify"
run 0 verify $pub/measured-text-moderation/report.html
result $? "a report from a trace verifies where the trace is at hand"
cp -r $pub copy
sed -i '0,/"monthly_usd": [0-9]/s//"monthly_usd": 9/' copy/fraud-scoring/report.json
run 1 verify copy/fraud-scoring/report.json && said "differs" && said "monthly_usd" && said "published" && said "computed"
result $? "a changed figure in report.json is named, with both values"
cp $pub/fraud-scoring/report.json copy/fraud-scoring/
figure=$(grep -o '<dd><b>\$[0-9,]*</b>' $pub/fraud-scoring/index.html | head -n 1 | grep -o '\$[0-9,]*')
sed -i "s/<dd><b>[$]${figure#?}</<dd><b>\$1</" copy/fraud-scoring/index.html copy/fraud-scoring/report.html
run 1 verify copy/fraud-scoring/index.html && said 'published  $1' && said "computed   $figure" && run 1 verify copy/fraud-scoring/report.html
result $? "a changed figure on a page is named, though report.json is honest"
cp $pub/fraud-scoring/*.html copy/fraud-scoring/
run 0 verify copy/fraud-scoring && said ' lines of costs.csv' && sed -i '3s/,us-east-1,/,us-east-9,/' copy/fraud-scoring/costs.csv &&
    ! cmp -s {$pub,copy}/fraud-scoring/costs.csv && run 1 verify copy/fraud-scoring && said 'costs.csv line 3' && said 'us-east-9'
result $? "a changed line of costs.csv is named, though report and page are honest"
sed '$d' $pub/fraud-scoring/costs.csv > copy/fraud-scoring/costs.csv && run 1 verify copy/fraud-scoring/report.json && said 'published  absent' &&
    rm copy/fraud-scoring/costs.csv && run 0 verify copy/fraud-scoring/report.json
result $? "so is a line that is gone; without the file there is nothing to compare"
sed -i 's|"breakeven-report/[0-9]*"|"breakeven-report/0"|' copy/fraud-scoring/report.json
run 1 verify copy/fraud-scoring/report.json && warned 'its format is "breakeven-report/0", this one reads "breakeven-report/1"'
result $? "a report of another version is told from what is no report"
cp -r "$BREAKEVEN_SHARE/pricing" pricing
sed -i 's/"edition": "[0-9-]*"/"edition": "2026-11-30"/' pricing/book.json
run 0 verify $pub/fraud-scoring
result $? "a later edition of the book does not stand in the way"
sku=$(sed -n 's/.*"sku": "\(aws-ec2-[^":]*\)".*/\1/p' $pub/fraud-scoring/report.json | head -n 1)
sed -i "/\"$sku\"/,/\]/s/\"usd\": \"[0-9.]*\"/\"usd\": \"0.0123\"/" pricing/prices/aws-ec2.json
run 1 verify $pub/fraud-scoring && said "price      $sku" && said "in this book 0.0123"
result $? "a price that the book has otherwise is named as the reason"
rm -rf content/workloads/measured-text-moderation pricing
run 1 verify $pub/measured-text-moderation && warned "--trace FILE" &&
    run 0 verify $pub/measured-text-moderation --trace "$source/content/workloads/measured-text-moderation/traffic.csv" &&
    run 1 verify $pub/measured-text-moderation --trace "$source/README.md" && warned "another trace"
result $? "a trace that is not at hand can be named, and must be the right one"
run 1 verify $pub/index.html && warned "no published report" && run 1 verify nowhere.json
result $? "what is no report is refused"

# ---- diff

# adds: amounts within the JSON of diff add up to a millionth, and SKUs are quantity x price
adds() {
    awk '
        function number(key,   part) { split($0, part, "\"" key "\": "); sub(/[,}].*/, "", part[2]); return part[2] + 0 }
        function close_to(a, b) { return a - b < 0.0000015 && b - a < 0.0000015 }
        /"sku":.*"change_usd"/ {
            seen++; skus += number("change_usd")
            if (!close_to(number("quantity") * (number("after_usd") - number("before_usd")), number("change_usd"))) bad = "sku " $0
        }
        /^      "change_usd"/        { change = number("change_usd"); total += change }
        /^  "change_usd"/            { all = number("change_usd") }
        /"program_usd"/              { causes = number("program_usd"); skus = 0 }
        /"policy_usd"|"answers_usd"/ { causes += $2 }
        /"corrected_past_usd"/       { rest = $2 + 0 }
        /"prices_usd"/               { prices = $2 + 0; causes += prices; if (!close_to(causes, change)) bad = "causes of " change }
        /"other_quantities_usd"/     { rest += $2 }
        /"choice_usd"/               { if (!close_to(skus + rest + $2, prices)) bad = "prices of " change }
        END { if (bad == "" && !close_to(all, total)) bad = "total"; if (bad != "") { print "# does not add up: " bad; exit 1 } }
    ' "$room/out"
}
project base fraud-scoring sentiment-api llm-chatbot training-8xa100
project diff fraud-scoring sentiment-api llm-chatbot training-8xa100
run 0 diff --from 2026-11-21 --to 2026-11-21 && [ ! -s "$room/out" ] && run 0 diff --base ../base --format markdown --fail-on any && [ ! -s "$room/out" ]
result $? "diff is silent where nothing moved"
run 0 diff --from 2026-11-21 --to 2026-11-21 --format json && said '"decisions": []' && said '"flips": 0'
result $? "as JSON it says that nothing moved"
run 0 diff --from 2023-01-01 --format json && adds
result $? "what prices did over the years adds up"
cp -r "$BREAKEVEN_SHARE/pricing" pricing
# A digit more in every price below a dollar that has neither tiers nor an estimate.
for f in pricing/prices/*.json; do sed -i '/estimate\|tiers/!s/"usd": "0\.0*/&1/' "$f"; done
run 0 diff --base "$BREAKEVEN_SHARE/pricing" --format json && adds && grep -q '"sku":.*"change_usd"' "$room/out"
result $? "with every price changed, SKUs, quantities and choice add up to each change"
run 1 diff --base "$BREAKEVEN_SHARE/pricing" --fail-on any && [ -s "$room/out" ]
result $? "--fail-on any is exit status 1 where something moved"
run 0 diff --base "$BREAKEVEN_SHARE/pricing" --format markdown && head -n 1 "$room/out" | grep -q '^\*\*.*\.\*\*$' &&
    sed -n 3p "$room/out" | grep -q '^| Decision' && said "<details>" && tail -n 1 "$room/out" | grep -q '^<!-- breakeven-diff -->$'
result $? "Markdown is a sentence, a table, the rest folded, and a mark to find it by"
rm -rf pricing
sed -i 's/"requests_per_day": {[^}]*}/"requests_per_day": 20000000/' "$(questionnaire fraud-scoring)"
rm -r content/workloads/training-8xa100
run 0 diff --base ../base --format json && adds && grep -q '"answers_usd": [0-9-]*[1-9]' "$room/out" && said '"change": "removed"' && ! grep -q '"prices_usd": [0-9.-]*[1-9]' "$room/out"
result $? "a changed answer is attributed to answers, and a removed decision is shown"
mkdir -p content/policy && cp "$source"/content/policy/*.json content/policy/
sed -i 's/\("fte-serverless".*"likely": \)0.08/\10.16/; s/"likely": 0.08/"likely": 0.16/' content/policy/policy.json
if cmp -s content/policy/policy.json "$source/content/policy/policy.json"; then
    echo "ok $((n += 1)) # SKIP the policy has no such figure"
else
    run 0 diff --base ../base --format json && adds && grep -q '"policy_usd": [0-9.-]*[1-9]' "$room/out"
    result $? "a changed policy is attributed to policy, and all causes add up"
fi
# Against a published site: what nobody here computed is told apart.
project site fraud-scoring-2025 sentiment-api measured-text-moderation
sed -i 's/"superseded"/"accepted"/' "$(questionnaire fraud-scoring-2025)"
run 0 build -q && run 0 diff --base site/public --fail-on any && [ ! -s "$room/out" ]
result $? "diff is silent against the site that was just published"
cp -r site/public old
line=$(grep -n '"likely": [0-9]' old/sentiment-api/report.json | head -n 1 | cut -d: -f1)
sed -i "${line}s/: /: 1/; s/\"program\": \"[0-9.]*\"/\"program\": \"0.9.0\"/" old/sentiment-api/report.json
run 0 diff --base old --format json && adds && grep -q '"program_usd": -[1-9]0*,' "$room/out" && said '"slug": "sentiment-api"' && ! said '"slug": "fraud'
result $? "a figure that an older program published is attributed to the program"
cp -r "$BREAKEVEN_SHARE/pricing" pricing
for f in pricing/prices/*.json; do sed -i '/estimate\|tiers/!s/"usd": "0\.0*/&1/' "$f"; done
run 0 diff --base old --format json && adds && grep -q '"corrected_past_usd": [0-9.-]*[1-9]' "$room/out"
result $? "a book that has other prices for the past is told apart, and all causes add up"
run 2 diff && warned "--from DATE" && run 2 diff --from 2026-02-30 && run 2 diff --from 2026-02-01 --to 2026-01-01 && run 2 diff --base x --from 2026-01-01
result $? "diff says how it is used"
run 1 diff --base "$room/inst/bin" && warned "neither prices nor questionnaires"
result $? "a folder with nothing to compare is refused"

# A flip by hand: no option answers within a millisecond what takes fifty.
project flip
run 0 new one --set answers.traffic.requests_per_day=1000 --set models.0.memory_mb=1024 --set models.0.duration_ms=50 \
    --set answers.latency.p99_ms=3000 --set models.0.kind=realtime --set answers.team.existing_cluster=true --set answers.team.platform_engineers=3
cp -r "$room/flip" "$room/flip-base"
sed -i 's/"p99_ms": 3000/"p99_ms": 1/' "$(questionnaire one)"
run 1 diff --base ../flip-base --fail-on flip && said "1 of 1 decision flips" && run 0 diff --base ../flip-base --fail-on never
result $? "--fail-on flip is exit status 1 where a decision flips"

# ---- init

cd "$room" || exit 3
run 0 init made && [ -f made/site/site.json ] && [ -f made/.gitlab-ci.yml ] && [ -f made/.github/workflows/decisions.yml ] &&
    [ ! -e made/pricing ] && [ ! -e made/templates ]
result $? "init makes a folder with what is one's own and nothing else"
run 1 init made && warned "not empty" && run 0 -C made check && run 0 -C made build -q && run 0 -C made build && said "nothing changed" &&
    run 0 -C made check --site && run 0 -C made list && said "1 decision;"
result $? "what init made passes check, builds, and has no broken link; init refuses it a second time"
mkdir -p killed/.breakeven-init/content && mv killed/.breakeven-init/content killed/ && cp -r made/content/. killed/content/ &&
    printf half > killed/.breakeven-init/.README.md.77.tmp && run 0 init killed && diff -r -x public made killed > "$room/err"
result $? "init finishes what a killed init left"
mkdir -p owned/.breakeven-init && echo mine > owned/thesis && run 1 init owned && warned 'it holds "thesis"' && [ "$(cat owned/thesis)" = mine ]
result $? "but nowhere where there is something else"
bad=0
for i in $(seq 1 25); do
    rm -rf half && mkdir half && cd half || exit 3
    "$breakeven" init . > "$room/out" 2>&1 &
    pid=$!
    sleep "0.00$((i % 10))"
    kill -9 "$pid" 2> /dev/null
    wait "$pid" 2> /dev/null
    [ ! -e .breakeven-init ] && [ -n "$(ls -A)" ] || run 0 init . || bad=1
    cd "$room" && diff -r -x public made half > "$room/err" || bad=1
done
[ $bad -eq 0 ]
result $? "killed at any moment, init is repeated and makes the same"
(trap '' XFSZ; ulimit -f 1; "$breakeven" init no-room > "$room/out" 2> "$room/err" < /dev/null)
[ $? -eq 3 ] && [ "$(grep -c error: "$room/err")" -eq 1 ] && [ ! -e no-room ] && run 0 init no-room
result $? "where there is no room, init leaves nothing"
mkdir -p repository/.git && run 0 init repository
result $? "a repository that was just made counts as empty"
cd made && mkdir -p templates && cp "$BREAKEVEN_SHARE/templates/site.css" templates/ && echo '.mine { color: red; }' >> templates/site.css
run 0 build -q && grep -q '\.mine' site/public/site.css && [ -s site/public/example/index.html ]
result $? "a project's own file takes the place of the installed one, file by file"

mkdir -p pricing/platforms && sed 's/"name": "Google Cloud Run"/"name": "Our Cloud Run"/' "$BREAKEVEN_SHARE/pricing/platforms/gcp-cloud-run.json" > pricing/platforms/gcp-cloud-run.json
run 0 explain example && said "Our Cloud Run" && run 0 build && run 0 build && said "nothing changed" && grep -q "Our Cloud Run" site/public/example/index.html &&
    run 0 prices show aws-lambda-request && run 0 diff --base "$room/inst/share/breakeven/pricing" --fail-on flip
result $? "so with one platform of the price book"
run 1 prices import aws "$source/tests/feeds/aws-T01-tiers/in.json" && warned "no price book of its own"
result $? "prices are imported into a whole book alone"
rm -r pricing
run 0 build && said "changed" && ! grep -q "Our Cloud Run" site/public/example/index.html
result $? "and without it the installed one counts again"

# ---- the CI recipes: their shell steps, with the outside world played

cd "$room" || exit 3
rm -rf made && "$breakeven" init -q made && cd made || exit 3
if ! command -v git > /dev/null; then
    echo "ok $((n += 1)) # SKIP git is not installed"
    echo "1..$n"
    exit 0
fi
# step FILE NAME: the shell of a step of GitHub; job FILE NAME: the script of a job of GitLab
step() {
    awk -v name="$2" '
        $1 == "-" && $2 == "name:" { on = ($3 == name); inside = 0; next }
        $1 == "-" && $2 ~ /^(uses|name):/ { on = 0; inside = 0 }
        on && $1 == "run:" { inside = 1; match($0, /^ */); base = RLENGTH; next }
        inside { match($0, /^ */); if (NF && RLENGTH <= base) { inside = 0; on = 0; next } print substr($0, base + 3) }
    ' "$1"
}
job() {
    awk -v name="$2:" '
        /^[^ #]/ { on = ($1 == name); inside = 0 }
        on && $1 == "script:" { inside = 1; next }
        inside && /^  [a-z]/ { inside = 0 }
        inside && !/^    - \|$/ { print substr($0, 7) }
    ' "$1"
}
mkdir -p "$room/bin" "$room/temp"
for tool in sudo apt-get; do printf '#!/bin/sh\n[ "${0##*/}" = sudo ] && exec "$@"\nexit 0\n' > "$room/bin/$tool"; done
printf '#!/bin/sh\necho "gh $*" >> "%s/gh.log"\ncase "$*" in *edit-last*) exit 1;; esac\n' "$room" > "$room/bin/gh"
cat > "$room/bin/curl" << STUB
#!/bin/sh
# What is fetched is a feed of the tests; what is sent is written down.
echo "curl \$*" >> "$room/curl.log"
while [ \$# -gt 0 ]; do [ "\$1" = -o ] && cp "$source/tests/feeds/aws-T01-tiers/in.json" "\$2"; shift; done
exit 0
STUB
ln -sf "$breakeven" "$room/bin/breakeven" # /proc/self/exe leads to the installed one
chmod +x "$room"/bin/*
export PATH=$room/bin:$PATH RUNNER_TEMP=$room/temp GITHUB_OUTPUT=$room/github-output GITHUB_STEP_SUMMARY=$room/summary \
    BREAKEVEN_DEB=https://packages.example.org/breakeven.deb GH_TOKEN=token CI_BUILDS_DIR=$room/temp
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.org \
    GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.org
github=.github/workflows/decisions.yml gitlab=.gitlab-ci.yml
git init -q -b main . && git add -A && git commit -q -m start && git init -q --bare "$room/origin.git" &&
    git remote add origin "$room/origin.git" && git push -q origin main > "$room/out" 2> "$room/err"
result $? "the project that init made is a repository"
play() { # NAME: a step of GitHub, as it is run there; the first of that name
    step "$github" "$1" > "$room/step.sh"
    [ -s "$room/step.sh" ] && bash --noprofile --norc -eo pipefail "$room/step.sh" > "$room/out" 2> "$room/err"
}
play install && play check && BASE=origin/main play diff && [ ! -s "$RUNNER_TEMP/diff.md" ] && grep -q '^status=0$' "$GITHUB_OUTPUT"
result $? "GitHub: a pull request that changes nothing passes, with an empty comparison"
git worktree remove --force "$RUNNER_TEMP/base" && : > "$GITHUB_OUTPUT"
sed -i 's/"p99_ms": 2000/"p99_ms": 1/' "$(questionnaire example)"
BASE=origin/main play diff && grep -q '^\*\*1 of 1 decision flips from base (prices of' "$RUNNER_TEMP/diff.md" && grep -q '^status=1$' "$GITHUB_OUTPUT" &&
    PULL_REQUEST=7 play comment && grep -q 'gh pr comment 7 --body-file' "$room/gh.log" && ! STATUS=1 play verdict
result $? "GitHub: a flip is commented on and stops the pull request"
git worktree remove --force "$RUNNER_TEMP/base"
CI_MERGE_REQUEST_DIFF_BASE_SHA=$(git rev-parse main) CI_API_V4_URL=https://gitlab.example.org/api/v4 CI_PROJECT_ID=1 \
    CI_MERGE_REQUEST_IID=7 GITLAB_TOKEN=t bash -eo pipefail -c "$(job $gitlab check)" > "$room/out" 2> "$room/err"
[ $? -eq 1 ] && grep -q 'merge_requests/7/notes' "$room/curl.log" && said "flips"
result $? "GitLab: a flip is commented on and stops the merge request"
git worktree remove --force "$CI_BUILDS_DIR/base" && git checkout -q -- . && rm -f diff.md
BASE_URL=https://decisions.example.org play build && [ -s site/public/sitemap.xml ] &&
    CI_PAGES_URL=https://decisions.example.org bash -eo pipefail -c "$(job $gitlab pages)" > "$room/out" 2> "$room/err" && [ -s public/index.html ]
result $? "GitHub and GitLab: the site is built for its address"
rm -rf public
AWS_OFFERS=AWSLambda AWS_REGION=us-east-1 play import && [ -d pricing ] && play propose &&
    grep -q 'gh pr create --head price-import' "$room/gh.log" && git --git-dir="$room/origin.git" rev-parse -q --verify price-import > "$room/out"
result $? "GitHub: imported prices are proposed on a branch of their own"
git checkout -q -f main && rm -rf pricing "$RUNNER_TEMP/pricing-before"
mkdir -p pricing/platforms && sed 's/"name": "Google Cloud Run"/"name": "Our Cloud Run"/' "$BREAKEVEN_SHARE/pricing/platforms/gcp-cloud-run.json" > pricing/platforms/gcp-cloud-run.json
AWS_OFFERS=AWSLambda AWS_REGION=us-east-1 CI_SERVER_HOST=gitlab.example.org CI_PROJECT_PATH=a/b \
    bash -eo pipefail -c "$(job $gitlab prices | sed "s|\"https://token.*git\"|\"$room/origin.git\"|; s|-o merge_request[^ ]*\(=\"[^\"]*\"\)\{0,1\} ||g")" > "$room/out" 2> "$room/err" &&
    git show --stat price-import | grep -q 'pricing/' && grep -q "Our Cloud Run" pricing/platforms/gcp-cloud-run.json && [ -s pricing/book.json ]
result $? "GitLab: imported prices are proposed on a branch of their own"
echo "1..$n"
