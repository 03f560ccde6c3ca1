/* A record of 10,000 entries, from raw bytes to the state of its case, beside the Ed25519 verifications alone that this
 * takes, by libsodium, and the hashing of the same bytes by libcrypto.
 *
 * Nine entries of ten hold a message, the tenth a receipt: 10,000 signatures in all, and one case of 9,000 messages. */
#define PAIR_ENTRIES_MAX 10000
#include "pair.h"

#include <sodium.h>

#include "base/map.h"
#include "bench.h"
#include "claim/claim.h"
#include "matter/dialogue.h"
#include "matter/from_message.h"
#include "matter/matter.h"

enum { ENTRIES = PAIR_ENTRIES_MAX, RECEIPT_EVERY = 10 };
#define CASE "cert.north.example/0b0e9b6c-6f5c-4a47-8f0e-5d6a3f1c2b01"

static struct pair pair;

struct work {
    struct raw_channel raw;
    struct map blobs;                  /* raw SHA-256 to pair_blob */
    struct bytes notes[ENTRIES];       /* the opened messages, by entry; size 0: none */
    struct bytes sealed[ENTRIES];      /* and as they were sealed */
    struct text signed_texts[ENTRIES]; /* what each signature is of */
    uint8_t signatures[ENTRIES][KEY_SIGNATURE_SIZE];
    struct vkey keys[ENTRIES];
    size_t signature_count;
};

/* ---- the record */

static void write_body(const struct head *h, bool first, struct buf *body) {
    struct inquiry inquiry = INQUIRY_EMPTY;
    struct dialogue remark = DIALOGUE_EMPTY;
    inquiry.title = TEXT("Is this address yours?");
    inquiry.question = remark.text = TEXT("We saw it again this morning, and would like to know who runs it now.");
    bench_need((first ? inquiry_write(&inquiry, h, pair.now, body, NULL)
                      : dialogue_write(&remark, h, pair.now, body, NULL)) == OK,
               "writing a body");
}

static void say(struct work *w) {
    bool first = pair_now(&pair, 0)->count == 1;
    struct head h = pair_head(&pair, 0, first ? "inquiry" : "remark", CASE);
    struct buf body = {.max = BODY_MAX_BYTES}, plain = {.max = MESSAGE_MAX_BYTES};
    struct opener with = {.identities = &pair.of[1].identity, .count = 1};
    uint8_t key[SEAL_FILE_KEY_SIZE];
    if (first) h.tlp = TEXT("AMBER");
    write_body(&h, first, &body);
    uint64_t index = pair_say(&pair, 0, h, buf_as_text(&body), NULL, 0);
    w->sealed[index] = pair.blobs[pair.blob_count - 1].content;
    bench_need(message_unseal(w->sealed[index], &with, UINT64_MAX, &plain, key, NULL) == OK, "opening a message");
    w->notes[index] = arena_bytes(&pair.arena, buf_as_bytes(&plain));
    buf_free(&body);
    buf_free(&plain);
}

static enum error front(void *state, struct sha256 name, size_t max, struct arena *a, struct bytes *out, uint64_t *size,
                        struct diag *d) {
    const struct work *w = state;
    const struct pair_blob *blob = map_get(&w->blobs, text_from_bytes(sha256_bytes(&name)));
    (void)a;
    if (!blob) return fail(d, ERR_MISSING, "no such blob");
    *out = bytes_of(blob->content.at, blob->content.size < max ? blob->content.size : max);
    *size = blob->content.size;
    return OK;
}

/* What a bare verification takes: key, bytes, signature. */
static void take_signatures(struct work *w) {
    for (size_t i = 0; i < ENTRIES; i++) {
        struct message m;
        if (!w->notes[i].size) continue;
        size_t at = w->signature_count++;
        bench_need(message_read(w->notes[i], &pair.arena, &m, NULL) == OK, "reading a message");
        w->signed_texts[at] = m.note.text;
        w->keys[at] = *signer_vkey(pair.of[0].officer);
        memcpy(w->signatures[at], m.note.signatures[0].raw.at, KEY_SIGNATURE_SIZE);
    }
}

static void make(struct work *w) {
    pair_begin(&pair);
    while (pair_now(&pair, 0)->count < ENTRIES)
        if (pair_now(&pair, 0)->count % RECEIPT_EVERY)
            say(w);
        else
            pair_receipt(&pair, 0);
    w->raw = pair_raw(&pair);
    w->raw.blobs = (struct blob_source){front, w};
    w->blobs = (struct map){.arena = &pair.arena};
    for (size_t i = 0; i < pair.blob_count; i++)
        *map_put(&w->blobs, text_from_bytes(sha256_bytes(&pair.blobs[i].sha))) = &pair.blobs[i];
    take_signatures(w);
}

