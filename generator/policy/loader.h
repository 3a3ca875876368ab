#ifndef POLICY_LOADER_H
#define POLICY_LOADER_H
/*
 * What the readers of the policy's sections share: the facts and thresholds that names are checked
 * against, and the small forms that many sections use (figures, claims, ids, conditions, texts).
 * Every function reports what is wrong and goes on, so that one run shows all mistakes.
 */
#include "policy/policy.h"
#include "source/json.h"

struct loader {
    const struct str *facts; /* none: names of facts are not checked */
    size_t fact_count;
    const struct threshold *thresholds;
    bool *threshold_used; /* one a threshold */
    size_t threshold_count;
    struct arena *a;
    struct diags *d;
};

/* load.c: policy_load without the file system; the files are policy.json, mistakes.json and
 * checklist.json. The texts must outlive *out. */
struct policy_file {
    struct str path, text;
};

bool policy_parse(const struct policy_file files[3], const struct str *fact_names,
                  size_t fact_count, struct arena *a, struct policy *out, struct diags *d);

/* form.c: the forms. `r` is the reader of the entry that has the key. */
extern const char *const STRENGTH_WORDS[];
void form_id(struct loader *l, struct json_reader *r, const char *key, struct str *out);
void form_text(struct loader *l, struct json_reader *r, const char *key,
               struct str *out); /* required, not blank */
void form_claim(struct loader *l, struct json_reader *r, const char *key, struct str *out);
void form_claims(struct loader *l, struct json_reader *r, const char *key, const struct str **out,
                 size_t *count);
/* A text with {{facts}}; required or not. */
void form_template(struct loader *l, struct json_reader *r, const char *key, bool is_required,
                   struct str *out);
/* "value", or "low", "likely" and "high". False: a diagnostic. */
bool form_figure(struct loader *l, struct json_reader *r, struct spread *out);
bool form_range(struct loader *l, struct json_reader *r,
                struct spread *out); /* low, likely, high only */
/* The field of a questionnaire path written as the table does; NULL and a diagnostic: none. */
const struct field *form_path(struct loader *l, struct json_reader *r, const char *key);
/* The entries of a required list; *first is NULL where there are none. */
size_t form_list(struct loader *l, struct json_reader *r, const char *key,
                 const struct json **first);
/* An error where the entry's id (at `key`) equals one before it; `what` names the kind of entry. */
void form_unique(struct loader *l, const struct json *entry, const char *key, struct str id,
                 const char *what, struct str earlier);

/* condition.c */
void condition_when(struct loader *l, struct json_reader *r, const char *key, struct when *out);
bool loader_is_fact(const struct loader *l, struct str name);
const char *loader_nearest_fact(const struct loader *l, struct str name); /* a hint, or NULL */

/* sections.c: one a top-level key of policy.json. */
void section_parameters(struct loader *l, const struct json *value, struct policy *out);
void section_people(struct loader *l, const struct json *value, struct policy *out);
void section_thresholds(struct loader *l, const struct json *value, struct policy *out);
void section_defaults(struct loader *l, struct json_reader *r, struct policy *out);
void section_uncertainty(struct loader *l, struct json_reader *r, struct policy *out);
void section_rules(struct loader *l, struct json_reader *r, struct policy *out);
void section_tiers(struct loader *l, struct json_reader *r, struct policy *out);
void section_scenarios(struct loader *l, struct json_reader *r, struct policy *out);
void section_folklore(struct loader *l, struct json_reader *r, struct policy *out);
void section_mistakes(struct loader *l, struct json_reader *r, struct policy *out);
void section_checklist(struct loader *l, struct json_reader *r, struct policy *out);
#endif
