#include "sync/witnessed.h"

#include <stdio.h>
#include <stdlib.h>

#include "sync/cards.h"
#include "sync/contradiction.h"
#include "sync/own.h"
#include "sync/wire.h"
#include "tlog/cosignature.h"
#include "tlog/equivocation.h"

enum { TRIES_MAX = 4, LOOKED_BACK = 64 /* checkpoints, to find the last that the quorum has cosigned */ };

/* ---- which they are */

static bool url_valid(struct text url) {
    struct text rest = url;
    if (!text_skip(&rest, TEXT("https://")) && !text_skip(&rest, TEXT("http://"))) return false;
    for (size_t i = 0; i < rest.size; i++)
        if (rest.at[i] <= ' ' || rest.at[i] > '~' || rest.at[i] == '?' || rest.at[i] == '#') return false;
    return rest.size > 0;
}

enum error witness_line_read(struct text line, struct channel_witness *out, struct diag *d) {
    struct channel_witness w = {.url = {NULL, 0}};
    struct text vkey = line, rest = line, before;
    bool told = text_cut(&rest, ' ', &before);
    if (told) {
        vkey = before;
        w.url = rest;
    }
    enum error result = vkey_read(vkey, &w.key, d);
    if (!result && !key_cosigns(w.key.type))
        result = fail(d, ERR_INPUT, _("expected the key of a witness, which cosigns, found that of a log"));
    if (!result && told && !url_valid(w.url))
        result = fail(d, ERR_INPUT, _("expected an address http://… or https://…, found “%.*s”"), TEXT_ARG(w.url));
    if (!result) *out = w;
    return result;
}

static const char *meta_name(const char *what, int64_t channel, char out[static 64]) {
    snprintf(out, 64, "%s %lld", what, (long long)channel);
    return out;
}

enum error witnesses_set(struct store *s, int64_t channel, struct names lines, uint64_t quorum, struct diag *d) {
    char name[64];
    struct buf text = {.max = WITNESS_LINES_MAX};
    buf_u64(&text, quorum);
    buf_char(&text, '\n');
    for (size_t i = 0; i < lines.count; i++) buf_format(&text, "%.*s\n", TEXT_ARG(lines.at[i]));
    enum error result = buf_check(&text, d);
    if (!result) result = store_set_meta(s, meta_name("witnesses", channel, name), buf_as_bytes(&text), d);
    buf_free(&text);
    return result;
}

/* Lines that name no key that cosigns count in what the quorum is of, and nobody can meet them. */
enum error witnesses_of(struct store *s, int64_t channel, struct arena *a, struct channel_witnesses *out,
                        struct diag *d) {
    char name[64];
    struct buf text = {.max = WITNESS_LINES_MAX};
    struct channel_witness *list = ARENA_ARRAY(a, struct channel_witness, CHANNEL_WITNESSES_MAX);
    struct channel_witnesses w = {.at = list, .quorum = UINT64_MAX};
    size_t named = 0;
    enum error result = store_meta(s, meta_name("witnesses", channel, name), &text, d);
    struct text rest = result ? TEXT("") : arena_text(a, buf_as_text(&text)), line;
    buf_free(&text);
    if (result == ERR_MISSING) {
        *out = (struct channel_witnesses){.at = list};
        return OK;
    }
    if (!result && (!text_line(&rest, &line) || !text_u64(line, &w.quorum)))
        result = fail(d, ERR_INTERNAL, _("the witnesses of a channel can't be read"));
    for (; !result && text_line(&rest, &line); named++)
        if (w.count < CHANNEL_WITNESSES_MAX && witness_line_read(line, &list[w.count], NULL) == OK) w.count++;
    if (w.quorum == UINT64_MAX) w.quorum = named;
    if (!result) *out = w;
    return result;
}

/* ---- cosignatures that are kept */

static const struct note_signature *find_by(const struct note *n, const struct vkey *key) {
    return note_find(n, key->name, key->id);
}

static bool holds(const struct note *n, const struct vkey *key, instant *stamp) {
    const struct note_signature *s = find_by(n, key);
    return s && cosignature_verify(s, key, n->text, stamp, NULL) == OK && *stamp > 0;
}

