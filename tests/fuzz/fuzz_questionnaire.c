/*
 * Any bytes as a questionnaire, and then as the same file with assignments on top (what follows the
 * last line that starts with '='). Whatever is accepted must be accepted again after questionnaire_set
 * has written it out.
 */
#include "base/arena.h"
#include "base/diag.h"
#include "base/strbuf.h"
#include "questionnaire/questionnaire.h"

#include <assert.h>
#include <stdint.h>

#define ASSIGNMENTS_MAX 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Cuts the lines "=PATH=VALUE" off the end of the text. */
static size_t cut_assignments(struct str *text, struct str *out)
{
    size_t count = 0;
    while (count < ASSIGNMENTS_MAX) {
        size_t start = text->n;
        while (start > 0 && text->s[start - 1] != '\n')
            start--;
        struct str line = str_slice(*text, start, text->n);
        if (start == 0 || line.n == 0 || line.s[0] != '=')
            break;
        out[count++] = str_slice(line, 1, line.n);
        text->n = start - 1;
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a), *again = diags_new(a);
    struct str text = {(const char *)data, size}, changed, assignments[ASSIGNMENTS_MAX];
    struct questionnaire q;
    struct strbuf out = STRBUF_INIT;
    size_t count = cut_assignments(&text, assignments);
    bool ok = questionnaire_parse(STR("in.json"), text, STR("in"), a, &q, d);
    assert(ok == (diags_errors(d) == 0));
    if (questionnaire_set(STR("in.json"), text, assignments, 0, a, &changed, again)) {
        bool is_same = questionnaire_parse(STR("in.json"), changed, STR("in"), a, &q, again);
        assert(is_same == ok);
    }
    if (count > 0 && questionnaire_set(STR("in.json"), text, assignments, count, a, &changed, d))
        questionnaire_parse(STR("in.json"), changed, STR("in"), a, &q, d);
    diags_print(d, &out, false);
    strbuf_release(&out);
    arena_destroy(a);
    return 0;
}
