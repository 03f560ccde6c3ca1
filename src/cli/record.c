/* record: a record as a folder, and back: the exchange where there is no wire, and what other people's tools read.
 *
 *     record export PARTY DIR             one's own record, for PARTY
 *     record export PARTY --theirs DIR    what is held of the record of PARTY
 *     record import DIR                   takes what PARTY exported, cosigns it, and takes its receipt
 */
#include <string.h>

#include "cli/carried.h"
#include "cli/speak.h"

static enum error export_record(struct cli *c, struct desk *desk, const struct carried_wish *w) {
    struct link_channel at;
    struct folder_report report;
    struct text origin;
    if (c->words.count != 3) return cli_usage(c, _("expected a party and a folder"));
    enum error result = carried_origin(c, desk, text_of(c->words.at[1]), w, &at, &origin);
    if (!result) result = link_export(desk->link, origin, c->words.at[2], &report, &c->diag);
    if (result) return result;
    carried_warn(c, &at, w->theirs, &report);
    if (!c->json) {
        carried_tell_written(&report);
        return OK;
    }
    json_t *said = json_object();
    carried_put_written(said, &report);
    return cli_print_json(c, said);
}

static enum error import_record(struct cli *c, struct desk *desk, const struct carried_wish *w) {
    struct link_sync_row row;
    (void)w;
    if (c->words.count != 2) return cli_usage(c, _("expected a folder"));
    enum error result = desk_link(desk, &c->diag);
    if (!result) result = link_import(desk->link, c->words.at[1], c->now, &c->arena, &row, &c->diag);
    if (result) diag_where(&c->diag, c->words.at[1]);
    if (result) return result;
    if (!c->json) {
        carried_tell_taken(&row);
        return OK;
    }
    json_t *said = json_object();
    carried_put_taken(said, &row);
    return cli_print_json(c, said);
}

enum error cli_record(struct cli *c) {
    static const struct {
        const char *name;
        enum error (*run)(struct cli *c, struct desk *desk, const struct carried_wish *w);
    } verbs[] = {{"export", export_record}, {"import", import_record}};
    struct carried_wish w = {0};
    struct desk *desk = NULL;
    const struct option_row rows[] = {
        {"--theirs", OPTION_FLAG, &w.theirs, NULL, N_("export: what is held of their record (else: one's own record)")},
        {"--drill", OPTION_FLAG, &w.drill, NULL, N_("export: of the drill channel")},
        {"--generation", OPTION_NUMBER, &w.generation, "N",
         N_("export: of the channel of that number (else: the last)")},
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
