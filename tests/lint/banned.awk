# Functions that have no place in generator/, and marks of unfinished work. Comments and strings do not count
# for the functions.
BEGIN {
    ban("strcpy strcat strncpy strncat sprintf vsprintf gets strtok strtok_r", "slices and struct strbuf do it with a length")
    ban("atoi atol atoll atof sscanf", "numbers are parsed strictly and in range")
    ban("setlocale newlocale uselocale", "no locale: the same input gives the same bytes")
    ban("rand srand random srandom drand48", "draws come from the counter-based generator")
    ban("time localtime gmtime ctime asctime mktime strftime localtime_r gmtime_r", "dates come from the input")
    ban("system popen tmpnam tempnam mktemp alloca", "unsafe")
}
function ban(names, reason,    list, i) {
    split(names, list, " ")
    for (i in list) why[list[i]] = reason
}
FNR == 1 { comment = 0 }
{
    if ($0 ~ /(TODO|FIXME|XXX|HACK)/) { printf "%s:%d: error: unfinished work is not committed\n", FILENAME, FNR; faults++ }
    line = $0
    gsub(/\\\\/, "", line); gsub(/\\"/, "", line); gsub(/"[^"]*"/, "\"\"", line)
    if (comment) { if (!sub(/^.*\*\//, "", line)) next; comment = 0 }
    gsub(/\/\*([^*]|\*[^\/])*\*\//, "", line); sub(/\/\/.*/, "", line)
    if (sub(/\/\*.*/, "", line)) comment = 1
    while (match(line, /[A-Za-z_][A-Za-z_0-9]*[ \t]*\(/)) {
        word = substr(line, RSTART, RLENGTH); sub(/[ \t]*\($/, "", word)
        if (word in why) { printf "%s:%d: error: %s is banned: %s\n", FILENAME, FNR, word, why[word]; faults++ }
        line = substr(line, RSTART + RLENGTH)
    }
}
END { exit faults > 0 }
