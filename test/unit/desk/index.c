/* What an index says of the cases of a channel is what a talk says that reads everything anew, whatever was said, in
 * whatever order and in whatever batches it arrived. */
#include "both.h"

#include "claim/from_fact.h"
#include "desk/brief.h"
#include "desk/index.h"
#include "desk/index_meta.h"
#include "finding/answer.h"
#include "matter/dialogue.h"
#include "message/recipients.h"

enum { ROUNDS = 3, STEPS = 16, CASES = 3 };

#define SHEET                                                                                                          \
    "# parley facts v1\n"                                                                                              \
    "first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence\n"                      \
    "2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,\n"                                  \
    "2026-03-01T06:56:46Z,2026-03-01T06:56:48Z,192.0.2.18,,,22,domain:www.evil.example,tcp,brute-force,2,\n"

/* ---- anything at all */

struct speaker {
    struct both both;
    struct text ids[512]; /* of all that was said */
    size_t id_count;
    struct bytes sealed[2][256]; /* the messages of each, to be sent again */
    size_t sealed_count[2];
    struct sha256 attached[2][256];
    size_t attached_count[2];
    uint64_t sizes[2];
    instant now;
    bool only_claims;
};

static size_t throw(struct speaker * s, size_t sides) {
    uint8_t bytes[4];
    random_fill(&s->both.k.random, bytes, sizeof bytes);
    return ((size_t)bytes[0] << 16 | (size_t)bytes[1] << 8 | bytes[2]) % sides;
}

static struct desk *desk_of(struct speaker *s, unsigned party) { return party ? s->both.south : s->both.north; }
static const char *name_of(unsigned party) { return party ? "cert.south.example" : "cert.north.example"; }

static struct text any_case(struct speaker *s, unsigned opener) {
    return arena_format(&s->both.k.arena, "%s/0000000%zu-6f5c-4a47-8f0e-5d6a3f1c2b01", name_of(opener),
                        throw(s, CASES));
}

static struct dialogue any_dialogue(struct speaker *s, enum kind kind, unsigned party) {
    static const char *const replies[] = {"accept", "accept", "decline", "counter"};
    struct dialogue d = DIALOGUE_EMPTY;
    if (kind == KIND_PROPOSAL) d.about = TEXT("terms");
    if (kind == KIND_REPLY) {
        d.reply = text_of(replies[throw(s, COUNT(replies))]);
        d.offer = s->ids[throw(s, s->id_count)];
    }
    if (kind == KIND_PROPOSAL || text_is(d.reply, "counter")) {
        d.terms.answer_within_hours = throw(s, 5);
        d.terms.acknowledge_within_hours = throw(s, 3);
        if (throw(s, 2)) d.terms.blob_bytes_max = ((uint64_t)4 + throw(s, 9)) << 20;
        if (!throw(s, 3)) d.until = s->now + (instant) throw(s, 5) * INSTANT_HOUR;
    }
    if (kind == KIND_DECLINE || text_is(d.reply, "decline")) d.reason = TEXT("other");
    if (kind == KIND_UNREADABLE) {
        d.reason = TEXT("cannot-open");
        d.entry = throw(s, s->sizes[1 - party] + 1);
    }
    if (kind == KIND_ACKNOWLEDGE && throw(s, 2)) d.own_number = arena_format(&s->both.k.arena, "N-%zu", throw(s, 99));
    if (kind == KIND_TRANSFER) d.department = TEXT("domestic");
    if (kind == KIND_LINK) d.relation = TEXT("related"), d.other = any_case(s, 0);
    if (kind == KIND_REMARK && !throw(s, 4)) d.consent = TLP_GREEN;
    if (kind == KIND_REMARK || kind == KIND_DECLINE) d.text = TEXT("So it is.");
    return d;
}

