/* What the desk asks of its node, over the Unix socket or in the same process; and what desks on other machines do.
 *
 *     GET  /desk/public                        POST /desk/log-key            (an origin)
 *     POST /desk/key                           (which, step, origin): looks at a key, or changes it
 *     GET  /desk/channels                      POST /desk/open               (fields of a link_opening)
 *     POST /desk/sync                          (a party, or nothing)
 *     GET  /desk/fsck                          what was checked, then the faults
 *     POST /desk/repair                        (a path, or nothing): how it was, how it is, and what was in the way
 *     GET  /desk/drafts                        GET, PUT /desk/draft/<name>
 *     GET  /desk/c/<hash>/entries/<from>       a bundle of entries, as many as fit
 *     GET  /desk/c/<hash>/checkpoint/<size>    GET  /desk/c/<hash>/contradictions
 *     GET, PUT /desk/c/<hash>/blob/<sha256>    with ranges, as counterparties have them
 *     POST     /desk/c/<hash>/discard/<sha256> drops a blob of one's own that no entry names
 *     POST /desk/c/<hash>/submit, /limits, /witnesses, /failover, /restored, /drop-erased
 *     POST /desk/c/<hash>/export               (a path): writes that record into a folder
 *     POST /desk/import                        (a path): exchanges with what is in a folder
 *     POST /desk/c/<hash>/pack                 (path, part-bytes, whole): writes that record into archives
 *     POST /desk/unpack                        (a path): takes one of these
 *     GET  /desk/card                          the newest card of the party, as it stands in its records
 *     GET  /desk/desks                         PUT /desk/desk (an enrolment), POST /desk/drop-desk (a pin)
 *
 * <hash> is that of either origin of a channel.  A failure is TYPE_ERROR.  The table says what the roles of an officer
 * let a desk on another machine ask for; over the socket all of it is for the user whose node it is. */
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/os.h"
#include "node/api.h"
#include "node/desks.h"
#include "node/fields.h"
#include "sync/cards.h"
#include "sync/own.h"
#include "sync/wire.h"
#include "sync/witnessed.h"
#include "tlog/tile.h"

enum { ENTRIES_ANSWER_MAX = 8 << 20, ENTRIES_ANSWER_COUNT = 16384 };

static int64_t record_of(const struct asking *q) { return q->channel.of[q->side].id; }

/* ---- of the node */

static enum error get_public(struct asking *q, struct diag *d) {
    struct node_public p;
    enum error result = engine_public(q->engine, &q->arena, &p, d);
    if (result) return result;
    field_text(q->body, "party", p.party);
    field_text(q->body, "mirror", p.mirror);
    field_text(q->body, "tls", p.tls_spki);
    return OK;
}

static enum error post_log_key(struct asking *q, struct diag *d) {
    const struct signer *log;
    if (!key_name_valid(asking_text(q))) return fail(d, ERR_INPUT, _("expected an origin"));
    enum error result = node_keys_make_log(q->engine->keys, asking_text(q), q->engine->random, &log, d);
    if (!result) vkey_write(signer_vkey(log), q->body);
    return result;
}

static enum error post_key(struct asking *q, struct diag *d) {
    struct text block = asking_text(q);
    struct key_pair pair;
    uint64_t which = fields_u64(block, "which"), step = fields_u64(block, "step");
    if (which >= NODE_KEYS || step >= KEY_STEPS) return fail(d, ERR_INPUT, _("expected a key and a step"));
    enum error result = engine_change_key(q->engine, (enum node_key)which, (enum key_step)step,
                                          fields_text(block, "origin"), q->now, &q->arena, &pair, d);
    if (result) return result;
    field_text(q->body, "current", pair.current);
    field_text(q->body, "next", pair.next);
    return OK;
}

static enum error read_follows(struct asking *q, struct text block, struct link_opening *o, struct diag *d) {
    struct entry_follows *list = ARENA_ARRAY(&q->arena, struct entry_follows, 2);
    struct text value, name, size;
    while (fields_each(&block, "follows", &value)) {
        struct entry_follows f;
        if (o->follows_count == 2 || !text_cut(&value, ' ', &name) || !text_cut(&value, ' ', &size) ||
            !text_u64(size, &f.at.size) || !sha256_read_hex(value, &f.at.root))
            return fail(d, ERR_INPUT, _("expected at most two lines “follows”"));
        f.channel = name;
        list[o->follows_count++] = f;
    }
    o->follows = list;
    return OK;
}

