/* Who may ask: a link that works once, the secret that it gives, and for how long. */
#ifndef PARLEY_WEB_SESSION_H
#define PARLEY_WEB_SESSION_H

#include "base/instant.h"
#include "base/random.h"
#include "base/text.h"

enum { SESSION_SECRET_SIZE = 43 /* 32 bytes in Base 64 as it stands in URLs */, SESSION_KEY_SECONDS = 600 };

struct session_secret {
    char at[SESSION_SECRET_SIZE + 1];
};
struct session {
    struct session_secret key; /* of the link; empty: it was used */
    instant key_until;
    struct session_secret secret; /* empty: nobody may ask */
    instant asked;                /* last */
};
/* A new link, good for SESSION_KEY_SECONDS; those before it are void. */
void session_invite(struct session *s, struct random *r, instant now);
/* Takes the key of a link, once, and makes a secret where there is none yet. */
bool session_enter(struct session *s, struct text key, struct random *r, instant now);
/* A secret in the place of the old one. */
void session_renew(struct session *s, struct random *r, instant now);
/* Whether that is the secret; takes note of the time. */
bool session_admits(struct session *s, struct text secret, instant now);
void session_forget(struct session *s);

#endif
