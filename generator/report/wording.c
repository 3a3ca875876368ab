#include "report/wording.h"

#include "base/round.h"
#include "base/strbuf.h"

#include <assert.h>
#include <math.h>

#define MINUS "\xe2\x88\x92"
#define EN_DASH "\xe2\x80\x93"

static const struct class_wording CLASSES[] = {
    [CLASS_SERVERLESS] = {"s", "Serverless", "serverless", "A serverless option", "\xe2\x97\x8f"},
    [CLASS_MANAGED] = {"m", "Managed endpoint", "a managed endpoint", "A managed endpoint", "\xe2\x96\xb2"},
    [CLASS_KUBERNETES] = {"k", "Kubernetes", "Kubernetes", "An option on Kubernetes", "\xe2\x96\xa0"},
    [CLASS_HYBRID] = {"h", "Hybrid", "a hybrid", "A hybrid", "\xe2\x97\x86"},
    [CLASS_NONE] = {"n", "No class", "neither", "No option", "\xe2\x97\x8b"},
};
_Static_assert(sizeof CLASSES / sizeof CLASSES[0] == CLASS_NONE + 1, "a wording for every class");

static const char *const QUESTION_TITLES[] = {
    [QUESTION_GPU] = "GPU need",
    [QUESTION_LATENCY] = "Latency tolerance",
    [QUESTION_TRAFFIC] = "Traffic variability",
    [QUESTION_DEPENDENCIES] = "Custom dependencies",
    [QUESTION_TEAM] = "Team",
    [QUESTION_MODELS] = "Number of models",
    [QUESTION_COMPLIANCE] = "Compliance boundary",
};
_Static_assert(sizeof QUESTION_TITLES / sizeof QUESTION_TITLES[0] == QUESTION_COUNT,
               "a title for every question");

/* Beyond this nothing is a figure that a reader could use, and strbuf_add_fixed does not take it. */
#define LARGEST 8.9e12

/* ---- digits ---- */

static bool is_figure(double value)
{
    return isfinite(value) && fabs(value) < LARGEST;
}

/* Commas before every third digit of the number that stands from `start` to the end. In place: a
 * page has thousands of figures, and none of them should allocate. */
static void group_digits(struct strbuf *sb, size_t start)
{
    size_t whole = 0;
    while (start + whole < sb->n && sb->s[start + whole] != '.')
        whole++;
    size_t commas = whole > 0 ? (whole - 1) / 3 : 0;
    size_t from = sb->n;
    for (size_t i = 0; i < commas; i++)
        strbuf_addc(sb, ',');
    if (sb->n != from + commas) /* past the maximum of the buffer */
        return;
    size_t to = sb->n;
    size_t left = whole; /* digits before the point not yet moved */
    while (from > start && commas > 0) {
        char c = sb->s[--from];
        sb->s[--to] = c;
        if (from < start + whole) {
            left--;
            if (left > 0 && (whole - left) % 3 == 0) {
                sb->s[--to] = ',';
                commas--;
            }
        }
    }
}

static void add_grouped(struct strbuf *sb, double magnitude, int decimals, bool trim)
{
    size_t start = sb->n;
    strbuf_add_fixed(sb, magnitude, decimals, trim);
    group_digits(sb, start);
}

/* Below a thousandth six decimals would not do: prices of a second of memory. */
static void add_tiny(struct strbuf *sb, double magnitude, int digits)
{
    int decimals = digits;
    for (double m = magnitude; m < 0.1 && decimals < 18; m *= 10)
        decimals++;
    int64_t scaled = round_scaled(magnitude, decimals);
    while (scaled != 0 && scaled % 10 == 0 && decimals > 0) { /* the normal form of a decimal */
        scaled /= 10;
        decimals--;
    }
    decimal_add(sb, (struct decimal){scaled, decimals});
}

/* A magnitude to so many significant digits. `trim` drops zeros after the point. */
static void add_significant(struct strbuf *sb, double magnitude, int digits, bool trim)
{
    static const double TENS[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13};
    int whole_digits = 1;
    while (whole_digits < 13 && magnitude >= TENS[whole_digits])
        whole_digits++;
    if (whole_digits > digits) {
        double step = TENS[whole_digits - digits];
        double rounded = (double)round_scaled(magnitude / step, 0) * step;
        add_grouped(sb, rounded, 0, true);
        return;
    }
    if (magnitude > 0 && magnitude < 0.001) {
        add_tiny(sb, magnitude, digits);
        return;
    }
    int decimals = digits - whole_digits;
    for (double m = magnitude; magnitude > 0 && m < 1 && decimals < 6; m *= 10)
        decimals++;
    if (magnitude > 0 && magnitude < 1) /* the zero before the point is no significant digit */
        decimals = decimals > 6 ? 6 : decimals;
    add_grouped(sb, magnitude, decimals, trim);
}

