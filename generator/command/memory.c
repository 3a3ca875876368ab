#include "command/memory.h"

#include "base/arena.h"
#include "base/strbuf.h"

#include <string.h>

/*
 * One function for each struct goes through its members in order and either writes or reads them, so
 * that the two cannot drift apart. Numbers are 8 bytes, little end first; doubles go by their bits.
 * Who writes does not change what it is given.
 */
struct codec {
    struct strbuf *out; /* NULL: reading */
    struct str in;
    struct arena *a;
    bool failed;
};

static void code_number(struct codec *c, uint64_t *value)
{
    if (c->out) {
        for (int i = 0; i < 8; i++)
            strbuf_addc(c->out, (char)(*value >> 8 * i & 0xFF));
        return;
    }
    *value = 0;
    if (c->in.n < 8) {
        c->failed = true;
        return;
    }
    for (int i = 8; i-- > 0;)
        *value = *value << 8 | (unsigned char)c->in.s[i];
    c->in = str_slice(c->in, 8, c->in.n);
}

static void code_text(struct codec *c, struct str *text)
{
    uint64_t n = text->n;
    code_number(c, &n);
    if (c->out) {
        strbuf_add(c->out, *text);
        return;
    }
    if (n > c->in.n) {
        c->failed = true;
        n = 0;
    }
    *text = str_slice(c->in, 0, (size_t)n);
    c->in = str_slice(c->in, (size_t)n, c->in.n);
}

static void code_hash(struct codec *c, struct input_hash *h)
{
    struct str bytes = {(const char *)h->bytes, INPUT_HASH};
    code_text(c, &bytes);
    if (c->out)
        return;
    if (bytes.n == INPUT_HASH)
        memcpy(h->bytes, bytes.s, INPUT_HASH);
    else
        c->failed = true;
}

static void code_bool(struct codec *c, bool *value)
{
    uint64_t n = *value;
    code_number(c, &n);
    *value = n != 0;
}

static void code_double(struct codec *c, double *value)
{
    uint64_t bits;
    memcpy(&bits, value, sizeof bits);
    code_number(c, &bits);
    memcpy(value, &bits, sizeof bits);
}

static void code_size(struct codec *c, size_t *value)
{
    uint64_t n = *value;
    code_number(c, &n);
    *value = (size_t)n;
}

/* A count of things that take at least a byte each. */
static void code_count(struct codec *c, size_t *count)
{
    code_size(c, count);
    if (!c->out && *count > c->in.n) {
        c->failed = true;
        *count = 0;
    }
}

static void code_money(struct codec *c, struct money *value)
{
    uint64_t n = (uint64_t)value->micros;
    code_number(c, &n);
    value->micros = (int64_t)n;
}

static void code_date(struct codec *c, struct date *value)
{
    uint64_t n = (uint64_t)(int64_t)value->days;
    code_number(c, &n);
    value->days = (int32_t)(int64_t)n;
}

/* A value of an enum, from 0 to `last`. */
static int code_word(struct codec *c, int value, int last)
{
    uint64_t n = (uint64_t)value;
    code_number(c, &n);
    if (n > (uint64_t)last) {
        c->failed = true;
        n = 0;
    }
    return (int)n;
}

#define CODE_WORD(c, type, member, last) \
    ((member) = (enum type)code_word((c), (int)(member), (last)))

static void code_texts(struct codec *c, const struct str **texts, size_t *count)
{
    code_count(c, count);
    struct str *items = c->out ? NULL : arena_new(c->a, struct str, *count);
    for (size_t i = 0; i < *count; i++) {
        struct str text = c->out ? (*texts)[i] : (struct str){0};
        code_text(c, &text);
        if (items)
            items[i] = text;
    }
    if (items)
        *texts = items;
}

static void code_hinges(struct codec *c, struct report_summary *s)
{
    code_count(c, &s->hinge_count);
    struct price_hinge *items = c->out ? NULL : arena_new(c->a, struct price_hinge, s->hinge_count);
    for (size_t i = 0; i < s->hinge_count; i++) {
        struct price_hinge hinge = c->out ? s->hinges[i] : (struct price_hinge){0};
        code_text(c, &hinge.variable);
        code_text(c, &hinge.name);
        code_double(c, &hinge.distance);
        if (items)
            items[i] = hinge;
    }
    if (items)
        s->hinges = items;
}

