#!/bin/sh
# Writes the completions for bash, zsh and fish from what the program itself says: --help prints the
# option tables and what a verb takes, the schema has the states of a decision and the paths of --set,
# so the three files cannot drift from them.
#   usage: completions.sh PROGRAM FOLDER
set -eu
export LC_ALL=C
program=$1
out=$2
mkdir -p "$out"

# What stands in the place of a word: slug, state, path, sku, file, folder, one of some words, or any.
KINDS='
    function kind(word, verb) {
        if (word ~ /\|/) { gsub(/\|/, " ", word); return "words" OFS word }
        if (word == "WORKLOAD" || (word == "SLUG" && verb != "new")) return "slug" OFS
        if (word == "STATE") return "state" OFS
        if (word == "PATH=VALUE") return "path" OFS
        if (word == "SKU" || word == "GLOB") return "sku" OFS
        if (word == "PAGE" || word == "FILE") return "file" OFS
        if (word == "DIR") return "folder" OFS
        return "any" OFS
    }'

# Of a --help on standard input, for one verb: O verb long short kind words help, and its operands:
# P verb place kind words, the place being 1, 2 or * for all that follow; and F verb path, what its --set
# takes besides answers.
of_help() {
    awk -v OFS='\t' -v verb="$1" "$KINDS"'
        function flush() { if (long != "" && !seen[long]++) print "O", verb, long, short, argument == "" ? "flag" OFS : kind(argument, ""), help; long = "" }
        $1 == "usage:" {
            split(verb, words, " ")
            place = 0
            for (i = 3; i <= NF; i++) {
                word = $i
                if (word == words[1] || word == words[2] || word == "[OPTIONS]" || word == "VERB" || word == "[-C") continue
                if (word ~ /^\[?--/ || word == "|") break
                many = word ~ /\.\.\./
                gsub(/\[|\]|\.\.\./, "", word)
                if (verb != "") print "P", verb, many ? "*" : ++place, kind(word, verb)
            }
        }
        /^ +(-[A-Za-z], )?--[a-z]/ {
            flush()
            line = $0; short = ""
            sub(/^ +/, "", line)
            if (line ~ /^-[A-Za-z], /) { short = substr(line, 2, 1); line = substr(line, 5) }
            match(line, /^--[a-z-]+/)
            long = substr(line, 3, RLENGTH - 2); line = substr(line, RLENGTH + 1)
            argument = ""
            if (match(line, /^ [^ ]+/)) { argument = substr(line, 2, RLENGTH - 1); line = substr(line, RLENGTH + 1) }
            sub(/^ +/, "", line); help = line
            next
        }
        /^  [a-z]+\.[a-z_]+  / { print "F", verb, $1 }
        long != "" && /^ +[^ ]/ && help == "" { sub(/^ +/, ""); help = $0; next }
        { flush() }
        END { flush() }'
}

# V verb help; S verb sub-verb; and O and P of each, also under "verb sub-verb".
facts() {
    "$program" --help | awk -v OFS='\t' '
        /^Before the verb/ { exit }
        /^  [a-z]/ { verb = $1; sub(/^ +[a-z]+ +/, ""); print "V", verb, $0 }'
    "$program" --help | of_help ""
    for verb in $("$program" --help | awk '/^Before the verb/ { exit } /^  [a-z]/ { print $1 }'); do
        helps=$("$program" "$verb" --help)
        subs=$(printf '%s\n' "$helps" | awk -v v="$verb" '$1 == "usage:" && $3 == v && $4 ~ /^[a-z]+\|/ { n = split($4, w, "|"); for (i = 1; i <= n; i++) print w[i] }')
        if [ -z "$subs" ]; then
            printf '%s\n' "$helps" | of_help "$verb"
            continue
        fi
        printf 'P\t%s\t1\twords\t%s\n' "$verb" "$(echo $subs)"
        printf 'O\t%s\thelp\th\tflag\t\tthis help\n' "$verb"
        for sub in $subs; do
            printf 'S\t%s\t%s\n' "$verb" "$sub"
            "$program" "$verb" "$sub" --help | of_help "$verb $sub"
        done
    done
    # The schema is printed with two blanks a level. A figure may be a range: its parts are no paths.
    "$program" schema | awk -v OFS='\t' '
        { match($0, /^ */); depth = RLENGTH / 2 }
        /^ *"[^"]+": [{\[]$/ || /^ *{$/ {
            name = $1; gsub(/[":]/, "", name)
            at[depth] = $0 ~ /\[$/ ? "[" : name
            if (at[depth - 1] != "properties" || depth < 2) next
            path = ""
            for (i = 1; i <= depth; i++) {
                if (at[i] == "[" || at[i] == "{") next
                if (at[i] == "items") path = path ".0"
                else if (at[i - 1] == "properties") path = path "." at[i]
            }
            paths[++n] = substr(path, 2)
            above = substr(path, 2)
            while (sub(/\.[^.]*$/, "", above)) is_above[above] = 1
        }
        /"enum": \[/ && paths[n] == "status" { line = $0; sub(/.*\[/, "", line); gsub(/[",\]]/, "", line); states = line }
        END {
            for (i = 1; i <= n; i++) if (!is_above[paths[i]] && paths[i] !~ /^[$]|^format$/) print "T", paths[i]
            print "X", states
        }'
}

# A verb that lists figures completes them beside the paths.
facts > "$out/facts.tmp"
awk -F '\t' -v OFS='\t' '
    NR == FNR { if ($1 == "F") has[$2] = 1; next }
    $1 == "O" && $5 == "path" && $2 in has { $5 = "figure" }
    { print }' "$out/facts.tmp" "$out/facts.tmp" > "$out/facts.tsv"
rm "$out/facts.tmp"

awk -F '\t' '
    function action(kind, words) {
        if (kind == "words") return "_breakeven_words \"" words "\""
        if (kind == "slug") return "_breakeven_slugs"
        if (kind == "state") return "_breakeven_words \"" states "\""
        if (kind == "path") return "_breakeven_paths"
        if (kind == "figure") return "_breakeven_figures"
        if (kind == "sku") return "_breakeven_words \"$(\"${COMP_WORDS[0]}\" -C \"$folder\" prices list --format csv 2> /dev/null | cut -d, -f1 | sort -u)\""
        if (kind == "folder") return "compopt -o dirnames 2> /dev/null"
        if (kind == "file") return "compopt -o default 2> /dev/null"
        return ":"
    }
    $1 == "V" { verbs = verbs " " $2 }
    $1 == "S" { has_subs[$2] = 1 }
    $1 == "O" { options[$2] = options[$2] " --" $3 ($4 != "" ? " -" $4 : "")
                if ($5 != "flag") { o++; of[o] = $2; long[o] = $3; short[o] = $4; okind[o] = $5; owords[o] = $6 } }
    $1 == "P" { p++; pof[p] = $2; place[p] = $3; pkind[p] = $4; pwords[p] = $5 }
    $1 == "T" { paths = paths " " $2 "=" }
    $1 == "F" { figures = figures " " $3 "=" }
    $1 == "X" { states = $2 }
    END {
        print "# bash completion for breakeven, written by generator/completions.sh from --help"
        print "_breakeven_words() { COMPREPLY=($(compgen -W \"$1\" -- \"$cur\")); }"
        print "_breakeven_slugs() { _breakeven_words \"$(ls \"$folder/content/workloads\" 2> /dev/null)\"; compopt -o default 2> /dev/null; }"
        print "_breakeven_paths() { compopt -o nospace 2> /dev/null; _breakeven_words \"" substr(paths, 2) "\"; }"
        print "_breakeven_figures() { compopt -o nospace 2> /dev/null; _breakeven_words \"" substr(paths, 2) figures "\"; }"
        print "_breakeven()\n{\n    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb= key= folder=. place=1 word i"
        print "    # --option=value comes as three words"
        print "    [ \"$cur\" = = ] && cur="
        print "    [ \"$prev\" = = ] && prev=${COMP_WORDS[COMP_CWORD-2]}"
        print "    [ -z \"$cur\" ] && [ \"${COMP_WORDS[COMP_CWORD]}\" = = ] && prev=${COMP_WORDS[COMP_CWORD-1]}"
        print "    for ((i = 1; i < COMP_CWORD; i++)); do\n        word=${COMP_WORDS[i]}"
        print "        case \"$key $word\" in"
        print "            \" -C\" | \" --directory\") folder=${COMP_WORDS[++i]} ;;"
        printf "            "
        for (i = 1; i <= o; i++) if (of[i] != "") printf "%s\"%s --%s\"%s", (started++ ? " | " : ""), of[i], long[i], short[i] != "" ? " | \"" of[i] " -" short[i] "\"" : ""
        print ")\n                [ \"${COMP_WORDS[i+1]}\" = = ] && ((i++))\n                ((i++)) ;;"
        print "            *\" -\"* | *\" =\") ;;"
        print "            *) if [ -z \"$verb\" ]; then verb=$word key=$word"
        printf "               elif [ \"$key\" = \"$verb\" ]; then case \"$verb\" in "
        for (v in has_subs) printf "%s) key=\"$verb $word\" ;; ", v
        print "*) ((place++)) ;; esac\n               else ((place++)); fi ;;\n        esac\n    done"
        print "    COMPREPLY=()\n    case \"$key $prev\" in"
        for (i = 1; i <= o; i++) print "        \"" of[i] " --" long[i] "\"" (short[i] != "" ? " | \"" of[i] " -" short[i] "\"" : "") ") " action(okind[i], owords[i]) "; return ;;"
        print "    esac\n    case \"$key $cur\" in"
        for (k in options) print "        \"" k " -\"*) _breakeven_words \"" substr(options[k], 2) "\"; return ;;" | "sort"
        close("sort")
        print "    esac\n    case \"$key $place\" in"
        print "        \" 1\") _breakeven_words \"" substr(verbs, 2) "\" ;;"
        for (i = 1; i <= p; i++) print "        \"" pof[i] " \"" place[i] ") " action(pkind[i], pwords[i]) " ;;"
        print "    esac\n}\ncomplete -F _breakeven breakeven"
    }' "$out/facts.tsv" > "$out/breakeven.bash"

awk -F '\t' '
    function quoted(s) { gsub(/\047/, "\047\\\047\047", s); gsub(/:/, "\\:", s); gsub(/\[/, "\\[", s); gsub(/\]/, "\\]", s); return s }
    function action(kind, words) {
        if (kind == "words") return ":word:(" words ")"
        if (kind == "slug") return ":decision:_breakeven_slugs"
        if (kind == "state") return ":state:(" states ")"
        if (kind == "path") return ":path=value:_breakeven_paths"
        if (kind == "figure") return ":path=value:_breakeven_figures"
        if (kind == "sku") return ":SKU:_breakeven_skus"
        if (kind == "folder") return ":folder:_files -/"
        if (kind == "file") return ":file:_files"
        return kind == "flag" ? "" : ":value: "
    }
    function spec(i,    end) {
        end = "[" quoted(help[i]) "]" action(kind[i], words[i]) "\047"
        if (short[i] == "") return "\047*--" long[i] end
        return "\047(-" short[i] " --" long[i] ")\047{-" short[i] ",--" long[i] "}\047" end
    }
    function arguments(key, indent,    k) {
        printf "%s_arguments", indent
        for (k = 1; k <= m; k++) if (of[k] == key) printf " \\\n%s    %s", indent, spec(k)
        for (k = 1; k <= p; k++) if (pof[k] == key) printf " \\\n%s    \047%s%s\047", indent, place[k], action(pkind[k], pwords[k])
        print " ;;"
    }
    $1 == "V" { n++; verb[n] = $2; about[n] = $3 }
    $1 == "S" { subs[$2] = subs[$2] " " $3 }
    $1 == "O" { m++; of[m] = $2; long[m] = $3; short[m] = $4; kind[m] = $5; words[m] = $6; help[m] = $7 }
    $1 == "P" { p++; pof[p] = $2; place[p] = $3; pkind[p] = $4; pwords[p] = $5 }
    $1 == "T" { paths = paths " " $2 }
    $1 == "F" { figures = figures " " $3 }
    $1 == "X" { states = $2 }
    END {
        print "#compdef breakeven\n# zsh completion for breakeven, written by generator/completions.sh from --help"
        print "_breakeven_slugs() {\n    local -a slugs\n    slugs=(${(f)\"$(ls -- \"$folder/content/workloads\" 2> /dev/null)\"})\n    compadd -a slugs || _files\n}"
        print "_breakeven_paths() {\n    local -a paths\n    paths=(" substr(paths, 2) ")\n    compadd -S = -a paths\n}"
        print "_breakeven_figures() {\n    local -a figures\n    figures=(" substr(figures, 2) ")\n    _breakeven_paths\n    compadd -S = -a figures\n}"
        print "_breakeven_skus() {\n    local -a skus\n    skus=(${(f)\"$(breakeven -C \"$folder\" prices list --format csv 2> /dev/null | cut -d, -f1 | sort -u)\"})\n    compadd -a skus\n}"
        print "_breakeven() {\n    local -a verbs\n    verbs=("
        for (i = 1; i <= n; i++) print "        \047" verb[i] ":" quoted(about[i]) "\047"
        print "    )\n    local curcontext=$curcontext state folder=.\n    local -a line\n    typeset -A opt_args\n    _arguments -C \\"
        for (k = 1; k <= m; k++) if (of[k] == "") print "        " spec(k) " \\"
        print "        \0471:verb:->verb\047 \047*::argument:->rest\047"
        print "    folder=${opt_args[-C]:-${opt_args[--directory]:-.}}"
        print "    case $state in\n        verb) _describe verb verbs ;;\n        rest) case $line[1] in"
        for (i = 1; i <= n; i++) {
            print "            " verb[i] ")"
            if (!(verb[i] in subs)) { arguments(verb[i], "                "); continue }
            print "                if ((CURRENT == 2)); then\n                    compadd --" subs[verb[i]] "\n                else\n                    shift words\n                    ((CURRENT--))\n                    case $words[1] in"
            count = split(substr(subs[verb[i]], 2), sub_verbs, " ")
            for (s = 1; s <= count; s++) { print "                        " sub_verbs[s] ")"; arguments(verb[i] " " sub_verbs[s], "                            ") }
            print "                    esac\n                fi ;;"
        }
        print "        esac ;;\n    esac\n}\n_breakeven \"$@\""
    }' "$out/facts.tsv" > "$out/_breakeven"

awk -F '\t' '
    function quoted(s) { gsub(/\\/, "\\\\", s); gsub(/\047/, "\\\047", s); return "\047" s "\047" }
    function action(kind, words) {
        if (kind == "words") return " -a " quoted(words)
        if (kind == "slug") return " -a \047(__breakeven_slugs)\047"
        if (kind == "state") return " -a " quoted(states)
        if (kind == "path") return " -a \047(__breakeven_paths)\047"
        if (kind == "figure") return " -a \047(__breakeven_figures)\047"
        if (kind == "sku") return " -a \047(__breakeven_skus)\047"
        if (kind == "folder") return " -a \047(__fish_complete_directories)\047"
        return ""
    }
    $1 == "V" { n++; verb[n] = $2; about[n] = $3 }
    $1 == "O" { m++; of[m] = $2; long[m] = $3; short[m] = $4; kind[m] = $5; words[m] = $6; help[m] = $7
                if ($5 != "flag" && !taken[$3]++) takes = takes " --" $3 ($4 != "" ? " -" $4 : "") }
    $1 == "P" { p++; pof[p] = $2; place[p] = $3; pkind[p] = $4; pwords[p] = $5 }
    $1 == "T" { paths = paths " " $2 "=" }
    $1 == "F" { figures = figures " " $3 "=" }
    $1 == "X" { states = $2 }
    END {
        print "# fish completion for breakeven, written by generator/completions.sh from --help"
        print "# The words before the cursor without options and their values."
        print "function __breakeven_words\n    set -l skip 1\n    for word in (commandline -opc)\n        if test $skip -eq 1\n            set skip 0\n        else if contains -- $word" takes
        print "            set skip 1\n        else if not string match -q -- \047-*\047 $word\n            echo $word\n        end\n    end\nend"
        print "function __breakeven_folder\n    set -l words (commandline -opc)\n    set -l at (contains -i -- -C $words; or contains -i -- --directory $words)\n    and echo $words[(math $at[1] + 1)]\n    or echo .\nend"
        print "# Whether these verbs are there, and so many words behind them (-1: any)."
        print "function __breakeven_at\n    set -l words (__breakeven_words)\n    set -l verbs $argv[2..-1]\n    test (count $words) -ge (count $verbs); or return 1"
        print "    for i in (seq (count $verbs))\n        test \"$words[$i]\" = \"$verbs[$i]\"; or return 1\n    end\n    test $argv[1] -lt 0; or test (count $words) -eq (math (count $verbs) + $argv[1])\nend"
        print "function __breakeven_slugs\n    ls -- (__breakeven_folder)/content/workloads 2> /dev/null\nend"
        print "function __breakeven_paths\n    printf \047%s\\n\047" paths "\nend"
        print "function __breakeven_figures\n    __breakeven_paths\n    printf \047%s\\n\047" figures "\nend"
        print "function __breakeven_skus\n    breakeven -C (__breakeven_folder) prices list --format csv 2> /dev/null | cut -d, -f1 | sort -u\nend"
        print "complete -c breakeven -f"
        for (i = 1; i <= n; i++) print "complete -c breakeven -n \047__breakeven_at 0\047 -a " verb[i] " -d " quoted(about[i])
        for (k = 1; k <= m; k++) {
            line = "complete -c breakeven -n \047__breakeven_at " (of[k] == "" ? "0" : "-1 " of[k]) "\047 -l " long[k] (short[k] != "" ? " -s " short[k] : "")
            if (kind[k] == "file") line = line " -r -F"
            else if (kind[k] != "flag") line = line " -x" action(kind[k], words[k])
            print line " -d " quoted(help[k])
        }
        for (k = 1; k <= p; k++) {
            line = "complete -c breakeven -n \047__breakeven_at " (place[k] == "*" ? "-1" : place[k] - 1) " " pof[k] "\047"
            if (pkind[k] == "file") print line " -F"
            else if (action(pkind[k], pwords[k]) != "") print line (pkind[k] == "slug" ? " -F" : "") action(pkind[k], pwords[k])
        }
    }' "$out/facts.tsv" > "$out/breakeven.fish"
