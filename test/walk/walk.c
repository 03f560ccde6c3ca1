/* The whole way, in memory: from the lines of a log to a dossier that a stranger verifies.  Start here.
 *
 * cert.north.example saw attempts to log in to its mail host; they came from addresses of cert.south.example.  What
 * follows is their case, in the order in which it happens; `main`, at the end, is its table of contents.  Each chapter
 * names the rooms of `src` in which its work is done, what comes in, what goes out, and what is proved by then: to see
 * how, read the headers of those rooms.  What both sides do again and again (speak, carry a record to the other, read)
 * is in side.c.  The clock stands still but for a minute an entry, and all randomness comes from one seed, so every run
 * is the same. */
#include "side.h"

#include "claim/from_fact.h"
#include "dossier/verify.h"
#include "fact/disclosure.h"
#include "finding/from_claim.h"
#include "line/formats.h"
#include "matter/dialogue.h"
#include "note/fingerprint.h"
#include "settlement/settlement.h"

#define CASE "cert.north.example/0b0e9b6c-6f5c-4a47-8f0e-5d6a3f1c2b01"

/* What North's mail host wrote on 1 March 2026. */
static const char north_log[] =
    "Mar  1 06:55:46 mail sshd[4711]: Invalid user admin from 192.0.2.17 port 40122\n"
    "Mar  1 06:55:48 mail sshd[4711]: Failed password for invalid user admin from 192.0.2.17 port 40122 ssh2\n"
    "Mar  1 06:57:00 mail sshd[4713]: Failed password for root from 192.0.2.18 port 51514 ssh2\n"
    "Mar  1 06:58:10 mail sshd[4720]: Accepted publickey for a.lead from 198.51.100.9 port 50000 ssh2\n"
    "Mar  1 07:01:30 mail sshd[4731]: Failed password for root from 192.0.2.19 port 33000 ssh2\n"
    "Mar  1 07:02:00 mail sshd[4711]: Failed password for root from 192.0.2.17 port 40188 ssh2\n";
/* Its lines name neither year nor zone: whoever reads them must say. */
static const struct stamp_options north_clock = {.year = 2026, .until = INSTANT_NONE};

/* What South's border saw leave its own house that morning. */
static const char south_log[] = "ts,sa,sp,da,dp,pr\n"
                                "2026-03-01T06:30:00Z,192.0.2.5,41000,203.0.113.1,443,tcp\n"
                                "2026-03-01T06:55:45Z,192.0.2.17,40122,198.51.100.7,22,tcp\n"
                                "2026-03-01T06:56:59Z,192.0.2.18,51514,198.51.100.7,22,tcp\n"
                                "2026-03-01T07:01:59Z,192.0.2.17,40188,198.51.100.7,22,tcp\n"
                                "2026-03-01T07:40:00Z,192.0.2.5,41001,203.0.113.1,443,tcp\n";
static const struct stamp_options south_clock = {.until = INSTANT_NONE};

enum { LINES_MAX = 16, FACTS = 3 };

static struct walk w;
static struct arena *const arena = &w.pair.arena;

/* What one chapter leaves to the next. */
static struct observation observations[LINES_MAX];
static struct text lines[LINES_MAX]; /* that each observation comes from */
static size_t observation_count;
static struct gather *gather;
static struct gathered gathered;
static struct bytes sheet;
static struct evidence evidence;
static struct claim claim;
static struct checked checked;
static struct text settlement; /* its name: its hash */
static struct bytes dossier;

static int begin(void **state) {
    (void)state;
    walk_begin(&w, CASE);
    return 0;
}

static int end(void **state) {
    (void)state;
    gather_free(gather);
    walk_end(&w);
    return 0;
}

/* ================ North: from its log to a claim */

/* line/ — In: the lines of a log.  Out: for each that tells of an attempt, who, what and when; for every other one, why
 * it is no fact.  Proved: nothing yet; what a stranger could put into a line is not taken for an address. */
static void lines_become_observations(void **state) {
    (void)state;
    struct reader reader;
    struct text left = TEXT(north_log), line;
    size_t others = 0;
    reader_start(&reader, format_find(TEXT("sshd")), NULL, &north_clock, (struct chain){0}, (struct text){0});
    while (text_line(&left, &line)) {
        lines[observation_count] = line;
        if (reader_line(&reader, line, &observations[observation_count]) == REASON_FACT)
            observation_count++;
        else
            others++;
    }
    assert_int_equal(observation_count, 5);
    assert_int_equal(others, 1); /* the lead came in, with a key */
}

