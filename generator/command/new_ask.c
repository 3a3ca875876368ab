/* The questions on the terminal: help, validation at once, back and skip, a running verdict. */
#include "command/new_parts.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/option.h"
#include "base/strbuf.h"
#include "command/analysis.h"
#include "questionnaire/questionnaire.h"
#include "render/escape.h"
#include "report/wording.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES 4096

/* When a question is put. */
enum asking {
    ALWAYS,
    WITH_GPU, /* a GPU is needed, or might be */
    WITH_MODEL,
    WITH_JOB,
    WITH_STREAM, /* a model that holds connections open */
    WITH_QUEUE,  /* async or batch */
    WITH_MANY    /* several models */
};

static const struct question_row {
    const char *path;
    enum asking when;
} ROWS[] = {
    {"title", ALWAYS},
    {"owner", ALWAYS},
    {"geography", ALWAYS},
    {"providers", ALWAYS},
    {"stage", ALWAYS},
    {"answers.gpu.need", ALWAYS},
    {"answers.gpu.vram_gb", WITH_GPU},
    {"answers.gpu.count", WITH_GPU},
    {"answers.latency.p99_ms", WITH_MODEL},
    {"answers.latency.availability", WITH_MODEL},
    {"answers.traffic.requests_per_day", WITH_MODEL},
    {"answers.traffic.peak_rps", WITH_MODEL},
    {"answers.traffic.cv", WITH_MODEL},
    {"answers.traffic.active_hours_per_day", WITH_MODEL},
    {"answers.traffic.scale_to_zero", WITH_MODEL},
    {"answers.traffic.growth_per_year", WITH_MODEL},
    {"answers.traffic.basis", WITH_MODEL},
    {"answers.dependencies.custom", ALWAYS},
    {"answers.team.platform_engineers", ALWAYS},
    {"answers.team.data_scientists", ALWAYS},
    {"answers.team.existing_cluster", ALWAYS},
    {"answers.models.count", WITH_MODEL},
    {"answers.models.share_hardware", WITH_MANY},
    {"answers.compliance.tenancy", ALWAYS},
    {"answers.compliance.regimes", ALWAYS},
    {"answers.compliance.residency", ALWAYS},
    {"answers.compliance.portability", ALWAYS},
    {"models.0.name", WITH_MODEL},
    {"models.0.kind", WITH_MODEL},
    {"models.0.streams", WITH_STREAM},
    {"models.0.deadline_h", WITH_QUEUE},
    {"models.0.hardware", WITH_MODEL},
    {"models.0.duration_ms", WITH_MODEL},
    {"models.0.duration_cv", WITH_MODEL},
    {"models.0.memory_mb", WITH_MODEL},
    {"models.0.vcpu", WITH_MODEL},
    {"models.0.size_mb", WITH_MODEL},
    {"models.0.load_s", WITH_MODEL},
    {"models.0.family", WITH_MODEL},
    {"models.0.concurrency", WITH_MODEL},
    {"models.0.request_kb", WITH_MODEL},
    {"models.0.response_kb", WITH_MODEL},
    {"models.0.interruptible", WITH_MODEL},
    {"jobs.0.name", WITH_JOB},
    {"jobs.0.kind", WITH_JOB},
    {"jobs.0.hardware", WITH_JOB},
    {"jobs.0.count", WITH_JOB},
    {"jobs.0.nodes", WITH_JOB},
    {"jobs.0.vcpu", WITH_JOB},
    {"jobs.0.memory_mb", WITH_JOB},
    {"jobs.0.hours_per_run", WITH_JOB},
    {"jobs.0.runs_per_month", WITH_JOB},
    {"jobs.0.deadline_h", WITH_JOB},
    {"jobs.0.checkpoints", WITH_JOB},
    {"jobs.0.interruptible", WITH_JOB},
};

#define ROW_COUNT (sizeof ROWS / sizeof *ROWS)
#define ROW_NONE SIZE_MAX

