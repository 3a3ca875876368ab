#include "questionnaire/questionnaire.h"

#define SLUG_MAX 80

/* Folders of the site that are no decision. */
static const char *const SITE_FOLDERS[] = {"assets", "changes",       "claims", "method",
                                           "prices", "questionnaire", "schema"};

bool slug_valid(struct str slug)
{
    if (slug.n == 0 || slug.n > SLUG_MAX || slug.s[0] == '-')
        return false;
    for (size_t i = 0; i < slug.n; i++) {
        char c = slug.s[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    for (size_t i = 0; i < sizeof SITE_FOLDERS / sizeof SITE_FOLDERS[0]; i++)
        if (str_is(slug, SITE_FOLDERS[i]))
            return false;
    return true;
}
