/* Records in folders, where there is no wire. */
#include "node/engine.h"

enum error engine_export(struct engine *e, const struct channel *c, enum side side, const char *path,
                         struct folder_report *out, struct diag *d) {
    pthread_mutex_lock(&e->exchanging); /* no two write into one folder */
    enum error result = folder_write(&e->sync, c, side, path, out, d);
    pthread_mutex_unlock(&e->exchanging);
    return result;
}

static enum error exchange(struct engine *e, struct folder *f, instant now, struct arena *a, struct link_sync_row *row,
                           struct diag *d) {
    struct channel c;
    enum side side;
    struct sync_report report;
    enum error result = store_find_channel(e->store, f->origin, a, &c, &side, NULL);
    if (result == ERR_MISSING)
        return fail(d, ERR_MISSING, _("the folder is of a record that belongs to no channel of this home"));
    if (result) return fail(d, result, _("could not look for the channel"));
    result = sync_folder(&e->sync, c.id, side, f, now, &report, d);
    if (!result) result = store_set_contact(e->store, c.id, now, TEXT(""), d);
    if (result) return result;
    *row = (struct link_sync_row){.got_entries = report.got_entries, .got_blobs = report.got_blobs};
    return engine_fill_row(e, &c, a, row, d);
}

enum error engine_import(struct engine *e, const char *path, instant now, struct arena *a, struct link_sync_row *row,
                         struct diag *d) {
    struct folder f;
    enum error result = folder_open(path, &f, d);
    if (result) return result;
    pthread_mutex_lock(&e->exchanging);
    result = exchange(e, &f, now, a, row, d);
    pthread_mutex_unlock(&e->exchanging);
    folder_close(&f);
    return result;
}
