#include "speech.h"

#include <string.h>

#include "base/codec.h"
#include "claim/from_fact.h"
#include "finding/answer.h"
#include "matter/dialogue.h"
#include "matter/possible.h"
#include "message/recipients.h"
#include "settlement/settlement.h"

enum { FACTS_MAX = 4, OPENS = 150, OUTSIDE_CASES = 80, RECENT = 8 };

struct composing {
    struct seat *seat;
    struct rng *chance;
    struct random random;
    struct arena *arena;
    const struct matter_state *state;
    const struct matter *matter; /* NULL: none, or a new one */
    unsigned own;
    const struct card *cards[2]; /* in force, own first */
    instant now;
    struct head head;
    struct names recipients;
    struct buf body;
    struct speech speech;
};

/* ---- what may be named */

static bool is_sheet(const struct message_verdict *v) { return v->kind == KIND_CLAIM || v->kind == KIND_CORRECT; }
static bool is_minutes(const struct message_verdict *v) { return v->kind == KIND_MINUTES; }
static bool is_ask(const struct message_verdict *v) { return v->kind == KIND_ASK; }
static bool is_commit(const struct message_verdict *v) { return v->kind == KIND_COMMIT; }
static bool is_offer(const struct message_verdict *v) {
    return v->kind == KIND_PROPOSAL || (v->kind == KIND_REPLY && v->statement->meaning.reply == REPLY_COUNTER);
}

/* The last of its kind that a party said in the case; NULL. */
static const struct message_verdict *last(const struct composing *c, unsigned party,
                                          bool (*is)(const struct message_verdict *v)) {
    for (size_t i = c->matter ? c->matter->said[party].count : 0; i-- > 0;)
        if (is(c->matter->said[party].at[i])) return c->matter->said[party].at[i];
    return NULL;
}

static struct text sheet_of(const struct message_verdict *v) {
    return v ? v->statement->meaning.sheet : (struct text){0};
}

static uint64_t below(struct composing *c, uint64_t n) { return rng_below(c->chance, n); }

static struct text word(struct composing *c, const struct word_list *list) {
    return text_of(list->at[below(c, list->count)].name);
}

static struct text hex_of(struct composing *c, struct sha256 sha) {
    char hex[SHA256_HEX];
    return arena_text(c->arena, sha256_hex(&sha, hex));
}

static struct text words(struct composing *c) {
    return arena_format(c->arena, "What is said, number %llu.", (unsigned long long)below(c, 1000000));
}

/* ---- attachments */

static enum error seal(struct composing *c, struct bytes plain, struct bytes *out, struct diag *d) {
    struct buf sealed = {.max = plain.size + plain.size / 4 + (1 << 16)};
    enum error result = message_seal(plain, c->recipients, &c->random, &sealed, d);
    if (!result) *out = arena_bytes(c->arena, buf_as_bytes(&sealed));
    buf_free(&sealed);
    return result;
}

static enum error attach(struct composing *c, const char *role, struct bytes plain, struct diag *d) {
    if (!c->recipients.count) return ERR_NO_KEY;
    struct bytes *sealed = &c->speech.blobs[1 + c->head.attach_count];
    ASSERT(1 + c->head.attach_count < SPEECH_BLOBS_MAX);
    enum error result = seal(c, plain, sealed, d);
    if (result) return result;
    c->head.attach[c->head.attach_count++] = (struct attach){.role = text_of(role),
                                                             .sealed = sha256_of(*sealed),
                                                             .sealed_size = sealed->size,
                                                             .plain = sha256_of(plain),
                                                             .plain_size = plain.size,
                                                             .media_type = TEXT("text/plain"),
                                                             .name = TEXT("a file")};
    return OK;
}

static struct bytes keep(struct composing *c, struct buf *b) {
    struct bytes kept = arena_bytes(c->arena, buf_as_bytes(b));
    buf_free(b);
    return kept;
}

/* ---- claims, inquiries and what follows them */

