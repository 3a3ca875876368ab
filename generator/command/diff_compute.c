/* Both sides of every decision, and the steps between them. */
#include "command/diff_parts.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/version.h"
#include "command/analysis.h"
#include "command/verify_parts.h"
#include "command/workers.h"
#include "report/changes.h"
#include "source/json.h"
#include "source/json_out.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define CENT_MICROS 10000

const char *cause_word(enum cause c)
{
    static const char *const WORDS[] = {[CAUSE_PROGRAM] = "program",
                                        [CAUSE_POLICY] = "policy",
                                        [CAUSE_ANSWERS] = "answers",
                                        [CAUSE_PRICES] = "prices"};
    assert(c < CAUSE_COUNT);
    return WORDS[c];
}

const char *movement_word(enum movement m)
{
    static const char *const WORDS[] = {[MOVED_NOT] = "same",
                                        [MOVED_CHANGED] = "changed",
                                        [MOVED_FLIPPED] = "flipped",
                                        [MOVED_ADDED] = "added",
                                        [MOVED_REMOVED] = "removed"};
    return WORDS[m];
}

bool diff_is_cent(struct money change)
{
    return change.micros >= CENT_MICROS || change.micros <= -CENT_MICROS;
}

static struct money minus(struct money a, struct money b)
{
    return (struct money){a.micros - b.micros}; // both are at most MONEY_MAX_MICROS
}

/* ---- one side -----------------------------------------------------------------------------------
 */

/* NULL where there is none. */
static const struct option *option_at(const struct decision *d, int i)
{
    return d->options && i >= 0 && (size_t)i < d->option_count ? &d->options[i] : NULL;
}

static const struct option *chosen_of(const struct decision *d)
{
    return option_at(d, d->recommendation.option);
}

static void take_outcome(const struct decision *d, struct arena *a, struct outcome *out)
{
    const struct recommendation *r = &d->recommendation;
    const struct option *o = chosen_of(d);
    *out = (struct outcome){.is_there = true,
                            .verdict = r->verdict,
                            .stability = r->stability,
                            .class = r->class,
                            .margin = r->margin};
    if (o) {
        out->option = str_copy(a, o->id);
        out->name = str_copy(a, o->name);
        out->has_cost = o->costed;
        out->monthly = o->costed ? o->monthly : (struct money){0};
    }
    const struct option *other = option_at(d, r->runner_up);
    if (other) {
        out->runner_up = str_copy(a, other->name);
        out->has_runner_up_cost = other->costed;
        out->runner_up_monthly = other->costed ? other->monthly : (struct money){0};
    }
}

static const struct workload_source *find_source(const struct diff_side *side, struct str slug)
{
    for (size_t i = 0; i < side->workload_count; i++)
        if (str_equal(side->workloads[i].slug, slug))
            return &side->workloads[i];
    return NULL;
}

static bool is_in_force(enum status status, bool drafts)
{
    return status == STATUS_PROPOSED || status == STATUS_ACCEPTED ||
           (drafts && status == STATUS_DRAFT);
}

/* Whether a side has the decision, in force; errors stand in `d`. */
static bool has_decision(const struct workload_source *source, bool drafts, struct arena *a,
                         struct str *title, struct str *trace, struct diags *d)
{
    struct questionnaire q;
    struct analysis_request request = {.as_of = DATE_NONE};
    if (!source)
        return false;
    request.source = *source;
    if (!analysis_read(&request, a, &q, d) || !is_in_force(q.status, drafts))
        return false;
    *title = q.title;
    *trace = q.traffic.trace.given ? q.traffic.trace.text : STR("traffic.csv");
    return true;
}

/* ---- the same answers? --------------------------------------------------------------------------
 */

static bool same_bytes(const char *left, const char *right, struct arena *a)
{
    struct diags *ignored = diags_new(a);
    struct str one = STR(""), other = STR("");
    bool no_left, no_right;
    file_read_optional(left, a, &one, &no_left, ignored);
    file_read_optional(right, a, &other, &no_right, ignored);
    return no_left == no_right && str_equal(one, other);
}

