#include "feeds/json_stream.h"

#include "base/arena.h"
#include "base/file.h"

#include <string.h>
#include <yajl/yajl_parse.h>

#define KEY_MAX 256 /* longer keys are cut: nothing that is looked for is so long */

struct level {
    size_t n;
    char key[KEY_MAX];
};

struct json_stream {
    const struct json_stream_events *events;
    struct diags *d;
    const char *path;
    yajl_handle parser;
    size_t depth;    /* containers open */
    size_t skipping; /* containers open since the one that is skipped, itself included */
    bool too_deep, begun;
    struct level levels[STREAM_DEPTH + 1];
};

struct str json_stream_key(const struct json_stream *s, size_t depth)
{
    return (struct str){s->levels[depth].key, s->levels[depth].n};
}

void json_stream_skip(struct json_stream *s)
{
    s->skipping = 1;
}

/* ---- events of the parser: 1 goes on, 0 stops -----------------------------------------------------
 */

static int begin(void *context)
{
    struct json_stream *s = context;
    if (s->skipping > 0) {
        s->skipping++;
        return 1;
    }
    if (s->depth == STREAM_DEPTH) {
        s->too_deep = true;
        return 0;
    }
    s->depth++;
    s->levels[s->depth].n = 0;
    s->events->begin(s->events->context, s, s->depth);
    return 1;
}

static int end(void *context)
{
    struct json_stream *s = context;
    if (s->skipping > 0) {
        if (--s->skipping == 0)
            s->depth--;
        return 1;
    }
    s->events->end(s->events->context, s, s->depth);
    s->depth--;
    return 1;
}

static int key(void *context, const unsigned char *bytes, size_t n)
{
    struct json_stream *s = context;
    if (s->skipping > 0)
        return 1;
    struct level *l = &s->levels[s->depth];
    l->n = n < KEY_MAX ? n : KEY_MAX;
    memcpy(l->key, bytes, l->n);
    return 1;
}

static int value(struct json_stream *s, enum stream_kind kind, const void *bytes, size_t n)
{
    if (s->skipping == 0)
        s->events->value(s->events->context, s, s->depth, kind, (struct str){bytes, n});
    return 1;
}

static int string(void *context, const unsigned char *bytes, size_t n)
{
    return value(context, STREAM_STRING, bytes, n);
}

static int number(void *context, const char *bytes, size_t n)
{
    return value(context, STREAM_NUMBER, bytes, n);
}

static int boolean(void *context, int is_true)
{
    return is_true ? value(context, STREAM_WORD, "true", 4)
                   : value(context, STREAM_WORD, "false", 5);
}

static int null(void *context)
{
    return value(context, STREAM_WORD, "", 0);
}

static const yajl_callbacks CALLBACKS = {
    .yajl_null = null,
    .yajl_boolean = boolean,
    .yajl_number = number,
    .yajl_string = string,
    .yajl_start_map = begin,
    .yajl_map_key = key,
    .yajl_end_map = end,
    .yajl_start_array = begin,
    .yajl_end_array = end,
};

/* ---- the file -----------------------------------------------------------------------------------
 */

static bool complain(struct json_stream *s, struct str piece)
{
    if (s->too_deep) {
        diag_error(s->d, where_file(str_of(s->path)), NULL, "nested more than %d deep",
                   STREAM_DEPTH);
        return false;
    }
    unsigned char *text = yajl_get_error(s->parser, piece.n > 0, (const unsigned char *)piece.s,
                                         piece.n);
    struct str said = str_trim(str_of((const char *)text)), line;
    str_next_line(&said, &line);
    diag_error(s->d, where_file(str_of(s->path)), "nothing was imported; fetch the file again",
               "not a whole JSON file: %.*s", STR_ARG(line));
    yajl_free_error(s->parser, text);
    return false;
}

static bool take(void *context, struct str piece)
{
    struct json_stream *s = context;
    if (!s->begun && str_starts(piece, STR("\xEF\xBB\xBF"))) // a byte order mark
        piece = str_slice(piece, 3, piece.n);
    s->begun = true;
    return yajl_parse(s->parser, (const unsigned char *)piece.s, piece.n) == yajl_status_ok ||
           complain(s, piece);
}

bool json_stream_file(const char *path, const struct json_stream_events *events, struct diags *d)
{
    struct arena *a = arena_create();
    struct json_stream *s = arena_new(a, struct json_stream, 1);
    *s = (struct json_stream){.events = events, .d = d, .path = path};
    s->parser = yajl_alloc(&CALLBACKS, NULL, s);
    if (!s->parser)
        arena_exhausted();
    bool ok = file_read_pieces(path, take, s, d);
    if (ok && yajl_complete_parse(s->parser) != yajl_status_ok)
        ok = complain(s, (struct str){0});
    yajl_free(s->parser);
    arena_destroy(a);
    return ok;
}
