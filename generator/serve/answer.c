#include "serve/answer.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/strbuf.h"
#include "render/escape.h"

#define ETAG_DIGITS 32
#define HEAD_MAX 4096 /* a page's policy stands near its top */

static const struct {
    const char *ending, *type;
} TYPES[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".json", "application/json; charset=utf-8"},
    {"feed.xml", "application/atom+xml; charset=utf-8"},
    {".xml", "application/xml; charset=utf-8"},
    {".md", "text/markdown; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
    {".csv", "text/csv; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".ico", "image/vnd.microsoft.icon"},
    {".pdf", "application/pdf"},
    {".woff2", "font/woff2"},
};

/*
 * The page tells which build it shows in the address of this script. Browsers hold six connections to
 * a host: a tab that nobody sees gives its own back, and asks again when it is seen. A page that was
 * looked at as it was (?old) goes back to what is.
 */
static const char SCRIPT[] =
    "(function () {\n"
    "  var shown = new URL(document.currentScript.src).searchParams.get('build'), events = null;\n"
    "  function leave() { if (events) { events.close(); events = null; } }\n"
    "  function hear(event) {\n"
    "    if (event.data === shown) { return; }\n"
    "    leave();\n"
    "    if (location.search === '?old') { location.replace(location.pathname); }\n"
    "    else { location.reload(); }\n"
    "  }\n"
    "  function listen() {\n"
    "    if (document.visibilityState === 'hidden') { leave(); return; }\n"
    "    if (events) { return; }\n"
    "    events = new EventSource('" ANSWER_EVENTS "');\n"
    "    events.onmessage = hear;\n"
    "  }\n"
    "  document.addEventListener('visibilitychange', listen);\n"
    "  addEventListener('pagehide', leave);\n"
    "  addEventListener('pageshow', listen);\n"
    "  listen();\n"
    "})();\n";

const char *content_type(struct str name)
{
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
        if (str_ends(name, str_of(TYPES[i].ending)))
            return TYPES[i].type;
    return "application/octet-stream";
}

/* ---- addresses ----------------------------------------------------------------------------------
 */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool address_decode(struct str address, struct arena *a, struct str *out)
{
    char *bytes = arena_new(a, char, address.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < address.n; i++) {
        char c = address.s[i];
        if (c == '%') {
            int high = i + 2 < address.n ? hex_value(address.s[i + 1]) : -1;
            int low = i + 2 < address.n ? hex_value(address.s[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        if ((unsigned char)c < 0x20 || c == 0x7f)
            return false;
        bytes[n++] = c;
    }
    *out = (struct str){bytes, n};
    return true;
}

bool host_is_local(struct str host)
{
    struct str name = host, port;
    if (str_starts(host, STR("[::1]")))
        return true;
    str_cut(host, ':', &name, &port);
    return str_is(name, "127.0.0.1") || str_is(name, "localhost");
}

/* Below the site, nothing hidden: the list of published files and what is being staged. */
static bool is_open(struct str path)
{
    bool hidden = str_starts(path, STR(".")) || str_find(path, STR("/.")) < path.n;
    return tree_path_valid(path) && !hidden && str_find(path, STR("\\")) == path.n;
}

/* ---- pages --------------------------------------------------------------------------------------
 */

static void add_script(struct strbuf *sb, struct str build)
{
    strbuf_addf(sb, "<script src=\"" ANSWER_SCRIPT "?build=%.*s\"></script>", STR_ARG(build));
}

/*
 * The script before the end of the page, and leave in the page's own policy to ask for events. A
 * page whose policy allows no scripts of the site stays as it is.
 */
static struct str with_script(const struct served *s, struct str page, struct arena *a)
{
    const struct str own = STR("script-src 'self';");
    struct str head = str_slice(page, 0, HEAD_MAX);
    size_t policy = str_find(head, own), end = page.n;
    bool has_policy = str_find(head, STR("Content-Security-Policy")) < head.n;
    while (end > 0 && !str_starts(str_slice(page, end, page.n), STR("</body>")))
        end--;
    if (end == 0 || (has_policy && policy == head.n))
        return page;
    struct strbuf sb = STRBUF_INIT;
    if (has_policy) {
        strbuf_add(&sb, str_slice(page, 0, policy + own.n));
        strbuf_adds(&sb, " connect-src 'self';");
        strbuf_add(&sb, str_slice(page, policy + own.n, end));
    } else {
        strbuf_add(&sb, str_slice(page, 0, end));
    }
    add_script(&sb, s->build);
    strbuf_add(&sb, str_slice(page, end, page.n));
    page = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return page;
}

static struct str page_of_mistakes(const struct served *s, struct arena *a)
{
    struct strbuf sb = STRBUF_INIT;
    strbuf_adds(
        &sb,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
        "<title>The site could not be built</title><style>"
        "body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;"
        "color:#1b1b1b;background:#fff}"
        "h1{font-size:1.4rem;border-left:.4rem solid #b3261e;padding-left:.8rem}"
        "pre{background:#f4f4f2;border:1px solid #ccc;padding:1rem;overflow:auto;font-size:.9rem}"
        "@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}"
        "pre{background:#222;border-color:#444}a{color:#8ab4f8}}"
        "</style></head>\n<body><h1>The site could not be built</h1>\n"
        "<p>This page reloads by itself once the files are mended. The last good site is still "
        "in place: <a href=\"?old\">show this page as it was</a>.</p>\n<pre role=\"alert\">");
    escape_html(&sb, s->mistakes);
    strbuf_adds(&sb, "</pre>\n");
    add_script(&sb, s->build);
    strbuf_adds(&sb, "</body></html>\n");
    struct str page = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return page;
}

static struct answer plain(unsigned status, struct str text)
{
    return (struct answer){.status = status, .type = "text/plain; charset=utf-8", .body = text};
}

/* ---- the answer ---------------------------------------------------------------------------------
 */

static void add_etag(struct answer *answer, struct str if_none_match, struct arena *a)
{
    struct sha256 h;
    unsigned char digest[32];
    sha256_init(&h);
    sha256_add(&h, answer->body);
    sha256_final(&h, digest);
    struct str hex = str_slice(sha256_hex(a, digest), 0, ETAG_DIGITS);
    answer->etag = str_printf(a, "\"%.*s\"", STR_ARG(hex));
    bool known = str_is(str_trim(if_none_match), "*") ||
                 str_find(if_none_match, answer->etag) < if_none_match.n;
    if (known) {
        answer->status = 304;
        answer->body = (struct str){0};
    }
}

static bool read_file(const struct served *s, struct str path, struct arena *a, struct str *out)
{
    struct diags *d = diags_new(a); // why a file cannot be read is nobody's business outside
    struct tree tree;
    bool missing = false;
    if (!is_open(path) || !tree_open(&tree, s->folder, false, d))
        return false;
    bool ok = tree.fd >= 0 && tree_read(&tree, path, a, out, &missing, d) && !missing;
    tree_close(&tree);
    return ok;
}

static struct answer not_found(const struct served *s, struct arena *a)
{
    struct answer answer = {.status = 404, .type = content_type(STR(".html"))};
    if (!read_file(s, STR("404.html"), a, &answer.body))
        return plain(404, STR("not found\n"));
    answer.body = with_script(s, answer.body, a);
    return answer;
}

static bool is_page(struct str path)
{
    struct str name = path_base(path);
    return path.n == 0 || str_ends(path, STR("/")) || str_ends(path, STR(".html")) ||
           str_find(name, STR(".")) == name.n;
}

struct answer answer_find(const struct served *s, struct str address, bool old,
                          struct str if_none_match, struct arena *a)
{
    struct answer answer = {.status = 200};
    struct str path;
    if (!address_decode(address, a, &path) || !str_starts(path, STR("/")))
        return plain(400, STR("the address is broken\n"));
    if (str_is(path, ANSWER_SCRIPT)) {
        answer.type = content_type(STR(".js"));
        answer.body = str_of(SCRIPT);
        add_etag(&answer, if_none_match, a);
        return answer;
    }
    path = str_slice(path, 1, path.n);
    if (s->mistakes.n > 0 && !old && is_page(path)) {
        answer = (struct answer){.status = 500, .type = content_type(STR(".html"))};
        answer.body = page_of_mistakes(s, a);
        return answer;
    }
    if (path.n == 0 || str_ends(path, STR("/")))
        path = str_printf(a, "%.*sindex.html", STR_ARG(path));
    if (!read_file(s, path, a, &answer.body)) {
        struct str inside = str_printf(a, "%.*s/index.html", STR_ARG(path));
        if (!read_file(s, inside, a, &answer.body))
            return not_found(s, a);
        answer = plain(301, STR("this is a folder\n"));
        answer.location = str_printf(a, "%.*s/", STR_ARG(address));
        return answer;
    }
    answer.type = content_type(path);
    if (str_ends(path, STR(".html")))
        answer.body = with_script(s, answer.body, a);
    add_etag(&answer, if_none_match, a);
    return answer;
}
