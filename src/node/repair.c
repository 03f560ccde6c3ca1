/* Repair: what fsck found is mended by what is here and by what others give back, and looked at again. */
#include "base/os.h"
#include "node/opened.h"
#include "store/mend.h"
#include "sync/mend.h"

enum { FAULTS_MENDED_MAX = 10000 }; /* at once: whoever has more repairs again */

struct repairing {
    struct engine *engine;
    instant now;
    struct arena arena;
    struct fault *faults;
    size_t count, room;
    struct engine_repair *report;
};

static void keep_fault(void *state, const struct fault *f) {
    struct repairing *w = state;
    if (w->count == FAULTS_MENDED_MAX) return;
    w->faults = arena_grow(&w->arena, w->faults, w->count, &w->room, sizeof *w->faults);
    struct fault *kept = &w->faults[w->count++];
    *kept = *f;
    kept->where = arena_text(&w->arena, f->where);
    kept->what = arena_text(&w->arena, f->what);
    kept->place.line = arena_text(&w->arena, f->place.line);
}

static enum error look(struct repairing *w, struct fsck *f, struct diag *d) {
    w->count = 0;
    *f = (struct fsck){.tell = keep_fault, .state = w};
    return engine_fsck(w->engine, f, d);
}

/* To the caller, as if it had looked itself. */
static void pass_on(const struct repairing *w, const struct fsck *looked, struct fsck *to) {
    struct fsck told = *looked;
    told.tell = to->tell;
    told.state = to->state;
    *to = told;
    for (size_t i = 0; i < w->count; i++) to->tell(to->state, &w->faults[i]);
}

static void note_trouble(struct repairing *w, struct text party, const char *why) {
    if (why[0]) buf_format(w->report->troubles, "%.*s: %s\n", TEXT_ARG(party), why);
}

/* ---- a channel */

struct asking_channel {
    struct repairing *all;
    const struct channel *channel;
    bool asked;
};

static enum error mend_with(void *state, struct remote *r, struct diag *d) {
    struct asking_channel *q = state;
    struct diag trouble;
    struct mending m = {&q->all->engine->sync, q->channel->id, r, q->all->now};
    q->asked = true;
    enum error result = mend_channel(&m, q->all->faults, q->all->count, &trouble, d);
    if (!result) note_trouble(q->all, q->channel->party, trouble.text);
    return result;
}

static bool has_fault(const struct repairing *w, const struct channel *c) {
    for (size_t i = 0; i < w->count; i++)
        for (int side = 0; side < 2; side++)
            if (w->faults[i].where.size && text_equal(w->faults[i].where, c->of[side].name)) return true;
    return false;
}

/* What can be mended without the other side is, where it can't be called, too. */
static enum error mend_by_wire(struct repairing *w, const struct channel *c, struct diag *d) {
    struct asking_channel q = {.all = w, .channel = c};
    struct diag why = {0};
    enum error result = engine_with_remote(w->engine, c, mend_with, &q, &why);
    if (!q.asked) {
        note_trouble(w, c->party, why.text);
        return mend_with(&q, NULL, d);
    }
    return result ? fail(d, result, "%s", why.text) : OK;
}

/* The other side gives what it gives at any exchange: receipts, checkpoints, all of what was lost. */
static enum error exchange(struct repairing *w, const struct channel *c, struct diag *d) {
    struct link_sync_row row = {0};
    enum error result = engine_sync_channel(w->engine, c, false, w->now, &w->arena, &row, d);
    if (!result && row.waits)
        note_trouble(w, c->party,
                     _("its card gives no address: it has to call, or to send a folder (`record export`)"));
    else if (!result && row.error && row.error != ERR_FROZEN)
        note_trouble(w, c->party, row.words.size ? arena_string(&w->arena, row.words) : error_name(row.error));
    return result;
}

static enum error mend_one(struct repairing *w, const struct channel *c, struct diag *d) {
    enum error result = OK;
    bool found = has_fault(w, c);
    if (found) result = mend_by_wire(w, c, d);
    /* Twice: the first time one's own record comes back, then what hangs on it. */
    for (int i = 0; i < (w->report->put_back ? 2 : 1) && !result; i++)
        if (engine_exchanges(c) && (found || w->report->put_back)) result = exchange(w, c, d);
    return result;
}

static enum error mend_all(struct repairing *w, struct diag *d) {
    struct channel *list;
    size_t count;
    enum error result = OK;
    for (size_t i = 0; i < w->count && !result; i++)
        if (w->faults[i].kind == FAULT_DATABASE) {
            result = store_mend_database(w->engine->store, d);
            break;
        }
    if (!result) result = store_channels(w->engine->store, &w->arena, &list, &count, d);
    for (size_t i = 0; i < (result ? 0 : count) && !result && !atomic_load(&w->engine->stop); i++)
        result = mend_one(w, &list[i], d);
    return result;
}

/* ---- a folder, in the place of the counterparty */

static enum error mend_by_folder(struct repairing *w, const char *path, struct diag *d) {
    struct folder f;
    struct channel c;
    enum side side;
    struct link_sync_row row;
    struct diag why = {0};
    enum error result = folder_open(path, &f, d);
    if (result) return result;
    result = store_find_channel(w->engine->store, f.origin, &w->arena, &c, &side, NULL);
    if (result) result = fail(d, result, _("the folder is of a record that belongs to no channel of this home"));
    if (!result) result = folder_check(&f, d);
    if (!result) {
        f.of_reader = side == SIDE_OWN;
        struct remote remote = folder_remote(&f);
        struct asking_channel q = {.all = w, .channel = &c};
        result = mend_with(&q, &remote, d);
    }
    folder_close(&f);
    if (!result && c.state == CHANNEL_RESTORED && engine_import(w->engine, path, w->now, &w->arena, &row, &why))
        note_trouble(w, c.party, why.text);
    return result;
}

/* ---- all of it */

/* Again as long as there is less to mend than before: what was wrong may have hidden what else was. */
static enum error mend_rounds(struct repairing *w, const char *folder, struct fsck *looked, struct diag *d) {
    uint64_t before;
    enum error result = OK;
    do {
        before = looked->faults;
        buf_clear(w->report->troubles); /* those of the last round count */
        result = folder ? mend_by_folder(w, folder, d) : mend_all(w, d);
        if (!result) result = look(w, looked, d);
    } while (!result && looked->faults && looked->faults < before);
    return result;
}

enum error engine_repair(struct engine *e, const char *folder, instant now, struct fsck *before, struct fsck *after,
                         struct engine_repair *out, struct diag *d) {
    struct repairing w = {.engine = e, .now = now, .report = out};
    struct fsck looked;
    out->put_back = 0;
    enum error result = look(&w, &looked, d);
    if (!result) pass_on(&w, &looked, before);
    if (!result) result = opened_put_back(e, &out->put_back, d); /* all, or what a backup was too old for */
    if (!result) atomic_store(&e->lost, false);
    if (!result) result = mend_rounds(&w, folder, &looked, d);
    if (!result) opened_keep(e);
    if (!result) pass_on(&w, &looked, after);
    arena_free(&w.arena);
    return result;
}
