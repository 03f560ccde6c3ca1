/* Within web/: the server and what it knows of each request. */
#ifndef PARLEY_WEB_SERVER_H
#define PARLEY_WEB_SERVER_H

#include <microhttpd.h>

#include "web/call.h"
#include "web/child.h"
#include "web/session.h"
#include "web/web.h"

enum { WEB_NAME_MAX = 64, WEB_PENDING_MAX = 1 << 18 };

struct exchange; /* a request */
struct route {
    const char *method, *path; /* a path that ends in a slash: all below it */
    bool open;                 /* it needs no secret */
    /* Answers, or leaves the exchange waiting. */
    enum MHD_Result (*answer)(struct exchange *x);
};

struct exchange {
    struct exchange *next;
    struct server *server;
    struct MHD_Connection *connection;
    const struct route *route;
    struct text rest; /* of the path, behind that of the route */
    struct buf body;
    /* of a command */
    bool waiting;     /* for a place, or for its end: the connection is suspended */
    bool queued;      /* for a place */
    const char *type; /* of what it prints */
    char command[WEB_NAME_MAX], job[WEB_NAME_MAX], language[8];
    struct arena arena;
    struct call call;
    struct child child;
    /* of a stream of events */
    bool streams;
    struct buf pending; /* not sent yet */
};

struct server {
    const struct web_options *options;
    struct MHD_Daemon *daemon;
    int socket, signals;
    char host[64]; /* "127.0.0.1:4711" */
    unsigned port;
    struct session session;
    struct exchange *exchanges;
    unsigned running;          /* commands */
    pid_t left[WEB_CALLS_MAX]; /* commands whose browser has gone away; 0: none */
    struct child follower;
    instant follow_again; /* not before */
    bool follower_ended;  /* the last one, and none has begun since */
};

/* ---- answers, from answer.c */

enum MHD_Result answer_bytes(struct exchange *x, unsigned status, const char *type, struct bytes content);
/* {"error": …}, with the HTTP status of the error. */
enum MHD_Result answer_fault(struct exchange *x, enum error code, const struct diag *d);
enum MHD_Result answer_status(struct exchange *x, unsigned status, const char *words);
/* Puts what every answer has onto a response that is not one of the above. */
void answer_headers(struct MHD_Response *r, const char *type);

/* ---- routes.c */

const struct route *route_find(const char *method, const char *path, bool *other_method);

/* ---- run.c: commands */

enum MHD_Result run_answer(struct exchange *x);
/* Looks at all that run: tells progress, wakes those that ended, starts those that wait. */
void run_look(struct server *s);
void run_end(struct exchange *x);
/* Ends what still runs. */
void run_stop(struct server *s);

/* ---- events.c */

enum MHD_Result events_answer(struct exchange *x);
/* One event for all that listen: a name and one line of data. */
void events_tell(struct server *s, const char *name, struct text data);
void events_look(struct server *s);

#endif
