#ifndef SOURCE_JSON_EDIT_H
#define SOURCE_JSON_EDIT_H
/*
 * Changes one member of a JSON text and leaves every other byte alone: comments, order, white space
 * and line ends stay as their author wrote them. Pure: text in, text out.
 */
#include "base/str.h"

struct arena;
struct json;

/*
 * Sets a member of the outermost object to a string. `root` is the tree of `text`, as json_parse gave
 * it, an object. Where the member is absent it is added after the last of the members `after` (ended
 * by NULL) that is there, else as the first, in the manner of its neighbours: on a line of its own
 * with their indentation, or on their line. The result is in `a`.
 */
struct str json_edit_string(struct str text, const struct json *root, const char *key,
                            struct str value, const char *const *after, struct arena *a);
#endif
