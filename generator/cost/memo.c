#include "cost/memo.h"

#include "base/arena.h"

#include <assert.h>
#include <string.h>

struct place {
    double question[MEMO_FIGURES];
    size_t figures; /* 0: empty */
    void *answer;
};

struct memo {
    struct arena *a;
    struct place **places;
    size_t count, answer_bytes;
};

struct memo *memo_new(struct arena *a, size_t places, size_t answer_bytes)
{
    struct memo *m = arena_new(a, struct memo, 1);
    assert(places > 1 && (places & (places - 1)) == 0);
    *m = (struct memo){.a = a, .places = arena_new(a, struct place *, places), .count = places, .answer_bytes = answer_bytes};
    return m;
}

/* Multiplied by an odd constant (2^64 over the golden ratio) and folded, figure by figure. */
static uint64_t with_bits(uint64_t mark, uint64_t bits)
{
    mark = (mark ^ bits) * UINT64_C(0x9e3779b97f4a7c15);
    return mark ^ mark >> 29;
}

static uint64_t with_figure(uint64_t mark, const double *figure)
{
    uint64_t bits;
    memcpy(&bits, figure, sizeof bits);
    return with_bits(mark, bits);
}

#define LANES 4

/* Each figure waits for the one before it: many are marked in lanes side by side, which are marked in the end. */
uint64_t memo_mark(uint64_t mark, const double *figures, size_t count)
{
    size_t i = 0;
    if (count >= 4 * LANES) {
        uint64_t lane[LANES] = {mark, mark + 1, mark + 2, mark + 3};
        for (; i + LANES <= count; i += LANES)
            for (size_t k = 0; k < LANES; k++)
                lane[k] = with_figure(lane[k], figures + i + k);
        for (size_t k = 0; k < LANES; k++)
            mark = with_bits(mark, lane[k]);
    }
    for (; i < count; i++)
        mark = with_figure(mark, figures + i);
    return mark;
}

double memo_figure(uint64_t mark)
{
    double out;
    memcpy(&out, &mark, sizeof out);
    return out;
}

double memo_text(struct str text)
{
    uint64_t mark = text.n, eight;
    for (size_t i = 0; i < text.n; i += sizeof eight) { /* the last ones as far as they go: the length is in the mark */
        size_t left = text.n - i;
        eight = 0;
        memcpy(&eight, text.s + i, left < sizeof eight ? left : sizeof eight);
        mark = with_bits(mark, eight);
    }
    return memo_figure(mark);
}

double memo_address(const void *p)
{
    return memo_figure((uint64_t)(uintptr_t)p);
}

/* memo_mark leaves the last figure in the upper bits only (numbers such as 1 and 2 differ in nothing else): they are brought
 * down before the lowest bits name a place (the finaliser of MurmurHash3, A. Appleby, public domain). */
static size_t place_of(uint64_t mark, size_t count)
{
    mark ^= mark >> 33;
    mark *= UINT64_C(0xff51afd7ed558ccd);
    mark ^= mark >> 33;
    return (size_t)mark & (count - 1);
}

static bool is_asked(const struct place *p, const double *question, size_t figures)
{
    return p && p->figures == figures && memcmp(p->question, question, figures * sizeof *question) == 0;
}

/* A question has two places, side by side, of which the first was asked for last: a new one takes the other. */
void *memo_at(struct memo *m, const double *question, size_t figures, bool *known)
{
    assert(figures > 0 && figures <= MEMO_FIGURES);
    struct place **pair = &m->places[place_of(memo_mark(figures, question, figures), m->count) & ~(size_t)1];
    *known = is_asked(pair[0], question, figures);
    if (*known)
        return pair[0]->answer;
    struct place *p = pair[1];
    pair[1] = pair[0];
    if (!p) {
        p = arena_new(m->a, struct place, 1);
        p->answer = arena_alloc(m->a, m->answer_bytes, _Alignof(double), 1);
    }
    pair[0] = p;
    *known = is_asked(p, question, figures);
    if (!*known) {
        memcpy(p->question, question, figures * sizeof *question);
        p->figures = figures;
    }
    return p->answer;
}
