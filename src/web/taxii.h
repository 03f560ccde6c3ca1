/* A TAXII 2.1 server for the tools of one's own house.
 *
 *     GET    /taxii2/                                    discovery
 *     GET    /parley/                                    the API root
 *     GET    /parley/status/ID/                          what became of a request to add
 *     GET    /parley/collections/[ID/]                   collections; an ID or an alias: theirs, ours, findings, facts,
 * drafts GET    /parley/collections/ID/manifest/ ?added_after=&limit=&next=&match[id|type|version|spec_version]= GET
 * /parley/collections/ID/objects/[ID/]        the same GET    /parley/collections/ID/objects/ID/versions/ POST
 * /parley/collections/drafts/objects/         202 and a status: drafts are made of it, never messages
 *
 * Everything asks for a name and its secret (Basic, RFC 7617) or the secret alone (Bearer, RFC 6750).  TLS, but on
 * loopback, where plain HTTP is served unless a certificate is given.  Objects come from a store that another process
 * keeps up to date (taxii_store.h); this one never opens a case.
 * Source: OASIS TAXII Version 2.1 (2021-06-10).  Limits: TAXII_BODY_MAX, TAXII_LIMIT_MAX objects or TAXII_PAGE_BYTES a
 * page; connections as taxii_guests.h has it. */
#ifndef PARLEY_WEB_TAXII_H
#define PARLEY_WEB_TAXII_H

#include "base/buf.h"
#include "base/random.h"
#include "web/taxii_store.h"

enum {
    TAXII_BODY_MAX = 16 << 20,
    TAXII_VALUES_MAX = 1 << 20, /* of JSON in a body */
    TAXII_LIMIT_MAX = 1000,
    TAXII_PAGE_BYTES = 16 << 20,
    TAXII_NAME_MAX = 64,
    TAXII_SECRET_SIZE = 43 /* 32 bytes in Base 64 as it stands in URLs */
};

struct taxii_options {
    const char *listen;            /* "127.0.0.1:7454" */
    struct bytes key, certificate; /* PEM, ended by a NUL; empty: plain HTTP, which only loopback gets */
    const char *store;             /* path */
    const uint8_t *store_key;      /* TAXII_KEY_SIZE */
    const char *access;            /* path of the file of names and secrets */
    const char *title;             /* of the root: whose it is */
    bool drafts;                   /* objects may be added */
    struct random *random;
    unsigned patience_percent;                  /* of the limits in seconds; 0: 100.  For tests */
    void (*told)(void *state, const char *url); /* once it listens */
    bool (*tick)(void *state);                  /* every second; false: it shall end */
    void *state;
};
/* Runs until SIGTERM or SIGINT, which it blocks. */
enum error taxii_run(const struct taxii_options *o, struct diag *d) MUST_USE;

/* ---- who may ask: a line each, `NAME SALT SHA256`, of a random secret that only its holder knows */

/* Adds a name, or gives it another secret, which is NUL-terminated. */
enum error taxii_access_add(const char *path, struct text name, struct random *r,
                            char secret[static TAXII_SECRET_SIZE + 1], struct diag *d) MUST_USE;
/* ERR_MISSING */
enum error taxii_access_remove(const char *path, struct text name, struct diag *d) MUST_USE;
/* Whether that value of an Authorization header names somebody of the file; `who` takes the name. */
bool taxii_access_admits(const char *path, struct text header, char who[static TAXII_NAME_MAX + 1]);

/* ---- what is asked for, from taxii_query.c: pure */

/* One argument of a request's query; ERR_INPUT, with what was expected.  Others than TAXII's are passed over, but no
 * other match[…]. */
enum error taxii_query_take(struct taxii_filter *f, struct text name, struct text value, struct diag *d) MUST_USE;
struct taxii_filter taxii_filter_all(void);
/* Whether a list of media types as in Accept admits TAXII 2.1; and whether a Content-Type is that. */
bool taxii_accepts(struct text accept);
bool taxii_is_content(struct text type);

#endif