static struct bytes sheet_of(const struct gathered *g) {
    struct buf text = {.max = 1 << 20};
    HOLDS(sheet_write((struct sheet){g->facts, g->count}, &text, &walk_diag));
    return walk_keep(&w, &text);
}

/* fact/ — In: observations.  Out: those of one source, target and event, without an hour of silence between them, are
 * one fact; the facts are a sheet, which has one spelling and so a name, its hash.  Proved: the order of the lines does
 * not matter. */
static void observations_become_a_fact_sheet(void **state) {
    (void)state;
    struct gather_options options = {.window = INSTANT_HOUR, .keep_lines = true, .max_bytes = 1 << 20};
    struct gather *backwards = gather_new(&options);
    struct gathered same;
    gather = gather_new(&options);
    for (size_t i = 0, k = observation_count; k-- > 0; i++) {
        struct place_in_input at = {0, i}, from_the_end = {0, k};
        HOLDS(gather_add(gather, &observations[i], false, lines[i], at, &walk_diag));
        HOLDS(gather_add(backwards, &observations[k], false, lines[k], from_the_end, &walk_diag));
    }
    HOLDS(gather_end(gather, arena, &gathered, &walk_diag));
    HOLDS(gather_end(backwards, arena, &same, &walk_diag));
    sheet = sheet_of(&gathered);
    assert_true(text_equal(text_from_bytes(sheet), text_from_bytes(sheet_of(&same))));
    assert_int_equal(gathered.count, FACTS);
    assert_int_equal(gathered.events, 5);
    gather_free(backwards);
}

/* fact/ — In: the lines behind the facts.  Out: one root over all of them, each salted.  Proved: North commits to its
 * lines now, shows none of them, and can show any one of them later. */
static void lines_become_evidence(void **state) {
    (void)state;
    uint8_t key[EVIDENCE_KEY_SIZE];
    random_fill(&w.pair.random, key, sizeof key);
    HOLDS(evidence_build(&gathered, sheet_hash(sheet), key, arena, &evidence, &walk_diag));
    assert_int_equal(evidence.count, FACTS);
    assert_int_equal(evidence.rows[0].count, 3);
}

/* claim/ — In: sheet and evidence.  Out: what a claim says of them.  Proved: it rests on facts that the other side can
 * check; a sheet without any makes no claim. */
static void facts_become_a_claim(void **state) {
    (void)state;
    struct claim none;
    struct gathered nothing = {0};
    assert_int_equal(claim_from_fact(sheet_of(&nothing), NULL, arena, &none, NULL), ERR_INPUT);
    HOLDS(claim_from_fact(sheet, &evidence, arena, &claim, &walk_diag));
    assert_int_equal(claim.rows, FACTS);
    assert_true(text_is(claim.events, "brute-force"));
    claim.title = TEXT("Attempts to log in to a mail host");
}

/* ================ From North to South */

/* message/, seal/, record/ — In: the claim.  Out: an entry of North's record.  Proved: an officer of North said it,
 * nobody but the two departments can open it, and the entry tells nothing of what it is. */
static void the_claim_is_signed_sealed_and_recorded(void **state) {
    (void)state;
    struct saying s = say_begin(&w, NORTH, "claim");
    s.head.tlp = TEXT("AMBER");
    say_attach(&w, &s, ROLE_FACTS, "facts.csv", sheet);
    HOLDS(claim_write(&claim, &s.head, w.pair.now, &s.body, &walk_diag));
    uint64_t index = say_end(&w, &s);

    struct seal_identity *stranger = seal_identity_new(&w.pair.random);
    struct opener with = {.identities = &stranger, .count = 1};
    struct buf plain = {.max = MESSAGE_MAX_BYTES};
    uint8_t key[SEAL_FILE_KEY_SIZE];
    assert_int_equal(message_unseal(s.blobs[0]->content, &with, UINT64_MAX, &plain, key, NULL), ERR_NO_KEY);
    seal_identity_free(stranger);
    struct text entry = text_from_bytes(pair_now(&w.pair, NORTH)->leaves[index]);
    assert_true(text_search(entry, TEXT("claim")) == SIZE_MAX && text_search(entry, TEXT("incident")) == SIZE_MAX);
}

/* tlog/, record/ — In: North's record.  Out: South's mirror of it, and South's cosignature, which North records.
 * Proved: to North, that South holds the claim, since when; to South, that North can take nothing back. */
