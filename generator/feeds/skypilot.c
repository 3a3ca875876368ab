#include "feeds/read.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/strbuf.h"

#include <string.h>

/*
 * Comma-separated values with a header; which columns there are, and in which order, differs from
 * cloud to cloud. A row is one machine, or one accelerator, in one zone; the figure is in the column
 * that the rule names, in dollars an hour, and an empty one is not known.
 */
#define COLUMNS_MAX 64
#define FIELD_BYTES_MAX ((size_t)64 << 10)

struct skypilot {
    struct selection *s;
    struct diags *d;
    const char *path;
    struct match *matches;
    struct strbuf row;         /* the fields of a row, one after the other */
    size_t ends[COLUMNS_MAX];  /* of each field in it */
    size_t slots[COLUMNS_MAX]; /* of each column; SIZE_MAX: not wanted */
    size_t columns, fields, line;
    size_t type_column, accelerator_column, region_column, currency_column;
    bool quoted, after_quote, has_header;
};

static bool complain(struct skypilot *r, const char *what)
{
    diag_error(r->d, where_file(str_of(r->path)), "nothing was imported", "line %zu: %s", r->line,
               what);
    return false;
}

static struct str field_at(const struct skypilot *r, size_t i)
{
    size_t start = i > 0 ? r->ends[i - 1] : 0;
    return str_trim(str_slice(strbuf_str(&r->row), start, r->ends[i]));
}

static bool end_header(struct skypilot *r)
{
    r->columns = r->fields;
    r->type_column = r->accelerator_column = r->region_column = r->currency_column = SIZE_MAX;
    bool has_price = false;
    for (size_t i = 0; i < r->columns; i++) {
        struct str name = field_at(r, i);
        if (i == 0 && str_starts(name, STR("\xEF\xBB\xBF"))) // a byte order mark
            name = str_slice(name, 3, name.n);
        if (!feed_rules_slot(r->s->rules, name, &r->slots[i]))
            r->slots[i] = SIZE_MAX;
        for (size_t k = 0; k < i && r->slots[i] != SIZE_MAX; k++)
            if (r->slots[k] == r->slots[i])
                return complain(
                    r, str_printf(r->s->a, "two columns are called \"%.*s\"", STR_ARG(name)).s);
        if (str_is(name, "InstanceType"))
            r->type_column = i;
        else if (str_is(name, "AcceleratorName"))
            r->accelerator_column = i;
        else if (str_is(name, "Region"))
            r->region_column = i;
        else if (str_is(name, "Currency"))
            r->currency_column = i;
        has_price |= str_is(name, "Price");
    }
    if (r->type_column == SIZE_MAX || r->region_column == SIZE_MAX || !has_price)
        return complain(r,
                        "a catalogue has the columns InstanceType, Region and Price, separated by "
                        "commas");
    r->has_header = true;
    return true;
}

static void end_row(struct skypilot *r)
{
    struct str values[FEED_SLOTS_MAX] = {0};
    struct entry_tier tier = {.start = STR("0")}; // the rule names the column of its price
    struct entry e = {.values = values,
                      .region = field_at(r, r->region_column),
                      .unit = STR("hour"),
                      .currency = STR("USD"),
                      .tiers = &tier,
                      .tier_count = 1,
                      .effective = DATE_NONE,
                      .until = DATE_NONE,
                      .file = r->s->file_count - 1};
    for (size_t i = 0; i < r->columns; i++)
        if (r->slots[i] != SIZE_MAX)
            values[r->slots[i]] = field_at(r, i);
    e.id = field_at(r, r->type_column);
    if (e.id.n == 0 && r->accelerator_column != SIZE_MAX)
        e.id = field_at(r, r->accelerator_column);
    if (r->currency_column != SIZE_MAX)
        e.currency = field_at(r, r->currency_column);
    selection_offer(r->s, &e, r->matches);
}

static bool end_line(struct skypilot *r)
{
    bool is_empty = r->fields == 1 && r->row.n == 0;
    bool ok = true;
    if (is_empty)
        ;
    else if (!r->has_header)
        ok = end_header(r);
    else if (r->fields != r->columns)
        ok = complain(r, "it has not as many fields as the header");
    else
        end_row(r);
    r->line += ok;
    r->fields = 0;
    strbuf_clear(&r->row);
    return ok;
}

static bool end_field(struct skypilot *r)
{
    if (r->fields == COLUMNS_MAX)
        return complain(r, "too many columns");
    r->ends[r->fields++] = r->row.n;
    r->after_quote = false;
    return true;
}

static bool take_byte(struct skypilot *r, char c)
{
    if (r->quoted) {
        if (c == '"') {
            r->quoted = false;
            r->after_quote = true;
            return true;
        }
    } else if (c == '"') {
        if (r->after_quote) // a doubled quote within a quoted field
            strbuf_addc(&r->row, '"');
        r->after_quote = false;
        r->quoted = true;
        return true;
    } else if (c == ',') {
        return end_field(r);
    } else if (c == '\n') {
        return end_field(r) && end_line(r);
    } else if (c == '\r') {
        return true;
    }
    if (r->row.n > FIELD_BYTES_MAX)
        return complain(r, "longer than any row of a catalogue");
    strbuf_addc(&r->row, c);
    return true;
}

static bool take(void *context, struct str piece)
{
    struct skypilot *r = context;
    for (size_t i = 0; i < piece.n; i++)
        if (!take_byte(r, piece.s[i]))
            return false;
    return true;
}

/* Whether some rule takes its price from this column. */
static bool is_price(const struct skypilot *r, size_t column)
{
    const struct feed_rules *rules = r->s->rules;
    for (size_t i = 0; i < rules->part_count; i++)
        if (r->slots[column] != SIZE_MAX && rules->parts[i].price_slot == r->slots[column])
            return true;
    return false;
}

/*
 * The last row, where no line end follows it. If it ends with a figure, that may be the half of one: a
 * download that broke off at 0.0871 leaves 0.08 behind.
 */
static bool end_last_line(struct skypilot *r)
{
    if (!end_field(r))
        return false;
    if (r->has_header && r->fields == r->columns && is_price(r, r->columns - 1) &&
        field_at(r, r->columns - 1).n > 0)
        return complain(r, "the file ends within a price: its last line has no end");
    return end_line(r);
}

bool read_skypilot(struct selection *s, const char *path, struct diags *d)
{
    struct skypilot *r = arena_new(s->a, struct skypilot, 1);
    *r = (struct skypilot){.s = s, .d = d, .path = path, .line = 1};
    r->matches = arena_new(s->a, struct match, s->rules->part_count);
    bool ok = file_read_pieces(path, take, r, d);
    if (ok && r->quoted)
        ok = complain(r, "the file ends within quotes");
    if (ok && (r->row.n > 0 || r->fields > 0))
        ok = end_last_line(r);
    if (ok && !r->has_header)
        ok = complain(r, "the file is empty");
    strbuf_release(&r->row);
    return ok && read_version(s, d);
}
