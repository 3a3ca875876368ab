/*
 * Every flip that a report prints, tried as a reader would: the answer, the policy's figure or the price is
 * changed to the printed value, everything is decided anew, and another class is the cheapest; a thousandth
 * before it the present one is. The same for volumes at which the cheapest class changes. Over the bundled
 * decisions without a trace. FLIPS_EVERY=n tries each n-th
 * decision only.
 */
#include "support/bundled.h"
#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "number/bracket.h"
#include "questionnaire/figure.h"
#include "workload/workload.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const SLUGS[] = {
    "batch-inference-delays-ok", "batch-model-retraining", "document-ocr", "feature-flag-evaluation", "fraud-scoring", "fraud-scoring-2025",
    "image-classification", "inference-10m-steady", "inference-1m-bursty", "llm-chatbot", "sentiment-api", "shop-recommendations",
    "streaming-inference", "training-8xa100", "video-stream-analysis", "voice-agent",
};

struct trial {
    const struct questionnaire *q;
    const struct decision *d;
    size_t tried, priced;
};

static bool ask(const struct questionnaire *q, const struct override *o, bool verdict_only, struct decision *out)
{
    struct decide_input in = {.questionnaire = q, .book = &b->book, .policy = &b->policy, .seed = 42, .as_of = b->book.edition,
                              .overrides = o, .override_count = o ? 1 : 0, .verdict_only = verdict_only};
    return decide(&in, b->rounds, out, diags_new(b->rounds));
}

static struct decimal times(struct decimal d, double factor)
{
    return (struct decimal){(int64_t)((double)d.coef * round(factor * 1e6)), d.scale + 6};
}

/* The class with one SKU's prices multiplied; only this test's book: the prices of a loaded book are ours. */
static enum platform_class class_at_price(const struct trial *t, const struct sku *sku, double factor)
{
    struct price *prices = (struct price *)(uintptr_t)sku->prices, keep[64];
    assert_true(sku->price_count <= 64);
    for (size_t i = 0; i < sku->price_count; i++) {
        keep[i] = prices[i];
        prices[i].usd = times(keep[i].usd, factor);
        struct price_tier *tiers = arena_new(b->rounds, struct price_tier, keep[i].tier_count);
        for (size_t k = 0; k < keep[i].tier_count; k++) {
            tiers[k] = keep[i].tiers[k];
            tiers[k].usd = times(tiers[k].usd, factor);
        }
        prices[i].tiers = tiers;
    }
    struct decision d;
    assert_true(ask(t->q, NULL, true, &d));
    for (size_t i = 0; i < sku->price_count; i++)
        prices[i] = keep[i];
    return d.recommendation.class;
}

/* CLASS_NONE: the value is refused. */
static enum platform_class class_at(struct trial *t, const struct sensitivity *s, double value)
{
    struct decision d;
    if (str_starts(s->variable, STR("prices."))) {
        const struct sku *sku = book_sku(&b->book, str_slice(s->variable, sizeof "prices." - 1, s->variable.n));
        t->priced++;
        return class_at_price(t, sku, value / s->now);
    }
    if (workload_is_override(s->variable)) {
        struct override o = {.path = s->variable, .value = value};
        return ask(t->q, &o, true, &d) ? d.recommendation.class : CLASS_NONE;
    }
    struct questionnaire copy = questionnaire_copy(t->q, b->rounds);
    if (s->peak_rps > 0)
        questionnaire_figure(&copy, STR("answers.traffic.peak_rps"))->likely = s->peak_rps * value / s->flips_at;
    if (s->min_rps > 0)
        questionnaire_figure(&copy, STR("answers.traffic.min_rps"))->likely = s->min_rps * value / s->flips_at;
    if (!questionnaire_answer(&copy, s->variable, value, b->rounds))
        return CLASS_NONE;
    return ask(&copy, NULL, true, &d) ? d.recommendation.class : CLASS_NONE;
}

static bool is_whole(struct str path)
{
    const struct field *f = field_find(path);
    return f && f->kind == FIELD_INTEGER;
}

static void check_flip(struct trial *t, const char *slug, const struct sensitivity *s)
{
    enum platform_class own = t->d->recommendation.class, beyond = class_at(t, s, s->flips_at);
    if (beyond == own || beyond == CLASS_NONE)
        printf("%s: %.*s flips at %.10g, but there the class is %s\n", slug, STR_ARG(s->variable), s->flips_at, class_word(beyond));
    assert_true(beyond != own && beyond != CLASS_NONE);
    /* Costs are saw-toothed node by node: one value a little inside is enough. */
    static const double NEAR[] = {2e-4, 4e-4, 7e-4, 1.1e-3};
    bool up = s->flips_at > s->now, holds = false;
    for (size_t i = 0; i < sizeof NEAR / sizeof *NEAR && !holds; i++) {
        double inside = is_whole(s->variable) ? s->flips_at + (up ? -1 : 1) : s->flips_at * (up ? 1 - NEAR[i] : 1 + NEAR[i]);
        holds = class_at(t, s, inside) == own;
    }
    if (!holds)
        printf("%s: %.*s flips at %.10g, but just before it does already\n", slug, STR_ARG(s->variable), s->flips_at);
    assert_true(holds);
    t->tried++;
}

