#!/bin/bash
# Publishing as users meet it: a broken input publishes nothing, a killed build leaves whole files and
# the next one heals the site, removed decisions go, other people's files stay. And what anyone may
# write into a text field comes out as text. BREAKEVEN is the program. Speaks TAP.
. "${0%/*}/support/project.sh" publish

build && [ -s "$public/training-8xa100/index.html" ]
result $? "a small project builds"
good=$(digest)

cp "$questionnaire" "$room/kept.json"
sed -i 's/"title"/"titel"/' "$questionnaire"
build
[ $? -eq 1 ] && grep -q 'questionnaire.json:[0-9]*:[0-9]*: error: ' "$log" && [ "$(digest)" = "$good" ] &&
    [ -z "$(find "$project/site" -name '.public*')" ]
result $? "a broken questionnaire is named and the site stays as it was"

printf '{{#nothing_of_that_name}}x{{/nothing_of_that_name}}' >> "$project/templates/404.html"
build
[ $? -eq 1 ] && [ "$(digest)" = "$good" ]
result $? "the site stays as it was with a broken template too"
cp templates/404.html "$project/templates/404.html"
cp "$room/kept.json" "$questionnaire"
build && [ "$(digest)" = "$good" ]
result $? "mended, the site is the same as before"

# ---- killed at any moment ----

# Two states of the project; a build that goes from one to the other is killed at random moments.
sed -i 's/"owner": *"[^"]*"/"owner": "First"/' "$questionnaire"
"$breakeven" -C "$project" build -q --out "$room/first" && "$breakeven" -C "$project" build -q
sed -i 's/"owner": *"[^"]*"/"owner": "Second"/' "$questionnaire"
"$breakeven" -C "$project" build -q --out "$room/second"
bad=0 killed=0
for round in $(seq 1 40); do
    owner=$([ $((round % 2)) -eq 0 ] && echo First || echo Second)
    sed -i "s/\"owner\": *\"[^\"]*\"/\"owner\": \"$owner\"/" "$questionnaire"
    "$breakeven" -C "$project" build -q > "$log" 2>&1 &
    pid=$!
    sleep "0.$(printf '%03d' $((RANDOM % 150)))"
    kill -9 "$pid" 2> /dev/null && killed=$((killed + 1))
    wait "$pid" 2> /dev/null
    # every published file is that of the one state or of the other, never half of one
    while read -r file; do
        cmp -s "$public/$file" "$room/first/$file" || cmp -s "$public/$file" "$room/second/$file" ||
            { bad=$((bad + 1)); echo "round $round: $file is neither the old nor the new" >> "$log"; }
    done < <(cd "$public" && find . -type f)
done
[ $bad -eq 0 ]
result $? "killed $killed times, every published file was whole"
sed -i 's/"owner": *"[^"]*"/"owner": "Second"/' "$questionnaire"
build && diff -r "$public" "$room/second" > "$log" && [ -z "$(find "$project/site" -name '.public*')" ]
result $? "the next build heals the site and leaves nothing beside it"

# ---- what goes and what stays ----

echo mine > "$public/CNAME"
rm -rf "$project/content/workloads/batch-inference-delays-ok"
build && [ ! -e "$public/batch-inference-delays-ok" ] && [ "$(cat "$public/CNAME")" = mine ] &&
    ! grep -q batch-inference-delays-ok "$public/index.json"
result $? "a removed decision's pages go, a stranger's file stays"

mkdir "$room/thesis" && echo years > "$room/thesis/chapter1"
build --out "$room/thesis"
[ $? -eq 1 ] && [ "$(ls -A "$room/thesis")" = chapter1 ]
result $? "a folder with other files is refused"
build --out "$room/thesis" --force && [ "$(cat "$room/thesis/chapter1")" = years ] && [ -s "$room/thesis/index.html" ]
result $? "and taken with --force, its files kept"

# ---- naughty strings ----