static bool write_body(struct speaker *s, enum kind kind, unsigned party, struct head *h, struct attach *facts,
                       struct buf *body) {
    struct kit *k = &s->both.k;
    if (kind == KIND_CLAIM || kind == KIND_CORRECT) {
        struct claim claim;
        must(k, claim_from_fact(bytes_from_text(TEXT(SHEET)), NULL, &k->arena, &claim, &k->diag));
        claim.title = arena_format(&k->arena, "Guessed passwords %zu", throw(s, 100));
        *facts = (struct attach){.role = TEXT("facts"), .media_type = TEXT("text/csv"), .name = TEXT("facts.csv")};
        facts->plain = sha256_of(bytes_from_text(TEXT(SHEET)));
        facts->plain_size = sizeof SHEET - 1;
        h->attach = facts;
        h->attach_count = 1;
        return claim_write(&claim, h, NOON, body, &k->diag) == OK;
    }
    if (kind == KIND_INQUIRY) {
        struct inquiry inquiry = INQUIRY_EMPTY;
        inquiry.title = inquiry.question = TEXT("Is it yours?");
        return inquiry_write(&inquiry, h, NOON, body, &k->diag) == OK;
    }
    if (kind == KIND_ANSWER) {
        struct finding rows[2] = {{.row = 0}, {.row = 1}};
        char hex[SHA256_HEX];
        struct sha256 sheet = sha256_of(bytes_from_text(TEXT(SHEET)));
        for (size_t i = 0; i < 2; i++) {
            rows[i].word = (enum finding_word) throw(s, FINDING_COUNT);
            rows[i].count = FINDING_NO_COUNT;
            rows[i].first_seen = rows[i].last_seen = INSTANT_NONE;
        }
        size_t first = throw(s, 2);
        struct answer answer = {.sheet = sha256_hex(&sheet, hex), .findings = {rows + first, 1 + throw(s, 2 - first)}};
        return answer_write(&answer, h, NOON, body, &k->diag) == OK;
    }
    struct dialogue d = any_dialogue(s, kind, party);
    return dialogue_write(&d, h, NOON, body, &k->diag) == OK;
}

static void submit(struct speaker *s, unsigned party, const struct bytes *blobs, size_t count,
                   const struct sha256 *erase, size_t erase_count) {
    struct kit *k = &s->both.k;
    struct link_channel c;
    uint64_t index;
    must(k, desk_channel(desk_of(s, party), text_of(name_of(1 - party)), false, &c, &k->diag));
    struct link_submission submission = {
        .origin = c.own_origin, .blobs = blobs, .blob_count = count, .erase = erase, .erase_count = erase_count};
    s->now += (instant) throw(s, 3) * INSTANT_HOUR;
    must(k, link_submit(desk_of(s, party)->link, &submission, s->now, &index, &k->diag));
    s->sizes[party] = index + 1;
}

static void say_anything(struct speaker *s, unsigned party) {
    static const enum kind kinds[] = {KIND_CLAIM,   KIND_CLAIM,  KIND_INQUIRY,    KIND_PROPOSAL,   KIND_REPLY,
                                      KIND_REPLY,   KIND_ANSWER, KIND_ANSWER,     KIND_CORRECT,    KIND_ACKNOWLEDGE,
                                      KIND_DECLINE, KIND_REMARK, KIND_TRANSFER,   KIND_LINK,       KIND_WITHDRAW,
                                      KIND_REOPEN,  KIND_CLOSE,  KIND_UNREADABLE, KIND_UNREADABLE, KIND_CHECK_IN};
    struct kit *k = &s->both.k;
    struct link_channel c;
    struct card own, theirs;
    struct attach facts;
    struct bytes note_own;
    struct signer *officer;
    enum kind kind = s->only_claims ? KIND_CLAIM : kinds[throw(s, COUNT(kinds))];
    const struct kind_rule *rule = &kind_rules[kind];
    struct desk *desk = desk_of(s, party);
    must(k, desk_channel(desk, text_of(name_of(1 - party)), false, &c, &k->diag));
    must(k, own_card_signed(desk, &note_own, &own, &k->diag));
    must(k, card_read(c.their_card, &k->arena, &theirs, &k->diag));
    unsigned opener = rule->sender == OPENER ? party : rule->sender == ANSWERER ? 1 - party : (unsigned) throw(s, 2);
    struct head h = {.record = c.own_origin,
                     .id = arena_format(&k->arena, "%032zx", s->id_count),
                     .own = c.own_size,
                     .read = throw(s, 8) ? c.their_size : throw(s, c.their_size + 1),
                     .kind = text_of(rule->name),
                     .from = arena_format(&k->arena, "%s/incident", name_of(party)),
                     .by = TEXT("a.officer"),
                     .to = text_of(name_of(1 - party)),
                     .lang = TEXT("en")};
    if (rule->belongs) h.matter = any_case(s, opener);
    if (rule->opens || !throw(s, 9)) h.tlp = text_of(tlp_name((enum tlp) throw(s, TLP_COUNT)));
    struct buf body = {.max = 1 << 20}, note = {.max = MESSAGE_MAX_BYTES},
               sealed[2] = {{.max = 1 << 20}, {.max = 1 << 20}};
    if (write_body(s, kind, party, &h, &facts, &body)) {
        struct names to = message_recipients(&h, &theirs, &own, &k->arena);
        if (h.attach_count) {
            must(k, message_seal(bytes_from_text(TEXT(SHEET)), to, &k->random, &sealed[1], &k->diag));
            facts.sealed = sha256_of(buf_as_bytes(&sealed[1]));
            facts.sealed_size = sealed[1].size;
            s->attached[party][s->attached_count[party]++] = facts.sealed;
        }
        must(k, desk_officer(desk, TEXT("a.officer"), &officer, &k->diag));
        must(k, message_sign(&h, buf_as_text(&body), &(const struct signer *){officer}, 1, &note, &k->diag));
        signer_free(officer);
        must(k, message_seal(buf_as_bytes(&note), to, &k->random, &sealed[0], &k->diag));
        struct bytes blobs[] = {buf_as_bytes(&sealed[0]), buf_as_bytes(&sealed[1])};
        submit(s, party, blobs, 1 + h.attach_count, NULL, 0);
        if (!h.attach_count) s->sealed[party][s->sealed_count[party]++] = arena_bytes(&k->arena, blobs[0]);
        s->ids[s->id_count++] = h.id;
    }
    buf_free(&body);
    buf_free(&note);
    buf_free(&sealed[0]);
    buf_free(&sealed[1]);
}

