/* Requests and responses, apart from what carries them: TLS, a Unix socket, or a call in the same process. */
#ifndef PARLEY_SYNC_REQUEST_H
#define PARLEY_SYNC_REQUEST_H

#include "base/buf.h"
#include "base/instant.h"

enum {
    REQUEST_PATH_MAX = 512,
    REQUEST_BODY_MAX = 20 << 20,  /* bytes: one whole package of 256 entries fits */
    RESPONSE_BODY_MAX = 20 << 20, /* bytes of what a client takes */
    HEADER_VALUE_MAX = 96,
};

struct request {
    struct text method, path;     /* the path without a query */
    struct text content_type;     /* these may be empty */
    struct text content_encoding; /* empty or `gzip` */
    struct text content_range, range;
    bool takes_gzip; /* an answer in gzip form */
    bool dated;      /* at the server: the request told its time, */
    instant ahead;   /* and by that the other clock is so much ahead of this one */
    struct bytes body;
    struct text pin; /* at the server: hex SHA-256 of the peer's SubjectPublicKeyInfo, as the handshake proved it */
};

struct response {
    unsigned status;
    char content_type[HEADER_VALUE_MAX];  /* empty: none */
    char content_range[HEADER_VALUE_MAX]; /* of a 206 */
    bool gzip;                            /* the body is in gzip form, which was asked for */
    bool dated;                           /* at a client: the answer told its time */
    instant ahead;                        /* and by that the other clock is so much ahead of this one */
    struct buf body;                      /* its maximum is set by who makes the response */
};
void response_free(struct response *r);
/* Sets status and type and empties the body. */
void response_start(struct response *r, unsigned status, const char *content_type);
/* A refusal as plain text for people: the words of `d`, or the sentence of its code. */
void response_refuse(struct response *r, unsigned status, const struct diag *d);

/* The other side.  ERR_NETWORK where no response came; any status is OK. */
struct remote {
    enum error (*call)(struct remote *self, const struct request *q, struct response *r, struct diag *d);
    void *state;
};

#endif
