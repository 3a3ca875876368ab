#ifndef FEEDS_JSON_STREAM_H
#define FEEDS_JSON_STREAM_H
/*
 * JSON read as a stream of events, so that a file of any size needs no more memory than its longest
 * string. A reader knows where it stands by the depth and the keys above it, and can pass over
 * what it does not want. Numbers come as their source text: no price passes through a double.
 * (The only file with libyajl is json_stream.c.)
 */
#include "base/diag.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

#define STREAM_DEPTH 32 /* deeper than any price feed */

enum stream_kind {
    STREAM_STRING,
    STREAM_NUMBER,
    STREAM_WORD /* true, false; null comes as an empty text of this kind */
};

struct json_stream;

/* Inside a container of depth d (1: the root), the current key is json_stream_key(s, d); it is empty
 * in an array. A container begins at the depth that its members will have. */
struct json_stream_events {
    void *context;
    void (*begin)(void *context, struct json_stream *s, size_t depth);
    void (*end)(void *context, struct json_stream *s, size_t depth);
    void (*value)(void *context, struct json_stream *s, size_t depth, enum stream_kind kind,
                  struct str text);
};

struct str json_stream_key(const struct json_stream *s, size_t depth);
/* Within `begin`: nothing in this container is reported, nor its end. */
void json_stream_skip(struct json_stream *s);

/* False, with a diagnostic: it cannot be read, is no JSON, or ends too early. */
bool json_stream_file(const char *path, const struct json_stream_events *events, struct diags *d);
#endif
