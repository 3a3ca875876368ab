/*
 * Any bytes as one of the three policy files, chosen by the first byte; the other two are minimal. As
 * JSON may begin with white space, '{' is policy.json with any facts, a tab policy.json with the facts
 * below, a line feed mistakes.json, a blank checklist.json.
 */
#include "base/arena.h"
#include "base/diag.h"
#include "base/strbuf.h"
#include "policy/loader.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct str FACTS[] = {{"gpu.need", 8}, {"latency.p99_ms", 14}, {"traffic.cv", 10}};
    struct policy_file files[3] = {
        {STR("policy.json"), STR("{}")},
        {STR("mistakes.json"), STR("{\"format\":\"breakeven-mistakes/1\",\"mistakes\":[]}")},
        {STR("checklist.json"),
         STR("{\"format\":\"breakeven-checklist/1\",\"phases\":[],\"items\":[]}")},
    };
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct policy p;
    struct strbuf out = STRBUF_INIT;
    if (size > 0) {
        files[data[0] % 3].text = (struct str){(const char *)data, size};
        bool ok = policy_parse(files, FACTS, data[0] == '{' ? 0 : 3, a, &p, d);
        assert(ok == (diags_errors(d) == 0));
    }
    diags_print(d, &out, false);
    strbuf_release(&out);
    arena_destroy(a);
    return 0;
}
