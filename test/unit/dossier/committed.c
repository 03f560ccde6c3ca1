/* What an opened attachment proves together with what was said before it. */
#include "unit.h"

#include "pair.h"

#include "../fact/shown_evidence.h"
#include "claim/claim.h"
#include "dossier/verify.h"
#include "finding/answer.h"
#include "note/fingerprint.h"

#define MATTER "cert.north.example/0b0e9b6c-6f5c-4a47-8f0e-5d6a3f1c2b01"
#define FINDINGS                                                                                                       \
    "# parley findings v1\nfact,finding,count,first_seen,last_seen,upstream_ip,note\n"                                 \
    "0,confirmed,2,,,,\n1,not-seen,,,,,\n"

enum { MESSAGES_MAX = 8 };

struct world {
    struct pair pair;
    struct shown shown;
    struct arena arena;
    struct dossier of;
    struct buf packed;
    struct dossier_opened opened[2 * MESSAGES_MAX];
    size_t opened_count;
};

static void begin(struct world *w) {
    *w = (struct world){.packed = {.max = 16 << 20}};
    pair_begin(&w->pair);
    shown_make(&w->shown);
}

static void end(struct world *w) {
    buf_free(&w->packed);
    arena_free(&w->arena);
    shown_free(&w->shown);
    pair_end(&w->pair);
}

static struct text hex_of(struct world *w, struct sha256 sha) {
    char hex[SHA256_HEX];
    return arena_text(&w->pair.arena, sha256_hex(&sha, hex));
}

static void open_blob(struct world *w, struct sha256 blob) {
    struct dossier_opened *o = &w->opened[w->opened_count++];
    o->blob = blob;
    memcpy(o->file_key, pair_find(&w->pair, blob)->file_key, SEAL_FILE_KEY_SIZE);
}

typedef enum error write_body(const void *what, const struct head *h, struct buf *out);

/* Says it, with at most one attachment, and opens both unless `closed`. */
static void say(struct world *w, unsigned party, const char *kind, struct pair_attach attach, write_body *write,
                const void *what, bool closed) {
    struct buf body = {.max = BODY_MAX_BYTES};
    struct head h = pair_head(&w->pair, party, kind, MATTER), attached = h;
    struct attach line = {.role = attach.role, .plain = sha256_of(attach.plain)};
    size_t count = attach.role.size ? 1 : 0;
    if (text_is(h.kind, "claim")) h.tlp = attached.tlp = TEXT("AMBER");
    attached.attach = &line;
    attached.attach_count = count;
    assert_int_equal(write(what, &attached, &body), OK);
    uint64_t at = pair_say(&w->pair, party, h, buf_as_text(&body), &attach, count);
    struct entry entry;
    assert_int_equal(entry_read(pair_now(&w->pair, party)->leaves[at], &w->pair.arena, &entry, NULL), OK);
    for (size_t i = 0; i < entry.blob_count && !closed; i++) open_blob(w, entry.blobs[i].sha);
    buf_free(&body);
}

static enum error write_claim(const void *what, const struct head *h, struct buf *out) {
    return claim_write(what, h, 0, out, NULL);
}
static enum error write_disclose(const void *what, const struct head *h, struct buf *out) {
    return disclose_write(what, h, 0, out, NULL);
}
static enum error write_ask(const void *what, const struct head *h, struct buf *out) {
    return ask_write(what, h, 0, out, NULL);
}
static enum error write_commit(const void *what, const struct head *h, struct buf *out) {
    return commit_write(what, h, 0, out, NULL);
}

static struct text sheet_of(struct world *w) { return hex_of(w, sha256_of(buf_as_bytes(&w->shown.sheet))); }

static void say_claim(struct world *w, struct text facts, bool closed) {
    struct pair_attach sheet = {TEXT("facts"), TEXT("text/csv"), TEXT("facts.csv"), bytes_from_text(facts)};
    struct claim c = {.title = TEXT("Attempts"),
                      .sheet = hex_of(w, sha256_of(bytes_from_text(facts))),
                      .rows = 4,
                      .evidence_root = hex_of(w, evidence_root(&w->shown.evidence)),
                      .evidence_size = 4};
    say(w, 0, "claim", sheet, write_claim, &c, closed);
}

static void say_disclosure(struct world *w, struct text sheet, struct text file) {
    struct row_range range = {2, 2};
    struct ask ask = {.sheet = sheet, .rows = {&range, 1}};
    struct disclose d = {.sheet = sheet, .rows = {&range, 1}};
    say(w, 1, "ask", (struct pair_attach){0}, write_ask, &ask, false);
    say(w, 0, "disclose",
        (struct pair_attach){TEXT("evidence"), TEXT("text/plain"), TEXT("evidence.txt"), bytes_from_text(file)},
        write_disclose, &d, false);
}

static struct text disclosed(struct world *w) {
    static const uint64_t lines[] = {0, 2, 3};
    struct chosen chosen = {2, lines, COUNT(lines)};
    struct buf out = {.max = 1 << 20};
    assert_int_equal(disclosure_write(&w->shown.evidence, &chosen, 1, &out, NULL), OK);
    struct text t = arena_text(&w->pair.arena, buf_as_text(&out));
    buf_free(&out);
    return t;
}

