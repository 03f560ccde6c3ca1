/* Dossiers: what an honest one proves, and that a dishonest or a damaged one is refused. */
#include "unit.h"

#include "pair.h"

#include "claim/claim.h"
#include "dossier/tail.h"
#include "dossier/verify.h"
#include "finding/answer.h"
#include "matter/dialogue.h"
#include "note/fingerprint.h"

#define MATTER "cert.north.example/0b0e9b6c-6f5c-4a47-8f0e-5d6a3f1c2b01"
#define SHEET_HEAD                                                                                                     \
    "# parley facts v1\n"                                                                                              \
    "first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence\n"
#define SHEET_FIRST "2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,\n"
#define SHEET_SECOND "2026-03-01T06:57:00Z,2026-03-01T06:57:00Z,192.0.2.18,,,22,,tcp,brute-force,1,\n"
#define SHEET SHEET_HEAD SHEET_FIRST SHEET_SECOND
#define FINDINGS                                                                                                       \
    "# parley findings v1\nfact,finding,count,first_seen,last_seen,upstream_ip,note\n"                                 \
    "0,confirmed,2,,,,\n1,not-seen,,,,,\n"

static struct pair pair;
static struct arena arena;
static struct buf packed;
static uint64_t claim_at, acknowledge_at, answer_at;
static struct text fingerprints[2];
static struct bytes checkpoints[2];

/* ---- a small case */

static struct text hash_of(struct text t) {
    struct sha256 sha = sha256_of(bytes_from_text(t));
    char hex[SHA256_HEX];
    return arena_text(&pair.arena, sha256_hex(&sha, hex));
}

/* pair_say attaches by itself; the writers of bodies want to see it in the head. */
static struct head with(struct head h, const struct pair_attach *attach) {
    h.attach = ARENA_NEW(&pair.arena, struct attach);
    *h.attach = (struct attach){.role = attach->role, .plain = sha256_of(attach->plain)};
    h.attach_count = 1;
    return h;
}

static void say_claim_on(struct text facts) {
    struct pair_attach sheet = {TEXT("facts"), TEXT("text/csv"), TEXT("facts.csv"), bytes_from_text(facts)};
    struct head h = pair_head(&pair, 0, "claim", MATTER);
    struct claim c = {.title = TEXT("Attempts"), .sheet = hash_of(facts), .rows = 2, .evidence_size = UINT64_MAX};
    struct buf body = {.max = BODY_MAX_BYTES};
    h.tlp = TEXT("AMBER");
    struct head attached = with(h, &sheet);
    assert_int_equal(claim_write(&c, &attached, pair.now, &body, NULL), OK);
    claim_at = pair_say(&pair, 0, h, buf_as_text(&body), &sheet, 1);
    buf_free(&body);
}

static void say_claim(void) { say_claim_on(TEXT(SHEET)); }

static void say_acknowledge(void) {
    struct head h = pair_head(&pair, 1, "acknowledge", MATTER);
    struct dialogue s = DIALOGUE_EMPTY;
    struct buf body = {.max = BODY_MAX_BYTES};
    s.own_number = TEXT("117");
    assert_int_equal(dialogue_write(&s, &h, pair.now, &body, NULL), OK);
    acknowledge_at = pair_say(&pair, 1, h, buf_as_text(&body), NULL, 0);
    buf_free(&body);
}

static void say_answer(void) {
    struct pair_attach sheet = {TEXT("findings"), TEXT("text/csv"), TEXT("findings.csv"),
                                bytes_from_text(TEXT(FINDINGS))};
    struct head h = pair_head(&pair, 1, "answer", MATTER);
    struct findings f;
    struct buf body = {.max = BODY_MAX_BYTES};
    assert_int_equal(findings_read(sheet.plain, &pair.arena, &f, NULL), OK);
    struct answer w = {
        .sheet = hash_of(TEXT(SHEET)), .findings = f, .findings_sheet = hash_of(TEXT(FINDINGS)), .text = TEXT("So.")};
    struct head attached = with(h, &sheet);
    assert_int_equal(answer_write(&w, &attached, pair.now, &body, NULL), OK);
    answer_at = pair_say(&pair, 1, h, buf_as_text(&body), &sheet, 1);
    buf_free(&body);
}

