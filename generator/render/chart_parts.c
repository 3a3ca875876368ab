#include "render/chart_parts.h"

char chart_letter(enum platform_class c)
{
    return class_wording(c)->letter[0];
}

void chart_class_path(struct strbuf *sb, const char *shape, char letter, const char *more)
{
    strbuf_adds(sb, "<path class=\"");
    strbuf_adds(sb, shape);
    strbuf_adds(sb, " s");
    strbuf_addc(sb, letter);
    strbuf_adds(sb, more);
    strbuf_adds(sb, "\" d=\"");
}

void chart_circle(struct strbuf *sb, const char *class, double x, double y, double r)
{
    strbuf_adds(sb, "<circle class=\"");
    strbuf_adds(sb, class);
    strbuf_adds(sb, "\" cx=\"");
    svg_num(sb, x);
    strbuf_adds(sb, "\" cy=\"");
    svg_num(sb, y);
    strbuf_adds(sb, "\" r=\"");
    svg_num(sb, r);
    strbuf_adds(sb, "\"/>");
}

const struct option *chart_option(const struct decision *d, int index)
{
    return index >= 0 && (size_t)index < d->option_count ? &d->options[index] : NULL;
}

struct str chart_made(const struct chart_label *l)
{
    return strbuf_str(&l->sb);
}