static void code_sharing(struct codec *c, struct sharing *s)
{
    code_bool(c, &s->is_there);
    code_bool(c, &s->is_known);
    CODE_WORD(c, verdict, s->verdict, VERDICT_UNDECIDABLE);
    CODE_WORD(c, platform_class, s->class, CLASS_NONE);
    code_text(c, &s->option_name);
    code_bool(c, &s->has_cost);
    code_money(c, &s->monthly);
}

static void code_summary(struct codec *c, struct report_summary *s)
{
    uint64_t tier = (uint64_t)s->tier;
    code_text(c, &s->slug);
    code_text(c, &s->title);
    code_text(c, &s->owner);
    CODE_WORD(c, status, s->status, STATUS_COUNT - 1);
    code_date(c, &s->date);
    code_date(c, &s->review_by);
    code_date(c, &s->as_of);
    code_texts(c, &s->tags, &s->tag_count);
    CODE_WORD(c, verdict, s->verdict, VERDICT_UNDECIDABLE);
    CODE_WORD(c, stability, s->stability, STABILITY_NONE);
    CODE_WORD(c, platform_class, s->class, CLASS_NONE);
    code_text(c, &s->option);
    code_text(c, &s->platform);
    code_text(c, &s->provider);
    code_text(c, &s->option_name);
    code_text(c, &s->runner_up_name);
    code_double(c, &s->monthly_usd);
    code_double(c, &s->p10_usd);
    code_double(c, &s->p90_usd);
    code_double(c, &s->margin);
    code_double(c, &s->confidence);
    code_money(c, &s->monthly);
    code_bool(c, &s->has_cost);
    code_number(c, &tier);
    s->tier = (int)tier;
    code_text(c, &s->supersedes);
    code_text(c, &s->superseded_by);
    code_bool(c, &s->review_due);
    code_size(c, &s->wires_tripped);
    code_text(c, &s->inputs_sha256);
    code_sharing(c, &s->sharing);
    code_hinges(c, s);
    code_texts(c, &s->skus, &s->sku_count);
}

static void code_effect(struct codec *c, struct decision_effect *e)
{
    code_date(c, &e->date);
    code_text(c, &e->slug);
    CODE_WORD(c, effect, e->effect, EFFECT_FLIPPED);
    code_double(c, &e->margin_before);
    code_double(c, &e->margin_after);
    code_double(c, &e->usd_before);
    code_double(c, &e->usd_after);
    code_text(c, &e->option_before);
    code_text(c, &e->option_after);
}

static void code_diags(struct codec *c, struct remembered *r)
{
    code_count(c, &r->diag_count);
    if (!c->out)
        r->diags = arena_new(c->a, struct remembered_diag, r->diag_count);
    for (size_t i = 0; i < r->diag_count; i++) {
        struct remembered_diag *d = &r->diags[i];
        code_text(c, &d->path);
        code_text(c, &d->message);
        code_text(c, &d->hint);
        code_number(c, &d->severity);
        code_number(c, &d->offset);
        code_number(c, &d->length);
        code_bool(c, &d->has_text);
    }
}

static void code_remembered(struct codec *c, struct remembered *r)
{
    code_hash(c, &r->files);
    code_hash(c, &r->prices);
    code_text(c, &r->slug);
    code_text(c, &r->title);
    code_text(c, &r->supersedes);
    CODE_WORD(c, status, r->status, STATUS_COUNT - 1);
    code_bool(c, &r->is_made);
    if (!r->is_made)
        return;
    code_text(c, &r->geography);
    code_bool(c, &r->all_providers);
    code_texts(c, &r->providers, &r->provider_count);
    code_text(c, &r->superseded_by);
    code_text(c, &r->superseded_by_title);
    code_summary(c, &r->summary);
    code_bool(c, &r->has_effect);
    if (r->has_effect)
        code_effect(c, &r->effect);
    code_diags(c, r);
}

static void code_memory(struct codec *c, struct memory *m)
{
    code_hash(c, &m->common);
    code_hash(c, &m->prices);
    code_hash(c, &m->pages);
    code_count(c, &m->count);
    if (!c->out)
        m->items = arena_new(c->a, struct remembered, m->count);
    for (size_t i = 0; i < m->count && !c->failed; i++)
        code_remembered(c, &m->items[i]);
}

void memory_write(const struct memory *m, struct strbuf *out)
{
    struct codec c = {.out = out};
    struct memory same = *m;
    code_memory(&c, &same);
}

bool memory_read(struct str record, struct arena *a, struct memory *out)
{
    struct codec c = {.in = record, .a = a};
    *out = (struct memory){0};
    code_memory(&c, out);
    return !c.failed && c.in.n == 0;
}
