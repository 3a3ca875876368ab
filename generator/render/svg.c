#include "render/svg.h"

#include "base/strbuf.h"
#include "render/escape.h"

#include <math.h>

/*
 * What a chart file carries, since no page styles it: the same class names as site.css, with literal
 * colours because not every SVG viewer knows custom properties.
 */
static const char FILE_STYLE[] =
    "<style>"
    "text{font:13px system-ui,-apple-system,\"Segoe UI\",Roboto,Arial,sans-serif;fill:#57554f}"
    ".bg,.halo{fill:#fff}.tx{fill:#1a1a18}.em{font-weight:600}"
    ".inv{fill:#fff;font-weight:600;font-size:12px}"
    ".back{fill:#fff;fill-opacity:.8}"
    ".gr{stroke:#dedbd3;fill:none}.ax,.lead{stroke:#85827a;fill:none}"
    ".zero{stroke:#1a1a18;stroke-width:1.5;fill:none}"
    ".now{stroke:#1a1a18;stroke-dasharray:2 3;fill:none}"
    ".ln{fill:none;stroke-width:2.25;stroke-linejoin:round}.dash{stroke-dasharray:6 4}"
    ".bar{stroke-width:3.5;stroke-opacity:.7;fill:none}.tor{stroke-width:14;stroke-opacity:.75}"
    ".ring{fill:#fff;stroke:#1a1a18;stroke-width:1.5}.halo{stroke:#fff;stroke-width:2}"
    ".band{fill:#f6f5f1}.arr{stroke:#1a1a18;stroke-width:1.5;fill:none}.dot{fill:#1a1a18}"
    ".sk{stroke:#0a5a9c}.ss{stroke:#b0470a}.sm{stroke:#0b6a50}.sh{stroke:#803f76}.sn{stroke:#85827a}"
    ".fk{fill:#0a5a9c}.fs{fill:#b0470a}.fm{fill:#0b6a50}.fh{fill:#803f76}.fn{fill:#85827a}"
    "@media(prefers-color-scheme:dark){"
    "text{fill:#aba89f}.bg{fill:#141519}.tx{fill:#ebe9e3}.inv{fill:#141519}.back{fill:#141519}"
    ".gr{stroke:#33353c}.ax,.lead{stroke:#7d7a73}.zero,.now,.arr{stroke:#ebe9e3}.dot{fill:#ebe9e3}"
    ".ring{fill:#141519;stroke:#ebe9e3}.halo{stroke:#141519}.band{fill:#1d1f25}"
    ".sk{stroke:#6fb4f0}.ss{stroke:#f0a35c}.sm{stroke:#5fc7a2}.sh{stroke:#d79bd0}.sn{stroke:#7d7a73}"
    ".fk{fill:#6fb4f0}.fs{fill:#f0a35c}.fm{fill:#5fc7a2}.fh{fill:#d79bd0}.fn{fill:#7d7a73}"
    "}</style>";

#define FILE_MARGIN 16.0 /* around a chart file: it stands on a stranger's page */

/* ---- frame ---- */

static void add_id(struct strbuf *sb, const struct svg_frame *f, char which)
{
    strbuf_adds(sb, f->id);
    strbuf_addc(sb, '-');
    strbuf_addc(sb, f->variant == CHART_SLIM ? 'n' : 'w');
    strbuf_addc(sb, which);
}

void svg_open(struct strbuf *sb, const struct svg_frame *f)
{
    double margin = f->variant == CHART_FILE ? FILE_MARGIN : 0;
    double width = f->width + 2 * margin;
    double height = f->height + 2 * margin;
    strbuf_adds(sb, "<svg ");
    if (f->variant == CHART_FILE)
        strbuf_adds(sb, "xmlns=\"http://www.w3.org/2000/svg\"");
    else
        strbuf_adds(sb, f->variant == CHART_SLIM ? "class=\"ch slim\"" : "class=\"ch full\"");
    strbuf_adds(sb, " viewBox=\"");
    svg_num(sb, -margin);
    strbuf_addc(sb, ' ');
    svg_num(sb, -margin);
    strbuf_addc(sb, ' ');
    svg_num(sb, width);
    strbuf_addc(sb, ' ');
    svg_num(sb, height);
    strbuf_adds(sb, "\" width=\"");
    svg_num(sb, width);
    strbuf_adds(sb, "\" height=\"");
    svg_num(sb, height);
    strbuf_adds(sb, "\" role=\"img\" aria-labelledby=\"");
    add_id(sb, f, 't');
    strbuf_addc(sb, ' ');
    add_id(sb, f, 'd');
    strbuf_adds(sb, "\">\n<title id=\"");
    add_id(sb, f, 't');
    strbuf_adds(sb, "\">");
    escape_xml(sb, f->title);
    strbuf_adds(sb, "</title>\n<desc id=\"");
    add_id(sb, f, 'd');
    strbuf_adds(sb, "\">");
    escape_xml(sb, f->desc);
    strbuf_adds(sb, "</desc>\n");
    if (f->variant == CHART_FILE) {
        strbuf_adds(sb, FILE_STYLE);
        strbuf_addc(sb, '\n');
        svg_rect(sb, "bg", -margin, -margin, width, height);
    }
}

