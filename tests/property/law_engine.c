/*
 * Laws of the engine on random workloads, over the bundled price book: what holds whatever is answered.
 * LAW_SEED sets the seed, LAW_ROUNDS how many workloads each law sees.
 */
#include "support/engine.h"
#include "unit/unit.h"

#include "base/arena.h"
#include "number/money.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct bench *b;
static uint64_t state_of_seed;
static int rounds = 3;

static int enter(void **state)
{
    (void)state;
    const char *seed = getenv("LAW_SEED"), *count = getenv("LAW_ROUNDS");
    uint64_t given = seed ? strtoull(seed, NULL, 10) : 20261122;
    printf("# LAW_SEED=%llu\n", (unsigned long long)given);
    state_of_seed = given * 2 + 1;
    if (count)
        rounds = (int)strtol(count, NULL, 10);
    b = bench_open(NULL);
    return 0;
}

static int leave(void **state)
{
    (void)state;
    bench_close(b);
    return 0;
}

static int again(void **state)
{
    (void)state;
    bench_rewind(b);
    return 0;
}

/* xorshift64*, as a number from 0 to 1. */
static double next(void)
{
    state_of_seed ^= state_of_seed >> 12;
    state_of_seed ^= state_of_seed << 25;
    state_of_seed ^= state_of_seed >> 27;
    return ldexp((double)((state_of_seed * UINT64_C(2685821657736338717)) >> 11), -53);
}

static double between(double low, double high)
{
    return low * pow(high / low, next());
}

static int choice(int n)
{
    return (int)(next() * n);
}

/* A workload of one model, as figures, so that a law can change one of them. */
struct sample {
    double per_day, peak_to_mean, memory_mb, vcpu, duration_ms, duration_cv, size_mb, p99_ms,
        concurrency, vram_gb;
    double response_kb;
    int engineers, kind, gpu, geography, validation;
};

static struct sample sample(void)
{
    struct sample s = {
        .per_day = between(10, 3e7),
        .peak_to_mean = between(1, 20),
        .memory_mb = floor(between(128, 40000)),
        .vcpu = next() < 0.5 ? 0 : ceil(4 * next()),
        .duration_ms = between(5, 60000),
        .duration_cv = between(0.1, 1.5),
        .size_mb = between(1, 8000),
        .concurrency = next() < 0.7 ? 1 : 1 + choice(8),
        .response_kb = between(0.1, 500),
        .engineers = choice(3),
        .kind = next() < 0.7 ? 0 : choice(3),
        .gpu = next() < 0.3,
        .geography = choice(3),
        .validation = next() < 0.3,
    };
    s.size_mb = fmin(s.size_mb, s.memory_mb * 0.9);
    s.p99_ms = next() < 0.3 ? 0 : s.duration_ms * between(1.5, 60);
    s.vram_gb = s.gpu ? ceil(between(2, 80)) : 0;
    if (s.gpu)
        s.size_mb = fmin(s.size_mb, s.vram_gb * 800);
    return s;
}

static struct str text_of(const struct sample *s, const char *more)
{
    static const char *const KINDS[] = {"realtime", "async", "batch"};
    static const char *const GEOGRAPHIES[] = {"us-east", "eu-west", "ap-south"};
    char vcpu[40] = "", p99[60] = "", gpu[100] = "'gpu': {'need': 'none'}", hardware[40] = "";
    if (s->vcpu > 0)
        snprintf(vcpu, sizeof vcpu, "'vcpu': %.17g, ", s->vcpu);
    if (s->p99_ms > 0 && s->kind == 0)
        snprintf(p99, sizeof p99, "'latency': {'p99_ms': %.17g}, ", s->p99_ms);
    if (s->gpu) {
        snprintf(gpu, sizeof gpu, "'gpu': {'need': 'required', 'vram_gb': %.17g, 'count': 1}",
                 s->vram_gb);
        snprintf(hardware, sizeof hardware, "'hardware': '%s', ",
                 s->vram_gb <= 24 ? "L4" : "A100-80");
    }
    char text[4096];
    int n = snprintf(
        text, sizeof text,
        "'stage': '%s', 'geography': '%s', %s 'answers': {%s, %s'traffic': {'requests_per_day': %.17g, 'peak_rps': %.17g, 'basis': 'measured'}, "
        "'team': {'platform_engineers': %d}}, "
        "'models': [{'name': 'm', 'kind': '%s', %s%s'memory_mb': %.17g, 'duration_ms': %.17g, 'duration_cv': %.17g, 'size_mb': %.17g, "
        "'concurrency': %.17g, 'response_kb': %.17g}]",
        s->validation ? "validation" : "production", GEOGRAPHIES[s->geography], more, gpu, p99,
        s->per_day, s->per_day / 86400 * s->peak_to_mean, s->engineers, KINDS[s->kind], vcpu,
        hardware, s->memory_mb, s->duration_ms, s->duration_cv, s->size_mb, s->concurrency,
        s->response_kb);
    assert_true(n > 0 && (size_t)n < sizeof text);
    return bench_text(b, text);
}

