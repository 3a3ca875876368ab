#ifndef PUBLISH_SITE_CONFIG_H
#define PUBLISH_SITE_CONFIG_H
/*
 * site/site.json: what the site calls itself. All keys but "format" may be left out:
 *
 *   { "format": "breakeven-site/1",
 *     "title": "AI platform decisions",     on every page
 *     "description": "...",                 of the index page, for search results
 *     "organisation": "...",                in the footer
 *     "language": "en",                     of the pages (BCP 47)
 *     "base_url": "https://...",            where the site will be read; null: anywhere, no sitemap
 *     "confidentiality": "Internal",        a label on every page
 *     "footer": "...",                      a sentence
 *     "navigation": [ { "title": "...", "href": "index.html" } ] }    relative to the site's root
 */
#include "report/report.h"

#include <stdbool.h>

struct arena;
struct diags;

/* A site that nobody has described: its own title and the pages that every site has. */
void site_config_default(struct site *out);
/* Over the defaults. False: an error in `d`. `text` must outlive *out. */
bool site_config_parse(struct str path, struct str text, struct arena *a, struct site *out,
                       struct diags *d);
/* Takes an address of --base-url or of the file; http or https, without query; no slash at the end
 * in *out. False: it is no such address. */
bool site_base_url(struct str text, struct str *out);
#endif
