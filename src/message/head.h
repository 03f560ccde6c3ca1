/* The head of a message: the signed lines above its body.
 *
 *     parley message v1
 *     record <origin>
 *     id <16 random bytes, hex>
 *     own <size>
 *     read <size>
 *     kind claim
 *     case cert.north.example/<uuid>                       (kinds that belong to a case)
 *     from cert.north.example/incident
 *     by a.officer
 *     to cert.south.example/abuse                          (the first proposal names the party alone)
 *     tlp AMBER                                            (required on what opens a case)
 *     lang fr
 *     attach <role> <sealed sha256> <sealed bytes> <plain sha256> <plain bytes> <media type> <name>
 *
 *     <body>
 *
 * Source: the design, section 5.  Everything is a view into the text that was read, or into an arena. */
#ifndef PARLEY_MESSAGE_HEAD_H
#define PARLEY_MESSAGE_HEAD_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "message/kind.h"
#include "vocab/tlp.h"

enum { MESSAGE_MAX_BYTES = 4 << 20, MESSAGE_ATTACH_MAX = 64 };

struct attach {
    struct text role; /* facts, evidence, findings, coverage, text, file, … */
    struct sha256 sealed;
    uint64_t sealed_size;
    struct sha256 plain;
    uint64_t plain_size;
    struct text media_type, name;
};

struct head {
    struct text record, id;
    uint64_t own, read;
    struct text kind;   /* as written; it may be one that this version does not know */
    struct text matter; /* the `case` line; empty: none */
    struct text from, by, to;
    struct text tlp; /* as written; empty: none */
    struct text lang;
    struct attach *attach;
    size_t attach_count;
};

/* Reads the head off the front of a message's text; `*t` is left at the body. */
enum error head_read(struct text *t, struct arena *a, struct head *out, struct diag *d) MUST_USE;
/* Writes head and blank line; the body follows.  write(read(t)) == t. */
void head_write(const struct head *h, struct buf *out);

#endif