struct session {
    struct draft *draft;
    struct str answers[ROW_COUNT]; /* as they were understood; empty: skipped */
    bool is_job;
    struct str base;      /* of the draft as it came: of a model */
    struct str text;      /* the questionnaire so far */
    struct report report; /* of it, where has_report */
    bool has_report;
    enum question said; /* the heading that was printed last */
};

/* ---- terminal -----------------------------------------------------------------------------------
 */

static void say(struct str text)
{
    struct strbuf safe = STRBUF_INIT;
    escape_controls(&safe, text);
    fwrite(safe.s ? safe.s : "", 1, safe.n, stderr);
    strbuf_release(&safe);
}

/* One line without its end, cut where it is longer than any answer; false: the input ended. */
static bool read_line(struct arena *a, struct str *out)
{
    char line[LINE_MAX_BYTES];
    fflush(stderr);
    if (!fgets(line, sizeof line, stdin))
        return false;
    for (int c = 0; !strchr(line, '\n') && c != '\n' && c != EOF;)
        c = getchar();
    *out = str_trim(str_copy(a, str_of(line)));
    return true;
}

/* ---- what was meant -----------------------------------------------------------------------------
 */

#define NUMBER_HINT \
    "write it as 12, 0.25, 1.5e6, 5k or 2M; or three, with blanks between: low likely high"

static size_t skip_digits(struct str text, size_t i)
{
    while (i < text.n && text.s[i] >= '0' && text.s[i] <= '9')
        i++;
    return i;
}

/* As JSON has them: -12, 0.25, 1.5e6. */
static bool is_number(struct str text)
{
    size_t start = text.n > 0 && text.s[0] == '-', i = skip_digits(text, start);
    if (i == start || (text.s[start] == '0' && i > start + 1))
        return false;
    if (i < text.n && text.s[i] == '.') {
        start = i + 1;
        i = skip_digits(text, start);
        if (i == start)
            return false;
    }
    if (i < text.n && (text.s[i] == 'e' || text.s[i] == 'E')) {
        start = i + 1;
        if (start < text.n && (text.s[start] == '+' || text.s[start] == '-'))
            start++;
        i = skip_digits(text, start);
        if (i == start)
            return false;
    }
    return i == text.n;
}

/* "5M" is 5e6, "99.9%" of a share 99.9e-2; anything else stays to be judged. */
static struct str number_text(const struct field *f, struct str word, struct arena *a)
{
    struct str digits = str_slice(word, 0, word.n > 0 ? word.n - 1 : 0);
    const char *power = NULL;
    if (str_ends(word, STR("k")) || str_ends(word, STR("K")))
        power = "e3";
    else if (str_ends(word, STR("M")))
        power = "e6";
    else if (str_ends(word, STR("%")) && f->unit && strcmp(f->unit, "share") == 0)
        power = "e-2";
    bool is_plain = is_number(digits) && str_find(digits, STR("e")) == digits.n &&
                    str_find(digits, STR("E")) == digits.n;
    return power && is_plain ? str_printf(a, "%.*s%s", STR_ARG(digits), power) : word;
}

/* "1,200,300" is one number to some, and three to others. */
static bool is_grouped(struct str line)
{
    size_t i = skip_digits(line, 0);
    if (i == 0 || i > 3 || i == line.n || line.s[i] != ',')
        return false;
    while (i < line.n && line.s[i] == ',') {
        size_t end = skip_digits(line, i + 1);
        if (end != i + 4)
            return false;
        i = end;
    }
    return i == line.n || line.s[i] == '.';
}

