#include "claims/expression.h"

#include "base/arena.h"
#include "number/decimal.h"
#include "number/unit.h"
#include "pricing/book.h"

#include <math.h>

/* The tree is an array in which operands stand before what uses them: evaluating it is one pass from
 * the front, with no recursion. */
enum op {
    OP_NUMBER,
    OP_INPUT,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_POWER,
    OP_NEGATE,
    OP_MIN,
    OP_MAX,
    OP_CEIL,
    OP_FLOOR,
    OP_PRICE,
    OP_COST,
    OP_FREE
};

struct node {
    enum op op;
    double number;         /* OP_NUMBER */
    size_t input;          /* OP_INPUT */
    size_t left, right;    /* operands; those with one use left */
    const struct sku *sku; /* OP_PRICE, OP_COST, OP_FREE */
    struct str region;
};

struct expression {
    struct node *nodes; /* the last one is the value */
    size_t count, capacity;
};

static const struct {
    const char *name;
    double value;
} CONSTANTS[] = {
    {"hours_per_month",   HOURS_PER_MONTH  },
    {"days_per_month",    DAYS_PER_MONTH   },
    {"seconds_per_month", SECONDS_PER_MONTH},
    {"seconds_per_day",   SECONDS_PER_DAY  },
};

static const struct {
    const char *name;
    enum op op;
    bool is_list; /* takes any number of operands, at least one */
} FUNCTIONS[] = {
    {"min",   OP_MIN,   true },
    {"max",   OP_MAX,   true },
    {"ceil",  OP_CEIL,  false},
    {"floor", OP_FLOOR, false},
};

static const char *const QUESTIONS[] = {"price", "cost", "free", "limit", "start_ms"};

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* ---- parsing ------------------------------------------------------------------------------------ */

struct parser {
    struct str text;
    size_t at;
    int depth;
    struct where where;
    size_t shift; /* from the start of `where` to the start of the text; SIZE_MAX: places are not known */
    const struct expression_names *names;
    struct expression *e;
    struct arena *a;
    struct diags *d;
    bool failed;
};

static struct where place(const struct parser *p, size_t from, size_t length)
{
    struct where w = p->where;
    if (p->shift == SIZE_MAX)
        return w;
    w.offset += p->shift + from;
    w.length = length > 0 ? length : 1;
    return w;
}

