/* The times that log lines print, read into instants.
 *
 *     classic   Jun 21 16:47:48                        (RFC 3164: no year, no zone)
 *     iso       2015-04-16T18:02:50.321974+00:00       (RFC 3339; also +0000, a space for the T, a comma
 *                                                       for the dot, and no offset)
 *     clf       17/May/2015:10:05:03 +0000             (the Common Log Format; also without its offset)
 *     apache    Sat Jul 20 21:34:49.453232 2013        (error logs of Apache: no zone; the fraction may be missing)
 *     nginx     2012/04/09 11:53:29                    (error logs of nginx: no zone)
 *     tai64n    @400000004c91b044077a9e94              (multilog, whose labels are ten seconds ahead of Unix time)
 *     american  08/23/2026-12:34:56.123456             (Suricata's fast.log: no zone)
 *
 * A stamp without an offset is read in the zone of the options.  One without a year takes it from the options: with
 * `until`, each stamp is the latest reading not after it; with `year`, the first such stamp of a file is of that year,
 * and each later one is of the year that puts it nearest to the stamp before it, so December to January turns the year
 * and lines a little out of order do no harm.  With neither it is refused (REASON_YEAR).  Nothing is guessed.
 *
 * Who reads a file in parts gives each part the chain as it stands there: see chain_lines. */
#ifndef PARLEY_LINE_STAMP_H
#define PARLEY_LINE_STAMP_H

#include "base/digits.h"
#include "base/instant.h"
#include "line/reason.h"
#include "line/zone.h"

struct stamp_options {
    struct zone zone; /* {0} is UTC */
    int64_t year;     /* 0: not given */
    instant until;    /* INSTANT_NONE: not given */
};

struct chain {        /* where the years of a file stand: {0} at its start */
    int32_t position; /* of the stamp before, within its year; 0: there is none */
    int32_t years;    /* turned since the first */
};

/* A reader of stamps: what it knows of the stamp before makes the next one cheap. */
struct stamper {
    const struct stamp_options *options;
    struct chain chain;
    uint8_t day_size;                /* of a classic stamp's month and day with the space after it; 0: none is known */
    uint64_t day_word, day_mask;     /* as printed, in a word of digits.h; and which bytes of the word it is */
    int64_t day_seconds;             /* its midnight, local; with `year` */
    int64_t local_from, local_until; /* where `answer` holds */
    struct zone_answer answer;
    int64_t clf_seconds; /* midnight of the date below */
    char clf_text[12];
    uint64_t clf_zone; /* the ` +0000` behind the stamp before, in a word of digits.h; 0: none */
    int32_t clf_offset;
};
void stamper_start(struct stamper *s, const struct stamp_options *o, struct chain chain);
/* Whether any stamp since the start named no zone, so that the options' had to say. */
bool stamper_asked_zone(const struct stamper *s);

struct stamp {
    instant at;
    bool twice;
};
/* Each takes a stamp off the front of `*t`, or leaves it alone and says why: REASON_STAMP, REASON_YEAR or
 * REASON_SKIPPED. REASON_FACT: read. */
enum reason stamp_classic(struct stamper *s, struct text *t, struct stamp *out);
enum reason stamp_iso(struct stamper *s, struct text *t, struct stamp *out);
enum reason stamp_clf(struct stamper *s, struct text *t, struct stamp *out);
enum reason stamp_apache(struct stamper *s, struct text *t, struct stamp *out);
enum reason stamp_nginx(struct stamper *s, struct text *t, struct stamp *out);
enum reason stamp_american(struct stamper *s, struct text *t, struct stamp *out);
enum reason stamp_tai64n(struct text *t, struct stamp *out);
/* Whether a classic stamp begins there. */
bool stamp_is_classic(struct text t);

/* Takes the priority of syslog, `<38>`, off the front: a stamp may stand behind it. */
bool stamp_skip_priority(struct text *t);

/* Takes what may stand before the stamp of a program's own log off the front: a priority, a bracket, a zone's name,
 * which *zone says (NULL: nobody asks).  Says whether a bracket was there. */
bool stamp_skip_before(struct text *t, struct text *zone);

/* A classic stamp of another zone than the options': so many seconds east of UTC. */
enum reason stamp_classic_in(struct stamper *s, int32_t offset, struct text *t, struct stamp *out);

/* Moves the chain over all whole lines of a part of a file, whether a classic stamp begins them or not.  `brackets`:
 * what stamp_skip_before takes may stand before it. */
void chain_lines(struct chain *c, struct text part, bool brackets);
/* The same line by line: `*day` is 0 at the start, and what the last stamp begins with, as a word, from then on. */
void chain_other_day(struct chain *c, uint64_t *day, struct text line, bool brackets);
static inline void chain_line(struct chain *c, uint64_t *day, struct text line, bool brackets) {
    /* A stamp of the same day as the one before moves nothing: its first six bytes are the same. */
    static const uint64_t six = UINT64_C(0xffffffffffff);
    if (line.size < WORD_SIZE || (word_at(line.at) & six) != *day) chain_other_day(c, day, line, brackets);
}

#endif