static void say_again(struct speaker *s, unsigned party) {
    if (s->sealed_count[party]) submit(s, party, &s->sealed[party][throw(s, s->sealed_count[party])], 1, NULL, 0);
}

static void erase(struct speaker *s, unsigned party) {
    if (s->attached_count[party]) submit(s, party, NULL, 0, &s->attached[party][throw(s, s->attached_count[party])], 1);
}

static void new_card(struct speaker *s, unsigned party) {
    struct kit *k = &s->both.k;
    struct desk *desk = desk_of(s, party);
    struct card card;
    struct bytes note;
    struct text title = arena_format(&k->arena, "Incidents %zu", throw(s, 1000));
    struct published published;
    must(k, own_card_load(desk, &card, &k->diag));
    must(k, own_card_say(desk, &card, TEXT("incident"), SAY_TITLE, (struct names){&title, 1}, &k->diag));
    must(k, own_card_save(desk, &card, &k->diag));
    must(k, own_card_sign(desk, &note, &card, &k->diag));
    must(k, own_card_publish(desk, &published, &k->diag));
}

static void step(struct speaker *s) {
    unsigned party = (unsigned) throw(s, 2);
    size_t die = throw(s, 24);
    if (die < 16)
        say_anything(s, party);
    else if (die < 18)
        say_again(s, party);
    else if (die == 18)
        erase(s, party);
    else if (die == 19)
        new_card(s, party);
    else if (party)
        exchange(&s->both, s->both.south, s->both.north, "cert.north.example");
    else
        exchange(&s->both, s->both.north, s->both.south, "cert.south.example");
}

/* ---- the same from both */

static void same_text(struct text a, struct text b) {
    if (!text_equal(a, b)) fprintf(stderr, "“%.*s” and “%.*s”\n", TEXT_ARG(a), TEXT_ARG(b));
    assert_true(text_equal(a, b));
}

static struct index *open_index(struct speaker *s, unsigned party) {
    struct index *x;
    must(&s->both.k, index_open(desk_of(s, party), text_of(name_of(1 - party)), false, (struct index_progress){0}, &x,
                                &s->both.k.diag));
    return x;
}

static void same_json(struct speaker *s, struct index *x, const struct talk *t, const struct case_brief *b) {
    json_t *kept, *told = matter_json_case(&t->state, matter_find(&t->state, b->name));
    struct buf left = {.max = 1 << 20}, right = {.max = 1 << 20};
    must(&s->both.k, index_case_json(x, b, t->state.as_of, &kept, &s->both.k.diag));
    json_canonical(told, &left);
    json_canonical(kept, &right);
    same_text(buf_as_text(&left), buf_as_text(&right));
    json_decref(told);
    json_decref(kept);
    buf_free(&left);
    buf_free(&right);
}

