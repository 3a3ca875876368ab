#include "command/analysis.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/strbuf.h"
#include "base/version.h"
#include "decide/decide.h"
#include "latency/curve.h"
#include "number/unit.h"
#include "render/json_report.h"
#include "source/json.h"
#include "source/json_out.h"
#include "traffic/summary.h"
#include "traffic/trace.h"
#include "workload/workload.h"

#include <math.h>

#define CV_BIN_S 3600.0 /* the format's default */

/* ---- questionnaire ------------------------------------------------------------------------------
 */

bool analysis_read(const struct analysis_request *request, struct arena *a,
                   struct questionnaire *out, struct diags *d)
{
    const char *file = request->source.questionnaire;
    *out = (struct questionnaire){.date = DATE_NONE, .review_by = DATE_NONE};
    struct str path = file ? str_of(file) : STR("standard input"), text, changed;
    if (request->texts)
        text = request->texts->questionnaire;
    else if (file ? !file_read(file, a, &text, d) : !file_read_stdin(a, &text, d))
        return false;
    if (request->set_count == 0)
        return questionnaire_parse(path, text, request->source.slug, a, out, d);
    if (!questionnaire_set(path, text, request->set, request->set_count, a, &changed, d)) {
        if (diags_errors(d) == 0) // what is wrong with the file itself is said by its parser
            questionnaire_parse(path, text, request->source.slug, a, out, d);
        return false;
    }
    return questionnaire_parse(path, changed, request->source.slug, a, out, d);
}

/* ---- measured traffic ---------------------------------------------------------------------------
 */

struct measured {
    struct str text; /* of the file, for the hash */
    struct trace trace;
    struct load_curve curve;
    bool is_there;
};

/* The workload's trace, or that of its only model. */
static const struct answer_text *trace_answer(const struct questionnaire *q)
{
    if (q->traffic.trace.given)
        return &q->traffic.trace;
    if (q->models_given == 1 && q->models[0].traffic.trace.given)
        return &q->models[0].traffic.trace;
    return NULL;
}

static bool read_trace(const struct questionnaire *q, const struct analysis_request *request,
                       struct arena *a, struct measured *out, struct diags *d)
{
    const struct answer_text *name = trace_answer(q);
    for (size_t i = 0; i < q->models_given; i++) {
        const struct answer_text *own = &q->models[i].traffic.trace;
        if (own->given && own != name)
            diag_warning(d, own->where, "a trace is read for the whole workload",
                         "the trace of models.%zu is not used", i);
    }
    if (!name)
        return true;
    const char *path = path_join(a, request->source.folder, str_cstring(a, name->text));
    bool missing = request->texts && request->texts->trace.n == 0;
    if (request->texts)
        out->text = request->texts->trace;
    if (missing || (!request->texts && !file_read_optional(path, a, &out->text, &missing, d))) {
        if (missing)
            diag_error(d, name->where, "it must lie beside the questionnaire",
                       "the trace \"%s\" is not there", path);
        return false;
    }
    if (!trace_parse(str_of(path), out->text, a, &out->trace, d))
        return false;
    const struct answer *bin = &q->traffic.cv_bin_s;
    double *rps, window = bin->given ? bin->likely : CV_BIN_S;
    size_t count = trace_rates(&out->trace, (int64_t)(window < 1.0 ? 1.0 : window), a, &rps);
    out->curve = curve_from_bins(rps, count);
    out->is_there = true;
    return true;
}

/* ---- hashes -------------------------------------------------------------------------------------
 */

static void hash_tree(struct sha256 *h, const struct json *value)
{
    struct strbuf text = STRBUF_INIT;
    struct json_out j;
    json_out_init(&j, &text);
    if (value)
        json_put_tree(&j, value);
    sha256_add_field(h, strbuf_str(&text));
    strbuf_release(&text);
}

