#include "pair.h"

#include <stdio.h>

#include "base/os.h"
#include "note/note.h"
#include "sync/own.h"

void pair_must(struct pair *p, enum error result) {
    if (result) fprintf(stderr, "%s: %s\n", error_name(result), p->diag.text);
    assert_int_equal(result, OK);
}

static struct text vkey_text(struct pair *p, const struct signer *s) {
    struct buf out = {.max = VKEY_TEXT_MAX};
    vkey_write(signer_vkey(s), &out);
    struct text t = arena_text(&p->arena, buf_as_text(&out));
    buf_free(&out);
    return t;
}

struct bytes pair_card(struct player *w, uint64_t serial, struct bytes previous, bool log) {
    struct pair *p = w->pair;
    char hex[SHA256_HEX];
    struct sha256 id = sha256_of(previous);
    struct text mirrors[] = {vkey_text(p, w->mirror), w->neutral ? vkey_text(p, w->neutral) : TEXT("")},
                url = arena_format(&p->arena, "https://%.*s:7443", TEXT_ARG(w->party));
    struct card_log lines[] = {{w->origin, vkey_text(p, w->log)},
                               {w->origin, w->next_log ? vkey_text(p, w->next_log) : TEXT("")}};
    struct card_neutral neutral = {.tls = TEXT("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"),
                                   .url = TEXT("https://mirror.example:7445")};
    if (w->neutral) neutral.name = signer_vkey(w->neutral)->name;
    struct card c = {.party = w->party,
                     .serial = serial,
                     .root = vkey_text(p, w->root),
                     .mirrors = {mirrors, w->neutral ? 2 : 1},
                     .logs = lines,
                     .log_count = log ? 1 + (w->next_log != NULL) : 0,
                     .tls = {&w->pin, 1},
                     .urls = {&url, 1},
                     .neutrals = &neutral,
                     .neutral_count = w->neutral != NULL};
    if (previous.size) c.previous = sha256_hex(&id, hex);
    struct buf text = {.max = CARD_MAX_BYTES}, note = {.max = CARD_MAX_BYTES};
    const struct signer *root = w->root;
    card_write(&c, &text);
    pair_must(p, note_sign(buf_as_text(&text), &root, 1, &note, &p->diag));
    struct bytes made = arena_bytes(&p->arena, buf_as_bytes(&note));
    buf_free(&text);
    buf_free(&note);
    return made;
}

static enum error log_keys(void *state, struct text origin, const struct signer *out[static 2], size_t *count,
                           struct diag *d) {
    struct player *w = state;
    if (!text_equal(origin, w->origin)) return fail(d, ERR_NO_KEY, "no log key");
    out[0] = w->log;
    out[1] = w->next_log;
    *count = out[1] ? 2 : 1;
    return OK;
}

static enum error mirror_key(void *state, const struct signer **out, struct diag *d) {
    (void)d;
    *out = ((struct player *)state)->mirror;
    return OK;
}

/* The other side exchanges in the midst of this one's exchange, as two nodes do that call each other at once. */
static void meet(struct pair *p, int caller) {
    struct player *other = &p->of[!caller];
    struct sync_report ignored;
    struct diag d = {0};
    uint64_t outer = p->calls, break_at = p->break_at;
    for (int i = 0; i < 2; i++)
        if (p->meet_says >> i & 1) pair_say(p, i, 60);
    p->calls = p->meet_at = 0; /* once */
    p->break_at = p->meet_breaks_at;
    enum error result = sync_channel(&other->node, other->channel, &other->to, p->now, &ignored, &d);
    if (result && !p->meet_breaks_at) fprintf(stderr, "the one met: %s: %s\n", error_name(result), d.text);
    if (result) assert_int_not_equal(p->meet_breaks_at, 0);
    p->met_calls = p->calls;
    p->calls = outer;
    p->break_at = break_at;
}

/* What is kept in memory must be what would be said without. */
static void answer_as_kept(const struct sync_node *n, const struct request *q, instant now, struct response *r) {
    struct response kept = {.body = {.max = 128 << 20}};
    bool had = server_answer_kept(n, q, &kept);
    server_answer(n, q, now, r);
    if (had) {
        assert_int_equal(kept.status, r->status);
        assert_string_equal(kept.content_type, r->content_type);
        assert_true(text_equal(buf_as_text(&kept.body), buf_as_text(&r->body)));
    }
    response_free(&kept);
}

static enum error call(struct remote *self, const struct request *q, struct response *r, struct diag *d) {
    struct player *w = self->state;
    struct pair *p = w->pair;
    bool breaks = ++p->calls == p->break_at;
    if (p->calls == p->meet_at) meet(p, w == &p->of[1]);
    struct request mine = *q;
    mine.pin = w->calls_as;
    if (breaks && p->where == BEFORE) return fail(d, ERR_NETWORK, "the line broke");
    size_t max = r->body.max;
    struct response answer = {.body = {.max = 128 << 20}};
    answer_as_kept(&p->of[w == &p->of[0]].node, &mine, p->now, &answer);
    if (getenv("TRACE")) fprintf(stderr, "%.*s %.*s -> %u\n", TEXT_ARG(q->method), TEXT_ARG(q->path), answer.status);
    bool fits = answer.body.size <= max;
    response_free(r);
    *r = answer;
    r->body.max = max;
    if (breaks || !fits) return fail(d, ERR_NETWORK, "the line broke");
    return OK;
}

void pair_took_store(struct player *w) {
    pins_free(w->node.pins);
    answers_free(w->node.answers);
    w->node = (struct sync_node){
        .store = w->store, .keys = {log_keys, mirror_key, w}, .pins = pins_new(w->store), .answers = answers_new()};
}

