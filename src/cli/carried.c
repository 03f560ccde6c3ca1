#include "cli/carried.h"

#include "desk/successor.h"

static unsigned long long number(uint64_t value) { return (unsigned long long)value; }

enum error carried_origin(struct cli *c, struct desk *desk, struct text party, const struct carried_wish *w,
                          struct link_channel *at, struct text *origin) {
    enum error result = successor_find(desk, party, w->drill, w->generation, at, &c->diag);
    if (result) return result;
    *origin = w->theirs ? at->their_origin : at->own_origin;
    if (origin->size) return OK;
    return fail(&c->diag, ERR_MISSING, _("the invitation of %.*s is not known yet"), TEXT_ARG(at->party));
}

/* One sentence, in two parts that are each of one number. */
static void tell_count(uint64_t entries, uint64_t blobs) {
    printf(_n("%llu entry, ", "%llu entries, ", entries), number(entries));
    printf(_n("%llu blob\n", "%llu blobs\n", blobs), number(blobs));
}

/* ---- written */

void carried_put_written(json_t *into, const struct folder_report *r) {
    json_put_u64(into, "entries", r->size);
    json_put_u64(into, "blobs", r->blobs);
    json_put_u64(into, "blobs_absent", r->blobs_absent);
    json_put_u64(into, "waiting", r->waiting);
}

void carried_tell_written(const struct folder_report *r) { tell_count(r->size, r->blobs); }

void carried_warn(const struct cli *c, const struct link_channel *at, bool theirs, const struct folder_report *r) {
    if (r->blobs_absent && !c->quiet)
        fprintf(stderr,
                _n("%llu blob is named and not held; `parley fsck` says which\n",
                   "%llu blobs are named and not held; `parley fsck` says which\n", r->blobs_absent),
                number(r->blobs_absent));
    if (r->waiting && !theirs && !c->quiet)
        fprintf(stderr,
                _n("%llu entry is held back, for it is not signed yet or beyond the window: take the newest "
                   "folder or pack of %.*s (once more, if need be), then write it again\n",
                   "%llu entries are held back, for they are not signed yet or beyond the window: take the newest "
                   "folder or pack of %.*s (once more, if need be), then write it again\n",
                   r->waiting),
                number(r->waiting), TEXT_ARG(at->party));
}

/* ---- taken */

void carried_put_taken(json_t *into, const struct link_sync_row *r) {
    char time[INSTANT_TEXT_MAX];
    json_put_text(into, "party", r->party);
    json_put_u64(into, "got_entries", r->got_entries);
    json_put_u64(into, "got_blobs", r->got_blobs);
    json_put_u64(into, "their_entries", r->their_size);
    json_put_u64(into, "own_entries", r->own_size);
    json_put_u64(into, "receipted_entries", r->receipted_size);
    json_put_text_if(into, "receipted_at", instant_write(r->receipted_at, time));
}

void carried_tell_taken(const struct link_sync_row *r) {
    printf(_("%.*s: got "), TEXT_ARG(r->party));
    tell_count(r->got_entries, r->got_blobs);
    printf(_n("their record: %llu entry is held and cosigned\n", "their record: %llu entries are held and cosigned\n",
              r->their_size),
           number(r->their_size));
    printf(_n("own record: receipted to %llu of %llu entry\n", "own record: receipted to %llu of %llu entries\n",
              r->own_size),
           number(r->receipted_size), number(r->own_size));
}
