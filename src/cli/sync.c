/* sync: exchanges with the counterparties now.  A line a channel. */
#include "base/os.h"
#include "cli/cli.h"
#include "cli/speak.h"
#include "desk/desk.h"

static json_t *row_json(const struct link_sync_row *row) {
    json_t *o = json_object();
    json_put_text(o, "party", row->party);
    json_put_text(o, "result", text_of(row->error ? error_name(row->error) : row->waits ? "waits" : "done"));
    json_put_text_if(o, "trouble", row->words);
    json_put_u64(o, "sent_entries", row->sent_entries);
    json_put_u64(o, "sent_blobs", row->sent_blobs);
    json_put_u64(o, "got_entries", row->got_entries);
    json_put_u64(o, "got_blobs", row->got_blobs);
    json_put_u64(o, "own_size", row->own_size);
    json_put_u64(o, "receipted_size", row->receipted_size);
    json_put(o, "receipted_at", json_from_instant(row->receipted_at));
    json_put_u64(o, "their_size", row->their_size);
    return o;
}

static void print_receipt(const struct link_sync_row *row) {
    char at[INSTANT_TEXT_MAX];
    if (row->receipted_at == INSTANT_NONE)
        printf("%s\n", _("no receipt yet"));
    else
        printf(_n("receipted %llu of %llu entry at %.*s\n", "receipted %llu of %llu entries at %.*s\n", row->own_size),
               (unsigned long long)row->receipted_size, (unsigned long long)row->own_size,
               TEXT_ARG(instant_write(row->receipted_at, at)));
}

static void print_row(struct cli *c, const struct link_sync_row *row) {
    if (row->error) {
        fprintf(stderr, "%.*s: %.*s\n", TEXT_ARG(row->party), TEXT_ARG(cli_shown(c, row->words)));
        return;
    }
    if (row->waits)
        printf(_("%.*s: their card gives no address, they call; "), TEXT_ARG(row->party));
    else
        printf(_n("%.*s: sent %llu entry, got %llu; ", "%.*s: sent %llu entries, got %llu; ", row->sent_entries),
               TEXT_ARG(row->party), (unsigned long long)row->sent_entries, (unsigned long long)row->got_entries);
    print_receipt(row);
    if (row->words.size) printf("  %.*s\n", TEXT_ARG(cli_shown(c, row->words))); /* of a neutral mirror */
}

static enum error print_rows(struct cli *c, const struct link_sync_row *rows, size_t count, size_t *failed) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        *failed += rows[i].error != OK;
        if (c->json)
            json_add(list, row_json(&rows[i]));
        else
            print_row(c, &rows[i]);
    }
    if (!c->json) {
        json_decref(list);
        return OK;
    }
    json_t *whole = json_object();
    json_put(whole, "channels", list);
    return cli_print_json(c, whole);
}

struct declared { /* of a store found behind what the counterparty was shown */
    bool failover, restored, drill;
};

static enum error declare(struct cli *c, struct desk *desk, struct text party, const struct declared *w) {
    struct link_channel channel;
    enum error result = desk_channel(desk, party, w->drill, &channel, &c->diag);
    if (result) return result;
    return w->failover ? link_declare_failover(desk->link, channel.own_origin, &c->diag)
                       : link_declare_restored(desk->link, channel.own_origin, &c->diag);
}

static enum error exchange(struct cli *c, struct desk *desk, struct text party) {
    struct link_sync_row *rows;
    struct link_channel channel;
    size_t count = 0, failed = 0;
    enum error result = desk_link(desk, &c->diag);
    if (!result && party.size) result = desk_channel(desk, party, false, &channel, &c->diag);
    if (!result) result = link_sync(desk->link, party, c->now, &c->arena, &rows, &count, &c->diag);
    if (!result) result = print_rows(c, rows, count, &failed);
    if (result) return result;
    if (!count && !c->json && !c->quiet)
        fprintf(stderr, "%s\n", _("There is nobody to exchange with yet: no invitation was accepted."));
    if (!failed) return OK;
    return fail(&c->diag, ERR_NETWORK,
                _n("%zu of %zu channel failed; nothing is lost, and it can be repeated",
                   "%zu of %zu channels failed; nothing is lost, and it can be repeated", count),
                failed, count);
}

enum error cli_sync(struct cli *c) {
    struct desk *desk = NULL;
    struct declared w = {0};
    const struct option_row rows[] = {
        {"--restored", OPTION_FLAG, &w.restored, NULL,
         N_("this store came from a backup: bring back what PARTY holds of it; a successor is to follow")},
        {"--failover", OPTION_FLAG, &w.failover, NULL,
         N_("this store is a replica that was behind, and no other signs any more: recover, and go on")},
        {"--drill", OPTION_FLAG, &w.drill, NULL, N_("with these: of the drill channel")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 1);
    if (result) return result;
    struct text party = text_of(c->words.count ? c->words.at[0] : NULL);
    if ((w.restored || w.failover) && !party.size) return cli_usage(c, _("--restored and --failover need PARTY"));
    if (w.restored && w.failover) return cli_usage(c, _("--restored and --failover exclude each other"));
    result = cli_open_desk(c, &desk);
    if (!result && (w.restored || w.failover)) result = declare(c, desk, party, &w);
    if (!result) result = exchange(c, desk, party);
    desk_close(desk);
    return result;
}
