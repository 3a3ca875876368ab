#ifndef CLAIMS_LOAD_H
#define CLAIMS_LOAD_H
/*
 * Claims from their files. A project has any number of them: the *.json files of content/claims in byte order of
 * their names, each complete in itself; ids are unique over all.
 */
#include "claims/claims.h"

struct claims_file {
    struct str path; /* as diagnostics show it */
    struct str text; /* must live as long as the claims */
};

/*
 * Checks and compiles everything. All mistakes of all files become diagnostics; an input that no
 * formula uses is a warning. False where there is an error; *out is then not usable. Everything lives
 * in `a` and refers to `book`. may_lack: the claims were not written for this book, so a SKU or a
 * platform that it does not have makes figures unknown and is no error.
 */
bool claims_parse(const struct claims_file *files, size_t count, const struct book *book,
                  bool may_lack, struct arena *a, struct claims *out, struct diags *d);

/* The same for a folder and the book that it was written for; one that is not there has no claims. */
bool claims_load(const char *folder, const struct book *book, struct arena *a, struct claims *out,
                 struct diags *d);
#endif