void wording_number(struct strbuf *sb, double value, int digits)
{
    assert(digits >= 1 && digits <= 6);
    if (!is_figure(value)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
        return;
    }
    if (value < 0)
        strbuf_adds(sb, MINUS);
    add_significant(sb, fabs(value), digits, true);
}

void wording_decimal(struct strbuf *sb, struct decimal d)
{
    if (d.coef < 0)
        strbuf_adds(sb, MINUS);
    size_t start = sb->n;
    decimal_add(sb, (struct decimal){d.coef < 0 ? -d.coef : d.coef, d.scale});
    group_digits(sb, start);
}

/* ---- money ---- */

void wording_usd(struct strbuf *sb, double usd)
{
    if (!is_figure(usd))
        strbuf_adds(sb, NOT_KNOWN_TEXT);
    else
        money_headline(sb, money_of(usd));
}

void wording_usd_change(struct strbuf *sb, double usd)
{
    if (!is_figure(usd)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
        return;
    }
    struct money m = money_of(usd);
    if (m.micros > 0)
        strbuf_addc(sb, '+');
    money_headline(sb, m);
}

/* Two digits, and from 100 dollars up no cents: an interval promises no more. */
static void add_usd_rough(struct strbuf *sb, double usd, bool sign)
{
    if (usd < 0)
        strbuf_adds(sb, MINUS);
    if (sign)
        strbuf_addc(sb, '$');
    double magnitude = fabs(usd);
    add_significant(sb, magnitude, 2, magnitude >= 10);
}

static void add_usd_ends(struct strbuf *sb, double low, double high, const char *between,
                         bool sign_twice)
{
    if (!is_figure(low) || !is_figure(high)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
        return;
    }
    add_usd_rough(sb, low, true);
    strbuf_adds(sb, between);
    add_usd_rough(sb, high, sign_twice || high < 0);
}

void wording_usd_range(struct strbuf *sb, double low, double high)
{
    add_usd_ends(sb, low, high, EN_DASH, false);
}

void wording_usd_interval(struct strbuf *sb, double low, double high)
{
    add_usd_ends(sb, low, high, " to ", true);
}

void wording_usd_axis(struct strbuf *sb, double usd)
{
    if (!is_figure(usd)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
        return;
    }
    if (usd < 0)
        strbuf_adds(sb, MINUS);
    strbuf_addc(sb, '$');
    double magnitude = fabs(usd);
    const char *suffix = magnitude >= 1e9 ? "B" : magnitude >= 1e6 ? "M" : magnitude >= 1e3 ? "k" : "";
    double scale = magnitude >= 1e9 ? 1e9 : magnitude >= 1e6 ? 1e6 : magnitude >= 1e3 ? 1e3 : 1;
    add_significant(sb, magnitude / scale, 3, true);
    strbuf_adds(sb, suffix);
}

void wording_price(struct strbuf *sb, struct decimal usd)
{
    if (usd.coef < 0)
        strbuf_adds(sb, MINUS);
    strbuf_addc(sb, '$');
    struct decimal magnitude = {usd.coef < 0 ? -usd.coef : usd.coef, usd.scale};
    wording_decimal(sb, magnitude);
    if (magnitude.scale == 1) /* $0.2 reads as twenty cents only with two digits */
        strbuf_addc(sb, '0');
}

/* ---- shares ---- */

static void add_percent(struct strbuf *sb, double magnitude)
{
    double percent = magnitude * 100;
    if (percent >= 1 || percent <= 0) {
            add_grouped(sb, percent, 0, true);
    } else {
        add_significant(sb, percent, 1, true);
    }
    strbuf_addc(sb, '%');
}

void wording_percent(struct strbuf *sb, double ratio)
{
    if (!is_figure(ratio * 100)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
        return;
    }
    if (ratio < 0)
        strbuf_adds(sb, MINUS);
    add_percent(sb, fabs(ratio));
}

void wording_share(struct strbuf *sb, double share)
{
    if (!is_figure(share))
        strbuf_adds(sb, NOT_KNOWN_TEXT);
    else if (share > 0.99)
        strbuf_adds(sb, ">99%");
    else if (share > 0 && share < 0.01)
        strbuf_adds(sb, "<1%");
    else
        add_percent(sb, share);
}