/* The attachment of the last message of that kind, after the dossier was written, read and verified. */
static struct proved_attachment verified(struct world *w, const char *kind) {
    struct bytes checkpoints[2];
    struct text fingerprints[2];
    struct dossier_source from = {
        .opened = w->opened, .opened_count = w->opened_count, .blobs = {pair_front, &w->pair}};
    struct dossier_report report;
    struct diag d = {0};
    for (unsigned i = 0; i < 2; i++) {
        char digits[FINGERPRINT_SIZE];
        struct pair_record *r = pair_now(&w->pair, i);
        struct dossier_record *record = ARENA_NEW(&w->pair.arena, struct dossier_record);
        checkpoints[i] = pair_checkpoint(&w->pair, i);
        fingerprints[i] =
            arena_text(&w->pair.arena, fingerprint_write(pair_vkey(&w->pair, w->pair.of[i].root), digits));
        *record = (struct dossier_record){r->channel, r->origin, r->leaves, r->count, checkpoints[i]};
        from.parties[i] = (struct dossier_party){w->pair.of[i].name, record, 1};
    }
    const struct dossier_root roots[] = {{w->pair.of[0].name, fingerprints[0]}, {w->pair.of[1].name, fingerprints[1]}};
    assert_int_equal(dossier_write(&from, tar_sink_buf(&w->packed), &d), OK);
    assert_int_equal(dossier_read(buf_as_bytes(&w->packed), &w->arena, &w->of, &d), OK);
    assert_int_equal(dossier_verify(&w->of, roots, 2, INSTANT_NONE, &w->arena, &report, &d), OK);
    for (size_t i = report.message_count; i-- > 0;)
        if (text_is(report.messages[i].message->head.kind, kind)) return report.messages[i].attachments[0];
    assert_non_null(NULL); /* none of that kind is opened */
    return (struct proved_attachment){0};
}

static void check(struct text words, const char *part) {
    if (part) assert_true(text_search(words, text_of(part)) != SIZE_MAX);
    if (!part) assert_int_equal(words.size, 0);
}

static struct text swapped(struct world *w, struct text t, const char *from, const char *to) {
    size_t at = text_search(t, text_of(from));
    assert_true(at != SIZE_MAX);
    return arena_format(&w->pair.arena, "%.*s%s%.*s", (int)at, t.at, to, (int)(t.size - at - strlen(from)),
                        t.at + at + strlen(from));
}

static void lines_are_held_against_the_claim(void **state) {
    (void)state;
    static const struct {
        const char *from, *to, *note, *flaw;
        bool closed;
    } cases[] = {
        {"", "", "facts: 1, lines: 3; each was committed to by the claim", NULL, false},
        {"", "", "not checked: the claim that commits to it is not opened", NULL, true},
        {"line 2 ", "line 1 ", NULL, "", false},
        {"size 4", "size 3", NULL, "4 were claimed", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world w;
        begin(&w);
        say_claim(&w, buf_as_text(&w.shown.sheet), cases[i].closed);
        say_disclosure(&w, sheet_of(&w), swapped(&w, disclosed(&w), cases[i].from, cases[i].to));
        struct proved_attachment a = verified(&w, "disclose");
        check(a.note, cases[i].note);
        check(a.flaw, cases[i].flaw);
        assert_int_equal(a.flaw.size > 0, cases[i].flaw != NULL);
        end(&w);
    }
}

/* The root is over other facts than those of the sheet that the claim attaches. */
static void lines_behind_another_fact_are_a_flaw(void **state) {
    (void)state;
    struct world w;
    begin(&w);
    struct fact facts[4];
    struct buf other = {.max = 1 << 20};
    memcpy(facts, w.shown.facts.facts, sizeof facts);
    facts[2].count++;
    assert_int_equal(sheet_write((struct sheet){facts, 4}, &other, NULL), OK);
    say_claim(&w, buf_as_text(&other), false);
    say_disclosure(&w, hex_of(&w, sha256_of(buf_as_bytes(&other))), disclosed(&w));
    check(verified(&w, "disclose").flaw, "fact 2 is another than that of the sheet");
    buf_free(&other);
    end(&w);
}

static void what_is_revealed_is_held_against_the_commit(void **state) {
    (void)state;
    static const struct {
        const char *revealed, *note, *flaw;
        bool closed;
    } cases[] = {
        {FINDINGS, "committed to by the message", NULL, false},
        {FINDINGS, "not checked: the commit before it is not opened", NULL, true},
        {FINDINGS "2,refuted,,,,,\n", NULL, "not what was committed to", false},
    };
    static const uint8_t salt[COMMIT_SALT_SIZE] = {7};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world w;
        begin(&w);
        say_claim(&w, buf_as_text(&w.shown.sheet), false);
        struct commit c = {.sheet = sheet_of(&w),
                           .commitment = hex_of(&w, commitment_of(salt, bytes_from_text(TEXT(FINDINGS))))};
        struct sha256 salt_as;
        memcpy(salt_as.at, salt, sizeof salt);
        say(&w, 1, "commit", (struct pair_attach){0}, write_commit, &c, cases[i].closed);
        c.salt = hex_of(&w, salt_as);
        say(&w, 1, "reveal",
            (struct pair_attach){TEXT("findings"), TEXT("text/csv"), TEXT("findings.csv"),
                                 bytes_from_text(text_of(cases[i].revealed))},
            write_commit, &c, false);
        struct proved_attachment a = verified(&w, "reveal");
        check(a.note, cases[i].note);
        check(a.flaw, cases[i].flaw);
        end(&w);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_held_against_the_claim),
        cmocka_unit_test(lines_behind_another_fact_are_a_flaw),
        cmocka_unit_test(what_is_revealed_is_held_against_the_commit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
