#include "base/diag.h"

#include "base/arena.h"
#include "base/strbuf.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS_REMEMBERED 8 /* most mistakes come file by file */
#define MISTAKES_KEPT 500  /* of one file: nobody reads on, and each is found in the text anew */
#define LINE_SHOWN 120     /* columns of a line that are shown around the mistake */

struct entry {
    struct diag diag;
    size_t arrival;
};

struct text_copy {
    struct str from, to, path;
    size_t mistakes;
};

struct diags {
    struct arena *a;
    struct entry *entries;
    size_t count, capacity;
    size_t arrivals;
    struct text_copy texts[TEXTS_REMEMBERED]; /* files whose text is already in the arena */
    size_t text_count;
    size_t left_out[SEVERITY_ERROR + 1]; /* counted, not kept */
};

struct diags *diags_new(struct arena *a)
{
    struct diags *d = arena_new(a, struct diags, 1);
    d->a = a;
    return d;
}

/* One copy of a file for all its mistakes; NULL: there is no text. The bytes are compared, since memory
 * may be reused. */
static struct text_copy *keep_text(struct diags *d, struct where where)
{
    struct str text = where.text;
    if (text.n == 0)
        return NULL;
    size_t known = d->text_count < TEXTS_REMEMBERED ? d->text_count : TEXTS_REMEMBERED;
    for (size_t i = 0; i < known; i++) {
        struct text_copy *t = &d->texts[i];
        if (t->from.s == text.s && t->from.n == text.n && str_equal(t->path, where.path) &&
            (t->mistakes > MISTAKES_KEPT || str_equal(t->to, text)))
            return t;
    }
    struct text_copy *t = &d->texts[d->text_count++ % TEXTS_REMEMBERED];
    *t = (struct text_copy){text, str_copy(d->a, text), str_copy(d->a, where.path), 0};
    return t;
}

static void add(struct diags *d, const struct diag *diag)
{
    struct text_copy *text = keep_text(d, diag->where);
    if (text && ++text->mistakes > MISTAKES_KEPT) {
        d->left_out[diag->severity]++;
        if (text->mistakes == MISTAKES_KEPT + 1)
            add(d,
                &(struct diag){.where = where_file(text->path),
                               .message = STR("only the first mistakes of this file are shown")});
        return;
    }
    d->entries = arena_grow(d->a, struct entry, d->entries, d->count, &d->capacity);
    struct entry *e = &d->entries[d->count++];
    e->arrival = d->arrivals++;
    e->diag = *diag;
    e->diag.where.path = str_copy(d->a, diag->where.path);
    e->diag.where.text = text ? text->to : (struct str){NULL, 0};
    e->diag.message = str_copy(d->a, diag->message);
    e->diag.hint = str_copy(d->a, diag->hint);
}

void diag_add(struct diags *d, enum severity severity, struct where where, struct str hint,
              struct str message)
{
    add(d, &(struct diag){severity, where, message, hint, false});
}

static void add_formatted(struct diags *d, struct diag diag, const char *tail, const char *fmt,
                          va_list ap) __attribute__((format(printf, 4, 0)));

static void add_formatted(struct diags *d, struct diag diag, const char *tail, const char *fmt,
                          va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    assert(n >= 0);
    size_t size = (size_t)n + 1;
    char *text = arena_new(d->a, char, size);
    vsnprintf(text, size, fmt, ap);
    diag.message = (struct str){text, (size_t)n};
    if (tail)
        diag.message = str_printf(d->a, "%s: %s", text, tail);
    add(d, &diag);
}

void diag_error(struct diags *d, struct where where, const char *hint, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add_formatted(d, (struct diag){SEVERITY_ERROR, where, {NULL, 0}, str_of(hint), false}, NULL,
                  fmt, ap);
    va_end(ap);
}

void diag_warning(struct diags *d, struct where where, const char *hint, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add_formatted(d, (struct diag){SEVERITY_WARNING, where, {NULL, 0}, str_of(hint), false}, NULL,
                  fmt, ap);
    va_end(ap);
}

void diag_system(struct diags *d, struct where where, int number, const char *fmt, ...)
{
    char text[128];
    if (strerror_r(number, text, sizeof text) != 0)
        snprintf(text, sizeof text, "error number %d", number);
    va_list ap;
    va_start(ap, fmt);
    add_formatted(d, (struct diag){SEVERITY_ERROR, where, {NULL, 0}, {NULL, 0}, true}, text, fmt,
                  ap);
    va_end(ap);
}

void diags_append_counts(struct diags *to, const struct diags *from)
{
    for (size_t i = 0; i <= SEVERITY_ERROR; i++)
        to->left_out[i] += from->left_out[i];
}

void diags_append(struct diags *to, const struct diags *from)
{
    for (size_t i = 0; i < from->count; i++)
        add(to, &from->entries[i].diag);
    diags_append_counts(to, from);
}

