/* keys: every key of this home, where it is and what a counterparty sees of it; changing the node's keys and the root.
 *
 *     keys                            lists them
 *     keys rotate mirror|tls|log      begins a change: the new key is announced while the old one still works
 *     keys retire mirror|tls|log      ends it, once all counterparties have receipted the card that names both
 *     keys replace mirror|tls|root    at once: for a key that was lost or stolen
 *     keys take-out root FILE         moves the root key into a file, to be kept where no network is
 *
 * Officers' keys change with `officer rotate`, those of departments with `department rotate`. */
#include <string.h>

#include "cli/speak.h"
#include "desk/own_card.h"
#include "desk/rotation.h"
#include "desk/successor.h"
#include "note/fingerprint.h"

struct wishes {
    const char *party;
    bool drill, no_passphrase;
};

/* ---- which */

static bool read_kind(const char *word, enum node_key *out) {
    static const char *const words[] = {[NODE_MIRROR] = "mirror", [NODE_LOG] = "log", [NODE_TLS] = "tls"};
    for (size_t i = 0; i < COUNT(words); i++)
        if (!strcmp(word, words[i])) {
            *out = (enum node_key)i;
            return true;
        }
    return false;
}

/* The channels whose log keys are meant: that with one party, or all that are open. */
static bool is_meant(const struct link_channel *c, const struct wishes *w) {
    bool open = c->state == CHANNEL_OPEN || c->state == CHANNEL_OFFERED;
    return open && (!w->party || (text_is(c->party, w->party) && c->drill == w->drill));
}

typedef enum error change(struct desk *k, const struct key_wish *w, struct key_pair *out, struct diag *d);

static enum error change_logs(struct cli *c, struct desk *desk, const struct wishes *w, change *run) {
    struct link_channel *list;
    struct key_pair pair;
    size_t count, meant = 0;
    enum error result = desk_link(desk, &c->diag);
    if (!result) result = link_channels(desk->link, &c->arena, &list, &count, &c->diag);
    for (size_t i = 0; !result && i < count; i++) {
        if (!is_meant(&list[i], w)) continue;
        meant++;
        result = run(desk, &(struct key_wish){NODE_LOG, &list[i]}, &pair, &c->diag);
    }
    if (!result && !meant) result = fail(&c->diag, ERR_MISSING, _("no channel is open that these words mean"));
    return result;
}

static void say_next(const struct cli *c, const char *sentence) {
    if (!c->quiet) fprintf(stderr, "%s\n", sentence);
}

static enum error change_key(struct cli *c, struct desk *desk, const struct wishes *w, change *run,
                             enum node_key *which) {
    struct key_pair pair;
    if (!read_kind(c->words.at[1], which))
        return cli_usage(c, _("expected mirror, log or tls, found “%s”"), c->words.at[1]);
    if (*which == NODE_LOG) return change_logs(c, desk, w, run);
    return run(desk, &(struct key_wish){*which, NULL}, &pair, &c->diag);
}

/* ---- verbs */

static enum error begin(struct cli *c, struct desk *desk, const struct wishes *w) {
    enum node_key which;
    enum error result = change_key(c, desk, w, rotation_begin, &which);
    if (!result)
        say_next(c, _("The new key is made, and the card names both.  Next: `parley card publish`, `parley sync`; once "
                      "counterparties have receipted that card, `parley keys retire` drops the old key."));
    return result;
}

static enum error end(struct cli *c, struct desk *desk, const struct wishes *w) {
    enum node_key which;
    enum error result = change_key(c, desk, w, rotation_end, &which);
    if (result) return result;
    say_next(c,
             _("The old key is gone, and the card no longer names it.  Next: `parley card publish`, `parley sync`."));
    return OK;
}

static enum error replace_root(struct cli *c, struct desk *desk) {
    struct text root;
    char fingerprint[FINGERPRINT_SIZE];
    enum error result = rotation_root(desk, &root, &c->diag);
    if (result) return result;
    printf("%s\n", fingerprint_write(root, fingerprint).at);
    say_next(c, _("This is the fingerprint of the new root.  Each channel goes on in a successor, once people have "
                  "compared again: `parley peers` has the command for each."));
    return OK;
}

