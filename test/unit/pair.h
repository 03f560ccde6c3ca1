/* Two parties with real keys who speak over real records, in memory: for tests of what rests on verified bytes.
 *
 * Time stands still but for one minute an entry; randomness is a seeded stream, so a test repeats.  Party 0 is
 * cert.north.example, party 1 cert.south.example. */
#ifndef PARLEY_TEST_PAIR_H
#define PARLEY_TEST_PAIR_H

#include <string.h>

#include "base/codec.h"
#include "base/random.h"
#include "message/message.h"
#include "record/channel.h"
#include "record/entry.h"
#include "record/verify.h"
#include "seal/padme.h"
#include "tlog/cosignature.h"

#ifndef PAIR_ENTRIES_MAX /* whoever needs longer records says so before it includes this */
#define PAIR_ENTRIES_MAX 600
#endif
enum { PAIR_BLOBS_MAX = 2 * PAIR_ENTRIES_MAX, PAIR_RECORDS_MAX = 2 };

struct pair_blob {
    struct sha256 sha;
    struct bytes content;
    uint8_t file_key[SEAL_FILE_KEY_SIZE]; /* of sealed ones */
    bool withheld;                        /* a source does not find it */
};

struct pair_record {
    struct text channel, origin;
    struct bytes leaves[PAIR_ENTRIES_MAX];
    size_t count;
    struct tree tree;
};

struct pair_party {
    struct text name;
    struct signer *root, *officer, *lead, *mirror, *log;
    struct seal_identity *identity;
    struct card card; /* the last one that was published */
    struct pair_record records[PAIR_RECORDS_MAX];
    size_t generation; /* the record that grows */
};

struct pair {
    struct arena arena;
    struct random random;
    struct pair_party of[2];
    struct pair_blob blobs[PAIR_BLOBS_MAX];
    size_t blob_count;
    instant now;
};

static inline struct text pair_vkey(struct pair *p, const struct signer *s) { return signer_vkey_text(s, &p->arena); }

static inline struct signer *pair_key(struct pair *p, unsigned party, const char *what, enum key_type type) {
    return signer_new(arena_format(&p->arena, "%.*s/%s", TEXT_ARG(p->of[party].name), what), type, &p->random);
}

static inline struct names pair_names(struct pair *p, size_t count, const struct text *names) {
    struct text *at = ARENA_ARRAY(&p->arena, struct text, count);
    for (size_t i = 0; i < count; i++) at[i] = names[i];
    return (struct names){at, count};
}

static inline struct pair_record *pair_now(struct pair *p, unsigned party) {
    return &p->of[party].records[p->of[party].generation];
}

/* ---- blobs */

static inline struct pair_blob *pair_find(struct pair *p, struct sha256 sha) {
    for (size_t i = 0; i < p->blob_count; i++)
        if (sha256_equal(p->blobs[i].sha, sha)) return &p->blobs[i];
    return NULL;
}

static inline struct pair_blob *pair_keep(struct pair *p, struct bytes content) {
    ASSERT(p->blob_count < PAIR_BLOBS_MAX);
    struct pair_blob *blob = &p->blobs[p->blob_count++];
    *blob = (struct pair_blob){.content = arena_bytes(&p->arena, content)};
    blob->sha = sha256_of(blob->content);
    return blob;
}

static inline enum error pair_front(void *state, struct sha256 name, size_t max, struct arena *a, struct bytes *front,
                                    uint64_t *size, struct diag *d) {
    struct pair_blob *blob = pair_find(state, name);
    (void)a;
    if (!blob || blob->withheld) return fail(d, ERR_MISSING, "no such blob");
    *front = bytes_of(blob->content.at, blob->content.size < max ? blob->content.size : max);
    *size = blob->content.size;
    return OK;
}

static inline struct raw_channel pair_raw(struct pair *p) {
    struct raw_channel raw = {.blobs = {pair_front, p}};
    for (unsigned i = 0; i < 2; i++) {
        struct raw_record *records = ARENA_ARRAY(&p->arena, struct raw_record, p->of[i].generation + 1);
        for (size_t g = 0; g <= p->of[i].generation; g++) {
            struct pair_record *r = &p->of[i].records[g];
            records[g] = (struct raw_record){r->channel, r->origin, pair_vkey(p, p->of[i].root), r->leaves, r->count};
        }
        raw.parties[i] = (struct raw_party){p->of[i].name, records, p->of[i].generation + 1};
    }
    return raw;
}

