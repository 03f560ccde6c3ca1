/* A site: what a party makes public, as a folder that any web server can serve.
 *
 *     index.html                         what is here
 *     card.txt  card.json  card.html     one's card: as it is signed, for programs, for people
 *     identity.json                      the party and its departments in STIX 2.1
 *     rfc2350.txt  .well-known/security.txt
 *     statements/<16 digits>/            a joint statement: index.html, statement.txt, statement.json, stix.json, and
 * the dossier that proves it, under its own name origins/<16 digits>/               a joint table of origins:
 * index.html, and the document, byte for byte manifest.json                      every file with its SHA-256
 *
 * Nothing in it is more restricted than TLP:CLEAR: who adds has asked the gate.  The same things give the same bytes.
 * Ownership: paths and contents live as long as the site's arena. */
#ifndef PARLEY_DESK_SITE_H
#define PARLEY_DESK_SITE_H

#include "desk/joint.h"
#include "desk/publication.h"

struct site_file {
    struct text path, title; /* `title`: of a page that the index leads to; empty: of none */
    struct bytes content;
};
struct site {
    struct arena *arena;
    struct text party;
    struct site_file *at;
    size_t count, room;
};

/* Takes what is in the buffer, and frees it.  ERR_LIMIT where it has failed, ERR_CONFLICT where the site has that path.
 */
enum error site_add(struct site *s, struct text path, struct text title, struct buf *taken, struct diag *d) MUST_USE;
/* card.txt, card.html, identity.json, rfc2350.txt and, where the card has what it needs and has not expired at `now`,
 * security.txt; `left_out`: why it was left out, in words, else empty. */
enum error site_card(struct site *s, const struct card *c, struct bytes note, instant now, struct diag *left_out,
                     struct diag *d) MUST_USE;
/* After publication_prove. */
enum error site_statement(struct site *s, const struct publication *p, struct bytes dossier, struct diag *d) MUST_USE;
/* A document that both sent; `bytes` are its own. */
enum error site_origins(struct site *s, struct talk *t, const struct origins_document *o, struct bytes bytes,
                        struct diag *d) MUST_USE;
/* Writes index and manifest as well, each file by renaming it; then removes what the manifest before named and this
 * one does not.  ERR_CONFLICT for a folder that has files and no manifest: it is no site. */
enum error site_write(struct site *s, const char *folder, struct diag *d) MUST_USE;

/* ---- site_pages.c */

void site_index_page(const struct site *s, struct buf *out);
void site_card_page(const struct card *c, struct buf *out);
void site_statement_page(const struct publication *p, struct buf *out);
void site_origins_page(const struct talk *t, const struct origins_document *o, struct text sha, struct buf *out);

#endif
