#include "feeds/json_stream.h"

#include "base/arena.h"
#include "base/file.h"

#include <string.h>
#include <yajl/yajl_parse.h>

#define KEY_MAX 256 /* longer keys are cut: nothing that is looked for is so long */
#define HEAD_MAX 4  /* bytes that tell what a file is that is no JSON */

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
    size_t taken; /* bytes of the pieces before this one */
    char head[HEAD_MAX];
    size_t head_bytes;
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
    memmove(l->key, bytes, l->n); // gcc 12 makes a slow string instruction of a bounded memcpy
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

/* What was fetched instead of JSON in UTF-8, by its first bytes; NULL where they tell nothing. */
static const char *find_disguise(const struct json_stream *s)
{
    static const struct {
        struct str head;
        const char *hint;
    } disguises[] = {
        {{"\x1F\x8B", 2}, "it is compressed: unpack it with gunzip first"},
        {{"PK\x03\x04", 4}, "it is a zip archive: unpack it first"},
        {{"(\xB5/\xFD", 4}, "it is compressed: unpack it with zstd -d first"},
        {{"BZh", 3}, "it is compressed: unpack it with bunzip2 first"},
        {{"\xFF\xFE", 2}, "it is in UTF-16: write it in UTF-8"},
        {{"\xFE\xFF", 2}, "it is in UTF-16: write it in UTF-8"},
        {{"call", 4}, "it is JSONP, as AWS's old feed of spot prices, which is not read"},
        {{"<", 1}, "it is a web page or XML, perhaps the report of an error: fetch it again"},
        {{"\"", 1}, "it may be the CSV form: fetch the JSON form of the same list"},
    };

    struct str head = {s->head, s->head_bytes};
    for (size_t i = 0; i < sizeof disguises / sizeof *disguises; i++)
        if (str_starts(head, disguises[i].head))
            return disguises[i].hint;
    return NULL;
}

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
    const char *disguise = find_disguise(s);
    if (!disguise && str_find(line, STR("trailing garbage")) < line.n)
        disguise = "something follows the end: a page or list is a file of its own";
    if (str_ends(line, STR(".")))
        line = str_slice(line, 0, line.n - 1);
    diag_error(s->d, where_file(str_of(s->path)),
               disguise ? disguise : "nothing was imported; fetch the file again",
               "not a whole JSON file: %.*s (byte %zu)", STR_ARG(line),
               s->taken + (piece.n > 0 ? yajl_get_bytes_consumed(s->parser) : 0));
    yajl_free_error(s->parser, text);
    return false;
}

static bool take(void *context, struct str piece)
{
    struct json_stream *s = context;
    if (s->head_bytes < HEAD_MAX) {
        struct str head = str_slice(piece, 0, HEAD_MAX - s->head_bytes);
        memcpy(s->head + s->head_bytes, head.s, head.n);
        s->head_bytes += head.n;
    }
    if (!s->begun && str_starts(piece, STR("\xEF\xBB\xBF"))) // a byte order mark
        piece = str_slice(piece, 3, piece.n);
    s->begun = true;
    if (yajl_parse(s->parser, (const unsigned char *)piece.s, piece.n) != yajl_status_ok)
        return complain(s, piece);
    s->taken += piece.n;
    return true;
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