static enum error post_open(struct asking *q, struct diag *d) {
    struct text block = asking_text(q);
    struct link_opening o = {.theirs_known = fields_text(block, "their-root").size > 0,
                             .their_root = fields_text(block, "their-root")};
    if (!hex_read(fields_text(block, "own-secret"), o.own_secret, CHANNEL_SECRET_SIZE) ||
        (o.theirs_known && !hex_read(fields_text(block, "their-secret"), o.their_secret, CHANNEL_SECRET_SIZE)) ||
        !fields_bytes(block, "own-card", &q->arena, &o.own_card) ||
        !fields_bytes(block, "their-card", &q->arena, &o.their_card) ||
        !fields_bytes(block, "proposal", &q->arena, &o.proposal))
        return fail(d, ERR_INPUT, _("expected what opens a channel"));
    enum error result = channel_name_read(fields_text(block, "own"), &o.own, d);
    if (!result) result = read_follows(q, block, &o, d);
    return result ? result : engine_open_channel(q->engine, &o, q->now, d);
}

void api_write_row(struct asking *q, const struct link_sync_row *r) {
    field_text(q->body, "party", r->party);
    field_text(q->body, "own-origin", r->own_origin);
    field_text(q->body, "error", text_of(error_name(r->error)));
    field_text(q->body, "words", r->words);
    if (r->waits) field_u64(q->body, "waits", 1);
    field_u64(q->body, "sent-entries", r->sent_entries);
    field_u64(q->body, "sent-blobs", r->sent_blobs);
    field_u64(q->body, "got-entries", r->got_entries);
    field_u64(q->body, "got-blobs", r->got_blobs);
    field_u64(q->body, "own-size", r->own_size);
    field_u64(q->body, "receipted-size", r->receipted_size);
    field_instant(q->body, "receipted-at", r->receipted_at);
    field_u64(q->body, "their-size", r->their_size);
    buf_char(q->body, '\n');
}

static enum error post_sync(struct asking *q, struct diag *d) {
    struct link_sync_row *rows;
    size_t count;
    enum error result = engine_sync(q->engine, asking_text(q), q->now, &q->arena, &rows, &count, d);
    for (size_t i = 0; i < count && !result; i++) api_write_row(q, &rows[i]);
    return result;
}

/* ---- of channels */

static enum error write_sizes(struct asking *q, const struct channel *c, struct diag *d) {
    struct store *s = q->engine->store;
    struct kept_receipt receipt;
    uint64_t own, theirs = 0, cosigned = 0;
    enum error result = store_size(s, c->of[SIDE_OWN].id, &own, d);
    if (!result && c->of[SIDE_THEIRS].id) result = store_size(s, c->of[SIDE_THEIRS].id, &theirs, d);
    if (!result && c->of[SIDE_THEIRS].id)
        result = store_checkpoint_size(s, c->of[SIDE_THEIRS].id, CHECKPOINT_MIRROR, &cosigned, d);
    if (result) return result;
    field_u64(q->body, "own-size", own);
    field_u64(q->body, "their-size", theirs);
    field_u64(q->body, "cosigned-size", cosigned);
    if (store_newest_receipt(s, c->of[SIDE_OWN].id, &q->arena, &receipt, NULL) == OK) {
        field_u64(q->body, "receipted-size", receipt.size);
        field_instant(q->body, "receipted-at", receipt.stamp);
    }
    return OK;
}

/* The card in force, else that of the invitation. */
static void write_card(struct asking *q, const struct channel *c) {
    struct kept_card kept = {.note = c->invited_card};
    int64_t theirs = c->of[SIDE_THEIRS].id;
    if (theirs && store_card(q->engine->store, theirs, UINT64_MAX, &q->arena, &kept, NULL)) kept.note = c->invited_card;
    field_bytes(q->body, "their-card", kept.note);
}

static void write_skew(struct asking *q, const struct channel *c) {
    char name[64];
    struct buf value = {.max = 64};
    snprintf(name, sizeof name, "skew %lld", (long long)c->id);
    if (store_meta(q->engine->store, name, &value, NULL) == OK) field_text(q->body, "skew", buf_as_text(&value));
    buf_free(&value);
}

