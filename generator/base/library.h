#ifndef BASE_LIBRARY_H
#define BASE_LIBRARY_H
/*
 * Libraries that few runs need, loaded when one does. Linked in the usual way they would be loaded at every
 * start, with all that they need themselves: libmicrohttpd brings GnuTLS, libxml2 brings ICU and the C++
 * library, together 2 ms of CPU where a whole `explain` should take 20.
 *
 * The headers of such a library are included by one file, as those of any other, and its functions called
 * through a table of pointers whose types are the header's own: what does not fit does not compile.
 */
#include <stdbool.h>
#include <stddef.h>

struct diags;

struct library_symbol {
    const char *name;
    size_t offset; /* of the pointer in the table */
};

/*
 * Fills the table; the names end with NULL. `file` is a soname, "libxml2.so.2". The library stays: a second
 * call finds it and costs some microseconds. False and a diagnostic of the machine: it is not installed, or
 * lacks a function. From any thread.
 */
bool library_load(const char *file, const struct library_symbol *symbols, void *table,
                  struct diags *d);
#endif
