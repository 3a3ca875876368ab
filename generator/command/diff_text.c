/* What moved, on a terminal; and the words that Markdown shares. */
#include "command/diff_parts.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "command/table.h"
#include "report/wording.h"

#include <math.h>

#define PRICES_SHOWN ((size_t)40)

/* ---- shared words -------------------------------------------------------------------------------
 */

void diff_add_change(struct strbuf *out, struct money change)
{
    if (change.micros > 0)
        strbuf_addc(out, '+');
    money_exact(out, change);
}

void diff_add_price(struct strbuf *out, const struct price *p)
{
    if (!p) {
        strbuf_adds(out, "none");
        return;
    }
    wording_price(out, p->usd);
    if (p->tier_count > 1) {
        strbuf_adds(out, " to ");
        wording_price(out, p->tiers[p->tier_count - 1].usd);
        strbuf_adds(out, " by amount");
    }
}

void diff_sentence(const struct diff *diff, struct strbuf *out)
{
    struct money size = diff->change;
    if (size.micros < 0)
        size = money_negate(size);
    if (diff->flips == 0)
        strbuf_adds(out, "No decision flips");
    else
        strbuf_addf(out, "%zu of %zu decision%s flip%s", diff->flips, diff->compared,
                    diff->compared == 1 ? "" : "s", diff->flips == 1 ? "s" : "");
    strbuf_addf(out, " from %.*s to %.*s", STR_ARG(diff->before.label), STR_ARG(diff->after.label));
    if (!diff_is_cent(size)) {
        strbuf_adds(out, ", and the recommended options cost the same in all");
    } else {
        strbuf_adds(out, ", and the recommended options cost ");
        money_headline(out, size);
        strbuf_addf(out, " a month %s in all", diff->change.micros > 0 ? "more" : "less");
    }
    strbuf_addf(out, ": %zu of %zu moved.", diff->moved, diff->compared);
}

void diff_order(const struct diff *diff, struct strbuf *out)
{
    if (!diff->before.site)
        strbuf_adds(out, "Computed by one program on both sides. ");
    if (diff->before.site) {
        strbuf_adds(out,
                    "What was published was computed again; what then differs is the program's "
                    "or the policy's. Changes were put in place in the order program, policy, "
                    "answers, prices, each on top of those before it. ");
    } else if (!diff->is_same_policy || !diff->is_same_folder) {
        strbuf_adds(out, "Changes were put in place in the order ");
        if (!diff->is_same_policy)
            strbuf_adds(out, "policy, ");
        if (!diff->is_same_folder)
            strbuf_adds(out, "answers, ");
        strbuf_adds(out, "prices, each on top of those before it. ");
    }
    strbuf_adds(out, "A price counts with the quantity before it changed.");
}

static void add_effect(struct strbuf *sb, const struct price_effect *e)
{
    strbuf_addf(sb, "%.*s, %.*s: ", STR_ARG(e->sku), STR_ARG(e->region));
    wording_price(sb, e->before);
    strbuf_adds(sb, " to ");
    wording_price(sb, e->after);
    strbuf_adds(sb, " x ");
    wording_decimal(sb, e->quantity);
    strbuf_addf(sb, " %.*s (%.*s)", STR_ARG(e->unit), STR_ARG(e->item));
}

static void add_row(struct diff_row *rows, size_t *count, enum cause cause, struct str detail,
                    struct money change)
{
    rows[(*count)++] = (struct diff_row){cause, detail, change};
}

static struct str cause_text(const struct decision_diff *x, enum cause cause, struct arena *a)
{
    if (cause == CAUSE_ANSWERS && x->is_lumped)
        return STR("the answers, with program and policy: what was published cannot be computed "
                   "any more");
    if (cause == CAUSE_PROGRAM && x->is_with_policy)
        return STR("the program and the policy changed");
    return str_printf(a, "the %s changed", cause_word(cause));
}

