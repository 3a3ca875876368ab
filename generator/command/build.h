#ifndef COMMAND_BUILD_H
#define COMMAND_BUILD_H
/* `breakeven build`: questionnaires and prices to the whole site. */
#include <stdbool.h>

struct arena;
struct diags;
struct strbuf;

#define BUILD_OUT "site/public" /* where the site is written unless --out says otherwise */

/* What the options of `build` say; NULL and 0 are the defaults, out must be given. */
struct build_settings {
    const char *out, *as_of, *pricing, *policy, *base_url;
    int jobs;
    bool drafts, force, rebuild, quiet, verbose, help;
};

/*
 * Builds and publishes the site of the project in the current folder. Mistakes go to `d`; false where
 * there is one, and the site is then as it was. `summary` gets a line that says what was done;
 * *changed is false where every file of the site was right already.
 */
bool build_site(const struct build_settings *s, struct arena *a, struct diags *d,
                struct strbuf *summary, bool *changed);

/* Returns the exit status. */
int command_build(int argc, char **argv);
#endif
