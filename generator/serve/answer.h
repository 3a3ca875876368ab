#ifndef SERVE_ANSWER_H
#define SERVE_ANSWER_H
/*
 * What a request for an address of the served site gets; pure but for reading the site's files. An
 * address is decoded once and must then be a plain path below the site: no "..", no hidden file, no
 * symbolic link. Pages get a script that reloads them when the site was built again, and, where the
 * last build failed, pages show why.
 */
#include "publish/tree.h"

#include <stdbool.h>

struct arena;
struct diags;

#define ANSWER_EVENTS "/-/events" /* server-sent events; not answered here */
#define ANSWER_SCRIPT "/-/reload.js"

/* What is served, at one moment. */
struct served {
    const char *folder;
    struct str build;    /* names the state of the site: changes with every build */
    struct str mistakes; /* why the last build failed, as printed; empty: it did not */
};

struct answer {
    unsigned status; /* 200, 301, 304, 400, 404 or 500 */
    const char *type;
    struct str body;
    struct str etag;     /* with its quotes; empty: none */
    struct str location; /* of 301 */
};

/*
 * `path` is undecoded, without the query. `old` shows a page of the last good build in spite of
 * mistakes. `if_none_match` is that header's value, or empty. The answer lives in `a`.
 */
struct answer answer_find(const struct served *s, struct str path, bool old,
                          struct str if_none_match, struct arena *a);

/* "text/html; charset=utf-8", by the name's ending. */
const char *content_type(struct str name);
/* Percent-decoded once; false: a broken escape or a control character. */
bool address_decode(struct str address, struct arena *a, struct str *out);
/* Whether a Host header names this machine: others are pages elsewhere that reach for it. */
bool host_is_local(struct str host);
#endif
