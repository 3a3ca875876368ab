/* Figures in a unit, and the inputs of a decision in theirs. */
#include "report/wording.h"

#include "base/strbuf.h"
#include "questionnaire/questionnaire.h"

#include <math.h>

#define MINUS "\xe2\x88\x92"

/* ---- figures with a unit ---- */

enum style {
    STYLE_COUNT,
    STYLE_SHARE,
    STYLE_MS,
    STYLE_SECONDS,
    STYLE_USD,
    STYLE_LIST,
    STYLE_FTE,
    STYLE_MB,
    STYLE_PLAIN
};

/* The words that the questionnaire's table, the policy and the engine use for units. */
static const struct unit_style {
    const char *unit;
    enum style style;
    const char *suffix; /* behind the figure; NULL: none */
} UNIT_STYLES[] = {
    {"", STYLE_COUNT, NULL},
    {"count", STYLE_COUNT, NULL},
    {"request", STYLE_COUNT, NULL}, /* the name says of what */
    {"GPU", STYLE_COUNT, NULL},
    {"vCPU", STYLE_COUNT, NULL},
    {"request/day", STYLE_COUNT, " a day"},
    {"requests/day", STYLE_COUNT, " a day"},
    {"1/day", STYLE_COUNT, " a day"},
    {"per day", STYLE_COUNT, " a day"},
    {"requests a day", STYLE_COUNT, " a day"},
    {"request/s", STYLE_COUNT, " a second"},
    {"requests/s", STYLE_COUNT, " a second"},
    {"1/s", STYLE_COUNT, " a second"},
    {"rps", STYLE_COUNT, " a second"},
    {"per second", STYLE_COUNT, " a second"},
    {"share", STYLE_SHARE, NULL},
    {"ratio a year", STYLE_SHARE, " a year"},
    {"share a year", STYLE_SHARE, " a year"},
    {"ms", STYLE_MS, NULL},
    {"s", STYLE_SECONDS, NULL},
    {"second", STYLE_SECONDS, NULL},
    {"USD", STYLE_USD, NULL},
    {"USD/month", STYLE_USD, " a month"},
    {"USD/year", STYLE_USD, " a year"},
    {"USD/h", STYLE_USD, " an hour"},
    {"list", STYLE_LIST, NULL},
    {"x", STYLE_PLAIN, " times"},
    {"of list", STYLE_LIST, NULL},
    {"list price", STYLE_LIST, NULL},
    {"x list", STYLE_LIST, NULL},
    {"multiple of list", STYLE_LIST, NULL},
    {"FTE", STYLE_FTE, NULL},
    {"MB", STYLE_MB, NULL},
    {"connection", STYLE_COUNT, NULL}, /* as above: the name says it */
    {"run/month", STYLE_COUNT, " a month"},
    {"kB/request", STYLE_PLAIN, " kB a request"},
    {"MB/s", STYLE_PLAIN, " MB a second"},
    {"ratio", STYLE_PLAIN, NULL},
    {"multiple", STYLE_PLAIN, " times"},
    {"times", STYLE_PLAIN, " times"},
    {"h", STYLE_PLAIN, " h"},
    {"hour", STYLE_PLAIN, " h"},
    {"hour/day", STYLE_PLAIN, " hours a day"},
};

static const struct unit_style *find_style(struct str unit)
{
    for (size_t i = 0; i < sizeof UNIT_STYLES / sizeof UNIT_STYLES[0]; i++)
        if (str_is(unit, UNIT_STYLES[i].unit))
            return &UNIT_STYLES[i];
    return NULL;
}

/* "$ per vCPU-hour": the sign goes before the figure, the rest behind it. */
#define PER_UNIT STR("$ per ")

/* Three digits, and as prices are published: $0.70, not $0.7. */
static void add_price(struct strbuf *sb, double usd)
{
    size_t start = sb->n;
    wording_number(sb, usd, 3);
    if (sb->n - start > 2 && sb->s[sb->n - 2] == '.')
        strbuf_addc(sb, '0');
}