static void same_waits(struct talk *t, const struct case_brief *briefs, size_t count) {
    struct brief_wait *kept = ARENA_ARRAY(&t->arena, struct brief_wait, WAITS_MAX * count);
    struct waiting *told;
    size_t told_count, kept_count = brief_waits(briefs, count, t->state.as_of, kept);
    inbox_waiting(t, &told, &told_count);
    assert_int_equal(told_count, kept_count);
    for (size_t i = 0; i < kept_count; i++) {
        same_text(told[i].matter->name, kept[i].brief->name);
        assert_int_equal(told[i].what, kept[i].wait->what);
        assert_int_equal(told[i].party, kept[i].wait->party);
        assert_int_equal(told[i].since, kept[i].wait->since);
        assert_int_equal(told[i].due, kept[i].wait->due);
        assert_int_equal(told[i].lapsed, wait_lapsed(kept[i].wait, t->state.as_of));
    }
}

/* Read anew, as if there were no index. */
static struct talk *talk_alone(struct speaker *s, unsigned party, instant as_of) {
    struct kit *k = &s->both.k;
    struct desk *desk = desk_of(s, party);
    struct talk *t;
    const char *there = home_path(&desk->home, &k->arena, "desk/index"),
               *away = home_path(&desk->home, &k->arena, "away");
    assert_int_equal(rename(there, away), 0);
    must(k, talk_open(desk, text_of(name_of(1 - party)), false, &(struct talk_at){.as_of = as_of}, &t, &k->diag));
    assert_int_equal(rename(away, there), 0);
    return t;
}

/* What a talk takes from the index changes nothing of it. */
static void same_talk(struct speaker *s, unsigned party, const struct talk *alone) {
    struct kit *k = &s->both.k;
    struct talk *t;
    struct buf left = {.max = 16 << 20}, right = {.max = 16 << 20};
    must(k, talk_open(desk_of(s, party), text_of(name_of(1 - party)), false,
                      &(struct talk_at){.as_of = alone->state.as_of}, &t, &k->diag));
    matter_write_json(&alone->state, &left);
    matter_write_json(&t->state, &right);
    same_text(buf_as_text(&left), buf_as_text(&right));
    assert_int_equal(t->said_count, alone->said_count);
    for (size_t i = 0; i < t->said_count; i++)
        assert_memory_equal(t->said[i].file_key, alone->said[i].file_key, SEAL_FILE_KEY_SIZE);
    talk_close(t);
    buf_free(&left);
    buf_free(&right);
}

static void same_lists(struct speaker *s, unsigned party, instant as_of) {
    struct index *x = open_index(s, party);
    struct case_brief *kept, *told;
    size_t count;
    index_close(x);
    struct talk *t = talk_alone(s, party, as_of);
    same_talk(s, party, t);
    x = open_index(s, party);
    must(&s->both.k, index_briefs(x, &kept, &count, &s->both.k.diag));
    assert_int_equal(count, t->state.matter_count);
    struct index_view v = index_view(x);
    for (unsigned p = 0; p < 2; p++) assert_int_equal(v.cut.of[p], t->state.channel.cuts[0].of[p]);
    assert_int_equal(v.messages, t->said_count);
    assert_int_equal(v.closed, t->closed_count);
    told = brief_list(t);
    struct case_brief **left = calloc(count + 1, sizeof *left), **right = calloc(count + 1, sizeof *right);
    for (size_t i = 0; i < count; i++) left[i] = &kept[i], right[i] = &told[i];
    brief_sort(left, count);
    brief_sort(right, count);
    for (size_t i = 0; i < count; i++) {
        struct buf lines[2] = {{.max = 4096}, {.max = 4096}};
        same_text(left[i]->name, right[i]->name);
        same_text(left[i]->title, right[i]->title);
        for (unsigned p = 0; p < 2; p++) same_text(left[i]->numbers[p], right[i]->numbers[p]);
        brief_state_line(left[i], as_of, &lines[0]);
        case_state_line(matter_find(&t->state, right[i]->name), &lines[1]);
        same_text(buf_as_text(&lines[0]), buf_as_text(&lines[1]));
        same_json(s, x, t, left[i]);
        json_t *briefs[2] = {brief_json(left[i], t->parties, t->own, as_of),
                             brief_json(right[i], t->parties, t->own, as_of)};
        assert_true(json_equal(briefs[0], briefs[1]));
        for (unsigned b = 0; b < 2; b++) json_decref(briefs[b]);
        for (unsigned l = 0; l < 2; l++) buf_free(&lines[l]);
    }
    same_waits(t, kept, count);
    free(left);
    free(right);
    talk_close(t);
    index_close(x);
}