static enum error replace(struct cli *c, struct desk *desk, const struct wishes *w) {
    enum node_key which;
    if (!strcmp(c->words.at[1], "root")) return replace_root(c, desk);
    enum error result = change_key(c, desk, w, rotation_replace, &which);
    if (result) return result;
    say_next(c,
             _("The new key is in place, and the card names it alone.  Next: `parley card publish`, `parley sync`."));
    if (which == NODE_TLS)
        say_next(c, _("Counterparties know the new TLS key only from that card: where they no longer reach this node, "
                      "carry it to them by folders: take one that they write with `parley record export`, then write "
                      "one that they take with `parley record import`."));
    return OK;
}

static enum error take_out(struct cli *c, struct desk *desk, const struct wishes *w) {
    struct text passphrase = TEXT("");
    if (strcmp(c->words.at[1], "root")) return cli_usage(c, _("only the root key can be taken out"));
    enum error result = w->no_passphrase ? OK : cli_new_passphrase(c, &passphrase);
    if (!result) result = rotation_take_out_root(desk, c->words.at[2], passphrase, &c->diag);
    if (!result)
        say_next(c, _("The root key is in that file alone: keep it, and a copy, where no network reaches them.  What "
                      "signs a card asks for it: --root-key FILE."));
    return result;
}

/* ---- list */

struct row {
    const char *key;
    struct text name, where, card;
};

struct listing {
    struct cli *cli;
    struct desk *desk;
    struct row *rows;
    size_t count, room;
};

static void add(struct listing *l, const char *key, struct text name, struct text where, struct text card) {
    l->rows = arena_grow(&l->cli->arena, l->rows, l->count, &l->room, sizeof *l->rows);
    l->rows[l->count++] = (struct row){key, name, where, card};
}

static struct text lost_words(struct cli *c, const char *key, const struct link_channel *channel) {
    if (!channel) return arena_format(&c->arena, _("the key is lost: parley keys replace %s"), key);
    return arena_format(&c->arena, _("the key is lost: %.*s"), TEXT_ARG(successor_command(channel, &c->arena)));
}

static struct text named_words(const struct key_pair *pair, unsigned named) {
    if (pair->next.size)
        return text_of(named == 3 ? _("names the old and the new one") : _("does not name the new one yet: publish"));
    return text_of(named & 1 ? _("names it") : _("does not name it: publish"));
}

static enum error list_node(struct listing *l, enum node_key which, const char *key,
                            const struct link_channel *channel) {
    struct key_pair pair;
    unsigned named;
    struct key_wish w = {which, channel};
    enum error result = rotation_look(l->desk, &w, &pair, &named, &l->cli->diag);
    struct text name = channel ? channel->own_name : result ? TEXT("") : text_first(pair.current, 40);
    if (result) return result;
    bool lost = !pair.current.size;
    add(l, key, name, lost ? TEXT("-") : text_of(_("node")),
        lost ? lost_words(l->cli, key, channel) : named_words(&pair, named));
    return OK;
}

static struct text place_of(struct listing *l, struct text file) {
    return text_of(keyring_has(l->desk->keyring, arena_string(&l->cli->arena, file)) ? _("desk") : _("elsewhere"));
}

static void list_desk(struct listing *l, const struct card *c) {
    struct arena *a = &l->cli->arena;
    char fingerprint[FINGERPRINT_SIZE];
    add(l, "root", arena_text(a, fingerprint_write(c->root, fingerprint)), place_of(l, TEXT("root.key")),
        text_of(_("is signed by it")));
    for (size_t i = 0; i < c->officer_count; i++) {
        const struct officer *o = &c->officers[i];
        struct text file = arena_format(a, "officer-%.*s.key", TEXT_ARG(o->name)),
                    next = arena_format(a, "officer-%.*s.next.key", TEXT_ARG(o->name));
        bool changes = keyring_has(l->desk->keyring, arena_string(a, next));
        add(l, "officer", arena_format(a, "%.*s (%.*s)", TEXT_ARG(o->name), TEXT_ARG(o->department)), place_of(l, file),
            text_of(changes ? _("a new one waits for the next card: publish") : _("names it")));
    }
    for (size_t i = 0; i < c->recipient_count; i++)
        add(l, "department", c->recipients[i].department, text_of(_("desk")), text_of(_("names it")));
}

