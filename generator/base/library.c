#include "base/library.h"

#include "base/diag.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

bool library_load(const char *file, const struct library_symbol *symbols, void *table,
                  struct diags *d)
{
    void *library = dlopen(file, RTLD_LAZY | RTLD_LOCAL);
    if (!library) {
        diag_system(d, where_file(str_of(file)), ENOENT, "cannot load the library");
        return false;
    }
    for (; symbols->name; symbols++) {
        void *found = dlsym(library, symbols->name);
        if (!found) {
            diag_system(d, where_file(str_of(file)), ENOSYS, "the library lacks %s", symbols->name);
            return false;
        }
        /* POSIX lets a function's address be kept as that of an object; C has no cast for it. */
        memcpy((char *)table + symbols->offset, &found, sizeof found);
    }
    return true;
}