static enum error write_channel(struct asking *q, const struct channel *c, struct diag *d) {
    const struct channel_record *own = &c->of[SIDE_OWN], *theirs = &c->of[SIDE_THEIRS];
    field_text(q->body, "party", c->party);
    field_u64(q->body, "number", c->number);
    if (c->drill) field_u64(q->body, "drill", 1);
    field_text(q->body, "own-name", own->name);
    field_text(q->body, "their-name", theirs->name);
    field_text(q->body, "own-origin", own->origin);
    field_text(q->body, "their-origin", theirs->origin);
    field_text(q->body, "own-root", own->root);
    field_text(q->body, "their-root", theirs->root);
    write_card(q, c);
    field_u64(q->body, "state", (uint64_t)c->state);
    field_text(q->body, "why", c->why);
    field_instant(q->body, "contacted-at", c->contacted_at);
    field_instant(q->body, "tried-at", c->tried_at);
    field_text(q->body, "trouble", c->trouble);
    write_skew(q, c);
    enum error result = write_sizes(q, c, d);
    if (!result) result = engine_witnessed(q->engine, c, q->body, d);
    buf_char(q->body, '\n');
    return result;
}

static enum error get_channels(struct asking *q, struct diag *d) {
    struct channel *list;
    size_t count;
    enum error result = engine_is_lost(q->engine, d);
    if (!result) result = store_channels(q->engine->store, &q->arena, &list, &count, d);
    for (size_t i = 0; i < (result ? 0 : count) && !result; i++) result = write_channel(q, &list[i], d);
    return result;
}

static enum error get_entries(struct asking *q, struct diag *d) {
    struct bytes *leaves;
    size_t got;
    uint64_t from;
    if (!text_u64(q->rest, &from) || from > INT64_MAX) return fail(d, ERR_INPUT, _("expected an index"));
    enum error result = store_leaves(q->engine->store, record_of(q), from, ENTRIES_ANSWER_COUNT, ENTRIES_ANSWER_MAX,
                                     &q->arena, &leaves, &got, d);
    for (size_t i = 0; i < got && !result; i++) result = bundle_add(q->body, leaves[i], d);
    return result;
}

/* Those of witnesses, for just that size. */
static void add_cosignatures(struct asking *q, const struct kept_checkpoint *at) {
    struct kept_checkpoint cosigned;
    struct note log, all;
    if (store_checkpoint(q->engine->store, record_of(q), CHECKPOINT_COSIGNED, PICK_AT, at->size, &q->arena, &cosigned,
                         NULL) ||
        !sha256_equal(cosigned.root, at->root) || note_read(at->note, &q->arena, &log, NULL) ||
        note_read(cosigned.note, &q->arena, &all, NULL))
        return;
    for (size_t i = 0; i < all.signature_count; i++)
        if (!note_find(&log, all.signatures[i].name, all.signatures[i].id))
            buf_format(q->body, "%.*s\n", TEXT_ARG(all.signatures[i].line));
}

static enum error get_checkpoint(struct asking *q, struct diag *d) {
    struct kept_checkpoint at;
    struct names lines;
    uint64_t size;
    enum checkpoint_kind kind = q->side == SIDE_OWN ? CHECKPOINT_SIGNED : CHECKPOINT_MIRROR;
    if (!text_u64(q->rest, &size)) return fail(d, ERR_INPUT, _("expected a size"));
    if (q->side == SIDE_OWN) own_sign_if_allowed(&q->engine->sync, &q->channel);
    enum error result = store_checkpoint(q->engine->store, record_of(q), kind, size ? PICK_AT_LEAST : PICK_NEWEST, size,
                                         &q->arena, &at, d);
    if (!result) result = store_receipts_at(q->engine->store, record_of(q), at.size, &q->arena, &lines, d);
    if (result) return result;
    buf_bytes(q->body, at.note);
    for (size_t i = 0; i < lines.count; i++) buf_format(q->body, "%.*s\n", TEXT_ARG(lines.at[i]));
    add_cosignatures(q, &at);
    return OK;
}

static enum error get_contradictions(struct asking *q, struct diag *d) {
    struct kept_contradiction *list;
    size_t count;
    enum error result = store_contradictions(q->engine->store, record_of(q), &q->arena, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        field_u64(q->body, "proves", list[i].proves);
        field_instant(q->body, "found-at", list[i].found_at);
        field_bytes(q->body, "text", bytes_from_text(list[i].text));
        buf_char(q->body, '\n');
    }
    return result;
}