/* Two decimals, 0.10, where they say all; else three digits, so that a flip at 0.0866 FTE reads as far
 * away as it is. */
static void add_fte(struct strbuf *sb, double fte)
{
    bool whole = fabs(fte * 100 - round(fte * 100)) < 1e-6;
    if (whole || fabs(fte) >= 10)
        wording_fixed(sb, fte, 2);
    else
        wording_number(sb, fte, 3);
}

void wording_value(struct strbuf *sb, double value, struct str unit)
{
    if (!wording_is_figure(value)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
        return;
    }
    if (str_starts(unit, PER_UNIT)) {
        if (value < 0)
            strbuf_adds(sb, MINUS);
        strbuf_addc(sb, '$');
        add_price(sb, fabs(value));
        strbuf_add(sb, str_slice(unit, 1, unit.n));
        return;
    }
    const struct unit_style *known = find_style(unit);
    switch (known ? known->style : STYLE_PLAIN) {
    case STYLE_COUNT: wording_count(sb, value); break;
    case STYLE_SHARE: wording_percent(sb, value); break;
    case STYLE_MS: wording_ms(sb, value); break;
    case STYLE_SECONDS:
        if (fabs(value) < 120) {
            wording_number(sb, value, 3);
            strbuf_adds(sb, " s");
        } else {
            wording_ms(sb, value * 1e3);
        }
        break;
    case STYLE_USD: wording_usd(sb, value); break;
    case STYLE_LIST:
        if (value >= 2) { /* 1,068% of list is harder to read than ten times */
            wording_number(sb, value, 3);
            strbuf_adds(sb, " times list");
        } else {
            wording_percent(sb, value);
            strbuf_adds(sb, " of list");
        }
        break;
    case STYLE_FTE:
        add_fte(sb, value);
        strbuf_adds(sb, " FTE");
        break;
    case STYLE_MB:
        wording_number(sb, value, 6); /* as answered: 12,288, not 12,290 */
        strbuf_adds(sb, " MB");
        break;
    case STYLE_PLAIN:
        if (fabs(value - 1) < 1e-12 && known && known->suffix && str_is(str_of(known->suffix), " times"))
            strbuf_adds(sb, "1.0"); /* "1 times" is no English */
        else
            wording_number(sb, value, 3);
        if (!known) {
            strbuf_addc(sb, ' ');
            strbuf_add(sb, unit);
        }
        break;
    }
    if (known && known->suffix)
        strbuf_adds(sb, known->suffix);
}

/* "128 ms to 153 ms" reads better as "128 to 153 ms": drops the low end's unit where both have it.
 * The low figure stands from `start`, the high one from `middle`, " to " before it. */
static void share_unit(struct strbuf *sb, size_t start, size_t middle)
{
    struct str low = {sb->s + start, middle - start - 4};
    struct str high = {sb->s + middle, sb->n - middle};
    struct str unit = str_slice(high, str_find(high, STR(" ")), high.n);
    if (unit.n == 0 || !str_ends(low, unit) || low.n == unit.n)
        return;
    size_t from = middle - 4;
    size_t to = from - unit.n;
    for (; from < sb->n; from++)
        sb->s[to++] = sb->s[from];
    sb->n = to;
    sb->s[to] = '\0';
}

void wording_value_range(struct strbuf *sb, double low, double high, struct str unit)
{
    if (!wording_is_figure(low) || !wording_is_figure(high)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
        return;
    }
    if (fabs(high - low) <= 1e-12 * fabs(high)) {
        strbuf_adds(sb, "fixed");
        return;
    }
    size_t start = sb->n;
    wording_value(sb, low, unit);
    strbuf_adds(sb, " to ");
    size_t middle = sb->n;
    wording_value(sb, high, unit);
    share_unit(sb, start, middle);
}

struct str wording_unit(struct str variable, struct str unit)
{
    if (unit.n > 0)
        return unit;
    const struct field *field = field_find(variable);
    if (field)
        return str_of(field->unit);
    struct str name = str_slice(variable, 7, variable.n);
    for (int i = 0; str_starts(variable, STR("policy.")) && i < PARAMETER_ID_COUNT; i++)
        if (str_is(name, parameter_name((enum parameter_id)i)))
            return str_of(parameter_unit((enum parameter_id)i));
    return unit;
}