/* ---- entries */

static inline struct entry_size pair_size(struct pair_record *r, uint64_t size) {
    return (struct entry_size){size, size ? tree_root_at(&r->tree, size) : tree_empty_root()};
}

static inline void pair_append_bytes(struct pair *p, unsigned party, struct bytes leaf) {
    struct pair_record *r = pair_now(p, party);
    ASSERT(r->count < PAIR_ENTRIES_MAX);
    r->leaves[r->count++] = arena_bytes(&p->arena, leaf);
    tree_add(&r->tree, tree_leaf_hash(leaf));
}

/* A new entry: `e` says what it carries; its time, and a `seen` of all that there is where it says none, are added. */
static inline uint64_t pair_append(struct pair *p, unsigned party, struct entry e) {
    struct pair_record *r = pair_now(p, party), *theirs = pair_now(p, 1 - party);
    struct buf out = {.max = ENTRY_MAX_BYTES};
    p->now += INSTANT_SECOND * 60;
    e.time = p->now;
    if (!e.seen.size) e.seen = pair_size(theirs, theirs->count);
    if (!r->count) e.channel = r->channel;
    ASSERT(entry_write(&e, &out, NULL) == OK);
    pair_append_bytes(p, party, buf_as_bytes(&out));
    buf_free(&out);
    return r->count - 1;
}

static inline uint64_t pair_append_blobs(struct pair *p, unsigned party, struct pair_blob *const *blobs, size_t count) {
    struct entry_blob *lines = ARENA_ARRAY(&p->arena, struct entry_blob, count);
    for (size_t i = 0; i < count; i++) lines[i] = (struct entry_blob){blobs[i]->sha, blobs[i]->content.size};
    return pair_append(p, party, (struct entry){.blobs = lines, .blob_count = count});
}

/* The cosignature line of the counterparty's mirror on a prefix of a record, without LF. */
static inline struct text pair_cosign(struct pair *p, unsigned owner, uint64_t size, const struct signer *mirror) {
    struct buf text = {.max = CHECKPOINT_MAX_BYTES}, line = {.max = 1024};
    struct pair_record *r = pair_now(p, owner);
    checkpoint_write(&(struct checkpoint){r->origin, size, pair_size(r, size).root}, &text);
    cosignature_make(mirror, buf_as_text(&text), p->now, &line);
    struct text t = arena_text(&p->arena, text_sub(buf_as_text(&line), 0, line.size - 1));
    buf_free(&text);
    buf_free(&line);
    return t;
}

/* `party` records the counterparty's receipt for all that stands in its record. */
static inline uint64_t pair_receipt(struct pair *p, unsigned party) {
    struct pair_record *r = pair_now(p, party);
    struct entry_receipt *receipt = ARENA_NEW(&p->arena, struct entry_receipt);
    *receipt = (struct entry_receipt){pair_size(r, r->count), pair_cosign(p, party, r->count, p->of[1 - party].mirror)};
    return pair_append(p, party, (struct entry){.receipts = receipt, .receipt_count = 1});
}

/* The checkpoint of all that stands in a record, signed by its log, with the counterparty's receipt. */
static inline struct bytes pair_checkpoint(struct pair *p, unsigned party) {
    struct pair_record *r = pair_now(p, party);
    const struct signer *log = p->of[party].log;
    struct buf out = {.max = CHECKPOINT_MAX_BYTES};
    struct entry_size at = pair_size(r, r->count);
    ASSERT(checkpoint_sign(&(struct checkpoint){r->origin, at.size, at.root}, &log, 1, &out, NULL) == OK);
    buf_format(&out, "%.*s\n", TEXT_ARG(pair_cosign(p, party, r->count, p->of[1 - party].mirror)));
    struct bytes note = arena_bytes(&p->arena, buf_as_bytes(&out));
    buf_free(&out);
    return note;
}