static enum error get_blob(struct asking *q, struct diag *d) {
    struct sha256 sha;
    struct blob_about about;
    if (!sha256_read_hex(q->rest, &sha)) return fail(d, ERR_INPUT, _("expected a SHA-256 in hexadecimal"));
    enum error result = store_blob_about(q->engine->store, q->channel.id, sha, &about, d);
    struct content_range range = {.size = about.size};
    if (!result && about.state != BLOB_HELD) result = fail(d, ERR_MISSING, _("the blob is not held"));
    if (result || !about.size) return result;
    if (!range_read(q->request->range, about.size, &range.first, &range.last))
        return fail(d, ERR_INPUT, _("expected a range"));
    if (range.last - range.first >= WIRE_PART_BYTES) range.last = range.first + WIRE_PART_BYTES - 1;
    q->response->status = 206;
    content_range_write(&range, q->response->content_range, sizeof q->response->content_range);
    return store_get_blob(q->engine->store, q->channel.id, sha, range.first, range.last - range.first + 1, q->body, d);
}

static enum error put_blob(struct asking *q, struct diag *d) {
    struct sha256 sha;
    struct content_range range = {.size = q->request->body.size};
    bool ranged = q->request->content_range.size > 0;
    if (!sha256_read_hex(q->rest, &sha) ||
        (ranged && (!content_range_read(q->request->content_range, &range) || range.asks)))
        return fail(d, ERR_INPUT, _("expected a blob's name and range"));
    return store_put_blob_part(q->engine->store, q->channel.id, SIDE_OWN, sha, range.first, range.size,
                               q->request->body, d);
}

/* What was sent for an entry that did not come to be. */
static enum error post_discard(struct asking *q, struct diag *d) {
    struct sha256 sha;
    if (!sha256_read_hex(q->rest, &sha)) return fail(d, ERR_INPUT, _("expected a blob's name"));
    return store_drop_unnamed(q->engine->store, q->channel.id, sha, d);
}

static enum error own_side(struct asking *q, struct diag *d) {
    return q->side == SIDE_OWN ? OK : fail(d, ERR_USAGE, _("that is the counterparty's record"));
}

/* Its name and size, and its bytes where they were not sent before. */
static bool read_blob_line(struct text line, struct arena *a, struct entry_blob *blob, struct bytes *content) {
    struct text sha, size;
    struct buf decoded = {.max = STORE_INLINE_MAX};
    *content = bytes_of(NULL, 0);
    if (!text_cut(&line, ' ', &sha) || !sha256_read_hex(sha, &blob->sha)) return false;
    if (!text_cut(&line, ' ', &size)) return text_u64(line, &blob->size);
    bool read = base64_read(line, &decoded, BASE64_PADDED);
    *content = arena_bytes(a, buf_as_bytes(&decoded));
    buf_free(&decoded);
    return read && text_u64(size, &blob->size) && content->size == blob->size;
}

static enum error post_submit(struct asking *q, struct diag *d) {
    struct text lines = asking_text(q), value;
    struct entry_blob *blobs = ARENA_ARRAY(&q->arena, struct entry_blob, ENTRY_LINES_MAX);
    struct bytes *contents = ARENA_ARRAY(&q->arena, struct bytes, ENTRY_LINES_MAX);
    struct sha256 *erase = ARENA_ARRAY(&q->arena, struct sha256, ENTRY_LINES_MAX);
    struct own_entry entry = {.blobs = blobs, .contents = contents, .erase = erase};
    uint64_t index;
    bool read = true;
    while (read && entry.blob_count < ENTRY_LINES_MAX && fields_each(&lines, "blob", &value)) {
        read = read_blob_line(value, &q->arena, &blobs[entry.blob_count], &contents[entry.blob_count]);
        entry.blob_count++;
    }
    lines = asking_text(q);
    while (read && entry.erase_count < ENTRY_LINES_MAX && fields_each(&lines, "erase", &value))
        read = sha256_read_hex(value, &erase[entry.erase_count++]);
    if (!read) return fail(d, ERR_INPUT, _("expected lines “blob” and “erase”"));
    enum error result = own_side(q, d);
    if (!result) result = engine_submit(q->engine, &q->channel, &entry, q->now, &index, d);
    if (!result) buf_u64(q->body, index);
    return result;
}

