#!/bin/sh
# Writes the completions for bash, zsh and fish from what the program itself says of its verbs and
# options: --help prints the option tables, so the three files cannot drift from them.
#   usage: completions.sh PROGRAM FOLDER
set -eu
export LC_ALL=C
program=$1
out=$2
mkdir -p "$out"

# One line a fact, separated by tabs: V verb help; or O verb long short argument help.
facts() {
    "$program" --help | awk -v OFS='\t' '
        /^Before the verb/ { options = 1 }
        !options && /^  [a-z]/ { verb = $1; sub(/^ +[a-z]+ +/, ""); print "V", verb, $0 }'
    for verb in "" $("$program" --help | awk '/^Before the verb/ { exit } /^  [a-z]/ { print $1 }'); do
        # Verbs with verbs of their own: the options of all of them.
        helps=$("$program" $verb --help)
        for sub in $(printf '%s\n' "$helps" | awk -v v="$verb" '$1 == "usage:" && $3 == v && $4 ~ /^[a-z]+\|/ { n = split($4, w, "|"); for (i = 1; i <= n; i++) print w[i] }'); do
            printf 'S\t%s\t%s\n' "$verb" "$sub"
            helps="$helps
$("$program" $verb $sub --help)"
        done
        printf '%s\n' "$helps" | awk -v OFS='\t' -v verb="$verb" '
            function flush() { if (long != "" && !seen[long]++) print "O", verb, long, short, argument, help; long = "" }
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
            long != "" && /^ +[^ ]/ && help == "" { sub(/^ +/, ""); help = $0; next }
            { flush() }
            END { flush() }'
    done
}

facts > "$out/facts.tsv"

awk -F '\t' '
    $1 == "V" { verbs = verbs " " $2 }
    $1 == "S" { subs[$2] = subs[$2] " " $3 }
    $1 == "O" { options[$2] = options[$2] " --" $3 ($4 != "" ? " -" $4 : "")
                if ($5 ~ /\|/) { words = $5; gsub(/\|/, " ", words); choice[$2 SUBSEP $3] = words }
                else if ($5 != "") takes[$2 SUBSEP $3] = $5 }
    END {
        print "# bash completion for breakeven, written by generator/completions.sh from --help"
        print "_breakeven()\n{\n    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb= i"
        print "    for ((i = 1; i < COMP_CWORD; i++)); do"
        print "        case ${COMP_WORDS[i]} in -C | --directory) ((i++)) ;; -*) ;; *) verb=${COMP_WORDS[i]}; break ;; esac\n    done"
        print "    case \"$verb $prev\" in"
        for (k in choice) { split(k, p, SUBSEP); print "        \"" p[1] " --" p[2] "\") COMPREPLY=($(compgen -W \"" choice[k] "\" -- \"$cur\")); return ;;" | "sort" }
        for (k in takes) { split(k, p, SUBSEP); if (takes[k] ~ /DIR|FILE/) print "        \"" p[1] " --" p[2] "\") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;" | "sort" }
        close("sort")
        print "    esac\n    case \"$verb\" in"
        n = split(verbs, v, " ")
        for (i = 1; i <= n; i++) print "        " v[i] ") COMPREPLY=($(compgen -W \"" substr(subs[v[i]] options[v[i]], 2) " $(ls content/workloads 2> /dev/null)\" -- \"$cur\")) ;;"
        print "        *) COMPREPLY=($(compgen -W \"" substr(verbs options[""], 2) "\" -- \"$cur\")) ;;"
        print "    esac\n}\ncomplete -o default -F _breakeven breakeven"
    }' "$out/facts.tsv" > "$out/breakeven.bash"

awk -F '\t' '
    function quoted(s) { gsub(/\047/, "\047\\\047\047", s); gsub(/:/, "\\:", s); gsub(/\[/, "\\[", s); gsub(/\]/, "\\]", s); return s }
    function spec(i,    w) {
        w = ""
        if (arg[i] ~ /\|/) { w = arg[i]; gsub(/\|/, " ", w); w = ":word:(" w ")" }
        else if (arg[i] ~ /DIR/) w = ":folder:_files -/"
        else if (arg[i] ~ /FILE/) w = ":file:_files"
        else if (arg[i] != "") w = ":" arg[i] ":"
        return "\047--" long[i] "[" quoted(help[i]) "]" w "\047"
    }
    $1 == "V" { n++; verb[n] = $2; about[n] = $3 }
    $1 == "S" { subs[$2] = subs[$2] " " $3 }
    $1 == "O" { m++; of[m] = $2; long[m] = $3; arg[m] = $5; help[m] = $6 }
    END {
        print "#compdef breakeven\n# zsh completion for breakeven, written by generator/completions.sh from --help"
        print "_breakeven() {\n    local -a verbs\n    verbs=("
        for (i = 1; i <= n; i++) print "        \047" verb[i] ":" quoted(about[i]) "\047"
        print "    )\n    local line state\n    _arguments -C \\"
        for (k = 1; k <= m; k++) if (of[k] == "") print "        " spec(k) " \\"
        print "        \0471:verb:->verb\047 \047*::argument:->rest\047"
        print "    case $state in\n        verb) _describe verb verbs ;;\n        rest) case $line[1] in"
        for (i = 1; i <= n; i++) {
            printf "            %s) _arguments", verb[i]
            for (k = 1; k <= m; k++) if (of[k] == verb[i]) printf " %s", spec(k)
            print " \047*:argument:(" substr(subs[verb[i]], 2) " ${$(ls content/workloads 2> /dev/null)})\047 ;;"
        }
        print "        esac ;;\n    esac\n}\n_breakeven \"$@\""
    }' "$out/facts.tsv" > "$out/_breakeven"

awk -F '\t' '
    function quoted(s) { gsub(/\\/, "\\\\", s); gsub(/\047/, "\\\047", s); return "\047" s "\047" }
    BEGIN { print "# fish completion for breakeven, written by generator/completions.sh from --help" }
    $1 == "V" { print "complete -c breakeven -n __fish_use_subcommand -f -a " $2 " -d " quoted($3) }
    $1 == "S" { print "complete -c breakeven -n \047__fish_seen_subcommand_from " $2 "\047 -f -a " $3 }
    $1 == "O" {
        when = $2 == "" ? "__fish_use_subcommand" : "\047__fish_seen_subcommand_from " $2 "\047"
        words = $5; gsub(/\|/, " ", words)
        line = "complete -c breakeven -n " when " -l " $3 ($4 != "" ? " -s " $4 : "")
        if ($5 ~ /\|/) line = line " -x -a " quoted(words)
        else if ($5 ~ /DIR|FILE/) line = line " -r"
        else if ($5 != "") line = line " -x"
        print line " -d " quoted($6)
    }
    END { print "complete -c breakeven -n \047not __fish_use_subcommand\047 -a \047(ls content/workloads 2> /dev/null)\047" }' "$out/facts.tsv" > "$out/breakeven.fish"