static void begin_speaking(struct speaker *s, const char *seed) {
    *s = (struct speaker){.now = NOON};
    open_both(&s->both, seed);
    s->sizes[0] = s->sizes[1] = 1;
    s->ids[s->id_count++] = TEXT("00000000000000000000000000000000");
}

static void lists_are_those_of_a_talk(void **state) {
    (void)state;
    for (size_t round = 0; round < ROUNDS; round++) {
        static struct speaker s;
        char seed[32];
        snprintf(seed, sizeof seed, "index %zu", round);
        begin_speaking(&s, seed);
        for (size_t i = 0; i < STEPS; i++) {
            for (size_t n = throw(&s, 12); n-- > 0 && s.id_count < 200;) step(&s);
            same_lists(&s, (unsigned) throw(&s, 2), s.now + (instant) throw(&s, 9) * INSTANT_HOUR);
        }
        rest(&s.both);
        for (unsigned p = 0; p < 2; p++) same_lists(&s, p, s.now);
        end(&s.both.k);
    }
}

/* ---- what is not to be trusted */

static const char *file_of(struct speaker *s, unsigned party) {
    struct desk *desk = desk_of(s, party);
    return home_path(&desk->home, &s->both.k.arena, "desk/index/%s", name_of(1 - party));
}

static void said_some(struct speaker *s, const char *seed) {
    begin_speaking(s, seed);
    for (size_t i = 0; i < 25; i++) step(s);
    rest(&s->both);
    same_lists(s, 0, s->now);
}

static void write_file(struct speaker *s, const char *path, struct bytes content) {
    must(&s->both.k, os_write(path, content, 0600, &s->both.k.diag));
}

static void a_damaged_or_foreign_index_is_made_anew(void **state) {
    (void)state;
    static struct speaker s;
    said_some(&s, "damage");
    const char *path = file_of(&s, 0);
    struct buf whole = {.max = 16 << 20}, other = {.max = 16 << 20};
    must(&s.both.k, os_read(path, whole.max, &whole, &s.both.k.diag));
    for (size_t at = 100; at < whole.size; at += whole.size / 7) {
        for (size_t i = at; i < at + 64 && i < whole.size; i++) whole.at[i] ^= 0x5a;
        write_file(&s, path, buf_as_bytes(&whole));
        same_lists(&s, 0, s.now);
        for (size_t i = at; i < at + 64 && i < whole.size; i++) whole.at[i] ^= 0x5a;
    }
    /* All pages but the first, so that SQLite finds no way through them. */
    struct bytes pages = arena_bytes(&s.both.k.arena, buf_as_bytes(&whole));
    memset((void *)(uintptr_t)(pages.at + 8192), 0x5a, pages.size - 8192);
    write_file(&s, path, pages);
    same_lists(&s, 0, s.now);
    write_file(&s, path, bytes_of(whole.at, whole.size / 2));
    same_lists(&s, 0, s.now);
    write_file(&s, path, bytes_from_text(TEXT("no index at all\n")));
    same_lists(&s, 0, s.now);
    write_file(&s, path, bytes_of("", 0));
    same_lists(&s, 0, s.now);
    same_lists(&s, 1, s.now);
    must(&s.both.k, os_read(file_of(&s, 1), other.max, &other, &s.both.k.diag)); /* of another home and key */
    write_file(&s, path, buf_as_bytes(&other));
    same_lists(&s, 0, s.now);
    buf_free(&whole);
    buf_free(&other);
    end(&s.both.k);
}

static enum error read_everything(struct index *x, void *state, bool *keep, struct diag *d) {
    struct case_brief *briefs;
    size_t count;
    (void)state;
    (void)keep;
    enum error result = index_briefs(x, &briefs, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        json_t *json = NULL;
        result = index_case_json(x, &briefs[i], NOON, &json, d);
        json_decref(json);
    }
    return result;
}

