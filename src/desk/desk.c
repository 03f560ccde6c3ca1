#include "desk/desk.h"

#include <stdlib.h>
#include <string.h>

enum error desk_open(const struct desk_options *o, struct desk **out, struct diag *d) {
    struct desk *k = calloc(1, sizeof *k);
    if (!k) return fail(d, ERR_MEMORY, _("out of memory"));
    k->random = o->random;
    k->now = o->now;
    k->passphrase = o->passphrase;
    enum error result = home_open(o->home, &k->arena, &k->home, d);
    if (!result) result = keyring_open(home_path(&k->home, &k->arena, "desk"), o->passphrase, &k->keyring, d);
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
    keyring_close(k->keyring);
    arena_free(&k->arena);
    free(k);
}

enum error desk_link(struct desk *k, struct diag *d) {
    struct link_options o = {
        .folder = home_path(&k->home, &k->arena, "node"), .passphrase = k->passphrase, .random = k->random};
    return k->link ? OK : link_open(&o, &k->link, d);
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
