#ifndef FEEDS_RULES_H
#define FEEDS_RULES_H
/*
 * Which entry of a vendor's feed is the price of which SKU of the book: pricing/feeds/FEED.json, whose
 * format is pricing/feeds/README.md. A rule names a SKU, or a set of machines (then it stands for
 * all their SKUs), and one or more parts; a part is a selector for one entry of the feed a region.
 * Conditions refer to attributes by name; the reader of a feed fills the slots of the names that
 * occur here and leaves all other attributes of the feed alone.
 */
#include "pricing/book.h"
#include "pricing/names.h"

#include <stdbool.h>
#include <stddef.h>

#define FEED_SLOTS_MAX 64
#define FEED_REGIONS_MAX 64

enum feed {
    FEED_AWS,
    FEED_AZURE,
    FEED_GCP,
    FEED_SKYPILOT,
    FEED_COUNT
};

extern const char *const FEED_WORDS[]; /* "aws", "azure", ... NULL-ended */

enum feed_condition_kind {
    MATCHES_ANY,     /* equals one of the words; the empty word: absent or empty */
    MATCHES_REGEX,   /* a POSIX extended regular expression finds something */
    MATCHES_WITHOUT, /* holds none of the words */
    MATCHES_MACHINE  /* is the id of a machine of the rule's set */
};

struct feed_condition {
    struct str name;
    size_t slot;
    enum feed_condition_kind kind;
    const struct str *words;
    size_t word_count;
    size_t regex;    /* of feed_rules.regexes */
    struct str head; /* of the regular expression: what every text that it finds begins with */
    struct str text; /* of the regular expression, for messages */
};

struct feed_conditions {
    const struct feed_condition *items;
    size_t count;
};

enum part_times { /* what one unit of the entry is multiplied with, beside the factor */
    PART_ONCE,
    PART_VCPU,
    PART_MEMORY_GIB,
    PART_GPUS
};

struct rule_part {
    struct feed_conditions key;    /* what makes an entry a candidate */
    struct feed_conditions select; /* what singles out the one */
    struct feed_conditions term; /* the same, of the terms that AWS keeps apart from its products */
    size_t price_slot;           /* the attribute that holds the price; SIZE_MAX: the entry's own */
    enum part_times times;
    struct decimal factor;
    struct str unit; /* that its price is wanted in; empty: the SKU's */
    bool by_machine; /* one entry a machine, else one for all of them */
    size_t rule;     /* of feed_rules.rules */
    size_t targets;  /* its first in the selection */
};

struct unit_meaning {
    struct str text, means;
};

struct rule_region {
    struct str feed,
        book; /* the feed's name of a region, the book's; neither need be the only one */
};

struct feed_rule {
    const struct sku *sku;          /* NULL for a rule of a set */
    const struct machine_set *set;  /* NULL for a rule of one SKU */
    const struct sku **machine_sku; /* by machine; NULL: the rule does not concern it */
    const struct rule_part *parts;
    size_t part_count;
    const struct rule_region *regions;
    size_t region_count;
    const struct unit_meaning *units;
    size_t unit_count;
    double spread_hours; /* hours of a term over which what is paid once is spread; 0: none */
    int decimals;        /* -1: all */
    bool is_optional;    /* not everything that the book has need be in the feed */
    bool zones_median;   /* the median over zones; else they must agree */
    enum confidence confidence;
    struct str source; /* URL; {region} stands for the feed's region */
    struct str note;
    struct where where;
};

struct feed_rules {
    enum feed feed;
    struct arena *a;
    const struct feed_rule *rules;
    size_t rule_count;
    struct rule_part *parts; /* of all rules */
    size_t part_count;
    struct names slots; /* names of attributes -> slots */
    size_t slot_count;
    void *regexes; /* compiled; opaque */
    size_t regex_count, regex_capacity;
    struct str path;
};

/*
 * Reads the rules of a feed against a book. A SKU that the book lacks is an error, or, with
 * `is_shared` (rules that were installed, a book that is the project's own), a rule left out.
 * Everything lives in `a` but the compiled expressions: release them.
 */
bool feed_rules_parse(struct feed_rules *out, enum feed feed, struct str path, struct str text,
                      const struct book *b, bool is_shared, struct arena *a, struct diags *d);
void feed_rules_release(struct feed_rules *r);

/* The slot of an attribute; false: no rule asks for it. */
bool feed_rules_slot(const struct feed_rules *r, struct str name, size_t *slot);

/* Whether an attribute (s NULL: absent) meets the condition; MATCHES_MACHINE needs any text. */
/*
 * "E2 Instance" of "^E2 Instance [CR]": what every text that an extended regular expression finds begins
 * with. Most entries of a catalogue are told by it, for a fraction of the time that the expression takes.
 * Empty where the expression does not say: without "^", or with branches.
 */
struct str feed_regex_head(struct str regex);

bool feed_condition_holds(const struct feed_rules *r, const struct feed_condition *c,
                          struct str value);
#endif
