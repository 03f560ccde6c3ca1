#include "node/opened.h"

#include <string.h>

#include "base/codec.h"
#include "base/os.h"
#include "node/fields.h"
#include "sync/cards.h"
#include "sync/own.h"
#include "json/json.h"

enum { FILE_MAX_BYTES = 64 << 20 };

static const char *path_of(const struct engine *e, char out[static OS_PATH_MAX]) {
    os_path(out, e->folder, "channels");
    return out;
}

/* ---- writing */

/* A card that is damaged in the store must not take the place of one with which the channel could be put back. */
static bool speaks_for(const struct channel *c, struct bytes note, struct arena *a) {
    struct card card;
    return card_read(note, a, &card, NULL) == OK && text_equal(card.party, c->party) &&
           text_equal(card.root, c->of[SIDE_THEIRS].root);
}

/* Of a channel of which somebody else holds something: nobody gives a mirror back what it held in another's stead. */
static bool is_written(const struct channel *c) { return c->of[SIDE_THEIRS].id && c->state != CHANNEL_MIRRORED; }

static void write_channel(struct engine *e, const struct channel *c, struct arena *a, struct buf *out) {
    const struct channel_record *own = &c->of[SIDE_OWN], *theirs = &c->of[SIDE_THEIRS];
    struct kept_card card;
    if (!is_written(c)) return;
    if (store_card(e->store, theirs->id, UINT64_MAX, a, &card, NULL) || !speaks_for(c, card.note, a))
        card.note = c->invited_card;
    field_text(out, "own-party", c->own_party);
    field_text(out, "party", c->party);
    field_u64(out, "number", c->number);
    if (c->drill) field_u64(out, "drill", 1);
    if (c->state == CHANNEL_FOLLOWED) field_u64(out, "followed", 1);
    field_text(out, "own-root", own->root);
    field_hex(out, "own-secret", bytes_of(own->secret, sizeof own->secret));
    field_text(out, "their-root", theirs->root);
    field_hex(out, "their-secret", bytes_of(theirs->secret, sizeof theirs->secret));
    field_bytes(out, "their-card", card.note);
    buf_char(out, '\n');
}

static bool is_of(struct text block, const struct channel *c) {
    uint8_t secret[CHANNEL_SECRET_SIZE];
    bool named = text_equal(fields_text(block, "own-party"), c->own_party) &&
                 text_equal(fields_text(block, "party"), c->party) && fields_u64(block, "number") == c->number &&
                 (fields_u64(block, "drill") != 0) == c->drill;
    return named || (hex_read(fields_text(block, "own-secret"), secret, sizeof secret) &&
                     !memcmp(secret, c->of[SIDE_OWN].secret, sizeof secret));
}

/* What the file has of channels that the store knows nothing of: it came from a backup that is older than they are.
 * Blocks and channels are in one order mostly: each is looked for behind the last one that was found. */
static void write_others(const struct channel *list, size_t count, struct text kept, struct buf *out) {
    struct text block;
    size_t next = 0;
    while (fields_next(&kept, &block)) {
        size_t looked = 0, at = 0;
        for (; looked < count; looked++) {
            at = (next + looked) % count;
            if (is_written(&list[at]) && is_of(block, &list[at])) break;
        }
        if (looked == count)
            buf_format(out, "%.*s\n", TEXT_ARG(block));
        else
            next = at + 1;
    }
}

static enum error write_all(struct engine *e, struct text kept, struct buf *out, size_t *count, struct diag *d) {
    struct arena a = {0};
    struct channel *list;
    enum error result = store_channels(e->store, &a, &list, count, d);
    for (size_t i = 0; i < (result ? 0 : *count); i++) write_channel(e, &list[i], &a, out);
    if (!result) write_others(list, *count, kept, out);
    arena_free(&a);
    return result ? result : buf_check(out, d);
}

