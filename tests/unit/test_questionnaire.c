#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "questionnaire/questionnaire.h"

#include <math.h>
#include <stdio.h>

#define assert_number(got, want) assert_true(fabs((got) - (want)) <= 0)

/* One questionnaire read in a fresh arena, and its messages, one a line: "line:column: message". */
struct reading {
    struct arena *a;
    struct questionnaire q;
    struct strbuf messages;
    bool ok;
};

static void collect(struct diags *d, struct strbuf *out)
{
    diags_sort(d);
    for (size_t i = 0; i < diags_count(d); i++) {
        const struct diag *g = diags_get(d, i);
        size_t line = 0, column = 0;
        where_line(g->where, &line, &column);
        strbuf_addf(out, "%zu:%zu: %s%.*s\n", line, column,
                    g->severity == SEVERITY_WARNING ? "warning: " : "", STR_ARG(g->message));
    }
}

static void read_text(struct reading *r, const char *text)
{
    struct diags *d;
    *r = (struct reading){.a = arena_create()};
    d = diags_new(r->a);
    r->ok = questionnaire_parse(STR("q.json"), str_copy(r->a, str_of(text)), STR("a-slug"), r->a,
                                &r->q, d);
    collect(d, &r->messages);
}

/* A questionnaire of one line with these answers and models. */
static void read_parts(struct reading *r, const char *answers, const char *models)
{
    char text[4096];
    snprintf(text, sizeof text,
             "{\"format\":\"breakeven-questionnaire/1\",\"title\":\"T\",\n\"answers\":{%s},\n"
             "\"models\":[%s]}",
             answers, models);
    read_text(r, text);
}

static void done(struct reading *r)
{
    strbuf_release(&r->messages);
    arena_destroy(r->a);
}

/* Every expected part stands in the messages; "" expects none at all. */
static void expect(const char *answers, const char *models, const char *want)
{
    struct reading r;
    read_parts(&r, answers, models);
    if (want[0] == '\0') {
        assert_str(strbuf_str(&r.messages), "");
        assert_true(r.ok);
    } else if (!r.messages.s || !strstr(r.messages.s, want)) {
        fail_msg("wanted \"%s\", got \"%s\"", want, r.messages.s ? r.messages.s : "");
    }
    done(&r);
}

/* ---- the table -------------------------------------------------------------------------------- */

static void every_field_has_help_in_one_sentence_and_a_path_of_its_own(void **state)
{
    size_t count;
    const struct field *fields = field_table(&count);
    (void)state;
    assert_true(count > 80);
    for (size_t i = 0; i < count; i++) {
        struct str help = str_of(fields[i].help);
        assert_true(help.n > 10 && str_ends(help, STR(".")));
        assert_ptr_equal(field_find(str_of(fields[i].path)), &fields[i]);
        bool is_number = fields[i].kind == FIELD_NUMBER || fields[i].kind == FIELD_INTEGER;
        assert_true(is_number == (fields[i].unit != NULL));
        assert_true(is_number == (fields[i].low < fields[i].high));
        assert_true(fields[i].kind != FIELD_CHOICE || fields[i].words);
        assert_true(fields[i].question <= QUESTION_COUNT);
    }
}

static void children_stand_right_after_their_object(void **state)
{
    size_t count;
    const struct field *fields = field_table(&count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        struct str path = str_of(fields[i].path), parent = path;
        while (parent.n > 0 && parent.s[parent.n - 1] != '.')
            parent.n--;
        if (parent.n == 0)
            continue;
        parent.n--;
        const struct field *above = field_find(parent);
        assert_non_null(above);
        assert_int_equal(above->kind, FIELD_OBJECT);
        assert_true(above < &fields[i]);
    }
}

static void entries_are_found_by_brackets_and_by_number(void **state)
{
    (void)state;
    const struct field *f = field_find(STR("models[].memory_mb"));
    assert_non_null(f);
    assert_ptr_equal(field_find(STR("models.0.memory_mb")), f);
    assert_ptr_equal(field_find(STR("models.12.memory_mb")), f);
    assert_null(field_find(STR("models.memory_mb")));
    assert_null(field_find(STR("models.x.memory_mb")));
    assert_null(field_find(STR("models[].memory_m")));
    assert_null(field_find(STR("")));
}