static struct sha256 first_blob(unsigned party, uint64_t index) {
    struct entry e;
    assert_int_equal(entry_read(pair_now(&pair, party)->leaves[index], &pair.arena, &e, NULL), OK);
    return e.blobs[0].sha;
}

static struct sha256 second_blob(unsigned party, uint64_t index) {
    struct entry e;
    assert_int_equal(entry_read(pair_now(&pair, party)->leaves[index], &pair.arena, &e, NULL), OK);
    return e.blobs[1].sha;
}

static struct dossier_opened key_of(struct sha256 blob) {
    struct dossier_opened opened = {.blob = blob};
    memcpy(opened.file_key, pair_find(&pair, blob)->file_key, SEAL_FILE_KEY_SIZE);
    return opened;
}

static struct dossier_source source_of(const struct dossier_opened *opened, size_t count) {
    struct dossier_source from = {.opened = opened, .opened_count = count, .blobs = {pair_front, &pair}};
    for (unsigned i = 0; i < 2; i++) {
        struct dossier_record *records = ARENA_ARRAY(&pair.arena, struct dossier_record, 1);
        struct pair_record *r = pair_now(&pair, i);
        records[0] = (struct dossier_record){r->channel, r->origin, r->leaves, r->count, checkpoints[i]};
        from.parties[i] = (struct dossier_party){pair.of[i].name, records, 1};
    }
    return from;
}

/* All but the acknowledgement is opened. */
static enum error pack_all(struct buf *out) {
    const struct dossier_opened opened[] = {key_of(first_blob(0, claim_at)), key_of(second_blob(0, claim_at)),
                                            key_of(first_blob(1, answer_at)), key_of(second_blob(1, answer_at))};
    struct dossier_source from = source_of(opened, COUNT(opened));
    return dossier_write(&from, tar_sink_buf(out), NULL);
}

static int begin(void **state) {
    (void)state;
    pair_begin(&pair);
    say_claim();
    pair_receipt(&pair, 0);
    say_acknowledge();
    say_answer();
    pair_receipt(&pair, 0);
    pair_append(&pair, 1, (struct entry){0});
    for (unsigned i = 0; i < 2; i++) {
        char digits[FINGERPRINT_SIZE];
        fingerprints[i] = arena_text(&pair.arena, fingerprint_write(pair_vkey(&pair, pair.of[i].root), digits));
        checkpoints[i] = pair_checkpoint(&pair, i);
    }
    packed = (struct buf){.max = 16 << 20};
    return pack_all(&packed) != OK;
}

static int end(void **state) {
    (void)state;
    buf_free(&packed);
    arena_free(&arena);
    pair_end(&pair);
    return 0;
}

/* ---- verifying */

static enum error verify_with(struct bytes b, struct text north, struct text south, struct dossier_report *report,
                              struct diag *d) {
    static struct dossier of; /* the report points into it */
    const struct dossier_root roots[] = {{pair.of[0].name, north}, {pair.of[1].name, south}};
    arena_free(&arena);
    enum error result = dossier_read(b, &arena, &of, d);
    return result ? result : dossier_verify(&of, roots, 2, INSTANT_NONE, &arena, report, d);
}

static enum error verify(struct bytes b, struct dossier_report *report, struct diag *d) {
    return verify_with(b, fingerprints[0], fingerprints[1], report, d);
}

