/* A MISP server, by its REST interface: events are sent to it and fetched from it, with a key.
 *
 * TLS alone, with the certificate checked; no redirects; bounded time and size. */
#ifndef PARLEY_CLI_MISP_SERVER_H
#define PARLEY_CLI_MISP_SERVER_H

#include "cli/cli.h"
#include "interop/report.h"

struct misp_server { /* as typed */
    const char *url; /* https://misp.example */
    const char *key_file, *authorities;
};
#define MISP_ROWS(s)                                                                                                   \
    {"--key-file", OPTION_WORD, &(s).key_file, "FILE", N_("read the key for the server from its first line")}, {       \
        "--ca", OPTION_WORD, &(s).authorities, "FILE",                                                                 \
            N_("the certificates, as PEM, that the server's must come from (else the system's)")                       \
    }

/* Adds the event, or brings the one with its UUID up to date; `place`: where it is to be seen. */
enum error misp_send(struct cli *c, const struct misp_server *s, const struct report *r, struct bytes event,
                     struct text *place, bool *updated) MUST_USE;
/* Whether a word names what is to be fetched: misp+https://… */
bool misp_is_place(const char *word);
/* An event (…/events/view/7), or what a search finds (…/events/restSearch?tags=tlp:green&last=7d). */
enum error misp_fetch(struct cli *c, const struct misp_server *s, const char *word, struct bytes *out) MUST_USE;

#endif