static enum error make_sheet(struct composing *c, struct bytes *out, struct diag *d) {
    struct fact facts[FACTS_MAX];
    size_t count = 1 + (size_t)below(c, FACTS_MAX);
    instant from = c->now - c->now % INSTANT_SECOND - INSTANT_DAY;
    struct buf text = {.max = 1 << 16};
    for (size_t i = 0; i < count; i++)
        facts[i] = (struct fact){.first = from + (instant)i * SIM_MINUTE,
                                 .last = from + (instant)i * SIM_MINUTE,
                                 .known = KNOWN_SRC | KNOWN_DST_PORT,
                                 .src = ip_from_v4(0xc0000200 + (uint32_t)below(c, 256)),
                                 .dst_port = 22,
                                 .protocol = TEXT("tcp"),
                                 .event = TEXT("brute-force"),
                                 .count = 1 + below(c, 100),
                                 .evidence = SHEET_NO_COUNT};
    enum error result = sheet_write((struct sheet){facts, count}, &text, d);
    *out = keep(c, &text);
    return result;
}

static enum error claim(struct composing *c, struct diag *d) {
    struct bytes sheet;
    struct claim claim;
    enum error result = make_sheet(c, &sheet, d);
    if (!result) result = claim_from_fact(sheet, NULL, c->arena, &claim, d);
    if (!result) result = attach(c, ROLE_FACTS, sheet, d);
    if (result) return result;
    claim.title = words(c);
    if (c->speech.kind == KIND_CORRECT) claim.corrects = sheet_of(last(c, c->own, is_sheet));
    return claim_write(&claim, &c->head, c->now, &c->body, d);
}

static enum error inquiry(struct composing *c, struct diag *d) {
    struct inquiry i = INQUIRY_EMPTY;
    i.title = words(c);
    i.question = words(c);
    return inquiry_write(&i, &c->head, c->now, &c->body, d);
}

static enum error make_findings(struct composing *c, uint64_t rows, struct findings *out, struct bytes *sheet,
                                struct diag *d) {
    struct finding *at = ARENA_ARRAY(c->arena, struct finding, rows);
    struct buf text = {.max = 1 << 16};
    size_t count = 0;
    for (uint64_t row = 0; row < rows; row++)
        if (!row || below(c, 4))
            at[count++] = (struct finding){.row = row,
                                           .word = (enum finding_word)below(c, FINDING_COUNT),
                                           .count = FINDING_NO_COUNT,
                                           .first_seen = INSTANT_NONE,
                                           .last_seen = INSTANT_NONE};
    *out = (struct findings){at, count};
    enum error result = findings_write(*out, &text, d);
    *sheet = keep(c, &text);
    return result;
}

static enum error answer(struct composing *c, struct diag *d) {
    const struct message_verdict *of = last(c, 1 - c->own, is_sheet);
    struct answer w = {.text = words(c), .sheet = sheet_of(of)};
    struct bytes sheet;
    enum error result = OK;
    if (of) result = make_findings(c, of->statement->meaning.rows, &w.findings, &sheet, d);
    if (!result && of) result = attach(c, ROLE_FINDINGS, sheet, d);
    if (!result && of) w.findings_sheet = hex_of(c, sha256_of(sheet));
    return result ? result : answer_write(&w, &c->head, c->now, &c->body, d);
}

static const struct row_range first_row = {0, 0};

static enum error ask(struct composing *c, struct diag *d) {
    struct ask s = {.sheet = sheet_of(last(c, 1 - c->own, is_sheet)), .text = words(c)};
    if (s.sheet.size) s.rows = (struct row_set){&first_row, 1};
    return ask_write(&s, &c->head, c->now, &c->body, d);
}

static enum error disclose(struct composing *c, struct diag *d) {
    const struct message_verdict *asked = last(c, 1 - c->own, is_ask);
    struct disclose s = {.sheet = sheet_of(asked), .text = words(c)};
    if (s.sheet.size) s.rows = (struct row_set){&first_row, 1};
    if (asked) s.ask = asked->statement->head->id;
    return disclose_write(&s, &c->head, c->now, &c->body, d);
}

