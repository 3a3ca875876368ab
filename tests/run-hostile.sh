#!/bin/bash
# What may lie where a file or a folder should: pipes, devices, full disks, links, halves of files, and
# what another build or a killed command left. Nothing blocks, each fault is said once, and the site that
# was there stays whole. BREAKEVEN is the program. Speaks TAP.
. "${0%/*}/support/project.sh" hostile

# refused STATUS TEXT VERB...: a verb ends with that exit status, says that once, and does not wait
refused() {
    local want=$1 text=$2
    shift 2
    timeout 60 "$breakeven" -C "$project" "$@" > "$room/out" 2> "$log" < /dev/null
    [ $? -eq "$want" ] && [ "$(grep -cF -- "$text" "$log")" -eq 1 ] && return
    echo "$*: exit status or text is another" >> "$log"
    return 1
}

# ---- what is no file ----

build
good=$(digest)
trace=content/workloads/traced
cp -R content/workloads/measured-text-moderation "$project/$trace"
csv=$(sed -n 's/.*"trace": *"\([^"]*\)".*/\1/p' "$project/$trace/questionnaire.json")
platform=pricing/platforms/$(ls "$project/pricing/platforms" | head -n 1)
bad=0
for file in "$trace/questionnaire.json" "$trace/$csv" "$trace/notes.md" "$platform" pricing/book.json content/policy/policy.json; do
    [ ! -e "$project/$file" ] || mv "$project/$file" "$room/aside"
    verbs=(build check "explain traced")
    case $file in *questionnaire.json | pricing/* | content/policy/*) verbs+=(list) ;; esac
    mkfifo "$project/$file"
    for verb in "${verbs[@]}"; do
        refused 1 "$file: error: cannot read: it is a named pipe, not a file" $verb || { bad=1; break 2; }
    done
    rm "$project/$file"
    ln -s /dev/zero "$project/$file"
    refused 1 "$file: error: cannot read: it is a device, not a file" build || { bad=1; break; }
    rm "$project/$file"
    mkdir "$project/$file"
    refused 1 "$file: error: cannot read: it is a folder" build || { bad=1; break; }
    rmdir "$project/$file"
    [ ! -e "$room/aside" ] || mv "$room/aside" "$project/$file"
done
[ $bad -eq 0 ] && [ "$(digest)" = "$good" ]
result $? "a pipe, a device or a folder in place of a file is refused as what it is, and never waited for"
rm -r "${project:?}/$trace"
mkfifo "$workloads/training-8xa100/pipe"
timeout 60 "$breakeven" -C "$project" build > "$log" 2>&1 && grep -q 'nothing changed' "$log"
result $? "a pipe beside the files of a decision is nobody's input"
rm "$workloads/training-8xa100/pipe" "$public/.breakeven-state" "$public/feed.xml"
mkfifo "$public/.breakeven-state" "$public/feed.xml"
timeout 60 "$breakeven" -C "$project" build > "$log" 2>&1 && [ "$(digest)" = "$good" ]
result $? "pipes in the published site are replaced by its files"

# ---- no room ----

# A limit on the size of a file is as good as a full disk, and nobody needs to be root for it.
cramped() { # BLOCKS VERB...
    local blocks=$1
    shift
    (trap '' XFSZ; ulimit -f "$blocks"; exec "$breakeven" -C "$project" "$@") > "$log" 2>&1 < /dev/null
}
good=$(digest)
sed -i 's/"owner": *"[^"]*"/"owner": "Someone Else"/' "$questionnaire"
bad=0
for blocks in 1 4 40; do
    cramped $blocks build --rebuild
    [ $? -eq 3 ] && [ "$(grep -c 'error: ' "$log")" -eq 1 ] && [ "$(digest)" = "$good" ] &&
        grep -q "site/public: error: nothing is published and the site stays as it was: cannot write '[a-z]" "$log" &&
        [ "$(ls -A "$project/site")" = "$(printf 'public\nsite.json')" ] || { bad=1; break; }
done
[ $bad -eq 0 ]
result $? "a full disk is one error, which says that the site stays as it was, and it does"
cramped 1 build --out "$room/none"
[ $? -eq 3 ] && [ "$(grep -c 'error: ' "$log")" -eq 1 ] && grep -q 'nothing is published: cannot write' "$log" && [ ! -e "$room/none" ]
result $? "where there was no site there is none"
build && grep -q 'changed' "$log" && grep -q 'Someone Else' "$public/training-8xa100/index.html"
result $? "with room again the site is made"

# ---- questionnaires that nobody would write, or has not finished writing ----

good=$(digest)
cp "$questionnaire" "$room/kept.json"
head -c 300 "$room/kept.json" > "$questionnaire"
refused 1 "questionnaire.json:" build && [ "$(digest)" = "$good" ]
result $? "half a file, as an editor may leave it for a moment, publishes nothing"
bad=0
sed 's/$/\r/' "$room/kept.json" > "$questionnaire"
build && grep -q 'nothing changed' "$log" || bad=1
{ printf '\xef\xbb\xbf'; cat "$room/kept.json"; } > "$questionnaire"
build && grep -q 'nothing changed' "$log" || bad=1
{ head -c 10000000 /dev/zero | tr '\0' ' '; cat "$room/kept.json"; } > "$questionnaire"
build && grep -q 'nothing changed' "$log" || bad=1
[ $bad -eq 0 ]
result $? "other ends of lines, a byte order mark and ten megabytes of blanks change nothing in the site"
good=$(digest)
{ echo '{'; seq 1 200000 | sed 's/.*/"k&": 1,/' | tr -d '\n'; tail -n +2 "$room/kept.json"; } > "$questionnaire"
build
[ $? -eq 1 ] && [ "$(grep -c ': error: ' "$log")" -eq 500 ] && grep -q 'questionnaire.json: note: only the first mistakes of this file are shown' "$log"
result $? "two hundred thousand unknown keys on one line are told, the first of them, in no time"
{ echo '{'; seq 1 200000 | sed 's/.*/"title": "&",/' | tr -d '\n'; tail -n +2 "$room/kept.json"; } > "$questionnaire"
build
[ $? -eq 1 ] && [ "$(grep -c 'error: duplicate key "title"' "$log")" -ge 490 ]
result $? "so are as many repeated ones"
head -c 200000 /dev/zero | tr '\0' '[' > "$questionnaire"
refused 1 "questionnaire.json:1:65: error: nested deeper than 64 levels" build && [ "$(digest)" = "$good" ]
result $? "so is a questionnaire nested two hundred thousand deep"
cp "$room/kept.json" "$questionnaire"