static enum error post_limits(struct asking *q, struct diag *d) {
    struct text block = asking_text(q);
    struct channel_limits limits = {fields_u64(block, "blob-bytes"), fields_u64(block, "total-bytes"),
                                    fields_u64(block, "window-entries")};
    return store_set_limits(q->engine->store, q->channel.id, &limits, d);
}

static enum error post_witnesses(struct asking *q, struct diag *d) {
    struct text rest = asking_text(q), line, lines[CHANNEL_WITNESSES_MAX];
    struct names witnesses = {lines, 0};
    struct text quorum = fields_text(rest, "quorum");
    uint64_t needed = UINT64_MAX;
    while (witnesses.count < CHANNEL_WITNESSES_MAX && fields_each(&rest, "witness", &line))
        lines[witnesses.count++] = line;
    if (quorum.size && !text_u64(quorum, &needed)) return fail(d, ERR_INPUT, _("expected a number of witnesses"));
    return witnesses_set(q->engine->store, q->channel.id, witnesses, needed, d);
}

static enum error post_failover(struct asking *q, struct diag *d) {
    return own_declare_failover(&q->engine->sync, &q->channel, d);
}

static enum error post_restored(struct asking *q, struct diag *d) {
    return own_declare_restored(&q->engine->sync, &q->channel, d);
}

static enum error post_drop_erased(struct asking *q, struct diag *d) {
    struct wanted_blob *list;
    size_t count = 0;
    struct store *s = q->engine->store;
    enum error result = store_erased_blobs(s, q->channel.of[SIDE_THEIRS].id, &q->arena, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) result = store_erase_blob(s, q->channel.id, list[i].sha, d);
    if (!result) buf_u64(q->body, count);
    return result;
}

/* ---- drafts */

static enum error get_drafts(struct asking *q, struct diag *d) {
    struct names names;
    enum error result = store_drafts(q->engine->store, &q->arena, &names, d);
    for (size_t i = 0; i < names.count && !result; i++) field_text(q->body, "draft", names.at[i]);
    return result;
}

static enum error draft_name(const struct asking *q, struct diag *d) {
    bool good = q->rest.size && q->rest.size <= 128 && q->rest.at[0] != '.';
    for (size_t i = 0; i < q->rest.size && good; i++) {
        char c = q->rest.at[i];
        good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
               c == '_';
    }
    return good ? OK : fail(d, ERR_INPUT, _("a draft's name has letters, digits, dots, dashes and underscores"));
}

static enum error get_draft(struct asking *q, struct diag *d) {
    enum error result = draft_name(q, d);
    return result ? result : store_draft(q->engine->store, q->rest, q->body, d);
}

static enum error put_draft(struct asking *q, struct diag *d) {
    enum error result = draft_name(q, d);
    return result ? result : store_put_draft(q->engine->store, q->rest, q->request->body, d);
}

/* ---- desks on other machines */

static enum error get_card(struct asking *q, struct diag *d) {
    struct kept_card card;
    enum error result = desks_own_card(q->engine, &q->arena, &card, d);
    if (!result) buf_bytes(q->body, card.note);
    return result;
}

static enum error get_desks(struct asking *q, struct diag *d) {
    struct bytes *notes;
    size_t count;
    enum error result = desks_list(q->engine, &q->arena, &notes, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        field_bytes(q->body, "desk", notes[i]);
        buf_char(q->body, '\n');
    }
    return result;
}

static enum error put_desk(struct asking *q, struct diag *d) { return desks_admit(q->engine, q->request->body, d); }

static enum error post_drop_desk(struct asking *q, struct diag *d) { return desks_drop(q->engine, asking_text(q), d); }

/* ---- the table */

