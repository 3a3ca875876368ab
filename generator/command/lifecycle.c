#include "command/lifecycle.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/option.h"
#include "base/strbuf.h"
#include "command/console.h"
#include "command/decision_file.h"
#include "command/status.h"
#include "questionnaire/words.h"

struct request {
    const char *slug, *by;
    enum status state;
};

/* Superseded decisions must be superseded by something, and others must not. */
static bool change(struct project *p, const struct request *r, struct decision_file *old,
                   struct decision_file *young)
{
    if (r->by)
        return decision_file_open(p, r->by, young) && decision_file_supersede(p, old, young);
    struct str successor = decision_successor(p, old->q.slug);
    if (r->state == STATUS_SUPERSEDED && successor.n == 0) {
        diag_error(p->d, where_file(str_of(old->source.questionnaire)),
                   "name it: status SLUG superseded --by SLUG", "no decision supersedes \"%.*s\"",
                   STR_ARG(old->q.slug));
        return false;
    }
    if (r->state != STATUS_SUPERSEDED && successor.n > 0) {
        struct str hint = str_printf(p->a,
                                     "take \"supersedes\" out of content/workloads/%.*s/"
                                     "questionnaire.json first",
                                     STR_ARG(successor));
        diag_error(p->d, where_file(str_of(old->source.questionnaire)), hint.s,
                   "\"%.*s\" is superseded by \"%.*s\"", STR_ARG(old->q.slug), STR_ARG(successor));
        return false;
    }
    return decision_file_set(p, old, "status", str_of(status_word(r->state)));
}

/* "fraud: accepted -> superseded by fraud-2027" */
static int say(const struct request *r, enum status before, const struct decision_file *old,
               const struct decision_file *young)
{
    struct strbuf line = STRBUF_INIT;
    strbuf_addf(&line, "%.*s: ", STR_ARG(old->q.slug));
    if (!old->is_changed && !young->is_changed)
        strbuf_addf(&line, "%s already\n", status_word(r->state));
    else if (r->by)
        strbuf_addf(&line, "%s -> %s by %.*s\n", status_word(before), status_word(r->state),
                    STR_ARG(young->q.slug));
    else
        strbuf_addf(&line, "%s -> %s\n", status_word(before), status_word(r->state));
    int status = console_put(strbuf_str(&line), EXIT_DONE);
    strbuf_release(&line);
    return status;
}

static int set_status(struct project *p, const struct request *r, bool quiet)
{
    struct decision_file old, young = {0};
    bool ok = decision_file_open(p, r->slug, &old);
    enum status before = old.q.status;
    /* The younger first: if the second write fails, `check` says what is missing. */
    ok = ok && change(p, r, &old, &young) && decision_file_save(p, &young) &&
         decision_file_save(p, &old);
    int status = console_report(p->d, false, quiet);
    return ok && !quiet ? say(r, before, &old, &young) : status;
}

static bool read_state(const char *word, enum status *out, struct arena *a)
{
    struct str words[STATUS_COUNT];
    for (size_t i = 0; i < STATUS_COUNT; i++) {
        words[i] = str_of(STATUS_WORDS[i]);
        if (str_is(words[i], word)) {
            *out = (enum status)i;
            return true;
        }
    }
    struct str near = str_nearest(str_of(word), words, STATUS_COUNT);
    console_misused("status", str_printf(a, "there is no state '%s'", word),
                    near.n > 0 ? str_printf(a, "did you mean '%.*s'?", STR_ARG(near))
                               : STR("draft, proposed, accepted, rejected, deprecated or "
                                     "superseded"));
    return false;
}

static int run(const char **operands, size_t count, const char *by, bool quiet, struct arena *a)
{
    struct request r = {.by = by};
    struct project p;
    if (count != 2)
        return console_misused("status", STR("takes a decision and a state"),
                               STR("for instance: breakeven status fraud-scoring accepted"));
    r.slug = operands[0];
    if (!read_state(operands[1], &r.state, a))
        return EXIT_USAGE;
    if (by && r.state != STATUS_SUPERSEDED)
        return console_misused("status", STR("--by goes with the state superseded alone"), STR(""));
    project_open(&p, a, diags_new(a));
    return set_status(&p, &r, quiet);
}

int command_status(int argc, char **argv)
{
    const char *by = NULL;
    bool quiet = false, help = false;
    const struct option_row options[] = {
        {0, "by", OPTION_STRING, &by, "SLUG",
         "the decision that supersedes this one; its file is changed too"},
        {'q', "quiet", OPTION_FLAG, &quiet, NULL, "only errors"},
        {'h', "help", OPTION_FLAG, &help, NULL, "this help"},
        {0},
    };
    struct arena *a = arena_create();
    const char **operands = arena_new(a, const char *, (size_t)argc);
    size_t count;
    int status = EXIT_USAGE;
    if (option_parse("status", argc, argv, options, operands, &count, a)) {
        if (help) {
            console_help("status [OPTIONS] SLUG STATE",
                         "Moves a decision through its life. STATE is draft, proposed, accepted, "
                         "rejected,\ndeprecated or superseded (with --by). Comments and order of "
                         "the file are kept.",
                         options);
            status = EXIT_DONE;
        } else {
            status = run(operands, count, by, quiet, a);
        }
    }
    arena_destroy(a);
    return status;
}