void wording_percent_change(struct strbuf *sb, double ratio)
{
    if (!is_figure(ratio * 100)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
        return;
    }
    int64_t whole = round_scaled(fabs(ratio) * 100, 0);
    if (whole != 0)
        strbuf_adds(sb, ratio < 0 ? MINUS : "+");
    add_grouped(sb, (double)whole, 0, true);
    strbuf_addc(sb, '%');
}

void wording_chance(struct strbuf *sb, double probability)
{
    if (!is_figure(probability)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
    } else if (probability <= 0) {
        strbuf_adds(sb, "none");
    } else if (probability < 0.0001) {
        strbuf_adds(sb, "under 0.01%");
    } else {
        add_significant(sb, probability * 100, 2, true);
        strbuf_addc(sb, '%');
    }
}

/* ---- counts and times ---- */

void wording_count(struct strbuf *sb, double count)
{
    if (!is_figure(count)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
        return;
    }
    if (count < 0)
        strbuf_adds(sb, MINUS);
    double magnitude = fabs(count);
    /* 999,500 would round to 1000k: the limits are those of the rounded figure. */
    if (magnitude >= 999.5e6) {
        add_significant(sb, magnitude / 1e9, 3, true);
        strbuf_addc(sb, 'B');
    } else if (magnitude >= 999.5e3) {
        add_significant(sb, magnitude / 1e6, 3, true);
        strbuf_addc(sb, 'M');
    } else if (magnitude >= 9999.5) {
        add_significant(sb, magnitude / 1e3, 3, true);
        strbuf_addc(sb, 'k');
    } else {
        add_significant(sb, magnitude, 3, true);
    }
}

void wording_count_prose(struct strbuf *sb, double count)
{
    if (!is_figure(count)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
        return;
    }
    if (count < 0)
        strbuf_adds(sb, MINUS);
    double magnitude = fabs(count);
    if (magnitude >= 999.5e6) {
        add_significant(sb, magnitude / 1e9, 3, true);
        strbuf_adds(sb, " billion");
    } else if (magnitude >= 999.5e3) {
        add_significant(sb, magnitude / 1e6, 3, true);
        strbuf_adds(sb, " million");
    } else {
        add_significant(sb, magnitude, 3, true);
    }
}

void wording_ms(struct strbuf *sb, double ms)
{
    if (!is_figure(ms)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
        return;
    }
    if (ms < 0)
        strbuf_adds(sb, MINUS);
    double magnitude = fabs(ms);
    if (magnitude < 9999.5) {
        if (magnitude < 9.95)
            add_significant(sb, magnitude, 2, true);
        else
            add_grouped(sb, magnitude, 0, true);
        strbuf_adds(sb, " ms");
    } else if (magnitude < 120e3) {
        add_significant(sb, magnitude / 1e3, 3, true);
        strbuf_adds(sb, " s");
    } else if (magnitude < 7200e3) {
        add_significant(sb, magnitude / 60e3, 2, true);
        strbuf_adds(sb, " min");
    } else {
        add_significant(sb, magnitude / 3600e3, 3, true);
        strbuf_adds(sb, " h");
    }
}

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