static const struct decision *decided(const struct sample *s, const char *more)
{
    struct str text = text_of(s, more);
    const struct decision *d = bench_try(b, text);
    if (!d)
        printf("no decision: %.*s\n", STR_ARG(text));
    assert_non_null(d);
    return d;
}

static void show(const struct sample *s)
{
    struct str text = text_of(s, "");
    printf("%.*s\n", STR_ARG(text));
}

#define check(condition, sample, ...) \
    do {                              \
        if (!(condition)) {           \
            printf(__VA_ARGS__);      \
            printf("\n");             \
            show(sample);             \
            fail();                   \
        }                             \
    } while (0)

static const struct option *same_option(const struct decision *d, struct str id)
{
    for (size_t i = 0; i < d->option_count; i++)
        if (str_equal(d->options[i].id, id))
            return &d->options[i];
    return NULL;
}

/* The cheapest feasible option of a platform, whatever machine it takes. */
static const struct option *of_platform(const struct decision *d, const struct platform *p,
                                        enum purchase purchase)
{
    const struct option *best = NULL;
    for (size_t i = 0; i < d->option_count; i++) {
        const struct option *o = &d->options[i];
        if (o->platform == p && o->purchase == purchase && o->feasible && o->costed &&
            (!best || money_compare(o->monthly, best->monthly) < 0))
            best = o;
    }
    return best;
}

static double cheapest(const struct decision *d)
{
    double best = HUGE_VAL;
    for (size_t i = 0; i < d->option_count; i++)
        if (d->options[i].eligible && d->options[i].costed)
            best = fmin(best, bench_usd(&d->options[i]));
    return best;
}

/* ---- laws ---- */

static void check_sums(const struct sample *s, const struct decision *d)
{
    for (size_t i = 0; i < d->option_count; i++) {
        const struct option *o = &d->options[i];
        if (!o->costed)
            continue;
        struct money all = {0}, infrastructure = {0}, operations = {0}, without = {0};
        for (size_t k = 0; k < o->line_count; k++) {
            const struct line *l = &o->lines[k];
            struct money usd;
            assert_true(money_charge(l->quantity, l->unit_usd, &usd));
            check(money_compare(usd, l->usd) == 0, s, "%.*s: line %.*s is not quantity x price",
                  STR_ARG(o->id), STR_ARG(l->item));
            assert_true(money_add(&all, l->usd));
            assert_true(money_add(l->is_operations ? &operations : &infrastructure, l->usd));
            if (!l->is_allowance)
                assert_true(money_add(&without, l->usd));
            assert_non_null(l->sku);
            assert_non_null(l->price);
            check(l->price->source.n > 0, s, "%.*s: no source", STR_ARG(l->sku->id));
        }
        check(money_compare(all, o->monthly) == 0 &&
                  money_compare(infrastructure, o->infrastructure) == 0 &&
                  money_compare(operations, o->operations) == 0 &&
                  money_compare(without, o->without_allowances) == 0,
              s, "%.*s: lines do not sum to the total", STR_ARG(o->id));
        check(bench_usd(o) > 0 && money_double(o->infrastructure) >= 0, s, "%.*s: negative",
              STR_ARG(o->id));
        if (o->feasible) {
            check(isfinite(o->p10_usd) || o->feasible_share <= 0, s, "%.*s: no P10",
                  STR_ARG(o->id));
            check(!(o->p10_usd > o->p50_usd) && !(o->p50_usd > o->p90_usd), s,
                  "%.*s: percentiles out of order", STR_ARG(o->id));
            check(o->cheapest_share >= 0 && o->cheapest_share <= 1, s, "%.*s: share",
                  STR_ARG(o->id));
            check(o->violation_count == 0, s, "%.*s: feasible with a violation", STR_ARG(o->id));
        } else {
            check(o->violation_count > 0, s, "%.*s: infeasible without a violation",
                  STR_ARG(o->id));
            check(!o->eligible, s, "%.*s: eligible, not feasible", STR_ARG(o->id));
        }
    }
    const struct recommendation *r = &d->recommendation;
    if (r->verdict == VERDICT_DECIDED || r->verdict == VERDICT_TOO_CLOSE) {
        check(r->option >= 0 && (size_t)r->option < d->option_count, s,
              "the verdict names no option");
        const struct option *o = &d->options[r->option];
        check(o->eligible && o->class == r->class && o->violation_count == 0, s,
              "hard limits beat leans: %.*s", STR_ARG(o->id));
        check(bench_usd(o) <= cheapest(d) * (1 + 1e-12), s, "%.*s is not the cheapest",
              STR_ARG(o->id));
        check(r->runner_up < 0 || d->options[r->runner_up].class != r->class, s,
              "runner-up of the same class");
        check(r->runner_up < 0 || r->margin >= -1e-12, s, "margin %g", r->margin);
        check(!(r->class_confidence < 0) && !(r->class_confidence > 1), s, "confidence %g",
              r->class_confidence);
        check((r->verdict == VERDICT_DECIDED) ==
                  (r->runner_up < 0 || isnan(r->class_confidence) || r->class_confidence >= 0.7),
              s, "decided at %g", r->class_confidence);
    } else {
        check(r->verdict == VERDICT_INFEASIBLE, s, "no verdict");
        check(r->relax.n > 0, s, "infeasible, and nothing said of what to relax");
    }
}