static bool same_answers(const struct diff *diff, const struct workload_source *left,
                         const struct workload_source *right, struct str trace, struct arena *a)
{
    if (diff->is_same_folder)
        return true;
    const char *name = str_cstring(a, trace);
    return same_bytes(left->questionnaire, right->questionnaire, a) &&
           same_bytes(path_join(a, left->folder, name), path_join(a, right->folder, name), a);
}

/* ---- the step of prices -------------------------------------------------------------------------
 */

static const struct option *find_option(const struct decision *d, struct str id)
{
    for (size_t i = 0; i < d->option_count; i++)
        if (str_equal(d->options[i].id, id))
            return &d->options[i];
    return NULL;
}

static bool same_charge(const struct line *a, const struct line *b)
{
    return str_equal(a->item, b->item) && str_equal(a->part, b->part) &&
           str_equal(a->region, b->region) && a->sku && b->sku && str_equal(a->sku->id, b->sku->id);
}

/* The line of `lines` that charges the same; each is taken once. */
static const struct line *partner(const struct line *line, const struct option *other, bool *taken)
{
    for (size_t i = 0; i < other->line_count; i++)
        if (!taken[i] && same_charge(line, &other->lines[i])) {
            taken[i] = true;
            return &other->lines[i];
        }
    return NULL;
}

static int compare_effects(const void *left, const void *right)
{
    const struct price_effect *a = left, *b = right;
    int64_t x = a->change.micros < 0 ? -a->change.micros : a->change.micros;
    int64_t y = b->change.micros < 0 ? -b->change.micros : b->change.micros;
    if (x != y)
        return x > y ? -1 : 1;
    int order = str_compare(a->sku, b->sku);
    return order ? order : str_compare(a->item, b->item);
}

/* The price in the new book of what a line charges: of the same tier. False: it has none, or the line
 * is not charged at a price of the book as it stands (salaries). */
static bool new_unit_price(const struct diff *diff, const struct line *line, struct decimal *out)
{
    const struct sku *sku = line->sku ? book_sku(&diff->after.p.book, line->sku->id) : NULL;
    bool early;
    const struct price *p = sku ? sku_price(sku, line->region, diff->after.day, &early) : NULL;
    if (!p || !line->price)
        return false;
    *out = p->usd;
    if (line->price->tier_count == 0)
        return decimal_compare(line->unit_usd, line->price->usd) == 0;
    for (size_t i = 0; i < line->price->tier_count && i < p->tier_count; i++)
        if (decimal_compare(line->unit_usd, line->price->tiers[i].usd) == 0) {
            *out = p->tiers[i].usd;
            return true;
        }
    return false;
}

/* quantity x (new price - old price) of every line of the option; the sum. `after` is the option as it
 * stands at the new prices; NULL: it is not among the options any more. */
static struct money price_effects(const struct diff *diff, const struct option *before,
                                  const struct option *after, const struct worker *worker,
                                  struct decision_diff *out)
{
    struct arena *keep = worker->keep;
    struct money sum = {0};
    bool *taken = arena_new(worker->scratch, bool, after ? after->line_count : 0);
    out->prices = arena_new(keep, struct price_effect, before->line_count);
    for (size_t i = 0; i < before->line_count; i++) {
        const struct line *line = &before->lines[i];
        const struct line *other = after ? partner(line, after, taken) : NULL;
        struct decimal unit_usd = other ? other->unit_usd : line->unit_usd;
        struct money charge;
        if ((!after && !new_unit_price(diff, line, &unit_usd)) ||
            decimal_compare(line->unit_usd, unit_usd) == 0 ||
            !money_charge(line->quantity, unit_usd, &charge))
            continue;
        struct money change = minus(charge, line->usd);
        sum.micros += change.micros;
        out->prices[out->price_count++] = (struct price_effect){
            .sku = str_copy(keep, line->sku->id),
            .region = str_copy(keep, line->region),
            .unit = str_of(line->unit->name),
            .item = str_copy(keep, line->item),
            .quantity = line->quantity,
            .before = line->unit_usd,
            .after = unit_usd,
            .change = change,
        };
    }
    if (out->price_count > 1)
        qsort(out->prices, out->price_count, sizeof *out->prices, compare_effects);
    return sum;
}

