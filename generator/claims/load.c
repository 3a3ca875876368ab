#include "claims/load.h"

#include "base/arena.h"
#include "base/file.h"
#include "claims/expression.h"
#include "source/json.h"

#include <math.h>
#include <stdlib.h>

#define FORMAT "breakeven-claims/1"

struct loader {
    struct arena *a;
    struct diags *d;
    const struct book *book;
    bool may_lack;
    struct article *articles;
    size_t article_count, article_capacity;
    struct claim *claims;
    size_t count, capacity;
    size_t *article_of; /* by claim: articles move while their list grows */
    size_t article_of_capacity;
};

/* ---- one claim ---------------------------------------------------------------------------------- */

static bool valid_id(struct str id)
{
    for (size_t i = 0; i < id.n; i++) {
        char c = id.s[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i > 0)))
            return false;
    }
    return id.n > 0;
}

static bool valid_name(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.s[i];
        if (!((c >= 'a' && c <= 'z') || (c == '_' && i > 0) || (c >= '0' && c <= '9' && i > 0)))
            return false;
    }
    return name.n > 0;
}

/* "requests": [3000000, "request/month"], or with a third text: where the figure comes from. */
static void read_input(struct loader *l, const struct json *member, struct claim_input *out)
{
    out->name = member->key;
    if (!valid_name(member->key))
        diag_error(l->d, json_key_where(member), "small letters, digits and _, such as requests_per_day",
                   "an input's name cannot be \"%.*s\"", STR_ARG(member->key));
    const struct json *value = member->kind == JSON_ARRAY ? member->child : NULL;
    const struct json *unit = value ? value->next : NULL, *why = unit ? unit->next : NULL;
    if (!value || !unit || member->count > 3 || value->kind != JSON_NUMBER || unit->kind != JSON_STRING ||
        (why && why->kind != JSON_STRING)) {
        diag_error(l->d, json_where(member), "[VALUE, \"UNIT\"] where the article states it, else [VALUE, \"UNIT\", \"WHY\"]",
                   "the input %.*s is not a value with its unit", STR_ARG(member->key));
        return;
    }
    out->value = value->number;
    out->unit = unit->string;
    if (why)
        out->why = why->string;
}

static void read_inputs(struct loader *l, struct json_reader *r, struct claim *c)
{
    const struct json *object;
    if (!json_object(r, "inputs", &object))
        return;
    struct claim_input *inputs = arena_new(l->a, struct claim_input, object->count);
    for (const struct json *m = object->child; m; m = m->next)
        read_input(l, m, &inputs[c->input_count++]);
    c->inputs = inputs;
}

/* One side of [low, high]: a number, or null where it is open. */
static bool read_side(const struct json *value, double *out)
{
    *out = value->kind == JSON_NUMBER ? value->number : (double)NAN;
    return value->kind == JSON_NUMBER || value->kind == JSON_NULL;
}

static void read_says(struct loader *l, struct json_reader *r, struct claim_check *out)
{
    const struct json *says = json_member(r, "says");
    bool ok = true;
    if (!says)
        return;
    out->is_judged = true;
    if (says->kind == JSON_NUMBER)
        out->low = out->high = says->number;
    else
        ok = says->kind == JSON_ARRAY && says->count == 2 && read_side(says->child, &out->low) &&
             read_side(says->child->next, &out->high) && !(isnan(out->low) && isnan(out->high)) && !(out->low > out->high);
    if (!ok)
        diag_error(l->d, json_where(says), "a number, or [LOW, HIGH] with null for an open side",
                   "this is not what a claim can say");
}

static void read_check(struct loader *l, const struct json *value, const struct claim *c,
                       const struct expression_names *names, bool *used, struct claim_check *out)
{
    struct json_reader r;
    *out = (struct claim_check){.low = (double)NAN, .high = (double)NAN, .tolerance = CLAIM_TOLERANCE};
    if (!json_reader_open(&r, value, str_printf(l->a, "%.*s.checks", STR_ARG(c->id)), l->a, l->d))
        return;
    json_string_required(&r, "of", &out->of);
    read_says(l, &r, out);
    json_string_required(&r, "unit", &out->unit);
    json_number(&r, "tolerance", 0, 1, &out->tolerance);
    if (json_string_required(&r, "formula", &out->formula)) {
        const struct json *formula = json_find(value, "formula");
        out->expression = expression_parse(json_where(formula), out->formula, names, l->a, l->d);
        if (out->expression)
            expression_uses(out->expression, used);
    }
    json_reader_close(&r);
}