static void lines_sum_to_totals_and_the_verdict_is_the_cheapest_feasible(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * rounds; i++) {
        struct sample s = sample();
        check_sums(&s, decided(&s, i % 3 == 0 ? "'purchase': ['on-demand', 'spot', 'reserved-1y'], "
                                              : ""));
        bench_rewind(b);
    }
}

static double cheapest_of(const struct decision *d, enum platform_class class)
{
    double best = HUGE_VAL;
    for (size_t i = 0; i < d->option_count; i++)
        if (d->options[i].eligible && d->options[i].costed && d->options[i].class == class)
            best = fmin(best, bench_usd(&d->options[i]));
    return best;
}

/* Relaxing p99 keeps every feasible option feasible and raises no class's minimum. One option may cost
 * more: a replica that the tighter limit keeps pays an idle rate where the looser one pays a tail. */
static void relaxing_the_slo_hurts_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < rounds; i++) {
        struct sample s = sample();
        s.kind = 0;
        if (!(s.p99_ms > 0))
            s.p99_ms = s.duration_ms * 4;
        const struct decision *tight = decided(&s, "");
        struct sample more = s;
        more.p99_ms *= between(1.1, 30);
        const struct decision *loose = decided(&more, "");
        for (size_t k = 0; k < b->book.platform_count; k++) {
            const struct platform *p = &b->book.platforms[k];
            for (int way = 0; way < PURCHASE_COUNT; way++) {
                const struct option *was = of_platform(tight, p, (enum purchase)way),
                                    *is = of_platform(loose, p, (enum purchase)way);
                check(!was || is, &s, "%.*s holds at %g ms, not at %g", STR_ARG(p->id), s.p99_ms,
                      more.p99_ms);
            }
        }
        for (int k = 0; k < CLASS_HYBRID; k++)
            check(cheapest_of(loose, (enum platform_class)k) <=
                      cheapest_of(tight, (enum platform_class)k) * (1 + 1e-9),
                  &s, "%s rises", class_word((enum platform_class)k));
        bench_rewind(b);
    }
}

/* Without a provider the minimum is not lower: an option more never raises it. */
static void an_option_more_never_raises_the_minimum(void **state)
{
    (void)state;
    for (int i = 0; i < rounds; i++) {
        struct sample s = sample();
        double all = cheapest(decided(&s, "")),
               one = cheapest(decided(&s, "'providers': ['aws'], ")),
               two = cheapest(decided(&s, "'providers': ['aws', 'gcp'], "));
        check(all <= two && two <= one, &s,
              "minimum %.6f of all, %.6f of two, %.6f of one provider", all, two, one);
        double spot = cheapest(decided(&s, "'purchase': ['on-demand', 'spot'], "));
        double on_demand = cheapest(decided(&s, "'purchase': ['on-demand'], "));
        check(spot <= on_demand, &s, "spot as well: %.6f, on demand alone %.6f", spot, on_demand);
        bench_rewind(b);
    }
}

