/* The text of a card with lines of a test's own where a directory has its lines. */
#ifndef PARLEY_TEST_UNIT_PARTY_CARD_LINES_H
#define PARLEY_TEST_UNIT_PARTY_CARD_LINES_H

#include "unit.h"

#include <stdio.h>

#include "note/key.h"
#include "party/card.h"

static inline struct text vkey_of(const char *name, enum key_type type, struct arena *a) {
    struct random r = random_seeded(text_of(name));
    struct signer *s = signer_new(text_of(name), type, &r);
    struct buf out = {.max = 4096};
    vkey_write(signer_vkey(s), &out);
    struct text t = arena_text(a, buf_as_text(&out));
    signer_free(s);
    buf_free(&out);
    return t;
}

/* A card that says no more than it must, and `lines`. */
static inline struct text card_with(const char *lines, struct arena *a) {
    struct text root = vkey_of("cert.north.example/root", KEY_ED25519, a);
    struct text mirror = vkey_of("cert.north.example/mirror", KEY_COSIGNATURE, a);
    return arena_format(a, "parley card v1\nparty cert.north.example\nserial 0\nroot %.*s\nmirror %.*s\n%s",
                        TEXT_ARG(root), TEXT_ARG(mirror), lines);
}

static inline struct card card_of(const char *lines, struct arena *a) {
    struct card c;
    struct diag d = {0};
    enum error result = card_read_text(card_with(lines, a), a, &c, &d);
    if (result) fprintf(stderr, "%s\n", d.text);
    assert_int_equal(result, OK);
    return c;
}

#endif