/* ---- the limits */

static void verifications_alone(void *of) {
    const struct work *w = of;
    size_t good = 0;
    /* A cosignature signs about as many bytes as the shortest message: it counts as one of them. */
    for (size_t i = 0; i < ENTRIES; i++) {
        size_t at = i % w->signature_count;
        struct text t = w->signed_texts[at];
        good += crypto_sign_verify_detached(w->signatures[at], (const uint8_t *)t.at, t.size, w->keys[at].public) == 0;
    }
    bench_need(good == ENTRIES, "verifying");
}

/* Leaves, nodes, and the texts that messages are named by. */
static void hashes_alone(void *of) {
    const struct work *w = of;
    const struct raw_record *r = &w->raw.parties[0].records[0];
    uint8_t node[2 * SHA256_SIZE] = {0}, sum = 0;
    for (size_t i = 0; i < r->count; i++) {
        sum ^= sha256_of(r->leaves[i]).at[0] ^ sha256_of(bytes_of(node, sizeof node)).at[0];
        if (i < w->signature_count) sum ^= sha256_of(bytes_from_text(w->signed_texts[i])).at[0];
    }
    bench_keep(sum);
}

/* ---- parley */

struct run {
    struct arena arena;
    struct verified_channel channel;
    struct channel_verdict verdict;
};

static void verify_entries(const struct work *w, struct run *run) {
    bench_need(channel_verify(&w->raw, &run->arena, &run->channel, NULL) == OK, "verifying the records");
    bench_need(channel_judge(&run->channel.view, NULL, &run->arena, &run->verdict, NULL) == OK, "judging the records");
    bench_need(!run->verdict.contradiction_count, "an honest record");
}

static void root_alone(void *of) {
    struct run run = {0};
    verify_entries(of, &run);
    bench_keep(run.channel.records[0][0].root.at[0]);
    arena_free(&run.arena);
}

static void fold(struct run *run, const struct statement *statements, size_t count) {
    struct matter_state state;
    bench_need(matter_fold(&run->channel.view, NULL, statements, count, pair.now, &run->arena, &state, NULL) == OK,
               "the fold");
    bench_need(state.matter_count == 1 && state.matters[0].said[0].count == count, "a case of all messages");
}

static struct bytes unseal(struct run *run, struct bytes sealed) {
    struct opener with = {.identities = &pair.of[1].identity, .count = 1};
    struct buf plain = {.max = MESSAGE_MAX_BYTES};
    uint8_t key[SEAL_FILE_KEY_SIZE];
    bench_need(message_unseal(sealed, &with, UINT64_MAX, &plain, key, NULL) == OK, "opening a message");
    struct bytes note = arena_bytes(&run->arena, buf_as_bytes(&plain));
    buf_free(&plain);
    return note;
}

static void verify_all(const struct work *w, bool open) {
    struct run run = {0};
    verify_entries(w, &run);
    struct message *messages = ARENA_ARRAY(&run.arena, struct message, ENTRIES);
    struct statement *statements = ARENA_ARRAY(&run.arena, struct statement, ENTRIES);
    size_t count = 0;
    for (uint64_t i = 0; i < ENTRIES; i++) {
        if (!w->notes[i].size) continue;
        struct message *m = &messages[count];
        struct bytes note = open ? unseal(&run, w->sealed[i]) : w->notes[i];
        bench_need(message_read(note, &run.arena, m, NULL) == OK, "reading a message");
        bench_need(
            statement_from_message(m, channel_entry(&run.verdict, 0, 0, i), &run.arena, &statements[count], NULL) == OK,
            "understanding a message");
        bench_need(statements[count++].signatures.count == 1, "a signature");
    }
    fold(&run, statements, count);
    arena_free(&run.arena);
}

static void opened_record(void *of) { verify_all(of, false); }
static void sealed_record(void *of) { verify_all(of, true); }

int main(void) {
    static struct work work;
    static const struct way ways[] = {{"libsodium, the Ed25519 verifications alone", verifications_alone},
                                      {"libcrypto, the hashes alone", hashes_alone},
                                      {"parley: entries, root, receipts", root_alone},
                                      {"parley: that, signatures, bodies, the rules", opened_record},
                                      {"parley: that, every seal opened", sealed_record}};
    make(&work);
    bench_compare("verifying a record of 10,000 entries", ENTRIES, "entries", ways, COUNT(ways), &work);
    pair_end(&pair);
    return 0;
}
