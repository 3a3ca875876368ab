#ifndef RENDER_JSON_INDEX_H
#define RENDER_JSON_INDEX_H
/*
 * index.json: all decisions of a site in a few figures each, for dashboards and other programs. The
 * figures are those of each report.json, under the same names.
 */
#include "report/report.h"

struct json_out;
struct strbuf;

#define INDEX_FORMAT "breakeven-index/1"

void json_index(const struct site *s, struct strbuf *out);
/* One decision of it; `list --format json` shows the same. */
void json_index_entry(struct json_out *j, const struct report_summary *s);
#endif