/* What the engine reads of a questionnaire: all but who, when and in what state. */
static uint64_t seed_of(const struct questionnaire *q, struct str trace)
{
    static const char *const READ[] = {"providers", "purchase", "geography", "current",
                                       "stage",     "answers",  "models",    "jobs"};
    struct sha256 h;
    unsigned char digest[32];
    uint64_t seed = 0;
    sha256_init(&h);
    for (size_t i = 0; i < sizeof READ / sizeof *READ; i++)
        hash_tree(&h, q->root ? json_find(q->root, READ[i]) : NULL);
    sha256_add_field(&h, trace);
    sha256_final(&h, digest);
    for (int i = 0; i < 8; i++)
        seed = seed << 8 | digest[i];
    return seed;
}

static struct str sha256_of(struct arena *a, struct str bytes)
{
    struct sha256 h;
    unsigned char digest[32];
    if (bytes.n == 0)
        return STR("");
    sha256_init(&h);
    sha256_add(&h, bytes);
    sha256_final(&h, digest);
    return sha256_hex(a, digest);
}

static void describe_price(struct strbuf *out, const struct price_use *u)
{
    const struct price *p = u->price;
    strbuf_addf(out, "%.*s %.*s ", STR_ARG(u->sku->id), STR_ARG(u->region));
    date_add(out, p->from);
    strbuf_addc(out, ' ');
    decimal_add(out, p->usd);
    for (size_t i = 0; i < p->tier_count; i++) {
        strbuf_addc(out, ' ');
        strbuf_add_double(out, isfinite(p->tiers[i].up_to) ? p->tiers[i].up_to : -1.0, 15);
        strbuf_addc(out, ' ');
        decimal_add(out, p->tiers[i].usd);
    }
    strbuf_adds(out, " free ");
    strbuf_add_double(out, p->free_quantity, 15);
    strbuf_addc(out, ' ');
    decimal_add(out, p->estimate_low);
    strbuf_addc(out, ' ');
    decimal_add(out, p->estimate_high);
    strbuf_addc(out, '\n');
}

/* Fields: questionnaire as parsed, hashes of notes and trace, policy, prices used. A published
 * report holds all of them, so that the hash can be made again from it. */
static struct str inputs_hash(const struct report *r, struct arena *a)
{
    struct sha256 h;
    unsigned char digest[32];
    struct strbuf prices = STRBUF_INIT;
    sha256_init(&h);
    hash_tree(&h, r->questionnaire->root);
    sha256_add_field(&h, r->notes_sha256);
    sha256_add_field(&h, r->trace_sha256);
    sha256_add_field(&h, r->policy_sha256);
    for (size_t i = 0; i < r->decision->price_count; i++)
        describe_price(&prices, &r->decision->prices[i]);
    sha256_add_field(&h, strbuf_str(&prices));
    strbuf_release(&prices);
    sha256_final(&h, digest);
    return sha256_hex(a, digest);
}

/* ---- checklist state ----------------------------------------------------------------------------
 */

static const struct checklist_item *find_item(const struct policy *policy, struct str id)
{
    for (size_t i = 0; i < policy->checklist_count; i++)
        if (str_equal(policy->checklist[i].id, id))
            return &policy->checklist[i];
    return NULL;
}

static void unknown_item(const struct policy *policy, const struct json *member, struct arena *a,
                         struct diags *d)
{
    struct str *ids = arena_new(a, struct str, policy->checklist_count);
    for (size_t i = 0; i < policy->checklist_count; i++)
        ids[i] = policy->checklist[i].id;
    struct str near = str_nearest(member->key, ids, policy->checklist_count);
    const char *hint = near.n > 0 ? str_printf(a, "did you mean \"%.*s\"?", STR_ARG(near)).s : NULL;
    diag_error(d, json_key_where(member), hint, "the checklist has no item \"%.*s\"",
               STR_ARG(member->key));
}

