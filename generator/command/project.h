#ifndef COMMAND_PROJECT_H
#define COMMAND_PROJECT_H
/*
 * A project folder and the defaults that were installed with the program. What a project does not
 * have of its own comes from the defaults, file by file; a price book that has a book.json is taken
 * whole. The project is the current folder (main.c has gone to the one of -C).
 *
 *   content/workloads/SLUG/   questionnaire.json, notes.md, traffic.csv, checklist.json
 *   content/policy/           policy.json, mistakes.json, checklist.json
 *   content/claims/           published claims, files in .json: the defaults' with the project's own added
 *   content/pages/            prose pages, NAME.md
 *   pricing/                  the price book; without book.json: files over those of the defaults'
 *   templates/                files in .html, .md, .xml and .txt are templates; documents (README.md
 *                             and others that begin with a capital) are left alone; anything else
 *                             is copied into the site
 *   site/site.json            title, navigation and so on
 *
 * Parts are loaded when a command asks for them, so that each reads what it needs and no more. All
 * load functions report every mistake they find and return false where there was an error.
 */
#include "base/str.h"
#include "claims/claims.h"
#include "policy/policy.h"
#include "pricing/book.h"
#include "report/report.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct book_file;
struct diags;
struct templates;

#define WORKLOADS_FOLDER "content/workloads"
#define QUESTIONNAIRE_NAME "questionnaire.json" /* of a decision */

/* One file that lies below a folder of the project or of the defaults. */
struct project_file {
    struct str name;  /* below the folder: "report.html", "schema/report.schema.json" */
    const char *path; /* to open, and for diagnostics */
};

/* Where the files of one decision lie. */
struct workload_source {
    struct str slug;
    const char *questionnaire; /* path; NULL: standard input */
    const char *folder;        /* of the files beside it; "." for standard input */
};

struct project {
    struct arena *a;
    struct diags *d;
    const char *defaults;      /* folder of the installed defaults; NULL: there is none */
    const char *pricing;       /* --pricing; NULL: the project's, else the installed one */
    const char *pricing_under; /* the book that `pricing` is laid over where it has no book.json */
    const char *policy_file;   /* --policy; NULL: the same */
    struct book book;
    struct policy policy;
    struct claims claims;
    struct site site; /* site.json; no reports yet */
    struct templates *templates;
    struct str stylesheet; /* site.css */
    struct project_file *assets;
    size_t asset_count;
    struct project_file *pages;
    size_t page_count;
    struct workload_source *workloads; /* by slug */
    size_t workload_count;
};

void project_open(struct project *p, struct arena *a, struct diags *d);

bool project_load_book(struct project *p);
bool project_load_policy(struct project *p);
/* Needs the book. A project without claims has none. */
bool project_load_claims(struct project *p);
/* base_url: of --base-url, over the file's; may be NULL. Needs the book and the policy. */
bool project_load_site(struct project *p, const char *base_url);
/* Templates, assets and the style sheet. */
bool project_load_templates(struct project *p);
bool project_list_pages(struct project *p);
/* What was listed before is forgotten. */
bool project_list_workloads(struct project *p);

/* Where the parts above lie, for hashing them without loading. */
const char *project_path(const struct project *p,
                         const char *name); /* own or default; NULL: neither */
const char *project_policy_path(const struct project *p, const char *name); /* "mistakes.json" */
const char *project_pricing_path(const struct project *p); /* NULL: there is none */
/* The texts of the price book, in `a`. False: what is wrong stands in p->d. */
bool project_read_book(const struct project *p, struct arena *a, struct book_file **files,
                       size_t *count);
/* The files that the project's folder, laid over the default one, holds; by name. */
bool project_overlay(struct project *p, const char *folder, struct project_file **files,
                     size_t *count);

/*
 * WORKLOAD of the command line: a slug below content/workloads/, a path to a questionnaire or to the
 * folder that holds one, or "-". An unknown slug names the nearest.
 */
bool project_find_workload(struct project *p, const char *argument, struct workload_source *out);
#endif