strings=(
    '<script>alert(1)</script>'
    '"><img src=x onerror=alert(1)>'
    "' onmouseover='alert(1)"
    ']]></script><!--'
    '{{{report}}}{{>layout}}'
    '=HYPERLINK(\"http://x\")'
    '| a | b |  # h  * l  [x](javascript:alert(1)) <b>'
    $'\u202eesrever \u2066x\u2069'
    'مرحبا שלום 你好 🏳️‍🌈 é'
    '%s%n%p %00 ../../../etc/passwd'
    '\\u0001\\u001b[31mred\\u0007'
    '&amp;&lt;&#0; &nosuch;'
)
bad=0
: > "$room/all"
for text in "${strings[@]}"; do
    escaped=$(printf '%s' "$text" | sed 's/\\/\\\\/g; s/"/\\"/g; s/\\\\u00/\\u00/g; s/\\\\\\"/\\"/g')
    awk -v title="$escaped" '
        BEGIN { gsub(/\\/, "\\\\", title) }
        /"title"/ { print "  \"title\": \"" title "\","; next }
        /"owner"/ { print "  \"owner\": \"" title "\","; next }
        { print }' "$room/kept.json" > "$questionnaire"
    printf '# %s\n\n%s\n\n| a |\n| - |\n| %s |\n' "$text" "$text" "$text" > "$project/content/workloads/training-8xa100/notes.md"
    if ! build; then
        # refused with a place is an answer too, a crash is not
        [ $? -le 1 ] && grep -q 'questionnaire.json:[0-9]*:[0-9]*: error: ' "$log" && continue
        bad=$((bad + 1)); cat "$log" >> "$room/all"; continue
    fi
    if grep -rliE "<script>alert|<img src=x|href=[\"']javascript:|<[^>]* onmouseover='" "$public" --include='*.html' --include='*.xml' --include='*.svg' >> "$room/all"; then
        echo "markup came through: $text" >> "$room/all"; bad=$((bad + 1))
    fi
    if ! "$breakeven" -C "$project" check --site -q > "$log" 2>&1; then
        cat "$log" >> "$room/all"; bad=$((bad + 1))
    fi
    if grep -qE '(^|,)[=@+]' "$public/training-8xa100/costs.csv"; then
        echo "a formula in costs.csv: $text" >> "$room/all"; bad=$((bad + 1))
    fi
    if LC_ALL=C "$breakeven" -C "$project" explain training-8xa100 2> /dev/null | LC_ALL=C grep -q $'[\x01-\x08\x0b-\x1f\x7f]'; then
        echo "a control character on the terminal: $text" >> "$room/all"; bad=$((bad + 1))
    fi
done
cp "$room/all" "$log"
[ $bad -eq 0 ]
result $? "${#strings[@]} naughty strings come out as text, in every file"

long=$(head -c 100000 /dev/zero | tr '\0' a)
awk -v title="$long" '/"title"/ { print "  \"title\": \"" title "\","; next } { print }' "$room/kept.json" > "$questionnaire"
build
[ $? -eq 1 ] && grep -q 'questionnaire.json:[0-9]*:[0-9]*: error: ' "$log"
result $? "a title of 100 kB is refused with its place"

# ---- the seams of the command line ----

cp "$room/kept.json" "$questionnaire"
rm -f "$project/content/workloads/training-8xa100/notes.md"
"$breakeven" -C "$project" explain training-8xa100 --format json > "$room/by-slug.json" 2> "$log" &&
    "$breakeven" -C "$project" explain - --format json < "$questionnaire" 2>> "$log" |
    sed 's/"slug": "standard-input"/"slug": "training-8xa100"/' > "$room/by-input.json" &&
    cmp "$room/by-slug.json" "$room/by-input.json" >> "$log" 2>&1
result $? "standard input gives the same report as the file"
"$breakeven" -C "$project" explain training-8xa100 --set title=Other --format json 2> "$log" | grep -q '"title": "Other"'
result $? "--set overrides an answer"

"$breakeven" -C "$project" build --policy nowhere.json > "$log" 2>&1
[ $? -eq 1 ] && grep -q '^nowhere.json: error: ' "$log" && [ "$(grep -c 'error: ' "$log")" -eq 1 ]
result $? "an input that is not there is the only complaint"
"$breakeven" -C "$project" build --pricing nowhere > "$log" 2>&1
[ $? -eq 1 ] && grep -q '^nowhere: error: ' "$log" && [ "$(grep -c 'error: ' "$log")" -eq 1 ]
result $? "so with a price book"
mkdir "$room/nothing"
"$breakeven" -C "$room/nothing" build > "$log" 2>&1
[ $? -eq 1 ] && [ -z "$(ls -A "$room/nothing")" ]
result $? "a folder that is no project is left as it was"

"$breakeven" bild > "$log" 2>&1
[ $? -eq 2 ] && grep -q "did you mean 'build'" "$log"
result $? "an unknown verb names the nearest, exit status 2"
"$breakeven" build --ouy x > "$log" 2>&1
[ $? -eq 2 ] && grep -q "did you mean '--out'" "$log"
result $? "an unknown option names the nearest, exit status 2"
"$breakeven" -C "$project" explain training-8xa10 > "$log" 2>&1
[ $? -eq 1 ] && grep -q "did you mean 'training-8xa100'" "$log"
result $? "an unknown workload names the nearest, exit status 1"
"$breakeven" --help > "$log" 2>&1 && "$breakeven" --version >> "$log" 2>&1 && grep -q '^breakeven [0-9]' "$log"
result $? "help and version"
"$breakeven" -C "$project" explain training-8xa100 --format json > /dev/full 2> "$log"
[ $? -eq 3 ]
result $? "a full disk is exit status 3"
"$breakeven" -C "$project" check --format json 2> "$log" | grep -q '"errors": 0' &&
    "$breakeven" -C "$project" check --format junit 2>> "$log" | grep -q '<testsuite name="breakeven check" tests="1" failures="0">'
result $? "check speaks JSON and JUnit"
"$breakeven" -C "$project" check --today 2099-01-01 > "$log" 2>&1 && grep -q 'warning: the review was due' "$log" &&
    ! "$breakeven" -C "$project" check --today 2099-01-01 --strict > /dev/null 2>&1
result $? "a passed review date is a warning, and an error with --strict"
echo "1..$n"
