#include "render/json_parts.h"

#include "base/strbuf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SMALL 1e-3 /* below it six decimals are less than four digits */

void json_put_figure(struct json_out *j, double value)
{
    if (fabs(value) >= SMALL || !(fabs(value) > 0.0)) {
        json_put_rounded(j, value, 6);
        return;
    }
    char digits[32]; // rare: a cold start in a million requests, a price near nothing
    snprintf(digits, sizeof digits, "%.5e", value);
    json_put_double(j, strtod(digits, NULL));
}

void json_put_text(struct json_out *j, struct str text)
{
    if (text.n > 0)
        json_put_str(j, text);
    else
        json_put_null(j);
}

void json_put_date(struct json_out *j, struct date day)
{
    struct strbuf text = STRBUF_INIT;
    if (!date_is_none(day))
        date_add(&text, day);
    json_put_text(j, strbuf_str(&text));
    strbuf_release(&text);
}

void json_set_text(struct json_out *j, const char *key, struct str text)
{
    json_key(j, key);
    json_put_text(j, text);
}

void json_set_word(struct json_out *j, const char *key, const char *word)
{
    json_key(j, key);
    json_puts(j, word);
}

void json_set_bool(struct json_out *j, const char *key, bool is_true)
{
    json_key(j, key);
    json_put_bool(j, is_true);
}

void json_set_int(struct json_out *j, const char *key, long long number)
{
    json_key(j, key);
    json_put_int(j, number);
}

void json_set_money(struct json_out *j, const char *key, struct money usd, bool is_known)
{
    json_key(j, key);
    if (is_known)
        json_put_money(j, usd);
    else
        json_put_null(j);
}

void json_set_figure(struct json_out *j, const char *key, double value)
{
    json_key(j, key);
    json_put_figure(j, value);
}

void json_set_figure_if(struct json_out *j, const char *key, double value, bool is_known)
{
    json_key(j, key);
    if (is_known)
        json_put_figure(j, value);
    else
        json_put_null(j);
}

void json_set_date(struct json_out *j, const char *key, struct date day)
{
    json_key(j, key);
    json_put_date(j, day);
}

void json_set_texts(struct json_out *j, const char *key, const struct str *texts, size_t count)
{
    json_key(j, key);
    json_begin(j, '[');
    for (size_t i = 0; i < count; i++)
        json_put_str(j, texts[i]);
    json_end(j, ']');
}

void json_set_class(struct json_out *j, const char *key, enum platform_class c)
{
    json_set_word(j, key, c == CLASS_NONE ? NULL : class_word(c));
}

const struct option *json_option(const struct decision *d, int index)
{
    return index >= 0 && (size_t)index < d->option_count ? &d->options[index] : NULL;
}

void json_set_option(struct json_out *j, const char *key, const struct decision *d, int index)
{
    const struct option *o = json_option(d, index);
    json_set_text(j, key, o ? o->id : STR(""));
}

void json_set_platform(struct json_out *j, const char *key, const struct option *o)
{
    json_set_text(j, key, o && o->platform ? o->platform->id : STR(""));
}