typedef enum error answer_one(struct asking *q, struct diag *d);
static const struct {
    const char *method, *front; /* of the path, after /desk/ or after /desk/c/<hash>/ */
    bool whole, channel;
    answer_one *run;
    enum part remote; /* the least that a desk on another machine must be; PART_NONE: none may ask for it */
} routes[] = {
    {"GET", "public", true, false, get_public, PART_READS},
    {"POST", "log-key", true, false, post_log_key, PART_NONE},
    {"POST", "key", true, false, post_key, PART_NONE},
    {"POST", "open", true, false, post_open, PART_NONE},
    {"POST", "sync", true, false, post_sync, PART_DRAFTS},
    {"POST", "import", true, false, api_import, PART_NONE},
    {"POST", "unpack", true, false, api_unpack, PART_NONE},
    {"GET", "fsck", true, false, api_fsck, PART_NONE},
    {"POST", "repair", true, false, api_repair, PART_NONE},
    {"GET", "channels", true, false, get_channels, PART_READS},
    {"GET", "drafts", true, false, get_drafts, PART_READS},
    {"GET", "draft/", false, false, get_draft, PART_READS},
    {"PUT", "draft/", false, false, put_draft, PART_DRAFTS},
    {"GET", "entries/", false, true, get_entries, PART_READS},
    {"GET", "checkpoint/", false, true, get_checkpoint, PART_READS},
    {"GET", "contradictions", true, true, get_contradictions, PART_READS},
    {"GET", "blob/", false, true, get_blob, PART_READS},
    {"PUT", "blob/", false, true, put_blob, PART_SPEAKS},
    {"POST", "discard/", false, true, post_discard, PART_SPEAKS},
    {"POST", "submit", true, true, post_submit, PART_SPEAKS},
    {"POST", "limits", true, true, post_limits, PART_SPEAKS},
    {"POST", "witnesses", true, true, post_witnesses, PART_SPEAKS},
    {"POST", "failover", true, true, post_failover, PART_NONE},
    {"POST", "restored", true, true, post_restored, PART_NONE},
    {"POST", "export", true, true, api_export, PART_NONE},
    {"POST", "pack", true, true, api_pack, PART_NONE},
    {"POST", "drop-erased", true, true, post_drop_erased, PART_NONE},
    {"GET", "card", true, false, get_card, PART_READS},
    {"GET", "desks", true, false, get_desks, PART_NONE},
    {"PUT", "desk", true, false, put_desk, PART_NONE},
    {"POST", "drop-desk", true, false, post_drop_desk, PART_NONE},
};

static enum error dispatch(struct asking *q, struct diag *d) {
    struct text rest = q->request->path, hash;
    if (!text_skip(&rest, TEXT("/desk/"))) return fail(d, ERR_MISSING, _("nothing is here"));
    bool channel = text_skip(&rest, TEXT("c/"));
    if (channel) {
        if (!text_cut(&rest, '/', &hash)) return fail(d, ERR_MISSING, _("nothing is here"));
        enum error result = store_find_channel(q->engine->store, hash, &q->arena, &q->channel, &q->side, d);
        if (result) return result;
    }
    for (size_t i = 0; i < COUNT(routes); i++) {
        struct text front = text_of(routes[i].front);
        if (routes[i].channel != channel || !text_is(q->request->method, routes[i].method)) continue;
        if (routes[i].whole ? !text_equal(rest, front) : !text_starts(rest, front)) continue;
        if (q->part != PART_NONE && (routes[i].remote == PART_NONE || q->part < routes[i].remote))
            return fail(d, ERR_NO,
                        _("the officer of this desk may not ask the node for that, by the roles on the card"));
        q->rest = text_sub(rest, front.size, rest.size);
        return routes[i].run(q, d);
    }
    return fail(d, ERR_MISSING, _("nothing is here"));
}

static void answer(struct asking *q) {
    struct diag d = {0};
    struct response *r = q->response;
    response_start(r, 200, TYPE_TEXT);
    enum error result = dispatch(q, &d);
    if (!result && r->body.failed) result = fail(&d, ERR_LIMIT, _("the answer is too large"));
    if (result) {
        response_start(r, (unsigned)error_http_status(result), TYPE_ERROR);
        buf_format(&r->body, "%s\n%s\n", error_name(result), d.text);
    }
    arena_free(&q->arena);
}

void engine_answer_desk(struct engine *e, const struct request *request, instant now, struct response *r) {
    answer(&(struct asking){.engine = e, .request = request, .response = r, .body = &r->body, .now = now});
}

/* A desk that a card has dropped meanwhile finds its connection still open. */
void engine_answer_remote_desk(struct engine *e, const struct request *request, instant now, struct response *r) {
    struct asking q = {.engine = e, .request = request, .response = r, .body = &r->body, .now = now};
    q.part = desks_part(e, request->pin);
    if (q.part != PART_NONE) {
        answer(&q);
        return;
    }
    response_start(r, (unsigned)error_http_status(ERR_NO), TYPE_ERROR);
    buf_format(&r->body, "%s\n%s\n", error_name(ERR_NO), _("the card names the officer of this desk no more"));
}