/* Of a cluster only the cheapest machine is an option: another may have taken its place. */
static bool is_replaced(const struct option *kept, const struct decision *after)
{
    for (size_t i = 0; i < after->option_count; i++)
        if (kept->platform && after->options[i].platform && after->options[i].eligible &&
            str_equal(kept->platform->id, after->options[i].platform->id) &&
            kept->purchase == after->options[i].purchase)
            return true;
    return false;
}

static void attribute_prices(const struct diff *diff, const struct decision *before,
                             const struct decision *after, const struct worker *worker,
                             struct decision_diff *out)
{
    const struct option *kept = chosen_of(before), *now = chosen_of(after);
    if (!kept || !now || !kept->costed || !now->costed)
        return;
    const struct option *repriced = find_option(after, kept->id);
    if (repriced && !repriced->costed)
        repriced = NULL;
    struct money whole = minus(now->monthly, kept->monthly);
    struct money priced = price_effects(diff, kept, repriced, worker, out);
    out->kept_name = str_copy(worker->keep, kept->name);
    out->is_kept_gone = repriced ? !repriced->eligible : !is_replaced(kept, after);
    if (repriced)
        out->quantities = minus(minus(repriced->monthly, kept->monthly), priced);
    out->choice = minus(minus(whole, priced), out->quantities);
}

/* ---- one decision -------------------------------------------------------------------------------
 */

/* The decisions computed one after another for one slug. */
struct steps {
    const struct diff *diff;
    const struct worker *worker;
    struct diags *d;
    const struct decision *last;
    struct decision_diff *out;
};

static const struct decision *compute_request(struct steps *s, const struct project *p,
                                              const struct analysis_request *request)
{
    struct report *report = arena_new(s->worker->scratch, struct report, 1);
    return analyse(p, request, s->worker->scratch, report, s->d) ? report->decision : NULL;
}

static const struct decision *compute(struct steps *s, const struct project *p,
                                      const struct workload_source *source, struct date day)
{
    struct analysis_request request = {.source = *source, .as_of = day};
    return compute_request(s, p, &request);
}

/* One input put in place; false: it could not be computed. */
static bool step(struct steps *s, enum cause cause, const struct project *p,
                 const struct workload_source *source, struct date day)
{
    const struct decision *next = compute(s, p, source, day);
    const struct option *before = s->last ? chosen_of(s->last) : NULL;
    const struct option *after = next ? chosen_of(next) : NULL;
    if (!next)
        return false;
    s->out->is_cause[cause] = true;
    if (before && after && before->costed && after->costed)
        s->out->by_cause[cause] = minus(after->monthly, before->monthly);
    if (cause == CAUSE_PRICES)
        attribute_prices(s->diff, s->last, next, s->worker, s->out);
    s->last = next;
    return true;
}

static bool run_steps(struct steps *s, const struct workload_source *left,
                      const struct workload_source *right, struct str trace)
{
    const struct diff *diff = s->diff;
    struct decision_diff *x = s->out;
    s->last = compute(s, &diff->before.p, left, diff->before.day);
    if (!s->last)
        return false;
    take_outcome(s->last, s->worker->keep, &x->before);
    if (!diff->is_same_policy && !step(s, CAUSE_POLICY, &diff->mixed, left, diff->before.day))
        return false;
    if (!same_answers(diff, left, right, trace, s->worker->scratch) &&
        !step(s, CAUSE_ANSWERS, &diff->mixed, right, diff->before.day))
        return false;
    if (!step(s, CAUSE_PRICES, &diff->after.p, right, diff->after.day))
        return false;
    take_outcome(s->last, s->worker->keep, &x->after);
    x->has_change = x->before.has_cost && x->after.has_cost;
    if (x->has_change)
        x->change = minus(x->after.monthly, x->before.monthly);
    return true;
}

/* ---- a published report before ------------------------------------------------------------------
 */

/* What it comes to when its own answers are computed here: the difference is the program's, the
 * policy's, or that of a book that has corrected its past. NULL: they cannot be computed any more. */