/* Whichever page is damaged, a command that comes upon it says so at most once. */
static void each_damaged_page_is_noticed_and_made_anew(void **state) {
    (void)state;
    static struct speaker s;
    said_some(&s, "pages");
    const char *path = file_of(&s, 0);
    struct buf whole = {.max = 16 << 20};
    struct index_progress silent = {0};
    size_t count, refused = 0;
    must(&s.both.k, os_read(path, whole.max, &whole, &s.both.k.diag));
    for (size_t at = 0; at < whole.size; at += (size_t)3 * 8192) {
        struct bytes damaged = arena_bytes(&s.both.k.arena, buf_as_bytes(&whole));
        memset((void *)(uintptr_t)(damaged.at + at), 0x5a, damaged.size - at < 8192 ? damaged.size - at : 8192);
        must(&s.both.k, index_forget(s.both.north, TEXT("cert.south.example"), false, &s.both.k.diag));
        write_file(&s, path, damaged);
        struct diag why = {0};
        enum error result = index_each(s.both.north, silent, read_everything, NULL, &count, &why);
        assert_true(result == OK || result == ERR_INPUT);
        refused += result == ERR_INPUT;
        must(&s.both.k, index_each(s.both.north, silent, read_everything, NULL, &count, &s.both.k.diag));
        same_lists(&s, 0, s.now);
    }
    assert_true(refused < whole.size / 8192);
    buf_free(&whole);
    end(&s.both.k);
}

/* The node's store is put back to an older one, and goes on otherwise: what the index knew is not said any more. */
static void an_index_of_other_records_is_made_anew(void **state) {
    (void)state;
    static struct speaker s;
    char command[512];
    said_some(&s, "rolled back");
    const char *node = home_path(&s.both.north->home, &s.both.k.arena, "node");
    link_close(s.both.north->link);
    s.both.north->link = NULL;
    snprintf(command, sizeof command, "cp -r %s %s/older", node, s.both.k.folder);
    assert_int_equal(system(command), 0);
    for (size_t i = 0; i < 6; i++) say_anything(&s, 0);
    same_lists(&s, 0, s.now);
    link_close(s.both.north->link);
    s.both.north->link = NULL;
    snprintf(command, sizeof command, "rm -rf %s && cp -r %s/older %s", node, s.both.k.folder, node);
    assert_int_equal(system(command), 0);
    same_lists(&s, 0, s.now);
    for (size_t i = 0; i < 9; i++) say_anything(&s, 0);
    same_lists(&s, 0, s.now);
    end(&s.both.k);
}

/* What lies on disk shows nothing of what was said. */
static void an_index_shows_nothing_without_its_key(void **state) {
    (void)state;
    static struct speaker s;
    static const char *const secrets[] = {"Guessed passwords", "Is it yours", "00000000",
                                          "192.0.2.17",        "evil",        "inquiry"};
    said_some(&s, "sealed");
    struct buf whole = {.max = 16 << 20};
    must(&s.both.k, os_read(file_of(&s, 0), whole.max, &whole, &s.both.k.diag));
    for (size_t i = 0; i < COUNT(secrets); i++)
        assert_true(text_search(buf_as_text(&whole), text_of(secrets[i])) == SIZE_MAX);
    buf_free(&whole);
    end(&s.both.k);
}

/* By an address, a domain or a number. */
static void a_case_is_found_by_its_facts(void **state) {
    (void)state;
    static struct speaker s;
    begin_speaking(&s, "found");
    struct case_brief *briefs;
    size_t count;
    s.only_claims = true;
    say_anything(&s, 0);
    struct index *x = open_index(&s, 0);
    must(&s.both.k, index_briefs(x, &briefs, &count, &s.both.k.diag));
    assert_int_equal(count, 1);
    static const struct {
        const char *sought;
        bool found;
    } rows[] = {{"192.0.2.17", true},   {"192.0.2.1", false},   {"evil.example", true}, {"www.evil.example", true},
                {"vil.example", false}, {"evil.exampl", false}, {"192.0.2.18", true},   {"198.51.100.1", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool found;
        must(&s.both.k, index_has_words(x, &briefs[0], text_of(rows[i].sought), &found, &s.both.k.diag));
        assert_int_equal(found, rows[i].found);
    }
    index_close(x);
    end(&s.both.k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_those_of_a_talk),
        cmocka_unit_test(a_damaged_or_foreign_index_is_made_anew),
        cmocka_unit_test(each_damaged_page_is_noticed_and_made_anew),
        cmocka_unit_test(an_index_of_other_records_is_made_anew),
        cmocka_unit_test(an_index_shows_nothing_without_its_key),
        cmocka_unit_test(a_case_is_found_by_its_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
