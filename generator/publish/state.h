#ifndef PUBLISH_STATE_H
#define PUBLISH_STATE_H
/*
 * The bytes of PUBLICATION_STATE: a line with format and sum, then the files and the caller's record,
 * numbers as 8 bytes, little end first, and texts with their length before them. Private to publish/.
 */
#include "publish/publication.h"

struct strbuf;

/* 64 bits over all bytes, at the speed of memory. Finds damage; whoever wants to deceive it can. */
uint64_t state_sum(struct str bytes);

void state_write(const struct published_file *files, size_t count, struct str record,
                 struct strbuf *out);
/* Fills files, count and record, which point into `text`. False: not what state_write wrote. */
bool state_read(struct str text, struct arena *a, struct published *out);
#endif