# ---- others at the same folder ----

build
good=$(digest)
for i in 1 2 3; do
    { "$breakeven" -C "$project" build --rebuild > "$room/at-once.$i" 2>&1; echo "$?" >> "$room/at-once.$i"; } &
done
wait
cat "$room"/at-once.* > "$log"
[ "$(tail -q -n 1 "$room"/at-once.* | grep -c '^0$')" -ge 1 ] &&
    [ "$(grep -c '^1$' "$log")" -eq "$(grep -c 'another build is publishing to this folder' "$log")" ] &&
    [ "$(digest)" = "$good" ] && [ "$(ls -A "$project/site")" = "$(printf 'public\nsite.json')" ]
result $? "of builds at once one publishes, the others say so or come after it"
if [ "$(id -u)" -eq 0 ]; then
    n=$((n + 1))
    echo "ok $n - a site that cannot be written to is completed by the next build # SKIP root may write anywhere"
else
    sed -i 's/"owner": *"[^"]*"/"owner": "A Third"/' "$questionnaire"
    chmod 555 "$public/training-8xa100"
    build
    [ $? -eq 3 ] && [ "$(grep -c 'error: ' "$log")" -eq 1 ] && grep -q 'site/public: note: .*the next build completes it' "$log" &&
        chmod 755 "$public/training-8xa100" && build && grep -q 'A Third' "$public/training-8xa100/index.html" &&
        [ "$(ls -A "$project/site")" = "$(printf 'public\nsite.json')" ]
    result $? "a site that cannot be written to is completed by the next build"
fi
echo "1..$n"