/* Salt and findings follow from the case, so that who committed can reveal. */
static enum error commit(struct composing *c, struct diag *d) {
    const struct message_verdict *of = last(c, 1 - c->own, is_sheet), *before = last(c, c->own, is_commit);
    bool reveals = c->speech.kind == KIND_REVEAL;
    struct sha256 salt = sha256_of(bytes_from_text(c->matter->name));
    struct bytes sheet = bytes_from_text(TEXT("# parley findings v1\n"
                                              "fact,finding,count,first_seen,last_seen,upstream_ip,note\n"
                                              "0,confirmed,,,,,\n"));
    struct commit s = {.sheet = sheet_of(reveals ? before : of),
                       .commitment = hex_of(c, commitment_of(salt.at, sheet)),
                       .text = words(c)};
    enum error result = reveals ? attach(c, ROLE_FINDINGS, sheet, d) : OK;
    if (reveals) s.salt = hex_of(c, salt);
    return result ? result : commit_write(&s, &c->head, c->now, &c->body, d);
}

/* ---- settling */

static enum error consult(struct composing *c, struct diag *d) {
    struct consult s = {.title = words(c), .place = TEXT("by telephone")};
    return consult_write(&s, &c->head, c->now, &c->body, d);
}

static enum error minutes(struct composing *c, struct diag *d) {
    const struct message_verdict *before = last(c, c->own, is_minutes);
    struct minutes_text text = {TEXT("en"), words(c)};
    struct minutes m = {.matter = c->matter->name, .held = INSTANT_NONE, .texts = &text, .text_count = 1};
    struct buf whole = {.max = MINUTES_MAX_BYTES};
    for (unsigned p = 0; p < 2; p++) m.between[p] = (p == c->own ? c->seat : c->seat->other)->who->name;
    if (before && below(c, 2)) m.supersedes = before->statement->meaning.text;
    enum error result = minutes_write(&m, &whole, d);
    struct bytes written = keep(c, &whole);
    struct offered_minutes o = offered_minutes_of(&m, written, c->arena);
    if (!result) result = attach(c, ROLE_TEXT, written, d);
    return result ? result : minutes_offer_write(&o, &c->head, c->now, &c->body, d);
}

static enum error agree(struct composing *c, struct diag *d) {
    const struct message_verdict *mine = last(c, c->own, is_minutes), *their = last(c, 1 - c->own, is_minutes);
    const struct message_verdict *of = their && (!mine || below(c, 2)) ? their : mine;
    struct agree g = {.settlement = of ? of->statement->meaning.text : TEXT(""), .text = words(c)};
    return of ? agree_write(&g, &c->head, c->now, &c->body, d) : ERR_MISSING;
}

/* ---- dialogue */

static void offer(struct composing *c, struct dialogue *s) {
    if (below(c, 2)) s->terms.answer_within_hours = 1 + below(c, 200);
    if (below(c, 2)) s->terms.acknowledge_within_hours = 1 + below(c, 48);
    if (below(c, 4) == 0) s->until = c->now - c->now % INSTANT_SECOND + (instant)below(c, 48) * INSTANT_HOUR;
}

static void reply(struct composing *c, struct dialogue *s) {
    static const char *const replies[] = {"accept", "accept", "decline", "counter"};
    const struct message_verdict *to = last(c, 1 - c->own, is_offer);
    s->reply = text_of(replies[below(c, COUNT(replies))]);
    if (to) s->offer = to->statement->head->id;
    if (text_is(s->reply, "decline")) s->reason = word(c, &words_decline);
    if (text_is(s->reply, "counter")) offer(c, s);
}

static void say_contacts(struct composing *c, struct dialogue *s) {
    struct contact *one = ARENA_NEW(c->arena, struct contact);
    *one = CONTACT_EMPTY;
    one->name = words(c);
    s->contacts = (struct member_list){one, 1};
}

