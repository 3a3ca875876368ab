#include "publish/site_config.h"

#include "base/arena.h"
#include "base/version.h"
#include "render/escape.h"
#include "source/json.h"

static const struct link NAVIGATION[] = {
    {{"Decisions", 9}, {"index.html", 10}},
    {{"Price book", 10}, {"prices/index.html", 17}},
    {{"Price changes", 13}, {"changes/index.html", 18}},
    {{"Questionnaire", 13}, {"questionnaire/index.html", 24}},
    {{"Method", 6}, {"method/index.html", 17}},
};

void site_config_default(struct site *out)
{
    *out = (struct site){.title = STR("Platform decisions"),
                         .language = STR("en"),
                         .version = STR(BREAKEVEN_VERSION),
                         .navigation = NAVIGATION,
                         .navigation_count = sizeof NAVIGATION / sizeof *NAVIGATION};
}

bool site_base_url(struct str text, struct str *out)
{
    bool is_web = str_starts(text, STR("https://")) || str_starts(text, STR("http://"));
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.s[i];
        if (c <= ' ' || c >= 0x7f || c == '?' || c == '#' || c == '"' || c == '<' || c == '>' ||
            c == '\\')
            return false;
    }
    while (text.n > 0 && text.s[text.n - 1] == '/')
        text.n--;
    *out = text;
    return is_web && text.n > sizeof "https:/";
}

/* "en", "pt-BR": letters, digits and hyphens. */
static bool is_language(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.s[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && !(i > 0 && (c == '-' || (c >= '0' && c <= '9'))))
            return false;
    }
    return text.n >= 2 && text.n <= 35;
}

static void read_navigation(struct json_reader *r, struct site *out)
{
    const struct json *list;
    if (!json_array(r, "navigation", &list))
        return;
    struct link *links = arena_new(r->a, struct link, list->count);
    size_t n = 0;
    for (const struct json *item = list->child; item; item = item->next) {
        struct json_reader entry;
        if (!json_reader_open(&entry, item, STR("navigation"), r->a, r->d))
            continue;
        json_string_required(&entry, "title", &links[n].title);
        if (json_string_required(&entry, "href", &links[n].href) && !url_is_safe(links[n].href))
            diag_error(r->d, json_where(item), "an address below the site, or http, https or mailto",
                       "navigation has an address that no page may link to");
        json_reader_close(&entry);
        n++;
    }
    out->navigation = links;
    out->navigation_count = n;
}

static void read_base_url(struct json_reader *r, struct site *out)
{
    const struct json *value = json_member(r, "base_url");
    if (!value || value->kind == JSON_NULL)
        return;
    if (value->kind != JSON_STRING || !site_base_url(value->string, &out->base_url))
        diag_error(r->d, json_where(value), "such as \"https://decisions.example.org\", or null",
                   "base_url must be an http or https address without query");
}

bool site_config_parse(struct str path, struct str text, struct arena *a, struct site *out,
                       struct diags *d)
{
    static const char *const FORMATS[] = {"breakeven-site/1", NULL};
    size_t before = diags_errors(d), index;
    struct json_reader r;
    site_config_default(out);
    const struct json *root = json_parse(path, text, a, d);
    if (!root || !json_reader_open(&r, root, STR(""), a, d))
        return false;
    if (json_required(&r, "format"))
        json_choice(&r, "format", FORMATS, &index);
    json_member(&r, "$schema");
    json_string(&r, "title", &out->title);
    json_string(&r, "description", &out->description);
    json_string(&r, "organisation", &out->organisation);
    if (json_string(&r, "language", &out->language) && !is_language(out->language))
        diag_error(d, json_where(json_find(root, "language")), "such as \"en\" or \"pt-BR\"",
                   "language must be a language tag");
    json_string(&r, "confidentiality", &out->confidentiality);
    json_string(&r, "footer", &out->footer);
    read_base_url(&r, out);
    read_navigation(&r, out);
    json_reader_close(&r);
    if (out->title.n == 0)
        diag_error(d, where_file(path), NULL, "title must not be empty");
    return diags_errors(d) == before;
}
