#include "command/new.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/option.h"
#include "base/strbuf.h"
#include "command/analysis.h"
#include "command/console.h"
#include "command/decision_file.h"
#include "command/new_parts.h"
#include "command/project.h"
#include "command/status.h"
#include "publish/tree.h"
#include "source/json.h"
#include "source/json_out.h"
#include "workload/workload.h"

#include <stdio.h>
#include <unistd.h>

#define SCHEMA_PATH "content/questionnaire.schema.json"
#define SCHEMA_LINK "../../questionnaire.schema.json"

struct new_settings {
    struct option_list set;
    const char *from, *supersedes, *pricing, *policy;
    bool quiet, help;
};

/* ---- the text to begin with ---------------------------------------------------------------------
 */

/* "fraud-scoring" reads "Fraud scoring". */
static struct str title_from(struct str slug, struct arena *a)
{
    char *title = arena_new(a, char, slug.n + 1);
    for (size_t i = 0; i < slug.n; i++)
        title[i] = slug.s[i] == '-' ? ' ' : slug.s[i];
    if (title[0] >= 'a' && title[0] <= 'z')
        title[0] = (char)(title[0] - 'a' + 'A');
    return (struct str){title, slug.n};
}

static bool has_answer(const struct option_list *set, const char *prefix)
{
    for (size_t i = 0; i < set->count; i++)
        if (str_starts(str_of(set->items[i]), str_of(prefix)))
            return true;
    return false;
}

struct str draft_blank(struct str slug, bool has_model, bool has_job, struct arena *a)
{
    const char *parts = has_job ? "\"jobs\": [{}]" : "\"models\": [{}]";
    if (has_job && has_model)
        parts = "\"models\": [{}], \"jobs\": [{}]";
    return str_printf(a,
                      "{\"$schema\": \"" SCHEMA_LINK "\", \"format\": \"" QUESTIONNAIRE_FORMAT
                      "\", \"title\": \"%.*s\", \"status\": \"proposed\", %s}",
                      STR_ARG(title_from(slug, a)), parts);
}

/* As --set needs it. */
static struct str blank_text(struct str slug, const struct new_settings *s, struct arena *a)
{
    return draft_blank(slug, has_answer(&s->set, "models"), has_answer(&s->set, "jobs"), a);
}

/* What belongs to the other decision alone. */
static bool is_left_behind(struct str key)
{
    static const char *const KEYS[] = {"$schema", "format",    "title",      "status",
                                       "date",    "review_by", "supersedes", NULL};
    for (size_t i = 0; KEYS[i]; i++)
        if (str_is(key, KEYS[i]))
            return true;
    return false;
}