/* An attachment of one's own that an entry holds, if there is any. */
static enum error erase(struct composing *c, struct dialogue *s) {
    const struct entry_chain *chain = &c->state->channel.chains[c->own];
    uint64_t from = chain->count ? below(c, chain->count) : 0;
    for (uint64_t i = from; i < chain->count; i++) {
        const struct entry_verdict *e = &chain->entries[i];
        if (!e->leaf->attachments.count || e->generation != c->seat->generation) continue;
        struct text *name = ARENA_NEW(c->arena, struct text);
        *name = e->leaf->attachments.at[0];
        s->blobs = (struct member_list){name, 1};
        c->speech.erases = sha256_read_hex(*name, &c->speech.erase);
        return OK;
    }
    return ERR_MISSING;
}

static enum error fill(struct composing *c, struct dialogue *s) {
    uint64_t entry;
    enum error result = OK;
    s->text = words(c);
    if (c->speech.kind == KIND_PROPOSAL) {
        s->title = words(c);
        s->about = below(c, 2) ? TEXT("terms") : TEXT("dialogue");
        offer(c, s);
    }
    if (c->speech.kind == KIND_REPLY) reply(c, s);
    if (c->speech.kind == KIND_DECLINE) s->reason = word(c, &words_decline);
    if (c->speech.kind == KIND_CLOSE) s->reason = word(c, &words_close);
    if (c->speech.kind == KIND_TRANSFER) s->department = TEXT(TRANSFER_DOMESTIC);
    if (c->speech.kind == KIND_REMARK && !below(c, 8)) s->consent = (enum tlp)below(c, TLP_COUNT);
    if (c->speech.kind == KIND_CONTACTS) say_contacts(c, s);
    if (c->speech.kind == KIND_ERASE) result = erase(c, s);
    if (c->speech.kind == KIND_LINK) {
        s->relation = word(c, &words_link);
        s->other = c->state->matters[below(c, c->state->matter_count)].name;
    }
    if (c->speech.kind == KIND_UNREADABLE) {
        if (!book_closed(c->seat, rng_next(c->chance), &entry)) return ERR_MISSING;
        s->entry = entry;
        s->reason = word(c, &words_unreadable);
    }
    return result;
}

static enum error dialogue(struct composing *c, struct diag *d) {
    struct dialogue s = DIALOGUE_EMPTY;
    enum error result = fill(c, &s);
    return result ? result : dialogue_write(&s, &c->head, c->now, &c->body, d);
}

static enum error (*const writers[KIND_COUNT])(struct composing *c, struct diag *d) = {
    [KIND_CLAIM] = claim,     [KIND_CORRECT] = claim,     [KIND_INQUIRY] = inquiry, [KIND_ANSWER] = answer,
    [KIND_ASK] = ask,         [KIND_DISCLOSE] = disclose, [KIND_COMMIT] = commit,   [KIND_REVEAL] = commit,
    [KIND_CONSULT] = consult, [KIND_MINUTES] = minutes,   [KIND_AGREE] = agree,
};

/* ---- what about */

/* What ends a case, and what may be said at any time, comes less often than what leads further. */
static unsigned weight(enum kind kind) {
    static const unsigned char of[KIND_COUNT] = {
        [KIND_CLAIM] = 20, [KIND_INQUIRY] = 6,   [KIND_ANSWER] = 16, [KIND_CORRECT] = 8,
        [KIND_ASK] = 8,    [KIND_DISCLOSE] = 16, [KIND_AGREE] = 16,  [KIND_REVEAL] = 16,
        [KIND_COMMIT] = 8, [KIND_REPLY] = 16,    [KIND_REOPEN] = 12, [KIND_ACKNOWLEDGE] = 16};
    return of[kind] ? of[kind] : 4;
}

static enum kind draw(struct composing *c, uint64_t kinds) {
    uint64_t sum = 0;
    for (enum kind kind = 0; kind < KIND_COUNT; kind++)
        if (kinds & KIND_BIT(kind)) sum += weight(kind);
    uint64_t at = sum ? below(c, sum) : 0;
    for (enum kind kind = 0; kind < KIND_COUNT && sum; kind++) {
        if (!(kinds & KIND_BIT(kind))) continue;
        if (at < weight(kind)) return kind;
        at -= weight(kind);
    }
    return KIND_COUNT;
}