static void the_record_is_mirrored_and_cosigned(void **state) {
    (void)state;
    deliver(&w, NORTH);
    struct reading *r = read_as(&w, NORTH);
    const struct entry_chain *own = &r->verdict.chains[NORTH];
    const struct entry_verdict *last = &own->entries[own->count - 1];
    struct matter_state folded;
    assert_int_equal(last->receipt_count, 1);
    assert_int_equal(last->receipts[0].size, own->count - 1);
    assert_int_equal(fold(&w, r, NULL, &folded)->state.answerer, STATE_DELIVERED);
}

/* message/, claim/, matter/ — In: what South mirrored.  Out: the claim, opened.  Proved: who said it and in which place
 * of the dialogue; and that the sheet attached is the one that the claim names, with as many facts. */
static void the_other_side_opens_the_claim(void **state) {
    (void)state;
    struct reading *r = read_as(&w, SOUTH);
    struct matter_state folded;
    struct claim received;
    const struct matter *m = fold(&w, r, NULL, &folded);
    assert_int_equal(m->opener, NORTH);
    assert_int_equal(m->opening->why, VOID_NONE);
    HOLDS(claim_from_message(find(r, "claim"), arena, &received, &walk_diag));
    HOLDS(claim_fits(&received, open_attachment(&w, SOUTH, find(r, "claim"), ROLE_FACTS), arena, &walk_diag));
}

/* ================ South: from the facts to findings */

/* Each line says that the log was there at its time; what it shows may be one of the facts. */
static void check_line(struct check *c, size_t source, const struct observation *o) {
    struct fact shown = {.known = o->known,
                         .src = o->src,
                         .dst = o->dst,
                         .src_port = o->src_port,
                         .dst_port = o->dst_port,
                         .protocol = o->protocol};
    struct sighting sighting = {.trace = check_fact_of(&shown).trace, .at = o->first, .count = o->count};
    HOLDS(check_stamp(c, source, o->first, &walk_diag));
    check_see(c, source, &sighting);
}

static void check_log(struct check *c, struct text left) {
    const struct format *flow = format_find(TEXT("flow"));
    struct columns columns;
    struct reader reader;
    struct text line;
    size_t source;
    HOLDS(check_source(c, TEXT("flows at the border"), true, &source, &walk_diag));
    assert_true(text_line(&left, &line));
    HOLDS(flow->head(line, &columns, &walk_diag));
    reader_start(&reader, flow, &columns, &south_clock, (struct chain){0}, (struct text){0});
    while (text_line(&left, &line)) {
        struct observation o;
        assert_int_equal(reader_line(&reader, line, &o), REASON_EVENT); /* a flow alone is no attempt */
        check_line(c, source, &o);
    }
}

/* finding/ — In: the sheet as South received it, and a log of its own.  Out: one suggestion a fact, and what the log
 * covers.  Proved: what the log shows of just these facts; a person signs what comes of it. */
static void the_facts_are_checked_against_a_log(void **state) {
    (void)state;
    struct check_options options = {.skew = CHECK_SKEW, .gap = CHECK_GAP};
    struct sheet alleged;
    HOLDS(sheet_read(open_attachment(&w, SOUTH, find(read_as(&w, SOUTH), "claim"), ROLE_FACTS), arena, &alleged,
                     &walk_diag));
    struct check *c = check_new(check_facts_of(alleged, arena), alleged.count, &options, &w.pair.random);
    check_log(c, TEXT(south_log));
    checked = check_end(c, arena);
    check_free(c);
    assert_int_equal(checked.findings.at[0].word, FINDING_CONFIRMED);
    assert_int_equal(checked.findings.at[1].word, FINDING_CONFIRMED);
    assert_int_equal(checked.findings.at[2].word, FINDING_NOT_SEEN); /* the log was there, and shows nothing */
}

/* finding/ — In: the findings.  Out: an answer, fact by fact: as words in the message, with counts and times in a
 * sheet.  Proved: on both sides the claim now stands "corroborated by the findings of cert.south.example". */
