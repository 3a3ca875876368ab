#!/bin/bash
# The completions know every verb, option and choice that the program does, and the shells take them.
set -u
cd "$(dirname "$0")/.." || exit 3
program=$(realpath "${BREAKEVEN:-build/breakeven}")
out=${TEST_OUT:-build/tests}/completions
rm -rf "$out"
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
        grep -q -- "$option\[" "$out/_breakeven" || { echo "# zsh lacks $verb $option"; missing=1; }
        grep -q -- "from $verb'.* -l ${option#--}" "$out/breakeven.fish" || { echo "# fish lacks $verb $option"; missing=1; }
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
