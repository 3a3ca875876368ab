#include "command/init.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/option.h"
#include "base/strbuf.h"
#include "command/console.h"
#include "command/project.h"
#include "command/status.h"
#include "publish/tree.h"

#define STARTER "site/starter"

/* Within the new project, where its files are whole before the first is moved to its place. An init
 * that was killed leaves it, and the next one finishes what it finds. */
#define STAGED ".breakeven-init"

/* What a project begins with, and where it lies among the defaults. */
static const struct starter_file {
    const char *from, *to;
} FILES[] = {
    {"README.md", "README.md"},
    {"gitignore", ".gitignore"},
    {"site.json", "site/site.json"},
    {"workloads/example/questionnaire.json", "content/workloads/example/questionnaire.json"},
    {"workloads/example/notes.md", "content/workloads/example/notes.md"},
    {"github.yml", ".github/workflows/decisions.yml"},
    {"gitlab.yml", ".gitlab-ci.yml"},
};

#define FILE_COUNT (sizeof FILES / sizeof *FILES)
#define SCHEMA "content/questionnaire.schema.json" /* made, not copied */

/* The starter of the folder that the command runs in (the source of the program), else of the
 * installation; NULL and a diagnostic: there is none. */
static const char *starter_folder(struct project *p)
{
    const char *installed = p->defaults ? path_join(p->a, p->defaults, STARTER) : NULL;
    if (installed && file_is_folder(installed))
        return installed;
    if (file_is_folder(STARTER))
        return STARTER;
    diag_error(p->d, where_file(STR(STARTER)), "install the program: make install",
               "the files to begin with are not installed");
    return NULL;
}

/* "content" of "content/workloads/example/notes.md": these are moved. */
static struct str top_of(const char *path)
{
    struct str top, rest = str_of(path);
    str_cut(rest, '/', &top, &rest);
    return top;
}

static bool is_top(struct str name)
{
    for (size_t i = 0; i < FILE_COUNT; i++)
        if (str_equal(name, top_of(FILES[i].to)))
            return true;
    return false;
}

/* Nothing of anyone's is written over. A repository that was just made is empty, and a folder that an
 * init left when it was killed is as good as empty. */
static bool is_empty(struct project *p, const char *folder)
{
    bool is_left = file_is_folder(path_join(p->a, folder, STAGED));
    struct str *names;
    size_t count;
    if (!file_exists(folder))
        return true;
    if (!file_is_folder(folder)) {
        diag_error(p->d, where_file(str_of(folder)), NULL, "it is no folder");
        return false;
    }
    if (!file_list(folder, p->a, &names, &count, p->d))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (str_is(names[i], ".git") || (is_left && (str_is(names[i], STAGED) || is_top(names[i]))))
            continue;
        diag_error(p->d, where_file(str_of(folder)), "name a new folder",
                   "the folder is not empty: it holds \"%.*s\"", STR_ARG(names[i]));
        return false;
    }
    return true;
}

static const char *folder_above(struct arena *a, const char *path)
{
    struct str whole = str_of(path);
    return str_cstring(a, str_slice(whole, 0, whole.n - path_base(whole).n - 1));
}

static bool write_file(struct project *p, const char *folder, const char *name, struct str bytes)
{
    const char *path = path_join(p->a, folder, name);
    return file_make_folders(folder_above(p->a, path), p->d) && file_write(path, bytes, NULL, p->d);
}

static bool write_schema(struct project *p, const char *folder)
{
    struct strbuf schema = STRBUF_INIT;
    questionnaire_schema(&schema);
    bool ok = write_file(p, folder, SCHEMA, strbuf_str(&schema));
    strbuf_release(&schema);
    return ok;
}

/* All files, whole, in the staged folder. */
static bool stage(struct project *p, const char *staged, const struct str texts[FILE_COUNT])
{
    bool ok = file_make_folders(staged, p->d) && tree_wipe_folder(staged, p->d);
    for (size_t i = 0; ok && i < FILE_COUNT; i++)
        ok = write_file(p, staged, FILES[i].to, texts[i]);
    return ok && write_schema(p, staged);
}

/* To their places, folders as one. What is there was moved by the init that was killed. */
static bool move_all(struct project *p, const char *staged, const char *folder)
{
    for (size_t i = 0; i < FILE_COUNT; i++) {
        const char *top = str_cstring(p->a, top_of(FILES[i].to));
        const char *to = path_join(p->a, folder, top);
        if (!file_exists(to) && !file_move(path_join(p->a, staged, top), to, p->d))
            return false;
    }
    return true;
}

static bool write_project(struct project *p, const char *folder)
{
    const char *starter = starter_folder(p);
    struct str texts[FILE_COUNT];
    if (!starter || !is_empty(p, folder))
        return false;
    for (size_t i = 0; i < FILE_COUNT; i++) // all are read before any is written
        if (!file_read(path_join(p->a, starter, FILES[i].from), p->a, &texts[i], p->d))
            return false;
    const char *staged = path_join(p->a, folder, STAGED);
    bool was_there = file_exists(folder), is_staged = stage(p, staged, texts);
    bool ok = is_staged && move_all(p, staged, folder);
    if (ok || !is_staged) { // half moved, it waits for the next init
        tree_wipe_folder(staged, diags_new(p->a));
        file_remove_empty_folder(staged);
    }
    if (!ok && !was_there)
        file_remove_empty_folder(folder);
    return ok;
}

static int init(const char *folder, bool quiet, struct arena *a)
{
    struct project p;
    struct strbuf out = STRBUF_INIT;
    project_open(&p, a, diags_new(a));
    bool ok = write_project(&p, folder);
    if (ok && !p.defaults)
        diag_warning(p.d, where_file(str_of(folder)), "install the program: make install",
                     "prices, policy and templates are not installed; a build here will miss them");
    int status = console_report(p.d, false, quiet);
    if (!ok || quiet)
        return status;
    for (size_t i = 0; i < FILE_COUNT; i++)
        strbuf_addf(&out, "%s/%s\n", folder, FILES[i].to);
    strbuf_addf(&out,
                "%s/" SCHEMA "\n\n"
                "breakeven -C %s new SLUG asks for a questionnaire; build makes the site.\n",
                folder, folder);
    status = console_put(strbuf_str(&out), status);
    strbuf_release(&out);
    return status;
}

int command_init(int argc, char **argv)
{
    bool quiet = false, help = false;
    const struct option_row options[] = {
        {'q', "quiet", OPTION_FLAG, &quiet, NULL, "only errors"},
        {'h', "help", OPTION_FLAG, &help, NULL, "this help"},
        {0},
    };
    struct arena *a = arena_create();
    const char **operands = arena_new(a, const char *, (size_t)argc);
    size_t count;
    int status = EXIT_USAGE;
    if (option_parse("init", argc, argv, options, operands, &count, a)) {
        if (help) {
            console_help("init DIR",
                         "Makes a new project folder: settings of the site, an example "
                         "questionnaire, recipes\nfor continuous integration. DIR must be empty or "
                         "new.",
                         options);
            status = EXIT_DONE;
        } else if (count != 1) {
            status = console_misused("init", STR("takes one folder"),
                                     STR("for instance: breakeven init decisions"));
        } else {
            status = init(operands[0], quiet, a);
        }
    }
    arena_destroy(a);
    return status;
}
