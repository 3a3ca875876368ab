#include "claims/claims.h"

#include "base/arena.h"
#include "claims/expression.h"

#include <math.h>

const struct claim *claims_find(const struct claims *claims, struct str id)
{
    size_t low = 0, high = claims ? claims->count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(id, claims->by_id[middle]->id);
        if (order == 0)
            return claims->by_id[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static enum claim_verdict judge(const struct claim_check *c, double value)
{
    if (!c->is_judged || isnan(value))
        return CLAIM_OPEN;
    if (!isnan(c->low) && value < c->low - c->tolerance * fabs(c->low))
        return CLAIM_FAILS;
    if (!isnan(c->high) && value > c->high + c->tolerance * fabs(c->high))
        return CLAIM_FAILS;
    return CLAIM_HOLDS;
}

struct claim_result claim_evaluate(const struct claim *c, struct date day, struct arena *a)
{
    struct check_result *checks = arena_new(a, struct check_result, c->check_count);
    double *inputs = arena_new(a, double, c->input_count);
    size_t held = 0, failed = 0, unknown = 0;
    for (size_t i = 0; i < c->input_count; i++)
        inputs[i] = c->inputs[i].value;
    for (size_t i = 0; i < c->check_count; i++) {
        const struct claim_check *check = &c->checks[i];
        struct check_result *r = &checks[i];
        r->value = expression_value(check->expression, inputs, day, &r->is_early);
        r->verdict = judge(check, r->value);
        held += r->verdict == CLAIM_HOLDS;
        failed += r->verdict == CLAIM_FAILS;
        unknown += check->is_judged && r->verdict == CLAIM_OPEN;
    }
    enum claim_verdict verdict = failed > 0 ? CLAIM_FAILS : held > 0 && unknown == 0 ? CLAIM_HOLDS : CLAIM_OPEN;
    return (struct claim_result){checks, verdict};
}

static bool is_listed(const struct claim_price *list, size_t count, struct expression_price p)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].sku == p.sku && str_equal(list[i].region, p.region))
            return true;
    return false;
}

size_t claim_prices(const struct claim *c, struct arena *a, const struct claim_price **out)
{
    size_t most = 0, count = 0;
    for (size_t i = 0; i < c->check_count; i++)
        most += expression_price_count(c->checks[i].expression);
    struct claim_price *list = arena_new(a, struct claim_price, most);
    for (size_t i = 0; i < c->check_count; i++) {
        const struct expression *e = c->checks[i].expression;
        size_t asked = expression_price_count(e);
        for (size_t k = 0; k < asked; k++) {
            struct expression_price p = expression_price_get(e, k);
            if (!is_listed(list, count, p))
                list[count++] = (struct claim_price){p.sku, p.region};
        }
    }
    *out = list;
    return count;
}

const char *claim_verdict_word(enum claim_verdict v)
{
    switch (v) {
    case CLAIM_HOLDS: return "holds";
    case CLAIM_FAILS: return "does not hold";
    case CLAIM_OPEN: break;
    }
    return "cannot be checked";
}
