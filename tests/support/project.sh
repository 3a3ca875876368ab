# Sourced by the scripts that build a site of their own: a room that goes when the script ends, a small
# project in it, and results in TAP. BREAKEVEN is the program, TEST_OUT a folder for the room.
#   . tests/support/project.sh NAME
# gives $room, $log (of the last run), $project with two decisions and the bundled prices, $workloads,
# $questionnaire of the first of them and $public; the script ends with: echo "1..$n"
set -u
cd "$(dirname "$0")/.." || exit 3
breakeven=${BREAKEVEN:?the program to test}
mkdir -p "${TEST_OUT:?}"
room=$(mktemp -d "$TEST_OUT/$1.XXXXXX") || exit 3
room=$(cd "$room" && pwd)
trap 'rm -rf "$room"' EXIT
log=$room/log
. tests/support/tap.sh

project=$room/project
workloads=$project/content/workloads
questionnaire=$workloads/training-8xa100/questionnaire.json
public=$project/site/public
mkdir -p "$workloads" "$project/site"
for slug in training-8xa100 batch-inference-delays-ok; do
    cp -R "content/workloads/$slug" "$workloads/"
done
for folder in policy pages claims; do
    [ ! -d "content/$folder" ] || cp -R "content/$folder" "$project/content/"
done
cp -R pricing templates "$project/"
cp site/site.json "$project/site/"

# build [OPTION...]: into $log
build() {
    "$breakeven" -C "$project" build "$@" > "$log" 2>&1
}
# A digest of all published files, names and bytes.
digest() {
    (cd "$public" && find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum)
}
