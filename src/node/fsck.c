/* The check of all that a node keeps, beside a node that runs: through a connection of its own to the database. */
#include "sync/fsck.h"
#include "node/opened.h"

static enum error check(struct store *s, struct fsck *f, struct diag *d) {
    struct arena a = {0};
    struct channel *list;
    size_t count = 0;
    struct buf mirror = {.max = VKEY_TEXT_MAX};
    enum error result = fsck_begin(s, d);
    if (!result) result = fsck_database(s, f, d);
    if (!result) result = store_meta(s, "mirror", &mirror, d);
    if (result == ERR_MISSING) result = OK; /* of a store that was lost */
    if (!result) result = store_channels(s, &a, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) result = fsck_channel(s, &list[i], buf_as_text(&mirror), f, d);
    buf_free(&mirror);
    arena_free(&a);
    return result;
}

/* A store that was lost has nothing that could be wrong: what is missing stands beside the keys. */
static enum error tell_lost(struct engine *e, struct fsck *f, struct diag *d) {
    struct arena a = {0};
    struct names parties;
    if (!atomic_load(&e->lost)) return opened_tell_missing(e, f, d);
    enum error result = opened_parties(e, &a, &parties, d);
    for (size_t i = 0; i < (result ? 0 : parties.count); i++)
        fsck_tell(f, FAULT_LOST, SIDE_OWN, TEXT(""), _("the store is empty, and a channel was open with %.*s"),
                  TEXT_ARG(parties.at[i]));
    arena_free(&a);
    return result;
}

enum error engine_is_lost(struct engine *e, struct diag *d) {
    if (!atomic_load(&e->lost)) return OK;
    return fail(d, ERR_MISSING,
                _("the store of this node is empty, and channels were open: `parley fsck --repair` gets back what the "
                  "counterparties hold"));
}

enum error engine_fsck(struct engine *e, struct fsck *f, struct diag *d) {
    struct store *s;
    struct store_options o = {.folder = e->folder};
    enum error result = tell_lost(e, f, d);
    if (!result) result = store_open(&o, &s, d);
    if (result) return result;
    result = check(s, f, d);
    store_close(s);
    return result;
}