static const struct decision *compute_published(struct steps *s, const struct published *published,
                                                const struct workload_source *right,
                                                struct str trace)
{
    struct arena *a = s->worker->scratch;
    struct analysis_texts texts;
    struct str bytes = STR("");
    bool missing;
    struct diags *kept = s->d;
    s->d = diags_new(a);
    file_read_optional(path_join(a, right->folder, str_cstring(a, trace)), a, &bytes, &missing,
                       s->d);
    struct analysis_request request = {.source = *right,
                                       .texts = &texts,
                                       .as_of = published->day,
                                       .as_of_is_edition = !published->day_was_asked_for};
    const struct decision *d = diff_published_texts(published, bytes, a, &texts)
                                   ? compute_request(s, &s->diff->after.p, &request)
                                   : NULL;
    s->d = kept;
    return d;
}

/* The step from the published figure to the first computed one. */
static void attribute_published(const struct published *published, const struct decision *d,
                                const struct project *p, struct decision_diff *x)
{
    const struct option *chosen = chosen_of(d);
    bool same_program = str_is(published->program, BREAKEVEN_VERSION);
    bool same_policy = str_equal(published->policy_sha256, p->policy.sha256);
    if (!chosen || !chosen->costed || !x->before.has_cost)
        return;
    struct money change = minus(chosen->monthly, x->before.monthly);
    if (x->is_lumped || !same_program || !same_policy) {
        enum cause cause = x->is_lumped   ? CAUSE_ANSWERS
                           : same_program ? CAUSE_POLICY
                                          : CAUSE_PROGRAM;
        x->is_with_policy = cause == CAUSE_PROGRAM && !same_policy;
        x->is_cause[cause] = true;
        x->past = diff_corrected_past(published, x->before.option, &p->book);
        x->by_cause[cause] = minus(change, x->past);
    } else {
        x->past = change;
    }
}

static bool same_tree(const struct json *left, struct str path, struct str text, struct arena *a)
{
    struct strbuf one = STRBUF_INIT, other = STRBUF_INIT;
    struct json_out j;
    const struct json *right = json_parse(path, text, a, diags_new(a));
    json_out_init(&j, &one);
    json_put_tree(&j, left);
    json_out_init(&j, &other);
    if (right)
        json_put_tree(&j, right);
    bool same = str_equal(strbuf_str(&one), strbuf_str(&other));
    strbuf_release(&one);
    strbuf_release(&other);
    return same;
}

static bool run_published(struct steps *s, const struct published *published,
                          const struct workload_source *right, struct str trace)
{
    const struct diff *diff = s->diff;
    struct decision_diff *x = s->out;
    struct arena *a = s->worker->scratch;
    struct str text;
    const struct project *p = &diff->after.p;
    if (!file_read(right->questionnaire, a, &text, s->d))
        return false;
    s->last = compute_published(s, published, right, trace);
    x->is_lumped = !s->last;
    if (x->is_lumped)
        s->last = compute(s, p, right, published->day);
    if (!s->last)
        return false;
    attribute_published(published, s->last, p, x);
    const struct json *answers = json_find(published->inputs, "questionnaire");
    if (!x->is_lumped && !same_tree(answers, str_of(right->questionnaire), text, a) &&
        !step(s, CAUSE_ANSWERS, p, right, published->day))
        return false;
    if (!step(s, CAUSE_PRICES, p, right, diff->after.day))
        return false;
    x->by_cause[CAUSE_PRICES].micros += x->past.micros;
    take_outcome(s->last, s->worker->keep, &x->after);
    x->has_change = x->before.has_cost && x->after.has_cost;
    if (x->has_change)
        x->change = minus(x->after.monthly, x->before.monthly);
    return true;
}

/* Texts of a report live in its tree. */
static void keep_outcome(struct outcome *o, struct arena *keep)
{
    o->option = str_copy(keep, o->option);
    o->name = str_copy(keep, o->name);
    o->runner_up = str_copy(keep, o->runner_up);
}

/* A decision that only one side has. */
static bool run_one_side(struct steps *s, const struct diff_side *side,
                         const struct workload_source *source, struct outcome *out)
{
    const struct decision *d = compute(s, &side->p, source, side->day);
    if (d)
        take_outcome(d, s->worker->keep, out);
    return d != NULL;
}

