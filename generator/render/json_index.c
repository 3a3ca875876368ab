#include "render/json_index.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "render/json_parts.h"
#include "report/portfolio.h"

void json_index_entry(struct json_out *j, const struct report_summary *s)
{
    struct strbuf address = STRBUF_INIT;
    strbuf_addf(&address, "%.*s/", STR_ARG(s->slug));
    json_begin(j, '{');
    json_set_text(j, "slug", s->slug);
    json_set_text(j, "title", s->title);
    json_set_text(j, "owner", s->owner);
    json_set_word(j, "status", status_word(s->status));
    json_set_date(j, "date", s->date);
    json_set_date(j, "review_by", s->review_by);
    json_set_bool(j, "review_due", s->review_due);
    json_set_int(j, "wires_tripped", (long long)s->wires_tripped);
    json_key(j, "tags");
    json_begin_inline(j, '[');
    for (size_t i = 0; i < s->tag_count; i++)
        json_put_str(j, s->tags[i]);
    json_end(j, ']');
    json_set_text(j, "supersedes", s->supersedes);
    json_set_text(j, "superseded_by", s->superseded_by);
    json_set_date(j, "prices_as_of", s->as_of);
    json_set_word(j, "verdict", verdict_word(s->verdict));
    json_set_word(j, "stability",
                  s->stability == STABILITY_NONE ? NULL : stability_word(s->stability));
    json_set_word(j, "class", class_word(s->class));
    json_set_text(j, "option", s->option);
    json_set_text(j, "platform", s->platform);
    json_set_text(j, "name", s->option_name);
    json_set_text(j, "runner_up", s->runner_up_name);
    json_set_money(j, "monthly_usd", s->monthly, s->has_cost);
    json_set_figure(j, "p10_usd", s->p10_usd);
    json_set_figure(j, "p90_usd", s->p90_usd);
    json_set_figure(j, "margin", s->margin);
    json_set_figure(j, "confidence", s->confidence);
    json_key(j, "tier");
    if (s->tier > 0)
        json_put_int(j, s->tier);
    else
        json_put_null(j);
    json_set_text(j, "inputs_sha256", s->inputs_sha256);
    json_set_text(j, "page", strbuf_str(&address));
    strbuf_adds(&address, "report.json");
    json_set_text(j, "report", strbuf_str(&address));
    json_end(j, '}');
    strbuf_release(&address);
}

static void put_spend(struct json_out *j, const char *key, const struct portfolio_spend *rows, size_t count)
{
    json_key(j, key);
    json_begin(j, '[');
    for (size_t i = 0; i < count; i++) {
        json_begin_inline(j, '{');
        json_set_text(j, "id", rows[i].id);
        json_set_int(j, "decisions", (long long)rows[i].count);
        json_set_money(j, "monthly_usd", rows[i].monthly, true);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_clusters(struct json_out *j, const struct site *s, const struct portfolio *p)
{
    json_key(j, "clusters");
    json_begin(j, '[');
    for (size_t i = 0; i < p->cluster_count; i++) {
        const struct portfolio_cluster *c = &p->clusters[i];
        json_begin(j, '{');
        json_set_text(j, "platform", c->platform);
        json_set_text(j, "provider", c->provider);
        json_set_bool(j, "is_there", c->is_there);
        json_set_money(j, "apart_usd", c->apart, true);
        json_set_money(j, "together_usd", c->together, true);
        json_set_int(j, "verdicts_changed", (long long)c->changed);
        json_key(j, "decisions");
        json_begin_inline(j, '[');
        for (size_t k = 0; k < c->count; k++)
            json_put_str(j, s->reports[c->members[k]].slug);
        json_end(j, ']');
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_hinges(struct json_out *j, const struct site *s, const struct portfolio *p)
{
    json_key(j, "prices");
    json_begin(j, '[');
    for (size_t i = 0; i < p->hinge_count; i++) {
        const struct portfolio_hinge *h = &p->hinges[i];
        json_begin(j, '{');
        json_set_text(j, "variable", h->variable);
        json_set_text(j, "name", h->name);
        json_key(j, "decisions");
        json_begin(j, '[');
        for (size_t k = 0; k < h->count; k++) {
            json_begin_inline(j, '{');
            json_set_text(j, "slug", s->reports[h->uses[k].report].slug);
            json_set_figure(j, "flips_at_change", h->uses[k].distance);
            json_end(j, '}');
        }
        json_end(j, ']');
        json_end(j, '}');
    }
    json_end(j, ']');
}

/* What the decisions are together: spend, shared clusters, the prices that they hang on. */
static void put_portfolio(struct json_out *j, const struct site *s)
{
    struct arena *a = arena_create();
    struct portfolio p;
    portfolio_make(s, a, &p);
    json_key(j, "portfolio");
    json_begin(j, '{');
    put_spend(j, "providers", p.providers, p.provider_count);
    put_spend(j, "platforms", p.platforms, p.platform_count);
    put_clusters(j, s, &p);
    put_hinges(j, s, &p);
    json_end(j, '}');
    arena_destroy(a);
}

void json_index(const struct site *s, struct strbuf *out)
{
    struct json_out j;
    json_out_init(&j, out);
    json_begin(&j, '{');
    json_set_word(&j, "format", INDEX_FORMAT);
    json_set_text(&j, "title", s->title);
    json_set_text(&j, "program", s->version);
    json_set_date(&j, "prices_edition", s->book ? s->book->edition : DATE_NONE);
    json_key(&j, "decisions");
    json_begin(&j, '[');
    for (size_t i = 0; i < s->report_count; i++)
        json_index_entry(&j, &s->reports[i]);
    json_end(&j, ']');
    if (s->book)
        put_portfolio(&j, s);
    json_end(&j, '}');
    strbuf_addc(out, '\n');
}