/* Words between blanks, commas and "..". */
static size_t split(struct str line, struct arena *a, struct str *words, size_t most)
{
    size_t count = 0, i = 0;
    (void)a;
    while (i < line.n && count < most) {
        bool is_between = line.s[i] == ' ' || line.s[i] == ',' || line.s[i] == '\t' ||
                          (line.s[i] == '.' && i + 1 < line.n && line.s[i + 1] == '.');
        if (is_between) {
            i += line.s[i] == '.' ? 2 : 1;
            continue;
        }
        size_t start = i;
        while (i < line.n && line.s[i] != ' ' && line.s[i] != ',' && line.s[i] != '\t' &&
               !(line.s[i] == '.' && i + 1 < line.n && line.s[i + 1] == '.'))
            i++;
        words[count++] = str_slice(line, start, i);
    }
    return count;
}

static bool no_number(struct diags *d, struct str line, const char *what)
{
    diag_error(d, (struct where){0}, NUMBER_HINT, "\"%.*s\" %s", STR_ARG(line), what);
    return false;
}

/* A figure, or three: low, likely and high. */
static bool number_value(const struct field *f, struct str line, struct arena *a, struct str *out,
                         struct diags *d)
{
    struct str words[4];
    *out = line;
    if (line.s[0] == '{')
        return true;
    if (is_grouped(line))
        return no_number(d, line, "may be one number or several");
    size_t count = split(line, a, words, 4);
    for (size_t i = 0; i < count; i++) {
        struct str said = words[i];
        words[i] = number_text(f, said, a);
        if (!is_number(words[i]))
            return no_number(d, said, "is not a number");
    }
    if (count != 1 && count != 3)
        return no_number(d, line, "is neither one number nor three");
    *out = count == 1 ? words[0]
                      : str_printf(a, "{\"low\": %.*s, \"likely\": %.*s, \"high\": %.*s}",
                                   STR_ARG(words[0]), STR_ARG(words[1]), STR_ARG(words[2]));
    return true;
}

static struct str list_value(struct str line, struct arena *a)
{
    struct str words[FIELD_LIST_MAX];
    struct strbuf sb = STRBUF_INIT;
    if (line.s[0] == '[')
        return line;
    size_t count = split(line, a, words, FIELD_LIST_MAX);
    strbuf_addc(&sb, '[');
    for (size_t i = 0; i < count; i++)
        strbuf_addf(&sb, "%s\"%.*s\"", i == 0 ? "" : ", ", STR_ARG(words[i]));
    strbuf_addc(&sb, ']');
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

static struct str truth_value(struct str line)
{
    if (str_is(line, "y") || str_is(line, "yes"))
        return STR("true");
    if (str_is(line, "n") || str_is(line, "no"))
        return STR("false");
    return line;
}

/* A word, or the only one that begins so. */
static struct str choice_value(const struct field *f, struct str line)
{
    struct str found = line;
    size_t count = 0;
    for (size_t i = 0; f->words && f->words[i]; i++) {
        if (str_is(line, f->words[i]))
            return line;
        if (str_starts(str_of(f->words[i]), line)) {
            found = str_of(f->words[i]);
            count++;
        }
    }
    return count == 1 ? found : line;
}

/* False: what is wrong stands in `d`. */
static bool value_of(const struct field *f, struct str line, struct arena *a, struct str *out,
                     struct diags *d)
{
    *out = line;
    switch (f->kind) {
    case FIELD_NUMBER:
    case FIELD_INTEGER: return number_value(f, line, a, out, d);
    case FIELD_BOOL:
    case FIELD_BOOL_OR_ID: *out = truth_value(line); break;
    case FIELD_CHOICE: *out = choice_value(f, line); break;
    case FIELD_LIST: *out = list_value(line, a); break;
    case FIELD_TEXT:
    case FIELD_DATE:
    case FIELD_OBJECT: break;
    }
    return true;
}

/* ---- which questions -----------------------------------------------------------------------------
 */

static struct str answer_to(const struct session *s, const char *path)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (strcmp(ROWS[i].path, path) == 0)
            return s->answers[i];
    return STR("");
}