/* Adds the line to those that are kept for that size, on the note as the log signed it. */
static enum error keep_line(const struct sync_node *n, int64_t record, const struct kept_checkpoint *at,
                            const struct vkey *key, struct text line, struct arena *a, struct diag *d) {
    struct kept_checkpoint kept = *at;
    struct note before;
    struct buf note = {.max = 2 * CHECKPOINT_MAX_BYTES};
    enum error result = store_begin(n->store, d);
    if (result) return result;
    if (store_checkpoint(n->store, record, CHECKPOINT_COSIGNED, PICK_AT, at->size, a, &kept, NULL)) kept = *at;
    result = note_read(kept.note, a, &before, d);
    if (!result && !find_by(&before, key)) {
        buf_bytes(&note, kept.note);
        buf_format(&note, "%.*s\n", TEXT_ARG(line));
        result = buf_check(&note, d);
        kept.note = buf_as_bytes(&note);
        if (!result) result = store_put_checkpoint(n->store, record, CHECKPOINT_COSIGNED, &kept, d);
    }
    result = store_end(n->store, result, d);
    buf_free(&note);
    return result;
}

static void count_cosigners(const struct note *n, const struct channel_witnesses *w, instant *stamps, size_t *count) {
    *count = 0;
    for (size_t i = 0; i < w->count; i++) {
        bool twice = false;
        for (size_t k = 0; k < i && !twice; k++) twice = vkey_equal(&w->at[k].key, &w->at[i].key);
        if (!twice && holds(n, &w->at[i].key, &stamps[*count])) ++*count;
    }
}

