#include "policy/policy.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/hash.h"
#include "policy/loader.h"

#include <string.h>

/* Reads one of the three files; one that is missing is an error of the input. */
static bool read_file(const char *path, struct arena *a, struct policy_file *out, struct diags *d)
{
    bool is_missing;
    out->path = str_of(path);
    if (file_read_optional(path, a, &out->text, &is_missing, d))
        return true;
    if (is_missing)
        diag_error(d, where_file(out->path), "content/policy/README.md describes it",
                   "the policy file is missing");
    return false;
}

/* A policy file beside the one named by --policy comes before that of the project. */
static const char *companion(struct arena *a, const char *beside, const char *folder,
                             const char *name)
{
    const char *slash = strrchr(beside, '/');
    const char *near =
        slash ? path_join(a, str_cstring(a, (struct str){beside, (size_t)(slash - beside)}), name)
              : name;
    if (slash != beside && file_exists(near))
        return near;
    return path_join(a, folder, name);
}

static bool open_file(struct loader *l, struct json_reader *r, const struct json *tree,
                      const char *format)
{
    struct str text;
    if (!tree || !json_reader_open(r, tree, (struct str){NULL, 0}, l->a, l->d))
        return false;
    json_member(r, "$schema");
    if (json_string_required(r, "format", &text) && !str_is(text, format))
        diag_error(l->d, json_where(json_find(tree, "format")), NULL,
                   "unknown format \"%.*s\": this program reads \"%s\"", STR_ARG(text), format);
    return true;
}

static void read_policy(struct loader *l, const struct json *tree, struct policy *out)
{
    struct json_reader r;
    const struct json *value;
    if (!open_file(l, &r, tree, "breakeven-policy/1"))
        return;
    if ((value = json_required(&r, "people")) != NULL)
        section_people(l, value, out);
    if ((value = json_required(&r, "parameters")) != NULL)
        section_parameters(l, value, out);
    /* Before everything that has conditions. */
    if ((value = json_required(&r, "thresholds")) != NULL)
        section_thresholds(l, value, out);
    section_defaults(l, &r, out);
    section_uncertainty(l, &r, out);
    section_rules(l, &r, out);
    section_tiers(l, &r, out);
    section_scenarios(l, &r, out);
    section_folklore(l, &r, out);
    json_reader_close(&r);
}

static void warn_of_unused(const struct loader *l)
{
    for (size_t i = 0; i < l->threshold_count; i++)
        if (!l->threshold_used[i])
            diag_warning(l->d, l->thresholds[i].where, NULL, "no condition uses the threshold %.*s",
                         STR_ARG(l->thresholds[i].name));
}

static const struct json *parse_file(struct loader *l, const struct policy_file *file)
{
    return json_parse(file->path, file->text, l->a, l->d);
}

bool policy_parse(const struct policy_file files[3], const struct str *fact_names,
                  size_t fact_count, struct arena *a, struct policy *out, struct diags *d)
{
    size_t before = diags_errors(d);
    struct loader l = {.facts = fact_names, .fact_count = fact_count, .a = a, .d = d};
    struct json_reader r;
    struct sha256 hash;
    unsigned char digest[32];
    memset(out, 0, sizeof *out);
    read_policy(&l, parse_file(&l, &files[0]), out);
    if (open_file(&l, &r, parse_file(&l, &files[1]), "breakeven-mistakes/1")) {
        section_mistakes(&l, &r, out);
        json_reader_close(&r);
    }
    if (open_file(&l, &r, parse_file(&l, &files[2]), "breakeven-checklist/1")) {
        section_checklist(&l, &r, out);
        json_reader_close(&r);
    }
    if (diags_errors(d) == before)
        warn_of_unused(&l);
    sha256_init(&hash);
    for (int i = 0; i < 3; i++)
        sha256_add_field(&hash, files[i].text);
    sha256_final(&hash, digest);
    out->sha256 = sha256_hex(a, digest);
    return diags_errors(d) == before;
}

bool policy_load(const char *file, const char *folder, const struct str *fact_names,
                 size_t fact_count, struct arena *a, struct policy *out, struct diags *d)
{
    struct policy_file files[3];
    const char *path = file ? file : path_join(a, folder, "policy.json");
    bool ok = read_file(path, a, &files[0], d);
    ok = read_file(companion(a, path, folder, "mistakes.json"), a, &files[1], d) && ok;
    ok = read_file(companion(a, path, folder, "checklist.json"), a, &files[2], d) && ok;
    return ok && policy_parse(files, fact_names, fact_count, a, out, d);
}