/* A price without a unit of its own, or in "x", is a multiple of list prices. */
static struct str input_unit(const struct sensitivity *s)
{
    if (s->is_price && (s->unit.n == 0 || str_is(s->unit, "x")))
        return STR("list");
    return wording_unit(s->variable, s->unit);
}

static bool input_is_multiple(const struct sensitivity *s)
{
    const struct unit_style *style = find_style(input_unit(s));
    return s->is_price && style && style->style == STYLE_LIST;
}

bool wording_moves_margin(const struct sensitivity *s, double now)
{
    if (!(s->high > s->low))
        return false;
    if (isnan(s->margin_at_low) || isnan(s->margin_at_high))
        return isnan(s->margin_at_low) != isnan(s->margin_at_high) || isnan(s->usd_at_low) || isnan(s->usd_at_high);
    return fmax(fabs(s->margin_at_low - now), fabs(s->margin_at_high - now)) >= 0.001;
}

void wording_flip(struct strbuf *sb, const struct sensitivity *s)
{
    if (isnan(s->flips_at)) {
        strbuf_adds(sb, "never");
        return;
    }
    if (s->is_whole) {
        wording_value(sb, s->flips_at, input_unit(s));
        strbuf_adds(sb, s->flips_at < s->now ? " or fewer" : " or more");
        return;
    }
    strbuf_adds(sb, s->flips_at < s->now ? "under " : "over ");
    wording_value(sb, s->flips_at, input_unit(s));
    if (s->peak_rps > 0)
        strbuf_adds(sb, ", its peak along");
}

static const struct option *flip_option(const struct decision *d, const struct sensitivity *s)
{
    return isfinite(s->flips_at) && s->flips_to >= 0 && (size_t)s->flips_to < d->option_count ? &d->options[s->flips_to] : NULL;
}

struct str wording_flip_target(const struct decision *d, const struct sensitivity *s)
{
    if (!isfinite(s->flips_at))
        return STR("");
    const struct option *today = flip_option(d, s);
    return s->flips_to_name.n > 0 ? s->flips_to_name : today ? today->name : STR("");
}

enum platform_class wording_flip_class(const struct decision *d, const struct sensitivity *s)
{
    const struct option *today = flip_option(d, s);
    if (today)
        return today->class;
    return isfinite(s->flips_at) && s->flips_to_name.n > 0 ? s->flips_to_class : CLASS_NONE;
}

void wording_now(struct strbuf *sb, const struct sensitivity *s)
{
    if (input_is_multiple(s) && fabs(s->now - 1) < 1e-9)
        strbuf_adds(sb, "list");
    else
        wording_value(sb, s->now, input_unit(s));
}

void wording_input(struct strbuf *sb, const struct sensitivity *s, double value)
{
    if (s->is_price && s->now > 0)
        wording_percent_change(sb, value / s->now - 1);
    else
        wording_value(sb, value, input_unit(s));
}

void wording_input_range(struct strbuf *sb, const struct sensitivity *s)
{
    size_t start = sb->n;
    wording_input(sb, s, s->low);
    strbuf_adds(sb, " to ");
    size_t middle = sb->n;
    wording_input(sb, s, s->high);
    share_unit(sb, start, middle);
}

void wording_input_short(struct strbuf *sb, const struct sensitivity *s, double value)
{
    struct str unit = input_unit(s);
    const struct unit_style *style = find_style(unit);
    if (style && style->style == STYLE_MB) { /* the end of an axis is no answer: three digits do */
        wording_number(sb, value, 3);
        strbuf_adds(sb, " MB");
        return;
    }
    if (str_starts(unit, PER_UNIT))
        unit = STR("$ per "); /* the row says of what */
    wording_value(sb, value, unit);
    if (sb->n > 5 && str_ends(strbuf_str(sb), STR(" per "))) {
        sb->n -= 5;
        sb->s[sb->n] = '\0';
    }
}
