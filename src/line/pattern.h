/* Patterns: what a message looks like, in the words of the program that writes it.
 *
 *     Failed password for <USER> from <ADDR> port <PORT>{ ssh2|}
 *
 * Literal text stands for itself; `\` takes the meaning from the character behind it.  {a|b|} is the first of these
 * literals that fits.  Fields stand in angle brackets:
 *
 *     <*> <USER>          anything, nothing too: here strangers' words may stand
 *     <WORD>              one or more bytes without a space, up to where what follows in the pattern first fits
 *     <NUMBER> <SPACE>    decimal digits; spaces and tabs
 *     <ADDR> <DST>        an address, perhaps in brackets: the source, the destination
 *     <PORT> <DPORT>      their ports
 *     <PROTOCOL> <COUNT>  a protocol's name; how often it happened
 *
 * A pattern fits a whole message or not at all.  Where it fits in several ways, and what the fields take differs, the
 * pattern fits FIT_TWICE: a stranger wrote a part of the message so that it can be read two ways.  Matching takes time
 * linear in the message: nothing is tried again, since only the place of what stands between two <*> is open.
 *
 * Limits: the enums below.  Ownership: a pattern lives in its arena; what a match takes are views of the message. */
#ifndef PARLEY_LINE_PATTERN_H
#define PARLEY_LINE_PATTERN_H

#include "base/arena.h"
#include "base/sift.h"

enum {
    PATTERN_BYTES_MAX = 1024,
    PATTERN_STEPS_MAX = 64,
    PATTERN_PIECES_MAX = 16,
    PATTERN_CHOICES_MAX = 32,
    PATTERN_WORD_MAX = 255 /* bytes that one field may take */
};

enum capture { CAPTURE_ADDR, CAPTURE_DST, CAPTURE_PORT, CAPTURE_DPORT, CAPTURE_PROTOCOL, CAPTURE_COUNT, CAPTURES };

struct step;
struct piece { /* what stands between two <*>, or at an end */
    const struct step *steps;
    size_t count;
    unsigned captures;                 /* a set of bits by enum capture */
    const struct needles_begin *begin; /* of the literals it begins with, where none of several is short; NULL: else */
};
struct pattern {
    struct piece pieces[PATTERN_PIECES_MAX]; /* at an end of the pattern one may be empty */
    size_t count;
    unsigned captures;
    const struct sift *sift; /* what pieces are sought with */
    unsigned users;          /* bit i: what stands before piece i is a <USER> */
};

/* Errors: ERR_INPUT, with what was expected. */
enum error pattern_read(struct text t, struct arena *a, struct pattern *out, struct diag *d) MUST_USE;
/* Whether a message that begins with this byte may fit. */
bool pattern_may_begin(const struct pattern *p, uint8_t byte);

enum fit { FIT_NOT, FIT, FIT_TWICE };
/* FIT: `taken` has what each field took, empty where the pattern has none. */
enum fit pattern_match(const struct pattern *p, struct text t, struct text taken[static CAPTURES]);
/* What the first <USER> of a pattern stands for in a message that fits: it reaches as far as it can.  False: it has
 * none, or does not fit. */
bool pattern_user(const struct pattern *p, struct text t, struct text *out);

#endif