/* ---- cards */

static inline struct bytes pair_sign_card(struct pair *p, struct card *card, const struct signer *root) {
    struct buf text = {.max = CARD_MAX_BYTES}, note = {.max = CARD_MAX_BYTES};
    card_write(card, &text);
    ASSERT(note_sign(buf_as_text(&text), &root, 1, &note, NULL) == OK);
    struct bytes signed_note = arena_bytes(&p->arena, buf_as_bytes(&note));
    ASSERT(card_read(signed_note, &p->arena, card, NULL) == OK);
    buf_free(&text);
    buf_free(&note);
    return signed_note;
}

/* The next card of a party, by its keys as they are now, in an entry of its own. */
static inline uint64_t pair_publish(struct pair *p, unsigned party) {
    struct pair_party *of = &p->of[party];
    struct text id = of->card.id, mirrors[] = {pair_vkey(p, of->mirror)}, roles[] = {TEXT("officer"), TEXT("lead")};
    uint64_t serial = id.size ? of->card.serial + 1 : 0;
    struct buf recipient = {.max = 256};
    struct seal_recipient age = seal_identity_recipient(of->identity);
    seal_recipient_write(&age, &recipient);
    struct officer officers[] = {
        {TEXT("a.officer"), TEXT("incident"), pair_vkey(p, of->officer), pair_names(p, 1, roles)},
        {TEXT("a.lead"), TEXT("incident"), pair_vkey(p, of->lead), pair_names(p, 2, roles)},
    };
    struct card_line departments[] = {{TEXT("incident"), TEXT("Incident response")}};
    struct card_line recipients[] = {{TEXT("incident"), arena_text(&p->arena, buf_as_text(&recipient))}};
    struct card_log logs[PAIR_RECORDS_MAX];
    for (size_t g = 0; g <= of->generation; g++)
        logs[g] = (struct card_log){of->records[g].origin, pair_vkey(p, of->log)};
    struct card card = {.party = of->name,
                        .serial = serial,
                        .previous = id,
                        .root = pair_vkey(p, of->root),
                        .mirrors = pair_names(p, 1, mirrors),
                        .logs = logs,
                        .log_count = of->generation + 1,
                        .departments = departments,
                        .department_count = 1,
                        .recipients = recipients,
                        .recipient_count = 1,
                        .officers = officers,
                        .officer_count = 2};
    struct pair_blob *blob = pair_keep(p, pair_sign_card(p, &card, of->root));
    of->card = card;
    buf_free(&recipient);
    return pair_append_blobs(p, party, &blob, 1);
}

/* ---- messages */

/* Pads and seals to both departments. */
static inline struct pair_blob *pair_seal(struct pair *p, unsigned party, struct bytes plain) {
    struct text to[] = {p->of[1 - party].card.recipients[0].value, p->of[party].card.recipients[0].value};
    struct buf sealed = {.max = (size_t)64 << 20}, opened = {.max = (size_t)64 << 20};
    struct seal_identity *identity = p->of[party].identity;
    uint8_t key[SEAL_FILE_KEY_SIZE];
    ASSERT(message_seal(plain, (struct names){to, 2}, &p->random, &sealed, NULL) == OK);
    ASSERT(seal_open_bytes(&(struct opener){.identities = &identity, .count = 1}, buf_as_bytes(&sealed), &opened, key,
                           NULL) == OK);
    struct pair_blob *blob = pair_keep(p, buf_as_bytes(&sealed));
    memcpy(blob->file_key, key, sizeof key);
    buf_free(&sealed);
    buf_free(&opened);
    return blob;
}

struct pair_attach {
    struct text role, media_type, name;
    struct bytes plain;
};