static size_t count_of(const struct diags *d, enum severity severity)
{
    size_t n = d->left_out[severity];
    for (size_t i = 0; i < d->count; i++)
        n += d->entries[i].diag.severity == severity;
    return n;
}

size_t diags_errors(const struct diags *d)
{
    return count_of(d, SEVERITY_ERROR);
}

size_t diags_warnings(const struct diags *d)
{
    return count_of(d, SEVERITY_WARNING);
}

size_t diags_system_errors(const struct diags *d)
{
    size_t n = 0;
    for (size_t i = 0; i < d->count; i++)
        n += d->entries[i].diag.is_system;
    return n;
}

size_t diags_count(const struct diags *d)
{
    return d->count;
}

const struct diag *diags_get(const struct diags *d, size_t index)
{
    assert(index < d->count);
    return &d->entries[index].diag;
}

/* Order of two places; 0: the same place. */
static int compare_places(const struct diag *a, const struct diag *b)
{
    int order = str_compare(a->where.path, b->where.path);
    if (order != 0)
        return order;
    return (a->where.offset > b->where.offset) - (a->where.offset < b->where.offset);
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = compare_places(&a->diag, &b->diag);
    if (order != 0)
        return order;
    return (a->arrival > b->arrival) - (a->arrival < b->arrival);
}

void diags_sort(struct diags *d)
{
    if (d->count < 2)
        return;
    qsort(d->entries, d->count, sizeof *d->entries, compare_entries);
    size_t kept = 0, place = 0; /* entries [place, kept) stand at one place */
    for (size_t i = 0; i < d->count; i++) {
        const struct diag *diag = &d->entries[i].diag;
        if (kept > 0 && compare_places(&d->entries[place].diag, diag) != 0)
            place = kept;
        bool repeat = false;
        for (size_t j = place; j < kept && !repeat; j++)
            repeat = d->entries[j].diag.severity == diag->severity &&
                     str_equal(d->entries[j].diag.message, diag->message) &&
                     str_equal(d->entries[j].diag.hint, diag->hint);
        if (!repeat)
            d->entries[kept++] = d->entries[i];
    }
    d->count = kept;
}

/* Bytes of the character at the start of text (not empty); an invalid byte counts as one. */
static size_t character_length(struct str text)
{
    unsigned char c = (unsigned char)text.s[0];
    size_t n = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
    return n > 1 && str_utf8_error(str_slice(text, 0, n)) < n ? 1 : n;
}

/* What stands before the place, on its line and above. */
struct position {
    size_t line, line_start, column;
    size_t offset; /* up to which columns are counted; not before line_start */
};

static const struct position BEGINNING = {1, 0, 1, 0};

/* Counts on from `from`, a position of the same text at or before the offset. */
static struct position position_of(struct where where, struct position from)
{
    size_t offset = where.offset < where.text.n ? where.offset : where.text.n;
    struct position p = from;
    const char *s = where.text.s;
    assert(s);
    for (;;) {
        const char *end = memchr(s + p.offset, '\n', offset - p.offset);
        if (!end)
            break;
        p.line++;
        p.column = 1;
        p.offset = p.line_start = (size_t)(end - s) + 1;
    }
    for (; p.offset < offset; p.column++)
        p.offset += character_length(str_slice(where.text, p.offset, where.text.n));
    return p;
}

bool where_line(struct where where, size_t *line, size_t *column)
{
    if (where.text.n == 0)
        return false;
    struct position p = position_of(where, BEGINNING);
    *line = p.line;
    *column = p.column;
    return true;
}

struct where where_file(struct str path)
{
    return (struct where){path, {NULL, 0}, 0, 0};
}