static void an_honest_dossier_holds(void **state) {
    (void)state;
    struct dossier_report r;
    struct diag d = {0};
    enum error result = verify(buf_as_bytes(&packed), &r, &d);
    if (result) print_error("%s\n", d.text);
    assert_int_equal(result, OK);
    assert_int_equal(r.message_count, 2);
    assert_int_equal(r.closed_messages, 1);
    assert_int_equal(r.closed_attachments, 0);
    assert_int_equal(r.records[0][0].receipt_count, 1);
    assert_int_equal(r.records[0][0].cards, 1);
    assert_int_equal(r.records[1][0].closed, 1);
    for (size_t i = 0; i < 2; i++) {
        const struct proved_message *m = &r.messages[i];
        assert_true(m->sealed && m->to_addressee);
        assert_int_equal(m->signed_by.count, 1);
        assert_non_null(m->verdict);
        assert_int_equal(m->verdict->why, VOID_NONE);
        assert_true(m->verdict->delivered != INSTANT_NONE);
        assert_int_equal(m->attachments[0].state, ATTACHED_OPEN);
        assert_int_equal(m->attachments[0].flaw.size, 0);
    }
    assert_true(text_is(text_from_bytes(r.messages[0].attachments[0].plain), SHEET));
    assert_int_equal(r.state.matter_count, 1);
    assert_int_equal(r.state.matters[0].sheets[0].standing.word, STANDING_CORROBORATED);
    assert_int_equal(r.state.channel.contradiction_count, 0);
}

static void its_bytes_repeat(void **state) {
    (void)state;
    struct buf again = {.max = 16 << 20};
    assert_int_equal(pack_all(&again), OK);
    assert_true(text_equal(buf_as_text(&again), buf_as_text(&packed)));
    buf_free(&again);
}

static bool paper_has(const struct dossier_report *r, const char *words) {
    struct buf page = {.max = 1 << 20};
    dossier_report_html(r, buf_as_bytes(&packed), false, &page);
    assert_int_equal(buf_check(&page, NULL), OK);
    bool has = text_search(buf_as_text(&page), text_of(words)) != SIZE_MAX;
    buf_free(&page);
    return has;
}

static void the_report_is_said_in_json_and_in_words(void **state) {
    (void)state;
    struct dossier_report r;
    assert_int_equal(verify(buf_as_bytes(&packed), &r, NULL), OK);
    struct buf page = {.max = 1 << 20}, json = {.max = 1 << 20};
    json_t *report = dossier_report_json(&r);
    json_canonical(report, &json);
    json_decref(report);
    dossier_report_page(&r, &page);
    assert_int_equal(buf_check(&page, NULL), OK);
    assert_int_equal(buf_check(&json, NULL), OK);
    static const char *const in_page[] = {"The dossier holds.", "corroborated by the findings of cert.south.example",
                                          "closed messages: 1, closed attachments: 0", "signed by a.officer"};
    for (size_t i = 0; i < COUNT(in_page); i++)
        assert_true(text_search(buf_as_text(&page), text_of(in_page[i])) != SIZE_MAX);
    for (size_t i = 0; i < 2; i++) assert_true(paper_has(&r, in_page[i]));
    assert_true(paper_has(&r, "closed: 1</dd>"));
    assert_true(text_search(buf_as_text(&json), TEXT("\"closed_messages\":1")) != SIZE_MAX);
    assert_true(text_search(buf_as_text(&json), TEXT("\"sealed_to_addressee\":true")) != SIZE_MAX);
    buf_free(&page);
    buf_free(&json);
}

/* The whole of what is chosen, and nothing else: no byte of the closed message is there but its end. */
static void nothing_else_is_in_it(void **state) {
    (void)state;
    struct pair_blob *closed = pair_find(&pair, first_blob(1, acknowledge_at));
    struct text whole = buf_as_text(&packed);
    assert_true(text_search(whole, text_from_bytes(bytes_of(closed->content.at, 250))) == SIZE_MAX);
    assert_true(text_search(whole, text_from_bytes(bytes_of(closed->content.at + 400, 32))) == SIZE_MAX);
}

