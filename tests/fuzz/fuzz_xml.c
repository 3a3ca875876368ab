/*
 * What is said to be well-formed in passing, libxml2 finds well-formed too. The other way round nothing
 * is promised, but that whatever the bytes are both come to an end.
 */
#include "base/arena.h"
#include "base/diag.h"
#include "render/wellformed.h"
#include "render/xmlcheck.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct str text = {(const char *)data, size};
    struct page_links links = {0}; /* whoever asks for links gets the full parser */
    bool is_sound = xml_check(STR("in.html"), text, a, &links, d);
    if (!is_sound && is_plainly_wellformed(text))
        for (size_t i = 0; i < diags_count(d); i++) /* an id twice is a fault, but of another kind */
            assert(str_starts(diags_get(d, i)->message, STR("id ")));
    arena_destroy(a);
    return 0;
}
