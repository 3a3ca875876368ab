#ifndef RENDER_ESCAPE_H
#define RENDER_ESCAPE_H
/*
 * One verb per context that text is written into. Whatever bytes come in, what goes out is valid
 * UTF-8, well-formed in its context, and reads as the same text: control characters (other than tab
 * and newline), U+FFFE, U+FFFF and invalid UTF-8 become U+FFFD; "\r\n" and "\r" become "\n".
 * Escape once, at the end: escaping escaped text shows the escapes, which is safe but ugly.
 */
#include "base/str.h"

#include <stdbool.h>

struct strbuf;

/* HTML text and attribute values in double or single quotes. Not: unquoted attributes, <script>,
 * <style>, comments. Our pages are XML too, so the result is also valid there. */
void escape_html(struct strbuf *sb, struct str text);

/* XML text and attribute values. */
void escape_xml(struct strbuf *sb, struct str text);

/*
 * A URL as the value of an HTML or XML attribute. http, https, mailto and relative addresses pass,
 * with what may not stand in a URL percent-encoded; anything else, "//host" included, becomes "#".
 */
void escape_url(struct strbuf *sb, struct str url);
bool url_is_safe(struct str url); /* would escape_url let it pass? */

/*
 * Text within a paragraph, a heading or a table cell of GitHub-flavoured Markdown, on one line:
 * newlines become blanks and runs of blanks one. No markup, HTML, entity or link can come of it, but
 * for e-mail addresses: renderers look for those where escapes are gone. Not inside code spans and
 * code blocks, where Markdown knows no escapes.
 */
void escape_markdown(struct strbuf *sb, struct str text);

/*
 * One field of a CSV file (RFC 4180), quoted where needed, newlines as blanks. Text that a
 * spreadsheet would take for a formula (= + - @ first, and not a number) gets an apostrophe before
 * it.
 */
void escape_csv(struct strbuf *sb, struct str text);

/* Finished JSON as content of <script type="application/json">: < > & become \u003c and so on, so
 * that "</script>" in a string ends nothing, in HTML or in XML; still the same JSON. */
void escape_script_json(struct strbuf *sb, struct str json);

/* The common ground of all verbs: text with what no output may contain replaced, as said above. */
void escape_controls(struct strbuf *sb, struct str text);
#endif