/* All prices of a class at once stand in no file. */
static bool may_be_tried(struct str path)
{
    return !str_starts(path, STR("prices.")) || book_sku(&b->book, str_slice(path, sizeof "prices." - 1, path.n));
}

static void printed_flips_flip(void **state)
{
    (void)state;
    const char *text_every = getenv("FLIPS_EVERY");
    size_t every = text_every ? (size_t)strtoul(text_every, NULL, 10) : 1, tried = 0, priced = 0;
    for (size_t i = 0; i < sizeof SLUGS / sizeof *SLUGS; i += every > 0 ? every : 1) {
        struct diags *d = diags_new(b->rounds);
        struct questionnaire q;
        struct str text;
        const char *path = str_cstring(b->rounds, str_printf(b->rounds, "content/workloads/%s/questionnaire.json", SLUGS[i]));
        assert_true(file_read(path, b->rounds, &text, d));
        assert_true(questionnaire_parse(str_of(path), text, str_of(SLUGS[i]), b->rounds, &q, d));
        struct decision decision;
        assert_true(ask(&q, NULL, false, &decision));
        struct trial t = {.q = &q, .d = &decision};
        for (size_t k = 0; k < decision.sensitivity_count; k++)
            if (!isnan(decision.sensitivity[k].flips_at) && may_be_tried(decision.sensitivity[k].variable))
                check_flip(&t, SLUGS[i], &decision.sensitivity[k]);
        tried += t.tried;
        priced += t.priced;
        bench_rewind(b);
    }
    printf("# %zu flips, %zu looks at prices\n", tried, priced);
    assert_true(tried > 0);
}

static bool has_own_traffic(const struct questionnaire *q)
{
    for (size_t i = 0; i < q->models_given; i++)
        if (q->models[i].traffic.requests_per_day.given || (q->models[i].streams.given && q->models[i].streams.likely > 0))
            return true;
    return q->models_given == 0;
}

/* What the cheapest option of one class costs over that of another; HUGE_VAL where one has none. */
static double ratio_of(const struct decision *d, enum platform_class first, enum platform_class second)
{
    double usd[CLASS_NONE] = {0};
    for (size_t i = 0; i < d->option_count; i++)
        if (d->options[i].eligible && d->options[i].costed && !(usd[d->options[i].class] > 0))
            usd[d->options[i].class] = bench_usd(&d->options[i]);
    return usd[first] > 0 && usd[second] > 0 ? usd[first] / usd[second] : HUGE_VAL;
}

/* *level: the two classes cost the same to a thousandth; node by node now one costs less, now the other. */
static enum platform_class class_at_volume(const struct questionnaire *q, const struct crossover *c, double at, bool *level)
{
    struct questionnaire copy = questionnaire_copy(q, b->rounds);
    struct decision d;
    if (c->peak_rps > 0)
        copy.traffic.peak_rps.low = copy.traffic.peak_rps.likely = copy.traffic.peak_rps.high = c->peak_rps * at / c->at;
    if (c->min_rps > 0)
        copy.traffic.min_rps.low = copy.traffic.min_rps.likely = copy.traffic.min_rps.high = c->min_rps * at / c->at;
    assert_true(questionnaire_answer(&copy, c->variable, at, b->rounds));
    assert_true(ask(&copy, NULL, true, &d));
    *level = fabs(ratio_of(&d, c->from_class, c->to_class) - 1) < 1e-3;
    return d.recommendation.class;
}

/* Where the cheapest class of all changes, decided anew on both sides. */
static void the_cheapest_class_changes_at_its_crossings(void **state)
{
    (void)state;
    static const double NEAR[] = {2e-4, 5e-4, 1.1e-3};
    size_t tried = 0;
    for (size_t i = 0; i < sizeof SLUGS / sizeof *SLUGS; i++) {
        struct diags *d = diags_new(b->rounds);
        struct questionnaire q;
        struct str text;
        struct decision decision;
        const char *path = str_cstring(b->rounds, str_printf(b->rounds, "content/workloads/%s/questionnaire.json", SLUGS[i]));
        assert_true(file_read(path, b->rounds, &text, d));
        assert_true(questionnaire_parse(str_of(path), text, str_of(SLUGS[i]), b->rounds, &q, d));
        assert_true(ask(&q, NULL, false, &decision));
        for (size_t k = 0; k < decision.crossover_count && !has_own_traffic(&q); k++) {
            const struct crossover *c = &decision.crossovers[k];
            if (!c->is_first)
                continue;
            bool level = false;
            enum platform_class above = class_at_volume(&q, c, c->at, &level), below = CLASS_NONE;
            for (size_t n = 0; n < sizeof NEAR / sizeof *NEAR && below != c->from_class && !(level && below == c->to_class); n++)
                below = class_at_volume(&q, c, c->at * (1 - NEAR[n]), &level);
            bool is_true = above == c->to_class && (below == c->from_class || level);
            if (!is_true)
                printf("%s: at %.10g from %s to %s, but below it is %s and above %s\n", SLUGS[i], c->at, class_word(c->from_class), class_word(c->to_class),
                       class_word(below), class_word(above));
            assert_true(is_true);
            tried++;
        }
        bench_rewind(b);
    }
    printf("# %zu crossings\n", tried);
    assert_true(tried > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printed_flips_flip),
        cmocka_unit_test(the_cheapest_class_changes_at_its_crossings),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