static int by_time(const void *x, const void *y) {
    const instant *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

enum error witnessed_standing(struct store *s, int64_t record, const struct channel_witnesses *w,
                              struct witnessed_standing *out, struct diag *d) {
    struct witnessed_standing found = {.at = INSTANT_NONE};
    uint64_t below = INT64_MAX;
    enum error result = OK;
    for (size_t i = 0; i < LOOKED_BACK && w->count && !found.size && !result; i++) {
        struct arena a = {0};
        struct kept_checkpoint at;
        struct note note;
        instant stamps[CHANNEL_WITNESSES_MAX];
        size_t count = 0;
        result = store_checkpoint(s, record, CHECKPOINT_COSIGNED, PICK_AT_MOST, below, &a, &at, NULL);
        if (!result) result = note_read(at.note, &a, &note, d);
        if (!result) {
            count_cosigners(&note, w, stamps, &count);
            qsort(stamps, count, sizeof *stamps, by_time);
            if (!found.newest) found.newest = at.size, found.cosigners = count;
            if (w->quorum && count >= w->quorum) found.size = at.size, found.at = stamps[w->quorum - 1];
            below = at.size - 1;
        }
        arena_free(&a);
        if (!result && !at.size) break;
    }
    if (result == ERR_MISSING) result = OK;
    if (!result) *out = found;
    return result ? fail(d, result, _("could not read what witnesses have cosigned")) : OK;
}

/* ---- having it cosign */

static const char *asked_name(const struct channel *c, const struct vkey *key, char out[static 64]) {
    snprintf(out, 64, "witnessed %lld %08x", (long long)c->id, (unsigned)key->id);
    return out;
}

static uint64_t asked_size(const struct sync_node *n, const struct channel *c, const struct vkey *key) {
    char name[64];
    struct buf value = {.max = 64};
    uint64_t size = 0;
    bool kept = store_meta(n->store, asked_name(c, key, name), &value, NULL) == OK &&
                number_line_read(buf_as_bytes(&value), &size);
    buf_free(&value);
    return kept ? size : 0;
}

static enum error keep_asked(const struct sync_node *n, const struct channel *c, const struct vkey *key, uint64_t size,
                             struct diag *d) {
    char name[64], value[32];
    int written = snprintf(value, sizeof value, "%llu\n", (unsigned long long)size);
    return store_set_meta(n->store, asked_name(c, key, name), bytes_of(value, (size_t)written), d);
}

/* What it says goes to people, and into JSON: only what is text. */
static enum error refused(const struct channel_witness *w, const struct response *r, struct diag *d) {
    struct text words = buf_as_text(&r->body);
    words = text_sub(words, 0, text_find(words, '\n'));
    if (words.size > 200 || !text_is_note_text(words)) words = TEXT("");
    return fail(d, ERR_NETWORK, _("the witness %.*s answered with %u: %.*s"), TEXT_ARG(w->key.name), r->status,
                TEXT_ARG(words));
}

static enum error post(const struct sync_node *n, const struct channel *c, uint64_t old,
                       const struct kept_checkpoint *at, struct remote *r, struct response *answer, struct diag *d) {
    struct store_tree tree = {n->store, c->of[SIDE_OWN].id};
    struct tree_reader reader = store_tree_reader(&tree);
    struct add_checkpoint asked = {.old = old, .note = at->note};
    struct buf body = {.max = REQUEST_BODY_MAX};
    enum error result = consistency_make(&reader, old, at->size, &asked.proof, d);
    if (!result) add_checkpoint_write(&asked, &body);
    struct request q = {.method = TEXT("POST"),
                        .path = TEXT("/add-checkpoint"),
                        .content_type = TEXT(TYPE_TEXT),
                        .body = buf_as_bytes(&body)};
    if (!result) result = r->call(r, &q, answer, d);
    buf_free(&body);
    return result;
}

/* Of the lines that came, the one by its key; others are passed over. */
static enum error take_lines(const struct sync_node *n, const struct channel *c, const struct channel_witness *w,
                             const struct kept_checkpoint *at, struct text lines, struct arena *a, struct diag *d) {
    struct note note;
    struct text line;
    instant stamp;
    bool taken = false;
    enum error result = note_read(at->note, a, &note, d);
    while (!result && text_line(&lines, &line)) {
        struct note_signature s;
        if (note_read_signature(line, a, &s, NULL) || s.id != w->key.id || !text_equal(s.name, w->key.name)) continue;
        result = cosignature_verify(&s, &w->key, note.text, &stamp, d);
        if (!result && !stamp) /* tlog-witness: a cosignature without a time does not say that this is the newest */
            result = fail(d, ERR_SIGNATURE, _("the witness %.*s cosigned without a time"), TEXT_ARG(w->key.name));
        if (!result) result = keep_line(n, c->of[SIDE_OWN].id, at, &w->key, line, a, d);
        taken = !result;
    }
    if (!result && !taken)
        result = fail(d, ERR_SIGNATURE, _("the witness %.*s answered without a cosignature"), TEXT_ARG(w->key.name));
    return result ? result : keep_asked(n, c, &w->key, at->size, d);
}

static enum error submit(const struct sync_node *n, const struct channel *c, const struct channel_witness *w,
                         const struct kept_checkpoint *at, struct remote *r, struct arena *a, struct diag *d) {
    uint64_t old = asked_size(n, c, &w->key);
    if (old > at->size) old = 0;
    for (unsigned tries = 0; tries < TRIES_MAX; tries++) {
        struct response answer = {.body = {.max = CHECKPOINT_MAX_BYTES}};
        uint64_t told = UINT64_MAX;
        enum error result = post(n, c, old, at, r, &answer, d);
        bool sized = !result && answer.status == 409 && number_line_read(buf_as_bytes(&answer.body), &told);
        bool again = sized && told <= at->size && told != old;
        if (!result && answer.status == 200)
            result = take_lines(n, c, w, at, buf_as_text(&answer.body), a, d);
        else if (!result && !again)
            result = refused(w, &answer, d);
        response_free(&answer);
        if (result || !again) return result;
        old = told;
    }
    return fail(d, ERR_NETWORK, _("the witness %.*s names another size each time"), TEXT_ARG(w->key.name));
}

enum error witnessed_submit(const struct sync_node *n, const struct channel *c, const struct channel_witness *w,
                            struct remote *r, instant now, struct diag *d) {
    struct arena a = {0};
    struct kept_checkpoint at;
    (void)now;
    enum error result = sync_still_open(n, c, d);
    if (!result) own_sign_if_allowed(n, c);
    if (!result) result = store_checkpoint(n->store, c->of[SIDE_OWN].id, CHECKPOINT_SIGNED, PICK_NEWEST, 0, &a, &at, d);
    if (result == ERR_MISSING)
        result = OK; /* nothing was said yet */
    else if (!result && asked_size(n, c, &w->key) < at.size)
        result = submit(n, c, w, &at, r, &a, d);
    arena_free(&a);
    return result;
}

/* ---- what it was shown */

struct looking {
    const struct sync_node *node;
    const struct channel *channel;
    enum side side;
    const struct channel_witness *witness;
    struct remote *remote;
    instant now;
    struct arena arena;
    struct vkey keys[LOG_KEYS_MAX];
    size_t key_count;
};

static int64_t record_of(const struct looking *l) { return l->channel->of[l->side].id; }

/* ERR_MISSING where the witness has none. */
static enum error get(struct looking *l, const char *what, size_t max, struct bytes *out, struct diag *d) {
    char path[SHA256_HEX + 32];
    struct response r = {.body = {.max = max}};
    struct request q = {.method = TEXT("GET")};
    snprintf(path, sizeof path, "/%.*s/%s", TEXT_ARG(l->channel->of[l->side].hash), what);
    q.path = text_of(path);
    enum error result = l->remote->call(l->remote, &q, &r, d);
    if (!result && r.status == 404)
        result = ERR_MISSING;
    else if (!result && r.status != 200)
        result = refused(l->witness, &r, d);
    if (!result) *out = arena_bytes(&l->arena, buf_as_bytes(&r.body));
    response_free(&r);
    return result;
}

static enum error freeze(struct looking *l, bool proves, struct text text, struct diag *d) {
    struct kept_contradiction found = {proves, l->now, text};
    const char *why =
        l->side == SIDE_OWN
            ? _("a witness was shown another history of one's own record, signed by its log key: who else "
                "has that key? Nothing is signed: open a successor")
            : _("a witness was shown another history of the counterparty's record than this node");
    enum error result = sync_contradict(l->node, l->channel, l->side, &found, why, d);
    return result ? result : fail(d, ERR_FROZEN, "%s", why);
}

static enum error contradicted(struct looking *l, const struct signed_checkpoint *shown, struct diag *d) {
    struct buf text = {.max = EQUIVOCATION_MAX_BYTES};
    bool proves = false;
    const struct contradicting x = {.shown = shown};
    enum error result =
        contradiction_text(l->node, l->channel, l->side, &x, l->keys, l->key_count, &l->arena, &text, &proves, d);
    if (!result) result = freeze(l, proves, buf_as_text(&text), d);
    buf_free(&text);
    return result;
}

/* Only its first signature lines are its own: what others add to a note it serves is not looked at. */
static enum error keep_its_line(struct looking *l, const struct signed_checkpoint *shown, struct diag *d) {
    instant stamp;
    struct kept_checkpoint at = {shown->at.size, shown->at.root, shown->whole};
    const struct vkey *key = &l->witness->key;
    if (!holds(&shown->note, key, &stamp)) return OK;
    struct buf bare = {.max = CHECKPOINT_MAX_BYTES};
    buf_text(&bare, shown->note.text);
    buf_char(&bare, '\n');
    for (size_t i = 0; i < l->key_count; i++) {
        const struct note_signature *s = find_by(&shown->note, &l->keys[i]);
        if (s) buf_format(&bare, "%.*s\n", TEXT_ARG(s->line));
    }
    at.note = buf_as_bytes(&bare);
    enum error result = keep_line(l->node, record_of(l), &at, key, find_by(&shown->note, key)->line, &l->arena, d);
    buf_free(&bare);
    return result;
}

static enum error look_at_checkpoint(struct looking *l, struct diag *d) {
    struct bytes note;
    struct signed_checkpoint shown;
    struct sha256 root;
    uint64_t held;
    enum error result = get(l, "checkpoint", CHECKPOINT_MAX_BYTES, &note, d);
    if (result) return result == ERR_MISSING ? OK : result;
    result = checkpoint_open(note, l->channel->of[l->side].origin, l->keys, l->key_count, &l->arena, &shown, d);
    if (!result) result = store_size(l->node->store, record_of(l), &held, d);
    if (result) return result;
    /* Of theirs there may be more than was fetched yet; of one's own there is not: this store is behind. */
    if (shown.at.size > held) return l->side == SIDE_OWN ? own_compare(l->node, l->channel, note, NULL, l->now, d) : OK;
    result = store_root(l->node->store, record_of(l), shown.at.size, &root, d);
    if (!result && !sha256_equal(root, shown.at.root)) return contradicted(l, &shown, d);
    return result ? result : keep_its_line(l, &shown, d);
}

/* Two checkpoints of one size, of which this node may have seen one or none. */
static enum error look_at_proof(struct looking *l, struct diag *d) {
    struct bytes text;
    struct equivocation e;
    struct equivocated proved;
    enum error result = get(l, "equivocation", EQUIVOCATION_MAX_BYTES, &text, d);
    if (result) return result == ERR_MISSING ? OK : result;
    if (equivocation_read(text, &e, NULL) ||
        equivocation_verify(&e, l->channel->of[l->side].origin, l->keys, l->key_count, &l->arena, &proved, NULL))
        return OK; /* what does not verify proves nothing */
    return freeze(l, true, text_from_bytes(text), d);
}

enum error witnessed_look(const struct sync_node *n, const struct channel *c, enum side side,
                          const struct channel_witness *w, struct remote *r, instant now, struct diag *d) {
    struct looking l = {.node = n, .channel = c, .side = side, .witness = w, .remote = r, .now = now};
    enum error result = sync_still_open(n, c, d);
    if (!result) result = cards_log_keys(n->store, c, side, &l.arena, l.keys, &l.key_count, d);
    if (!result && l.key_count) result = look_at_checkpoint(&l, d);
    if (!result && l.key_count) result = look_at_proof(&l, d);
    arena_free(&l.arena);
    return result;
}
