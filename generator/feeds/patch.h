#ifndef FEEDS_PATCH_H
#define FEEDS_PATCH_H
/*
 * New rows written into the texts of a price book. Everything that stands there already keeps its
 * bytes: order, comments, white space and line ends; a new row stands where its region and day
 * belong, in the manner of its neighbours. book.json gets the new edition. Pure: texts in, texts out.
 */
#include "feeds/update.h"
#include "pricing/load.h"

/*
 * `files` are the files that the book of the changes was parsed from; the changed ones come out,
 * book.json last, in the byte order of their names. The edition becomes `edition` if that is later.
 * False: book.json cannot be understood (it could, when the book was loaded).
 */
bool patch_book(const struct book_file *files, size_t file_count, const struct update *u,
                struct date edition, struct arena *a, struct book_file **out, size_t *count,
                struct diags *d);
#endif