static void a_wrong_fingerprint_is_refused(void **state) {
    (void)state;
    struct dossier_report r;
    struct diag d = {0};
    struct bytes b = buf_as_bytes(&packed);
    assert_int_equal(verify_with(b, fingerprints[1], fingerprints[1], &r, &d), ERR_NO);
    assert_true(text_search(text_of(d.text), fingerprints[0]) != SIZE_MAX);
    assert_int_equal(verify_with(b, fingerprints[0], fingerprints[0], &r, &d), ERR_NO);
    assert_int_equal(verify_with(b, fingerprints[0], TEXT("12345"), &r, &d), ERR_NO);
    assert_int_equal(verify_with(b, fingerprints[0], (struct text){0}, &r, &d), ERR_NO);
    struct dossier of;
    assert_int_equal(dossier_read(b, &arena, &of, NULL), OK);
    assert_int_equal(dossier_verify(&of, NULL, 0, INSTANT_NONE, &arena, &r, &d), ERR_NO);
}

/* Every byte, one after the other. */
static void every_flipped_byte_is_refused(void **state) {
    (void)state;
    struct dossier_report r;
    for (size_t i = 0; i < packed.size; i++) {
        struct diag d = {0};
        packed.at[i] ^= (uint8_t)(1 << (i % 8));
        enum error result = verify(buf_as_bytes(&packed), &r, &d);
        packed.at[i] ^= (uint8_t)(1 << (i % 8));
        if (!result) print_error("offset %zu\n", i);
        assert_true(result != OK && d.text[0]);
    }
}

static void every_cut_is_refused(void **state) {
    (void)state;
    struct dossier_report r;
    for (size_t size = 0; size < packed.size; size += 487)
        assert_int_not_equal(verify(bytes_of(packed.at, size), &r, NULL), OK);
}

/* ---- dossiers made by the dishonest: files taken out, put in, changed, and all hashes right */

typedef bool edit(struct tar_file *file, void *how); /* false: leave it out */

static void remake(struct buf *out, edit *change, void *how, const struct tar_file *extra) {
    struct tar_file *files;
    size_t count;
    struct arena a = {0};
    struct tar_writer *w = tar_writer_new(tar_sink_buf(out));
    assert_int_equal(tar_read(buf_as_bytes(&packed), &a, &files, &count, NULL), OK);
    for (size_t i = 0; i < count; i++) {
        if (extra && text_compare(files[i].name, extra->name) > 0 && text_starts(files[i].name, TEXT("blobs/"))) {
            assert_int_equal(tar_add(w, extra->name, extra->content, NULL), OK);
            extra = NULL;
        }
        if (!change || change(&files[i], how)) assert_int_equal(tar_add(w, files[i].name, files[i].content, NULL), OK);
    }
    assert_int_equal(tar_end(w, NULL), OK);
    tar_writer_free(w);
    arena_free(&a);
}

static bool leave_out(struct tar_file *file, void *how) { return !text_equal(file->name, *(struct text *)how); }

static enum error verify_without(struct text name, struct diag *d) {
    struct dossier_report r;
    struct buf out = {.max = 16 << 20};
    remake(&out, leave_out, &name, NULL);
    enum error result = verify(buf_as_bytes(&out), &r, d);
    buf_free(&out);
    return result;
}

static struct text blob_name(struct sha256 sha) {
    char hex[SHA256_HEX];
    return arena_format(&pair.arena, "blobs/%.*s", TEXT_ARG(sha256_hex(&sha, hex)));
}

static void no_file_can_be_left_out(void **state) {
    (void)state;
    struct tar_file *files;
    size_t count;
    assert_int_equal(tar_read(buf_as_bytes(&packed), &pair.arena, &files, &count, NULL), OK);
    for (size_t i = 0; i < count; i++) {
        struct diag d = {0};
        enum error result = verify_without(files[i].name, &d);
        assert_true(result == ERR_NO || result == ERR_INPUT);
    }
    struct diag d = {0};
    assert_int_equal(verify_without(blob_name(first_blob(0, 0)), &d), ERR_NO);
    assert_true(text_search(text_of(d.text), TEXT("card")) != SIZE_MAX);
}