static void findings_become_an_answer(void **state) {
    (void)state;
    struct saying s = say_begin(&w, SOUTH, "answer");
    struct buf text = {.max = 1 << 20};
    HOLDS(findings_write(checked.findings, &text, &walk_diag));
    struct bytes table = walk_keep(&w, &text);
    struct answer answer = {.sheet = claim.sheet,
                            .findings = checked.findings,
                            .findings_sheet = walk_hex(&w, sha256_of(table)),
                            .coverage = {checked.coverage, checked.source_count},
                            .text = TEXT("The host was cleaned on 2 March.")};
    say_attach(&w, &s, ROLE_FINDINGS, "findings.csv", table);
    HOLDS(answer_write(&answer, &s.head, w.pair.now, &s.body, &walk_diag));
    say_end(&w, &s);
    deliver(&w, SOUTH);
    for (unsigned who = 0; who < 2; who++) {
        struct matter_state folded;
        const struct matter *m = fold(&w, read_as(&w, who), NULL, &folded);
        assert_int_equal(m->state.answerer, STATE_ANSWERED);
        assert_int_equal(m->sheets[0].standing.word, STANDING_CORROBORATED);
        assert_int_equal(m->sheets[0].standing.answered, FACTS);
    }
}

/* ================ Between them: to a settlement */

static void say_ask(struct row_set rows) {
    struct saying s = say_begin(&w, SOUTH, "ask");
    struct ask ask = {.sheet = claim.sheet, .rows = rows, .text = TEXT("Our log shows nothing of it.")};
    HOLDS(ask_write(&ask, &s.head, w.pair.now, &s.body, &walk_diag));
    say_end(&w, &s);
    deliver(&w, SOUTH);
}

/* The lines of one fact, with salts and proofs. */
static void say_disclose(struct row_set rows, struct chosen chosen) {
    struct saying s = say_begin(&w, NORTH, "disclose");
    struct disclose disclose = {.sheet = claim.sheet, .rows = rows};
    struct buf shown = {.max = 1 << 20};
    HOLDS(disclosure_write(&evidence, &chosen, 1, &shown, &walk_diag));
    say_attach(&w, &s, ROLE_EVIDENCE, "evidence.txt", walk_keep(&w, &shown));
    HOLDS(disclose_write(&disclose, &s.head, w.pair.now, &s.body, &walk_diag));
    say_end(&w, &s);
    deliver(&w, NORTH);
}

/* claim/, fact/ — In: South asks what lies behind the last fact.  Out: North shows its one line.  Proved: North had
 * committed to that line when it made the claim; of the other facts nothing is shown. */
static void evidence_is_asked_for_and_shown(void **state) {
    (void)state;
    struct row_range last = {FACTS - 1, FACTS - 1};
    say_ask((struct row_set){&last, 1});
    say_disclose((struct row_set){&last, 1}, (struct chosen){last.first, (uint64_t[]){0}, 1});
    struct reading *r = read_as(&w, SOUTH);
    struct claim received;
    struct disclosure shown;
    struct sha256 root;
    HOLDS(claim_from_message(find(r, "claim"), arena, &received, &walk_diag));
    assert_true(sha256_read_hex(received.evidence_root, &root));
    HOLDS(disclosure_open(open_attachment(&w, SOUTH, find(r, "disclose"), ROLE_EVIDENCE), root, received.evidence_size,
                          arena, &shown, &walk_diag));
    assert_int_equal(shown.count, 1);
    assert_int_equal(shown.at[0].line_count, 1);
    assert_true(text_search(shown.at[0].lines[0].line, TEXT("Failed password for root from 192.0.2.19")) != SIZE_MAX);
}

/* A text in which every fact has an outcome. */
static struct bytes minutes_text(void) {
    struct row_range checked_ones = {0, FACTS - 2}, last = {FACTS - 1, FACTS - 1};
    struct outcome outcomes[] = {
        {.sheet = claim.sheet, .rows = {&checked_ones, 1}, .word = OUTCOME_AGREED},
        {.sheet = claim.sheet,
         .rows = {&last, 1},
         .word = OUTCOME_DISPUTED,
         .says = {TEXT("Our host logged it."), TEXT("Our border did not see it.")}},
    };
    struct minutes_text words = {TEXT("en"), TEXT("The host at 192.0.2.17 had been broken into, and is cleaned.")};
    struct minutes m = {.matter = TEXT(CASE),
                        .between = {w.pair.of[NORTH].name, w.pair.of[SOUTH].name},
                        .held = w.pair.now,
                        .outcomes = outcomes,
                        .outcome_count = COUNT(outcomes),
                        .texts = &words,
                        .text_count = 1};
    struct buf text = {.max = MINUTES_MAX_BYTES};
    HOLDS(minutes_write(&m, &text, &walk_diag));
    return walk_keep(&w, &text);
}

/* settlement/ — In: both offer to meet.  Out: North writes down what they agreed on, fact by fact.  Proved: nothing,
 * for minutes alone agree to nothing. */
