#include "feeds/read.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/hash.h"

#define DIGITS_SHOWN 16 /* of a SHA-256: enough to tell two files apart */

struct date read_day(struct str stamp)
{
    struct date day;
    return date_parse(str_slice(stamp, 0, 10), &day) ? day : DATE_NONE;
}

bool read_day_strictly(struct str stamp, struct date *out)
{
    *out = read_day(stamp);
    return stamp.n == 0 || !date_is_none(*out);
}

bool read_once(struct str *to, struct str text, struct arena *a)
{
    bool is_new = to->n == 0 || str_equal(*to, text);
    *to = str_copy(a, text);
    return is_new;
}

const char *read_kind(enum feed feed, struct str key)
{
    static const struct {
        const char *key, *hint;
        enum feed feed; /* the reader that takes such a file */
    } kinds[] = {
        {"products", "it looks like a price list of AWS: prices import aws", FEED_AWS},
        {"Items", "it looks like a page of Azure: prices import azure", FEED_AZURE},
        {"skus", "it looks like a page of Google's catalog: prices import gcp", FEED_GCP},
        {"offers", "it is the index of AWS's services: fetch what a currentVersionUrl names",
         FEED_COUNT},
        {"versions", "it is the index of a service's versions: fetch what an offerVersionUrl names",
         FEED_COUNT},
        {"regions", "it is the index of a service's regions: fetch what a currentVersionUrl names",
         FEED_COUNT},
        {"services", "it is the list of Google's services: fetch services/ID/skus", FEED_COUNT},
        {"config",
         "it looks like the old feed of spot prices, which is not read: SkyPilot's has spot",
         FEED_COUNT},
        {"error", "the answer reports an error: fetch it again", FEED_COUNT},
        {"Error", "the answer reports an error: fetch it again", FEED_COUNT},
        {"Message", "the answer reports an error: fetch it again", FEED_COUNT},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].feed != feed && str_is(key, kinds[i].key))
            return kinds[i].hint;
    return NULL;
}

static bool take(void *context, struct str piece)
{
    sha256_add(context, piece);
    return true;
}

bool read_digest(const char *path, struct arena *a, struct str *out, struct diags *d)
{
    struct sha256 h;
    unsigned char digest[32];
    sha256_init(&h);
    if (!file_read_pieces(path, take, &h, d))
        return false;
    sha256_final(&h, digest);
    *out = str_printf(a, "the file whose SHA-256 begins with %.*s",
                      STR_ARG(str_slice(sha256_hex(a, digest), 0, DIGITS_SHOWN)));
    return true;
}

bool read_version(struct selection *s, struct diags *d)
{
    struct feed_file *f = &s->files[s->file_count - 1];
    return !f->is_used || read_digest(f->path, s->a, &f->version, d);
}

void feed_check_pages(const struct selection *s, struct diags *d)
{
    if (s->file_count == 0)
        return;
    struct where where = where_file(str_of(s->files[0].path));
    if (s->pages_with_next >= s->file_count)
        diag_warning(d, where, "fetch the page that it points to as well",
                     "every page says that another one follows");
    else if (s->next_item > s->items_with_next)
        diag_warning(d, where, "fetch those between as well",
                     "pages are missing: one points to item %zu, before which there are only %zu",
                     s->next_item, s->items_with_next);
}

bool feed_read(struct selection *s, const char *path, struct diags *d)
{
    s->files[s->file_count++] = (struct feed_file){
        .path = path, .version = STR("one file"), .published = DATE_NONE};
    switch (s->rules->feed) {
    case FEED_AWS: return read_aws(s, path, d);
    case FEED_AZURE: return read_azure(s, path, d);
    case FEED_GCP: return read_gcp(s, path, d);
    case FEED_SKYPILOT: return read_skypilot(s, path, d);
    case FEED_COUNT: break;
    }
    return false;
}
