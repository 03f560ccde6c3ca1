/* record: a record as a folder, and back: the exchange where there is no wire, and what other people's tools read.
 *
 *     record export PARTY DIR             one's own record, for PARTY
 *     record export PARTY --theirs DIR    what is held of the record of PARTY
 *     record import DIR                   takes what PARTY exported, cosigns it, and takes its receipt
 */
#include <string.h>

#include "cli/cli.h"
#include "desk/successor.h"
#include "json/json.h"

struct wishes {
    bool theirs, drill;
    uint64_t number;
};

static unsigned long long number(uint64_t value) { return (unsigned long long)value; }

static void print_json(json_t *report) {
    struct buf out = {.max = 1 << 16};
    json_canonical(report, &out);
    json_decref(report);
    printf("%.*s\n", TEXT_ARG(buf_as_text(&out)));
    buf_free(&out);
}

/* ---- export */

static void export_json(const struct folder_report *r) {
    json_t *report = json_object();
    json_put_u64(report, "entries", r->size);
    json_put_u64(report, "blobs", r->blobs);
    json_put_u64(report, "blobs_absent", r->blobs_absent);
    json_put_u64(report, "waiting", r->waiting);
    print_json(report);
}

/* One sentence, in two parts that are each of one number. */
static void tell_count(uint64_t entries, uint64_t blobs) {
    printf(_n("%llu entry, ", "%llu entries, ", entries), number(entries));
    printf(_n("%llu blob\n", "%llu blobs\n", blobs), number(blobs));
}

static void tell_exported(const struct cli *c, const struct link_channel *at, const struct wishes *w,
                          const struct folder_report *r) {
    if (c->json)
        export_json(r);
    else
        tell_count(r->size, r->blobs);
    if (r->blobs_absent && !c->quiet)
        fprintf(stderr,
                _n("%llu blob is named and not held; `parley fsck` says which\n",
                   "%llu blobs are named and not held; `parley fsck` says which\n", r->blobs_absent),
                number(r->blobs_absent));
    if (r->waiting && !w->theirs && !c->quiet)
        fprintf(stderr,
                _n("%llu entry is held back, for it is not signed yet or beyond the window: import the newest "
                   "folder of %.*s (once more, if need be), then export again\n",
                   "%llu entries are held back, for they are not signed yet or beyond the window: import the newest "
                   "folder of %.*s (once more, if need be), then export again\n",
                   r->waiting),
                number(r->waiting), TEXT_ARG(at->party));
}

static enum error export_record(struct cli *c, struct desk *desk, const struct wishes *w) {
    struct link_channel at;
    struct folder_report report;
    if (c->words.count != 3) return cli_usage(c, _("expected a party and a folder"));
    enum error result = successor_find(desk, text_of(c->words.at[1]), w->drill, w->number, &at, &c->diag);
    struct text origin = result ? TEXT("") : w->theirs ? at.their_origin : at.own_origin;
    if (!result && !origin.size)
        result = fail(&c->diag, ERR_MISSING, _("the invitation of %.*s is not known yet"), TEXT_ARG(at.party));
    if (!result) result = link_export(desk->link, origin, c->words.at[2], &report, &c->diag);
    if (!result) tell_exported(c, &at, w, &report);
    return result;
}

/* ---- import */

static void import_json(const struct link_sync_row *r) {
    char time[INSTANT_TEXT_MAX];
    json_t *report = json_object();
    json_put_text(report, "party", r->party);
    json_put_u64(report, "got_entries", r->got_entries);
    json_put_u64(report, "got_blobs", r->got_blobs);
    json_put_u64(report, "their_entries", r->their_size);
    json_put_u64(report, "own_entries", r->own_size);
    json_put_u64(report, "receipted_entries", r->receipted_size);
    json_put_text_if(report, "receipted_at", instant_write(r->receipted_at, time));
    print_json(report);
}

static enum error import_record(struct cli *c, struct desk *desk, const struct wishes *w) {
    struct link_sync_row row;
    (void)w;
    if (c->words.count != 2) return cli_usage(c, _("expected a folder"));
    enum error result = desk_link(desk, &c->diag);
    if (!result) result = link_import(desk->link, c->words.at[1], c->now, &c->arena, &row, &c->diag);
    if (result) diag_where(&c->diag, c->words.at[1]);
    if (result) return result;
    if (c->json) {
        import_json(&row);
        return OK;
    }
    printf(_("%.*s: got "), TEXT_ARG(row.party));
    tell_count(row.got_entries, row.got_blobs);
    printf(_n("their record: %llu entry is held and cosigned\n", "their record: %llu entries are held and cosigned\n",
              row.their_size),
           number(row.their_size));
    printf(_n("own record: receipted to %llu of %llu entry\n", "own record: receipted to %llu of %llu entries\n",
              row.own_size),
           number(row.receipted_size), number(row.own_size));
    return OK;
}

enum error cli_record(struct cli *c) {
    static const struct {
        const char *name;
        enum error (*run)(struct cli *c, struct desk *desk, const struct wishes *w);
    } verbs[] = {{"export", export_record}, {"import", import_record}};
    struct wishes w = {0};
    struct desk *desk = NULL;
    const struct option_row rows[] = {
        {"--theirs", OPTION_FLAG, &w.theirs, NULL, N_("export: what is held of their record (else: one's own record)")},
        {"--drill", OPTION_FLAG, &w.drill, NULL, N_("export: of the drill channel")},
        {"--generation", OPTION_NUMBER, &w.number, "N", N_("export: of the channel of that number (else: the last)")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 3);
    if (result) return result;
    for (size_t i = 0; i < COUNT(verbs); i++) {
        if (strcmp(c->words.at[0], verbs[i].name)) continue;
        result = cli_open_desk(c, &desk);
        if (!result) result = verbs[i].run(c, desk, &w);
        desk_close(desk);
        return result;
    }
    return cli_usage(c, _("expected export or import, found “%s”"), c->words.at[0]);
}
