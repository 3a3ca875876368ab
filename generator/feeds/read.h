#ifndef FEEDS_READ_H
#define FEEDS_READ_H
/*
 * One reader a feed: a vendor's file in, its entries shown to a selection. All of them stream, keep
 * prices as the text that stands in the file, and leave the judgement of an entry to quote.h.
 *
 *   aws       a service's price list (offer file) or savings plan file of the bulk API, in JSON
 *   azure     saved pages of the Retail Prices API, any number, in any order
 *   gcp       saved pages of the Cloud Billing Catalog's list of SKUs
 *   skypilot  vms.csv of a cloud of the SkyPilot catalogue
 */
#include "feeds/selection.h"

/*
 * Reads `path` as the next file. False, with a diagnostic: it cannot be read, or is not of the
 * feed. Whatever is odd but harmless (an unknown kind of term, a page whose next is missing) is a
 * warning.
 */
bool feed_read(struct selection *s, const char *path, struct diags *d);

/* After the last file: warns where the pages of a paged feed cannot be all of them. */
void feed_check_pages(const struct selection *s, struct diags *d);

/* Private to the readers. */
bool read_aws(struct selection *s, const char *path, struct diags *d);
bool read_azure(struct selection *s, const char *path, struct diags *d);
bool read_gcp(struct selection *s, const char *path, struct diags *d);
bool read_skypilot(struct selection *s, const char *path, struct diags *d);
/* The first ten characters of a time stamp as a day; DATE_NONE where they are none. */
struct date read_day(struct str stamp);
/* The same into *out. False: a time stamp that is no day ("01/11/2026"); an empty one is no fault. */
bool read_day_strictly(struct str stamp, struct date *out);
/*
 * A figure of an entry into *to. False: it stood there already and says something else, as where a
 * key occurs twice; JSON leaves open which of them counts, so neither does.
 */
bool read_once(struct str *to, struct str text, struct arena *a);
/*
 * What a file is that has this key at its root, as a hint for one who gave it to another reader: another
 * vendor's page, an index, an answer that reports an error. NULL: the key tells nothing.
 */
const char *read_kind(enum feed feed, struct str key);

#define FAULT_TWICE "a figure stands there twice and says two things"
#define FAULT_DAY "its day cannot be understood"
#define FAULT_MANY "it has more tiers, days or regions than an entry can have"
/* "the file whose SHA-256 begins with 0123456789abcdef", for files that carry no version of their own. */
bool read_digest(const char *path, struct arena *a, struct str *out, struct diags *d);
/* The same as the version of the file that was read last, where prices of it were kept: most pages of a
 * catalogue hold none that the book has, and hashing takes as long as reading. */
bool read_version(struct selection *s, struct diags *d);
#endif
