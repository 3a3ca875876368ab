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
    char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (char)(value >> 8 * i & 0xFF);
    strbuf_add(out, (struct str){bytes, sizeof bytes});
}

static void put_text(struct strbuf *out, struct str text)
{
    put_number(out, text.n);
    strbuf_add(out, text);
}

static void write_hex(uint64_t value, char digits[SUM_DIGITS])
{
    for (int i = 0; i < SUM_DIGITS; i++)
        digits[i] = "0123456789abcdef"[value >> 4 * (SUM_DIGITS - 1 - i) & 15];
}

/* In one buffer, since that of ten thousand decisions is large: the sum is filled in at the end. */
void state_write(const struct published_file *files, size_t count, struct str record,
                 struct strbuf *out)
{
    static const struct str HEAD = {STATE_HEAD, sizeof STATE_HEAD - 1};
    size_t start = out->n, body = start + HEAD.n + SUM_DIGITS + 1;
    strbuf_add(out, HEAD);
    for (int i = 0; i < SUM_DIGITS; i++)
        strbuf_addc(out, '0');
    strbuf_addc(out, '\n');
    put_number(out, count);
    for (size_t i = 0; i < count; i++) {
        put_text(out, files[i].path);
        put_number(out, files[i].size);
        put_number(out, files[i].sum);
    }
    put_text(out, record);
    if (out->overflowed) // the next build makes everything
        strbuf_clear(out);
    else
        write_hex(state_sum(str_slice(strbuf_str(out), body, out->n)), out->s + start + HEAD.n);
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
    char sum[SUM_DIGITS];
    uint64_t count;
    *out = (struct published){0};
    if (!str_starts(text, head) || text.n < head.n + SUM_DIGITS + 1)
        return false;
    rest = str_slice(text, head.n + SUM_DIGITS + 1, text.n);
    write_hex(state_sum(rest), sum);
    if (memcmp(sum, text.s + head.n, SUM_DIGITS) != 0 || !take_number(&rest, &count) || count > rest.n)
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
