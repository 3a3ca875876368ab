/* What moved, as the comment of a pull request: a sentence, a table, the rest folded. */
#include "command/diff_parts.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "render/escape.h"
#include "report/wording.h"

#include <math.h>

#define MARK "<!-- breakeven-diff -->" /* by which a bot finds its comment again */
#define ARROW " \xe2\x86\x92 "
#define PRICES_SHOWN ((size_t)200) /* a comment may have 65,536 characters */

static void add_pair(struct strbuf *out, struct str before, struct str after)
{
    if (before.n > 0 && after.n > 0 && !str_equal(before, after)) {
        escape_markdown(out, before);
        strbuf_adds(out, ARROW);
    }
    escape_markdown(out, after.n > 0 ? after : before);
}

static void add_cost(const struct decision_diff *x, struct strbuf *out)
{
    if (x->before.is_there && x->before.has_cost)
        money_headline(out, x->before.monthly);
    if (x->before.is_there && x->after.is_there)
        strbuf_adds(out, ARROW);
    if (x->after.is_there && x->after.has_cost)
        money_headline(out, x->after.monthly);
}

static void add_margin(struct strbuf *out, const struct outcome *o)
{
    if (o->is_there && !isnan(o->margin))
        wording_percent(out, o->margin);
    else
        strbuf_adds(out, "none");
}

static struct str verdict_of(const struct outcome *o)
{
    return o->is_there ? str_of(verdict_word(o->verdict)) : STR("");
}

static void add_decision(const struct decision_diff *x, struct strbuf *out)
{
    bool is_marked = x->movement != MOVED_CHANGED;
    strbuf_adds(out, is_marked ? "| **" : "| ");
    escape_markdown(out, x->slug);
    strbuf_adds(out, is_marked ? "** " : " ");
    if (is_marked)
        strbuf_adds(out, movement_word(x->movement));
    strbuf_adds(out, " | ");
    add_pair(out, verdict_of(&x->before), verdict_of(&x->after));
    strbuf_adds(out, " | ");
    add_pair(out, x->before.name, x->after.name);
    strbuf_adds(out, " | ");
    add_cost(x, out);
    strbuf_adds(out, " | ");
    if (x->has_change)
        wording_usd_change(out, money_double(x->change));
    strbuf_adds(out, " | ");
    add_margin(out, &x->before);
    strbuf_adds(out, ARROW);
    add_margin(out, &x->after);
    strbuf_adds(out, " |\n");
}

static void add_runner_up(struct strbuf *out, const char *when, const struct outcome *o)
{
    if (!o->is_there || o->runner_up.n == 0 || !o->has_runner_up_cost)
        return;
    strbuf_addf(out, "\nRunner-up %s: ", when);
    escape_markdown(out, o->runner_up);
    strbuf_adds(out, ", ");
    money_headline(out, o->runner_up_monthly);
    strbuf_adds(out, " a month.\n");
}

static void add_parts(const struct diff *diff, const struct decision_diff *x, struct strbuf *out)
{
    struct diff_row *rows;
    size_t count = diff_rows(x, diff->a, &rows);
    strbuf_adds(out, "\n**");
    escape_markdown(out, x->slug);
    strbuf_adds(out, "**, ");
    escape_markdown(out, x->title);
    strbuf_adds(out, "\n");
    if (count > 0) {
        strbuf_adds(out, "\n| $ a month | Cause | |\n|---:|---|---|\n");
        for (size_t i = 0; i < count; i++) {
            strbuf_adds(out, "| ");
            diff_add_change(out, rows[i].change);
            strbuf_addf(out, " | %s | ", cause_word(rows[i].cause));
            escape_markdown(out, rows[i].detail);
            strbuf_adds(out, " |\n");
        }
        strbuf_adds(out, "| **");
        diff_add_change(out, x->change);
        strbuf_adds(out, "** | **sum** | |\n");
    }
    add_runner_up(out, "before", &x->before);
    add_runner_up(out, "now", &x->after);
}

static void add_prices(const struct diff *diff, struct strbuf *out)
{
    size_t shown = diff->price_count < PRICES_SHOWN ? diff->price_count : PRICES_SHOWN;
    strbuf_adds(out, "\n<details>\n<summary>");
    wording_plural(out, diff->price_count, "price", "prices");
    strbuf_addf(out,
                " changed; recommended options pay %zu of them</summary>\n\n"
                "| SKU | Region | Before | Now | Change | Unit | Source |\n"
                "|---|---|---:|---:|---:|---|---|\n",
                diff->prices_paid);
    for (size_t i = 0; i < shown; i++) {
        const struct changed_price *p = &diff->prices[i];
        strbuf_adds(out, "| ");
        escape_markdown(out, p->sku->id);
        strbuf_adds(out, " | ");
        escape_markdown(out, p->region);
        strbuf_adds(out, " | ");
        diff_add_price(out, p->before);
        strbuf_adds(out, " | ");
        diff_add_price(out, p->after);
        strbuf_adds(out, " | ");
        if (!isnan(p->ratio))
            wording_percent_change(out, p->ratio);
        strbuf_addf(out, " | %s | ", p->sku->unit ? p->sku->unit->name : "");
        if (p->after && url_is_safe(p->after->source)) {
            strbuf_adds(out, "[source](");
            escape_url(out, p->after->source);
            strbuf_adds(out, ")");
        }
        strbuf_adds(out, " |\n");
    }
    if (shown < diff->price_count)
        strbuf_addf(out, "\nand %zu more\n", diff->price_count - shown);
    strbuf_adds(out, "\n</details>\n");
}

void diff_markdown(const struct diff *diff, struct strbuf *out)
{
    if (diff->moved == 0)
        return;
    struct strbuf sentence = STRBUF_INIT;
    diff_sentence(diff, &sentence);
    strbuf_adds(out, "**");
    escape_markdown(out, strbuf_str(&sentence));
    strbuf_adds(out, "**\n\n"
                     "| Decision | Verdict | Recommended | $ a month | Change | Margin |\n"
                     "|---|---|---|---:|---:|---:|\n");
    for (size_t i = 0; i < diff->count; i++)
        if (diff_is_listed(&diff->decisions[i]))
            add_decision(&diff->decisions[i], out);
    strbuf_adds(out, "\n<details>\n<summary>Where each dollar comes from</summary>\n");
    for (size_t i = 0; i < diff->count; i++)
        if (diff_is_listed(&diff->decisions[i]))
            add_parts(diff, &diff->decisions[i], out);
    strbuf_adds(out, "\n</details>\n");
    if (diff->price_count > 0)
        add_prices(diff, out);
    strbuf_clear(&sentence);
    diff_order(diff, &sentence);
    strbuf_adds(out, "\n<sub>");
    escape_markdown(out, strbuf_str(&sentence));
    strbuf_adds(out, "</sub>\n\n" MARK "\n");
    strbuf_release(&sentence);
}
