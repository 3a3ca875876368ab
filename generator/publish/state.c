#include "publish/state.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "publish/tree.h"

#include <string.h>

#define STATE_HEAD "breakeven-state/1 "
#define SUM_DIGITS 16

/* ---- the sum ------------------------------------------------------------------------------------
 */

/* Eight bytes at a time into two lanes. Each step is a bijection of its lane, so a change confined to
 * one word always shows. The constants are odd, from the fractions of the golden ratio and of pi. */
uint64_t state_sum(struct str bytes)
{
    uint64_t a = UINT64_C(0x9e3779b97f4a7c15) ^ bytes.n, b = UINT64_C(0x243f6a8885a308d3), w[2];
    for (; bytes.n >= sizeof w; bytes = str_slice(bytes, sizeof w, bytes.n)) {
        memcpy(w, bytes.s, sizeof w);
        a = (a ^ w[0]) * UINT64_C(0x9e3779b97f4a7c15);
        b = (b ^ w[1]) * UINT64_C(0x13198a2e03707345);
        a ^= a >> 32;
        b ^= b >> 29;
    }
    w[0] = w[1] = 0;
    if (bytes.n > 0)
        memcpy(w, bytes.s, bytes.n);
    a = (a ^ w[0]) * UINT64_C(0x9e3779b97f4a7c15);
    b = (b ^ w[1]) * UINT64_C(0x13198a2e03707345);
    a ^= b ^ b >> 31;
    a *= UINT64_C(0x9e3779b97f4a7c15);
    return a ^ a >> 32;
}

/* ---- writing ------------------------------------------------------------------------------------
 */

static void put_number(struct strbuf *out, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        strbuf_addc(out, (char)(value >> 8 * i & 0xFF));
}

static void put_text(struct strbuf *out, struct str text)
{
    put_number(out, text.n);
    strbuf_add(out, text);
}

static void put_hex(struct strbuf *out, uint64_t value)
{
    for (int i = SUM_DIGITS; i-- > 0;)
        strbuf_addc(out, "0123456789abcdef"[value >> 4 * i & 15]);
}

void state_write(const struct published_file *files, size_t count, struct str record,
                 struct strbuf *out)
{
    struct strbuf body = STRBUF_INIT;
    put_number(&body, count);
    for (size_t i = 0; i < count; i++) {
        put_text(&body, files[i].path);
        put_number(&body, files[i].size);
        put_number(&body, files[i].sum);
    }
    put_text(&body, record);
    if (!body.overflowed) { // else the next build makes everything
        strbuf_adds(out, STATE_HEAD);
        put_hex(out, state_sum(strbuf_str(&body)));
        strbuf_addc(out, '\n');
        strbuf_add(out, strbuf_str(&body));
    }
    strbuf_release(&body);
}

/* ---- reading ------------------------------------------------------------------------------------
 */

static bool take_number(struct str *rest, uint64_t *out)
{
    if (rest->n < 8)
        return false;
    *out = 0;
    for (int i = 8; i-- > 0;)
        *out = *out << 8 | (unsigned char)rest->s[i];
    *rest = str_slice(*rest, 8, rest->n);
    return true;
}

static bool take_text(struct str *rest, struct str *out)
{
    uint64_t n;
    if (!take_number(rest, &n) || n > rest->n)
        return false;
    *out = str_slice(*rest, 0, (size_t)n);
    *rest = str_slice(*rest, (size_t)n, rest->n);
    return true;
}

bool state_read(struct str text, struct arena *a, struct published *out)
{
    struct str head = STR(STATE_HEAD), rest;
    struct strbuf sum = STRBUF_INIT;
    uint64_t count;
    *out = (struct published){0};
    if (!str_starts(text, head) || text.n < head.n + SUM_DIGITS + 1)
        return false;
    rest = str_slice(text, head.n + SUM_DIGITS + 1, text.n);
    put_hex(&sum, state_sum(rest));
    bool ok = str_equal(strbuf_str(&sum), str_slice(text, head.n, head.n + SUM_DIGITS));
    strbuf_release(&sum);
    if (!ok || !take_number(&rest, &count) || count > rest.n)
        return false;
    struct published_file *files = arena_new(a, struct published_file, (size_t)count);
    for (size_t i = 0; i < count; i++)
        if (!take_text(&rest, &files[i].path) || !take_number(&rest, &files[i].size) ||
            !take_number(&rest, &files[i].sum) || !tree_path_valid(files[i].path))
            return false;
    out->files = files;
    out->count = (size_t)count;
    return take_text(&rest, &out->record) && rest.n == 0;
}