/* Code point of a valid sequence of n bytes. */
static uint32_t decode(const char *s, size_t n)
{
    static const unsigned char LEAD[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t c = (unsigned char)s[0] & LEAD[n];
    for (size_t i = 1; i < n; i++)
        c = c << 6 | ((unsigned char)s[i] & 0x3F);
    return c;
}

/* Characters that could move the cursor or turn the direction of writing. */
static bool is_hostile(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
           (c >= 0xE0000 && c <= 0xE007F);
}

/* Characters that a terminal draws two columns wide: the large East Asian blocks and emoji. */
static bool is_wide(uint32_t c)
{
    return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
           (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
           (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) ||
           (c >= 0x20000 && c <= 0x3FFFD);
}

/* Adds the first character of text so that a terminal shows it; its width. `taken`: its bytes. */
static size_t show_character(struct strbuf *out, struct str text, size_t *taken)
{
    size_t n = character_length(text);
    unsigned char first = (unsigned char)text.s[0];
    size_t before = out->n;
    *taken = n;
    if (n == 1 && first == '\t') {
        strbuf_addc(out, ' ');
    } else if (n == 1 && (first >= 0x80 || is_hostile(first))) {
        strbuf_addf(out, "\\x%02x", (unsigned)first);
    } else if (n > 1 && is_hostile(decode(text.s, n))) {
        strbuf_addf(out, "\\u{%x}", (unsigned)decode(text.s, n));
    } else {
        strbuf_add(out, str_slice(text, 0, n));
        return n > 1 && is_wide(decode(text.s, n)) ? 2 : 1;
    }
    return out->n - before;
}

static void show(struct strbuf *out, struct str text)
{
    for (size_t at = 0, taken; at < text.n; at += taken)
        show_character(out, str_slice(text, at, text.n), &taken);
}

/* `on` starts the colour; empty: none. */
static void show_coloured(struct strbuf *out, struct str text, const char *on)
{
    strbuf_adds(out, on);
    show(out, text);
    strbuf_adds(out, *on ? "\033[0m" : "");
}

/* Where the line of the place ends, without \r\n; or far enough behind what is shown of it, so that a
 * file that is one long line is not searched again for each mistake. */
static size_t line_end(struct where where)
{
    struct str ahead = str_slice(where.text, where.offset, where.offset + 4 * LINE_SHOWN + 4);
    const char *newline = ahead.n > 0 ? memchr(ahead.s, '\n', ahead.n) : NULL;
    size_t end = where.offset + (newline ? (size_t)(newline - ahead.s) : ahead.n);
    return newline && end > 0 && where.text.s[end - 1] == '\r' ? end - 1 : end;
}

/* The line of the place with a caret below; long lines are cut around it. */
static void show_line(struct strbuf *out, struct where where, struct position p, const char *on)
{
    size_t start = where.offset - p.line_start;
    struct str line = str_slice(where.text, p.line_start, line_end(where));
    if (start > line.n)
        start = line.n;
    size_t from = 0;
    if (start > LINE_SHOWN / 2) {
        from = start - LINE_SHOWN / 2;
        while (from < start && ((unsigned char)line.s[from] & 0xC0) == 0x80)
            from++;
    }
    strbuf_addf(out, "%5zu | %s", p.line, from > 0 ? "..." : "");
    size_t indent = from > 0 ? 3 : 0, width = 0, shown = 0;
    size_t at = from;
    while (at < line.n && shown < LINE_SHOWN) {
        size_t taken;
        size_t columns = show_character(out, str_slice(line, at, line.n), &taken);
        if (at < start)
            indent += columns;
        else if (at < start + where.length)
            width += columns;
        shown += columns;
        at += taken;
    }
    strbuf_addf(out, "%s\n      | ", at < line.n ? "..." : "");
    for (size_t i = 0; i < indent; i++)
        strbuf_addc(out, ' ');
    strbuf_addf(out, "%s^", on);
    for (size_t i = 1; i < width; i++)
        strbuf_addc(out, '~');
    strbuf_addf(out, "%s\n", *on ? "\033[0m" : "");
}

void diags_print(struct diags *d, struct strbuf *out, bool colour)
{
    static const char *const NAMES[] = {
        [SEVERITY_NOTE] = "note", [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error"};
    static const char *const COLOURS[] = {[SEVERITY_NOTE] = "\033[1;36m",
                                          [SEVERITY_WARNING] = "\033[1;35m",
                                          [SEVERITY_ERROR] = "\033[1;31m"};
    diags_sort(d);
    /* Sorted, so that counting of lines goes on where the last mistake of the file stood. */
    struct str last_text = {NULL, 0};
    struct position p = BEGINNING;
    for (size_t i = 0; i < d->count; i++) {
        const struct diag *diag = &d->entries[i].diag;
        struct where where = diag->where;
        bool placed = where.text.n > 0;
        if (where.offset > where.text.n)
            where.offset = where.text.n;
        struct strbuf head = STRBUF_INIT;
        show(&head, where.path.n > 0 ? where.path : STR("breakeven"));
        if (placed) {
            if (where.text.s != last_text.s || where.offset < p.offset)
                p = BEGINNING;
            last_text = where.text;
            p = position_of(where, p);
            strbuf_addf(&head, ":%zu:%zu", p.line, p.column);
        }
        strbuf_addc(&head, ':');
        strbuf_addf(out, "%s%s%s ", colour ? "\033[1m" : "", head.s, colour ? "\033[0m" : "");
        strbuf_release(&head);
        const char *on = colour ? COLOURS[diag->severity] : "";
        strbuf_addf(out, "%s%s:%s ", on, NAMES[diag->severity], colour ? "\033[0m" : "");
        show_coloured(out, diag->message, colour ? "\033[1m" : "");
        strbuf_addc(out, '\n');
        if (placed)
            show_line(out, where, p, on);
        if (diag->hint.n > 0) {
            strbuf_adds(out, "  hint: ");
            show(out, diag->hint);
            strbuf_addc(out, '\n');
        }
    }
}