/* More volume never costs less where requests are paid for. Where instances are paid while they live, more
 * traffic saves starts: that much less, a thousandth, it may cost. */
static void more_volume_never_costs_less_on_pay_per_use(void **state)
{
    (void)state;
    static const char *const PLATFORMS[] = {"aws-lambda",           "aws-lambda-arm",
                                            "gcp-cloud-run",        "aws-sagemaker-serverless",
                                            "azure-functions-flex", "modal"};
    for (int i = 0; i < rounds; i++) {
        struct sample s = sample();
        s.p99_ms = 0; /* kept instances that an SLO needs may become fewer */
        struct sample more = s;
        more.per_day *= between(1.5, 10);
        const struct decision *less = decided(&s, ""), *much = decided(&more, "");
        for (size_t k = 0; k < sizeof PLATFORMS / sizeof *PLATFORMS; k++) {
            const struct option *a = bench_option_find(less, PLATFORMS[k]),
                                *c = bench_option_find(much, PLATFORMS[k]);
            if (a && c && a->costed && c->costed)
                check(bench_usd(c) >=
                          bench_usd(a) *
                              (a->platform->scaling == SCALING_TO_ZERO ? 0.999 : 1 - 1e-9),
                      &s, "%s: %.6f at %g a day, %.6f at %g", PLATFORMS[k], bench_usd(a), s.per_day,
                      bench_usd(c), more.per_day);
        }
        bench_rewind(b);
    }
}

/* The order of models in the file decides nothing. */
static void the_order_of_models_does_not_matter(void **state)
{
    (void)state;
    for (int i = 0; i < rounds; i++) {
        char one[300], two[300];
        snprintf(
            one, sizeof one,
            "{'name': 'a', 'memory_mb': %.0f, 'duration_ms': %.6g, 'size_mb': 50, 'traffic': {'requests_per_day': %.6g}}",
            between(256, 8000), between(10, 3000), between(100, 1e6));
        snprintf(
            two, sizeof two,
            "{'name': 'b', 'memory_mb': %.0f, 'duration_ms': %.6g, 'size_mb': 50, 'traffic': {'requests_per_day': %.6g}}",
            between(256, 8000), between(10, 3000), between(100, 1e6));
        const struct decision *d = bench_decidef(
            b, "'answers': {'team': {'platform_engineers': 1}}, 'models': [%s, %s]", one, two);
        const struct decision *e = bench_decidef(
            b, "'answers': {'team': {'platform_engineers': 1}}, 'models': [%s, %s]", two, one);
        assert_int_equal(d->option_count, e->option_count);
        for (size_t k = 0; k < d->option_count; k++) {
            const struct option *o = &d->options[k], *same = same_option(e, o->id);
            if (!same)
                printf("%.*s with %s, %s only one way round\n", STR_ARG(o->id), one, two);
            assert_non_null(same);
            if (o->costed && fabs(bench_usd(o) - bench_usd(same)) > 1e-4)
                printf("%.*s: %.6f and %.6f with %s, %s\n", STR_ARG(o->id), bench_usd(o),
                       bench_usd(same), one, two);
            assert_true(!o->costed || fabs(bench_usd(o) - bench_usd(same)) <= 1e-4);
            assert_int_equal(o->feasible, same->feasible);
        }
        assert_int_equal(d->recommendation.class, e->recommendation.class);
        bench_rewind(b);
    }
}

