#ifndef RENDER_JSON_CLAIMS_H
#define RENDER_JSON_CLAIMS_H
/*
 * claims.json of the site: every published claim with its inputs, formulas, the prices behind them and
 * the figures at the article's date and at the book's edition. Unknown figures are null.
 */
struct arena;
struct site;
struct strbuf;

#define CLAIMS_FORMAT "breakeven-claims-recomputed/1"

void json_claims(const struct site *s, struct arena *a, struct strbuf *out);
#endif
