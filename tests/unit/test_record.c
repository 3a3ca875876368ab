/*
 * What a decision keeps beside its verdict: assumptions that name their model and leave nothing out, rules
 * of thumb that say what stands beside them, draws in which nothing holds, advice on commitments.
 */
#include "support/bundled.h"
#include "unit/unit.h"

#include <math.h>
#include <stdio.h>

#define assert_near(got, want, within) assert_true(fabs((got) - (want)) <= (within))

#define ONE_MODEL                                                                                                  \
    "'answers': {'traffic': {'requests_per_day': 2000000, 'basis': 'estimated'}, 'latency': {'p99_ms': 400}},"     \
    "'models': [{'name': 'scorer', 'kind': 'realtime', 'size_mb': 200, 'memory_mb': 2048, 'vcpu': 1, 'duration_ms': 60}]"

#define TWO_MODELS                                                                                                 \
    "'answers': {'traffic': {'requests_per_day': 2000000, 'basis': 'estimated'}, 'latency': {'p99_ms': 400}},"     \
    "'models': [{'name': 'ranker', 'kind': 'realtime', 'memory_mb': 2048, 'vcpu': 1, 'duration_ms': 60},"          \
    "           {'name': 'scorer', 'kind': 'realtime', 'memory_mb': 2048, 'vcpu': 1, 'duration_ms': 90}],"         \
    "'jobs': [{'name': 'nightly', 'kind': 'batch', 'hours_per_run': 1, 'runs_per_month': 30, 'vcpu': 4, 'memory_mb': 8192}]"

static const struct assumption_result *find_assumption(const struct decision *d, const char *variable)
{
    for (size_t i = 0; i < d->assumption_count; i++)
        if (str_is(d->assumptions[i].variable, variable))
            return &d->assumptions[i];
    return NULL;
}

static bool says(struct str text, const char *want)
{
    return str_find(text, str_of(want)) < text.n;
}

static void inputs_of_several_parts_name_their_part(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(b, TWO_MODELS);
    assert_str(find_assumption(d, "models.0.duration_ms")->name, "service time of ranker");
    assert_str(find_assumption(d, "models.1.duration_ms")->name, "service time of scorer");
    assert_str(find_assumption(d, "jobs.0.hours_per_run")->name, "hours a run of nightly");
    /* What the models share belongs to none of them. */
    assert_str(find_assumption(d, "answers.traffic.requests_per_day")->name, "requests per day");
    for (size_t i = 0; i < d->sensitivity_count; i++) {
        const struct sensitivity *s = &d->sensitivity[i];
        if (str_starts(s->variable, STR("models.")))
            assert_true(says(s->name, " of ranker") || says(s->name, " of scorer"));
    }
}

static void inputs_of_a_single_model_need_no_name(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(b, ONE_MODEL);
    assert_str(find_assumption(d, "models.0.duration_ms")->name, "service time");
}

static void parameters_of_the_policy_that_enter_a_line_are_assumptions(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(b, ONE_MODEL);
    static const char *const ENTER[] = {"policy.image_versions_kept", "policy.image_overhead_mb", "policy.metrics_per_model",
                                        "policy.min_replicas", "policy.min_nodes", "policy.node_disk_gb"};
    for (size_t i = 0; i < sizeof ENTER / sizeof *ENTER; i++) {
        const struct assumption_result *x = find_assumption(d, ENTER[i]);
        if (!x)
            print_error("%s is not listed\n", ENTER[i]);
        assert_non_null(x);
        assert_true(x->is_assumed && x->why.n > 0 && x->source.n > 0);
    }
    /* 10, plausible from 3 to 30; the draws keep it. */
    const struct assumption_result *kept = find_assumption(d, "policy.image_versions_kept");
    assert_near(kept->value, 10, 0);
    assert_near(kept->low, 3, 0);
    assert_near(kept->high, 30, 0);
    assert_true(kept->is_held);
    /* What a pool of GPUs aims at is nothing to a model without one. */
    assert_null(find_assumption(d, "policy.gpu_target_utilisation"));
    assert_non_null(find_assumption(d, "policy.target_utilisation"));
    /* No GPU, no job, no trial, no workflow: none of theirs. */
    assert_null(find_assumption(d, "policy.gpu_node_disk_gb"));
    assert_null(find_assumption(d, "policy.spot_checkpoint_h"));
    assert_null(find_assumption(d, "policy.min_replicas_validation"));
}

static void no_assumption_lacks_a_name_or_a_reason(void **state)
{
    (void)state;
    const char *const workloads[] = {ONE_MODEL, TWO_MODELS};
    for (size_t w = 0; w < 2; w++) {
        const struct decision *d = bench_decide(b, workloads[w]);
        for (size_t i = 0; i < d->assumption_count; i++) {
            const struct assumption_result *x = &d->assumptions[i];
            assert_true(x->why.n > 0);
            assert_false(str_equal(x->name, x->variable) && !str_is(x->name, "stage")); /* a word, not a path */
        }
        /* Multiples of the catalogue's figures, at 1, assume nothing. */
        assert_null(find_assumption(d, "platforms.keep_alive"));
        assert_null(find_assumption(d, "platforms.cold_start"));
    }
}

static const struct folklore_result *rule(const struct decision *d, const char *id)
{
    for (size_t i = 0; i < d->folklore_count; i++)
        if (str_is(d->folklore[i].folklore->id, id))
            return &d->folklore[i];
    return NULL;
}