/* `before`: errors before the claim; an input is called unused only where all of it was read. */
static void read_checks(struct loader *l, struct json_reader *r, struct claim *c, size_t before)
{
    const struct json *list;
    bool *used = arena_new(l->a, bool, c->input_count);
    struct str *names = arena_new(l->a, struct str, c->input_count);
    for (size_t i = 0; i < c->input_count; i++)
        names[i] = c->inputs[i].name;
    struct expression_names known = {names, c->input_count, l->book, l->may_lack};
    if (json_array(r, "checks", &list)) {
        struct claim_check *checks = arena_new(l->a, struct claim_check, list->count);
        for (const struct json *item = list->child; item; item = item->next)
            read_check(l, item, c, &known, used, &checks[c->check_count++]);
        c->checks = checks;
    }
    if (diags_errors(l->d) > before)
        return;
    const struct json *inputs = json_find(r->object, "inputs");
    const struct json *member = inputs && inputs->kind == JSON_OBJECT ? inputs->child : NULL;
    for (size_t i = 0; i < c->input_count && member; i++, member = member->next)
        if (!used[i])
            diag_warning(l->d, json_key_where(member), NULL, "no formula of %.*s uses %.*s", STR_ARG(c->id),
                         STR_ARG(c->inputs[i].name));
}

/* A claim that cannot be judged says why; one that is judged need not say more. */
static void check_reason(struct loader *l, const struct claim *c)
{
    bool judged = false;
    for (size_t i = 0; i < c->check_count; i++)
        judged = judged || c->checks[i].is_judged;
    if (!judged && c->why.n == 0)
        diag_error(l->d, c->where, "add \"why\", or a check with \"says\"",
                   "%.*s has nothing to judge and no reason", STR_ARG(c->id));
}

static void read_claim(struct loader *l, const struct json *value, size_t article)
{
    struct json_reader r;
    double line = 0;
    size_t before = diags_errors(l->d);
    l->claims = arena_grow(l->a, struct claim, l->claims, l->count, &l->capacity);
    l->article_of = arena_grow(l->a, size_t, l->article_of, l->count, &l->article_of_capacity);
    l->article_of[l->count] = article;
    struct claim *c = &l->claims[l->count++];
    *c = (struct claim){.where = json_where(value)};
    if (!json_reader_open(&r, value, STR("claims"), l->a, l->d))
        return;
    if (json_string_required(&r, "id", &c->id) && !valid_id(c->id))
        diag_error(l->d, json_where(json_find(value, "id")), "small letters, digits and -", "this is not an id");
    if (json_number(&r, "line", 1, 1e6, &line))
        c->line = (int)line;
    json_string_required(&r, "text", &c->text);
    json_string(&r, "why", &c->why);
    read_inputs(l, &r, c);
    read_checks(l, &r, c, before);
    json_reader_close(&r);
    check_reason(l, c);
}

/* ---- one article, one file ---------------------------------------------------------------------- */

static void read_date(struct loader *l, struct json_reader *r, struct article *out)
{
    static const char *const BASES[] = {"stated", "estimated", NULL};
    struct str text;
    size_t basis = 0;
    if (json_string_required(r, "date", &text) && !date_parse(text, &out->date))
        diag_error(l->d, json_where(json_find(r->object, "date")), "such as 2024-12-31", "this is not a date");
    if (json_required(r, "date_basis"))
        json_choice(r, "date_basis", BASES, &basis);
    out->date_stated = basis == 0;
    json_string_required(r, "date_why", &out->date_why);
}

