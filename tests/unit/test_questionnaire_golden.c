/*
 * Broken questionnaires and what is said about them: tests/golden/questionnaire/CASE/in.json and
 * want.err, the diagnostics as printed. GOLDEN_ACCEPT=1 rewrites the want.err files; then read what
 * changed.
 */
#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "questionnaire/questionnaire.h"

#include <stdlib.h>

#define CASES "tests/golden/questionnaire"
#define CASES_MAX 64

static void is_diagnosed_as_wanted(void **state)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct questionnaire q;
    struct strbuf got = STRBUF_INIT;
    struct str text, want = {NULL, 0};
    bool missing;
    const char *folder = path_join(a, CASES, *state);
    const char *want_path = path_join(a, folder, "want.err");

    assert_true(file_read(path_join(a, folder, "in.json"), a, &text, d));
    bool ok = questionnaire_parse(STR("in.json"), text, STR("in"), a, &q, d);
    assert_true(ok == (diags_errors(d) == 0));
    diags_sort(d);
    diags_print(d, &got, false);
    if (getenv("GOLDEN_ACCEPT"))
        assert_true(file_write(want_path, strbuf_str(&got), NULL, d));
    file_read_optional(want_path, a, &want, &missing, d);
    assert_string_equal(got.s ? got.s : "", str_cstring(a, want));
    strbuf_release(&got);
    arena_destroy(a);
}

int main(void)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct CMUnitTest tests[CASES_MAX];
    struct str *names;
    size_t count, n = 0;
    if (!file_list(CASES, a, &names, &count, d))
        return 1;
    for (; n < count && n < CASES_MAX; n++) {
        const char *name = str_cstring(a, names[n]);
        tests[n] = (struct CMUnitTest){name, is_diagnosed_as_wanted, NULL, NULL,
                                       (void *)(uintptr_t)name};
    }
    /* The macro would count the whole array; only n of its rows are cases. */
    int failed = _cmocka_run_group_tests("questionnaire_golden", tests, n, NULL, NULL);
    arena_destroy(a);
    return failed;
}
