/* A message with a head and a body, as if it had just been opened: for the tests of meanings. */
#ifndef PARLEY_TEST_SPOKEN_H
#define PARLEY_TEST_SPOKEN_H

#include "message/frame.h"

#define SPOKEN_MATTER "cert.north.example/0b0e9b6c-6f5c-4a47-8f0e-5d6a3f1c2b01"
#define SPOKEN_AT (1772366400 * INSTANT_SECOND)

/* Each 64 times a digit. */
#define SHA_A TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
#define SHA_B TEXT("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")
#define SHA_C TEXT("cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc")

static inline struct head spoken_head(const char *kind) {
    enum kind known;
    bool belongs = kind_read(text_of(kind), &known) && kind_rules[known].belongs;
    return (struct head){.record = TEXT("parley/00"),
                         .id = TEXT("000102030405060708090a0b0c0d0e0f"),
                         .kind = text_of(kind),
                         .matter = belongs ? TEXT(SPOKEN_MATTER) : (struct text){0},
                         .from = TEXT("cert.north.example/incident"),
                         .by = TEXT("a.officer"),
                         .to = TEXT("cert.south.example/incident"),
                         .tlp = TEXT("AMBER"),
                         .lang = TEXT("en")};
}

/* As spoken_head, with one attachment of that role whose plain bytes have that hash. */
static inline struct head spoken_head_with(const char *kind, struct attach *attach, const char *role,
                                           struct text plain) {
    struct head h = spoken_head(kind);
    *attach = (struct attach){.role = text_of(role), .media_type = TEXT("text/csv"), .name = TEXT("a.csv")};
    ASSERT(sha256_read_hex(plain, &attach->plain));
    h.attach = attach;
    h.attach_count = 1;
    return h;
}

static inline struct message spoken(const struct head *h, const struct buf *body) {
    return (struct message){.head = *h, .body = buf_as_text(body)};
}

#endif