static bool is_asked(const struct session *s, size_t row)
{
    struct str kind = answer_to(s, "models.0.kind");
    switch (ROWS[row].when) {
    case ALWAYS: return true;
    case WITH_GPU: {
        struct str need = answer_to(s, "answers.gpu.need");
        return str_is(need, "optional") || str_is(need, "required");
    }
    case WITH_MODEL: return !s->is_job;
    case WITH_JOB: return s->is_job;
    case WITH_STREAM: return !s->is_job && str_is(kind, "streaming");
    case WITH_QUEUE: return !s->is_job && (str_is(kind, "async") || str_is(kind, "batch"));
    case WITH_MANY: {
        struct str count = answer_to(s, "answers.models.count");
        return !s->is_job && count.n > 0 && !str_is(count, "1");
    }
    }
    return false;
}

/* ---- the questionnaire so far -------------------------------------------------------------------
 */

static size_t assignments(const struct session *s, struct arena *a, struct str *out)
{
    size_t count = 0;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (s->answers[i].n > 0 && is_asked(s, i))
            out[count++] = str_printf(a, "%s=%.*s", ROWS[i].path, STR_ARG(s->answers[i]));
    }
    return count;
}

/* Messages alone: where they stand is no place that the user has seen. */
static void say_faults(struct diags *d, struct arena *a)
{
    diags_sort(d);
    for (size_t i = 0; i < diags_count(d); i++) {
        const struct diag *one = diags_get(d, i);
        if (one->severity != SEVERITY_ERROR)
            continue;
        say(str_printf(a, "  ! %.*s\n", STR_ARG(one->message)));
        if (one->hint.n > 0)
            say(str_printf(a, "    %.*s\n", STR_ARG(one->hint)));
    }
}

static bool decide_on(const struct draft *draft, struct str text, struct report *out,
                      struct diags *d)
{
    struct analysis_texts texts = {.questionnaire = text};
    struct analysis_request request = {
        .source = draft->source, .texts = &texts, .as_of = DATE_NONE};
    return draft->can_decide && analyse(draft->p, &request, draft->p->a, out, d);
}

/* Takes the answers as they stand; false: together they are wrong, and it was said. */
static bool take(struct session *s)
{
    struct arena *a = s->draft->p->a;
    struct diags *d = diags_new(a);
    struct str set[ROW_COUNT], text;
    struct report report;
    size_t count = assignments(s, a, set);
    bool ok = draft_text(s->draft, set, count, a, &text, d);
    bool is_decided = ok && decide_on(s->draft, text, &report, d);
    /* What decided before must do so now. */
    if (!ok || (s->has_report && !is_decided)) {
        say_faults(d, a);
        return false;
    }
    s->text = text;
    s->has_report = is_decided;
    if (is_decided)
        s->report = report;
    return true;
}

static void say_verdict(const struct session *s)
{
    struct strbuf out = STRBUF_INIT;
    if (!s->has_report)
        return;
    const struct decision *d = s->report.decision;
    const struct recommendation *r = &d->recommendation;
    strbuf_adds(&out, "  => ");
    wording_verdict(&out, d);
    if (r->option >= 0 && (size_t)r->option < d->option_count && d->options[r->option].costed) {
        strbuf_adds(&out, ", ");
        money_headline(&out, d->options[r->option].monthly);
        strbuf_adds(&out, " a month");
    }
    if (!isnan(r->class_confidence)) {
        strbuf_adds(&out, " (cheapest class in ");
        wording_share(&out, r->class_confidence);
        strbuf_adds(&out, " of draws)");
    }
    for (size_t i = 0; i < r->missing_count; i++)
        strbuf_addf(&out, "%s%.*s", i == 0 ? "; to know more: " : ", ", STR_ARG(r->missing[i]));
    strbuf_addc(&out, '\n');
    say(strbuf_str(&out));
    strbuf_release(&out);
}

void draft_verdict(const struct draft *draft, struct str text, struct strbuf *out)
{
    struct report report;
    if (decide_on(draft, text, &report, diags_new(draft->p->a)))
        wording_verdict(out, report.decision);
}

/* ---- one question -------------------------------------------------------------------------------
 */