static void open_store(struct player *w) {
    struct store_options o = {.folder = w->folder};
    pair_must(w->pair, store_open(&o, &w->store, &w->pair->diag));
    pair_took_store(w);
}

static void start_player(struct pair *p, int i) {
    struct player *w = &p->of[i];
    struct sha256 pin;
    w->pair = p;
    w->party = text_of(i ? "cert.south.example" : "cert.north.example");
    w->name = arena_format(&p->arena, "%s/to/%s/1", i ? "cert.south.example" : "cert.north.example",
                           i ? "cert.north.example" : "cert.south.example");
    random_fill(&p->random, w->secret, sizeof w->secret);
    w->origin = channel_origin(w->name, w->secret, &p->arena);
    w->root = signer_new(arena_format(&p->arena, "%.*s/root", TEXT_ARG(w->party)), KEY_ED25519, &p->random);
    w->mirror = signer_new(arena_format(&p->arena, "%.*s/mirror", TEXT_ARG(w->party)), KEY_COSIGNATURE, &p->random);
    w->log = signer_new(w->origin, KEY_ED25519, &p->random);
    random_fill(&p->random, pin.at, sizeof pin.at);
    char hex[SHA256_HEX];
    w->pin = w->calls_as = arena_text(&p->arena, sha256_hex(&pin, hex));
    w->invited = pair_card(w, 0, bytes_of(NULL, 0), false);
    w->card = pair_card(w, 1, w->invited, true);
    w->to = (struct remote){call, w};
    open_store(w);
}

void pair_start(struct pair *p) {
    *p = (struct pair){.random = random_seeded(TEXT("pair")), .now = 20000 * INSTANT_DAY};
    for (int i = 0; i < 2; i++) start_player(p, i);
}

void pair_end(struct pair *p) {
    for (int i = 0; i < 2; i++) {
        pins_free(p->of[i].node.pins);
        answers_free(p->of[i].node.answers);
        store_close(p->of[i].store);
        signer_free(p->of[i].root);
        signer_free(p->of[i].mirror);
        signer_free(p->of[i].log);
        signer_free(p->of[i].next_log);
    }
    arena_free(&p->arena);
}

struct channel pair_channel(struct pair *p, int i) {
    struct channel c;
    pair_must(p, store_channel(p->of[i].store, p->of[i].channel, &p->arena, &c, &p->diag));
    return c;
}

static void open_record(struct pair *p, int i) {
    struct player *w = &p->of[i], *other = &p->of[!i];
    struct channel c = {.own_party = w->party,
                        .party = other->party,
                        .number = 1,
                        .invited_card = other->invited,
                        .limits = CHANNEL_LIMITS_DEFAULT};
    struct player *sides[2] = {w, other};
    for (int side = 0; side < 2; side++) {
        c.of[side].name = sides[side]->name;
        c.of[side].origin = sides[side]->origin;
        c.of[side].root = vkey_text(p, sides[side]->root);
    }
    pair_must(p, store_add_channel(w->store, &c, &w->channel, &p->diag));
    assert_int_equal(pair_publish(p, i, w->card), 0);
}

/* Signed at once where it may be, as a node does that runs. */
static uint64_t append(struct pair *p, int i, const struct own_entry *e) {
    struct channel c = pair_channel(p, i);
    uint64_t index;
    pair_must(p, own_append(&p->of[i].node, &c, e, p->now, &index, &p->diag));
    own_sign_if_allowed(&p->of[i].node, &c);
    return index;
}

uint64_t pair_publish(struct pair *p, int i, struct bytes content) {
    struct entry_blob blob = {sha256_of(content), content.size};
    return append(p, i, &(struct own_entry){.blobs = &blob, .contents = &content, .blob_count = 1});
}

void pair_open(struct pair *p) {
    open_record(p, 0);
    open_record(p, 1);
}

uint64_t pair_say(struct pair *p, int i, size_t bytes) {
    uint8_t *content = ARENA_ARRAY(&p->arena, uint8_t, bytes < 48 ? 48 : bytes);
    p->now += INSTANT_SECOND;
    random_fill(&p->random, content, bytes < 64 ? bytes : 64);
    const struct bytes contents[2] = {bytes_of(content, 48), bytes_of(content, bytes)};
    struct entry_blob blobs[2] = {{sha256_of(contents[0]), 48}, {sha256_of(contents[1]), bytes}};
    return append(p, i, &(struct own_entry){.blobs = blobs, .contents = contents, .blob_count = 2});
}

uint64_t pair_erase(struct pair *p, int i, struct sha256 sha) {
    return append(p, i, &(struct own_entry){.erase = &sha, .erase_count = 1});
}

enum error pair_sync(struct pair *p, int i, struct sync_report *report) {
    struct sync_report ignored;
    p->now += INSTANT_SECOND;
    p->diag = (struct diag){0};
    return sync_channel(&p->of[i].node, p->of[i].channel, &p->of[i].to, p->now, report ? report : &ignored, &p->diag);
}

uint64_t pair_size(struct pair *p, int i, enum side side) {
    uint64_t size;
    pair_must(p, store_size(p->of[i].store, pair_channel(p, i).of[side].id, &size, &p->diag));
    return size;
}

uint64_t pair_receipted(struct pair *p, int i) {
    struct kept_receipt r;
    enum error result =
        store_newest_receipt(p->of[i].store, pair_channel(p, i).of[SIDE_OWN].id, &p->arena, &r, &p->diag);
    return result ? 0 : r.size;
}

void pair_restart(struct pair *p, int i) {
    if (p->of[i].folder) {
        store_close(p->of[i].store);
        open_store(&p->of[i]);
    } else {
        store_set_compared(p->of[i].store, p->of[i].channel, false);
    }
}
