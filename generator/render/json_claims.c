#include "render/json_claims.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "render/json_parts.h"

static void put_check(struct json_out *j, const struct claim_check *c, const struct check_result *then,
                      const struct check_result *now)
{
    json_begin(j, '{');
    json_set_text(j, "of", c->of);
    json_set_text(j, "unit", c->unit);
    json_set_text(j, "formula", c->formula);
    json_key(j, "says");
    if (c->is_judged) {
        json_begin_inline(j, '[');
        json_put_double(j, c->low);
        json_put_double(j, c->high);
        json_end(j, ']');
    } else {
        json_put_null(j);
    }
    json_key(j, "tolerance");
    json_put_double(j, c->tolerance);
    json_set_figure(j, "at_article_date", then->value);
    json_set_bool(j, "rests_on_later_price", then->is_early);
    json_set_figure(j, "today", now->value);
    json_set_word(j, "verdict_at_article_date", c->is_judged ? claim_verdict_word(then->verdict) : NULL);
    json_set_word(j, "verdict", c->is_judged ? claim_verdict_word(now->verdict) : NULL);
    json_end(j, '}');
}

static void put_inputs(struct json_out *j, const struct claim *c)
{
    json_key(j, "inputs");
    json_begin(j, '[');
    for (size_t i = 0; i < c->input_count; i++) {
        json_begin_inline(j, '{');
        json_set_text(j, "name", c->inputs[i].name);
        json_key(j, "value");
        json_put_double(j, c->inputs[i].value);
        json_set_text(j, "unit", c->inputs[i].unit);
        json_set_bool(j, "is_stated", c->inputs[i].why.n == 0);
        json_set_text(j, "why", c->inputs[i].why);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_price(struct json_out *j, const char *key, const struct claim_price *p, struct date day)
{
    bool early;
    const struct price *price = sku_price(p->sku, p->region, day, &early);
    json_key(j, key);
    if (!price) {
        json_put_null(j);
        return;
    }
    json_begin_inline(j, '{');
    json_key(j, "usd");
    json_put_decimal(j, price->usd);
    json_set_date(j, "from", price->from);
    json_set_text(j, "source", price->source);
    json_end(j, '}');
}

static void put_prices(struct json_out *j, const struct claim *c, struct date today, struct arena *a)
{
    const struct claim_price *prices;
    size_t count = claim_prices(c, a, &prices);
    json_key(j, "prices");
    json_begin(j, '[');
    for (size_t i = 0; i < count; i++) {
        json_begin(j, '{');
        json_set_text(j, "sku", prices[i].sku->id);
        json_set_text(j, "region", prices[i].region);
        put_price(j, "at_article_date", &prices[i], c->article->date);
        put_price(j, "today", &prices[i], today);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_claim(struct json_out *j, const struct claim *c, struct date today, struct arena *a)
{
    struct claim_result then = claim_evaluate(c, c->article->date, a);
    struct claim_result now = claim_evaluate(c, today, a);
    json_begin(j, '{');
    json_set_text(j, "id", c->id);
    json_key(j, "line");
    if (c->line > 0)
        json_put_int(j, c->line);
    else
        json_put_null(j);
    json_set_text(j, "text", c->text);
    json_set_word(j, "verdict", claim_verdict_word(now.verdict));
    json_set_word(j, "verdict_at_article_date", claim_verdict_word(then.verdict));
    json_set_text(j, "why", c->why);
    put_inputs(j, c);
    json_key(j, "checks");
    json_begin(j, '[');
    for (size_t i = 0; i < c->check_count; i++)
        put_check(j, &c->checks[i], &then.checks[i], &now.checks[i]);
    json_end(j, ']');
    put_prices(j, c, today, a);
    json_end(j, '}');
}

void json_claims(const struct site *s, struct arena *a, struct strbuf *out)
{
    struct json_out j;
    const struct claims *claims = s->claims;
    struct date today = s->book->edition;
    size_t at = 0;
    json_out_init(&j, out);
    json_begin(&j, '{');
    json_set_word(&j, "format", CLAIMS_FORMAT);
    json_set_text(&j, "program", s->version);
    json_set_date(&j, "prices_edition", today);
    json_key(&j, "articles");
    json_begin(&j, '[');
    for (size_t i = 0; claims && i < claims->article_count; i++) {
        const struct article *x = &claims->articles[i];
        json_begin(&j, '{');
        json_set_text(&j, "id", x->id);
        json_set_text(&j, "title", x->title);
        json_set_text(&j, "text", x->text);
        json_set_date(&j, "date", x->date);
        json_set_word(&j, "date_basis", x->date_stated ? "stated" : "estimated");
        json_set_text(&j, "date_why", x->date_why);
        json_key(&j, "claims");
        json_begin(&j, '[');
        for (; at < claims->count && claims->claims[at].article == x; at++)
            put_claim(&j, &claims->claims[at], today, a);
        json_end(&j, ']');
        json_end(&j, '}');
    }
    json_end(&j, ']');
    json_end(&j, '}');
    strbuf_addc(out, '\n');
}
