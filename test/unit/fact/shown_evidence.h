/* Evidence to show in tests: four facts with 1, 2, 7 and 3 lines. */
#ifndef PARLEY_TEST_SHOWN_EVIDENCE_H
#define PARLEY_TEST_SHOWN_EVIDENCE_H

#include "fact/disclosure.h"
#include "gathered.h"

static const uint8_t evidence_key[EVIDENCE_KEY_SIZE] = {1, 2, 3};

struct shown {
    struct arena arena;
    struct gather *gather;
    struct gathered facts;
    struct buf sheet;
    struct sha256 hash;
    struct evidence evidence;
};

/* One line is UTF-8, one has a tab, one bytes that are no text, one is empty. */
static inline struct text shown_line(size_t fact, size_t line) {
    static const char *const lines[] = {"plain", "caf\xc3\xa9\tau lait", "\xff\x1b[2J", "", "a", "b", "c"};
    return text_of(lines[(fact + line) % COUNT(lines)]);
}

static inline void shown_make(struct shown *s) {
    static const size_t counts[] = {1, 2, 7, 3};
    *s = (struct shown){.gather = gather_of(INSTANT_HOUR, true), .sheet = {.max = SHEET_BYTES_MAX}};
    for (size_t i = 0; i < COUNT(counts); i++)
        for (size_t j = 0; j < counts[i]; j++) {
            struct observation o = seen((instant)j * INSTANT_SECOND, (uint32_t)i);
            o.first = o.last = START + (instant)i * INSTANT_SECOND; /* facts in the order of `counts` */
            assert_int_equal(gather_add(s->gather, &o, false, shown_line(i, j), (struct place_in_input){i, j}, NULL),
                             OK);
        }
    assert_int_equal(gather_end(s->gather, &s->arena, &s->facts, NULL), OK);
    assert_int_equal(sheet_write((struct sheet){s->facts.facts, s->facts.count}, &s->sheet, NULL), OK);
    s->hash = sheet_hash(buf_as_bytes(&s->sheet));
    assert_int_equal(evidence_build(&s->facts, s->hash, evidence_key, &s->arena, &s->evidence, NULL), OK);
}

static inline void shown_free(struct shown *s) {
    gather_free(s->gather);
    buf_free(&s->sheet);
    arena_free(&s->arena);
}

#endif
