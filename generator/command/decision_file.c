#include "command/decision_file.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "source/json.h"
#include "source/json_edit.h"

#include <string.h>

/* Members stand in the order of the format: a new one follows the last of those before it. */
static const char *const BEFORE_STATUS[] = {"$schema", "format", "title", "owner", NULL};
static const char *const BEFORE_SUPERSEDES[] = {"$schema", "format", "title",     "owner",
                                                "status",  "date",   "review_by", "revisit_if",
                                                "tags",    NULL};

static bool read_again(struct project *p, struct decision_file *f, struct str text)
{
    f->text = text;
    return questionnaire_parse(str_of(f->source.questionnaire), f->text, f->source.slug, p->a,
                               &f->q, p->d);
}

bool decision_file_open(struct project *p, const char *argument, struct decision_file *out)
{
    struct str text;
    *out = (struct decision_file){0};
    if (!project_find_workload(p, argument, &out->source))
        return false;
    if (!out->source.questionnaire) {
        diag_error(p->d, where_file(STR("-")), "name a decision of the project",
                   "standard input cannot be changed in place");
        return false;
    }
    return file_read(out->source.questionnaire, p->a, &text, p->d) && read_again(p, out, text);
}

bool decision_file_set(struct project *p, struct decision_file *f, const char *key,
                       struct str value)
{
    const struct json *there = json_find(f->q.root, key);
    if (there && there->kind == JSON_STRING && str_equal(there->string, value))
        return true;
    const char *const *after = strcmp(key, "supersedes") == 0 ? BEFORE_SUPERSEDES : BEFORE_STATUS;
    f->is_changed = true;
    return read_again(p, f, json_edit_string(f->text, f->q.root, key, value, after, p->a));
}

bool decision_file_save(struct project *p, const struct decision_file *f)
{
    return !f->is_changed || file_write(f->source.questionnaire, f->text, NULL, p->d);
}

/* Reads another decision of the project quietly; false: there is none without errors. */
static bool peek(const struct project *p, struct str slug, struct questionnaire *out)
{
    struct project other = *p;
    struct decision_file f;
    other.d = diags_new(p->a);
    if (!slug_valid(slug) || !decision_file_open(&other, str_cstring(p->a, slug), &f))
        return false;
    *out = f.q;
    return true;
}

struct str decision_successor(struct project *p, struct str slug)
{
    struct project other = *p;
    struct str quoted = str_printf(p->a, "\"%.*s\"", STR_ARG(slug)), found = {NULL, 0};
    other.d = diags_new(p->a);
    if (!file_is_folder("content/workloads") || !project_list_workloads(&other))
        return found;
    for (size_t i = 0; i < other.workload_count && found.n == 0; i++) {
        struct str text;
        bool missing;
        struct questionnaire q;
        const char *path = other.workloads[i].questionnaire;
        if (file_read_optional(path, p->a, &text, &missing, other.d) &&
            str_find(text, quoted) < text.n &&
            questionnaire_parse(str_of(path), text, other.workloads[i].slug, p->a, &q, other.d) &&
            str_equal(q.supersedes.text, slug))
            found = q.slug;
    }
    return found;
}

/* Whether `old` comes after `young` in the chain of those that it supersedes. */
static bool is_ancestor(const struct project *p, const struct decision_file *old, struct str young)
{
    struct str next = old->q.supersedes.text;
    struct questionnaire q;
    for (size_t steps = 0; next.n > 0 && steps < 1000; steps++) {
        if (str_equal(next, young))
            return true;
        if (!peek(p, next, &q))
            return false;
        next = q.supersedes.text;
    }
    return false;
}

bool decision_file_supersede(struct project *p, struct decision_file *old,
                             struct decision_file *young)
{
    struct str there = young->q.supersedes.text;
    struct str successor = decision_successor(p, old->q.slug);
    if (str_equal(old->q.slug, young->q.slug)) {
        diag_error(p->d, old->q.where, NULL, "a decision cannot supersede itself");
        return false;
    }
    if (there.n > 0 && !str_equal(there, old->q.slug)) {
        diag_error(p->d, young->q.supersedes.where, "a decision supersedes one other",
                   "\"%.*s\" supersedes \"%.*s\" already", STR_ARG(young->q.slug), STR_ARG(there));
        return false;
    }
    if (successor.n > 0 && !str_equal(successor, young->q.slug)) {
        diag_error(p->d, where_file(str_of(old->source.questionnaire)),
                   "supersede one of the two by the other",
                   "\"%.*s\" is superseded by \"%.*s\" already", STR_ARG(old->q.slug),
                   STR_ARG(successor));
        return false;
    }
    if (is_ancestor(p, old, young->q.slug)) {
        diag_error(p->d, old->q.supersedes.where, NULL, "\"%.*s\" supersedes \"%.*s\" itself",
                   STR_ARG(old->q.slug), STR_ARG(young->q.slug));
        return false;
    }
    return decision_file_set(p, young, "supersedes", old->q.slug) &&
           decision_file_set(p, old, "status", STR("superseded"));
}
