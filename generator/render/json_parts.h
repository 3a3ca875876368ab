#ifndef RENDER_JSON_PARTS_H
#define RENDER_JSON_PARTS_H
/*
 * How figures and references are written, the same in every JSON file, and the members of report.json
 * that have a file of their own. Keys stand in fixed order, so that a diff of two reports shows what
 * changed. Private to render/.
 */
#include "report/report.h"
#include "source/json_out.h"

/* A key with its value. Empty texts and unknown figures are null. */
void json_set_text(struct json_out *j, const char *key, struct str text);
void json_set_word(struct json_out *j, const char *key, const char *word);
void json_set_bool(struct json_out *j, const char *key, bool is_true);
void json_set_int(struct json_out *j, const char *key, long long number);
void json_set_money(struct json_out *j, const char *key, struct money usd, bool is_known);
void json_set_figure(struct json_out *j, const char *key, double value);
void json_set_figure_if(struct json_out *j, const char *key, double value, bool is_known);
void json_set_date(struct json_out *j, const char *key, struct date day);
void json_set_texts(struct json_out *j, const char *key, const struct str *texts, size_t count);
void json_set_class(struct json_out *j, const char *key, enum platform_class c); /* none: null */
void json_set_option(struct json_out *j, const char *key, const struct decision *d, int index);
/* The platform's id; null for a hybrid, or where there is no option. */
void json_set_platform(struct json_out *j, const char *key, const struct option *o);

/* The values alone: null where there is none. */
void json_put_text(struct json_out *j, struct str text);
void json_put_date(struct json_out *j, struct date day);
/* A figure alone: at most six decimals, small ones at least six significant digits; NAN is null. */
void json_put_figure(struct json_out *j, double value);

/* NULL where there is none. */
const struct option *json_option(const struct decision *d, int index);

/* The options, with their lines, as an array. (json_option.c) */
void json_put_options(struct json_out *j, const struct decision *d);

/* Members of report.json: what would change the decision. (json_change.c) */
void json_put_crossovers(struct json_out *j, const struct report *r);
void json_put_sensitivity(struct json_out *j, const struct report *r);
void json_put_scenarios(struct json_out *j, const struct report *r);
void json_put_information(struct json_out *j, const struct report *r);
void json_put_volume(struct json_out *j, const struct report *r); /* null without a sweep */
void json_put_folklore(struct json_out *j, const struct report *r);

/* Members of report.json: what it rests on and what is to be done. (json_records.c) */
void json_put_mistakes(struct json_out *j, const struct report *r);
void json_put_checklist(struct json_out *j, const struct report *r);
void json_put_assumptions(struct json_out *j, const struct report *r);
void json_put_flags(struct json_out *j, const struct report *r);
void json_put_revisit_if(struct json_out *j, const struct report *r);
void json_put_prices(struct json_out *j, const struct report *r);
const char *json_item_state(const struct report *r, size_t index); /* of checklist item `index`: "done" */
#endif