void opened_keep(struct engine *e) {
    char path[OS_PATH_MAX];
    size_t count = 0;
    struct buf now = {.max = FILE_MAX_BYTES}, kept = {.max = FILE_MAX_BYTES};
    bool there = os_exists(path_of(e, path));
    enum error result = there ? os_read(path, FILE_MAX_BYTES, &kept, NULL) : OK;
    if (!result) result = write_all(e, buf_as_text(&kept), &now, &count, NULL);
    bool same = there && !result && text_equal(buf_as_text(&now), buf_as_text(&kept));
    /* A store without channels is a new one, or a lost one: then the file is what is left. */
    if (!result && count && now.size && !same) result = os_write(path, buf_as_bytes(&now), 0600, NULL);
    (void)result;
    buf_wipe(&now);
    buf_wipe(&kept);
}

/* ---- reading */

static enum error read_file(struct engine *e, struct arena *a, struct text *out, struct diag *d) {
    char path[OS_PATH_MAX];
    struct buf kept = {.max = FILE_MAX_BYTES};
    enum error result = os_read(path_of(e, path), FILE_MAX_BYTES, &kept, d);
    if (!result) *out = arena_text(a, buf_as_text(&kept));
    buf_wipe(&kept);
    return result;
}

bool opened_are_lost(struct engine *e) {
    char path[OS_PATH_MAX];
    struct arena a = {0};
    struct channel *list;
    size_t count = 0;
    uint64_t bytes = 0;
    bool none = store_channels(e->store, &a, &list, &count, NULL) == OK && !count;
    arena_free(&a);
    return none && os_exists(path_of(e, path)) && os_size(path, &bytes, NULL) == OK && bytes;
}

enum error opened_parties(struct engine *e, struct arena *a, struct names *out, struct diag *d) {
    struct text rest, block, *list = NULL;
    size_t count = 0, room = 0;
    enum error result = read_file(e, a, &rest, d);
    while (!result && fields_next(&rest, &block)) {
        struct text party = fields_text(block, "party");
        if (count && text_equal(list[count - 1], party)) continue;
        list = arena_grow(a, list, count, &room, sizeof *list);
        list[count++] = party;
    }
    if (!result) *out = (struct names){list, count};
    return result;
}

static enum error read_record(struct text block, enum side side, struct channel_name name, struct arena *a,
                              struct channel_record *out, struct diag *d) {
    bool own = side == SIDE_OWN;
    if (!hex_read(fields_text(block, own ? "own-secret" : "their-secret"), out->secret, CHANNEL_SECRET_SIZE))
        return fail(d, ERR_INPUT, _("the file “channels” is damaged: expected the secret of a record"));
    out->name = channel_name_write(&name, a);
    out->origin = channel_origin(out->name, out->secret, a);
    out->root = fields_text(block, own ? "own-root" : "their-root");
    return OK;
}

static enum error read_channel(struct text block, struct arena *a, struct channel *out, struct diag *d) {
    struct channel c = {.own_party = fields_text(block, "own-party"),
                        .party = fields_text(block, "party"),
                        .number = fields_u64(block, "number"),
                        .drill = fields_u64(block, "drill") != 0,
                        .limits = CHANNEL_LIMITS_DEFAULT};
    struct channel_name own = {c.own_party, c.party, c.number, c.drill},
                        theirs = {c.party, c.own_party, c.number, c.drill};
    struct card card;
    if (!party_name_valid(c.own_party) || !party_name_valid(c.party) || !c.number)
        return fail(d, ERR_INPUT, _("the file “channels” is damaged: expected the names of a channel"));
    enum error result = read_record(block, SIDE_OWN, own, a, &c.of[SIDE_OWN], d);
    if (!result) result = read_record(block, SIDE_THEIRS, theirs, a, &c.of[SIDE_THEIRS], d);
    if (!result && !fields_bytes(block, "their-card", a, &c.invited_card))
        result = fail(d, ERR_INPUT, _("the file “channels” is damaged: expected a card"));
    if (!result) result = card_read(c.invited_card, a, &card, d);
    if (!result && (!text_equal(card.party, c.party) || !text_equal(card.root, c.of[SIDE_THEIRS].root)))
        result = fail(d, ERR_INPUT, _("the file “channels” is damaged: a card is of another party or root"));
    if (!result) *out = c;
    return result;
}

/* ---- putting back */