static void open_matter(struct composing *c) {
    char uuid[37];
    random_uuid(&c->random, uuid);
    c->speech.kind =
        draw(c, c->recipients.count ? KIND_BIT(KIND_CLAIM) | KIND_BIT(KIND_INQUIRY) | KIND_BIT(KIND_PROPOSAL)
                                    : KIND_BIT(KIND_PROPOSAL)); /* what can't be sealed yet is a first proposal */
    c->head.matter = arena_format(c->arena, "%.*s/%s", TEXT_ARG(c->seat->who->name), uuid);
    c->head.tlp = text_of(tlp_name((enum tlp)below(c, TLP_COUNT)));
}

static void go_on(struct composing *c) {
    size_t recent = c->state->matter_count < RECENT ? c->state->matter_count : RECENT;
    c->matter = &c->state->matters[c->state->matter_count - 1 - below(c, recent)];
    c->head.matter = c->matter->name;
    uint64_t kinds = matter_possible(c->state, c->matter, c->own, c->arena);
    kinds &= ~(KIND_BIT(KIND_UNREADABLE) | KIND_BIT(KIND_ORIGINS) | KIND_BIT(KIND_CONTACTS) | KIND_BIT(KIND_CHECK_IN) |
               KIND_BIT(KIND_ERASE) | KIND_BIT(KIND_PROPOSAL) | KIND_BIT(KIND_CLAIM) | KIND_BIT(KIND_INQUIRY));
    c->speech.kind = draw(c, kinds);
    if (below(c, 8) == 0 && c->matter->tlp != TLP_NONE)
        c->head.tlp = text_of(tlp_name(c->matter->tlp < TLP_RED ? c->matter->tlp + 1 : TLP_RED));
}

static void choose(struct composing *c) {
    uint64_t at = below(c, 1000), entry;
    if (!c->recipients.count || !c->state->matter_count || at < OPENS)
        open_matter(c);
    else if (at < OPENS + OUTSIDE_CASES)
        c->speech.kind = book_closed(c->seat, 0, &entry) && below(c, 2)
                             ? KIND_UNREADABLE
                             : draw(c, KIND_BIT(KIND_ORIGINS) | KIND_BIT(KIND_CONTACTS) | KIND_BIT(KIND_CHECK_IN) |
                                           KIND_BIT(KIND_ERASE));
    else
        go_on(c);
}

/* ---- signing and sealing */

static const struct card *card_of(const struct matter_state *s, unsigned party) {
    const struct entry_chain *chain = &s->channel.chains[party];
    return chain->count ? chain->entries[chain->count - 1].card_after : NULL;
}

static enum error begin(struct composing *c, struct diag *d) {
    struct seat *s = c->seat;
    uint8_t id[16], seed[8];
    char hex[2 * sizeof id + 1];
    uint64_t own, number = rng_next(c->chance);
    memcpy(seed, &number, sizeof seed);
    c->random = random_seeded(text_from_bytes(bytes_of(seed, sizeof seed)));
    random_fill(&c->random, id, sizeof id);
    hex_write(bytes_of(id, sizeof id), hex);
    enum error result = store_size(s->who->store, s->own, &own, d);
    if (result) return result;
    c->cards[0] = card_of(c->state, c->own);
    c->cards[1] = card_of(c->state, 1 - c->own);
    const struct channel_verdict *v = &c->state->channel;
    if (s->generation && (v->generations <= s->generation || !v->chains[c->own].places[s->generation].used))
        return fail(d, ERR_MISSING, "the successor does not count yet");
    if (!c->cards[0]) return fail(d, ERR_NO_KEY, "no card of one's own yet");
    struct text to = s->other->who->name, from = arena_format(c->arena, "%.*s/incident", TEXT_ARG(s->who->name));
    if (c->cards[1]) to = arena_format(c->arena, "%.*s/incident", TEXT_ARG(to));
    c->head = (struct head){.record = s->origin,
                            .id = arena_text(c->arena, text_of(hex)),
                            .own = own,
                            .read = book_read_of_theirs(s),
                            .from = from,
                            .by = TEXT("a.officer"),
                            .to = to,
                            .lang = TEXT("en"),
                            .attach = ARENA_ARRAY(c->arena, struct attach, SPEECH_BLOBS_MAX)};
    if (c->cards[1]) c->recipients = message_recipients(&c->head, c->cards[1], c->cards[0], c->arena);
    return OK;
}