/* What is taken where the answer is skipped, as the report so far says it. */
static void add_default(const struct session *s, const char *path, struct strbuf *out)
{
    const struct decision *d = s->has_report ? s->report.decision : NULL;
    for (size_t i = 0; d && i < d->assumption_count; i++) {
        const struct assumption_result *x = &d->assumptions[i];
        if (!str_is(x->variable, path) || !x->is_assumed)
            continue;
        strbuf_adds(out, "; skipped: ");
        if (x->word.n > 0)
            strbuf_add(out, x->word);
        else
            wording_number(out, x->value, 4);
        strbuf_adds(out, " is assumed");
        return;
    }
}

static const char *expected(const struct field *f)
{
    switch (f->kind) {
    case FIELD_NUMBER: return "a number, or three: low likely high";
    case FIELD_INTEGER: return "a whole number, or three: low likely high";
    case FIELD_BOOL: return "yes or no";
    case FIELD_BOOL_OR_ID: return "yes, no, or an id";
    case FIELD_DATE: return "YYYY-MM-DD";
    case FIELD_LIST: return "words with blanks between them";
    case FIELD_TEXT:
    case FIELD_CHOICE:
    case FIELD_OBJECT: break;
    }
    return NULL;
}

/* "  requests a day (request/day; a number, or three: low likely high; skipped: ... )" */
static void put_question(struct session *s, size_t row, const struct field *f)
{
    struct strbuf out = STRBUF_INIT;
    if (f->question != s->said) {
        s->said = f->question;
        if (f->question != QUESTION_COUNT)
            strbuf_addf(&out, "\n-- %d of %d: %s\n", (int)f->question + 1, (int)QUESTION_COUNT,
                        question_title(f->question));
        else
            strbuf_addf(&out, "\n-- %s\n", s->is_job ? "The job" : "The workload");
    }
    strbuf_addf(&out, "\n%s\n  [", f->help);
    for (size_t i = 0; f->words && f->words[i]; i++)
        strbuf_addf(&out, "%s%s", i == 0 ? "" : " | ", f->words[i]);
    if (expected(f))
        strbuf_addf(&out, "%s%s", f->words ? "; " : "", expected(f));
    else if (!f->words)
        strbuf_adds(&out, "text");
    if (f->unit)
        strbuf_addf(&out, "; unit: %s", f->unit);
    add_default(s, ROWS[row].path, &out);
    strbuf_adds(&out, "]\n");
    if (s->answers[row].n > 0)
        strbuf_addf(&out, "  now: %.*s\n", STR_ARG(s->answers[row]));
    strbuf_addf(&out, "%s> ", ROWS[row].path);
    say(strbuf_str(&out));
    strbuf_release(&out);
}

static void say_help(const struct field *f)
{
    struct strbuf out = STRBUF_INIT;
    strbuf_addf(&out, "  %s\n", f->help);
    if (f->kind == FIELD_NUMBER || f->kind == FIELD_INTEGER) {
        strbuf_adds(&out, "  Allowed: ");
        wording_number(&out, f->low, 6);
        strbuf_adds(&out, " to ");
        wording_number(&out, f->high, 6);
        strbuf_addf(&out,
                    "%s%s. 5k is 5,000 and 2M is 2,000,000. Three figures are a range: the "
                    "10th percentile,\n  the likely value and the 90th percentile.\n",
                    f->unit ? " " : "", f->unit ? f->unit : "");
    }
    strbuf_adds(&out, "  Enter skips, < goes back, - takes an answer away, ! writes the file now, "
                      "ctrl-D gives up.\n");
    say(strbuf_str(&out));
    strbuf_release(&out);
}

static size_t row_before(const struct session *s, size_t row)
{
    while (row > 0)
        if (is_asked(s, --row))
            return row;
    return ROW_NONE;
}

enum reply {
    REPLY_NEXT,
    REPLY_BACK,
    REPLY_DONE,
    REPLY_GONE
};

