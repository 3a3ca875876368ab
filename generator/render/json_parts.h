#ifndef RENDER_JSON_PARTS_H
#define RENDER_JSON_PARTS_H
/* How figures and references are written, the same in every JSON file. Private to render/. */
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

/* A figure alone: at most six decimals, small ones at least six significant digits; NAN is null. */
void json_put_figure(struct json_out *j, double value);

/* NULL where there is none. */
const struct option *json_option(const struct decision *d, int index);

/* The options, with their lines, as an array. (json_option.c) */
void json_put_options(struct json_out *j, const struct decision *d);
#endif
