# Which folder of generator/ may include which: itself and the folders before it in ORDER, with the
# exceptions below. Also, that a library's header stands in one file, and that the engine does no
# input or output. Run over all .c and .h files of generator/.
BEGIN {
    split("base number source questionnaire pricing feeds policy traffic latency workload assess cost " \
          "decide claims report render publish serve command main", order, " ")
    for (i in order) rank[order[i]] = i + 0
    split("workload latency assess cost decide", list, " ")
    for (i in list) engine[list[i]] = 1
    # render/ sees the report and nothing behind it
    split("base number source report render", list, " ")
    for (i in list) seen_by_render[list[i]] = 1
    only["cmark-gfm"] = "generator/render/markdown.c"
    only["microhttpd"] = "generator/serve/server.c"
    only["yajl/"] = "generator/feeds/json_stream.c"
    only["libxml/"] = "generator/render/xmlcheck.c"
}
function wrong(text) {
    printf "%s:%d: error: %s\n", FILENAME, FNR, text
    faults++
}
/^[ \t]*#[ \t]*include/ {
    split(FILENAME, part, "/")
    from = part[2]
    if (from ~ /\.[ch]$/) from = "main"
    if (!(from in rank)) { wrong("the folder " from "/ has no place in the layers"); next }
    if ($0 ~ /"/) {
        split($0, quoted, "\"")
        if (quoted[2] !~ /\//) { if (from != "main") wrong("write the path from generator/: \"" from "/" quoted[2] "\""); next }
        split(quoted[2], part, "/")
        to = part[1]
        if (!(to in rank)) wrong("no such layer: " to "/")
        else if (rank[to] > rank[from]) wrong(from "/ stands below " to "/ and must not include it")
        else if (from == "render" && !(to in seen_by_render)) wrong("render/ sees the report only, not " to "/")
        else if ((from in engine) && (to == "source" || quoted[2] ~ /^base\/(file|option)\.h/))
            wrong("the engine reads no files and no JSON: " quoted[2])
    } else {
        for (name in only)
            if (index($0, "<" name) && FILENAME != only[name]) wrong("only " only[name] " may include it")
        if ((from in engine) && $0 ~ /<(stdio|time|unistd|fcntl|dirent|pthread|locale|sys\/[a-z]+)\.h>/)
            wrong("the engine is pure: no input, output, clock or threads")
        if ($0 ~ /<locale\.h>/) wrong("no locale anywhere: the same input gives the same bytes")
    }
}
END { exit faults > 0 }
