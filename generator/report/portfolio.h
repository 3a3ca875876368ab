#ifndef REPORT_PORTFOLIO_H
#define REPORT_PORTFOLIO_H
/*
 * All live decisions of a site looked at together: where the money goes, which of them could stand on
 * one cluster and what that does to them, and which hang on the same price. Pure; from the summaries
 * alone, so that ten thousand decisions need no second analysis. Live are proposed, accepted and draft
 * decisions that nothing supersedes.
 */
#include "report/report.h"

struct portfolio_spend {
    struct str id, name; /* of a provider or a platform; "hybrid" where an option spans platforms */
    size_t count;
    struct money monthly;
};

/*
 * Decisions whose recommended platform is one Kubernetes platform. Each was decided alone, with a
 * cluster of its own unless its answers say that there is one. Together one keeps its full cost and
 * with it control plane and people: none where a member has the cluster already, else the dearest. The
 * others cost what they do with that cluster there.
 */
struct portfolio_cluster {
    struct str platform, name, provider;
    const size_t *members; /* positions in the site's reports, the dearest first */
    size_t count;          /* at least 2 */
    bool is_there; /* a member has it; else the first of them brings it */
    struct money apart, together;
    size_t changed; /* members whose verdict or class is another one with the cluster there */
};

/* A price, and the decisions whose class changes with it, the nearest first. */
struct portfolio_hinge {
    struct str variable, name; /* "prices.modal-gpu-l4", or "prices.serverless" for all of a class */
    const struct hinge_use {
        size_t report;
        double distance; /* change of the price at which the class flips: -0.08 is 8% less */
    } *uses;
    size_t count;
};

struct portfolio {
    const struct portfolio_spend *providers, *platforms; /* most money first, then by id */
    size_t provider_count, platform_count;
    const struct portfolio_cluster *clusters; /* largest saving first */
    size_t cluster_count;
    const struct portfolio_hinge *hinges; /* most decisions first, then the nearest */
    size_t hinge_count;
};

/* Everything lives in `a`, texts in the summaries. */
void portfolio_make(const struct site *s, struct arena *a, struct portfolio *out);

/* Followed by somebody: proposed, accepted or draft, and not superseded. */
bool portfolio_is_live(const struct report_summary *r);
#endif