void wording_value(struct strbuf *sb, double value, struct str unit)
{
    if (!is_figure(value)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
        return;
    }
    if (str_starts(unit, PER_UNIT)) {
        if (value < 0)
            strbuf_adds(sb, MINUS);
        strbuf_addc(sb, '$');
        add_significant(sb, fabs(value), 3, true);
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
        if (value < 0)
            strbuf_adds(sb, MINUS);
        add_grouped(sb, fabs(value), 2, false);
        strbuf_adds(sb, " FTE");
        break;
    case STYLE_MB:
        wording_number(sb, value, 4);
        strbuf_adds(sb, " MB");
        break;
    case STYLE_PLAIN:
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
    if (!is_figure(low) || !is_figure(high)) {
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

void wording_plural(struct strbuf *sb, size_t n, const char *one, const char *many)
{
    strbuf_add_int(sb, (int64_t)n);
    strbuf_addc(sb, ' ');
    strbuf_adds(sb, n == 1 ? one : many);
}

void wording_date(struct strbuf *sb, struct date d)
{
    if (date_is_none(d))
        strbuf_adds(sb, NOT_KNOWN_TEXT);
    else
        date_add(sb, d);
}

void wording_from(struct strbuf *sb, const struct price *p)
{
    if (p->basis == PRICE_SEEN)
        strbuf_adds(sb, "seen ");
    wording_date(sb, p->from);
}

/* ---- words ---- */

const struct class_wording *class_wording(enum platform_class c)
{
    return &CLASSES[c];
}

const char *question_title(enum question q)
{
    assert(q < QUESTION_COUNT);
    return QUESTION_TITLES[q];
}

const char *confidence_level(double share, double high, double decided)
{
    if (isnan(share))
        return NOT_KNOWN_TEXT;
    return share >= high ? "high" : share >= decided ? "moderate" : "low";
}

void wording_capital(struct strbuf *sb, struct str text)
{
    if (text.n == 0)
        return;
    char first = text.s[0];
    /* p99 and vCPU stay as they are. */
    char second = text.n > 1 ? text.s[1] : '\0';
    bool is_symbol = (second >= '0' && second <= '9') || (second >= 'A' && second <= 'Z');
    if (first >= 'a' && first <= 'z' && !is_symbol)
        first = (char)(first - 'a' + 'A');
    strbuf_addc(sb, first);
    strbuf_add(sb, str_slice(text, 1, text.n));
}

/* ---- the verdict ---- */

static const struct option *option_at(const struct decision *d, int index)
{
    return index >= 0 && (size_t)index < d->option_count ? &d->options[index] : NULL;
}

void wording_headline(struct strbuf *sb, const struct decision *d)
{
    const struct recommendation *r = &d->recommendation;
    const struct option *chosen = option_at(d, r->option);
    const struct option *other = option_at(d, r->runner_up);
    switch (r->verdict) {
    case VERDICT_DECIDED:
        if (chosen)
            strbuf_add(sb, chosen->name);
        else
            strbuf_adds(sb, "by the leans of the answers, no cost being known");
        return;
    case VERDICT_TOO_CLOSE:
        strbuf_adds(sb, "Too close");
        if (chosen) {
            strbuf_adds(sb, ": ");
            strbuf_add(sb, chosen->name);
        }
        if (chosen && other) {
            strbuf_adds(sb, " or ");
            strbuf_add(sb, other->name);
        }
        return;
    case VERDICT_INFEASIBLE: strbuf_adds(sb, "No option meets every answer"); return;
    case VERDICT_UNDECIDABLE: strbuf_adds(sb, "Undecidable: answers are missing"); return;
    }
}

void wording_verdict(struct strbuf *sb, const struct decision *d)
{
    if (d->recommendation.verdict == VERDICT_DECIDED) {
        strbuf_adds(sb, class_wording(d->recommendation.class)->word);
        strbuf_adds(sb, ": ");
    }
    wording_headline(sb, d);
}

static size_t eligible_count(const struct decision *d)
{
    size_t count = 0;
    for (size_t i = 0; i < d->option_count; i++)
        count += d->options[i].eligible;
    return count;
}

static bool rank_sentence(struct strbuf *sb, const struct decision *d)
{
    size_t count = eligible_count(d);
    if (option_at(d, d->recommendation.option) == NULL || count == 0)
        return false;
    if (count == 1) {
        strbuf_adds(sb, "It is the only option that meets every answer.");
        return true;
    }
    strbuf_adds(sb, "It costs least of the ");
    strbuf_add_int(sb, (int64_t)count);
    strbuf_adds(sb, " options that meet every answer.");
    return true;
}

static bool runner_up_sentence(struct strbuf *sb, const struct decision *d)
{
    const struct option *chosen = option_at(d, d->recommendation.option);
    const struct option *other = option_at(d, d->recommendation.runner_up);
    if (!chosen)
        return false;
    if (!other) {
        strbuf_adds(sb, "No option of another class meets every answer.");
        return true;
    }
    struct money more = other->monthly;
    if (!money_add(&more, money_negate(chosen->monthly)))
        return false;
    strbuf_adds(sb, "The runner-up, ");
    strbuf_add(sb, other->name);
    strbuf_adds(sb, ", costs ");
    money_headline(sb, more);
    strbuf_adds(sb, " a month (");
    wording_percent(sb, d->recommendation.margin);
    strbuf_adds(sb, ") more.");
    return true;
}

static bool share_sentence(struct strbuf *sb, const struct decision *d)
{
    const struct recommendation *r = &d->recommendation;
    if (isnan(r->class_confidence) || r->class >= CLASS_NONE)
        return false;
    strbuf_adds(sb, class_wording(r->class)->an_option);
    strbuf_adds(sb, " is the cheapest in ");
    int64_t of_hundred = round_scaled(r->class_confidence * 100, 0);
    if (of_hundred >= 100 && r->class_confidence < 1)
        strbuf_adds(sb, "more than 99");
    else
        strbuf_add_int(sb, of_hundred);
    strbuf_adds(sb, " of 100 simulated cases.");
    return true;
}

/* The flip on volume, and the nearest flip of another input. */
static bool flip_sentence(struct strbuf *sb, const struct decision *d)
{
    const struct sensitivity *volume = NULL;
    const struct sensitivity *nearest = NULL;
    for (size_t i = 0; i < d->sensitivity_count; i++) {
        const struct sensitivity *s = &d->sensitivity[i];
        if (isnan(s->flips_at))
            continue;
        if (str_is(s->variable, "answers.traffic.requests_per_day"))
            volume = s;
        else if (!nearest || fabs(s->flip_distance) < fabs(nearest->flip_distance))
            nearest = s;
    }
    if (!volume && !nearest) {
        if (d->sensitivity_count == 0)
            return false;
        strbuf_adds(sb, "No single input flips the choice within the range that was searched.");
        return true;
    }
    strbuf_adds(sb, "The choice flips");
    if (volume) {
        strbuf_adds(sb, volume->flips_at < volume->now ? " below " : " above ");
        wording_count_prose(sb, volume->flips_at);
        strbuf_adds(sb, " requests a day");
    }
    if (volume && nearest)
        strbuf_adds(sb, ", or");
    if (nearest) {
        strbuf_adds(sb, " with ");
        strbuf_add(sb, nearest->name);
        strbuf_addc(sb, ' ');
        wording_flip(sb, nearest);
    }
    strbuf_addc(sb, '.');
    return true;
}

static bool decided_sentence(struct strbuf *sb, const struct decision *d, size_t index)
{
    switch (index) {
    case 0: return rank_sentence(sb, d);
    case 1: return runner_up_sentence(sb, d);
    case 2: return share_sentence(sb, d);
    case 3: return flip_sentence(sb, d);
    default: return false;
    }
}

static bool too_close_sentence(struct strbuf *sb, const struct decision *d, size_t index)
{
    const struct recommendation *r = &d->recommendation;
    const struct option *chosen = option_at(d, r->option);
    const struct option *other = option_at(d, r->runner_up);
    switch (index) {
    case 0:
        if (!chosen || !other)
            return false;
        strbuf_adds(sb, "A month costs ");
        money_headline(sb, chosen->monthly);
        strbuf_adds(sb, " on ");
        strbuf_add(sb, chosen->name);
        strbuf_adds(sb, ", and ");
        money_headline(sb, other->monthly);
        strbuf_adds(sb, " on ");
        strbuf_add(sb, other->name);
        strbuf_adds(sb, ": the difference lies inside its own uncertainty.");
        return true;
    case 1: return share_sentence(sb, d);
    case 2:
        if (r->leaning >= CLASS_NONE)
            return false;
        strbuf_adds(sb, "The answers lean toward ");
        strbuf_adds(sb, class_wording(r->leaning)->prose);
        strbuf_adds(sb, ".");
        return true;
    case 3:
        if (d->information_count == 0 || !(d->information[0].usd_per_month > 0))
            return false;
        strbuf_adds(sb, "To tell them apart, measure ");
        strbuf_add(sb, d->information[0].name);
        if (d->information_count > 1 && d->information[1].usd_per_month > 0) {
            strbuf_adds(sb, ", then ");
            strbuf_add(sb, d->information[1].name);
        }
        strbuf_addc(sb, '.');
        return true;
    case 4: return flip_sentence(sb, d);
    default: return false;
    }
}

bool wording_verdict_sentence(struct strbuf *sb, const struct decision *d, size_t index)
{
    const struct recommendation *r = &d->recommendation;
    switch (r->verdict) {
    case VERDICT_DECIDED:
        if (r->option >= 0)
            return decided_sentence(sb, d, index);
        break;
    case VERDICT_TOO_CLOSE: return too_close_sentence(sb, d, index);
    case VERDICT_INFEASIBLE:
        if (index == 0 && r->relax.n > 0) {
            wording_capital(sb, r->relax);
            if (!str_ends(r->relax, STR(".")))
                strbuf_addc(sb, '.');
            return true;
        }
        break;
    case VERDICT_UNDECIDABLE: break;
    }
    if (index == 1 && r->sentence.n > 0) {
        wording_capital(sb, r->sentence);
        return true;
    }
    return false;
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

void wording_flip(struct strbuf *sb, const struct sensitivity *s)
{
    if (isnan(s->flips_at)) {
        strbuf_adds(sb, "never");
        return;
    }
    strbuf_adds(sb, s->flips_at < s->now ? "under " : "over ");
    wording_value(sb, s->flips_at, input_unit(s));
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
    if (str_starts(unit, PER_UNIT))
        unit = STR("$ per "); /* the row says of what */
    wording_value(sb, value, unit);
    if (sb->n > 5 && str_ends(strbuf_str(sb), STR(" per "))) {
        sb->n -= 5;
        sb->s[sb->n] = '\0';
    }
}
