#ifndef SOURCE_JSON_SCAN_H
#define SOURCE_JSON_SCAN_H
/*
 * The strict half of json_parse: RFC 8259 plus comments, checked byte by byte. The scan yields the span
 * of every value in the order in which values begin (a container before its content), from which
 * json_parse makes the tree: what has been checked here needs no second parser, only decoding.
 *
 * Faults inside one value (a bad escape, a malformed number, a trailing comma) are diagnosed,
 * mended in the copy and passed over, so that one run shows them all; a fault in the structure ends
 * the scan. Numbers are checked for form only; their size is known after conversion.
 */
#include "source/json.h"

struct json_span {
    enum json_kind kind;
    size_t offset, length;         /* of the value, in the text */
    size_t key_offset, key_length; /* of its key with the quotes; length 0 outside objects */
};

struct json_scan {
    struct json_span *spans; /* in the arena */
    size_t count;
};

/* More digits than a double or a decimal of ours can hold, with room for generous authors. */
#define JSON_NUMBER_MAX ((size_t)63)

/*
 * `copy` holds text.n bytes equal to the text; in it comments are blanked and mendable faults are
 * mended, at unchanged offsets. False: the copy must not be parsed. True: it is plain JSON, though
 * diagnostics may stand in `d`.
 */
bool json_scan_text(struct str path, struct str text, char *copy, struct arena *a, struct diags *d,
                    struct json_scan *out);

/*
 * The text of a string of the mended copy, given where it stands with its quotes: unescaped and
 * NUL-ended in place, since it never grows. Once for each string, after the whole scan.
 */
struct str json_scan_unescape(char *copy, size_t offset, size_t length);
#endif
