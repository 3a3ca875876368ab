#include "serve/server.h"

#include "base/arena.h"
#include "base/diag.h"
#include "serve/answer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

#define CONNECTIONS_MAX 256 /* a thread each; a browser opens six */
#define CONNECTION_SECONDS 60
#define EVENT_BUFFER 1024
#define HEARTBEAT_SECONDS 2 /* finds out that a reader of events is gone */

struct server {
    struct arena *a; /* of this struct */
    const char *folder;
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned long builds; /* under the lock, as all that follows */
    struct arena *text;   /* of mistakes */
    struct str mistakes;
    bool stopping;
};

/* ---- events -------------------------------------------------------------------------------------
 */

struct listener {
    struct arena *a; /* of this struct */
    struct arena *scratch;
    struct server *server;
    unsigned long told;
    bool is_told;
};

/* Also of another process than the one that a page came from. */
static struct str build_name(unsigned long builds, struct arena *a)
{
    return str_printf(a, "%ld-%lu", (long)getpid(), builds);
}

/* Waits for news; a comment line now and then keeps the connection. */
static ssize_t tell(void *context, uint64_t position, char *buffer, size_t size)
{
    struct listener *l = context;
    struct server *s = l->server;
    struct timespec until;
    struct str event = STR(":\n\n");
    int waited = 0;
    (void)position;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += HEARTBEAT_SECONDS;
    pthread_mutex_lock(&s->lock);
    while (!s->stopping && l->is_told && l->told == s->builds && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&s->changed, &s->lock, &until);
    bool stopping = s->stopping, is_new = !l->is_told || l->told != s->builds;
    l->told = s->builds;
    l->is_told = true;
    pthread_mutex_unlock(&s->lock);
    if (stopping)
        return MHD_CONTENT_READER_END_OF_STREAM;
    arena_clear(l->scratch);
    if (is_new)
        event = str_printf(l->scratch, "data: %.*s\n\n", STR_ARG(build_name(l->told, l->scratch)));
    if (event.n > size)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    memcpy(buffer, event.s, event.n);
    return (ssize_t)event.n;
}

static void forget(void *context)
{
    struct listener *l = context;
    arena_destroy(l->scratch);
    arena_destroy(l->a);
}

static struct MHD_Response *events(struct server *s)
{
    struct arena *a = arena_create();
    struct listener *l = arena_new(a, struct listener, 1);
    *l = (struct listener){.a = a, .server = s, .scratch = arena_create()};
    struct MHD_Response *r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, EVENT_BUFFER, tell,
                                                               l, forget);
    if (!r)
        forget(l);
    else
        MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, "text/event-stream");
    return r;
}

/* ---- requests -----------------------------------------------------------------------------------
 */

/* The address stays as it was sent: it is decoded once, where it is judged. */
static size_t leave_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

static struct str header(struct MHD_Connection *connection, const char *name)
{
    return str_of(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name));
}

static struct answer find(struct server *s, struct MHD_Connection *connection, const char *address,
                          struct arena *a)
{
    pthread_mutex_lock(&s->lock);
    struct served served = {.folder = s->folder, .build = build_name(s->builds, a)};
    served.mistakes = str_copy(a, s->mistakes);
    pthread_mutex_unlock(&s->lock);
    bool old = MHD_lookup_connection_value_n(connection, MHD_GET_ARGUMENT_KIND, "old", 3, NULL,
                                             NULL) == MHD_YES;
    return answer_find(&served, str_of(address), old,
                       header(connection, MHD_HTTP_HEADER_IF_NONE_MATCH), a);
}

static struct MHD_Response *respond(const struct answer *answer, struct arena *a)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(
        answer->body.n, (void *)(uintptr_t)answer->body.s, MHD_RESPMEM_MUST_COPY);
    if (!r)
        return NULL;
    if (answer->type)
        MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type);
    if (answer->etag.n > 0)
        MHD_add_response_header(r, MHD_HTTP_HEADER_ETAG, str_cstring(a, answer->etag));
    if (answer->location.n > 0)
        MHD_add_response_header(r, MHD_HTTP_HEADER_LOCATION, str_cstring(a, answer->location));
    return r;
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, unsigned status,
                                   struct MHD_Response *r)
{
    if (!r)
        return MHD_NO;
    MHD_add_response_header(r, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
    MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
    enum MHD_Result result = MHD_queue_response(connection, status, r);
    MHD_destroy_response(r);
    return result;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *address,
                              const char *method, const char *version, const char *data,
                              size_t *data_size, void **state)
{
    static const struct answer FORBIDDEN = {.status = MHD_HTTP_FORBIDDEN, .type = "text/plain"};
    static const struct answer NOT_ALLOWED = {.status = MHD_HTTP_METHOD_NOT_ALLOWED,
                                              .type = "text/plain"};
    struct server *s = context;
    (void)version;
    (void)data;
    if (!*state) { // the first call: the head of the request is there, its body is not
        *state = s;
        return MHD_YES;
    }
    *data_size = 0;
    struct arena *a = arena_create();
    bool is_get = strcmp(method, "GET") == 0, is_head = strcmp(method, "HEAD") == 0;
    struct answer answer = {.status = MHD_HTTP_OK};
    struct MHD_Response *r;
    if (!host_is_local(header(connection, MHD_HTTP_HEADER_HOST))) {
        answer = FORBIDDEN;
        r = respond(&answer, a);
    } else if (!is_get && !is_head) {
        answer = NOT_ALLOWED;
        r = respond(&answer, a);
        if (r)
            MHD_add_response_header(r, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    } else if (is_get && strcmp(address, ANSWER_EVENTS) == 0) {
        r = events(s);
    } else {
        answer = find(s, connection, address, a);
        r = respond(&answer, a);
    }
    enum MHD_Result result = send_answer(connection, answer.status, r);
    arena_destroy(a);
    return result;
}

/* ---- life ---------------------------------------------------------------------------------------
 */

struct server *server_open(const char *folder, unsigned port, struct diags *d)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct arena *a = arena_create();
    struct server *s = arena_new(a, struct server, 1);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *s = (struct server){.a = a, .folder = folder, .builds = 1, .text = arena_create()};
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    errno = 0;
    s->daemon = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0, NULL,
        NULL, handle, s, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)CONNECTION_SECONDS, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
        MHD_OPTION_END);
    if (s->daemon)
        return s;
    struct str what = str_printf(a, "127.0.0.1:%u", port);
    if (errno == EADDRINUSE)
        diag_error(d, where_file(what), "--port N takes another one", "the port is in use");
    else
        diag_system(d, where_file(what), errno, "cannot serve here");
    server_close(s);
    return NULL;
}

unsigned server_port(const struct server *s)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

void server_show(struct server *s, struct str mistakes)
{
    pthread_mutex_lock(&s->lock);
    arena_clear(s->text);
    s->mistakes = str_copy(s->text, mistakes);
    s->builds++;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

void server_close(struct server *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    if (s->daemon)
        MHD_stop_daemon(s->daemon); // waits for the threads of all connections
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    arena_destroy(s->text);
    arena_destroy(s->a);
}
