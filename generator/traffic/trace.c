#include "traffic/trace.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/strbuf.h"
#include "number/date.h"

#include <assert.h>
#include <stdlib.h>

static const int64_t DAY_S = 86400;

struct row {
    int64_t at_s;
    double requests;
    size_t offset; /* of the line, for messages */
    size_t length;
};

struct reader {
    struct str path, text;
    struct arena *a;
    struct diags *d;
    struct row *rows;
    size_t count, capacity;
    size_t errors;
    bool zone_warned;
};

static struct where place(const struct reader *r, size_t offset, size_t length)
{
    return (struct where){.path = r->path, .text = r->text, .offset = offset, .length = length};
}

static struct where place_of(const struct reader *r, struct str field)
{
    return place(r, (size_t)(field.s - r->text.s), field.n);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* `digits` decimal digits at *at; moves on. */
static bool take_number(struct str text, size_t *at, size_t digits, int64_t *out)
{
    int64_t value = 0;
    if (*at + digits > text.n)
        return false;
    for (size_t i = 0; i < digits; i++) {
        char c = text.s[*at + i];
        if (!is_digit(c))
            return false;
        value = value * 10 + (c - '0');
    }
    *at += digits;
    *out = value;
    return true;
}

static bool take(struct str text, size_t *at, char c)
{
    if (*at >= text.n || text.s[*at] != c)
        return false;
    ++*at;
    return true;
}

enum stamp {
    STAMP_OK,
    STAMP_WITHOUT_ZONE,
    STAMP_BROKEN,
    STAMP_MILLISECONDS,
    STAMP_FRACTION
};

/* A decimal point and digits: a fraction of a second must be zero. */
static enum stamp take_fraction(struct str text, size_t *at)
{
    if (!take(text, at, '.') && !take(text, at, ','))
        return STAMP_OK;
    enum stamp result = STAMP_OK;
    size_t from = *at;
    for (; *at < text.n && is_digit(text.s[*at]); ++*at)
        if (text.s[*at] != '0')
            result = STAMP_FRACTION;
    return *at > from ? result : STAMP_BROKEN;
}

static enum stamp parse_epoch(struct str text, int64_t *out)
{
    size_t at = 0, digits = 0;
    while (digits < text.n && is_digit(text.s[digits]))
        digits++;
    if (digits == 0 || digits > 15 || !take_number(text, &at, digits, out))
        return STAMP_BROKEN;
    enum stamp result = take_fraction(text, &at);
    if (result == STAMP_BROKEN || at < text.n)
        return STAMP_BROKEN;
    return *out >= INT64_C(100000000000) ? STAMP_MILLISECONDS : result; /* the year 5138 */
}

/* Z, +01, +0100 or +01:00 to the end of the text; seconds east of UTC. */
static enum stamp parse_zone(struct str text, size_t at, int64_t *east_s)
{
    *east_s = 0;
    if (at == text.n)
        return STAMP_WITHOUT_ZONE;
    if (take(text, &at, 'Z') || take(text, &at, 'z'))
        return at == text.n ? STAMP_OK : STAMP_BROKEN;
    int64_t sign = take(text, &at, '+') ? 1 : -1, hours, minutes = 0;
    if (sign < 0 && !take(text, &at, '-'))
        return STAMP_BROKEN;
    if (!take_number(text, &at, 2, &hours))
        return STAMP_BROKEN;
    if (at < text.n) {
        (void)take(text, &at, ':');
        if (!take_number(text, &at, 2, &minutes))
            return STAMP_BROKEN;
    }
    *east_s = sign * (hours * 3600 + minutes * 60);
    return at == text.n && hours <= 18 && minutes < 60 ? STAMP_OK : STAMP_BROKEN;
}

static enum stamp parse_stamp(struct str text, int64_t *out)
{
    struct date day;
    if (text.n < 10 || text.s[4] != '-')
        return parse_epoch(text, out);
    if (!date_parse(str_slice(text, 0, 10), &day))
        return STAMP_BROKEN;
    *out = day.days * DAY_S;
    if (text.n == 10)
        return STAMP_OK;
    size_t at = 10;
    int64_t hour, minute, second = 0, east_s;
    if (!(take(text, &at, 'T') || take(text, &at, 't') || take(text, &at, ' ')) ||
        !take_number(text, &at, 2, &hour) || !take(text, &at, ':') ||
        !take_number(text, &at, 2, &minute))
        return STAMP_BROKEN;
    enum stamp fraction = STAMP_OK;
    if (take(text, &at, ':')) {
        if (!take_number(text, &at, 2, &second))
            return STAMP_BROKEN;
        fraction = take_fraction(text, &at);
    }
    if (hour > 23 || minute > 59 || second > 59)
        return STAMP_BROKEN;
    enum stamp zone = parse_zone(text, at, &east_s);
    *out += hour * 3600 + minute * 60 + second - east_s;
    if (zone == STAMP_BROKEN || fraction != STAMP_OK)
        return zone == STAMP_BROKEN ? zone : fraction;
    return zone;
}

/* A whole number below 1e15, perhaps with ".0". NULL, or what is wrong with it. */
static const char *parse_count(struct str text, double *out)
{
    size_t at = 0;
    double value = 0.0;
    if (text.n == 0)
        return "no count";
    if (text.s[0] == '-')
        return "a count cannot be negative";
    while (at < text.n && is_digit(text.s[at])) {
        value = value * 10.0 + (text.s[at] - '0');
        at++;
    }
    if (at == 0)
        return "not a number";
    if (at < text.n && text.s[at] == '.') {
        for (at++; at < text.n && text.s[at] == '0'; at++)
            continue;
        if (at < text.n && is_digit(text.s[at]))
            return "not a whole number";
    }
    if (at < text.n)
        return "not a number";
    *out = value;
    return value < 1e15 ? NULL : "too large a count";
}

static struct str unquote(struct str field)
{
    field = str_trim(field);
    if (field.n >= 2 && field.s[0] == '"' && field.s[field.n - 1] == '"')
        field = str_slice(field, 1, field.n - 1);
    return field;
}

static void fault(struct reader *r, struct str field, const char *hint, const char *message)
{
    diag_error(r->d, place_of(r, field), hint, "%s", message);
    r->errors++;
}

static bool check_stamp(struct reader *r, struct str field, enum stamp stamp)
{
    switch (stamp) {
    case STAMP_OK: return true;
    case STAMP_WITHOUT_ZONE:
        if (!r->zone_warned)
            diag_warning(r->d, place_of(r, field),
                         "end it with Z, or with an offset such as +01:00",
                         "times without a zone are read as UTC");
        r->zone_warned = true;
        return true;
    case STAMP_MILLISECONDS:
        fault(r, field, "divide by 1000",
              "this time looks like milliseconds; seconds since 1970 are read");
        return false;
    case STAMP_FRACTION:
        fault(r, field, "the shortest bin is one second", "a bin starts at a whole second");
        return false;
    case STAMP_BROKEN: break;
    }
    fault(r, field, "write it as 2024-03-01T00:00:00Z, or as seconds since 1970", "not a time");
    return false;
}

static bool is_heading(struct str field)
{
    if (field.n == 0 || is_digit(field.s[0]) || field.s[0] == '-')
        return false;
    char c = (char)(field.s[0] | 0x20);
    return c >= 'a' && c <= 'z';
}

static void read_line(struct reader *r, struct str line, bool first)
{
    struct str head, tail, third, rest;
    if (str_trim(line).n == 0)
        return;
    if (!str_cut(line, ',', &head, &tail)) {
        if (!(first && is_heading(unquote(line))))
            fault(r, line, "two columns, separated by a comma: timestamp,requests",
                  "no comma in this row");
        return;
    }
    struct str stamp_field = unquote(head);
    if (first && is_heading(stamp_field))
        return;
    bool extra = str_cut(tail, ',', &third, &rest);
    struct str count_field = unquote(third);
    int64_t at_s = 0;
    double requests = 0.0;
    bool good = check_stamp(r, stamp_field, parse_stamp(stamp_field, &at_s));
    const char *wrong = parse_count(count_field, &requests);
    if (wrong) {
        fault(r, count_field.n > 0 ? count_field : line,
              "a row is a time and the requests counted in its bin", wrong);
        good = false;
    }
    if (extra) {
        fault(r, rest, "leave only timestamp,requests", "more than two columns");
        good = false;
    }
    if (!good)
        return;
    if (r->count == r->capacity)
        r->rows = arena_grow(r->a, struct row, r->rows, r->count, &r->capacity);
    r->rows[r->count++] = (struct row){.at_s = at_s,
                                       .requests = requests,
                                       .offset = (size_t)(line.s - r->text.s),
                                       .length = line.n};
}

static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    if (x->at_s != y->at_s)
        return x->at_s < y->at_s ? -1 : 1;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static bool sort_rows(struct reader *r)
{
    for (size_t i = 1; i < r->count; i++)
        if (r->rows[i].at_s < r->rows[i - 1].at_s) {
            diag_warning(r->d, place(r, r->rows[i].offset, r->rows[i].length), NULL,
                         "this row is earlier than the one before it; the rows were sorted");
            qsort(r->rows, r->count, sizeof *r->rows, compare_rows);
            return true;
        }
    return false;
}

static void refuse_duplicates(struct reader *r)
{
    for (size_t i = 1; i < r->count && r->errors < TRACE_MAX_ERRORS; i++) {
        if (r->rows[i].at_s != r->rows[i - 1].at_s)
            continue;
        size_t line = 0, column = 0;
        (void)where_line(place(r, r->rows[i - 1].offset, 0), &line, &column);
        diag_error(r->d, place(r, r->rows[i].offset, r->rows[i].length),
                   "add the counts up, or remove one row", "this time occurs already in line %zu",
                   line);
        r->errors++;
    }
}

static int compare_steps(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The most frequent distance between neighbours; the shorter of two that are as frequent. */
static int64_t bin_length(struct reader *r)
{
    int64_t first = r->rows[1].at_s - r->rows[0].at_s;
    size_t same = 1;
    while (same + 1 < r->count && r->rows[same + 1].at_s - r->rows[same].at_s == first)
        same++;
    if (same + 1 == r->count)
        return first;
    struct arena_mark mark = arena_mark(r->a);
    int64_t *steps = arena_new(r->a, int64_t, r->count - 1);
    for (size_t i = 1; i < r->count; i++)
        steps[i - 1] = r->rows[i].at_s - r->rows[i - 1].at_s;
    qsort(steps, r->count - 1, sizeof *steps, compare_steps);
    int64_t best = steps[0];
    size_t best_run = 0, run = 0;
    for (size_t i = 0; i + 1 < r->count; i++) {
        run = i > 0 && steps[i] == steps[i - 1] ? run + 1 : 1;
        if (run > best_run) {
            best_run = run;
            best = steps[i];
        }
    }
    arena_rewind(r->a, mark);
    return best;
}

void trace_add_time(struct strbuf *sb, int64_t at_s)
{
    int64_t day = at_s / DAY_S - (at_s % DAY_S < 0), second = at_s - day * DAY_S;
    date_add(sb, (struct date){(int32_t)day});
    strbuf_addf(sb, "T%02d:%02d:%02dZ", (int)(second / 3600), (int)(second / 60 % 60),
                (int)(second % 60));
}

static void off_grid(struct reader *r, const struct row *row, int64_t step, int64_t bin_s)
{
    if (r->errors++ < TRACE_MAX_ERRORS)
        diag_error(r->d, place(r, row->offset, row->length), "all bins have the same length",
                   "this time is %lld s after the one before it, and the bins are %lld s long",
                   (long long)step, (long long)bin_s);
}

static void warn_of_gaps(const struct reader *r, const struct trace *t)
{
    struct strbuf from = STRBUF_INIT;
    trace_add_time(&from, t->gaps[0].from_s);
    diag_warning(
        r->d, where_file(r->path), "write a row with 0 where there was no request",
        "%lld of %lld bins are missing, in %zu gap%s, the first from %s; they count as not "
        "measured",
        (long long)t->missing_bins, (long long)t->missing_bins + (long long)r->count, t->gap_count,
        t->gap_count == 1 ? "" : "s", from.s);
    strbuf_release(&from);
}

static void find_gaps(struct reader *r, struct trace *t)
{
    struct trace_gap *gaps = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 1; i < r->count; i++) {
        const struct row *row = &r->rows[i];
        int64_t step = row->at_s - row[-1].at_s;
        if (step == t->bin_s)
            continue;
        if (step % t->bin_s != 0) {
            off_grid(r, row, step, t->bin_s);
            continue;
        }
        if (count == capacity)
            gaps = arena_grow(r->a, struct trace_gap, gaps, count, &capacity);
        assert(gaps);
        gaps[count] = (struct trace_gap){row[-1].at_s + t->bin_s, step / t->bin_s - 1};
        t->missing_bins += gaps[count++].bins;
    }
    t->gaps = gaps;
    t->gap_count = count;
    if (count > 0 && r->errors == 0)
        warn_of_gaps(r, t);
}

static void read_rows(struct reader *r)
{
    struct str rest = r->text, line;
    if (str_starts(rest, STR("\xEF\xBB\xBF")))
        rest = str_slice(rest, 3, rest.n);
    bool first = true;
    while (r->errors < TRACE_MAX_ERRORS && str_next_line(&rest, &line)) {
        if (r->count == TRACE_MAX_ROWS) {
            fault(r, line, "use longer bins", "too many rows");
            return;
        }
        read_line(r, line, first);
        first = first && str_trim(line).n == 0;
    }
}

bool trace_parse(struct str path, struct str text, struct arena *a, struct trace *out,
                 struct diags *d)
{
    struct reader r = {.path = path, .text = text, .a = a, .d = d};
    *out = (struct trace){0};
    read_rows(&r);
    if (r.errors > 0)
        return false;
    if (r.count < 2) {
        diag_error(d, where_file(path), "a row is a time and the requests counted in its bin",
                   "a trace needs at least two rows");
        return false;
    }
    out->was_unsorted = sort_rows(&r);
    refuse_duplicates(&r);
    if (r.errors > 0)
        return false;
    out->bin_s = bin_length(&r);
    find_gaps(&r, out);
    int64_t *at_s = arena_new(a, int64_t, r.count);
    double *requests = arena_new(a, double, r.count);
    for (size_t i = 0; i < r.count; i++) {
        at_s[i] = r.rows[i].at_s;
        requests[i] = r.rows[i].requests;
        out->total += requests[i];
    }
    out->at_s = at_s;
    out->requests = requests;
    out->count = r.count;
    if (r.errors == 0 && !(out->total > 0.0)) {
        diag_error(d, where_file(path), NULL, "no bin of this trace has a request");
        r.errors++;
    }
    return r.errors == 0;
}
