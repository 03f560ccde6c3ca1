#include "desk/desk.h"

#include <stdlib.h>
#include <string.h>

#include "desk/own_card.h"
#include "desk/roots.h"
#include "node/tls.h"

enum error desk_open(const struct desk_options *o, struct desk **out, struct diag *d) {
    struct desk *k = calloc(1, sizeof *k);
    if (!k) return fail(d, ERR_MEMORY, _("out of memory"));
    k->random = o->random;
    k->now = o->now;
    k->passphrase = o->passphrase;
    k->root_file = o->root_file;
    enum error result = home_open(o->home, &k->arena, &k->home, d);
    if (!result)
        result = o->keyring ? keyring_copy(o->keyring, o->passphrase, &k->keyring, d)
                            : keyring_open(home_path(&k->home, &k->arena, "desk"), o->passphrase, &k->keyring, d);
    if (result)
        desk_close(k);
    else
        *out = k;
    return result;
}

void desk_close(struct desk *k) {
    if (!k) return;
    for (size_t i = 0; i < k->identity_count; i++) seal_identity_free(k->identities[i]);
    link_close(k->link);
    buf_wipe(&k->tls_key);
    buf_free(&k->tls_certificate);
    keyring_close(k->keyring);
    arena_free(&k->arena);
    free(k);
}

/* ---- to the node */

static enum error read_tls(struct desk *k, struct diag *d) {
    k->tls_key.max = k->tls_certificate.max = TLS_PEM_MAX;
    buf_wipe(&k->tls_key);
    buf_clear(&k->tls_certificate);
    enum error result = keyring_get(k->keyring, "tls.key", &k->tls_key, d);
    if (!result) result = os_read(home_path(&k->home, &k->arena, "desk/tls.crt"), TLS_PEM_MAX, &k->tls_certificate, d);
    return result;
}

/* A node that was compromised can't put another root in the place of the one that people compared. */
static enum error take_newest_card(struct desk *k, const struct card *known, struct diag *d) {
    struct bytes note;
    struct card newest;
    enum error result = link_own_card(k->link, &k->arena, &note, d);
    if (result == ERR_MISSING) return OK;
    if (!result) result = card_read(note, &k->arena, &newest, d);
    if (result || newest.serial <= known->serial) return result;
    if (!text_equal(newest.root, known->root) || !text_equal(newest.party, known->party))
        return fail(d, ERR_SIGNATURE, _("the node shows a card of another root key than this desk knows"));
    return own_card_adopt(k, note, &newest, d);
}

static enum error check_roots(struct desk *k, const struct card *known, struct diag *d) {
    struct link_channel *list;
    size_t count;
    enum error result = link_channels(k->link, &k->arena, &list, &count, d);
    return result ? result : roots_check(k, known->root, list, count, d);
}

static enum error link_remote(struct desk *k, struct diag *d) {
    struct bytes note;
    struct card card;
    enum error result = own_card_signed(k, &note, &card, d);
    if (!result) result = read_tls(k, d);
    if (result) return result;
    struct link_options o = {.url = k->home.node,
                             .pins = card.tls,
                             .key = buf_as_bytes(&k->tls_key),
                             .certificate = buf_as_bytes(&k->tls_certificate),
                             .random = k->random};
    result = link_open(&o, &k->link, d);
    if (!result) result = take_newest_card(k, &card, d);
    if (!result) result = check_roots(k, &card, d);
    if (!result) return OK;
    link_close(k->link);
    k->link = NULL;
    return result;
}

static enum error link_here(struct desk *k, struct diag *d) {
    struct link_options o = {
        .folder = home_path(&k->home, &k->arena, "node"), .passphrase = k->passphrase, .random = k->random};
    if (keyring_has(k->keyring, "enrolment.key"))
        return fail(d, ERR_MISSING,
                    _("this desk has asked to be one of %.*s and waits: `parley join open ANSWER` takes the answer"),
                    TEXT_ARG(k->home.party));
    return link_open(&o, &k->link, d);
}

enum error desk_link(struct desk *k, struct diag *d) {
    if (k->link) return OK;
    return k->home.node.size ? link_remote(k, d) : link_here(k, d);
}

enum error desk_has_node(const struct desk *k, struct diag *d) {
    if (!k->home.node.size) return OK;
    return fail(d, ERR_NO, _("channels are opened where the node is: this desk reaches its node at %.*s"),
                TEXT_ARG(k->home.node));
}

static enum error no_channel(struct desk *k, const struct link_channel *list, size_t count, struct text party,
                             struct diag *d) {
    struct text there = {0};
    for (size_t i = 0; i < count; i++)
        if (!i || !text_equal(list[i].party, list[i - 1].party))
            there =
                arena_format(&k->arena, "%.*s%s%.*s", TEXT_ARG(there), there.size ? ", " : "", TEXT_ARG(list[i].party));
    if (!there.size)
        return fail(d, ERR_MISSING, _("there is no channel yet: `parley invite`, then `parley accept` open one"));
    return fail(d, ERR_MISSING, _("there is no channel with %.*s; there are channels with %.*s"), TEXT_ARG(party),
                TEXT_ARG(there));
}

enum error desk_channel(struct desk *k, struct text party, bool drill, struct link_channel *out, struct diag *d) {
    struct link_channel *list;
    size_t count, found = SIZE_MAX;
    enum error result = desk_link(k, d);
    if (!result) result = link_channels(k->link, &k->arena, &list, &count, d);
    if (result) return result;
    for (size_t i = 0; i < count; i++)
        if (text_equal(list[i].party, party) && list[i].drill == drill &&
            (found == SIZE_MAX || list[found].state == CHANNEL_FOLLOWED || list[i].number > list[found].number))
            found = i;
    if (found == SIZE_MAX) return no_channel(k, list, count, party, d);
    *out = list[found];
    return OK;
}

enum error desk_each(struct desk *k, enum error (*with)(struct text party, bool drill, void *state, struct diag *d),
                     void *state, size_t *count, struct diag *d) {
    struct link_channel *list;
    size_t channels, parties = 0;
    enum error result = desk_link(k, d);
    if (!result) result = link_channels(k->link, &k->arena, &list, &channels, d);
    for (size_t i = 0; !result && i < channels; i++) {
        if (i && text_equal(list[i].party, list[i - 1].party) && list[i].drill == list[i - 1].drill) continue;
        parties++;
        result = with(list[i].party, list[i].drill, state, d);
    }
    if (!result) *count = parties;
    return result;
}
