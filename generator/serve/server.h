#ifndef SERVE_SERVER_H
#define SERVE_SERVER_H
/*
 * The site over HTTP on 127.0.0.1, for the one who edits it, with threads of its own; requests that
 * name another host are refused. (The only file with libmicrohttpd is server.c.)
 */
#include "base/str.h"

struct diags;
struct server;

/*
 * Serves `folder`, which must outlive the server and may not exist yet. Port 0 takes any free one. NULL,
 * with a diagnostic: the port is taken, or the system failed.
 */
struct server *server_open(const char *folder, unsigned port, struct diags *d);
unsigned server_port(const struct server *s);

/* The site was built again, or, with `mistakes`, could not be: open pages reload. */
void server_show(struct server *s, struct str mistakes);

void server_close(struct server *s); /* NULL is allowed; ends all connections */
#endif