static enum error put_one(struct engine *e, struct channel c, bool followed, struct arena *a, struct diag *d) {
    int64_t id;
    struct text why =
        text_of(_("the store of this node was lost. Nothing is signed in this channel any more: get back what the "
                  "counterparty holds (`parley fsck --repair`), and open a successor"));
    enum error result = store_add_channel(e->store, &c, &id, d);
    if (!result) result = store_set_state(e->store, id, CHANNEL_RESTORED, why, d);
    if (!result) result = store_channel(e->store, id, a, &c, d);
    if (!result) result = own_declare_restored(&e->sync, &c, d);
    if (!result && followed) result = store_set_state(e->store, id, CHANNEL_FOLLOWED, why, d);
    return result;
}

/* What the store says of the node itself. */
static enum error put_node(struct engine *e, struct text party, struct diag *d) {
    const struct signer *mirror;
    struct buf vkey = {.max = VKEY_TEXT_MAX};
    enum error result = e->sync.keys.mirror(e->sync.keys.state, &mirror, d);
    if (!result) vkey_write(signer_vkey(mirror), &vkey);
    if (!result) result = store_set_meta(e->store, "mirror", buf_as_bytes(&vkey), d);
    if (!result) result = store_set_meta(e->store, "party", bytes_from_text(party), d);
    buf_free(&vkey);
    return result;
}

static bool is_there(struct text block, const struct channel *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (is_of(block, &list[i])) return true;
    return false;
}

static bool knows_itself(struct engine *e) {
    struct buf party = {.max = VKEY_TEXT_MAX};
    bool known = store_meta(e->store, "party", &party, NULL) == OK;
    buf_free(&party);
    return known;
}

/* One that is damaged keeps no other back: fsck names it. */
static enum error put_back_block(struct engine *e, struct text block, struct arena *a, uint64_t *count,
                                 struct diag *d) {
    struct channel c;
    if (read_channel(block, a, &c, NULL)) return OK;
    enum error result = knows_itself(e) ? OK : put_node(e, c.own_party, d);
    if (!result) result = put_one(e, c, fields_u64(block, "followed") != 0, a, d);
    if (!result) ++*count;
    return result;
}

static void tell_block(struct text block, struct arena *a, struct fsck *f) {
    struct channel c;
    struct diag why = {0};
    struct text party = fields_text(block, "party");
    unsigned long long number = fields_u64(block, "number");
    if (!read_channel(block, a, &c, &why))
        fsck_tell(f, FAULT_LOST, SIDE_OWN, c.of[SIDE_OWN].name,
                  _("the store does not know this channel, which was open: it is from a backup that is older"));
    else
        fsck_tell(f, FAULT_LOST, SIDE_OWN, TEXT(""),
                  _("channel %llu with “%.*s”, which the store does not know, can't be put back: %s; take that file "
                    "from a backup, or open the channel anew"),
                  number, TEXT_ARG(json_is_text(party) ? party : TEXT("?")), why.text);
}

enum error opened_tell_missing(struct engine *e, struct fsck *f, struct diag *d) {
    char path[OS_PATH_MAX];
    struct arena a = {0};
    struct text rest, block;
    struct channel *list;
    size_t count = 0;
    if (!os_exists(path_of(e, path))) return OK;
    enum error result = read_file(e, &a, &rest, d);
    if (!result) result = store_channels(e->store, &a, &list, &count, d);
    while (!result && fields_next(&rest, &block))
        if (!is_there(block, list, count)) tell_block(block, &a, f);
    arena_free(&a);
    return result;
}

enum error opened_put_back(struct engine *e, uint64_t *count, struct diag *d) {
    char path[OS_PATH_MAX];
    struct arena a = {0};
    struct text rest, block;
    struct channel *list;
    size_t listed = 0;
    *count = 0;
    if (!os_exists(path_of(e, path))) return OK;
    enum error result = read_file(e, &a, &rest, d);
    if (!result) result = store_begin(e->store, d);
    if (!result) {
        result = store_channels(e->store, &a, &list, &listed, d);
        while (!result && fields_next(&rest, &block)) {
            if (!is_there(block, list, listed)) result = put_back_block(e, block, &a, count, d);
        }
        result = store_end(e->store, result, d);
    }
    arena_free(&a);
    return result;
}