static void the_nearest_field_is_written_as_one_writes_it(void **state)
{
    struct arena *a = arena_create();
    (void)state;
    assert_str(field_nearest(STR("answers.trafic.requests_per_day"), a),
               "answers.traffic.requests_per_day");
    assert_str(field_nearest(STR("models.memory_mb"), a), "models.0.memory_mb");
    assert_str(field_nearest(STR("p99_ms"), a), "answers.latency.p99_ms");
    assert_str(field_nearest(STR("zzzzzzzzzz"), a), "");
    arena_destroy(a);
}

static void slugs_are_lower_case_and_no_folder_of_the_site(void **state)
{
    char longest[82];
    (void)state;
    memset(longest, 'a', 81);
    assert_true(slug_valid(STR("fraud-scoring")));
    assert_true(slug_valid(STR("0")));
    assert_true(slug_valid((struct str){longest, 80}));
    assert_false(slug_valid((struct str){longest, 81}));
    assert_false(slug_valid(STR("")));
    assert_false(slug_valid(STR("-a")));
    assert_false(slug_valid(STR("Fraud")));
    assert_false(slug_valid(STR("a.b")));
    assert_false(slug_valid(STR("..")));
    assert_false(slug_valid(STR("prices")));
}

/* ---- reading ---------------------------------------------------------------------------------- */

static void a_minimal_questionnaire_answers_nothing(void **state)
{
    struct reading r;
    (void)state;
    read_parts(&r, "", "{}");
    assert_true(r.ok);
    assert_str(strbuf_str(&r.messages), "");
    assert_int_equal(r.q.status, STATUS_PROPOSED);
    assert_false(r.q.status_given);
    assert_true(date_is_none(r.q.date));
    assert_int_equal(r.q.gpu.need, GPU_UNKNOWN);
    assert_int_equal(r.q.existing_cluster, TRI_UNKNOWN);
    assert_false(r.q.traffic.requests_per_day.given);
    assert_false(r.q.purchase[PURCHASE_ON_DEMAND]);
    assert_int_equal(r.q.models_given, 1);
    assert_str(r.q.models[0].name, "model-1");
    assert_int_equal(r.q.models[0].kind, MODEL_REALTIME);
    assert_false(r.q.models[0].kind_given);
    done(&r);
}

