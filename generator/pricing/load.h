#ifndef PRICING_LOAD_H
#define PRICING_LOAD_H
/*
 * Loading in two steps, so that a book can also come from memory (tests, the fuzzer, a program
 * without files): book_read gathers the files of a folder, book_parse makes a book of them.
 * book_load (book.h) does both.
 */
#include "pricing/book.h"

/* One file of a pricing folder. */
struct book_file {
    struct str name; /* within the folder: "prices/aws-lambda.json" */
    struct str path; /* as diagnostics show it */
    struct str text; /* must live as long as the book */
};

/*
 * Reads book.json, hardware.json, throughput.json and the *.json of prices/, machines/, platforms/,
 * in byte order of their names. Other JSON files at the top are errors, everything else is left
 * alone. The list lives in `a`.
 */
bool book_read(const char *folder, struct arena *a, struct book_file **files, size_t *count,
               struct diags *d);

/*
 * The same of a folder that holds only what differs from another: a file of `folder` takes the place
 * of the one of that name in `under`, or is one more.
 */
bool book_read_over(const char *folder, const char *under, struct arena *a,
                    struct book_file **files, size_t *count, struct diags *d);

/*
 * Checks and links everything. All mistakes of all files become diagnostics; false where there is
 * one, and the book must then not be used. The order of the files does not matter. The book and its
 * strings live in `a`; the texts of the files must live as long.
 */
bool book_parse(const struct book_file *given, size_t count, struct str folder, struct arena *a,
                struct book *out, struct diags *d);
#endif
