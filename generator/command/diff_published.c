/* The side before is a published site: its figures, and the answers behind them. */
#include "command/analysis.h"
#include "command/diff_parts.h"
#include "command/verify_parts.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/strbuf.h"
#include "questionnaire/words.h"
#include "source/json.h"
#include "source/json_out.h"

#include <math.h>

static struct str text_at(const struct json *root, const char *path)
{
    const struct json *value = json_path(root, str_of(path));
    return value && value->kind == JSON_STRING ? value->string : STR("");
}

/* An amount of the report, exactly; false: null. */
static bool money_at(const struct json *root, const char *path, struct money *out)
{
    const struct json *value = json_path(root, str_of(path));
    struct decimal amount, one = {1, 0};
    return value && value->kind == JSON_NUMBER && decimal_parse(value->string, &amount) &&
           money_charge(one, amount, out);
}

static enum verdict verdict_at(const struct json *root)
{
    struct str word = text_at(root, "recommendation.verdict");
    for (int v = VERDICT_DECIDED; v < VERDICT_UNDECIDABLE; v++)
        if (str_is(word, verdict_word((enum verdict)v)))
            return (enum verdict)v;
    return VERDICT_UNDECIDABLE;
}

static enum stability stability_at(const struct json *root)
{
    struct str word = text_at(root, "recommendation.stability");
    for (int s = STABILITY_ROBUST; s < STABILITY_NONE; s++)
        if (str_is(word, stability_word((enum stability)s)))
            return (enum stability)s;
    return STABILITY_NONE;
}

static enum platform_class class_at(const struct json *root)
{
    struct str word = text_at(root, "recommendation.class");
    for (int c = CLASS_SERVERLESS; c < CLASS_NONE; c++)
        if (str_is(word, class_word((enum platform_class)c)))
            return (enum platform_class)c;
    return CLASS_NONE;
}

static enum status status_at(const struct json *root)
{
    struct str word = text_at(root, "status");
    for (int s = 0; s < STATUS_COUNT; s++)
        if (str_is(word, STATUS_WORDS[s]))
            return (enum status)s;
    return STATUS_PROPOSED;
}

bool diff_published(const char *site, struct str slug, struct arena *a, struct published *out,
                    struct outcome *outcome, struct str *title, enum status *status,
                    struct diags *d)
{
    const char *folder = path_join(a, site, str_cstring(a, slug));
    const char *path = path_join(a, folder, "report.json");
    if (!file_exists(path) || !published_read(path, a, out, d))
        return false;
    const struct json *root = out->report;
    const struct json *margin = json_path(root, STR("recommendation.margin"));
    bool has_margin = margin && margin->kind == JSON_NUMBER;
    *outcome = (struct outcome){.is_there = true,
                                .verdict = verdict_at(root),
                                .stability = stability_at(root),
                                .class = class_at(root),
                                .option = text_at(root, "recommendation.option"),
                                .name = text_at(root, "recommendation.name"),
                                .runner_up = text_at(root, "recommendation.runner_up.name"),
                                .margin = has_margin ? margin->number : (double)NAN};
    outcome->has_cost = money_at(root, "recommendation.monthly_usd.likely", &outcome->monthly);
    outcome->has_runner_up_cost = money_at(root, "recommendation.runner_up.monthly_usd",
                                           &outcome->runner_up_monthly);
    *title = text_at(root, "title");
    *status = status_at(root);
    return true;
}

bool diff_published_texts(const struct published *published, struct str trace, struct arena *a,
                          struct analysis_texts *out)
{
    struct strbuf sb = STRBUF_INIT;
    struct json_out j;
    struct sha256 h;
    unsigned char digest[32];
    json_out_init(&j, &sb);
    json_put_tree(&j, json_find(published->inputs, "questionnaire"));
    *out = (struct analysis_texts){.questionnaire = strbuf_copy(&sb, a), .trace = trace};
    strbuf_release(&sb);
    if (published->trace_sha256.n == 0)
        return true;
    sha256_init(&h);
    sha256_add(&h, trace);
    sha256_final(&h, digest);
    return str_equal(sha256_hex(a, digest), published->trace_sha256);
}

static const struct json *find_entry(const struct json *list, const char *key, struct str wanted,
                                     const char *second, struct str region)
{
    for (const struct json *m = list ? list->child : NULL; m; m = m->next)
        if (str_equal(text_at(m, key), wanted) &&
            (!second || str_equal(text_at(m, second), region)))
            return m;
    return NULL;
}

static bool decimal_at(const struct json *object, const char *key, struct decimal *out)
{
    const struct json *value = json_find(object, key);
    return value && value->kind == JSON_NUMBER && decimal_parse(value->string, out);
}

/* Lines that are charged at a price of the book as it stands; tiers and salaries are left out. */
static struct money corrected_line(const struct published *published, const struct json *line,
                                   const struct book *book)
{
    struct money none = {0}, was, is;
    struct decimal quantity, unit, listed;
    struct str id = text_at(line, "sku"), region = text_at(line, "region");
    const struct sku *sku = book_sku(book, id);
    const struct json *price = find_entry(json_find(published->report, "prices"), "sku", id,
                                          "region", region);
    bool early;
    const struct price *now = sku ? sku_price(sku, region, published->day, &early) : NULL;
    if (!price || !now || now->tier_count > 0 || !decimal_at(line, "quantity", &quantity) ||
        !decimal_at(line, "unit_usd", &unit) || !decimal_at(price, "usd", &listed) ||
        decimal_compare(unit, listed) != 0 || !money_charge(quantity, unit, &was) ||
        !money_charge(quantity, now->usd, &is))
        return none;
    return (struct money){is.micros - was.micros};
}

struct money diff_corrected_past(const struct published *published, struct str option,
                                 const struct book *book)
{
    struct money sum = {0};
    const struct json *entry = find_entry(json_find(published->report, "options"), "id", option,
                                          NULL, STR(""));
    const struct json *lines = entry ? json_find(entry, "lines") : NULL;
    for (const struct json *line = lines ? lines->child : NULL; line; line = line->next)
        sum.micros += corrected_line(published, line, book).micros;
    return sum;
}