static void skip_blanks(struct parser *p)
{
    while (p->at < p->text.n && (p->text.s[p->at] == ' ' || p->text.s[p->at] == '\t' ||
                                 p->text.s[p->at] == '\n' || p->text.s[p->at] == '\r'))
        p->at++;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char peek(struct parser *p)
{
    skip_blanks(p);
    return p->at < p->text.n ? p->text.s[p->at] : '\0';
}

static size_t fail(struct parser *p, size_t from, size_t length, const char *hint, const char *message)
{
    if (!p->failed)
        diag_error(p->d, place(p, from, length), hint, "%s", message);
    p->failed = true;
    return 0;
}

/* Something that the price book does not have; true: that is allowed here. */
static bool lack(struct parser *p, size_t from, struct str name, const char *hint, const char *message)
{
    if (!p->names->may_lack)
        fail(p, from, name.n, hint, message);
    return p->names->may_lack;
}

static bool expect(struct parser *p, char c)
{
    if (peek(p) == c) {
        p->at++;
        return true;
    }
    const char *what = c == ')' ? "expected \")\" here" : c == '(' ? "expected \"(\" here" : "expected \",\" here";
    fail(p, p->at, 1, NULL, what);
    return false;
}

static size_t add(struct parser *p, struct node n)
{
    if (p->e->count >= EXPRESSION_MAX_NODES)
        return fail(p, 0, p->text.n, "split it into two checks", "the formula is too long");
    p->e->nodes = arena_grow(p->a, struct node, p->e->nodes, p->e->count, &p->e->capacity);
    p->e->nodes[p->e->count] = n;
    return p->e->count++;
}

static size_t parse_sum(struct parser *p);

static size_t parse_number(struct parser *p)
{
    size_t from = p->at;
    while (p->at < p->text.n && (is_digit(p->text.s[p->at]) || p->text.s[p->at] == '.'))
        p->at++;
    if (p->at < p->text.n && (p->text.s[p->at] == 'e' || p->text.s[p->at] == 'E')) {
        p->at++;
        if (p->at < p->text.n && (p->text.s[p->at] == '-' || p->text.s[p->at] == '+'))
            p->at++;
        while (p->at < p->text.n && is_digit(p->text.s[p->at]))
            p->at++;
    }
    struct decimal number;
    if (!decimal_parse(str_slice(p->text, from, p->at), &number))
        return fail(p, from, p->at - from, "such as 50, 0.0000166667 or 2.5e6", "this is not a number");
    return add(p, (struct node){.op = OP_NUMBER, .number = decimal_double(number)});
}

static struct str parse_word(struct parser *p)
{
    size_t from = p->at;
    while (p->at < p->text.n && (is_letter(p->text.s[p->at]) || is_digit(p->text.s[p->at])))
        p->at++;
    return str_slice(p->text, from, p->at);
}

/* Text in quotes. *from and *length: its place, without the quotes. */
static bool parse_quoted(struct parser *p, struct str *out, size_t *from)
{
    char quote = peek(p);
    *from = p->at + 1;
    if (quote != '\'' && quote != '"') {
        fail(p, p->at, 1, "such as price('aws-lambda-gb-second', 'us-east-1')", "expected text in quotes here");
        return false;
    }
    size_t end = *from;
    while (end < p->text.n && p->text.s[end] != quote)
        end++;
    if (end == p->text.n) {
        fail(p, p->at, end - p->at, NULL, "the quote is not closed");
        return false;
    }
    *out = str_copy(p->a, str_slice(p->text, *from, end));
    p->at = end + 1;
    return true;
}

static const char *nearest(struct parser *p, struct str word, const struct str *names, size_t count)
{
    struct str near = str_nearest(word, names, count);
    return near.s ? str_printf(p->a, "did you mean \"%.*s\"?", STR_ARG(near)).s : NULL;
}

static const char *nearest_sku(struct parser *p, struct str word)
{
    const struct book *b = p->names->book;
    if (!b)
        return NULL;
    struct str *ids = arena_new(p->a, struct str, b->sku_count);
    for (size_t i = 0; i < b->sku_count; i++)
        ids[i] = b->skus[i].id;
    return nearest(p, word, ids, b->sku_count);
}

static const char *nearest_platform(struct parser *p, struct str word)
{
    const struct book *b = p->names->book;
    if (!b)
        return NULL;
    struct str *ids = arena_new(p->a, struct str, b->platform_count);
    for (size_t i = 0; i < b->platform_count; i++)
        ids[i] = b->platforms[i].id;
    return nearest(p, word, ids, b->platform_count);
}

static const char *nearest_name(struct parser *p, struct str word)
{
    size_t count = 0;
    struct str *names = arena_new(p->a, struct str, p->names->input_count + COUNT(CONSTANTS) + COUNT(FUNCTIONS) + COUNT(QUESTIONS));
    for (size_t i = 0; i < p->names->input_count; i++)
        names[count++] = p->names->inputs[i];
    for (size_t i = 0; i < COUNT(CONSTANTS); i++)
        names[count++] = str_of(CONSTANTS[i].name);
    for (size_t i = 0; i < COUNT(FUNCTIONS); i++)
        names[count++] = str_of(FUNCTIONS[i].name);
    for (size_t i = 0; i < COUNT(QUESTIONS); i++)
        names[count++] = str_of(QUESTIONS[i]);
    const char *hint = nearest(p, word, names, count);
    return hint ? hint : "an input of the claim, a constant of time or a function; the README beside the claims lists them";
}

static bool is_sold_in(const struct sku *sku, struct str region)
{
    for (size_t i = 0; i < sku->price_count; i++)
        if (str_equal(sku->prices[i].region, region) || str_is(sku->prices[i].region, "any"))
            return true;
    return false;
}

static const char *nearest_region(struct parser *p, const struct sku *sku, struct str word)
{
    struct str *regions = arena_new(p->a, struct str, sku->price_count);
    for (size_t i = 0; i < sku->price_count; i++)
        regions[i] = sku->prices[i].region;
    const char *hint = nearest(p, word, regions, sku->price_count);
    if (!hint && sku->price_count > 0)
        hint = str_printf(p->a, "one of its regions is \"%.*s\"", STR_ARG(regions[0])).s;
    return hint;
}

/* 'SKU', 'REGION'; out->sku is NULL where the book may lack it and does. */
static bool parse_price(struct parser *p, struct node *out)
{
    struct str sku;
    size_t from;
    if (!parse_quoted(p, &sku, &from))
        return false;
    out->sku = p->names->book ? book_sku(p->names->book, sku) : NULL;
    if (!out->sku && !lack(p, from, sku, nearest_sku(p, sku), "the price book has no such SKU"))
        return false;
    if (!expect(p, ',') || !parse_quoted(p, &out->region, &from))
        return false;
    if (out->sku && !is_sold_in(out->sku, out->region)) {
        const char *hint = nearest_region(p, out->sku, out->region);
        out->sku = NULL;
        return lack(p, from, out->region, hint, "the SKU has no price in this region");
    }
    return true;
}

/* 'PLATFORM', 'WORD'. *platform is NULL where the book may lack it and does. */
static bool parse_platform(struct parser *p, const struct platform **platform, struct str *word, size_t *at)
{
    struct str id;
    size_t from;
    if (!parse_quoted(p, &id, &from))
        return false;
    *platform = p->names->book ? book_platform(p->names->book, id) : NULL;
    if (!*platform && !lack(p, from, id, nearest_platform(p, id), "the price book has no such platform"))
        return false;
    return expect(p, ',') && parse_quoted(p, word, at);
}

static size_t add_number(struct parser *p, double value)
{
    return add(p, (struct node){.op = OP_NUMBER, .number = value});
}

/* Limits and starts are looked up now, since the catalogue has one value for all days. */
static size_t parse_limit(struct parser *p)
{
    const struct platform *platform;
    struct str word, names[LIMIT_COUNT];
    size_t from;
    int which = 0;
    if (!parse_platform(p, &platform, &word, &from))
        return 0;
    for (int i = 0; i < LIMIT_COUNT; i++)
        names[i] = str_of(limit_word((enum limit)i));
    while (which < LIMIT_COUNT && !str_equal(word, names[which]))
        which++;
    if (which == LIMIT_COUNT)
        return fail(p, from, word.n, nearest(p, word, names, LIMIT_COUNT), "a platform has no such limit");
    double value = platform ? platform->limit[which] : (double)NAN;
    if (isnan(value) && !lack(p, from, word, NULL, "the catalogue knows no such limit of this platform"))
        return 0;
    return add_number(p, value);
}

static size_t parse_start(struct parser *p)
{
    const struct platform *platform;
    struct str word;
    size_t from;
    if (!parse_platform(p, &platform, &word, &from))
        return 0;
    if (!str_is(word, "low") && !str_is(word, "likely") && !str_is(word, "high"))
        return fail(p, from, word.n, "it is one of: low, likely, high", "a start has no such value");
    if (!platform || !platform->has_cold_start)
        return lack(p, from, word, NULL, "the catalogue knows no start of this platform") ? add_number(p, (double)NAN) : 0;
    const struct spread *s = &platform->start_ms;
    return add_number(p, str_is(word, "low") ? s->low : str_is(word, "high") ? s->high : s->likely);
}

static size_t parse_question(struct parser *p, struct str name)
{
    struct node n = {.op = OP_PRICE};
    size_t at = 0;
    if (str_is(name, "limit")) {
        at = parse_limit(p);
    } else if (str_is(name, "start_ms")) {
        at = parse_start(p);
    } else if (parse_price(p, &n)) {
        n.op = str_is(name, "cost") ? OP_COST : str_is(name, "free") ? OP_FREE : OP_PRICE;
        if (n.op == OP_COST && expect(p, ','))
            n.left = parse_sum(p);
        at = p->failed ? 0 : n.sku ? add(p, n) : add_number(p, (double)NAN);
    }
    if (!p->failed)
        expect(p, ')');
    return at;
}

static size_t parse_function(struct parser *p, enum op op, bool is_list)
{
    size_t value = parse_sum(p);
    if (!is_list && !p->failed)
        value = add(p, (struct node){.op = op, .left = value});
    while (is_list && !p->failed && peek(p) == ',') {
        p->at++;
        size_t next = parse_sum(p);
        if (!p->failed)
            value = add(p, (struct node){.op = op, .left = value, .right = next});
    }
    if (!p->failed)
        expect(p, ')');
    return value;
}

static size_t parse_name(struct parser *p)
{
    size_t from = p->at;
    struct str name = parse_word(p);
    for (size_t i = 0; i < p->names->input_count; i++)
        if (str_equal(name, p->names->inputs[i]))
            return add(p, (struct node){.op = OP_INPUT, .input = i});
    for (size_t i = 0; i < COUNT(CONSTANTS); i++)
        if (str_is(name, CONSTANTS[i].name))
            return add(p, (struct node){.op = OP_NUMBER, .number = CONSTANTS[i].value});
    for (size_t i = 0; i < COUNT(FUNCTIONS); i++)
        if (str_is(name, FUNCTIONS[i].name))
            return expect(p, '(') ? parse_function(p, FUNCTIONS[i].op, FUNCTIONS[i].is_list) : 0;
    for (size_t i = 0; i < COUNT(QUESTIONS); i++)
        if (str_is(name, QUESTIONS[i]))
            return expect(p, '(') ? parse_question(p, name) : 0;
    return fail(p, from, name.n, nearest_name(p, name),
                str_printf(p->a, "unknown name \"%.*s\"", STR_ARG(name)).s);
}

static size_t parse_value(struct parser *p)
{
    char c = peek(p);
    if (c == '(') {
        p->at++;
        size_t value = parse_sum(p);
        if (!p->failed)
            expect(p, ')');
        return value;
    }
    if (is_digit(c))
        return parse_number(p);
    if (is_letter(c))
        return parse_name(p);
    return fail(p, p->at, 1, NULL, c == '\0' ? "the formula ends too early" : "expected a number, a name or \"(\" here");
}

static size_t parse_sign(struct parser *p);

static size_t parse_power(struct parser *p)
{
    size_t base = parse_value(p);
    if (p->failed || peek(p) != '^')
        return base;
    p->at++;
    size_t exponent = parse_sign(p);
    return p->failed ? 0 : add(p, (struct node){.op = OP_POWER, .left = base, .right = exponent});
}

/* Everything that nests passes here, so that the depth is counted in one place. */
static size_t parse_sign(struct parser *p)
{
    if (++p->depth > EXPRESSION_MAX_DEPTH)
        return fail(p, p->at, 1, NULL, "the formula is nested too deeply");
    size_t value;
    if (peek(p) == '-') {
        p->at++;
        value = parse_sign(p);
        if (!p->failed)
            value = add(p, (struct node){.op = OP_NEGATE, .left = value});
    } else {
        value = parse_power(p);
    }
    p->depth--;
    return value;
}

static size_t parse_product(struct parser *p)
{
    size_t value = parse_sign(p);
    for (char c = peek(p); !p->failed && (c == '*' || c == '/'); c = peek(p)) {
        p->at++;
        size_t next = parse_sign(p);
        if (!p->failed)
            value = add(p, (struct node){.op = c == '*' ? OP_MULTIPLY : OP_DIVIDE, .left = value, .right = next});
    }
    return value;
}

static size_t parse_sum(struct parser *p)
{
    size_t value = parse_product(p);
    for (char c = peek(p); !p->failed && (c == '+' || c == '-'); c = peek(p)) {
        p->at++;
        size_t next = parse_product(p);
        if (!p->failed)
            value = add(p, (struct node){.op = c == '+' ? OP_ADD : OP_SUBTRACT, .left = value, .right = next});
    }
    return value;
}

const struct expression *expression_parse(struct where where, struct str text,
                                          const struct expression_names *names, struct arena *a,
                                          struct diags *d)
{
    size_t shift = where.length == text.n ? 0 : where.length == text.n + 2 ? 1 : SIZE_MAX;
    struct parser p = {.text = text, .where = where, .shift = shift, .names = names, .a = a, .d = d};
    p.e = arena_new(a, struct expression, 1);
    parse_sum(&p);
    if (!p.failed && peek(&p) != '\0')
        fail(&p, p.at, 1, "the operators are + - * / ^", "expected an operator here");
    else if (!p.failed && p.at < p.text.n)
        fail(&p, p.at, 1, NULL, "a formula is plain text");
    return p.failed ? NULL : p.e;
}

/* ---- evaluating --------------------------------------------------------------------------------- */

static double ask(const struct node *n, double quantity, struct date day, bool *is_early)
{
    bool early;
    const struct price *price = sku_price(n->sku, n->region, day, &early);
    if (!price)
        return (double)NAN;
    *is_early = *is_early || early;
    if (n->op == OP_FREE)
        return price->free_quantity;
    return n->op == OP_COST ? price_cost(price, quantity) : decimal_double(price->usd);
}

static double divide(double x, double y)
{
    return fpclassify(y) == FP_ZERO ? (double)NAN : x / y;
}

double expression_value(const struct expression *e, const double *inputs, struct date day,
                        bool *is_early)
{
    double v[EXPRESSION_MAX_NODES] = {0};
    bool early = false;
    for (size_t i = 0; i < e->count; i++) {
        const struct node *n = &e->nodes[i];
        double x = n->left < i ? v[n->left] : 0.0, y = n->right < i ? v[n->right] : 0.0;
        bool unknown = isnan(x) || isnan(y); // fmin and fmax would drop a NAN
        switch (n->op) {
        case OP_NUMBER: v[i] = n->number; break;
        case OP_INPUT: v[i] = inputs[n->input]; break;
        case OP_ADD: v[i] = x + y; break;
        case OP_SUBTRACT: v[i] = x - y; break;
        case OP_MULTIPLY: v[i] = x * y; break;
        case OP_DIVIDE: v[i] = divide(x, y); break;
        case OP_POWER: v[i] = unknown ? (double)NAN : pow(x, y); break;
        case OP_NEGATE: v[i] = -x; break;
        case OP_MIN: v[i] = unknown ? (double)NAN : fmin(x, y); break;
        case OP_MAX: v[i] = unknown ? (double)NAN : fmax(x, y); break;
        case OP_CEIL: v[i] = ceil(x); break;
        case OP_FLOOR: v[i] = floor(x); break;
        case OP_PRICE:
        case OP_FREE: v[i] = ask(n, 0.0, day, &early); break;
        case OP_COST: v[i] = isnan(x) ? (double)NAN : ask(n, x, day, &early); break;
        }
        if (!isfinite(v[i]))
            v[i] = (double)NAN;
    }
    if (is_early)
        *is_early = early;
    return v[e->count - 1];
}

void expression_uses(const struct expression *e, bool *used)
{
    for (size_t i = 0; i < e->count; i++)
        if (e->nodes[i].op == OP_INPUT)
            used[e->nodes[i].input] = true;
}

static bool is_priced(const struct node *n)
{
    return n->op == OP_PRICE || n->op == OP_COST || n->op == OP_FREE;
}

size_t expression_price_count(const struct expression *e)
{
    size_t count = 0;
    for (size_t i = 0; i < e->count; i++)
        count += is_priced(&e->nodes[i]);
    return count;
}

struct expression_price expression_price_get(const struct expression *e, size_t index)
{
    for (size_t i = 0; i < e->count; i++)
        if (is_priced(&e->nodes[i]) && index-- == 0)
            return (struct expression_price){e->nodes[i].sku, e->nodes[i].region};
    return (struct expression_price){NULL, STR("")};
}