static void every_answer_arrives_where_it_belongs(void **state)
{
    static const char TEXT[] =
        "// comments are allowed\n"
        "{\"$schema\": \"../q.json\", \"format\": \"breakeven-questionnaire/1\", \"title\": \"T\",\n"
        "\"owner\": \"O\", \"status\": \"accepted\", \"date\": \"2026-11-02\", \"review_by\": "
        "\"2027-05-01\",\n"
        "\"revisit_if\": [\"answers.traffic.requests_per_day > 2e6\", \"recommendation.margin <= "
        "-0.1\"],\n"
        "\"tags\": [\"a\", \"b\"], \"supersedes\": \"old\", \"providers\": [\"aws\", \"gcp\"],\n"
        "\"purchase\": [\"spot\", \"reserved-3y\"], \"geography\": \"eu-west\",\n"
        "\"current\": {\"platform\": \"aws-eks\", \"monthly_usd\": 18000}, \"stage\": "
        "\"production\",\n"
        "\"answers\": {\"gpu\": {\"need\": \"optional\", \"vram_gb\": 24, \"count\": 2},\n"
        " \"latency\": {\"p99_ms\": 80, \"p95_ms\": 60, \"p50_ms\": 40, \"availability\": 0.999},\n"
        " \"traffic\": {\"requests_per_day\": {\"low\": 1, \"likely\": 864000, \"high\": 2e6},\n"
        "  \"peak_rps\": 40, \"min_rps\": 1, \"cv\": 0.6, \"cv_bin_s\": 60, "
        "\"active_hours_per_day\": 20,\n"
        "  \"idle_share\": 0.1, \"scale_to_zero\": false, \"growth_per_year\": -0.5, \"burst\": 2,\n"
        "  \"periodic_s\": 3600, \"basis\": \"measured\", \"trace\": \"traffic.csv\"},\n"
        " \"dependencies\": {\"custom\": \"gpu-libraries\"},\n"
        " \"team\": {\"platform_engineers\": 0.5, \"data_scientists\": 5, \"existing_cluster\": "
        "\"aws-eks\"},\n"
        " \"models\": {\"count\": 1, \"share_hardware\": true},\n"
        " \"compliance\": {\"tenancy\": \"single\", \"regimes\": [\"soc2\"], \"residency\": \"us\",\n"
        "  \"portability\": true}},\n"
        "\"models\": [{\"name\": \"m\", \"kind\": \"async\", \"size_mb\": 120, \"memory_mb\": 1024,\n"
        " \"vcpu\": 0.5, \"duration_ms\": 25, \"duration_cv\": 0.8, \"family\": \"bert\", \"load_s\": "
        "2,\n"
        " \"streams\": 0, \"hardware\": \"L4\", \"concurrency\": 4, \"request_kb\": 4,\n"
        " \"response_kb\": 1, \"internet_share\": 0.5, \"interruptible\": true, \"deadline_h\": 24,\n"
        " \"traffic\": {\"requests_per_day\": 10}, \"latency\": {\"p99_ms\": 50}, \"gpu\": "
        "{\"need\": \"required\"}}],\n"
        "\"jobs\": [{\"name\": \"j\", \"kind\": \"batch\", \"hardware\": \"A100-40\", \"count\": 8,\n"
        " \"nodes\": 2, \"vcpu\": 96, \"memory_mb\": 640000, \"vram_gb\": 40, \"hours_per_run\": 4,\n"
        " \"runs_per_month\": 8, \"checkpoints\": true, \"interruptible\": false, \"deadline_h\": "
        "12}]}";
    struct reading r;
    (void)state;
    read_text(&r, TEXT);
    assert_str(strbuf_str(&r.messages), "");
    assert_true(r.ok);
    struct questionnaire *q = &r.q;
    assert_str(q->title, "T");
    assert_str(q->owner, "O");
    assert_int_equal(q->status, STATUS_ACCEPTED);
    assert_int_equal(date_compare(q->date, date_civil(2026, 11, 2)), 0);
    assert_int_equal(date_compare(q->review_by, date_civil(2027, 5, 1)), 0);
    assert_int_equal(q->revisit_count, 2);
    assert_str(q->revisit_if[0].path, "answers.traffic.requests_per_day");
    assert_int_equal(q->revisit_if[0].op, COMPARE_GT);
    assert_number(q->revisit_if[0].number, 2e6);
    assert_int_equal(q->revisit_if[1].op, COMPARE_LE);
    assert_number(q->revisit_if[1].number, -0.1);
    assert_int_equal(q->tag_count, 2);
    assert_str(q->supersedes.text, "old");
    assert_int_equal(q->provider_count, 2);
    assert_true(q->purchase[PURCHASE_SPOT] && q->purchase[PURCHASE_RESERVED_3Y]);
    assert_false(q->purchase[PURCHASE_ON_DEMAND] || q->purchase[PURCHASE_RESERVED_1Y]);
    assert_str(q->geography.text, "eu-west");
    assert_str(q->current_platform.text, "aws-eks");
    assert_number(q->current_monthly_usd.likely, 18000);
    assert_int_equal(q->stage, STAGE_PRODUCTION);
    assert_int_equal(q->gpu.need, GPU_OPTIONAL);
    assert_number(q->gpu.vram_gb.likely, 24);
    assert_number(q->gpu.count.likely, 2);
    assert_number(q->latency.p99_ms.likely, 80);
    assert_number(q->latency.availability.likely, 0.999);
    assert_true(q->traffic.requests_per_day.is_range);
    assert_number(q->traffic.requests_per_day.low, 1);
    assert_number(q->traffic.requests_per_day.high, 2e6);
    assert_int_equal(q->traffic.scale_to_zero, TRI_NO);
    assert_number(q->traffic.growth_per_year.likely, -0.5);
    assert_int_equal(q->traffic.basis, BASIS_MEASURED);
    assert_str(q->traffic.trace.text, "traffic.csv");
    assert_int_equal(q->custom, CUSTOM_GPU_LIBRARIES);
    assert_number(q->platform_engineers.likely, 0.5);
    assert_int_equal(q->existing_cluster, TRI_YES);
    assert_str(q->existing_cluster_platform, "aws-eks");
    assert_int_equal(q->share_hardware, TRI_YES);
    assert_int_equal(q->tenancy, TENANCY_SINGLE);
    assert_int_equal(q->regime_count, 1);
    assert_int_equal(q->portability, TRI_YES);
    assert_int_equal(q->models[0].kind, MODEL_ASYNC);
    assert_number(q->models[0].internet_share.likely, 0.5);
    assert_number(q->models[0].traffic.requests_per_day.likely, 10);
    assert_int_equal(q->models[0].gpu.need, GPU_REQUIRED);
    assert_int_equal(q->jobs[0].kind, JOB_BATCH);
    assert_number(q->jobs[0].memory_mb.likely, 640000);
    assert_int_equal(q->jobs[0].checkpoints, TRI_YES);
    assert_int_equal(q->jobs[0].interruptible, TRI_NO);
    done(&r);
}

