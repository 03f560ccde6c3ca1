/* Drafts: one spelling, whole or refused. */
#include "unit.h"

#include <stdio.h>

#include "message/draft.h"

#define NOON ((instant)1772366400 * INSTANT_SECOND) /* 2026-03-01T12:00:00Z */

static struct text note(struct arena *a) {
    struct random r = random_seeded(TEXT("draft"));
    struct signer *officer = signer_new(TEXT("cert.north.example/officer/a.officer"), KEY_ED25519, &r);
    struct head head = {.record = TEXT("parley/00"),
                        .id = TEXT("000102030405060708090a0b0c0d0e0f"),
                        .kind = TEXT("contacts"),
                        .from = TEXT("cert.north.example/incident"),
                        .by = TEXT("a.officer"),
                        .to = TEXT("cert.south.example"),
                        .tlp = TEXT("AMBER"),
                        .lang = TEXT("en")};
    struct buf out = {.max = 1 << 20};
    assert_int_equal(message_sign(&head, TEXT("{}"), (const struct signer *const[]){officer}, 1, &out, NULL), OK);
    struct text copy = arena_text(a, buf_as_text(&out));
    buf_free(&out);
    signer_free(officer);
    return copy;
}

static struct text recipient(struct arena *a, const char *seed) {
    struct random r = random_seeded(text_of(seed));
    struct seal_identity *identity = seal_identity_new(&r);
    struct seal_recipient to = seal_identity_recipient(identity);
    struct buf out = {.max = 256};
    seal_recipient_write(&to, &out);
    struct text copy = arena_text(a, buf_as_text(&out));
    buf_free(&out);
    seal_identity_free(identity);
    return copy;
}

static void what_is_written_is_read(void **state) {
    (void)state;
    struct arena a = {0};
    struct text to[] = {recipient(&a, "1"), recipient(&a, "2")};
    struct buf out = {.max = 1 << 20}, again = {.max = 1 << 20};
    struct draft back, draft = {.party = TEXT("cert.south.example"),
                                .drill = true,
                                .made = NOON,
                                .recipients = {to, 2},
                                .refused = {NOON + INSTANT_HOUR, TEXT("b.lead"), TEXT("two\nlines")}};
    draft.message.whole = bytes_from_text(note(&a));
    draft_write(&draft, &out);
    assert_int_equal(draft_read(buf_as_bytes(&out), &a, &back, NULL), OK);
    assert_true(back.drill && back.made == NOON && back.recipients.count == 2);
    assert_true(text_equal(back.refused.reason, TEXT("two\nlines")) && text_is(back.refused.by, "b.lead"));
    assert_true(text_is(back.message.head.kind, "contacts"));
    draft_write(&back, &again);
    assert_true(text_equal(buf_as_text(&out), buf_as_text(&again)));
    buf_free(&out);
    buf_free(&again);
    arena_free(&a);
}

static void anything_else_is_refused(void **state) {
    (void)state;
    struct arena a = {0};
    struct draft draft;
    struct text n = note(&a), r = recipient(&a, "1");
    struct {
        const char *front;
        bool good;
    } rows[] = {
        {"parley draft v1\nparty cert.south.example\nmade 2026-03-01T12:00:00Z\n\n", true},
        {"parley draft v2\nparty cert.south.example\nmade 2026-03-01T12:00:00Z\n\n", false},
        {"parley draft v1\nparty cert south\nmade 2026-03-01T12:00:00Z\n\n", false},
        {"parley draft v1\nparty cert.south.example\nmade 2026-03-01T12:00:00.000000Z\n\n", false},
        {"parley draft v1\nparty cert.south.example\nmade yesterday\n\n", false},
        {"parley draft v1\nparty cert.south.example\nmade 2026-03-01T12:00:00Z\nrecipient age1x\n\n", false},
        {"parley draft v1\nparty cert.south.example\nmade 2026-03-01T12:00:00Z\nrefused 2026-03-01T12:00:00Z b.lead "
         "bm8\n\n",
         false},
        {"parley draft v1\nparty cert.south.example\nmade 2026-03-01T12:00:00Z\nrefused 2026-03-01T12:00:00Z b.lead "
         "bm8=\n\n",
         true},
        {"parley draft v1\nparty cert.south.example\nmade 2026-03-01T12:00:00Z\nmore\n\n", false},
        {"parley draft v1\nparty cert.south.example\nmade 2026-03-01T12:00:00Z\n", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct text whole = arena_format(&a, "%s%.*s", rows[i].front, TEXT_ARG(n));
        enum error result = draft_read(bytes_from_text(whole), &a, &draft, NULL);
        assert_int_equal(result, rows[i].good ? OK : ERR_INPUT);
    }
    struct text twice = arena_format(&a,
                                     "parley draft v1\nparty cert.south.example\nmade 2026-03-01T12:00:00Z\nrecipient "
                                     "%.*s\nrecipient %.*s\n\n%.*s",
                                     TEXT_ARG(r), TEXT_ARG(r), TEXT_ARG(n));
    assert_int_equal(draft_read(bytes_from_text(twice), &a, &draft, NULL), ERR_INPUT);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(anything_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
