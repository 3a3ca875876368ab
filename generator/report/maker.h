#ifndef REPORT_MAKER_H
#define REPORT_MAKER_H
/*
 * Shared by the files that make the trees of report/model.h: a scratch buffer for wording, and the
 * usual ways to set a worded figure. Private to report/.
 */
#include "base/strbuf.h"
#include "report/model.h"
#include "report/wording.h"

struct maker {
    struct arena *a;
    struct strbuf sb; /* scratch; released by maker_release */
    const struct site *site;
    const struct report *report;     /* NULL on pages of the site */
    const struct decision *decision; /* the same */
    const char *to_root;
    const struct model_uses *uses;   /* on price pages */
    const struct value *class[CLASS_NONE + 1];
    struct model_rows *rows;
};

void maker_init(struct maker *m, const struct site *s, const char *to_root, struct arena *a);
void maker_release(struct maker *m);

/* Keeps a member that model_place changes. Not on pages of the site. */
void note_link(struct maker *m, struct model_link link);

/* Word into the buffer that begin() gives, then set it under `key`. */
struct strbuf *begin(struct maker *m);
void end(struct maker *m, struct value *o, const char *key);
void end_link(struct maker *m, struct value *o, const char *key); /* one that leads out of the report */
struct str text_of(struct maker *m); /* what stands in the buffer, valid until the next begin() */

void put_usd(struct maker *m, struct value *o, const char *key, double usd);
void put_money(struct maker *m, struct value *o, const char *key, struct money usd);
void put_whole(struct maker *m, struct value *o, const char *key, struct money usd);
void put_range(struct maker *m, struct value *o, const char *key, double low, double high);
void put_change(struct maker *m, struct value *o, const char *key, double usd);
void put_percent(struct maker *m, struct value *o, const char *key, double ratio);
void put_share(struct maker *m, struct value *o, const char *key, double share);
void put_ms(struct maker *m, struct value *o, const char *key, double ms);
void put_count(struct maker *m, struct value *o, const char *key, double count);
void put_int(struct maker *m, struct value *o, const char *key, size_t n);
void put_plural(struct maker *m, struct value *o, const char *key, size_t n, const char *one,
                const char *many);
void put_date(struct maker *m, struct value *o, const char *key, struct date d);
void put_value(struct maker *m, struct value *o, const char *key, double value, struct str unit);
void put_list_price(struct maker *m, struct value *o, const char *key, const struct price *p); /* NULL: null */
void put_capital(struct maker *m, struct value *o, const char *key, struct str text);
void put_sentence(struct maker *m, struct value *o, const char *key, struct str text); /* capital and full stop */
void put_or_null(struct value *o, const char *key, struct str text); /* empty: null */
/* to_root and an address below it. */
void put_link(struct maker *m, struct value *o, const char *key, const char *address);
/* A name split at its first comma: "name", and "detail" or null. */
void put_name(struct maker *m, struct value *o, struct str name);
/* Sources of a rule or figure: a list of {text, href}. Addresses become links with the host as text,
 * ids of published claims links to the site's page of claims. */
void put_sources(struct maker *m, struct value *o, const char *key, const struct str *sources,
                 size_t count);

const struct option *option_at(const struct decision *d, int index);

/* Name, class, monthly cost and difference of an option, as every table of options has them. */
void option_common(struct maker *m, struct value *o, const struct option *option);

/* The parts of a report's tree. */
void make_options(struct maker *m, struct value *report);
void make_latency(struct maker *m, struct value *report);
void make_traffic(struct maker *m, struct value *report);
void make_prices(struct maker *m, struct value *report);
void make_head(struct maker *m, struct value *report);
void make_flips(struct maker *m, struct value *report);
void make_volume(struct maker *m, struct value *report);
void make_sensitivity(struct maker *m, struct value *report);
void make_scenarios(struct maker *m, struct value *report);
void make_folklore(struct maker *m, struct value *report);
void make_questions(struct maker *m, struct value *report);
void make_rationale(struct maker *m, struct value *report);
void make_consequences(struct maker *m, struct value *report);
void make_risks(struct maker *m, struct value *report);
void make_checklist(struct maker *m, struct value *report);
void make_assumptions(struct maker *m, struct value *report);
void make_tripwires(struct maker *m, struct value *report);

/* How many decisions hang on a SKU; maker->uses must be there. */
size_t uses_of(const struct maker *m, const struct sku *sku);

/* Position of a price among the report's prices, for "#p-3"; -1: not there. */
int price_position(const struct decision *d, const struct sku *sku, struct str region);
#endif