static void they_meet_and_minutes_are_written(void **state) {
    (void)state;
    for (unsigned who = 0; who < 2; who++) {
        struct saying s = say_begin(&w, who, "consult");
        struct consult meeting = {.title = TEXT("A call"), .place = TEXT("by telephone")};
        HOLDS(consult_write(&meeting, &s.head, w.pair.now, &s.body, &walk_diag));
        say_end(&w, &s);
        deliver(&w, who);
    }
    struct saying s = say_begin(&w, NORTH, "minutes");
    struct bytes text = minutes_text();
    struct minutes minutes;
    say_attach(&w, &s, ROLE_TEXT, "minutes.txt", text);
    HOLDS(minutes_read(text, arena, &minutes, &walk_diag));
    struct offered_minutes offer = offered_minutes_of(&minutes, text, arena);
    settlement = offer.settlement;
    HOLDS(minutes_offer_write(&offer, &s.head, w.pair.now, &s.body, &walk_diag));
    say_end(&w, &s);
    deliver(&w, NORTH);
    struct matter_state folded;
    assert_int_equal(fold(&w, read_as(&w, NORTH), NULL, &folded)->state.joint, STATE_IN_CONSULTATION);
}

/* settlement/ — In: the text.  Out: each has read it and signed its hash.  Proved: both agreed to the same bytes. */
static void both_agree_to_the_same_text(void **state) {
    (void)state;
    for (unsigned who = 0; who < 2; who++) {
        const struct message *m = find(read_as(&w, who), "minutes");
        struct offered_minutes offer;
        HOLDS(minutes_from_message(m, arena, &offer, &walk_diag));
        HOLDS(minutes_fit(&offer, TEXT(CASE), open_attachment(&w, who, m, ROLE_TEXT), arena, &walk_diag));
        struct saying s = say_begin(&w, who, "agree");
        struct agree agree = {.settlement = offer.settlement};
        HOLDS(agree_write(&agree, &s.head, w.pair.now, &s.body, &walk_diag));
        say_end(&w, &s);
        deliver(&w, who);
    }
}

/* ================ What anybody can compute of it */

static struct text print_state(const struct matter_state *state) {
    struct buf json = {.max = 1 << 20};
    matter_write_json(state, &json);
    return text_from_bytes(walk_keep(&w, &json));
}

static void say_thanks(unsigned who) {
    struct saying s = say_begin(&w, who, "remark");
    struct dialogue remark = DIALOGUE_EMPTY;
    remark.text = TEXT("Thank you.");
    HOLDS(dialogue_write(&remark, &s.head, w.pair.now, &s.body, &walk_diag));
    say_end(&w, &s);
}

/* matter/ — In: what each side holds, up to the same cut.  Out: the state of the case.  Proved: both print the same
 * bytes, though South by now holds more than North. */
static void both_fold_to_the_same_state(void **state) {
    (void)state;
    (void)mirror(&w, NORTH);
    (void)mirror(&w, SOUTH);
    struct cut both_hold = {{pair_now(&w.pair, NORTH)->count, pair_now(&w.pair, SOUTH)->count}};
    say_thanks(SOUTH);
    struct text printed[2];
    for (unsigned who = 0; who < 2; who++) {
        struct matter_state folded;
        const struct matter *m = fold(&w, read_as(&w, who), &both_hold, &folded);
        assert_int_equal(m->sort, STATE_SETTLED);
        assert_int_equal(m->settled_count, 1);
        printed[who] = print_state(&folded);
    }
    assert_true(text_equal(printed[NORTH], printed[SOUTH]));
}

static void shuffle(struct statement *at, size_t count) {
    for (size_t i = count; i > 1; i--) {
        uint32_t pick;
        random_fill(&w.pair.random, (uint8_t *)&pick, sizeof pick);
        struct statement other = at[pick % i];
        at[pick % i] = at[i - 1];
        at[i - 1] = other;
    }
}

/* matter/ — In: the same messages, in any order.  Proved: the order in which they came to hand does not matter. */
static void the_order_of_arrival_does_not_matter(void **state) {
    (void)state;
    struct reading *r = read_as(&w, SOUTH);
    struct matter_state folded;
    fold(&w, r, NULL, &folded);
    struct text printed = print_state(&folded);
    for (unsigned round = 0; round < 20; round++) {
        shuffle(r->statements, r->count);
        fold(&w, r, NULL, &folded);
        assert_true(text_equal(print_state(&folded), printed));
    }
}

/* ================ A stranger */

