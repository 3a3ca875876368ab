/* Published claims: what each states, what comes out at its article's date and today, and how. */
#include "report/maker.h"

#include "base/arena.h"

#include <math.h>

#define DIGITS 4 /* a figure that holds within five percent needs no more */

static void put_figure(struct maker *m, struct value *o, const char *key, double value)
{
    if (isnan(value))
        strbuf_adds(begin(m), NOT_KNOWN_TEXT);
    else
        wording_number(begin(m), value, DIGITS);
    end(m, o, key);
}

static void put_says(struct maker *m, struct value *o, const struct claim_check *c)
{
    struct strbuf *sb = begin(m);
    if (isnan(c->high) && !isnan(c->low)) {
        strbuf_adds(sb, "at least ");
        wording_number(sb, c->low, DIGITS);
    } else if (isnan(c->low) && !isnan(c->high)) {
        strbuf_adds(sb, "at most ");
        wording_number(sb, c->high, DIGITS);
    } else if (c->is_judged) {
        wording_number(sb, c->low, DIGITS);
        if (c->high > c->low) {
            strbuf_adds(sb, " to ");
            wording_number(sb, c->high, DIGITS);
        }
    }
    put_or_null(o, "says", text_of(m));
}

/* A word for the style sheet, and the verdict as a reader sees it. */
static void put_verdict(struct value *o, const char *key, enum claim_verdict v)
{
    static const char *const STATES[] = {[CLAIM_HOLDS] = "holds", [CLAIM_FAILS] = "fails", [CLAIM_OPEN] = "open"};
    struct value *verdict = value_set_object(o, key);
    value_set_puts(verdict, "state", STATES[v]);
    value_set_puts(verdict, "text", claim_verdict_word(v));
}

static void make_checks(struct maker *m, struct value *o, const struct claim *c, const struct claim_result *then,
                        const struct claim_result *now)
{
    struct value *list = value_set_list(o, "checks");
    for (size_t i = 0; i < c->check_count; i++) {
        const struct claim_check *check = &c->checks[i];
        struct value *row = value_append_object(list);
        put_capital(m, row, "of", check->of);
        put_says(m, row, check);
        value_set_text(row, "unit", check->unit);
        value_set_text(row, "formula", check->formula);
        put_figure(m, row, "then", then->checks[i].value);
        put_figure(m, row, "now", now->checks[i].value);
        value_set_bool(row, "is_early", then->checks[i].is_early);
        value_set_bool(row, "is_judged", check->is_judged);
        put_verdict(row, "verdict", now->checks[i].verdict);
        put_percent(m, row, "tolerance", check->tolerance);
    }
}

static void make_inputs(struct value *o, const struct claim *c, struct maker *m)
{
    struct value *list = value_set_list(o, "inputs");
    for (size_t i = 0; i < c->input_count; i++) {
        struct value *row = value_append_object(list);
        value_set_text(row, "name", c->inputs[i].name);
        wording_number(begin(m), c->inputs[i].value, 6);
        end(m, row, "value");
        value_set_text(row, "unit", c->inputs[i].unit);
        put_or_null(row, "why", c->inputs[i].why);
    }
    value_set_bool(o, "has_inputs", c->input_count > 0);
}

/* The price in force on a day: amount and since when; what is missing is said. */
static void put_price(struct maker *m, struct value *o, const char *key, const struct claim_price *p, struct date day)
{
    bool early;
    const struct price *price = sku_price(p->sku, p->region, day, &early);
    struct strbuf *sb = begin(m);
    if (price) {
        wording_price(sb, price->usd);
        strbuf_adds(sb, ", ");
        wording_from(sb, price);
    } else {
        strbuf_adds(sb, NOT_KNOWN_TEXT);
    }
    end(m, o, key);
}

static void make_prices_of(struct maker *m, struct value *o, const struct claim *c, struct date today)
{
    const struct claim_price *prices;
    size_t count = claim_prices(c, m->a, &prices);
    struct value *list = value_set_list(o, "prices");
    for (size_t i = 0; i < count; i++) {
        const struct claim_price *p = &prices[i];
        struct value *row = value_append_object(list);
        value_set_text(row, "name", p->sku->name);
        value_set_text(row, "region", p->region);
        value_set_text(row, "unit", str_of(p->sku->unit ? p->sku->unit->singular : NULL));
        put_link(m, row, "href", str_cstring(m->a, model_price_address(p->sku, m->a)));
        put_price(m, row, "then", p, c->article->date);
        put_price(m, row, "now", p, today);
    }
    value_set_bool(o, "has_prices", count > 0);
}

static void put_head(struct maker *m, struct value *o, const struct claim *c)
{
    value_set_text(o, "id", c->id);
    value_set_text(o, "text", c->text);
    put_or_null(o, "why", c->why);
    if (c->line > 0)
        put_int(m, o, "line", (size_t)c->line);
    else
        value_set(o, "line", value_null());
}

struct tally {
    size_t holds, held, fails, open;
};

static void make_claim(struct maker *m, struct value *list, const struct claim *c, struct date today, struct tally *t)
{
    struct claim_result then = claim_evaluate(c, c->article->date, m->a);
    struct claim_result now = claim_evaluate(c, today, m->a);
    t->holds += now.verdict == CLAIM_HOLDS;
    t->fails += now.verdict == CLAIM_FAILS;
    t->open += now.verdict == CLAIM_OPEN;
    t->held += now.verdict == CLAIM_FAILS && then.verdict == CLAIM_HOLDS;
    struct value *o = value_append_object(list);
    put_head(m, o, c);
    if (c->check_count == 0)
        return;
    put_verdict(o, "verdict", now.verdict);
    value_set_bool(o, "is_changed", then.verdict != now.verdict);
    value_set_puts(o, "verdict_then", claim_verdict_word(then.verdict));
    make_checks(m, o, c, &then, &now);
    make_inputs(o, c, m);
    make_prices_of(m, o, c, today);
}

struct value *model_claims(const struct site *s, struct arena *a)
{
    struct maker m;
    maker_init(&m, s, "../", a);
    struct value *o = value_object(a);
    struct value *articles = value_set_list(o, "articles");
    struct tally t = {0};
    const struct claims *claims = s->claims;
    size_t at = 0;
    for (size_t i = 0; claims && i < claims->article_count; i++) {
        const struct article *x = &claims->articles[i];
        struct value *article = value_append_object(articles);
        value_set_text(article, "id", x->id);
        value_set_text(article, "title", x->title);
        put_or_null(article, "text", x->text);
        put_date(&m, article, "date", x->date);
        value_set_bool(article, "is_stated", x->date_stated);
        put_or_null(article, "date_why", x->date_why);
        struct value *checked = value_set_list(article, "claims"), *others = value_set_list(article, "others");
        for (; at < claims->count && claims->claims[at].article == x; at++)
            make_claim(&m, claims->claims[at].check_count > 0 ? checked : others, &claims->claims[at], s->book->edition, &t);
        value_set_bool(article, "has_others", others->content->count > 0);
    }
    put_date(&m, o, "edition", s->book ? s->book->edition : DATE_NONE);
    put_int(&m, o, "count", t.holds + t.fails + t.open);
    put_int(&m, o, "judged", t.holds + t.fails);
    put_int(&m, o, "holds", t.holds);
    put_int(&m, o, "fails", t.fails);
    put_int(&m, o, "held_once", t.held);
    put_int(&m, o, "open", t.open);
    value_set_bool(o, "has_claims", at > 0);
    maker_release(&m);
    return o;
}
