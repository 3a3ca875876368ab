#include "policy/policy.h"

#include <assert.h>

double policy_number(const struct policy *p, enum parameter_id id)
{
    assert(id < PARAMETER_ID_COUNT);
    return p->parameter[id].value.likely;
}

struct spread policy_spread(const struct policy *p, enum parameter_id id)
{
    assert(id < PARAMETER_ID_COUNT);
    return p->parameter[id].value;
}

const struct threshold *policy_threshold(const struct policy *p, struct str name)
{
    for (size_t i = 0; i < p->threshold_count; i++)
        if (str_equal(p->thresholds[i].name, name))
            return &p->thresholds[i];
    return NULL;
}

/* The table's own spelling: "models.2.duration_cv" is "models[].duration_cv". A path without a number is its own. */
static struct str table_path(struct str path)
{
    bool has_number = false;
    for (size_t i = 1; i < path.n && !has_number; i++)
        has_number = path.s[i - 1] == '.' && path.s[i] >= '0' && path.s[i] <= '9';
    if (!has_number)
        return path;
    const struct field *field = field_find(path);
    return field ? str_of(field->path) : path;
}

/* A model's own answer falls under the policy of the common one: "models[].traffic.cv" gives
 * "traffic.cv", which stands below "answers."; empty where there is no common one. */
static struct str common_part(struct str path)
{
    static const char MODELS[] = "models[].";
    struct str prefix = {MODELS, sizeof MODELS - 1};
    struct str rest = str_starts(path, prefix) ? str_slice(path, prefix.n, path.n) : STR("");
    return str_find(rest, STR(".")) < rest.n ? rest : STR("");
}

static bool is_common(struct str path, struct str part)
{
    struct str answers = STR("answers.");
    return part.n > 0 && str_starts(path, answers) &&
           str_equal(str_slice(path, answers.n, path.n), part);
}

const struct assumption *policy_assumption(const struct policy *p, struct str path)
{
    const struct assumption *common = NULL;
    struct str own = table_path(path), part = common_part(own);
    for (size_t i = 0; i < p->assumption_count; i++) {
        if (str_equal(p->assumptions[i].path, own))
            return &p->assumptions[i];
        if (is_common(p->assumptions[i].path, part))
            common = &p->assumptions[i];
    }
    return common;
}

const struct uncertainty *policy_uncertainty(const struct policy *p, struct str path)
{
    const struct uncertainty *common = NULL;
    struct str own = table_path(path), part = common_part(own);
    for (size_t i = 0; i < p->uncertainty_count; i++) {
        if (str_equal(p->uncertainties[i].path, own))
            return &p->uncertainties[i];
        if (is_common(p->uncertainties[i].path, part))
            common = &p->uncertainties[i];
    }
    return common;
}