/* A cheaper price of one SKU: no option that it stands in gets dearer, and none else changes. */
static void a_cheaper_price_never_hurts_its_own_platform(void **state)
{
    (void)state;
    for (int i = 0; i < rounds; i++) {
        struct sample s = sample();
        const struct decision *was = decided(&s, "");
        if (was->recommendation.option < 0)
            continue;
        const struct option *o = &was->options[was->recommendation.option];
        const struct line *l = &o->lines[choice((int)o->line_count)];
        if (l->is_operations)
            continue;
        /* Only this test's book: the prices of a loaded book are ours. */
        struct price *price = (struct price *)(uintptr_t)l->price;
        struct price keep = *price;
        struct price_tier *tiers = arena_new(b->rounds, struct price_tier, keep.tier_count);
        price->usd = (struct decimal){keep.usd.coef, keep.usd.scale + 1}; /* a tenth */
        for (size_t t = 0; t < keep.tier_count; t++) {
            tiers[t] = keep.tiers[t];
            tiers[t].usd.scale++;
        }
        if (keep.tier_count)
            price->tiers = tiers;
        const struct decision *is = decided(&s, "");
        *price = keep;
        const struct option *now = of_platform(is, o->platform, o->purchase);
        if (o->platform)
            check(now && bench_usd(now) <= bench_usd(o), &s, "%.*s gets dearer by a cheaper %.*s",
                  STR_ARG(o->id), STR_ARG(l->sku->id));
        check(cheapest(is) <= cheapest(was), &s, "the minimum rises by a cheaper %.*s",
              STR_ARG(l->sku->id));
        if (o->platform)
            check(is->recommendation.class == was->recommendation.class ||
                      is->options[is->recommendation.option].line_count > 0,
                  &s, "lost");
        bench_rewind(b);
    }
}

/* Crossings in requests per day, decided anew a little to either side: the side that is cheaper changes. */
static void crossings_cross(void **state)
{
    (void)state;
    int seen = 0;
    for (int i = 0; i < 2 * rounds; i++) {
        struct sample s = sample();
        s.per_day = between(1e3, 1e6);
        const struct decision *d = decided(&s, "");
        for (size_t k = 0; k < d->crossover_count && k < 3; k++) {
            const struct crossover *c = &d->crossovers[k];
            enum platform_class from = d->options[c->from].class, to = d->options[c->to].class;
            if (from == CLASS_HYBRID || to == CLASS_HYBRID || from == CLASS_MANAGED ||
                to == CLASS_MANAGED)
                continue;
            double ratio[2];
            for (int side = 0; side < 2; side++) {
                struct sample at = s;
                at.per_day = c->at * (side == 0 ? 0.985 : 1.015);
                const struct decision *there = decided(&at, "");
                ratio[side] = cheapest_of(there, from) / cheapest_of(there, to) - 1;
            }
            if (!isfinite(ratio[0]) || !isfinite(ratio[1]))
                continue;
            seen++;
            /* The search keeps machines between its grid points; within one percent the sides cost the same. */
            check(ratio[0] <= 0.01 && ratio[1] >= -0.01, &s,
                  "%s -> %s at %g: %+.4f below, %+.4f above", class_word(from), class_word(to),
                  c->at, ratio[0], ratio[1]);
        }
        bench_rewind(b);
    }
    printf("# %d crossings\n", seen);
}

/* A flip value flips: the class is another one at the printed value, and still the present one a little
 * before it. (Whole nodes make costs saw-toothed: beyond it the class may turn back for a while.) */
static void flip_values_flip(void **state)
{
    (void)state;
    int seen = 0;
    for (int i = 0; i < 3 * rounds; i++) {
        struct sample s = sample();
        const struct decision *d = decided(&s, "");
        for (size_t k = 0; k < d->sensitivity_count; k++) {
            const struct sensitivity *f = &d->sensitivity[k];
            if (isnan(f->flips_at))
                continue;
            struct sample before = s, after = s;
            double *x = NULL, *y = NULL;
            double inside = f->flips_at, beyond = f->flips_at;
            bool up = f->flips_at > f->now;
            inside *= up ? 0.997 : 1.003;
            if (str_is(f->variable, "answers.traffic.requests_per_day")) {
                x = &before.per_day;
                y = &after.per_day;
            } else if (str_is(f->variable, "models.0.duration_ms")) {
                x = &before.duration_ms;
                y = &after.duration_ms;
            } else if (str_is(f->variable, "models.0.memory_mb") ||
                       str_is(f->variable, "models.0.concurrency")) {
                continue; /* whole numbers */
            } else if (str_is(f->variable, "models.0.response_kb")) {
                x = &before.response_kb;
                y = &after.response_kb;
            } else {
                continue;
            }
            *x = inside;
            *y = beyond;
            if (x == &before.per_day) { /* the peak is another answer, and stays */
                before.peak_to_mean *= s.per_day / before.per_day;
                after.peak_to_mean *= s.per_day / after.per_day;
            }
            struct str first = text_of(&before, ""), second = text_of(&after, "");
            const struct decision *was = bench_try(b, first), *is = bench_try(b, second);
            if (!was || !is)
                continue;
            seen++;
            check(was->recommendation.class == d->recommendation.class, &s,
                  "%.*s flips at %g, but at %g the class is %s already", STR_ARG(f->variable),
                  f->flips_at, inside, class_word(was->recommendation.class));
            check(is->recommendation.class != d->recommendation.class, &s,
                  "%.*s flips at %g, but at %g the class still is %s", STR_ARG(f->variable),
                  f->flips_at, beyond, class_word(is->recommendation.class));
        }
        bench_rewind(b);
    }
    printf("# %d flips\n", seen);
}