/* The states by the decision's checklist; all open without a file. NULL: an error. */
static const enum item_state *read_states(const struct project *p,
                                          const struct analysis_request *request,
                                          const struct decision *decision, struct arena *a,
                                          struct diags *d)
{
    static const char *const WORDS[] = {"open", "done", "not-required", NULL};
    enum item_state *states = arena_new(a, enum item_state, decision->checklist_count);
    const char *path = path_join(a, request->source.folder, "checklist.json");
    size_t before = diags_errors(d);
    struct str text;
    bool missing;
    if (request->texts ? request->texts->checklist.n == 0 : !request->source.questionnaire)
        return states; // standard input has nothing beside it
    if (request->texts)
        text = request->texts->checklist;
    else if (!file_read_optional(path, a, &text, &missing, d))
        return missing ? states : NULL;
    const struct json *root = json_parse(str_of(path), text, a, d);
    struct json_reader r;
    if (!root || !json_reader_open(&r, root, STR(""), a, d))
        return NULL;
    for (const struct json *m = root->child; m; m = m->next) {
        size_t state = 0;
        const struct checklist_item *item = find_item(&p->policy, m->key);
        bool is_word = m->kind == JSON_STRING;
        while (is_word && WORDS[state] && !str_is(m->string, WORDS[state]))
            state++;
        if (!item)
            unknown_item(&p->policy, m, a, d);
        if (!is_word || !WORDS[state]) {
            diag_error(d, json_where(m), "open, done or not-required",
                       "%.*s has no state that a checklist knows", STR_ARG(m->key));
            continue;
        }
        for (size_t i = 0; item && i < decision->checklist_count; i++)
            if (decision->checklist[i].item == item)
                states[i] = (enum item_state)state;
    }
    return diags_errors(d) == before ? states : NULL;
}

/* ---- trip-wires ---------------------------------------------------------------------------------
 */

/* A number, or the likely value of a range. */
static bool number_of(const struct json *value, double *out)
{
    if (value && value->kind == JSON_OBJECT)
        value = json_find(value, "likely");
    if (!value || value->kind != JSON_NUMBER)
        return false;
    *out = value->number;
    return true;
}

/* What the trace says outranks what was answered. */
static bool measured_figure(const struct measured *m, struct str path, double *out)
{
    if (!m->is_there)
        return false;
    if (str_is(path, "answers.traffic.requests_per_day"))
        *out = m->curve.mean_rps * SECONDS_PER_DAY;
    else if (str_is(path, "answers.traffic.peak_rps"))
        *out = m->curve.peak_rps;
    else if (str_is(path, "answers.traffic.cv"))
        *out = m->curve.cv;
    else
        return false;
    return true;
}

static bool assumed_figure(const struct decision *d, struct str path, double *out)
{
    for (size_t i = 0; i < d->assumption_count; i++) {
        const struct assumption_result *s = &d->assumptions[i];
        if (str_equal(s->variable, path) && s->word.n == 0 && isfinite(s->value)) {
            *out = s->value;
            return true;
        }
    }
    return false;
}

/* Asks the report by writing and reading the one member that the path begins with. */
static bool reported_figure(const struct report *r, struct str path, struct arena *a, double *out)
{
    struct strbuf text = STRBUF_INIT;
    struct str member, rest;
    bool is_known = false;
    str_cut(path, '.', &member, &rest);
    if (json_report_member(r, member, &text)) {
        struct diags *ignored = diags_new(a);
        const struct json *root = json_parse(STR("report.json"), strbuf_copy(&text, a), a, ignored);
        is_known = root && number_of(json_path(root, path), out);
    }
    strbuf_release(&text);
    return is_known;
}

static bool holds(enum compare op, double now, double number)
{
    switch (op) {
    case COMPARE_LT: return now < number;
    case COMPARE_LE: return now <= number;
    case COMPARE_GT: return now > number;
    case COMPARE_GE: return now >= number;
    case COMPARE_EQ: return now <= number && now >= number;
    }
    return false;
}

static void evaluate_wires(struct report *r, const struct measured *m, struct arena *a)
{
    const struct questionnaire *q = r->questionnaire;
    struct tripwire_state *states = arena_new(a, struct tripwire_state, q->revisit_count);
    for (size_t i = 0; i < q->revisit_count; i++) {
        const struct tripwire *wire = &q->revisit_if[i];
        struct tripwire_state *s = &states[i];
        s->wire = wire;
        s->known = measured_figure(m, wire->path, &s->now) ||
                   (q->root && number_of(json_path(q->root, wire->path), &s->now)) ||
                   assumed_figure(r->decision, wire->path, &s->now) ||
                   reported_figure(r, wire->path, a, &s->now);
        s->tripped = s->known && holds(wire->op, s->now, wire->number);
    }
    r->tripwires = states;
    r->tripwire_count = q->revisit_count;
}

