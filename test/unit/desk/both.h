/* Two homes with a channel that is open both ways, who exchange by folders: for the tests of the desk's room. */
#ifndef PARLEY_TEST_UNIT_DESK_BOTH_H
#define PARLEY_TEST_UNIT_DESK_BOTH_H

#include "homes.h"

#include "desk/invite.h"
#include "desk/talk.h"

struct both {
    struct kit k;
    struct desk *north, *south;
    instant now; /* of the exchanges */
};

static inline void exchange(struct both *b, struct desk *from, struct desk *to, const char *party) {
    struct link_channel c;
    struct folder_report report;
    struct link_sync_row row;
    const char *folder = arena_format(&b->k.arena, "%s/to-%s", b->k.folder, party).at;
    must(&b->k, desk_link(from, &b->k.diag));
    must(&b->k, desk_link(to, &b->k.diag));
    must(&b->k, desk_channel(from, text_of(party), false, &c, &b->k.diag));
    must(&b->k, link_export(from->link, c.own_origin, folder, &report, &b->k.diag));
    must(&b->k, link_import(to->link, folder, b->now, &b->k.arena, &row, &b->k.diag));
}

static inline void rest(struct both *b) {
    for (int i = 0; i < 3; i++) {
        exchange(b, b->north, b->south, "cert.south.example");
        exchange(b, b->south, b->north, "cert.north.example");
    }
}

static inline void accept_of(struct both *b, struct desk *from, struct desk *to) {
    struct buf file = {.max = 1 << 20};
    struct invitation i;
    char digits[SAFETY_NUMBER_SIZE];
    must(&b->k, invite(from, TEXT(""), TEXT(""), TEXT(""), &file, &b->k.diag));
    must(&b->k, invitation_read(buf_as_bytes(&file), &b->k.arena, &i, &b->k.diag));
    must(&b->k, invite_compare(to, &i, digits, &b->k.diag));
    must(&b->k, invite_accept(to, buf_as_bytes(&file), text_of(digits), &b->k.diag));
    buf_free(&file);
}

static inline void open_both(struct both *b, const char *seed) {
    b->k = begin(seed);
    b->now = NOON;
    b->north = open_home(&b->k, "n", "cert.north.example");
    b->south = open_home(&b->k, "s", "cert.south.example");
    accept_of(b, b->north, b->south);
    accept_of(b, b->south, b->north);
    rest(b);
}

static inline struct talk *look(struct both *b, struct desk *desk, const char *party) {
    struct talk *t;
    must(&b->k, talk_open(desk, text_of(party), false, &(struct talk_at){.as_of = b->now}, &t, &b->k.diag));
    return t;
}

/* What both clocks say from now on. */
static inline void tell_time(struct both *b, instant now) { b->now = b->north->now = b->south->now = now; }

#endif