/* Outside the band of crossings more volume never moves a costed verdict from Kubernetes to serverless. */
static void beyond_the_last_crossing_volume_does_not_leave_kubernetes(void **state)
{
    (void)state;
    for (int i = 0; i < rounds; i++) {
        struct sample s = sample();
        s.per_day = between(1e3, 1e5);
        const struct decision *d = decided(&s, "");
        double last = s.per_day;
        for (size_t k = 0; k < d->crossover_count; k++)
            last = fmax(last, d->crossovers[k].at);
        bool kubernetes = false;
        for (double factor = 1.2; factor < 30; factor *= 1.7) {
            struct sample at = s;
            at.per_day = last * factor;
            const struct decision *there = decided(&at, "");
            if (there->kubernetes.option < 0 || there->serverless.option < 0)
                continue;
            bool wins = there->head_to_head_winner == CLASS_KUBERNETES;
            check(wins || !kubernetes, &s, "at %g a day Kubernetes lost again", at.per_day);
            kubernetes = kubernetes || wins;
        }
        bench_rewind(b);
    }
}

/* Nothing falls over at the ends of what may be answered. */
static void extremes_are_decided_or_refused(void **state)
{
    (void)state;
    static const double DAYS[] = {0, 1e-6, 1, 1e6, 1e12}, DURATIONS[] = {1e-3, 1, 1e5, 1e9},
                        MEMORIES[] = {1, 1024, 1e6, 1e9};
    for (size_t i = 0; i < 5; i++)
        for (size_t k = 0; k < 4; k++)
            for (size_t m = 0; m < 4; m++) {
                char text[600];
                snprintf(
                    text, sizeof text,
                    "'answers': {'latency': {'p99_ms': %s}, 'traffic': {'requests_per_day': %.17g}}, 'models': [{'memory_mb': %.17g, 'duration_ms': %.17g, 'size_mb': 1}]",
                    m % 2 ? "1e-3" : "1e9", DAYS[i], MEMORIES[m], DURATIONS[k]);
                const struct decision *d = bench_try(b, bench_text(b, text));
                if (d) {
                    struct sample s = {0};
                    assert_true(d->recommendation.sentence.n > 0);
                    for (size_t o = 0; o < d->option_count; o++)
                        if (d->options[o].costed)
                            assert_true(isfinite(bench_usd(&d->options[o])));
                    (void)s;
                }
                bench_rewind(b);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(lines_sum_to_totals_and_the_verdict_is_the_cheapest_feasible, again),
        cmocka_unit_test_setup(relaxing_the_slo_hurts_nothing, again),
        cmocka_unit_test_setup(an_option_more_never_raises_the_minimum, again),
        cmocka_unit_test_setup(more_volume_never_costs_less_on_pay_per_use, again),
        cmocka_unit_test_setup(the_order_of_models_does_not_matter, again),
        cmocka_unit_test_setup(a_cheaper_price_never_hurts_its_own_platform, again),
        cmocka_unit_test_setup(crossings_cross, again),
        cmocka_unit_test_setup(flip_values_flip, again),
        cmocka_unit_test_setup(beyond_the_last_crossing_volume_does_not_leave_kubernetes, again),
        cmocka_unit_test_setup(extremes_are_decided_or_refused, again),
    };
    cmocka_set_test_filter(getenv("LAW")); /* a pattern of names; NULL: all */
    return cmocka_run_group_tests(tests, enter, leave);
}
