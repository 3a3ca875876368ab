#ifndef SOURCE_JSON_SCAN_H
#define SOURCE_JSON_SCAN_H
/*
 * The scanner behind json_parse: RFC 8259 plus comments, checked byte by byte, and the tree of what has
 * been read, in one pass.
 *
 * Faults inside one value (a bad escape, a malformed number, a trailing comma, a key that stands twice) are
 * diagnosed and passed over, so that one run shows them all; the value may then be anything. A fault in
 * the structure ends the scan.
 */
#include "source/json.h"

/* More digits than a double or a decimal of ours can hold, with room for generous authors. */
#define JSON_NUMBER_MAX ((size_t)63)

/* The tree, or NULL where the structure is at fault. Its nodes are in `nodes`, strings that are not
 * simply a piece of the text in `strings`. */
const struct json *json_scan_tree(struct str path, struct str text, struct arena *nodes,
                                  struct arena *strings, struct diags *d);

/* Only whether the text is such JSON, without a tree; keys that stand twice go unseen. `a` holds little. */
bool json_scan_check(struct str path, struct str text, struct arena *a, struct diags *d);
#endif