/* ---- the report ---------------------------------------------------------------------------------
 */

static bool read_notes(const struct analysis_request *request, struct arena *a, struct str *out,
                       struct diags *d)
{
    bool missing;
    *out = request->texts ? request->texts->notes : STR("");
    if (request->texts || !request->source.questionnaire)
        return true;
    return file_read_optional(path_join(a, request->source.folder, "notes.md"), a, out, &missing,
                              d) ||
           missing;
}

const struct decision *analysis_share(const struct decide_input *input, const struct decision *d,
                                      struct arena *a)
{
    const struct questionnaire *q = input->questionnaire;
    int at = d->recommendation.option;
    const struct platform *platform = at >= 0 ? d->options[at].platform : NULL;
    bool is_there = platform && q->existing_cluster == TRI_YES &&
                    (q->existing_cluster_platform.n == 0 ||
                     str_equal(q->existing_cluster_platform, platform->id));
    if (!platform || platform->class != CLASS_KUBERNETES || is_there)
        return NULL;
    struct questionnaire *shared = arena_new(a, struct questionnaire, 1);
    struct decision *out = arena_new(a, struct decision, 1);
    struct decide_input in = *input;
    *shared = *q;
    shared->existing_cluster = TRI_YES;
    shared->existing_cluster_platform = platform->id;
    in.questionnaire = shared;
    in.verdict_only = true;
    return decide(&in, a, out, diags_new(a)) ? out : NULL;
}

bool analyse_with_input(const struct project *p, const struct analysis_request *request,
                        struct arena *a, struct report *out, struct decide_input *input,
                        struct diags *d)
{
    struct questionnaire *q = arena_new(a, struct questionnaire, 1);
    struct decision *decision = arena_new(a, struct decision, 1);
    struct measured *measured = arena_new(a, struct measured, 1);
    struct str notes;
    bool is_dated = !date_is_none(request->as_of);
    bool is_asked = is_dated && !request->as_of_is_edition;
    if (!analysis_read(request, a, q, d)) {
        workload_check_names(q, &p->book, a, d); // its other mistakes belong to the same run
        return false;
    }
    bool ok = read_notes(request, a, &notes, d);
    ok = read_trace(q, request, a, measured, d) && ok;
    struct decide_input in = {.questionnaire = q,
                              .book = &p->book,
                              .policy = &p->policy,
                              .measured = measured->is_there ? &measured->curve : NULL,
                              .trace = measured->is_there ? &measured->trace : NULL,
                              .as_of = is_dated ? request->as_of : p->book.edition,
                              .as_of_given = is_asked,
                              .seed = seed_of(q, measured->text),
                              .overrides = request->overrides,
                              .override_count = request->override_count};
    if (!ok || !decide(&in, a, decision, d))
        return false;
    *out = (struct report){.questionnaire = q,
                           .decision = decision,
                           .book = &p->book,
                           .policy = &p->policy,
                           .policy_sha256 = p->policy.sha256,
                           .version = STR(BREAKEVEN_VERSION),
                           .notes_markdown = notes,
                           .notes_sha256 = sha256_of(a, notes),
                           .trace_sha256 = sha256_of(a, measured->text),
                           .has_trace = measured->is_there,
                           .as_of_given = is_asked,
                           .seed = in.seed,
                           .prices_day = in.as_of,
                           .superseded_by = request->superseded_by,
                           .superseded_by_title = request->superseded_by_title};
    *input = in;
    if (request->texts && request->texts->notes_sha256.n > 0)
        out->notes_sha256 = request->texts->notes_sha256;
    out->review_due = !date_is_none(q->review_by) &&
                      date_compare(q->review_by, p->book.edition) <= 0;
    out->inputs_sha256 = inputs_hash(out, a);
    out->checklist_state = read_states(p, request, decision, a, d);
    evaluate_wires(out, measured, a);
    return out->checklist_state != NULL;
}

bool analyse(const struct project *p, const struct analysis_request *request, struct arena *a,
             struct report *out, struct diags *d)
{
    struct decide_input input;
    return analyse_with_input(p, request, a, out, &input, d);
}