static void nothing_can_be_put_in(void **state) {
    (void)state;
    struct dossier_report r;
    struct text stranger = TEXT("a stranger's blob");
    struct tar_file extra = {.name = blob_name(sha256_of(bytes_from_text(stranger))),
                             .content = bytes_from_text(stranger)};
    struct buf out = {.max = 16 << 20};
    remake(&out, NULL, NULL, &extra);
    assert_int_equal(verify(buf_as_bytes(&out), &r, NULL), ERR_INPUT);
    buf_free(&out);
}

/* A rotation drops the officer who speaks afterwards; who leaves that card out would make it count. */
static void an_omitted_rotation_is_refused(void **state) {
    (void)state;
    struct signer *old = pair.of[1].officer;
    pair.of[1].officer = pair_key(&pair, 1, "officer/a.officer", KEY_ED25519);
    uint64_t rotation = pair_publish(&pair, 1);
    signer_free(pair.of[1].officer);
    pair.of[1].officer = old;
    say_answer();
    for (unsigned i = 0; i < 2; i++) checkpoints[i] = pair_checkpoint(&pair, i);
    buf_clear(&packed);
    assert_int_equal(pack_all(&packed), OK);
    struct dossier_report r;
    struct diag d = {0};
    assert_int_equal(verify(buf_as_bytes(&packed), &r, &d), OK);
    const struct proved_message *last = &r.messages[r.message_count - 1];
    assert_int_equal(last->entry->index, answer_at);
    assert_int_equal(last->verdict->why, VOID_AUTHOR);
    assert_int_equal(r.records[1][0].cards, 2);
    assert_int_equal(verify_without(blob_name(first_blob(1, rotation)), &d), ERR_NO);
    assert_true(text_search(text_of(d.text), TEXT("may be a card")) != SIZE_MAX);
}

struct tail_edit {
    struct text name, tail_line;
    struct bytes card;
};

static bool put_tail_for_card(struct tar_file *file, void *how) {
    struct tail_edit *e = how;
    if (text_equal(file->name, e->name)) return false;
    if (text_is(file->name, "tails")) {
        struct text old = text_from_bytes(file->content), line;
        struct buf out = {.max = 1 << 20};
        bool put = false;
        while (text_line(&old, &line)) {
            if (!put && text_compare(line, e->tail_line) > 0) buf_text(&out, e->tail_line), put = true;
            buf_format(&out, "%.*s\n", TEXT_ARG(line));
        }
        if (!put) buf_text(&out, e->tail_line);
        file->content = arena_bytes(&pair.arena, buf_as_bytes(&out));
        buf_free(&out);
    }
    return true;
}

/* The end of a card, truly given, does not pass for that of a sealed message. */
static void a_card_shown_by_its_end_is_refused(void **state) {
    (void)state;
    uint64_t rotation = pair_publish(&pair, 1);
    for (unsigned i = 0; i < 2; i++) checkpoints[i] = pair_checkpoint(&pair, i);
    buf_clear(&packed);
    assert_int_equal(pack_all(&packed), OK);
    struct sha256 sha = first_blob(1, rotation);
    struct tail t = tail_of(pair_find(&pair, sha)->content);
    struct buf line = {.max = 4096}, out = {.max = 16 << 20};
    buf_hex(&line, sha256_bytes(&sha));
    buf_format(&line, " %llu ", (unsigned long long)t.before);
    buf_hex(&line, sha256_bytes(&t.state));
    buf_char(&line, ' ');
    buf_base64(&line, t.bytes, BASE64_PADDED);
    buf_char(&line, '\n');
    struct tail_edit how = {.name = blob_name(sha), .tail_line = buf_as_text(&line)};
    remake(&out, put_tail_for_card, &how, NULL);
    struct dossier_report r;
    struct diag d = {0};
    assert_int_equal(verify(buf_as_bytes(&out), &r, &d), ERR_NO);
    assert_true(text_search(text_of(d.text), TEXT("may be a card")) != SIZE_MAX);
    buf_free(&line);
    buf_free(&out);
}

/* ---- what the sender did, and the dossier only shows */

