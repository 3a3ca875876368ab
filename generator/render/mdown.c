/* The decision record in Markdown: the report's tree through report.md, with YAML front matter. */
#include "base/arena.h"
#include "base/strbuf.h"
#include "render/escape.h"
#include "render/html.h"
#include "render/markdown.h"
#include "report/wording.h"

/*
 * A YAML scalar in double quotes; whatever the author wrote, it stays one scalar. Brackets and
 * backticks become escapes too, for viewers that take front matter for Markdown.
 */
static void put_yaml(struct value *o, const char *key, struct str text, struct arena *a)
{
    static const char HEX[] = "0123456789abcdef";
    struct strbuf valid = STRBUF_INIT;
    struct strbuf sb = STRBUF_INIT;
    escape_controls(&valid, text);
    strbuf_addc(&sb, '"');
    for (size_t i = 0; i < valid.n; i++) {
        unsigned char c = (unsigned char)valid.s[i];
        if (c < 0x20 || c == 0x7f || c == '<' || c == '>' || c == '[' || c == ']' || c == '`') {
            strbuf_adds(&sb, "\\x");
            strbuf_addc(&sb, HEX[c >> 4]);
            strbuf_addc(&sb, HEX[c & 15]);
            continue;
        }
        if (c == '"' || c == '\\')
            strbuf_addc(&sb, '\\');
        strbuf_addc(&sb, (char)c);
    }
    strbuf_addc(&sb, '"');
    value_set(o, key, value_markdown(a, strbuf_str(&sb)));
    strbuf_release(&sb);
    strbuf_release(&valid);
}

static void put_yaml_date(struct value *o, const char *key, struct date d, bool always,
                          struct arena *a)
{
    if (date_is_none(d)) {
        value_set(o, key, always ? value_markdown(a, STR("null")) : value_null());
        return;
    }
    struct strbuf sb = STRBUF_INIT;
    date_add(&sb, d);
    value_set(o, key, value_markdown(a, strbuf_str(&sb)));
    strbuf_release(&sb);
}

bool mdown_report(const struct pages *p, const struct report *r, struct report_tree *t,
                  struct arena *a, struct strbuf *out, struct diags *d)
{
    const struct questionnaire *q = r->questionnaire;
    struct model_page page = {.to_root = "", .title = q->title};
    struct value *root = model_page(p->site, &page, a);
    struct value *report = report_tree_get(t ? t : report_tree_new(a), p, r, false, a);
    value_set(root, "report", report);

    struct value *yaml = value_set_object(report, "yaml");
    if (q->status == STATUS_SUPERSEDED && r->superseded_by.n > 0)
        put_yaml(yaml, "status", str_printf(a, "superseded by %.*s", STR_ARG(r->superseded_by)), a);
    else
        put_yaml(yaml, "status", str_of(status_word(q->status)), a);
    put_yaml_date(yaml, "date", q->date, true, a);
    put_yaml(yaml, "decision_makers", q->owner.n > 0 ? q->owner : STR("not named"), a);
    put_yaml_date(yaml, "review_by", q->review_by, false, a);
    put_yaml_date(yaml, "prices_as_of", r->decision->as_of, true, a);
    if (q->supersedes.given)
        put_yaml(yaml, "supersedes", q->supersedes.text, a);
    else
        value_set(yaml, "supersedes", value_null());

    value_set(report, "notes_markdown", value_null());
    if (r->notes_markdown.n > 0) {
        struct str clean;
        struct str path = str_printf(a, "content/workloads/%.*s/notes.md", STR_ARG(q->slug));
        if (!markdown_clean(path, r->notes_markdown, 4 - notes_top_level(r->notes_markdown), a, &clean, d))
            return false;
        value_set(report, "notes_markdown", value_markdown(a, clean));
    }
    return page_render(p, STR("report.md"), root, out, d);
}
