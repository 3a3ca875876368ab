#ifndef RENDER_WELLFORMED_H
#define RENDER_WELLFORMED_H
/*
 * A quick proof that a page is well-formed, for pages that are written as ours are: XML without
 * declarations, processing instructions, CDATA and prefixes. Every file of a site is checked before it
 * is published, a gigabyte of them in a large one; this takes less than half the time of a full parser,
 * which is asked only about what this cannot prove.
 */
#include "base/str.h"

#include <stdbool.h>

/*
 * True: the text is well-formed XML 1.0, as in the whole of the recommendation. False: it may be or
 * not. Pure; takes no memory. (tests/fuzz/fuzz_xml.c compares with libxml2.)
 */
bool is_plainly_wellformed(struct str text);
#endif