static void a_message_sealed_to_others_is_shown_so(void **state) {
    (void)state;
    struct seal_identity *theirs = pair.of[1].identity;
    struct card_line *line = &pair.of[1].card.recipients[0];
    struct seal_identity *stranger = seal_identity_new(&pair.random);
    struct seal_recipient age = seal_identity_recipient(stranger);
    struct buf recipient = {.max = 256};
    seal_recipient_write(&age, &recipient);
    struct text before = line->value;
    line->value = arena_text(&pair.arena, buf_as_text(&recipient));
    buf_free(&recipient);
    struct head h = pair_head(&pair, 0, "check-in", "");
    struct dialogue s = DIALOGUE_EMPTY;
    struct buf body = {.max = BODY_MAX_BYTES};
    assert_int_equal(dialogue_write(&s, &h, pair.now, &body, NULL), OK);
    uint64_t at = pair_say(&pair, 0, h, buf_as_text(&body), NULL, 0);
    line->value = before;
    for (unsigned i = 0; i < 2; i++) checkpoints[i] = pair_checkpoint(&pair, i);
    struct dossier_opened opened = key_of(first_blob(0, at));
    struct dossier_source from = source_of(&opened, 1);
    buf_clear(&packed);
    assert_int_equal(dossier_write(&from, tar_sink_buf(&packed), NULL), OK);
    struct dossier_report r;
    assert_int_equal(verify(buf_as_bytes(&packed), &r, NULL), OK);
    assert_int_equal(r.message_count, 1);
    assert_false(r.messages[0].to_addressee);
    assert_int_equal(r.messages[0].verdict->why, VOID_NONE);
    seal_identity_free(stranger);
    buf_free(&body);
    (void)theirs;
}

static void a_body_that_is_not_understood_is_shown_so(void **state) {
    (void)state;
    struct head h = pair_head(&pair, 0, "check-in", "");
    uint64_t at = pair_say(&pair, 0, h, TEXT("{}"), NULL, 0);
    for (unsigned i = 0; i < 2; i++) checkpoints[i] = pair_checkpoint(&pair, i);
    struct dossier_opened opened = key_of(first_blob(0, at));
    struct dossier_source from = source_of(&opened, 1);
    buf_clear(&packed);
    assert_int_equal(dossier_write(&from, tar_sink_buf(&packed), NULL), OK);
    struct dossier_report r;
    assert_int_equal(verify(buf_as_bytes(&packed), &r, NULL), OK);
    assert_int_equal(r.message_count, 1);
    assert_true(r.messages[0].flaw.size > 0);
    assert_null(r.messages[0].verdict);
    struct buf page = {.max = 1 << 20};
    dossier_report_page(&r, &page);
    assert_true(text_search(buf_as_text(&page), TEXT("not understood")) != SIZE_MAX);
    assert_true(paper_has(&r, "! not understood"));
    buf_free(&page);
}

/* A claim is what its sender signed; that its sheet is none, or another than it says, is told beside it. */
static void a_sheet_that_does_not_fit_its_claim_is_shown_so(void **state) {
    (void)state;
    static const struct {
        const char *sheet, *why;
    } bad[] = {{SHEET_HEAD SHEET_SECOND SHEET_FIRST, "line 4: expected rows in bytewise order"},
               {SHEET_HEAD SHEET_FIRST, "speaks of 2 facts"}};
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct dossier_report r;
        say_claim_on(text_of(bad[i].sheet));
        for (unsigned p = 0; p < 2; p++) checkpoints[p] = pair_checkpoint(&pair, p);
        const struct dossier_opened opened[] = {key_of(first_blob(0, claim_at)), key_of(second_blob(0, claim_at))};
        struct dossier_source from = source_of(opened, COUNT(opened));
        buf_clear(&packed);
        assert_int_equal(dossier_write(&from, tar_sink_buf(&packed), NULL), OK);
        assert_int_equal(verify(buf_as_bytes(&packed), &r, NULL), OK);
        struct text flaw = r.messages[0].attachments[0].flaw;
        assert_true(text_search(flaw, text_of(bad[i].why)) != SIZE_MAX);
    }
}

