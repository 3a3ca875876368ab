#!/bin/bash
# The completions know every verb, option and choice that the program does, and the shells take them.
set -u
cd "$(dirname "$0")/.." || exit 3
program=$(realpath "${BREAKEVEN:-build/breakeven}")
out=${TEST_OUT:-build/tests}/completions
rm -rf "$out"
mkdir -p "$out"
out=$(cd "$out" && pwd)
count=0
result() { # status, name
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then echo "ok $count - $2"; else echo "not ok $count - $2"; fi
}

sh generator/completions.sh "$program" "$out"
result $? "they are written"

missing=0
for verb in $("$program" --help | awk '/^Before the verb/ { exit } /^  [a-z]/ { print $1 }'); do
    for file in breakeven.bash _breakeven breakeven.fish; do
        grep -q -w -- "$verb" "$out/$file" || { echo "# $file lacks $verb"; missing=1; }
    done
    for option in $("$program" "$verb" --help | grep -o -E '^ +(-[A-Za-z], )?--[a-z-]+' | grep -o -E -- '--[a-z-]+'); do
        grep -q -- "$option" "$out/breakeven.bash" || { echo "# bash lacks $verb $option"; missing=1; }
        grep -q -e "$option\[" -e "$option}'\[" "$out/_breakeven" || { echo "# zsh lacks $verb $option"; missing=1; }
        grep -q -- "-1 $verb'.* -l ${option#--}" "$out/breakeven.fish" || { echo "# fish lacks $verb $option"; missing=1; }
    done
done
result $missing "every verb and option is in all three"

complete_words() { # words; the last one is completed
    bash -c 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _breakeven; printf "%s\n" "${COMPREPLY[@]}"' _ "$out/breakeven.bash" "$@"
}
complete_words breakeven expl | grep -q -x explain
result $? "bash completes a verb"
complete_words breakeven explain --format mark | grep -q -x markdown
result $? "bash completes a choice"
complete_words breakeven -C . explain fraud-scoring-20 | grep -q -x fraud-scoring-2025
result $? "bash completes a decision"

complete_words breakeven list --status dep | grep -q -x deprecated && complete_words breakeven status fraud-scoring acc | grep -q -x accepted
result $? "bash completes a state, as an option's value and in its place"
complete_words breakeven explain --set answers.traffic.req | grep -q -x answers.traffic.requests_per_day= &&
    complete_words breakeven explain --set = models.0.mem | grep -q -x models.0.memory_mb= &&
    ! complete_words breakeven explain --set answers.traffic. | grep -q 'low\|likely\|high'
result $? "bash completes the paths of --set"
complete_words breakeven explain --set policy.fte_m | grep -q -x policy.fte_managed= && complete_words breakeven explain --set platf | grep -q -x platforms.cold_start= &&
    ! complete_words breakeven new --set policy. | grep -q . && grep -q 'policy\.fte_managed' "$out/_breakeven" && grep -q 'policy\.fte_managed=' "$out/breakeven.fish"
result $? "and the figures that explain takes besides, which new does not"
complete_words breakeven new --from fraud-scoring-20 | grep -q -x fraud-scoring-2025 && complete_words breakeven explain --jobs 2 --format json fraud-scoring-20 | grep -q -x fraud-scoring-2025 &&
    (mkdir -p "$out/else" && cd "$out/else" && complete_words breakeven -C "$OLDPWD" check fraud-scoring-20 | grep -q -x fraud-scoring-2025)
result $? "bash completes a decision behind options, and of another folder"
[ -z "$(complete_words breakeven build "" | tr -d '\n')" ] && ! complete_words breakeven prices import --max | grep -q . &&
    complete_words breakeven prices imp | grep -q -x import && complete_words breakeven prices import sky | grep -q -x skypilot
result $? "bash offers what belongs there and nothing else"
if command -v fish > /dev/null; then
    fish_words() { fish --no-config -c "source $out/breakeven.fish; complete -C'$1'" 2> /dev/null | cut -f 1; }
    fish_words "breakeven explain --set answers.traffic.req" | grep -q -x answers.traffic.requests_per_day= && fish_words "breakeven status fraud-scoring acc" | grep -q -x accepted &&
        fish_words "breakeven explain --jobs 2 fraud-scoring-20" | grep -q -x fraud-scoring-2025 && fish_words "breakeven prices list --" | grep -q -x -- --sku &&
        ! fish_words "breakeven prices list --" | grep -q -x -- --tag
    result $? "fish completes paths, states and decisions, and tells 'prices list' from 'list'"
else
    count=$((count + 1))
    echo "ok $count - fish completes # SKIP fish is not installed"
fi
for shell in zsh:_breakeven fish:breakeven.fish; do
    name=${shell%%:*}
    if command -v "$name" > /dev/null; then
        "$name" -n "$out/${shell#*:}"
        result $? "$name accepts its file"
    else
        count=$((count + 1))
        echo "ok $count - $name accepts its file # SKIP $name is not installed"
    fi
done
echo "1..$count"
