/*
 * Markdown from bytes. Whatever an author writes: the HTML is well-formed XML without scripts and
 * with harmless links, and so is the HTML of the cleaned Markdown; and the bytes escaped as one piece
 * of text render as exactly that text.
 */
#include "base/arena.h"
#include "base/diag.h"
#include "base/strbuf.h"
#include "render/escape.h"
#include "render/markdown.h"
#include "render/xmlcheck.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_page(struct str fragment, struct arena *a)
{
    struct diags *d = diags_new(a);
    struct page_links links = {0};
    struct strbuf page = STRBUF_INIT;
    strbuf_adds(&page, "<html>");
    strbuf_add(&page, fragment);
    strbuf_adds(&page, "</html>");
    bool is_well_formed = xml_check(STR("page"), strbuf_str(&page), a, &links, d);
    assert(is_well_formed);
    for (size_t i = 0; i < links.link_count; i++) {
        struct str address = links.links[i].address;
        if (!url_is_safe(address)) {
            fprintf(stderr, "address: %.*s\n", STR_ARG(address));
            abort();
        }
    }
    assert(str_find(fragment, STR("<script")) == fragment.n);
    strbuf_release(&page);
}

/* "<p>" text "</p>": what escaped text must render as, blanks at the ends and in runs aside. */
static void check_escaped(struct str text, struct arena *a, struct diags *d)
{
    struct strbuf markdown = STRBUF_INIT, squeezed = STRBUF_INIT, want = STRBUF_INIT;
    struct str html;
    escape_markdown(&markdown, text);
    assert(markdown_html(STR("x"), strbuf_str(&markdown), 0, "", a, &html, d));

    struct strbuf clean = STRBUF_INIT;
    escape_controls(&clean, text);
    for (size_t i = 0; i < clean.n; i++) {
        char c = clean.s[i];
        if (c != ' ' && c != '\t' && c != '\n')
            strbuf_addc(&squeezed, c);
        else if (squeezed.n > 0 && squeezed.s[squeezed.n - 1] != ' ')
            strbuf_addc(&squeezed, ' ');
    }
    struct str body = str_trim(strbuf_str(&squeezed));
    if (body.n > 0) {
        strbuf_adds(&want, "<p>");
        for (size_t i = 0; i < body.n; i++) { // cmark leaves apostrophes alone
            if (body.s[i] == '\'')
                strbuf_addc(&want, '\'');
            else if ((unsigned char)body.s[i] >= 0x80)
                strbuf_addc(&want, body.s[i]);
            else
                escape_html(&want, str_slice(body, i, i + 1));
        }
        strbuf_adds(&want, "</p>\n");
    }
    if (!str_equal(html, strbuf_str(&want))) {
        fprintf(stderr, "escaped: %s\nwant: %s\ngot: %.*s\n", markdown.s, want.s ? want.s : "",
                STR_ARG(html));
        abort();
    }
    strbuf_release(&markdown);
    strbuf_release(&squeezed);
    strbuf_release(&want);
    strbuf_release(&clean);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct str text = {(const char *)data, size}, html, clean, again;

    if (markdown_html(STR("notes.md"), text, 1, "notes-", a, &html, d))
        check_page(html, a);
    if (markdown_clean(STR("notes.md"), text, 1, a, &clean, d)) {
        struct diags *second = diags_new(a);
        if (markdown_html(STR("again.md"), clean, 0, "again-", a, &again, second))
            check_page(again, a);
    }
    if (size < 4096 && str_find(text, STR("@")) == size) // e-mail addresses do become links
        check_escaped(text, a, diags_new(a));
    arena_destroy(a);
    return 0;
}
