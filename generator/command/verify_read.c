/* A published report: found, read, and its inputs taken out. */
#include "command/verify_parts.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "render/json_report.h"
#include "source/json.h"
#include "source/json_out.h"

#include <string.h>

#define INPUTS_OPEN "id=\"breakeven-inputs\">"
#define INPUTS_CLOSE "</script>"
#define LINK_OPEN "type=\"application/json\" href=\""

static struct str text_of(const struct json *object, const char *key)
{
    const struct json *value = object ? json_find(object, key) : NULL;
    return value && value->kind == JSON_STRING ? value->string : STR("");
}

static bool is_report(const struct json *root, const char *format, struct str path, struct diags *d)
{
    const struct json *inputs = json_find(root, "inputs");
    if (root->kind == JSON_OBJECT && str_is(text_of(root, "format"), format) && inputs &&
        inputs->kind == JSON_OBJECT)
        return true;
    struct str family, number,
        found = root->kind == JSON_OBJECT ? text_of(root, "format") : STR("");
    str_cut(str_of(format), '/', &family, &number);
    family.n++; // with the stroke
    if (str_starts(found, family) && !str_is(found, format))
        diag_error(d, where_file(path), "publish it again with this one",
                   "it was published by another version of the program: its format is "
                   "\"%.*s\", this one reads \"%s\"",
                   STR_ARG(found), format);
    else
        diag_error(d, where_file(path), "report.json, SLUG/index.html or report.html of a site",
                   "this is no published report: it holds no inputs of format %s", format);
    return false;
}

/* ---- checklist ----------------------------------------------------------------------------------
 */

static void add_states(struct json_out *j, const struct json *items)
{
    for (const struct json *i = items ? items->child : NULL; i; i = i->next) {
        struct str id = text_of(i, "id"), state = text_of(i, "state");
        if (id.n == 0 || state.n == 0 || str_is(state, "open"))
            continue;
        json_key_str(j, id);
        json_put_str(j, state);
    }
}

/* The state of the checklist is nobody's computation: it is taken over, by phases or as a list. */
static struct str checklist_of(const struct json *list, struct arena *a)
{
    struct strbuf sb = STRBUF_INIT;
    struct json_out j;
    json_out_init(&j, &sb);
    json_begin(&j, '{');
    for (const struct json *i = list ? list->child : NULL; i; i = i->next)
        if (i->kind == JSON_OBJECT && json_find(i, "items"))
            add_states(&j, json_find(i, "items"));
    if (list && list->child && list->child->kind == JSON_OBJECT && json_find(list->child, "state"))
        add_states(&j, list);
    json_end(&j, '}');
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

/* ---- the three shapes ---------------------------------------------------------------------------
 */

static bool take_inputs(const struct json *root, struct str path, struct arena *a,
                        struct published *out, struct diags *d)
{
    out->inputs = json_find(root, "inputs");
    out->slug = text_of(root, "slug");
    out->superseded_by = text_of(root, "superseded_by");
    out->policy_sha256 = text_of(out->inputs, "policy_sha256");
    out->program = text_of(out->inputs, "program");
    out->notes_sha256 = text_of(out->inputs, "notes_sha256");
    out->trace_sha256 = text_of(out->inputs, "trace_sha256");
    out->checklist = checklist_of(json_find(root, "checklist"), a);
    const struct json *asked = json_find(out->inputs, "as_of_given");
    const struct json *questionnaire = json_find(out->inputs, "questionnaire");
    out->day_was_asked_for = asked && asked->kind == JSON_BOOL && asked->boolean;
    struct str day = text_of(out->inputs, "prices_day");
    if (!date_parse(day.n > 0 ? day : text_of(root, "prices_as_of"), &out->day)) {
        diag_error(d, json_where(out->inputs), NULL, "the day of the prices is missing");
        return false;
    }
    if (!questionnaire || questionnaire->kind != JSON_OBJECT) {
        diag_error(d, json_where(out->inputs), NULL, "the questionnaire is missing");
        return false;
    }
    if (slug_valid(out->slug))
        return true;
    diag_error(d, where_file(path), NULL, "the slug \"%.*s\" is none", STR_ARG(out->slug));
    return false;
}

static bool read_json(struct str path, struct str text, struct arena *a, struct published *out,
                      struct diags *d)
{
    const struct json *root = json_parse(path, text, a, d);
    if (!root || !is_report(root, REPORT_FORMAT, path, d))
        return false;
    out->report = root;
    return take_inputs(root, path, a, out, d);
}

/* The bytes between two marks; false: they are not there. */
static bool between(struct str text, struct str open, struct str close, struct str *out)
{
    size_t start = str_find(text, open);
    if (start == text.n)
        return false;
    struct str rest = str_slice(text, start + open.n, text.n);
    size_t end = str_find(rest, close);
    *out = str_slice(rest, 0, end);
    return end < rest.n;
}

static bool read_page(struct str path, struct str text, struct arena *a, struct published *out,
                      struct diags *d)
{
    struct str embedded, link, json;
    out->page = text;
    out->page_path = path;
    if (between(text, STR(INPUTS_OPEN), STR(INPUTS_CLOSE), &embedded)) {
        const struct json *root = json_parse(path, embedded, a, d);
        out->is_single = true;
        return root && is_report(root, INPUTS_FORMAT, path, d) &&
               take_inputs(root, path, a, out, d);
    }
    if (!between(text, STR(LINK_OPEN), STR("\""), &link) || link.n == 0 ||
        memchr(link.s, '/', link.n)) {
        diag_error(d, where_file(path), "report.json, SLUG/index.html or report.html of a site",
                   "this is no published report: it neither holds its inputs nor names them");
        return false;
    }
    const char *beside = path_join(a, out->folder, str_cstring(a, link));
    return file_read(beside, a, &json, d) && read_json(str_of(beside), json, a, out, d);
}

bool published_read(const char *path, struct arena *a, struct published *out, struct diags *d)
{
    struct str text;
    *out = (struct published){.day = DATE_NONE};
    if (file_is_folder(path))
        path = path_join(a, path, "index.html");
    const char *slash = strrchr(path, '/');
    out->folder = slash ? str_cstring(a, (struct str){path, (size_t)(slash - path)}) : ".";
    if (slash == path)
        out->folder = "/";
    if (!file_read(path, a, &text, d))
        return false;
    struct str head = str_trim(str_slice(text, 0, 256));
    if (head.n > 0 && head.s[0] == '{')
        return read_json(str_of(path), text, a, out, d);
    return read_page(str_of(path), text, a, out, d);
}