static enum reply ask(struct session *s, size_t row)
{
    const struct field *f = field_find(str_of(ROWS[row].path));
    struct arena *a = s->draft->p->a;
    struct str line, before = s->answers[row];
    put_question(s, row, f);
    for (;;) {
        if (!read_line(a, &line))
            return REPLY_GONE;
        if (str_is(line, "<"))
            return REPLY_BACK;
        if (str_is(line, "!"))
            return REPLY_DONE;
        if (line.n == 0)
            return REPLY_NEXT;
        if (str_is(line, "?")) {
            say_help(f);
        } else {
            struct diags *d = diags_new(a);
            struct str value = STR("");
            bool is_understood = str_is(line, "-") || value_of(f, line, a, &value, d);
            if (is_understood)
                s->answers[row] = value;
            else
                say_faults(d, a);
            if (is_understood && take(s)) {
                say_verdict(s);
                return REPLY_NEXT;
            }
            s->answers[row] = before;
        }
        say(str_printf(a, "%s> ", ROWS[row].path));
    }
}

/* ---- the conversation ---------------------------------------------------------------------------
 */

/* Which kind of questionnaire; the draft begins accordingly. */
static enum reply ask_shape(struct session *s)
{
    struct str line;
    struct draft *draft = s->draft;
    struct arena *a = draft->p->a;
    enum reply reply = REPLY_NEXT;
    say(STR("\nIs it a model that is served, or a job that runs (training, batch, automation)?\n"
            "  [model | job; skipped: model]\nworkload> "));
    for (;;) {
        if (!read_line(a, &line))
            return REPLY_GONE;
        if (str_is(line, "!"))
            reply = REPLY_DONE;
        bool is_word = line.n > 0 && reply == REPLY_NEXT;
        if (!is_word || str_starts(STR("model"), line) || str_starts(STR("job"), line)) {
            if (is_word || !s->text.s)
                s->is_job = is_word && line.s[0] == 'j';
            draft->base = s->is_job ? draft_blank(draft->source.slug, false, true, a) : s->base;
            return reply;
        }
        if (str_is(line, "?"))
            say(STR(
                "  A model answers requests, one by one, from a queue or in bulk: its traffic and the "
                "time of a request\n  are asked. A job runs, ends and is paid for its hours: how long "
                "it runs and how often is asked.\n"));
        else if (str_is(line, "<"))
            say(STR("  ! this is the first question\n"));
        else
            say(STR("  ! model or job?\n"));
        say(STR("workload> "));
    }
}

/* From the first question of all. False: the user gave up. */
static bool ask_all(struct session *s)
{
    size_t row = ROW_NONE; /* the question about the shape */
    while (row == ROW_NONE || row < ROW_COUNT) {
        if (row != ROW_NONE && !is_asked(s, row)) {
            row++;
            continue;
        }
        enum reply reply = row == ROW_NONE ? ask_shape(s) : ask(s, row);
        if (reply == REPLY_GONE)
            return false;
        if (row == ROW_NONE && !take(s) && reply == REPLY_NEXT)
            continue; // what was answered of the other shape does not fit
        if (reply == REPLY_DONE)
            return true;
        if (reply == REPLY_BACK)
            row = row_before(s, row);
        else
            row = row == ROW_NONE ? 0 : row + 1;
    }
    return true;
}

bool new_ask(struct draft *draft, struct str **set, size_t *count)
{
    struct session s = {.draft = draft, .base = draft->base, .said = QUESTION_COUNT};
    say(STR(
        "Enter skips a question, ? explains it, < goes back, ! writes the file now, ctrl-D gives "
        "up.\n"));
    if (!draft->can_decide)
        say(STR(
            "Prices or policy cannot be read, so that no verdict is shown: 'breakeven check' says "
            "why.\n"));
    if (!ask_all(&s))
        return false;
    *set = arena_new(draft->p->a, struct str, ROW_COUNT);
    *count = assignments(&s, draft->p->a, *set);
    return true;
}