static enum error end(struct composing *c, struct diag *d) {
    struct buf note = {.max = MESSAGE_MAX_BYTES};
    struct message m;
    const struct signer *officer = party_keys(c->seat->who, c->cards[0]->serial)->officer;
    enum error result = message_sign(&c->head, buf_as_text(&c->body), &officer, 1, &note, d);
    struct bytes whole = keep(c, &note);
    if (!result) result = message_read(whole, c->arena, &m, d);
    if (!result && c->recipients.count) result = seal(c, whole, &c->speech.blobs[0], d);
    if (result) return result;
    if (!c->recipients.count) c->speech.blobs[0] = whole;
    c->speech.identity = m.identity;
    c->speech.count = 1 + c->head.attach_count;
    return OK;
}

static enum error compose(struct composing *c, struct diag *d) {
    enum error result = begin(c, d);
    if (result) return result;
    choose(c);
    if (c->speech.kind == KIND_COUNT) return fail(d, ERR_MISSING, "nothing may be said");
    c->head.kind = text_of(kind_rules[c->speech.kind].name);
    result = (writers[c->speech.kind] ? writers[c->speech.kind] : dialogue)(c, d);
    if (!result) result = end(c, d);
    buf_free(&c->body);
    return result;
}

enum error speech_compose(struct seat *s, struct rng *r, struct arena *a, struct speech *out, struct diag *d) {
    struct composing c = {.seat = s,
                          .chance = r,
                          .arena = a,
                          .own = seat_party(s),
                          .now = party_now(s->who),
                          .body = {.max = BODY_MAX_BYTES}};
    enum error result = book_state(s, &c.state, &c.speech.must_count, d);
    if (!result) result = compose(&c, d);
    if (!result) *out = c.speech;
    return result;
}

void speech_must_count(struct seat *s, const struct speech *said) {
    struct arena a = {0};
    struct matter_state state;
    if (!said->must_count) return;
    if (!book_read(s, NULL) && !book_fold(s, &(struct reading){.as_of = party_now(s->who)}, &a, &state, NULL))
        for (size_t i = 0; i < state.message_count; i++) {
            const struct message_verdict *v = &state.messages[i];
            if (v->why && v->entry->party == seat_party(s) && sha256_equal(v->statement->identity, said->identity))
                violated(s->who->world, "party %u, channel %u: the rules allow to say “%s”, and it is void: %s",
                         s->who->number, s->number, kind_rules[said->kind].name, void_words(v->why));
        }
    arena_free(&a);
}

enum error speech_seal(struct seat *s, struct bytes plain, bool padded, struct random *r, struct arena *a,
                       struct bytes *out, struct diag *d) {
    struct seal_recipient to[2];
    struct text names[2];
    struct buf sealed = {.max = plain.size + 4096};
    struct party *sides[2] = {s->other->who, s->who};
    for (int i = 0; i < 2; i++) {
        to[i] = seal_identity_recipient(sides[i]->identities[sides[i]->identity_count - 1]);
        names[i] = party_recipient(sides[i], a);
    }
    struct sealer sealer = {.recipients = to, .count = 2};
    enum error result = padded ? message_seal(plain, (struct names){names, 2}, r, &sealed, d)
                               : seal_bytes(&sealer, plain, r, &sealed, d);
    if (!result) *out = arena_bytes(a, buf_as_bytes(&sealed));
    buf_free(&sealed);
    return result;
}