static void rules_of_thumb_say_what_stands_beside_them(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(b, ONE_MODEL);
    /* A bill is infrastructure. */
    const struct option *serverless = &d->options[d->serverless.option];
    const struct folklore_result *bill = rule(d, "bill-5000");
    assert_near(bill->computed, money_double(serverless->infrastructure), 1e-6);
    assert_true(says(bill->text, "people left out"));
    /* 2,000,000 a day over 86,400 s. */
    assert_near(rule(d, "steady-500-rps")->computed, 23.148148, 1e-5);
    /* A pool that runs at the policy's target found nothing out. */
    const struct folklore_result *busy = rule(d, "utilisation-40-50");
    if (fabs(busy->computed - 0.6) < 0.005)
        assert_true(says(busy->text, "not a finding: pools are sized for 60%"));
    else
        assert_true(says(busy->text, "busy share"));
    assert_true(isnan(rule(d, "gpu-16-hours")->computed));
    assert_str(rule(d, "gpu-16-hours")->text, "no GPU is required");
}

/* Fargate, not cheapest of its side today, and new nodes of EKS cost the same at far more calls than today's. */
static void sides_cross_where_any_of_their_options_do(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(
        b, "'providers': ['aws', 'azure', 'gcp'], 'purchase': ['on-demand'], 'answers': {'traffic': {'requests_per_day': 838.4, 'peak_rps': 0.03477, "
           "'idle_share': 0.18}, 'gpu': {'need': 'none'}, 'team': {'existing_cluster': 'azure-aks'}, 'dependencies': {'custom': 'container'}}, "
           "'models': [{'memory_mb': {'low': 14080, 'likely': 18400, 'high': 19380}, 'size_mb': 31.83, 'duration_ms': {'low': 70.97, "
           "'likely': 85.26, 'high': 91.26}, 'vcpu': 1, 'concurrency': 4, 'interruptible': false, 'response_kb': 531.6}]");
    const struct crossover *sides = NULL;
    for (size_t i = 0; i < d->crossover_count && !sides; i++) {
        const struct crossover *c = &d->crossovers[i];
        if (c->from_class == CLASS_SERVERLESS && c->to_class == CLASS_KUBERNETES && !c->is_pair)
            sides = c;
    }
    if (!sides || sides->from == d->serverless.option) {
        fail_msg("the case has no such crossing any more");
        return;
    }
    const struct folklore_result *volume = rule(d, "volume-50k-100k");
    assert_near(volume->computed, sides->at, 0);
    assert_true(says(volume->text, "where Kubernetes and serverless cost the same"));
}

static void every_draw_is_accounted_for(void **state)
{
    (void)state;
    /* A p99 close to what service times allow: in some draws nothing holds it. */
    const struct decision *d = bench_decide(
        b, "'answers': {'traffic': {'requests_per_day': 10000000, 'basis': 'estimated'}, 'latency': {'p99_ms': 110}},"
           "'models': [{'name': 'm', 'memory_mb': 2048, 'vcpu': 1, 'duration_ms': 60, 'duration_cv': {'low': 0.1, 'likely': 0.2, 'high': 0.5}}]");
    const struct recommendation *r = &d->recommendation;
    double shares = 0;
    for (int k = 0; k < CLASS_NONE; k++)
        shares += r->class_share[k];
    assert_true(r->nothing_share > 0);
    assert_near(shares + r->nothing_share, 1, 5e-4); /* five figures, each rounded to 1e-4 */
    bool said = false;
    for (size_t i = 0; i < r->reason_count; i++)
        said = said || says(r->reasons[i].text, "nothing meets them all");
    assert_true(said);
}

static void without_draws_no_share_is_claimed(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(b, "'models': [{'name': 'm', 'memory_mb': 2048}]"); /* no volume */
    assert_true(isnan(d->recommendation.nothing_share));
    for (size_t i = 0; i < d->option_count; i++)
        assert_true(isnan(d->options[i].cheapest_share));
}

static void a_commitment_says_how_many_nodes_it_covers(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(
        b, "'purchase': ['on-demand', 'reserved-1y'], 'providers': ['aws'],"
           "'answers': {'traffic': {'requests_per_day': 40000000, 'cv': 0.2, 'peak_rps': 700, 'basis': 'measured'}, 'latency': {'p99_ms': 800}},"
           "'models': [{'name': 'm', 'memory_mb': 2048, 'vcpu': 1, 'duration_ms': 60}]");
    size_t seen = 0;
    for (size_t i = 0; i < d->option_count; i++) {
        const struct option *o = &d->options[i];
        for (size_t k = 0; k < o->line_count; k++) {
            if (!str_ends(o->lines[k].item, STR(", committed")))
                continue;
            char want[400];
            double nodes = decimal_double(o->lines[k].quantity) / 730; /* paid for every hour of the month */
            snprintf(want, sizeof want, "%.0f node%s committed for %s", nodes, nodes > 1.5 ? "s are" : " is",
                     o->purchase == PURCHASE_RESERVED_1Y ? "one year" : "three years");
            bool said = false;
            for (size_t n = 0; n < o->note_count; n++)
                said = said || says(o->notes[n], want);
            assert_true(said);
            seen++;
        }
    }
    assert_true(seen > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(inputs_of_several_parts_name_their_part, again),
        cmocka_unit_test_setup(inputs_of_a_single_model_need_no_name, again),
        cmocka_unit_test_setup(parameters_of_the_policy_that_enter_a_line_are_assumptions, again),
        cmocka_unit_test_setup(no_assumption_lacks_a_name_or_a_reason, again),
        cmocka_unit_test_setup(rules_of_thumb_say_what_stands_beside_them, again),
        cmocka_unit_test_setup(sides_cross_where_any_of_their_options_do, again),
        cmocka_unit_test_setup(every_draw_is_accounted_for, again),
        cmocka_unit_test_setup(without_draws_no_share_is_claimed, again),
        cmocka_unit_test_setup(a_commitment_says_how_many_nodes_it_covers, again),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
