#include "policy/policy.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/hash.h"
#include "policy/loader.h"

#include <string.h>

/* One of the three files, read and hashed; NULL and diagnostics: not usable. */
static const struct json *read_file(struct loader *l, const char *path, struct sha256 *hash)
{
    struct str text;
    bool is_missing;
    if (!file_read_optional(path, l->a, &text, &is_missing, l->d))
        return NULL;
    if (is_missing) {
        diag_error(l->d, where_file(str_of(path)), "content/policy/README.md describes it",
                   "the policy file is missing");
        return NULL;
    }
    sha256_add_field(hash, text);
    return json_parse(str_of(path), text, l->a, l->d);
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
        diag_error(l->d, json_find(tree, "format")->where, NULL,
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

bool policy_load(const char *file, const char *folder, const struct str *fact_names,
                 size_t fact_count, struct arena *a, struct policy *out, struct diags *d)
{
    size_t before = diags_errors(d);
    struct loader l = {.facts = fact_names, .fact_count = fact_count, .a = a, .d = d};
    const char *path = file ? file : path_join(a, folder, "policy.json");
    struct json_reader r;
    struct sha256 hash;
    unsigned char digest[32];
    memset(out, 0, sizeof *out);
    sha256_init(&hash);
    read_policy(&l, read_file(&l, path, &hash), out);
    const struct json *mistakes = read_file(&l, companion(a, path, folder, "mistakes.json"), &hash);
    if (open_file(&l, &r, mistakes, "breakeven-mistakes/1")) {
        section_mistakes(&l, &r, out);
        json_reader_close(&r);
    }
    const struct json *checklist = read_file(&l, companion(a, path, folder, "checklist.json"),
                                             &hash);
    if (open_file(&l, &r, checklist, "breakeven-checklist/1")) {
        section_checklist(&l, &r, out);
        json_reader_close(&r);
    }
    if (diags_errors(d) == before)
        warn_of_unused(&l);
    sha256_final(&hash, digest);
    out->sha256 = sha256_hex(a, digest);
    return diags_errors(d) == before;
}