static enum movement movement_of(const struct decision_diff *x)
{
    const struct outcome *b = &x->before, *a = &x->after;
    if (!b->is_there || !a->is_there)
        return a->is_there ? MOVED_ADDED : MOVED_REMOVED;
    if (b->verdict != a->verdict || b->class != a->class)
        return MOVED_FLIPPED;
    bool is_same = str_equal(b->option, a->option) && b->has_cost == a->has_cost &&
                   !diff_is_cent(x->change) &&
                   effect_of_margins(b->margin, a->margin) == EFFECT_STABLE;
    return is_same ? MOVED_NOT : MOVED_CHANGED;
}

static void diff_one(void *context, size_t index, const struct worker *worker)
{
    struct diff *diff = context;
    struct decision_diff *x = &diff->decisions[index];
    struct diags *d = diags_new(worker->scratch);
    struct steps s = {.diff = diff, .worker = worker, .d = d, .out = x};
    const struct workload_source *left = find_source(&diff->before, x->slug);
    const struct workload_source *right = find_source(&diff->after, x->slug);
    struct str title = {NULL, 0}, trace = {NULL, 0};
    struct published published;
    enum status status = STATUS_DRAFT;
    bool on_left = diff->before.site
                       ? left &&
                             diff_published(diff->before.site, x->slug, worker->scratch, &published,
                                            &x->before, &title, &status, d) &&
                             is_in_force(status, diff->drafts)
                       : has_decision(left, diff->drafts, worker->scratch, &title, &trace, d);
    bool on_right = has_decision(right, diff->drafts, worker->scratch, &title, &trace, d);
    if (diff->before.site)
        keep_outcome(&x->before, worker->keep);
    if (diff->before.site && on_left && on_right)
        x->is_compared = run_published(&s, &published, right, trace);
    else if (diff->before.site && on_left)
        x->is_compared = diags_errors(d) == 0; // removed: its figures are those published
    else if (on_left && on_right)
        x->is_compared = run_steps(&s, left, right, trace);
    else if (on_left && diags_errors(d) == 0)
        x->is_compared = run_one_side(&s, &diff->before, left, &x->before);
    else if (on_right && diags_errors(d) == 0)
        x->is_compared = run_one_side(&s, &diff->after, right, &x->after);
    x->title = str_copy(worker->keep, title);
    if (x->is_compared)
        x->movement = movement_of(x);
    if (diags_count(d) > 0) {
        x->d = diags_new(worker->keep);
        diags_append(x->d, d);
    }
}

/* ---- all of them --------------------------------------------------------------------------------
 */

static int compare_slugs(const void *left, const void *right)
{
    const struct decision_diff *a = left, *b = right;
    return str_compare(a->slug, b->slug);
}

static void join_slugs(struct diff *diff)
{
    size_t most = diff->before.workload_count + diff->after.workload_count;
    diff->decisions = arena_new(diff->a, struct decision_diff, most);
    for (size_t i = 0; i < diff->after.workload_count; i++)
        diff->decisions[diff->count++].slug = diff->after.workloads[i].slug;
    for (size_t i = 0; i < diff->before.workload_count && !diff->is_same_folder; i++)
        if (!find_source(&diff->after, diff->before.workloads[i].slug))
            diff->decisions[diff->count++].slug = diff->before.workloads[i].slug;
    if (diff->count > 1)
        qsort(diff->decisions, diff->count, sizeof *diff->decisions, compare_slugs);
}

bool diff_is_listed(const struct decision_diff *x)
{
    return x->is_compared && x->movement != MOVED_NOT;
}

void diff_compute(struct diff *diff, struct workers *w, bool quiet)
{
    join_slugs(diff);
    workers_run(w, diff->count, diff_one, diff, quiet ? NULL : "decisions");
    for (size_t i = 0; i < diff->count; i++) {
        const struct decision_diff *x = &diff->decisions[i];
        if (x->d)
            diags_append(diff->after.p.d, x->d);
        if (!x->is_compared)
            continue;
        diff->compared++;
        diff->flips += x->movement == MOVED_FLIPPED;
        diff->moved += diff_is_listed(x);
        diff->change.micros += x->change.micros;
    }
}
