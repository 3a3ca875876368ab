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