/* All entries of both records, but keys to what North has opened alone: South's thanks stay closed. */
static void write_dossier(const struct raw_channel *held) {
    const struct side *side = &w.sides[NORTH];
    struct dossier_record records[2];
    struct dossier_source from = {.opened = side->opened, .opened_count = side->opened_count, .blobs = held->blobs};
    struct buf file = {.max = 16 << 20};
    for (unsigned i = 0; i < 2; i++) {
        const struct raw_record *r = &held->parties[i].records[0];
        records[i] = (struct dossier_record){r->channel, r->origin, r->leaves, r->count, pair_checkpoint(&w.pair, i)};
        from.parties[i] = (struct dossier_party){w.pair.of[i].name, &records[i], 1};
    }
    HOLDS(dossier_write(&from, tar_sink_buf(&file), &walk_diag));
    dossier = walk_keep(&w, &file);
}

/* With what the stranger has from people: two names, and the digits of their roots. */
static enum error verify_dossier(struct bytes file, struct dossier_report *report, struct diag *d) {
    struct dossier *read = ARENA_NEW(arena, struct dossier);
    struct dossier_root roots[2];
    for (unsigned i = 0; i < 2; i++) {
        char digits[FINGERPRINT_SIZE];
        struct text root = fingerprint_write(pair_vkey(&w.pair, w.pair.of[i].root), digits);
        roots[i] = (struct dossier_root){w.pair.of[i].name, arena_text(arena, root)};
    }
    enum error result = dossier_read(file, arena, read, d);
    return result ? result : dossier_verify(read, roots, 2, INSTANT_NONE, arena, report, d);
}

/* dossier/ — In: both records and some keys.  Out: one file.  Proved, to whoever has two fingerprints and nothing else:
 * who said what to whom, who held it since when, what both signed; and that one message is there which stays closed. */
static void a_dossier_shows_it_to_a_stranger(void **state) {
    (void)state;
    struct dossier_report report;
    (void)mirror(&w, SOUTH);
    struct raw_channel held = pair_raw(&w.pair);
    write_dossier(&held);
    HOLDS(verify_dossier(dossier, &report, &walk_diag));
    const struct matter *m = matter_find(&report.state, TEXT(CASE));
    assert_non_null(m);
    assert_int_equal(m->sort, STATE_SETTLED);
    assert_true(text_equal(m->settled[0], settlement));
    assert_int_equal(m->sheets[0].standing.word, STANDING_CORROBORATED);
    assert_int_equal(report.closed_messages, 1);
    for (size_t i = 0; i < report.message_count; i++) {
        assert_true(report.messages[i].sealed && report.messages[i].to_addressee);
        assert_int_equal(report.messages[i].verdict->why, VOID_NONE);
        assert_true(report.messages[i].verdict->delivered != INSTANT_NONE);
    }
}

/* dossier/ — In: the same file with one bit changed, here or there.  Proved: nothing of it is believed, and why is
 * said. */
static void one_flipped_byte_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < dossier.size; i += dossier.size / 40) {
        struct bytes changed = arena_bytes(arena, dossier);
        struct dossier_report report;
        struct diag why = {0};
        ((uint8_t *)(uintptr_t)changed.at)[i] ^= 1;
        assert_int_not_equal(verify_dossier(changed, &report, &why), OK);
        assert_true(why.text[0]);
    }
}

int main(void) {
    const struct CMUnitTest chapters[] = {
        cmocka_unit_test(lines_become_observations),
        cmocka_unit_test(observations_become_a_fact_sheet),
        cmocka_unit_test(lines_become_evidence),
        cmocka_unit_test(facts_become_a_claim),

        cmocka_unit_test(the_claim_is_signed_sealed_and_recorded),
        cmocka_unit_test(the_record_is_mirrored_and_cosigned),
        cmocka_unit_test(the_other_side_opens_the_claim),

        cmocka_unit_test(the_facts_are_checked_against_a_log),
        cmocka_unit_test(findings_become_an_answer),

        cmocka_unit_test(evidence_is_asked_for_and_shown),
        cmocka_unit_test(they_meet_and_minutes_are_written),
        cmocka_unit_test(both_agree_to_the_same_text),

        cmocka_unit_test(both_fold_to_the_same_state),
        cmocka_unit_test(the_order_of_arrival_does_not_matter),

        cmocka_unit_test(a_dossier_shows_it_to_a_stranger),
        cmocka_unit_test(one_flipped_byte_is_refused),
    };
    return cmocka_run_group_tests(chapters, begin, end);
}
