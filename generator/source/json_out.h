#ifndef SOURCE_JSON_OUT_H
#define SOURCE_JSON_OUT_H
/*
 * Writes JSON straight into a strbuf, keys in the order of the calls, two-space indent. The writer
 * knows where commas belong; misuse (a value without a key in an object) is an assertion.
 */
#include "base/str.h"
#include "number/decimal.h"
#include "number/money.h"

#include <stdbool.h>
#include <stddef.h>

struct strbuf;
struct json;

struct json_out {
    struct strbuf *sb;
    int depth;
    bool has_items[72];
    bool after_key;
    bool compact[72];   /* containers written on one line */
    bool in_object[72]; /* keys are due */
};

void json_out_init(struct json_out *j, struct strbuf *sb);
void json_begin(struct json_out *j, char bracket);          /* '{' or '['; one member a line */
void json_begin_inline(struct json_out *j, char bracket);   /* members on one line */
void json_end(struct json_out *j, char bracket);            /* '}' or ']' */
void json_key(struct json_out *j, const char *key);
void json_key_str(struct json_out *j, struct str key);
void json_put_str(struct json_out *j, struct str value);    /* escaped; invalid UTF-8 is replaced */
void json_puts(struct json_out *j, const char *value);      /* NULL writes null */
void json_put_int(struct json_out *j, long long value);
void json_put_double(struct json_out *j, double value);     /* 15 digits at most; not finite writes null */
void json_put_rounded(struct json_out *j, double value, int decimals);
void json_put_money(struct json_out *j, struct money value);
void json_put_decimal(struct json_out *j, struct decimal value);
void json_put_bool(struct json_out *j, bool value);
void json_put_null(struct json_out *j);
void json_put_tree(struct json_out *j, const struct json *value); /* a parsed value again, comments gone */
#endif
