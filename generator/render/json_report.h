#ifndef RENDER_JSON_REPORT_H
#define RENDER_JSON_REPORT_H
/*
 * report.json: everything that was found out about one decision, for other programs, written
 * straight into a buffer with the keys in fixed order. templates/schema/report.schema.json is its
 * JSON Schema. Amounts that stand on lines are exact; a figure that is not known is null, never 0.
 */
#include "report/report.h"

struct strbuf;

#define REPORT_FORMAT "breakeven-report/1"
#define INPUTS_FORMAT "breakeven-inputs/1"

/* Appends the whole document, with a newline at the end. */
void json_report(const struct report *r, struct strbuf *out);

/* Appends an object that holds only this member of the document: {"recommendation": {...}}. For
 * trip-wires, which ask for one figure. False: there is no such member, nothing was appended. */
bool json_report_member(const struct report *r, struct str key, struct strbuf *out);

/* What `verify` rebuilds a report from, for pages that stand alone: slug, state of the checklist and
 * the member `inputs` of the document. */
void json_report_inputs(const struct report *r, struct strbuf *out);
#endif
