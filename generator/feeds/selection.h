#ifndef FEEDS_SELECTION_H
#define FEEDS_SELECTION_H
/*
 * What the rules find in the files of a feed. A reader shows every entry of the feed; the selection
 * keeps the entries that a rule singles out, and of the candidates that fail a condition a few, so
 * that an empty or ambiguous selection can say what was there. Nothing else is kept: memory does
 * not grow with the feed.
 */
#include "feeds/rules.h"
#include "number/date.h"

#define NEAR_MAX 6 /* candidates named in an error */

/* One step of a price: from so many units a month on. Texts of the source. */
struct entry_tier {
    struct str start, end, price; /* end may be empty or "Inf" */
};

/* One thing with a price in a feed. */
struct entry {
    const struct str *values; /* by slot; s NULL: absent */
    struct str id;            /* the vendor's identity of it; without region and date */
    struct str region;
    struct date effective; /* DATE_NONE: the feed does not say */
    struct date until;     /* its last day; DATE_NONE: the feed names none */
    struct str unit, currency;
    struct str upfront; /* paid once for a whole term; empty: none */
    const struct entry_tier *tiers;
    size_t tier_count;
    size_t file;       /* of selection.files */
    const char *fault; /* why its price is not to be trusted, as its reader saw; NULL: nothing */
};

/* A file that was read. */
struct feed_file {
    const char *path;
    struct str version; /* as the file itself tells, or its SHA-256 where it is used */
    bool is_used;       /* prices of it were kept */
    struct str stamp;   /* of the version, in the order of publication; empty: the feed has none */
    struct date published;
};

/* An entry that a target selected; a copy. */
struct hit {
    struct entry entry;
    struct str price_text; /* of the rule's own column; empty: the entry's tiers */
    struct hit *next;      /* in order of arrival */
};

/* What is looked for: one part, for one machine or all, in one region of the rule. */
struct target {
    struct hit *hits, *last;
    size_t hit_count, candidates;
    struct str
        matched; /* an entry that met "key" and "select"; its term may have none of the price */
    struct str near_text[NEAR_MAX]; /* "SKU1 (tenancy is \"Host\")" */
    size_t near_fails[NEAR_MAX];    /* conditions that it fails */
    size_t near_count;
    bool is_refused; /* said once; a part of many machines is not refused for each of them */
};

struct selection {
    const struct feed_rules *rules;
    struct arena *a;
    struct target *targets;
    size_t target_count;
    struct names *machines; /* by rule: id of a machine -> index */
    struct feed_file *files;
    size_t file_count;
    size_t entries;         /* seen */
    size_t pages_with_next; /* of a paged feed: files that say that another follows */
    size_t items_with_next; /* items on those */
    size_t next_item;       /* the furthest item that such a page points to, where it tells */
};

/* Where an entry belongs: found once a product, used for each of its terms. */
struct match {
    const struct rule_part *part;
    struct target *target;
};

void selection_init(struct selection *s, const struct feed_rules *rules, size_t file_count,
                    struct arena *a);

/* The target of a part; machine is 0 where the part is for all machines. */
struct target *selection_target(const struct selection *s, const struct rule_part *part,
                                size_t machine, size_t region);

/*
 * The targets whose "key" and "select" an entry meets; remembers it as a near miss of those whose
 * "key" alone it meets. `matches` has room for rules->part_count; returns how many.
 */
size_t selection_match(struct selection *s, const struct entry *e, struct match *matches);
/* The entry, with the values of its term, for one of those targets. */
void selection_take(struct selection *s, const struct match *m, const struct entry *e);
/* Both at once, for feeds without separate terms. */
void selection_offer(struct selection *s, const struct entry *e, struct match *matches);
#endif