void svg_close(struct strbuf *sb)
{
    strbuf_adds(sb, "</svg>\n");
}

void svg_open_small(struct strbuf *sb, const char *class, double width, double height)
{
    strbuf_adds(sb, "<svg class=\"");
    strbuf_adds(sb, class);
    strbuf_adds(sb, "\" width=\"");
    svg_num(sb, width);
    strbuf_adds(sb, "\" height=\"");
    svg_num(sb, height);
    strbuf_adds(sb, "\" viewBox=\"0 0 ");
    svg_num(sb, width);
    strbuf_addc(sb, ' ');
    svg_num(sb, height);
    strbuf_adds(sb, "\" aria-hidden=\"true\">");
}

/* ---- geometry ---- */

void svg_num(struct strbuf *sb, double v)
{
    strbuf_add_fixed(sb, v, 1, true);
}

static void add_pair(struct strbuf *sb, char command, double x, double y)
{
    strbuf_addc(sb, command);
    svg_num(sb, x);
    strbuf_addc(sb, ' ');
    svg_num(sb, y);
}

void svg_move(struct strbuf *sb, double x, double y)
{
    add_pair(sb, 'M', x, y);
}

void svg_line_to(struct strbuf *sb, double x, double y)
{
    add_pair(sb, 'L', x, y);
}

void svg_across(struct strbuf *sb, double x)
{
    strbuf_addc(sb, 'H');
    svg_num(sb, x);
}

void svg_down(struct strbuf *sb, double y)
{
    strbuf_addc(sb, 'V');
    svg_num(sb, y);
}

void svg_path_open(struct strbuf *sb, const char *class)
{
    strbuf_adds(sb, "<path class=\"");
    strbuf_adds(sb, class);
    strbuf_adds(sb, "\" d=\"");
}

void svg_path_close(struct strbuf *sb)
{
    strbuf_adds(sb, "\"/>");
}

static void add_attribute(struct strbuf *sb, const char *name, double v)
{
    strbuf_addc(sb, ' ');
    strbuf_adds(sb, name);
    strbuf_adds(sb, "=\"");
    svg_num(sb, v);
    strbuf_addc(sb, '"');
}

void svg_rect(struct strbuf *sb, const char *class, double x, double y, double w, double h)
{
    strbuf_adds(sb, "<rect class=\"");
    strbuf_adds(sb, class);
    strbuf_addc(sb, '"');
    add_attribute(sb, "x", x);
    add_attribute(sb, "y", y);
    add_attribute(sb, "width", w > 0 ? w : 0);
    add_attribute(sb, "height", h);
    strbuf_adds(sb, "/>");
}

/* ---- text ---- */

void svg_text(struct strbuf *sb, double x, double y, enum svg_anchor anchor, const char *class,
              struct str text)
{
    strbuf_adds(sb, "<text");
    add_attribute(sb, "x", x);
    add_attribute(sb, "y", y);
    if (anchor != SVG_START)
        strbuf_adds(sb, anchor == SVG_END ? " text-anchor=\"end\"" : " text-anchor=\"middle\"");
    if (class) {
        strbuf_adds(sb, " class=\"");
        strbuf_adds(sb, class);
        strbuf_addc(sb, '"');
    }
    strbuf_addc(sb, '>');
    escape_xml(sb, text);
    strbuf_adds(sb, "</text>");
}

void svg_puts(struct strbuf *sb, double x, double y, enum svg_anchor anchor, const char *class,
              const char *text)
{
    svg_text(sb, x, y, anchor, class, str_of(text));
}

/* Widths of a common sans-serif face at 13 px, by kind of letter: within a tenth for real labels. */
static double letter_width(unsigned char c)
{
    if (c >= 0x80) /* a continuation byte adds nothing, a leading byte a whole letter */
        return (c & 0xc0u) == 0x80 ? 0 : 8;
    if (c == ' ' || c == '.' || c == ',' || c == ':' || c == ';' || c == 'i' || c == 'l' ||
        c == 'j' || c == '\'' || c == '|' || c == '!' || c == 't' || c == 'f')
        return 3.6;
    if (c == 'm' || c == 'w' || c == 'M' || c == 'W' || c == '@' || c == '%')
        return 10.9;
    if (c >= 'A' && c <= 'Z')
        return 8.8;
    return 7.2;
}

double svg_text_width(struct str text)
{
    double width = 0;
    for (size_t i = 0; i < text.n; i++)
        width += letter_width((unsigned char)text.s[i]);
    return width;
}