static enum error print_rows(struct listing *l) {
    struct cli *c = l->cli;
    struct grid t = grid_new(&c->arena, 4);
    json_t *whole = json_object(), *list = json_array();
    const struct text head[] = {text_of(_("KEY")), text_of(_("NAME")), text_of(_("WHERE")), text_of(_("CARD"))};
    grid_row(&t, head);
    for (size_t i = 0; i < l->count; i++) {
        const struct row *r = &l->rows[i];
        const struct text cells[] = {text_of(r->key), r->name, r->where, r->card};
        json_t *o = json_object();
        json_put_text(o, "key", text_of(r->key));
        json_put_text(o, "name", r->name);
        json_put_text(o, "where", r->where);
        json_put_text(o, "card", r->card);
        json_add(list, o);
        grid_row(&t, cells);
    }
    json_put(whole, "keys", list);
    if (c->json) return cli_print_json(c, whole);
    json_decref(whole);
    grid_print(&t, stdout);
    return OK;
}

static enum error show(struct cli *c, struct desk *desk, const struct wishes *w) {
    struct listing l = {.cli = c, .desk = desk};
    struct link_channel *channels;
    struct bytes note;
    struct card card;
    size_t count = 0;
    (void)w;
    enum error result = own_card_signed(desk, &note, &card, &c->diag);
    if (!result) list_desk(&l, &card);
    if (!result) result = list_node(&l, NODE_MIRROR, "mirror", NULL);
    if (!result) result = list_node(&l, NODE_TLS, "tls", NULL);
    if (!result) result = link_channels(desk->link, &c->arena, &channels, &count, &c->diag);
    for (size_t i = 0; i < count && !result; i++)
        if (channels[i].state != CHANNEL_FOLLOWED) result = list_node(&l, NODE_LOG, "log", &channels[i]);
    return result ? result : print_rows(&l);
}

/* ---- the table */

static const struct verb {
    const char *name;
    size_t words; /* with the verb's own */
    enum error (*run)(struct cli *c, struct desk *desk, const struct wishes *w);
} verbs[] = {
    {"list", 1, show}, {"rotate", 2, begin}, {"retire", 2, end}, {"replace", 2, replace}, {"take-out", 3, take_out}};

enum error cli_keys(struct cli *c) {
    struct wishes w = {0};
    struct desk *desk = NULL;
    const struct verb *verb = NULL;
    const struct option_row rows[] = {
        {"--party", OPTION_WORD, &w.party, "PARTY", N_("log: of the record to this party alone (else: of all)")},
        {"--drill", OPTION_FLAG, &w.drill, NULL, N_("log: of its drill")},
        {"--no-passphrase", OPTION_FLAG, &w.no_passphrase, NULL, N_("take-out: leave the file without a passphrase")},
        ROOT_KEY_ROW(c),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 3);
    if (result) return result;
    const char *word = c->words.count ? c->words.at[0] : "list";
    for (size_t i = 0; i < COUNT(verbs); i++)
        if (!strcmp(word, verbs[i].name)) verb = &verbs[i];
    if (!verb) return cli_usage(c, _("expected list, rotate, retire, replace or take-out, found “%s”"), word);
    if (c->words.count && c->words.count != verb->words)
        return cli_usage(c, "%s", c->words.count < verb->words ? _("something is missing") : _("too many words"));
    result = cli_open_desk(c, &desk);
    if (!result) result = verb->run(c, desk, &w);
    desk_close(desk);
    return result;
}