/* What a head says of itself: places, ids and names.  The caller sets kind, matter, tlp as it likes. */
static inline struct head pair_head(struct pair *p, unsigned party, const char *kind, const char *matter) {
    uint8_t id[16];
    char hex[33];
    random_fill(&p->random, id, sizeof id);
    hex_write(bytes_of(id, sizeof id), hex);
    return (struct head){.record = pair_now(p, party)->origin,
                         .id = arena_text(&p->arena, text_of(hex)),
                         .own = pair_now(p, party)->count,
                         .read = pair_now(p, 1 - party)->count,
                         .kind = text_of(kind),
                         .matter = text_of(matter),
                         .from = arena_format(&p->arena, "%.*s/incident", TEXT_ARG(p->of[party].name)),
                         .by = TEXT("a.officer"),
                         .to = arena_format(&p->arena, "%.*s/incident", TEXT_ARG(p->of[1 - party].name)),
                         .lang = TEXT("en")};
}

/* Signs, seals and appends; the attachments are sealed, too, and named in the head.  Gives the entry's index. */
static inline uint64_t pair_say(struct pair *p, unsigned party, struct head head, struct text body,
                                const struct pair_attach *attach, size_t count) {
    struct pair_blob *blobs[1 + MESSAGE_ATTACH_MAX];
    struct buf note = {.max = MESSAGE_MAX_BYTES};
    const struct signer *signers[] = {p->of[party].officer};
    head.attach = ARENA_ARRAY(&p->arena, struct attach, count);
    head.attach_count = count;
    for (size_t i = 0; i < count; i++) {
        blobs[1 + i] = pair_seal(p, party, attach[i].plain);
        head.attach[i] = (struct attach){.role = attach[i].role,
                                         .sealed = blobs[1 + i]->sha,
                                         .sealed_size = blobs[1 + i]->content.size,
                                         .plain = sha256_of(attach[i].plain),
                                         .plain_size = attach[i].plain.size,
                                         .media_type = attach[i].media_type,
                                         .name = attach[i].name};
    }
    ASSERT(message_sign(&head, body, signers, 1, &note, NULL) == OK);
    blobs[0] = pair_seal(p, party, buf_as_bytes(&note));
    buf_free(&note);
    return pair_append_blobs(p, party, blobs, 1 + count);
}

/* ---- the pair */

static inline void pair_open_record(struct pair *p, unsigned party, uint64_t number) {
    struct pair_party *of = &p->of[party];
    struct channel_name name = {.from = of->name, .to = p->of[1 - party].name, .number = number};
    uint8_t secret[CHANNEL_SECRET_SIZE];
    random_fill(&p->random, secret, sizeof secret);
    of->generation = number - 1;
    struct pair_record *r = pair_now(p, party);
    r->channel = channel_name_write(&name, &p->arena);
    r->origin = channel_origin(r->channel, secret, &p->arena);
    signer_free(of->log);
    of->log = signer_new(r->origin, KEY_ED25519, &p->random);
}

/* Both have keys, and a record with their card in it. */
static inline void pair_begin(struct pair *p) {
    static const char *const names[2] = {"cert.north.example", "cert.south.example"};
    *p = (struct pair){.random = random_seeded(TEXT("pair")), .now = 1772366400 * INSTANT_SECOND}; /* 2026-03-01T12Z */
    for (unsigned i = 0; i < 2; i++) p->of[i].name = text_of(names[i]);
    for (unsigned i = 0; i < 2; i++) {
        struct pair_party *of = &p->of[i];
        of->root = pair_key(p, i, "root", KEY_ED25519);
        of->officer = pair_key(p, i, "officer/a.officer", KEY_ED25519);
        of->lead = pair_key(p, i, "officer/a.lead", KEY_ED25519);
        of->mirror = pair_key(p, i, "mirror", KEY_COSIGNATURE);
        of->identity = seal_identity_new(&p->random);
        pair_open_record(p, i, 1);
        pair_publish(p, i);
    }
}

static inline void pair_end(struct pair *p) {
    for (unsigned i = 0; i < 2; i++) {
        struct pair_party *of = &p->of[i];
        struct signer *keys[] = {of->root, of->officer, of->lead, of->mirror, of->log};
        for (size_t k = 0; k < COUNT(keys); k++) signer_free(keys[k]);
        seal_identity_free(of->identity);
        for (size_t g = 0; g < PAIR_RECORDS_MAX; g++) tree_free(&of->records[g].tree);
    }
    arena_free(&p->arena);
}

#endif
