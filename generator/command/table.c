#include "command/table.h"

#include "base/arena.h"
#include "base/strbuf.h"

void table_init(struct table *t, const struct column *columns, size_t count, struct arena *a)
{
    *t = (struct table){.a = a, .columns = columns, .column_count = count};
}

void table_cell(struct table *t, struct str text)
{
    t->cells = arena_grow(t->a, struct str, t->cells, t->count, &t->capacity);
    t->cells[t->count++] = text;
}

/* Characters, not bytes: UTF-8 continuation bytes do not count. */
static size_t width_of(struct str text)
{
    size_t width = 0;
    for (size_t i = 0; i < text.n; i++)
        width += ((unsigned char)text.s[i] & 0xc0) != 0x80;
    return width;
}

struct widths {
    size_t whole, fraction; /* before and from the point on, for ALIGN_POINT; else whole alone */
};

static struct widths cell_widths(struct str text, enum align align)
{
    size_t point = align == ALIGN_POINT ? str_find(text, STR(".")) : text.n;
    return (struct widths){width_of(str_slice(text, 0, point)),
                           width_of(str_slice(text, point, text.n))};
}

static struct widths column_widths(const struct table *t, size_t column)
{
    enum align align = t->columns[column].align;
    struct widths w = {0, 0};
    for (size_t i = column; i < t->count; i += t->column_count) {
        struct widths c = cell_widths(t->cells[i], align);
        w.whole = c.whole > w.whole ? c.whole : w.whole;
        w.fraction = c.fraction > w.fraction ? c.fraction : w.fraction;
    }
    size_t title = width_of(str_of(t->columns[column].title));
    if (title > w.whole + w.fraction)
        w.whole = title - w.fraction;
    return w;
}

static void blanks(struct strbuf *out, size_t n)
{
    while (n-- > 0)
        strbuf_addc(out, ' ');
}

static void print_line(const struct table *t, const struct widths *widths, const struct str *cells,
                       size_t indent, bool is_title, struct strbuf *out)
{
    size_t due = indent; // blanks are written before text only, so that none end a line
    for (size_t k = 0; k < t->column_count; k++) {
        struct str text = cells[k];
        enum align align = t->columns[k].align;
        size_t full = widths[k].whole + widths[k].fraction;
        struct widths c = cell_widths(text, is_title ? ALIGN_LEFT : align);
        size_t before = 0;
        if (align == ALIGN_RIGHT || (align == ALIGN_POINT && is_title))
            before = full - c.whole;
        else if (align == ALIGN_POINT)
            before = widths[k].whole - c.whole;
        if (text.n > 0) {
            blanks(out, due + before);
            strbuf_add(out, text);
            due = full - before - c.whole - c.fraction;
        } else {
            due += full;
        }
        due += 2;
    }
    strbuf_addc(out, '\n');
}

void table_print(const struct table *t, int indent, struct strbuf *out)
{
    struct widths *widths = arena_new(t->a, struct widths, t->column_count);
    struct str *titles = arena_new(t->a, struct str, t->column_count);
    for (size_t k = 0; k < t->column_count; k++) {
        widths[k] = column_widths(t, k);
        titles[k] = str_of(t->columns[k].title);
    }
    print_line(t, widths, titles, (size_t)indent, true, out);
    for (size_t i = 0; i + t->column_count <= t->count; i += t->column_count)
        print_line(t, widths, t->cells + i, (size_t)indent, false, out);
}
