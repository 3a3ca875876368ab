#include "command/check_report.h"

#include "base/diag.h"
#include "base/strbuf.h"
#include "render/escape.h"
#include "source/json_out.h"

static void count(struct strbuf *out, size_t n, const char *word)
{
    strbuf_addf(out, "%zu %s%s", n, word, n == 1 ? "" : "s");
}

void check_report_text(const struct check_scope *s, const struct diags *d, struct strbuf *out)
{
    count(out, s->file_count, "questionnaire");
    strbuf_adds(out, ", ");
    count(out, s->skus, "SKU");
    strbuf_adds(out, ", ");
    count(out, s->platforms, "platform");
    strbuf_adds(out, ", ");
    count(out, s->rules, "rule");
    if (s->has_links) {
        strbuf_adds(out, ", ");
        count(out, s->links.pages, "page");
        strbuf_adds(out, " with ");
        count(out, s->links.links, "link");
    }
    strbuf_adds(out, ": ");
    count(out, diags_errors(d), "error");
    strbuf_adds(out, ", ");
    count(out, diags_warnings(d), "warning");
    strbuf_addc(out, '\n');
}

static const char *severity_word(enum severity severity)
{
    static const char *const WORDS[] = {
        [SEVERITY_NOTE] = "note", [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error"};
    return WORDS[severity];
}

/* ---- JSON ---------------------------------------------------------------------------------------
 */

static void put_count(struct json_out *j, const char *key, size_t n)
{
    json_key(j, key);
    json_put_int(j, (long long)n);
}

static void put_diag(struct json_out *j, const struct diag *one)
{
    size_t line = 0, column = 0;
    bool has_line = where_line(one->where, &line, &column);
    json_begin(j, '{');
    json_key(j, "severity");
    json_puts(j, severity_word(one->severity));
    json_key(j, "file");
    json_put_str(j, one->where.path);
    json_key(j, "line");
    if (has_line)
        json_put_int(j, (long long)line);
    else
        json_put_null(j);
    json_key(j, "column");
    if (has_line)
        json_put_int(j, (long long)column);
    else
        json_put_null(j);
    json_key(j, "message");
    json_put_str(j, one->message);
    json_key(j, "hint");
    if (one->hint.n > 0)
        json_put_str(j, one->hint);
    else
        json_put_null(j);
    json_end(j, '}');
}

void check_report_json(const struct check_scope *s, const struct diags *d, struct strbuf *out)
{
    struct json_out j;
    json_out_init(&j, out);
    json_begin(&j, '{');
    json_key(&j, "format");
    json_puts(&j, "breakeven-check/1");
    put_count(&j, "questionnaires", s->file_count);
    put_count(&j, "skus", s->skus);
    put_count(&j, "platforms", s->platforms);
    put_count(&j, "rules", s->rules);
    if (s->has_links) {
        put_count(&j, "pages", s->links.pages);
        put_count(&j, "links", s->links.links);
    }
    put_count(&j, "errors", diags_errors(d));
    put_count(&j, "warnings", diags_warnings(d));
    json_key(&j, "diagnostics");
    json_begin(&j, '[');
    for (size_t i = 0; i < diags_count(d); i++)
        put_diag(&j, diags_get(d, i));
    json_end(&j, ']');
    json_end(&j, '}');
    strbuf_addc(out, '\n');
}

/* ---- JUnit --------------------------------------------------------------------------------------
 */

static bool is_failure(const struct check_scope *s, const struct diag *one)
{
    return one->severity == SEVERITY_ERROR || (s->strict && one->severity == SEVERITY_WARNING);
}

static void put_message(struct strbuf *out, const struct diag *one)
{
    size_t line, column;
    escape_xml(out, one->where.path);
    if (where_line(one->where, &line, &column))
        strbuf_addf(out, ":%zu:%zu", line, column);
    strbuf_addf(out, ": %s: ", severity_word(one->severity));
    escape_xml(out, one->message);
    if (one->hint.n > 0) {
        strbuf_adds(out, " (");
        escape_xml(out, one->hint);
        strbuf_addc(out, ')');
    }
}

/* The case of one file: its diagnostics are failures, or else its output. */
static void put_case(const struct check_scope *s, const struct diags *d, struct str path,
                     struct strbuf *out)
{
    bool has_failure = false, has_note = false;
    strbuf_adds(out, "  <testcase classname=\"breakeven.check\" name=\"");
    escape_xml(out, path);
    strbuf_adds(out, "\">\n");
    for (size_t i = 0; i < diags_count(d); i++) {
        const struct diag *one = diags_get(d, i);
        if (!str_equal(one->where.path, path))
            continue;
        if (!is_failure(s, one)) {
            has_note = true;
            continue;
        }
        strbuf_adds(out, has_failure ? "\n" : "    <failure message=\"");
        if (!has_failure) {
            escape_xml(out, one->message);
            strbuf_adds(out, "\">");
        }
        has_failure = true;
        put_message(out, one);
    }
    if (has_failure)
        strbuf_adds(out, "</failure>\n");
    if (has_note) {
        strbuf_adds(out, "    <system-out>");
        for (size_t i = 0; i < diags_count(d); i++) {
            const struct diag *one = diags_get(d, i);
            if (!str_equal(one->where.path, path) || is_failure(s, one))
                continue;
            put_message(out, one);
            strbuf_addc(out, '\n');
        }
        strbuf_adds(out, "</system-out>\n");
    }
    strbuf_adds(out, "  </testcase>\n");
}

static bool is_questionnaire(const struct check_scope *s, struct str path)
{
    for (size_t i = 0; i < s->file_count; i++)
        if (str_equal(s->files[i], path))
            return true;
    return false;
}

static bool is_first_of_its_file(const struct diags *d, size_t index)
{
    struct str path = diags_get(d, index)->where.path;
    return index == 0 || !str_equal(diags_get(d, index - 1)->where.path, path);
}

static bool has_failed(const struct check_scope *s, const struct diags *d, struct str path)
{
    for (size_t i = 0; i < diags_count(d); i++)
        if (str_equal(diags_get(d, i)->where.path, path) && is_failure(s, diags_get(d, i)))
            return true;
    return false;
}

void check_report_junit(const struct check_scope *s, const struct diags *d, struct strbuf *out)
{
    struct strbuf cases = STRBUF_INIT;
    size_t tests = s->file_count, failures = 0;
    for (size_t i = 0; i < s->file_count; i++) {
        put_case(s, d, s->files[i], &cases);
        failures += has_failed(s, d, s->files[i]);
    }
    for (size_t i = 0; i < diags_count(d); i++) { // price files, templates, pages ...
        struct str path = diags_get(d, i)->where.path;
        if (!is_first_of_its_file(d, i) || is_questionnaire(s, path))
            continue;
        put_case(s, d, path, &cases);
        tests++;
        failures += has_failed(s, d, path);
    }
    strbuf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    strbuf_addf(out, "<testsuite name=\"breakeven check\" tests=\"%zu\" failures=\"%zu\">\n", tests,
                failures);
    strbuf_add(out, strbuf_str(&cases));
    strbuf_adds(out, "</testsuite>\n");
    strbuf_release(&cases);
}