static void wrong_keys_open_nothing(void **state) {
    (void)state;
    struct dossier_report r;
    struct diag d = {0};
    struct dossier_opened opened = key_of(first_blob(0, claim_at)), alone = key_of(second_blob(0, claim_at));
    opened.file_key[3] ^= 1;
    struct dossier_source from = source_of(&opened, 1);
    buf_clear(&packed);
    assert_int_equal(dossier_write(&from, tar_sink_buf(&packed), NULL), OK);
    assert_int_equal(verify(buf_as_bytes(&packed), &r, &d), ERR_NO);
    from = source_of(&alone, 1); /* an attachment without its message */
    buf_clear(&packed);
    assert_int_equal(dossier_write(&from, tar_sink_buf(&packed), NULL), OK);
    assert_int_equal(verify(buf_as_bytes(&packed), &r, &d), ERR_INPUT);
}

static void what_is_not_held_cant_be_packed(void **state) {
    (void)state;
    struct buf out = {.max = 16 << 20};
    struct sha256 names[] = {first_blob(0, 0), first_blob(1, acknowledge_at), first_blob(0, claim_at)};
    for (size_t i = 0; i < COUNT(names); i++) {
        pair_find(&pair, names[i])->withheld = true;
        assert_int_equal(pack_all(&out), ERR_MISSING);
        pair_find(&pair, names[i])->withheld = false;
        buf_clear(&out);
    }
    struct bytes before = checkpoints[0];
    checkpoints[0] = checkpoints[1];
    assert_int_equal(pack_all(&out), ERR_INPUT);
    checkpoints[0] = before;
    buf_free(&out);
}

/* The checkpoint of an older size: the dossier ends there, and what the other has seen beyond is told. */
static void a_dossier_may_end_earlier_but_says_so(void **state) {
    (void)state;
    struct bytes older = checkpoints[0];
    say_claim(); /* a second opening: void, but there */
    pair_append(&pair, 1, (struct entry){0});
    checkpoints[1] = pair_checkpoint(&pair, 1);
    checkpoints[0] = older;
    struct dossier_source from = source_of(NULL, 0);
    buf_clear(&packed);
    assert_int_equal(dossier_write(&from, tar_sink_buf(&packed), NULL), OK);
    struct dossier_report r;
    assert_int_equal(verify(buf_as_bytes(&packed), &r, NULL), OK);
    assert_int_equal(r.state.channel.contradiction_count, 1);
    assert_true(paper_has(&r, "what it says to have seen is not in this dossier"));
    struct buf page = {.max = 1 << 20};
    dossier_report_page(&r, &page);
    assert_true(text_search(buf_as_text(&page), TEXT("entries were left out")) != SIZE_MAX);
    buf_free(&page);
}

/* Signature lines that nobody could check are not taken in. */
static void strangers_signatures_are_left_out(void **state) {
    (void)state;
    struct signer *stranger = signer_new(TEXT("stranger.example"), KEY_COSIGNATURE, &pair.random);
    struct buf note = {.max = CHECKPOINT_MAX_BYTES};
    buf_bytes(&note, checkpoints[0]);
    buf_format(&note, "%.*s\n", TEXT_ARG(pair_cosign(&pair, 0, pair_now(&pair, 0)->count, stranger)));
    checkpoints[0] = arena_bytes(&pair.arena, buf_as_bytes(&note));
    struct buf out = {.max = 16 << 20};
    assert_int_equal(pack_all(&out), OK);
    assert_true(text_equal(buf_as_text(&out), buf_as_text(&packed)));
    buf_free(&out);
    buf_free(&note);
    signer_free(stranger);
}

