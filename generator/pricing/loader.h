#ifndef PRICING_LOADER_H
#define PRICING_LOADER_H
/*
 * What the parts of the loader share: the state of one load, and readers of the kinds of values
 * that price files have over and above plain JSON (days, URLs, ids, spreads). Private to
 * pricing/load*.c. Every reader returns false where the value is absent or wrong; the latter is a
 * diagnostic with its place. `_required` makes absence a diagnostic too.
 */
#include "pricing/book.h"
#include "pricing/names.h"
#include "source/json.h"

struct arena;

/* Where an id was first seen, for "it stands in ... already". */
struct place_list {
    struct where *items;
    size_t count, capacity;
};

/* The regions that a provider is known to have: from the geographies and from its platforms. */
struct region_list {
    struct str *items;
    size_t count, capacity;
};

struct loader {
    struct arena *a;
    struct diags *d;
    struct book *book;
    struct region_list *regions; /* by provider */

    /* Files of the kind that could not be parsed: what refers to them is then not called dangling.
     */
    bool lacks_prices, lacks_machines, lacks_hardware;

    struct sku *skus;   /* in file order until load_prices_end sorts them */
    size_t sku_count, sku_capacity;
    struct names sku_names; /* -> skus; positions change in load_prices_end */

    struct hardware *hardware;
    size_t hardware_count, hardware_capacity;
    struct names hardware_names; /* ids and aliases -> hardware */
    struct place_list hardware_places;

    struct machine_set *sets;
    size_t set_count, set_capacity;
    struct names set_names;

    struct platform *platforms;
    size_t platform_count, platform_capacity;
    struct names platform_names;

    struct family *families;
    size_t family_count, family_capacity;
    struct names family_names;
    struct place_list family_places;
};

/* ---- the files; each takes the root value of one file ------------------------------------------
 */

void load_book_file(struct loader *l, const struct json *root);
void load_platform_regions(struct loader *l,
                           const struct json *root);              /* before prices: regions only */
void load_prices_file(struct loader *l, const struct json *root); /* root may go afterwards */
/* The SKU with that id, or NULL; after load_prices_end. */
const struct sku *find_sku(const struct loader *l, struct str id);
void load_prices_end(struct loader *l); /* sorts, and checks what concerns several SKUs */
void load_hardware_file(struct loader *l, const struct json *root);
void load_machines_file(struct loader *l, const struct json *root);
/* file_id: the file's name without ".json", which the platform's id must equal. */
void load_platform_file(struct loader *l, const struct json *root, struct str file_id);
void load_throughput_file(struct loader *l, const struct json *root);

/* ---- readers ------------------------------------------------------------------------------------
 */

void read_format(struct loader *l, struct json_reader *r, const char *format);
bool read_text(struct json_reader *r, const char *key, struct str *out); /* not empty */
bool read_text_required(struct json_reader *r, const char *key, struct str *out);
bool read_date(struct loader *l, struct json_reader *r, const char *key, struct date *out);
bool read_date_required(struct loader *l, struct json_reader *r, const char *key, struct date *out);
bool read_url(struct loader *l, struct json_reader *r, const char *key, struct str *out);
bool read_url_required(struct loader *l, struct json_reader *r, const char *key, struct str *out);
/* An id: [a-z0-9][a-z0-9.:+_-]*; required. */
bool read_id(struct loader *l, struct json_reader *r, const char *key, struct str *out);
/* The id of a provider of the book; required. index may be NULL. */
bool read_provider(struct loader *l, struct json_reader *r, const char *key, struct str *out,
                   size_t *index);
bool read_int(struct loader *l, struct json_reader *r, const char *key, int low, int high,
              int *out);
/* null counts as absent. */
bool read_number_or_null(struct json_reader *r, const char *key, double low, double high,
                         double *out);
/* {"low", "likely", "high"}, ascending, each within the bounds. */
bool read_spread(struct loader *l, struct json_reader *r, const char *key, double low, double high,
                 struct spread *out);
/* A list of different words, none empty. *out holds the good ones even where there is a mistake. */
bool read_texts(struct loader *l, struct json_reader *r, const char *key, struct str **out,
                size_t *count);
/* One of the words as with json_choice, required. */
bool read_choice_required(struct json_reader *r, const char *key, const char *const *words,
                          size_t *index);

/* ---- messages -----------------------------------------------------------------------------------
 */

bool is_id(struct str text);
bool is_url(struct str text);
/* "did you mean \"x\"?", or `otherwise` (may be NULL) where nothing is near. */
const char *hint_nearest(struct loader *l, struct str word, const struct str *known, size_t count,
                         const char *otherwise);
/* The same over the ids of SKUs or of hardware. */
const char *hint_sku(struct loader *l, struct str id);
const char *hint_hardware(struct loader *l, struct str name);
/* "it stands in FILE, line N, already" */
const char *hint_first(struct loader *l, struct where first);

/* Equal regions of a provider are the same bytes, so that looking for one stays in the cache. {NULL}: unknown. */
struct str find_region(const struct loader *l, size_t provider, struct str region);
void add_region(struct loader *l, size_t provider, struct str region);
#endif