size_t diff_rows(const struct decision_diff *x, struct arena *a, struct diff_row **rows)
{
    size_t count = 0;
    *rows = arena_new(a, struct diff_row, CAUSE_COUNT + x->price_count + 3);
    if (!x->has_change)
        return 0;
    for (int c = 0; c < CAUSE_PRICES; c++)
        if (x->is_cause[c])
            add_row(*rows, &count, (enum cause)c, cause_text(x, (enum cause)c, a), x->by_cause[c]);
    for (size_t i = 0; i < x->price_count; i++) {
        struct strbuf sb = STRBUF_INIT;
        add_effect(&sb, &x->prices[i]);
        add_row(*rows, &count, CAUSE_PRICES, strbuf_copy(&sb, a), x->prices[i].change);
        strbuf_release(&sb);
    }
    if (x->past.micros != 0)
        add_row(*rows, &count, CAUSE_PRICES, STR("the book has corrected prices of the past"),
                x->past);
    if (x->quantities.micros != 0)
        add_row(*rows, &count, CAUSE_PRICES, STR("other quantities at the new prices"),
                x->quantities);
    if (x->choice.micros != 0)
        add_row(*rows, &count, CAUSE_PRICES,
                str_printf(a, "%.*s instead of %.*s%s", STR_ARG(x->after.name),
                           STR_ARG(x->kept_name),
                           x->is_kept_gone ? ", which can no longer be chosen" : ""),
                x->choice);
    return count;
}

/* ---- text ---------------------------------------------------------------------------------------
 */

static struct str take(struct strbuf *sb, struct arena *a)
{
    struct str text = strbuf_copy(sb, a);
    strbuf_clear(sb);
    return text;
}

/* "decided", or "decided -> too-close" where they differ. */
static struct str words(struct arena *a, bool on_left, const char *before, bool on_right,
                        const char *after)
{
    if (!on_left || !on_right)
        return str_of(on_right ? after : before);
    if (str_equal(str_of(before), str_of(after)))
        return str_of(after);
    return str_printf(a, "%s -> %s", before, after);
}

static struct str cost(struct arena *a, const struct outcome *o)
{
    struct strbuf sb = STRBUF_INIT;
    if (o->is_there && o->has_cost)
        money_whole(&sb, o->monthly);
    struct str text = take(&sb, a);
    strbuf_release(&sb);
    return text;
}

static struct str change_text(struct arena *a, const struct decision_diff *x)
{
    struct strbuf sb = STRBUF_INIT;
    if (x->has_change)
        wording_usd_change(&sb, money_double(x->change));
    struct str text = take(&sb, a);
    strbuf_release(&sb);
    return text;
}

static struct str margins(struct arena *a, const struct decision_diff *x)
{
    struct strbuf sb = STRBUF_INIT;
    bool left = x->before.is_there && !isnan(x->before.margin);
    bool right = x->after.is_there && !isnan(x->after.margin);
    if (left)
        wording_percent(&sb, x->before.margin);
    struct str before = take(&sb, a);
    if (right)
        wording_percent(&sb, x->after.margin);
    struct str after = take(&sb, a);
    strbuf_release(&sb);
    if (str_equal(before, after) || !left)
        return after;
    return str_printf(a, "%.*s -> %.*s", STR_ARG(before), STR_ARG(right ? after : STR("none")));
}

static void print_decisions(const struct diff *diff, struct strbuf *out)
{
    static const struct column COLUMNS[] = {
        {"DECISION", ALIGN_LEFT}, {"", ALIGN_LEFT},         {"VERDICT", ALIGN_LEFT},
        {"CLASS", ALIGN_LEFT},    {"$/MONTH", ALIGN_RIGHT}, {"NOW", ALIGN_RIGHT},
        {"CHANGE", ALIGN_RIGHT},  {"MARGIN", ALIGN_LEFT},
    };
    struct table t;
    table_init(&t, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS, diff->a);
    for (size_t i = 0; i < diff->count; i++) {
        const struct decision_diff *x = &diff->decisions[i];
        bool left = x->before.is_there, right = x->after.is_there;
        if (!diff_is_listed(x))
            continue;
        table_cell(&t, x->slug);
        table_cell(&t, str_of(movement_word(x->movement)));
        table_cell(&t, words(diff->a, left, verdict_word(x->before.verdict), right,
                             verdict_word(x->after.verdict)));
        table_cell(&t, words(diff->a, left, class_word(x->before.class), right,
                             class_word(x->after.class)));
        table_cell(&t, cost(diff->a, &x->before));
        table_cell(&t, cost(diff->a, &x->after));
        table_cell(&t, change_text(diff->a, x));
        table_cell(&t, margins(diff->a, x));
    }
    table_print(&t, 0, out);
}

