#!/bin/bash
# Builds that make only what changed: after every edit the site is the one that a build into an empty
# folder makes, byte by byte, and only what had to be was made again. BREAKEVEN is the program.
# Speaks TAP.
. "${0%/*}/support/project.sh" incremental

# And a third decision, for one provider only.
other=$workloads/other-provider/questionnaire.json
mkdir -p "$workloads/other-provider"
sed '/"providers"/d; s/^{/{ "providers": ["modal"],/' "$workloads/batch-inference-delays-ok/questionnaire.json" > "$other"

# Whether the site is what a build into an empty folder makes.
same_as_fresh() {
    rm -rf "$room/fresh"
    "$breakeven" -C "$project" build -q --out "$room/fresh" "$@" >> "$log" 2>&1 &&
        diff -r "$public" "$room/fresh" >> "$log" 2>&1
}
# made COUNT SENTENCE [OPTION...]: a build makes so many of the 3 reports again, and the right site
made() {
    local count=$1 sentence=$2
    shift 2
    build "$@" && if [ "$count" -eq 3 ] || [ "$count" -eq 0 ]; then
        ! grep -q 'made again' "$log"
    else
        grep -q "($count made again)" "$log"
    fi && same_as_fresh "$@"
    result $? "$sentence"
}
edit() { # SED FILE; fails where it changes nothing
    cp "$2" "$room/before" && sed -i "$1" "$2" && ! cmp -s "$room/before" "$2" ||
        { echo "not ok $((n + 1)) - the edit $1 of $2 changes something"; n=$((n + 1)); }
}
times() { (cd "$public" && find . -type f -printf '%p %C@\n' | LC_ALL=C sort | sha256sum); }

made 3 "the first build makes everything"
before=$(times)
build && grep -q ': nothing changed' "$log" && [ "$(wc -l < "$log")" -eq 1 ] && [ "$(times)" = "$before" ]
result $? "nothing changed: one line says so and no file is touched"

edit 's/"owner": *"[^"]*"/"owner": "Someone Else"/' "$questionnaire"
made 1 "one questionnaire changed: one report is made again"
echo 'A note, with a word of its own.' >> "$workloads/batch-inference-delays-ok/notes.md"
made 1 "notes changed"
printf '{}\n' > "$workloads/batch-inference-delays-ok/checklist.json"
made 1 "a checklist came to be"
ln -s someone@somewhere "$workloads/batch-inference-delays-ok/.#questionnaire.json"
made 1 "an editor's lock that leads nowhere"
build && grep -q ': nothing changed' "$log"
result $? "and then nothing"
rm "$workloads/batch-inference-delays-ok/.#questionnaire.json"
made 1 "the lock is gone"
touch "$questionnaire" "$project"/pricing/prices/*.json
build && grep -q ': nothing changed' "$log"
result $? "newer times of the same bytes are no change"

# ---- prices ----

price=$(grep -l '"provider": *"azure"' "$project"/pricing/prices/*.json | head -n 1)
edit '0,/"usd": *"\{0,1\}0\.0*[0-9]/s/\("usd": *"\{0,1\}0\.0*[0-9]\)/\11/' "$price"
made 2 "a price of a provider that one decision leaves out: the two others are made again"
cp "$room/before" "$price"
made 2 "and with the old price back"
price=$(grep -l '"provider": *"modal"' "$project"/pricing/prices/*.json | head -n 1)
edit '0,/"usd": *"\{0,1\}0\.0*[0-9]/s/\("usd": *"\{0,1\}0\.0*[0-9]\)/\11/' "$price"
made 3 "a price that all may use"
edit 's/"edition": *"[0-9-]*"/"edition": "2099-01-01"/' "$project/pricing/book.json"
made 3 "another edition of the price book"

# ---- what all reports hang on ----

edit '0,/<footer/s/<footer/<footer data-edited="1"/' "$(grep -l '<footer' "$project"/templates/*.html | head -n 1)"
made 3 "a template"
echo '/* edited */' >> "$project/templates/site.css"
made 3 "the style sheet"
edit 's/"title": *"[^"]*"/"title": "Another title"/' "$project/site/site.json"
made 3 "site.json"
printf '\nOne more sentence.\n' >> "$project/content/pages/method.md"
made 0 "a page of prose: no report is made again"
printf '\n' >> "$project/content/policy/policy.json"
made 3 "the policy"
made 3 "another day of prices" --as-of 2026-11-20
made 3 "the edition again"
made 3 "a base URL" --base-url https://decisions.example.org
made 3 "no base URL"

# ---- decisions come and go ----

mkdir "$workloads/later"
sed 's/^{/{ "supersedes": "other-provider",/' "$other" > "$workloads/later/questionnaire.json"
build && grep -q '(2 made again)' "$log" && same_as_fresh
result $? "a decision that supersedes another: both are made"
edit 's/"title": *"[^"]*"/"title": "A later title"/' "$workloads/later/questionnaire.json"
build && grep -q '(2 made again)' "$log" && same_as_fresh
result $? "its title stands in the other one too"
edit 's/"supersedes": "other-provider"/"supersedes": "other-provide"/' "$workloads/later/questionnaire.json"
build
[ $? -eq 1 ] && grep -q 'later/questionnaire.json:[0-9]*:[0-9]*: error: ' "$log"
result $? "a wrong name is shown in its place"
cp "$room/before" "$workloads/later/questionnaire.json"
mv "$workloads/other-provider" "$room/gone"
build
[ $? -eq 1 ] && grep -q 'later/questionnaire.json:[0-9]*:[0-9]*: error: ' "$log"
result $? "so is a decision that is gone, though nothing else was edited"
mv "$room/gone" "$workloads/other-provider"
rm -r "$workloads/later"
made 1 "the decision is gone, the other one stands again"

# ---- the published files ----

# damage COMMAND SENTENCE: the next build mends it
damage() {
    (cd "$public" && eval "$1")
    build && same_as_fresh
    result $? "$2"
    build && grep -q ': nothing changed' "$log" || echo "# and then is not current: $(cat "$log")"
}
page=training-8xa100/index.html
damage "rm $page" "a page that was removed is made again"
damage "printf x >> $page" "a page that grew"
damage "sed -i 's/<body/<bodY/' $page" "a page edited without a change of size"
damage "t=\$(stat -c %y $page); sed -i 's/<body/<bodY/' $page; touch -d \"\$t\" $page" "the same with its old time"
damage "rm -r other-provider" "a folder that was removed"
damage "ln -sf /dev/null feed.xml" "a link in place of the feed"
damage "sed -i 's/a/b/' index.json" "the index"
damage "rm .breakeven-state" "what the last build left to know"
damage "printf x | dd of=.breakeven-state bs=1 seek=200 conv=notrunc status=none" "the same, damaged"
damage "sed -i 's/\"program\": \"/&x/' .breakeven.json; rm -r training-8xa100" "the list of files"
rm -rf "$public"
made 3 "the whole site"
made 3 "--rebuild makes all again" --rebuild
echo "1..$n"