void svg_text_fit(struct strbuf *sb, double x, double y, enum svg_anchor anchor, const char *class,
                  struct str text, double width)
{
    if (svg_text_width(text) <= width) {
        svg_text(sb, x, y, anchor, class, text);
        return;
    }
    double used = 9; /* the ellipsis */
    size_t n = 0;
    while (n < text.n) {
        used += letter_width((unsigned char)text.s[n]);
        if (used > width)
            break;
        n++;
    }
    while (n > 0 && n < text.n && ((unsigned char)text.s[n] & 0xc0u) == 0x80)
        n--; /* never within a letter */
    struct str kept = str_trim(str_slice(text, 0, n));
    char cut[160] = "";
    size_t length = 0;
    for (; length < kept.n && length + 4 < sizeof cut; length++)
        cut[length] = kept.s[length];
    while (length > 0 && length < kept.n && ((unsigned char)kept.s[length] & 0xc0u) == 0x80)
        length--;
    if (length > 0 && cut[length - 1] == ',')
        length--;
    static const char ELLIPSIS[] = "\xe2\x80\xa6";
    for (size_t i = 0; i < sizeof ELLIPSIS - 1; i++)
        cut[length++] = ELLIPSIS[i];
    svg_text(sb, x, y, anchor, class, (struct str){cut, length});
}

/* ---- marks ---- */

void svg_mark(struct strbuf *sb, char letter, double x, double y, double r, bool halo)
{
    const char *end = halo ? " halo\"" : "\"";
    switch (letter) {
    case 'k':
        strbuf_adds(sb, "<rect class=\"fk");
        strbuf_adds(sb, end);
        add_attribute(sb, "x", x - r * 0.94);
        add_attribute(sb, "y", y - r * 0.94);
        add_attribute(sb, "width", r * 1.88);
        add_attribute(sb, "height", r * 1.88);
        strbuf_adds(sb, "/>");
        return;
    case 'm':
        strbuf_adds(sb, "<path class=\"fm");
        strbuf_adds(sb, end);
        strbuf_adds(sb, " d=\"");
        svg_move(sb, x, y - r * 1.1);
        svg_line_to(sb, x + r * 1.15, y + r * 0.9);
        svg_across(sb, x - r * 1.15);
        strbuf_adds(sb, "z\"/>");
        return;
    case 'h':
        strbuf_adds(sb, "<path class=\"fh");
        strbuf_adds(sb, end);
        strbuf_adds(sb, " d=\"");
        svg_move(sb, x, y - r * 1.2);
        svg_line_to(sb, x + r * 1.2, y);
        svg_line_to(sb, x, y + r * 1.2);
        svg_line_to(sb, x - r * 1.2, y);
        strbuf_adds(sb, "z\"/>");
        return;
    default:
        strbuf_adds(sb, letter == 's' ? "<circle class=\"fs" : "<circle class=\"fn");
        strbuf_adds(sb, end);
        add_attribute(sb, "cx", x);
        add_attribute(sb, "cy", y);
        add_attribute(sb, "r", r);
        strbuf_adds(sb, "/>");
        return;
    }
}

/* ---- scales ---- */

double scale_at(const struct scale *s, double value)
{
    double share = s->is_log ? log(value / s->from) / log(s->to / s->from)
                             : (value - s->from) / (s->to - s->from);
    return s->start + share * (s->end - s->start);
}

static size_t log_ticks(const struct scale *s, size_t most, double ticks[SCALE_TICKS])
{
    /* 1-3-10 while they fit, else whole decades, else every n-th decade. */
    int low = (int)floor(log10(s->from) - 1e-9);
    int high = (int)ceil(log10(s->to) + 1e-9);
    for (int every = 0;; every++) {
        size_t count = 0;
        bool fits = true;
        for (int e = low; e <= high && fits; e++) {
            if (every > 1 && (e - low) % every != 0)
                continue;
            for (int third = 0; third < (every == 0 ? 2 : 1); third++) {
                double v = pow(10, e) * (third ? 3 : 1);
                if (v < s->from * 0.999999 || v > s->to * 1.000001)
                    continue;
                if (count == most || count == SCALE_TICKS) {
                    fits = false;
                    break;
                }
                ticks[count++] = v;
            }
        }
        if (fits || every > 40)
            return count;
    }
}

size_t scale_ticks(const struct scale *s, size_t most, double ticks[SCALE_TICKS])
{
    if (most > SCALE_TICKS)
        most = SCALE_TICKS;
    if (most == 0 || !(s->to > s->from))
        return 0;
    if (s->is_log)
        return log_ticks(s, most, ticks);
    static const double STEPS[] = {1, 2, 5};
    double decade = pow(10, floor(log10((s->to - s->from) / (double)most)));
    for (int i = 0; i < 9; i++) {
        double step = STEPS[i % 3] * decade * pow(10, i / 3);
        double first = ceil(s->from / step - 1e-9);
        double last = floor(s->to / step + 1e-9);
        if (last - first + 1 > (double)most)
            continue;
        size_t count = 0;
        for (double n = first; n <= last; n += 1)
            ticks[count++] = n * step;
        return count;
    }
    return 0;
}