static void read_article(struct loader *l, const struct json *value)
{
    struct json_reader r;
    const struct json *list;
    if (!json_reader_open(&r, value, STR("articles"), l->a, l->d))
        return;
    l->articles = arena_grow(l->a, struct article, l->articles, l->article_count, &l->article_capacity);
    struct article *article = &l->articles[l->article_count++];
    *article = (struct article){.where = json_where(value), .date = DATE_NONE};
    if (json_string_required(&r, "id", &article->id) && !valid_id(article->id))
        diag_error(l->d, json_where(json_find(value, "id")), "small letters, digits and -", "this is not an id");
    json_string_required(&r, "title", &article->title);
    json_string(&r, "text", &article->text);
    read_date(l, &r, article);
    if (json_required(&r, "claims") && json_array(&r, "claims", &list))
        for (const struct json *item = list->child; item; item = item->next)
            read_claim(l, item, l->article_count - 1);
    json_reader_close(&r);
}

static void read_file(struct loader *l, const struct claims_file *file)
{
    struct json_reader r;
    struct str format;
    const struct json *list;
    const struct json *root = json_parse_mended(file->path, file->text, l->a, l->d);
    if (!root || !json_reader_open(&r, root, STR(""), l->a, l->d))
        return;
    if (json_string_required(&r, "format", &format) && !str_is(format, FORMAT))
        diag_error(l->d, json_where(json_find(root, "format")), "this program reads " FORMAT, "unknown format \"%.*s\"",
                   STR_ARG(format));
    if (json_required(&r, "articles") && json_array(&r, "articles", &list))
        for (const struct json *item = list->child; item; item = item->next)
            read_article(l, item);
    json_reader_close(&r);
}

/* ---- all of them -------------------------------------------------------------------------------- */

static int compare_claims(const void *left, const void *right)
{
    const struct claim *a = *(const struct claim *const *)left, *b = *(const struct claim *const *)right;
    int order = str_compare(a->id, b->id);
    return order != 0 ? order : (a > b) - (a < b);
}

static const struct claim *const *index_claims(struct loader *l)
{
    const struct claim **by_id = arena_new(l->a, const struct claim *, l->count);
    for (size_t i = 0; i < l->count; i++)
        by_id[i] = &l->claims[i];
    if (l->count > 1)
        qsort(by_id, l->count, sizeof(const struct claim *), compare_claims);
    for (size_t i = 1; i < l->count; i++)
        if (by_id[i]->id.n > 0 && str_equal(by_id[i]->id, by_id[i - 1]->id))
            diag_error(l->d, by_id[i]->where, "rules and reports refer to claims by id", "there are two claims \"%.*s\"",
                       STR_ARG(by_id[i]->id));
    return by_id;
}

static void check_articles(struct loader *l)
{
    for (size_t i = 0; i < l->article_count; i++)
        for (size_t k = 0; k < i; k++)
            if (l->articles[i].id.n > 0 && str_equal(l->articles[i].id, l->articles[k].id))
                diag_error(l->d, l->articles[i].where, NULL, "there are two articles \"%.*s\"", STR_ARG(l->articles[i].id));
}

bool claims_parse(const struct claims_file *files, size_t count, const struct book *book,
                  bool may_lack, struct arena *a, struct claims *out, struct diags *d)
{
    struct loader l = {.a = a, .d = d, .book = book, .may_lack = may_lack};
    size_t before = diags_errors(d);
    for (size_t i = 0; i < count; i++)
        read_file(&l, &files[i]);
    for (size_t i = 0; i < l.count; i++)
        l.claims[i].article = &l.articles[l.article_of[i]];
    check_articles(&l);
    *out = (struct claims){l.articles, l.article_count, l.claims, l.count, index_claims(&l)};
    return diags_errors(d) == before;
}

bool claims_load(const char *folder, const struct book *book, struct arena *a, struct claims *out,
                 struct diags *d)
{
    struct str *names;
    size_t count, used = 0;
    *out = (struct claims){0};
    if (!file_is_folder(folder))
        return true;
    if (!file_list(folder, a, &names, &count, d))
        return false;
    struct claims_file *files = arena_new(a, struct claims_file, count);
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        if (names[i].s[0] == '.' || !str_ends(names[i], STR(".json")))
            continue;
        const char *path = path_join(a, folder, str_cstring(a, names[i]));
        files[used].path = str_of(path);
        ok = file_read(path, a, &files[used++].text, d) && ok;
    }
    return ok && claims_parse(files, used, book, false, a, out, d);
}