/* What the parser does not ask for would be an unknown key. */
static void every_key_of_the_table_is_read(void **state)
{
    size_t count;
    const struct field *fields = field_table(&count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        struct strbuf text = STRBUF_INIT;
        struct str rest = str_of(fields[i].path), part;
        char close[16];
        size_t depth = 0;
        /* {"models": [{"traffic": {"cv": null}}]}: a null is always of the wrong kind. */
        for (bool more = true; more;) {
            more = str_cut(rest, '.', &part, &rest);
            bool is_entry = str_ends(part, STR("[]"));
            strbuf_addf(&text, "{\"%.*s\":", (int)(part.n - (is_entry ? 2 : 0)), part.s);
            close[depth++] = '}';
            if (is_entry) {
                strbuf_adds(&text, "[");
                close[depth++] = ']';
            }
        }
        strbuf_adds(&text, "null");
        while (depth > 0)
            strbuf_addc(&text, close[--depth]);
        struct reading r;
        read_text(&r, text.s);
        assert_false(r.ok);
        if (strstr(r.messages.s, "unknown key"))
            fail_msg("%s: %s", fields[i].path, r.messages.s);
        assert_non_null(strstr(r.messages.s, "got null"));
        done(&r);
        strbuf_release(&text);
    }
}

static void all_mistakes_of_a_file_are_reported_at_their_places(void **state)
{
    struct reading r;
    (void)state;
    read_text(&r, "{\n"
                  "  \"format\": \"breakeven-questionnaire/2\",\n"
                  "  \"stauts\": \"draft\",\n"
                  "  \"date\": \"2026-02-30\",\n"
                  "  \"answers\": { \"latency\": { \"p99_ms\": -5 } }\n"
                  "}\n");
    assert_false(r.ok);
    assert_str(strbuf_str(&r.messages),
               "1:1: title is missing\n"
               "2:13: unknown format \"breakeven-questionnaire/2\"\n"
               "3:3: unknown key \"stauts\"\n"
               "4:11: date must be a day as YYYY-MM-DD, got \"2026-02-30\"\n"
               "5:39: answers.latency.p99_ms must be greater than 0, got -5\n");
    done(&r);
}

static void a_file_without_a_part_or_not_an_object_is_an_error(void **state)
{
    struct reading r;
    (void)state;
    read_text(&r, "{\"format\": \"breakeven-questionnaire/1\", \"title\": \"T\", \"models\": []}");
    assert_str(strbuf_str(&r.messages), "1:1: neither a model nor a job is described\n");
    done(&r);
    read_text(&r, "[1]");
    assert_str(strbuf_str(&r.messages), "1:1: the file must be an object, got an array\n");
    done(&r);
    read_text(&r, "");
    assert_false(r.ok);
    done(&r);
}

