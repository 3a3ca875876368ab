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

bool wording_is_figure(double value)
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
    if (!wording_is_figure(value)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
        return;
    }
    if (value < 0)
        strbuf_adds(sb, MINUS);
    add_significant(sb, fabs(value), digits, true);
}

void wording_fixed(struct strbuf *sb, double value, int decimals)
{
    if (!wording_is_figure(value)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
        return;
    }
    if (value < 0)
        strbuf_adds(sb, MINUS);
    add_grouped(sb, fabs(value), decimals, false);
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
    if (!wording_is_figure(usd))
        strbuf_adds(sb, NOT_KNOWN_TEXT);
    else
        money_headline(sb, money_of(usd));
}

void wording_usd_change(struct strbuf *sb, double usd)
{
    if (!wording_is_figure(usd)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
        return;
    }
    struct money m = money_of(usd);
    if (m.micros > 0)
        strbuf_addc(sb, '+');
    money_headline(sb, m);
}

/* Two digits, and from ten dollars up no cents: an interval promises no more. */
static void add_usd_rough(struct strbuf *sb, double usd, bool sign)
{
    if (usd < 0)
        strbuf_adds(sb, MINUS);
    if (sign)
        strbuf_addc(sb, '$');
    double magnitude = fabs(usd);
    if (magnitude >= 9.95) /* rounds to ten */
        add_significant(sb, magnitude, 2, true);
    else if (magnitude >= 0.095)
        add_grouped(sb, (double)round_scaled(magnitude, magnitude >= 0.995 ? 1 : 2) / (magnitude >= 0.995 ? 10 : 100), 2, false);
    else
        add_significant(sb, magnitude, 2, false);
}

static void add_usd_ends(struct strbuf *sb, double low, double high, const char *between,
                         bool sign_twice)
{
    if (!wording_is_figure(low) || !wording_is_figure(high)) {
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
    if (!wording_is_figure(usd)) {
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
    if (!wording_is_figure(ratio * 100)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
        return;
    }
    if (ratio < 0)
        strbuf_adds(sb, MINUS);
    add_percent(sb, fabs(ratio));
}

void wording_margin(struct strbuf *sb, double ratio)
{
    if (!wording_is_figure(ratio * 100)) {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
        return;
    }
    int64_t tenths = round_scaled(fabs(ratio) * 100, 1);
    if (tenths >= 1000) /* from 100% a tenth says nothing */
        tenths = round_scaled(fabs(ratio) * 100, 0) * 10;
    if (ratio < 0 && tenths != 0)
        strbuf_adds(sb, MINUS);
    add_grouped(sb, (double)tenths / 10, 1, true);
    strbuf_addc(sb, '%');
}

void wording_share(struct strbuf *sb, double share)
{
    if (!wording_is_figure(share))
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
    if (!wording_is_figure(ratio * 100)) {
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
    if (!wording_is_figure(probability)) {
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
    if (!wording_is_figure(count)) {
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
    if (!wording_is_figure(count)) {
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

void wording_seconds(struct strbuf *sb, double ms)
{
    if (!wording_is_figure(ms) || fabs(ms) >= 120e3) {
        wording_ms(sb, ms);
        return;
    }
    wording_number(sb, ms / 1e3, 3);
    strbuf_adds(sb, " s");
}

void wording_ms(struct strbuf *sb, double ms)
{
    if (!wording_is_figure(ms)) {
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
