#include "report/maker.h"

#include "base/arena.h"

#include <stdint.h>

void maker_init(struct maker *m, const struct site *s, const char *to_root, struct arena *a)
{
    *m = (struct maker){.a = a, .site = s, .to_root = to_root};
    for (int c = 0; c <= CLASS_NONE; c++) {
        const struct class_wording *w = class_wording((enum platform_class)c);
        struct value *o = value_object(a);
        value_set_puts(o, "letter", w->letter);
        value_set_puts(o, "word", w->word);
        value_set_puts(o, "prose", w->prose);
        value_set_puts(o, "shape", w->shape);
        m->class[c] = o;
    }
}

void maker_release(struct maker *m)
{
    strbuf_release(&m->sb);
}

void note_link(struct maker *m, struct model_link link)
{
    struct model_rows *r = m->rows;
    r->links = arena_grow(m->a, struct model_link, r->links, r->link_count, &r->link_capacity);
    r->links[r->link_count++] = link;
}

struct strbuf *begin(struct maker *m)
{
    strbuf_clear(&m->sb);
    return &m->sb;
}

void end(struct maker *m, struct value *o, const char *key)
{
    value_set_text(o, key, strbuf_str(&m->sb));
}

static void set_link(struct maker *m, struct value *o, const char *key, struct str address)
{
    const struct value *shown = value_text(m->a, address);
    value_set(o, key, shown);
    if (m->rows)
        note_link(m, (struct model_link){o, key, shown, value_null()});
}

void end_link(struct maker *m, struct value *o, const char *key)
{
    set_link(m, o, key, strbuf_str(&m->sb));
}

struct str text_of(struct maker *m)
{
    return strbuf_str(&m->sb);
}

void put_usd(struct maker *m, struct value *o, const char *key, double usd)
{
    wording_usd(begin(m), usd);
    end(m, o, key);
}

void put_money(struct maker *m, struct value *o, const char *key, struct money usd)
{
    money_headline(begin(m), usd);
    end(m, o, key);
}

void put_whole(struct maker *m, struct value *o, const char *key, struct money usd)
{
    money_whole(begin(m), usd);
    end(m, o, key);
}

void put_range(struct maker *m, struct value *o, const char *key, double low, double high)
{
    wording_usd_range(begin(m), low, high);
    end(m, o, key);
}

void put_change(struct maker *m, struct value *o, const char *key, double usd)
{
    wording_usd_change(begin(m), usd);
    end(m, o, key);
}

void put_percent(struct maker *m, struct value *o, const char *key, double ratio)
{
    wording_percent(begin(m), ratio);
    end(m, o, key);
}

void put_share(struct maker *m, struct value *o, const char *key, double share)
{
    wording_share(begin(m), share);
    end(m, o, key);
}

void put_ms(struct maker *m, struct value *o, const char *key, double ms)
{
    wording_ms(begin(m), ms);
    end(m, o, key);
}

void put_count(struct maker *m, struct value *o, const char *key, double count)
{
    wording_count(begin(m), count);
    end(m, o, key);
}

void put_int(struct maker *m, struct value *o, const char *key, size_t n)
{
    strbuf_add_int(begin(m), (int64_t)n);
    end(m, o, key);
}

void put_plural(struct maker *m, struct value *o, const char *key, size_t n, const char *one,
                const char *many)
{
    wording_plural(begin(m), n, one, many);
    end(m, o, key);
}

void put_date(struct maker *m, struct value *o, const char *key, struct date d)
{
    if (date_is_none(d)) {
        value_set(o, key, value_null());
        return;
    }
    date_add(begin(m), d);
    end(m, o, key);
}

void put_value(struct maker *m, struct value *o, const char *key, double value, struct str unit)
{
    wording_value(begin(m), value, unit);
    end(m, o, key);
}

void put_list_price(struct maker *m, struct value *o, const char *key, const struct price *p)
{
    if (!p) {
        value_set(o, key, value_null());
        return;
    }
    wording_price(begin(m), p->usd);
    end(m, o, key);
}

void put_capital(struct maker *m, struct value *o, const char *key, struct str text)
{
    wording_capital(begin(m), text);
    end(m, o, key);
}

void put_sentence(struct maker *m, struct value *o, const char *key, struct str text)
{
    wording_capital(begin(m), text);
    if (text.n > 0 && !str_ends(text, STR(".")))
        strbuf_addc(&m->sb, '.');
    end(m, o, key);
}

void put_or_null(struct value *o, const char *key, struct str text)
{
    if (text.n > 0)
        value_set_text(o, key, text);
    else
        value_set(o, key, value_null());
}

void put_link(struct maker *m, struct value *o, const char *key, const char *address)
{
    struct strbuf *sb = begin(m);
    strbuf_adds(sb, m->to_root);
    strbuf_adds(sb, address);
    end_link(m, o, key);
}

void put_name(struct maker *m, struct value *o, struct str name)
{
    (void)m;
    struct str head, tail;
    str_cut(name, ',', &head, &tail);
    value_set_text(o, "name", str_trim(head));
    put_or_null(o, "detail", str_trim(tail));
    value_set_text(o, "full_name", name);
}

/* "https://docs.example.org/a/b" is shown as "docs.example.org". */
static struct str host_of(struct str address)
{
    size_t at = str_find(address, STR("://"));
    struct str rest = str_slice(address, at + 3, address.n);
    return str_slice(rest, 0, str_find(rest, STR("/")));
}

static bool is_address(struct str text)
{
    return str_starts(text, STR("https://")) || str_starts(text, STR("http://"));
}

void put_sources(struct maker *m, struct value *o, const char *key, const struct str *sources,
                 size_t count)
{
    struct value *list = value_set_list(o, key);
    for (size_t i = 0; i < count; i++) {
        if (sources[i].n == 0)
            continue;
        struct value *source = value_append_object(list);
        if (is_address(sources[i])) {
            value_set_text(source, "text", host_of(sources[i]));
            value_set_text(source, "href", sources[i]);
            continue;
        }
        value_set_text(source, "text", sources[i]);
        value_set(source, "href", value_null());
        if (m->site && claims_find(m->site->claims, sources[i])) {
            struct str href = str_printf(m->a, "%sclaims/index.html#%.*s", m->to_root, STR_ARG(sources[i]));
            set_link(m, source, "href", href);
        }
    }
}

const struct option *option_at(const struct decision *d, int index)
{
    return index >= 0 && (size_t)index < d->option_count ? &d->options[index] : NULL;
}

int price_position(const struct decision *d, const struct sku *sku, struct str region)
{
    for (size_t i = 0; i < d->price_count; i++)
        if (d->prices[i].sku == sku && str_equal(d->prices[i].region, region))
            return (int)i;
    for (size_t i = 0; i < d->price_count; i++) /* a row of "any" stands for every region */
        if (d->prices[i].sku == sku)
            return (int)i;
    return -1;
}