static void numbers_are_refused_out_of_range_and_in_a_wrong_shape(void **state)
{
    static const struct {
        const char *answers, *want;
    } CASES[] = {
        {"\"latency\":{\"p99_ms\":0}", "answers.latency.p99_ms must be greater than 0, got 0"},
        {"\"latency\":{\"p99_ms\":1e10}",
         "answers.latency.p99_ms must be at most 1000000000, got 1e10"},
        {"\"latency\":{\"p99_ms\":1e-9}", "must be at least 0.001"},
        {"\"latency\":{\"availability\":99.9}", "must be at most 1, got 99.9"},
        {"\"latency\":{\"p99_ms\":\"80\"}",
         "must be a number or a range {low, likely, high}, got a string"},
        {"\"latency\":{\"p99_ms\":null}", "got null"},
        {"\"traffic\":{\"requests_per_day\":-1}", "must be between 0 and 1000000000000, got -1"},
        {"\"traffic\":{\"requests_per_day\":1e13}", "must be between 0 and"},
        {"\"traffic\":{\"requests_per_day\":1e999}", "is too large"},
        {"\"traffic\":{\"requests_per_day\":1e-200}", "must be 0, or not so near it"},
        {"\"traffic\":{\"active_hours_per_day\":25}", "must be between 0 and 24, got 25"},
        {"\"traffic\":{\"burst\":0}", "must be at least 1, got 0"},
        {"\"gpu\":{\"count\":1.5}", "must be a whole number, got 1.5"},
        {"\"traffic\":{\"cv\":{\"low\":1,\"likely\":2}}", "answers.traffic.cv.high is missing"},
        {"\"traffic\":{\"cv\":{\"low\":1,\"likely\":3,\"high\":2}}",
         "must have low <= likely <= high"},
        {"\"traffic\":{\"cv\":{\"low\":-1,\"likely\":1,\"high\":2}}",
         "answers.traffic.cv.low must be between 0 and 10000, got -1"},
        {"\"traffic\":{\"cv\":{\"low\":1,\"likely\":1,\"high\":2,\"hihg\":3}}",
         "unknown key \"hihg\""},
        {"\"traffic\":{\"cv\":{\"low\":1,\"likely\":\"1\",\"high\":2}}",
         "cv.likely must be a number"},
        {"\"traffic\":{\"cv\":[1,2,3]}", "got an array"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        expect(CASES[i].answers, "{}", CASES[i].want);
}

static void texts_are_refused_that_no_page_could_show(void **state)
{
    static const struct {
        const char *title, *want;
    } CASES[] = {
        {"", "title must not be empty"},
        {"  ", "title must not be empty"},
        {"a\\nb", "title must be one line"},
        {"a\\u0007b", "title must not contain the control character U+0007"},
        {"a\\u0085b", "U+0085"},
        {"a\\uFFFEb", "U+FFFE"},
        {"\\u00e9\\ud83d\\ude00<script>&amp;{{x}}", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char text[400];
        struct reading r;
        snprintf(text, sizeof text,
                 "{\"format\":\"breakeven-questionnaire/1\",\"title\":\"%s\",\"jobs\":[{}]}",
                 CASES[i].title);
        read_text(&r, text);
        assert_true(r.ok == (CASES[i].want[0] == '\0'));
        if (!r.ok)
            assert_non_null(strstr(r.messages.s, CASES[i].want));
        done(&r);
    }
}

static void words_ids_and_lists_are_checked(void **state)
{
    (void)state;
    expect("\"gpu\":{\"need\":\"requird\"}", "{}", "answers.gpu.need cannot be \"requird\"");
    expect("\"compliance\":{\"regimes\":[\"HIPAA\"]}", "{}", "regimes.0 must be an id");
    expect("\"compliance\":{\"regimes\":[\"soc2\",\"soc2\"]}", "{}", "regimes.1 repeats \"soc2\"");
    expect("\"compliance\":{\"regimes\":\"soc2\"}", "{}", "must be a list [...], got a string");
    expect("\"team\":{\"existing_cluster\":\"true\"}", "{}", "must be true, false or an id");
    expect("\"team\":{\"existing_cluster\":1}", "{}", "must be true, false or an id, got a number");
    expect("\"traffic\":{\"trace\":\"../../secret\"}", "{}", "the plain name of a file");
    expect("\"traffic\":{\"trace\":\".hidden\"}", "{}", "the plain name of a file");
    expect("\"traffic\":{\"scale_to_zero\":\"no\"}", "{}", "must be true or false, got a string");
    expect("\"latency\":{\"p99\":80}", "{}", "unknown key \"p99\" in answers.latency");
    expect("", "{\"kind\":\"stream\"}", "models.0.kind cannot be \"stream\"");
    expect("", "{\"name\":\"a\"},{\"name\":\"a\"}", "the name \"a\" stands twice");
    expect("", "{},{\"name\":\"model-1\"}", "the name \"model-1\" stands twice");
}

static void tripwires_name_a_number_that_exists(void **state)
{
    static const struct {
        const char *wire, *want;
    } CASES[] = {
        {"models.0.memory_mb >= 2048", ""},
        {"recommendation.monthly_usd.p50 > 1e4", ""},
        {"answers.traffic.requests_per_day.high > 1e4", ""},
        {"answers.trafic.requests_per_day > 2", "unknown path"},
        {"recomendation.margin < 0.1", "unknown path"},
        {"recommendation < 0.1", "unknown path"},
        {"answers.gpu.need == 1", "which is not a number"},
        {"models[].memory_mb > 1", "names every entry"},
        {"recommendation.margin <0.1", "PATH OP NUMBER"},
        {"recommendation.margin =< 0.1", "unknown operator \"=<\""},
        {"recommendation.margin < small", "must compare with a number"},
        {"recommendation.margin < 1 2", "PATH OP NUMBER"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char text[400];
        struct reading r;
        snprintf(text, sizeof text,
                 "{\"format\":\"breakeven-questionnaire/1\",\"title\":\"T\",\"jobs\":[{}],"
                 "\"revisit_if\":[\"%s\"]}",
                 CASES[i].wire);
        read_text(&r, text);
        if (r.ok != (CASES[i].want[0] == '\0') || (!r.ok && !strstr(r.messages.s, CASES[i].want)))
            fail_msg("%s: %s", CASES[i].wire, r.messages.s ? r.messages.s : "");
        done(&r);
    }
}

/* ---- contradictions --------------------------------------------------------------------------- */

/* 8,640,000 a day are 100 a second (86,400 seconds). */
#define HUNDRED_RPS "\"requests_per_day\":8640000"

static void answers_that_contradict_one_another_are_errors(void **state)
{
    static const struct {
        const char *answers, *models, *want;
    } CASES[] = {
        {"\"traffic\":{" HUNDRED_RPS ",\"peak_rps\":90}", "{}",
         "peak_rps (90) lies below the mean of 100 requests a second"},
        {"\"traffic\":{" HUNDRED_RPS ",\"peak_rps\":100}", "{}", ""},
        {"\"traffic\":{" HUNDRED_RPS ",\"peak_rps\":{\"low\":50,\"likely\":150,\"high\":200}}",
         "{}", ""},
        {"\"traffic\":{" HUNDRED_RPS ",\"min_rps\":110}", "{}",
         "min_rps (110) lies above the mean"},
        {"\"traffic\":{\"peak_rps\":10,\"min_rps\":11}", "{}",
         "min_rps (11) lies above peak_rps (10)"},
        {"\"traffic\":{\"requests_per_day\":0,\"peak_rps\":1}", "{}", "but requests_per_day is 0"},
        {"\"traffic\":{\"requests_per_day\":0,\"peak_rps\":0}", "{}", ""},
        /* In 6 of 24 hours: 100 x 24 / 6 = 400 a second while active. */
        {"\"traffic\":{" HUNDRED_RPS ",\"peak_rps\":300,\"active_hours_per_day\":6}", "{}",
         "peak_rps (300) lies below the mean of 400 requests a second while active"},
        {"\"traffic\":{" HUNDRED_RPS ",\"peak_rps\":400,\"active_hours_per_day\":6}", "{}", ""},
        /* sqrt((500/100 - 1)(1 - 0)) = 2 */
        {"\"traffic\":{" HUNDRED_RPS ",\"peak_rps\":500,\"cv\":2.1}", "{}", "allows at most 2\n"},
        {"\"traffic\":{" HUNDRED_RPS ",\"peak_rps\":500,\"cv\":2}", "{}", ""},
        /* sqrt((500/100 - 1)(1 - 75/100)) = 1 */
        {"\"traffic\":{" HUNDRED_RPS ",\"peak_rps\":500,\"min_rps\":75,\"cv\":1.1}", "{}",
         "allows at most 1\n"},
        {"\"traffic\":{\"idle_share\":0.9,\"active_hours_per_day\":12}", "{}",
         "idle_share (0.9) contradicts 12 active hours a day"},
        {"\"traffic\":{\"idle_share\":0.9,\"active_hours_per_day\":12,\"cv_bin_s\":60}", "{}", ""},
        {"\"traffic\":{\"cv_bin_s\":60}",
         "{\"traffic\":{\"idle_share\":0.9,\"active_hours_per_day\":12}}", ""},
        {"\"traffic\":{\"idle_share\":0.5,\"active_hours_per_day\":12}", "{}", ""},
        /* Half of the hours idle: sqrt(0.5 / 0.5) = 1 at the least; 4/5: sqrt(4) = 2. */
        {"\"traffic\":{\"idle_share\":0.5,\"cv\":0.1}", "{}",
         "answers.traffic.cv (0.1) is impossible: an idle share of 0.5 makes it at least 1\n"},
        {"\"traffic\":{\"idle_share\":0.5,\"cv\":1}", "{}", ""},
        {"\"traffic\":{\"idle_share\":0.8,\"cv\":1.8}", "{}", "makes it at least 2\n"},
        {"\"traffic\":{\"cv\":0.3}", "{\"traffic\":{\"idle_share\":0.8}}", "makes it at least 2\n"},
        /* What is idle at half the mean: half the variation. */
        {"\"traffic\":{" HUNDRED_RPS ",\"min_rps\":50,\"idle_share\":0.8,\"cv\":1}", "{}", ""},
        {"\"traffic\":{" HUNDRED_RPS ",\"min_rps\":50,\"idle_share\":0.8,\"cv\":0.9}", "{}", "makes it at least 1\n"},
        /* Twelve active hours leave twelve idle ones, unless the bins are days. */
        {"\"traffic\":{\"active_hours_per_day\":12,\"cv\":0.3}", "{}",
         "warning: 12 active hours a day make answers.traffic.cv at least 1, got 0.3"},
        {"\"traffic\":{\"active_hours_per_day\":12,\"cv\":0.3,\"cv_bin_s\":86400}", "{}", ""},
        {"\"traffic\":{\"requests_per_day\":10,\"idle_share\":1}", "{}",
         "no hour in which they come"},
        {"\"latency\":{\"p99_ms\":50,\"p50_ms\":60}", "{}", "p99_ms (50) lies below p50_ms (60)"},
        {"\"latency\":{\"p99_ms\":80,\"p95_ms\":50,\"p50_ms\":60}", "{}",
         "p95_ms (50) lies below p50_ms (60)"},
        {"\"latency\":{\"p99_ms\":80,\"p95_ms\":90}", "{}", "p99_ms (80) lies below p95_ms (90)"},
        {"\"latency\":{\"p99_ms\":80,\"p95_ms\":80,\"p50_ms\":80}", "{}", ""},
        {"\"gpu\":{\"need\":\"none\",\"vram_gb\":24}", "{}", "vram_gb is 24, but no GPU is needed"},
        {"\"gpu\":{\"need\":\"none\",\"count\":1}", "{}", "count is 1, but no GPU is needed"},
        {"\"gpu\":{\"need\":\"none\",\"vram_gb\":0,\"count\":0}", "{}", ""},
        {"\"gpu\":{\"need\":\"required\",\"count\":0}", "{}", "count is 0, but a GPU is required"},
        {"\"gpu\":{\"need\":\"none\"}", "{\"gpu\":{\"vram_gb\":8}}", "models.0.gpu.vram_gb is 8"},
        {"\"gpu\":{\"need\":\"required\"}", "{\"hardware\":\"cpu\"}", "the model requires a GPU"},
        {"\"gpu\":{\"need\":\"required\"}", "{\"hardware\":\"cpu\",\"gpu\":{\"need\":\"none\"}}",
         ""},
        {"\"gpu\":{\"need\":\"optional\"}", "{\"hardware\":\"cpu\"}", ""},
        {"\"gpu\":{\"need\":\"none\"}", "{\"hardware\":\"L4\"}",
         "warning: models.0.duration_ms was measured"},
        /* 1,000 MiB are 1,048.576 MB. */
        {"", "{\"size_mb\":1050,\"memory_mb\":1000}",
         "size_mb (1050 MB) does not fit into memory_mb"},
        {"", "{\"size_mb\":1048,\"memory_mb\":1000}", ""},
        /* 2 x 24 GiB are 51,539.6 MB; the memory of the machine does not matter. */
        {"\"gpu\":{\"need\":\"required\",\"vram_gb\":24,\"count\":2}",
         "{\"size_mb\":51500,\"memory_mb\":1000}", ""},
        {"\"gpu\":{\"need\":\"required\",\"vram_gb\":24,\"count\":2}", "{\"size_mb\":51600}",
         "does not fit into 2 GPUs with 24 GiB"},
        {"\"models\":{\"count\":3}", "{},{}",
         "answers.models.count is 3, but 2 models are described"},
        {"\"models\":{\"count\":3}", "{}", ""},
        {"\"models\":{\"count\":0}", "{}", "count is 0, but one model is described"},
        {"", "{\"latency\":{\"p99_ms\":5,\"p50_ms\":6}}", "models.0.latency.p99_ms (5) lies below"},
        {"", "{\"traffic\":{" HUNDRED_RPS ",\"peak_rps\":9}}", "models.0.traffic.peak_rps (9)"},
        {"\"traffic\":{\"scale_to_zero\":true,\"min_rps\":1}", "{}",
         "warning: answers.traffic.scale_to_zero"},
        {"", "{\"streams\":5}", "warning: models.0.streams counts for kind streaming only"},
        {"", "{\"streams\":5,\"kind\":\"streaming\"}", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        expect(CASES[i].answers, CASES[i].models, CASES[i].want);
}

static void a_decision_is_not_reviewed_before_it_is_made(void **state)
{
    struct reading r;
    (void)state;
    read_text(&r,
              "{\"format\":\"breakeven-questionnaire/1\",\"title\":\"T\",\"jobs\":[{}],\n"
              "\"date\":\"2026-05-01\",\"review_by\":\"2026-04-30\",\"supersedes\":\"a-slug\"}");
    assert_str(strbuf_str(&r.messages), "2:33: review_by lies before date\n"
                                        "2:59: a decision cannot supersede itself\n");
    done(&r);
}

static void a_job_on_cpus_has_no_gpu_memory(void **state)
{
    struct reading r;
    (void)state;
    read_text(&r, "{\"format\":\"breakeven-questionnaire/1\",\"title\":\"T\",\n"
                  "\"jobs\":[{\"hardware\":\"cpu\",\"vram_gb\":16}]}");
    assert_str(strbuf_str(&r.messages), "2:37: jobs.0.vram_gb is 16, but hardware is cpu\n");
    done(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_has_help_in_one_sentence_and_a_path_of_its_own),
        cmocka_unit_test(children_stand_right_after_their_object),
        cmocka_unit_test(entries_are_found_by_brackets_and_by_number),
        cmocka_unit_test(the_nearest_field_is_written_as_one_writes_it),
        cmocka_unit_test(slugs_are_lower_case_and_no_folder_of_the_site),
        cmocka_unit_test(a_minimal_questionnaire_answers_nothing),
        cmocka_unit_test(every_answer_arrives_where_it_belongs),
        cmocka_unit_test(every_key_of_the_table_is_read),
        cmocka_unit_test(all_mistakes_of_a_file_are_reported_at_their_places),
        cmocka_unit_test(a_file_without_a_part_or_not_an_object_is_an_error),
        cmocka_unit_test(numbers_are_refused_out_of_range_and_in_a_wrong_shape),
        cmocka_unit_test(texts_are_refused_that_no_page_could_show),
        cmocka_unit_test(words_ids_and_lists_are_checked),
        cmocka_unit_test(tripwires_name_a_number_that_exists),
        cmocka_unit_test(answers_that_contradict_one_another_are_errors),
        cmocka_unit_test(a_decision_is_not_reviewed_before_it_is_made),
        cmocka_unit_test(a_job_on_cpus_has_no_gpu_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