/* Where the margin comes from. */
static void print_runner_up(const struct decision_diff *x, struct strbuf *out)
{
    const struct outcome *b = &x->before, *a = &x->after;
    if (!b->has_runner_up_cost || !a->has_runner_up_cost)
        return;
    strbuf_addf(out, "  runner-up: %.*s at ", STR_ARG(b->runner_up));
    money_headline(out, b->runner_up_monthly);
    strbuf_adds(out, " -> ");
    if (!str_equal(b->runner_up, a->runner_up))
        strbuf_addf(out, "%.*s at ", STR_ARG(a->runner_up));
    money_headline(out, a->runner_up_monthly);
    strbuf_addc(out, '\n');
}

static void print_parts(const struct diff *diff, const struct decision_diff *x, struct strbuf *out)
{
    static const struct column COLUMNS[] = {
        {"$/MONTH", ALIGN_POINT}, {"CAUSE", ALIGN_LEFT}, {"", ALIGN_LEFT}};
    struct diff_row *rows;
    struct strbuf sb = STRBUF_INIT;
    struct table t;
    size_t count = diff_rows(x, diff->a, &rows);
    strbuf_addf(out, "\n%.*s: ", STR_ARG(x->slug));
    if (x->before.is_there && x->after.is_there && !str_equal(x->before.option, x->after.option))
        strbuf_addf(out, "%.*s -> %.*s", STR_ARG(x->before.option), STR_ARG(x->after.option));
    else
        strbuf_add(out, x->after.is_there ? x->after.option : x->before.option);
    strbuf_addc(out, '\n');
    print_runner_up(x, out);
    if (count == 0)
        return;
    table_init(&t, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS, diff->a);
    for (size_t i = 0; i < count; i++) {
        diff_add_change(&sb, rows[i].change);
        table_cell(&t, take(&sb, diff->a));
        table_cell(&t, str_of(cause_word(rows[i].cause)));
        table_cell(&t, rows[i].detail);
    }
    diff_add_change(&sb, x->change);
    table_cell(&t, take(&sb, diff->a));
    table_cell(&t, STR("sum"));
    table_cell(&t, STR(""));
    table_print(&t, 2, out);
    strbuf_release(&sb);
}

static void print_prices(const struct diff *diff, struct strbuf *out)
{
    size_t shown = diff->price_count < PRICES_SHOWN ? diff->price_count : PRICES_SHOWN;
    strbuf_addc(out, '\n');
    wording_plural(out, diff->price_count, "price", "prices");
    strbuf_addf(out, " changed; recommended options pay %zu of them\n", diff->prices_paid);
    for (size_t i = 0; i < shown; i++) {
        const struct changed_price *p = &diff->prices[i];
        strbuf_addf(out, "  %.*s, %.*s: ", STR_ARG(p->sku->id), STR_ARG(p->region));
        diff_add_price(out, p->before);
        strbuf_adds(out, " -> ");
        diff_add_price(out, p->after);
        if (!isnan(p->ratio)) {
            strbuf_adds(out, " (");
            wording_percent_change(out, p->ratio);
            strbuf_addc(out, ')');
        }
        strbuf_addc(out, '\n');
    }
    if (shown < diff->price_count)
        strbuf_addf(out, "  and %zu more; --format json lists them all\n",
                    diff->price_count - shown);
}

void diff_text(const struct diff *diff, struct strbuf *out)
{
    if (diff->moved == 0)
        return;
    diff_sentence(diff, out);
    strbuf_adds(out, "\n\n");
    print_decisions(diff, out);
    for (size_t i = 0; i < diff->count; i++)
        if (diff_is_listed(&diff->decisions[i]))
            print_parts(diff, &diff->decisions[i], out);
    if (diff->price_count > 0)
        print_prices(diff, out);
    strbuf_addc(out, '\n');
    diff_order(diff, out);
    strbuf_addc(out, '\n');
}
