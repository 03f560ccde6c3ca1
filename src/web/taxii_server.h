/* Within web/: the TAXII server and what it knows of a request. */
#ifndef PARLEY_WEB_TAXII_SERVER_H
#define PARLEY_WEB_TAXII_SERVER_H

#include <microhttpd.h>
#include <pthread.h>

#include "web/taxii.h"
#include "web/taxii_guests.h"

enum { TAXII_STORES_MAX = 16 };

struct taxii_server {
    const struct taxii_options *options;
    struct MHD_Daemon *daemon;
    int socket;
    unsigned port;
    pthread_mutex_t lock, adding;
    struct taxii_store *stores[TAXII_STORES_MAX]; /* open, and not in use */
    size_t store_count;
    struct guests guests;
};

struct taxii_ask { /* a request, in the thread of its connection */
    struct taxii_server *server;
    struct MHD_Connection *connection;
    const char *method;
    struct buf body;
    bool admitted; /* whose body is kept: of others nothing is */
    bool too_large;
    char who[TAXII_NAME_MAX + 1];
};

/* Whose connection it is; NULL: nobody's who was let in. */
struct guest *taxii_guest(struct MHD_Connection *connection);
/* Whether whoever asks may ask: known from the header, before there is a body. */
bool taxii_admits(struct taxii_ask *a);
/* Answers a request whose body is there. */
enum MHD_Result taxii_answer(struct taxii_ask *a, const char *path);
enum MHD_Result taxii_answer_error(struct taxii_ask *a, unsigned status, const char *title, const char *why);

/* A store for one request; taxii_give_store after it. */
enum error taxii_take_store(struct taxii_server *s, struct taxii_store **out, struct diag *d) MUST_USE;
void taxii_give_store(struct taxii_server *s, struct taxii_store *store);

#endif
