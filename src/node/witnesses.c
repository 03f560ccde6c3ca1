/* Asking the witnesses of a channel, after each exchange: they cosign one's own record, and show what they were shown
 * of both.  A witness that does not answer holds up nothing: it is told as trouble of its own, and asked the next time.
 */
#include <stdio.h>

#include "node/client.h"
#include "node/engine.h"
#include "node/fields.h"
#include "sync/witnessed.h"

enum { ASK_SECONDS = 60 /* of all requests to one witness */ };

static enum error ask(struct engine *e, const struct channel *c, const struct channel_witness *w, instant now,
                      struct diag *d) {
    struct client *client = NULL;
    const struct client_options o = {.url = w->url, .anybody = true, .stop = &e->stop, .whole_s = ASK_SECONDS};
    enum error result = client_open(&o, &client, d);
    struct remote *r = result ? NULL : client_remote(client);
    enum error submitted = result ? result : witnessed_submit(&e->sync, c, w, r, now, d);
    /* What it was shown matters most where it refuses to cosign. */
    for (enum side side = SIDE_OWN; side <= SIDE_THEIRS && !result; side++) {
        struct diag found = {0};
        if (c->of[side].id) result = witnessed_look(&e->sync, c, side, w, r, now, &found);
        if (result && d) *d = found;
    }
    client_close(client);
    return result ? result : submitted;
}

static enum error note_trouble(struct engine *e, const struct channel *c, const char *words, struct diag *d) {
    char name[64];
    snprintf(name, sizeof name, "witness-trouble %lld", (long long)c->id);
    return store_set_meta(e->store, name, bytes_from_text(text_of(words)), d);
}

enum error engine_ask_witnesses(struct engine *e, const struct channel *c, instant now, struct diag *d) {
    struct arena a = {0};
    struct channel_witnesses w = {.count = 0};
    struct channel as_it_is;
    struct diag trouble = {0};
    bool asked = false;
    enum error result = witnesses_of(e->store, c->id, &a, &w, d);
    if (!result) result = store_channel(e->store, c->id, &a, &as_it_is, d);
    if (!result && as_it_is.state != CHANNEL_OPEN) w.count = 0; /* nothing is signed there any more */
    for (size_t i = 0; i < w.count && !result && !atomic_load(&e->stop); i++) {
        struct diag one = {0};
        if (!w.at[i].url.size) continue;
        asked = true;
        if (ask(e, &as_it_is, &w.at[i], now, &one)) trouble = one;
    }
    if (!result && asked) result = note_trouble(e, c, trouble.text, d);
    arena_free(&a);
    return result;
}

/* ---- how it stands */

enum error engine_witnessed(struct engine *e, const struct channel *c, struct buf *out, struct diag *d) {
    static const char *const words[2][2] = {
        [SIDE_OWN] = {"own-witnessed", "own-witnessed-at"}, [SIDE_THEIRS] = {"their-witnessed", "their-witnessed-at"}};
    struct arena a = {0};
    struct channel_witnesses w;
    struct buf trouble = {.max = sizeof((struct diag *)NULL)->text};
    char name[64];
    enum error result = witnesses_of(e->store, c->id, &a, &w, d);
    if (!result && w.count) {
        field_u64(out, "witnesses", w.count);
        field_u64(out, "quorum", w.quorum);
        snprintf(name, sizeof name, "witness-trouble %lld", (long long)c->id);
        if (store_meta(e->store, name, &trouble, NULL) == OK) field_text(out, "witness-trouble", buf_as_text(&trouble));
    }
    for (enum side side = SIDE_OWN; side <= SIDE_THEIRS && !result && w.count; side++) {
        struct witnessed_standing at;
        if (!c->of[side].id) continue;
        result = witnessed_standing(e->store, c->of[side].id, &w, &at, d);
        if (result) continue;
        field_u64(out, words[side][0], at.size);
        field_instant(out, words[side][1], at.at);
    }
    buf_free(&trouble);
    arena_free(&a);
    return result;
}