/* Whoever writes a dossier can't say whose cosignatures count: terms say it, and those must be open. */
static void a_policy_of_its_own_is_refused(void **state) {
    (void)state;
    struct signer *stranger = signer_new(TEXT("stranger.example"), KEY_COSIGNATURE, &pair.random);
    struct text named = pair_vkey(&pair, stranger);
    const struct dossier_opened opened[] = {key_of(first_blob(0, claim_at))};
    struct buf note = {.max = CHECKPOINT_MAX_BYTES}, out = {.max = 16 << 20};
    struct dossier_report r;
    struct diag d = {0};
    buf_bytes(&note, checkpoints[0]);
    buf_format(&note, "%.*s\n", TEXT_ARG(pair_cosign(&pair, 0, pair_now(&pair, 0)->count, stranger)));
    checkpoints[0] = arena_bytes(&pair.arena, buf_as_bytes(&note));
    struct dossier_source from = source_of(opened, 1);
    from.witnesses = (struct names){&named, 1};
    assert_int_equal(dossier_write(&from, tar_sink_buf(&out), NULL), OK);
    assert_int_equal(verify(buf_as_bytes(&out), &r, &d), ERR_NO);
    assert_true(text_search(text_of(d.text), TEXT("stranger.example")) != SIZE_MAX);
    buf_free(&out);
    buf_free(&note);
    signer_free(stranger);
}

/* The other side lost its log key; no checkpoint by the old one is taken. */
static void a_dropped_log_key_signs_nothing(void **state) {
    (void)state;
    struct signer *old = pair.of[1].log;
    pair.of[1].log = signer_new(pair_now(&pair, 1)->origin, KEY_ED25519, &pair.random);
    pair_publish(&pair, 1);
    struct dossier_report r;
    struct diag d = {0};
    checkpoints[1] = pair_checkpoint(&pair, 1);
    buf_clear(&packed);
    assert_int_equal(pack_all(&packed), OK);
    assert_int_equal(verify(buf_as_bytes(&packed), &r, &d), OK);
    struct signer *new = pair.of[1].log;
    pair.of[1].log = old;
    checkpoints[1] = pair_checkpoint(&pair, 1);
    buf_clear(&packed);
    assert_int_equal(pack_all(&packed), OK);
    assert_int_equal(verify(buf_as_bytes(&packed), &r, &d), ERR_NO);
    signer_free(new);
}

static void what_is_no_dossier_is_bad_input(void **state) {
    (void)state;
    struct dossier_report r;
    assert_int_equal(verify(bytes_from_text(TEXT("hello")), &r, NULL), ERR_INPUT);
    assert_int_equal(verify(bytes_of(NULL, 0), &r, NULL), ERR_INPUT);
    struct buf out = {.max = 1 << 20};
    struct tar_writer *w = tar_writer_new(tar_sink_buf(&out));
    assert_int_equal(tar_add(w, TEXT("dossier"), bytes_from_text(TEXT("parley dossier v2\n")), NULL), OK);
    assert_int_equal(tar_end(w, NULL), OK);
    tar_writer_free(w);
    assert_int_equal(verify(buf_as_bytes(&out), &r, NULL), ERR_INPUT);
    buf_free(&out);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(an_honest_dossier_holds),
        TEST(its_bytes_repeat),
        TEST(the_report_is_said_in_json_and_in_words),
        TEST(nothing_else_is_in_it),
        TEST(a_wrong_fingerprint_is_refused),
        TEST(every_flipped_byte_is_refused),
        TEST(every_cut_is_refused),
        TEST(no_file_can_be_left_out),
        TEST(nothing_can_be_put_in),
        TEST(an_omitted_rotation_is_refused),
        TEST(a_card_shown_by_its_end_is_refused),
        TEST(a_message_sealed_to_others_is_shown_so),
        TEST(a_body_that_is_not_understood_is_shown_so),
        TEST(a_sheet_that_does_not_fit_its_claim_is_shown_so),
        TEST(wrong_keys_open_nothing),
        TEST(what_is_not_held_cant_be_packed),
        TEST(a_dossier_may_end_earlier_but_says_so),
        TEST(strangers_signatures_are_left_out),
        TEST(a_policy_of_its_own_is_refused),
        TEST(a_dropped_log_key_signs_nothing),
        TEST(what_is_no_dossier_is_bad_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