/* The answers of another decision under a title of one's own. */
static struct str copied_text(const struct questionnaire *q, struct str slug, struct arena *a)
{
    struct strbuf sb = STRBUF_INIT;
    struct json_out j;
    json_out_init(&j, &sb);
    json_begin(&j, '{');
    json_key(&j, "$schema");
    json_puts(&j, SCHEMA_LINK);
    json_key(&j, "format");
    json_puts(&j, QUESTIONNAIRE_FORMAT);
    json_key(&j, "title");
    json_put_str(&j, title_from(slug, a));
    json_key(&j, "status");
    json_puts(&j, "proposed");
    for (const struct json *m = q->root->child; m; m = m->next) {
        if (is_left_behind(m->key))
            continue;
        json_key_str(&j, m->key);
        json_put_tree(&j, m);
    }
    json_end(&j, '}');
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

/* ---- checking and writing -----------------------------------------------------------------------
 */

bool draft_text(const struct draft *draft, const struct str *set, size_t count, struct arena *a,
                struct str *out, struct diags *d)
{
    struct questionnaire q;
    struct str path = str_of(draft->source.questionnaire);
    *out = draft->base;
    if (count > 0 && !questionnaire_set(path, draft->base, set, count, a, out, d))
        return false;
    if (!questionnaire_parse(path, *out, draft->source.slug, a, &q, d))
        return false;
    size_t errors = diags_errors(d);
    if (draft->can_decide)
        workload_check_names(&q, &draft->p->book, a, d);
    return diags_errors(d) == errors;
}

/* For editors; written where it is not there, or is an older one of ours. */
static bool write_schema(struct project *p)
{
    struct strbuf schema = STRBUF_INIT;
    questionnaire_schema(&schema);
    bool ok = file_write(SCHEMA_PATH, strbuf_str(&schema), NULL, p->d);
    strbuf_release(&schema);
    return ok;
}

/* The file for people reads as what was checked: if it did not, that would be our mistake. */
static bool dress(const struct draft *draft, struct str text, struct str *out)
{
    struct project *p = draft->p;
    struct strbuf sb = STRBUF_INIT;
    struct questionnaire q;
    struct str path = str_of(draft->source.questionnaire);
    const struct json *root = json_parse(path, text, p->a, p->d);
    if (!root)
        return false;
    new_write(root, draft->source.slug, p->a, &sb);
    *out = strbuf_copy(&sb, p->a);
    strbuf_release(&sb);
    return questionnaire_parse(path, *out, draft->source.slug, p->a, &q, p->d);
}

/*
 * Where a new decision is made before its folder takes its name, in one step: a folder without a
 * questionnaire is a mistake to the next build. No build looks at names that begin with a dot; what a
 * killed run left there is replaced by the next one.
 */
static const char *staged_folder(const struct draft *draft)
{
    return str_printf(draft->p->a, WORKLOADS_FOLDER "/.%.*s.new", STR_ARG(draft->source.slug)).s;
}

/* A trace that the answers name lies beside them. True and no path: there is none. */
static bool copy_trace(const struct draft *draft, const struct decision_file *from,
                       const char *folder, struct file_text *out)
{
    struct project *p = draft->p;
    *out = (struct file_text){NULL, STR("")};
    bool missing;
    struct str name = from->q.traffic.trace.given ? from->q.traffic.trace.text : STR("");
    if (name.n == 0)
        return true;
    const char *file = str_cstring(p->a, name);
    if (!file_read_optional(path_join(p->a, from->source.folder, file), p->a, &out->bytes, &missing,
                            p->d))
        return missing;
    out->path = path_join(p->a, folder, file);
    return true;
}

static bool write_all(const struct draft *draft, struct str text, struct decision_file *from,
                      struct decision_file *old)
{
    struct project *p = draft->p;
    if (file_exists(draft->source.questionnaire)) {
        diag_error(p->d, where_file(str_of(draft->source.questionnaire)), "choose another slug",
                   "it is there already, and nothing is overwritten");
        return false;
    }
    bool is_new = !file_exists(draft->source.folder);
    const char *staged = staged_folder(draft), *folder = is_new ? staged : draft->source.folder;
    struct file_text files[3];
    size_t count = 0;
    if (from && !copy_trace(draft, from, folder, &files[count]))
        return false;
    if (from && files[count].path)
        count++;
    if (old && old->is_changed)
        files[count++] = (struct file_text){old->source.questionnaire, old->text};
    files[count++] = (struct file_text){path_join(p->a, folder, QUESTIONNAIRE_NAME), text};
    bool ok = (!is_new || tree_wipe_folder(staged, p->d)) && file_make_folders(folder, p->d) &&
              write_schema(p) && file_write_together(files, count, p->d) &&
              (!is_new || file_move(staged, draft->source.folder, p->d));
    if (!ok && is_new && tree_wipe_folder(staged, diags_new(p->a)))
        file_remove_empty_folder(staged);
    return ok;
}

/* ---- the command --------------------------------------------------------------------------------
 */

static int say(const struct draft *draft, struct str text, const struct decision_file *old)
{
    struct strbuf out = STRBUF_INIT;
    strbuf_addf(&out, "%s: written", draft->source.questionnaire);
    struct strbuf verdict = STRBUF_INIT;
    draft_verdict(draft, text, &verdict);
    if (verdict.n > 0)
        strbuf_addf(&out, " (%s)", verdict.s);
    strbuf_addc(&out, '\n');
    if (old && old->is_changed)
        strbuf_addf(&out, "%s: superseded\n", old->source.questionnaire);
    int status = console_put(strbuf_str(&out), EXIT_DONE);
    strbuf_release(&verdict);
    strbuf_release(&out);
    return status;
}

/* The other decisions that the new one comes from. */
struct relatives {
    struct decision_file from, old;
    bool has_from, has_old;
};

static bool open_relatives(struct project *p, const struct new_settings *s, struct relatives *r)
{
    bool ok = true;
    if (s->from) {
        r->has_from = true;
        ok = decision_file_open(p, s->from, &r->from);
    }
    if (s->supersedes) {
        r->has_old = true;
        ok = decision_file_open(p, s->supersedes, &r->old) && ok;
        struct str successor = ok ? decision_successor(p, r->old.q.slug) : STR("");
        if (successor.n > 0) {
            diag_error(p->d, where_file(str_of(r->old.source.questionnaire)),
                       "supersede that one instead", "\"%.*s\" is superseded by \"%.*s\" already",
                       STR_ARG(r->old.q.slug), STR_ARG(successor));
            ok = false;
        }
        ok = ok && decision_file_set(p, &r->old, "status", STR("superseded"));
    }
    return ok;
}

/* --set, and what --supersedes says. */
static size_t all_assignments(const struct new_settings *s, const struct relatives *r,
                              const struct str *asked, size_t asked_count, struct arena *a,
                              struct str **out)
{
    size_t count = 0;
    *out = arena_new(a, struct str, s->set.count + asked_count + 1);
    for (size_t i = 0; i < asked_count; i++)
        (*out)[count++] = asked[i];
    for (size_t i = 0; i < s->set.count; i++)
        (*out)[count++] = str_of(s->set.items[i]);
    if (r->has_old)
        (*out)[count++] = str_printf(a, "supersedes=%.*s", STR_ARG(r->old.q.slug));
    return count;
}

/* Answers are decided on as they come; without prices or policy they are only checked. */
static bool load_engine(struct project *p)
{
    struct diags *kept = p->d;
    p->d = diags_new(p->a);
    bool ok = project_load_book(p);
    ok = project_load_policy(p) && ok;
    p->d = kept;
    return ok;
}

static int make(struct draft *draft, const struct new_settings *s)
{
    struct project *p = draft->p;
    struct relatives r = {0};
    struct str *asked = NULL, *set, text;
    size_t asked_count = 0;
    if (!open_relatives(p, s, &r))
        return console_report(p->d, false, s->quiet);
    draft->base = r.has_from ? copied_text(&r.from.q, draft->source.slug, p->a)
                             : blank_text(draft->source.slug, s, p->a);
    draft->can_decide = load_engine(p);
    bool is_asking = !s->from && s->set.count == 0 && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
    if (is_asking && !new_ask(draft, &asked, &asked_count)) {
        fputs("\nnothing was written\n", stderr);
        return EXIT_INPUT;
    }
    size_t count = all_assignments(s, &r, asked, asked_count, p->a, &set);
    bool ok = draft_text(draft, set, count, p->a, &text, p->d) && dress(draft, text, &text) &&
              write_all(draft, text, r.has_from ? &r.from : NULL, r.has_old ? &r.old : NULL);
    int status = console_report(p->d, false, s->quiet);
    return ok && !s->quiet ? say(draft, text, r.has_old ? &r.old : NULL) : status;
}

static int run_new(const char *slug, const struct new_settings *s, struct arena *a)
{
    struct project p;
    struct draft draft = {.p = &p};
    if (!slug_valid(str_of(slug)))
        return console_misused("new", str_printf(a, "'%s' is no slug", slug),
                               STR("small letters, digits and dashes, such as fraud-scoring; not a "
                                   "folder of the site"));
    project_open(&p, a, diags_new(a));
    p.pricing = s->pricing;
    p.policy_file = s->policy;
    draft.source.slug = str_of(slug);
    draft.source.folder = path_join(a, WORKLOADS_FOLDER, slug);
    draft.source.questionnaire = path_join(a, draft.source.folder, QUESTIONNAIRE_NAME);
    if (file_exists(draft.source.questionnaire)) {
        diag_error(p.d, where_file(str_of(draft.source.questionnaire)), "choose another slug",
                   "it is there already, and nothing is overwritten");
        return console_report(p.d, false, s->quiet);
    }
    return make(&draft, s);
}

int command_new(int argc, char **argv)
{
    struct new_settings s = {0};
    const struct option_row options[] = {
        {0, "set", OPTION_LIST, &s.set, "PATH=VALUE",
         "an answer; may be given again; nothing is asked then"},
        {0, "from", OPTION_STRING, &s.from, "SLUG", "begin with the answers of another decision"},
        {0, "supersedes", OPTION_STRING, &s.supersedes, "SLUG",
         "the decision that this one replaces; its file says so too"},
        {0, "pricing", OPTION_STRING, &s.pricing, "DIR", "the price book (default pricing/)"},
        {0, "policy", OPTION_STRING, &s.policy, "FILE",
         "the policy (default content/policy/policy.json)"},
        {'q', "quiet", OPTION_FLAG, &s.quiet, NULL, "only errors"},
        {'h', "help", OPTION_FLAG, &s.help, NULL, "this help"},
        {0},
    };
    struct arena *a = arena_create();
    const char **operands = arena_new(a, const char *, (size_t)argc);
    size_t count;
    int status = EXIT_USAGE;
    if (option_parse("new", argc, argv, options, operands, &count, a)) {
        if (s.help) {
            console_help(
                "new [OPTIONS] SLUG",
                "Writes content/workloads/SLUG/questionnaire.json. Asks the seven questions "
                "on a\nterminal; elsewhere, or with --set or --from, nothing is asked.",
                options);
            status = EXIT_DONE;
        } else if (count != 1) {
            status = console_misused("new", STR("takes one slug"),
                                     STR("for instance: breakeven new fraud-scoring"));
        } else {
            status = run_new(operands[0], &s, a);
        }
    }
    arena_destroy(a);
    return status;
}
