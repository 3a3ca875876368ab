#include "questionnaire/words.h"

#include "questionnaire/questionnaire.h"

#include <assert.h>

const char *const STATUS_WORDS[] = {"draft",      "proposed",   "accepted", "rejected",
                                    "deprecated", "superseded", NULL};
const char *const STAGE_WORDS[] = {"validation", "production", NULL};
const char *const PURCHASE_WORDS[] = {"on-demand", "spot", "reserved-1y", "reserved-3y", NULL};
const char *const GPU_NEED_WORDS[] = {"none", "optional", "required", NULL};
const char *const CUSTOM_WORDS[] = {"none", "container", "gpu-libraries", "kernel", NULL};
const char *const TENANCY_WORDS[] = {"multi", "single", NULL};
const char *const BASIS_WORDS[] = {"measured", "estimated", "guessed", NULL};
const char *const MODEL_KIND_WORDS[] = {"realtime", "streaming", "async", "batch", NULL};
const char *const JOB_KIND_WORDS[] = {"training", "batch", "automation", NULL};
const char *const QUESTION_WORDS[] = {"gpu",  "latency", "traffic",    "dependencies",
                                      "team", "models",  "compliance", NULL};

_Static_assert(sizeof STATUS_WORDS / sizeof STATUS_WORDS[0] == STATUS_COUNT + 1, "a word a status");
_Static_assert(sizeof PURCHASE_WORDS / sizeof PURCHASE_WORDS[0] == PURCHASE_COUNT + 1,
               "a word a kind of purchase");
_Static_assert(sizeof QUESTION_WORDS / sizeof QUESTION_WORDS[0] == QUESTION_COUNT + 1,
               "a word a question");

/* Enums that begin with _UNKNOWN have no word for it. */
static const char *known(const char *const *words, unsigned value)
{
    return value == 0 ? "unknown" : words[value - 1];
}

const char *status_word(enum status s)
{
    assert(s < STATUS_COUNT);
    return STATUS_WORDS[s];
}

const char *purchase_word(enum purchase p)
{
    assert(p < PURCHASE_COUNT);
    return PURCHASE_WORDS[p];
}

const char *question_word(enum question q)
{
    assert(q <= QUESTION_COUNT);
    return q == QUESTION_COUNT ? "none" : QUESTION_WORDS[q];
}

const char *gpu_need_word(enum gpu_need n)
{
    return known(GPU_NEED_WORDS, n);
}

const char *custom_word(enum custom c)
{
    return known(CUSTOM_WORDS, c);
}

const char *tenancy_word(enum tenancy t)
{
    return known(TENANCY_WORDS, t);
}

const char *basis_word(enum basis b)
{
    return known(BASIS_WORDS, b);
}

const char *model_kind_word(enum model_kind k)
{
    return MODEL_KIND_WORDS[k];
}

const char *job_kind_word(enum job_kind k)
{
    return JOB_KIND_WORDS[k];
}

const char *stage_word(enum stage s)
{
    return known(STAGE_WORDS, s);
}
