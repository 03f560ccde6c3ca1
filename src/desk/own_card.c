/* One's own card: working copy, signed cards, and their way into the records. */
#include "desk/own_card.h"

#include <stdio.h>
#include <string.h>

#include "note/note.h"
#include "record/entry.h"

static const char *working_path(struct desk *k) { return home_path(&k->home, &k->arena, "desk/card"); }

static const char *signed_path(struct desk *k, uint64_t serial) {
    return home_path(&k->home, &k->arena, "desk/cards/%llu", (unsigned long long)serial);
}

static enum error read_file(struct desk *k, const char *path, struct bytes *out, struct diag *d) {
    struct buf file = {.max = CARD_MAX_BYTES};
    enum error result = os_read(path, CARD_MAX_BYTES, &file, d);
    if (!result) *out = arena_bytes(&k->arena, buf_as_bytes(&file));
    buf_free(&file);
    return result;
}

/* ---- the working copy */

enum error own_card_load(struct desk *k, struct card *out, struct diag *d) {
    struct bytes file;
    const char *path = working_path(k);
    if (!os_exists(path)) return fail(d, ERR_MISSING, _("there is no card at %s: `parley init` makes one"), path);
    enum error result = read_file(k, path, &file, d);
    if (!result) result = card_read_text(text_from_bytes(file), &k->arena, out, d);
    diag_where(d, result ? path : NULL);
    return result;
}

/* What is written is read first: no card is kept that could not be taken. */
static enum error card_text(struct desk *k, const struct card *c, struct text *out, struct diag *d) {
    struct buf text = {.max = CARD_MAX_BYTES};
    struct card again;
    card_write(c, &text);
    enum error result = buf_check(&text, d);
    struct text kept = result ? TEXT("") : arena_text(&k->arena, buf_as_text(&text));
    buf_free(&text);
    if (!result) result = card_read_text(kept, &k->arena, &again, d);
    if (!result) *out = kept;
    return result;
}

enum error own_card_save(struct desk *k, const struct card *c, struct diag *d) {
    struct text text;
    enum error result = card_text(k, c, &text, d);
    return result ? result : os_write(working_path(k), bytes_from_text(text), 0600, d);
}

/* ---- signed cards */

static enum error newest_serial(struct desk *k, uint64_t *serial, struct diag *d) {
    const char *folder = home_path(&k->home, &k->arena, "desk/cards");
    struct buf names = {.max = 1 << 24};
    bool found = false;
    enum error result = os_is_folder(folder) ? os_list(folder, &names, d) : OK;
    for (size_t at = 0; !result && at < names.size; at += strlen((const char *)names.at + at) + 1) {
        uint64_t number;
        if (!text_u64(text_of((const char *)names.at + at), &number)) continue;
        if (!found || number > *serial) *serial = number;
        found = true;
    }
    buf_free(&names);
    return result || found ? result : fail(d, ERR_MISSING, _("no card was signed yet"));
}

static enum error read_signed(struct desk *k, uint64_t serial, struct bytes *note, struct card *out, struct diag *d) {
    const char *path = signed_path(k, serial);
    enum error result = read_file(k, path, note, d);
    if (!result) result = card_read(*note, &k->arena, out, d);
    if (!result && (out->serial != serial || !text_equal(out->party, k->home.party)))
        result = fail(d, ERR_INPUT, _("this is not the card %llu of %.*s"), (unsigned long long)serial,
                      TEXT_ARG(k->home.party));
    diag_where(d, result ? path : NULL);
    return result;
}

enum error own_card_signed(struct desk *k, struct bytes *note, struct card *out, struct diag *d) {
    uint64_t serial = 0;
    enum error result = newest_serial(k, &serial, d);
    return result ? result : read_signed(k, serial, note, out, d);
}

enum error own_card_adopt(struct desk *k, struct bytes note, const struct card *c, struct diag *d) {
    enum error result = os_make_folders(home_path(&k->home, &k->arena, "desk/cards"), 0700, d);
    if (!result) result = os_write(signed_path(k, c->serial), note, 0600, d);
    return result ? result : own_card_save(k, c, d);
}

/* Serial, predecessor and date say nothing that a person changed. */
static enum error says_the_same(struct desk *k, const struct card *working, const struct card *last, bool *same,
                                struct diag *d) {
    struct card copy = *working;
    struct text a, b;
    copy.serial = last->serial;
    copy.previous = last->previous;
    copy.date = last->date;
    enum error result = card_text(k, &copy, &a, d);
    if (!result) result = card_text(k, last, &b, d);
    if (!result) *same = text_equal(a, b);
    return result;
}

enum error own_card_is_signed(struct desk *k, bool *same, struct diag *d) {
    struct card working, last;
    struct bytes note;
    enum error result = own_card_load(k, &working, d);
    if (result) return result;
    result = own_card_signed(k, &note, &last, d);
    if (!result) return says_the_same(k, &working, &last, same, d);
    if (result == ERR_MISSING) *same = false;
    return result == ERR_MISSING ? OK : result;
}

static struct text date_of(struct desk *k) {
    char written[INSTANT_TEXT_MAX];
    return arena_text(&k->arena, text_sub(instant_write(k->now, written), 0, 10));
}

static enum error sign_next(struct desk *k, struct card *next, struct bytes *note, struct card *out, struct diag *d) {
    struct text text;
    struct signer *root = NULL;
    struct buf whole = {.max = CARD_MAX_BYTES};
    enum error result = card_text(k, next, &text, d);
    if (!result) result = desk_root(k, &root, d);
    if (!result) result = note_sign(text, &(const struct signer *){root}, 1, &whole, d);
    if (!result) result = card_read(buf_as_bytes(&whole), &k->arena, out, d);
    if (!result) result = os_make_folders(home_path(&k->home, &k->arena, "desk/cards"), 0700, d);
    if (!result) result = os_write_new(signed_path(k, next->serial), buf_as_bytes(&whole), 0600, d);
    buf_free(&whole);
    signer_free(root);
    if (!result) result = read_signed(k, next->serial, note, out, d);
    return result ? result : own_card_save(k, next, d);
}

/* ---- a desk that is behind its own records: it came from a backup */

/* Keeps the card of an entry, if it is the one after `last`. */
static enum error take_next(struct desk *k, struct text origin, const struct entry *e, struct card *last,
                            struct diag *d) {
    struct buf blob = {.max = CARD_MAX_BYTES};
    struct card card;
    if (e->blob_count != 1 || e->blobs[0].size > CARD_MAX_BYTES) return OK;
    enum error result = link_blob(k->link, origin, e->blobs[0].sha, CARD_MAX_BYTES, &blob, d);
    struct bytes note = result ? (struct bytes){0} : arena_bytes(&k->arena, buf_as_bytes(&blob));
    buf_free(&blob);
    if (result || card_read(note, &k->arena, &card, NULL)) return result == ERR_MISSING ? OK : result;
    bool next = card.serial == last->serial + 1 && text_equal(card.previous, last->id);
    if (!next || !text_equal(card.root, last->root)) return OK;
    *last = card;
    return own_card_adopt(k, note, &card, d);
}

static enum error take_of_record(struct desk *k, struct text origin, struct card *last, struct diag *d) {
    struct bytes *leaves;
    size_t count;
    enum error result = link_leaves(k->link, origin, 0, &k->arena, &leaves, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        struct entry e;
        if (!entry_read(leaves[i], &k->arena, &e, NULL)) result = take_next(k, origin, &e, last, d);
    }
    return result;
}

/* A serial that counterparties have seen must not be given to another card: they would take it for void, and every one
 * after it.  `last` is the last card that this desk has, and becomes the last that its records have. */
static enum error take_later_cards(struct desk *k, struct card *last, struct diag *d) {
    struct bytes note;
    struct card newest;
    struct link_channel *list;
    size_t count;
    enum error result = desk_link(k, d);
    if (!result) result = link_own_card(k->link, &k->arena, &note, d);
    if (result) return result == ERR_MISSING ? OK : result;
    result = card_read(note, &k->arena, &newest, d);
    bool behind = !result && newest.serial > last->serial && text_equal(newest.root, last->root);
    if (!behind) return result;
    result = link_channels(k->link, &k->arena, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) result = take_of_record(k, list[i].own_origin, last, d);
    return result;
}

enum error own_card_sign(struct desk *k, struct bytes *note, struct card *out, struct diag *d) {
    struct card working, last;
    struct bytes last_note;
    bool same = false;
    enum error result = own_card_load(k, &working, d);
    if (result) return result;
    result = own_card_signed(k, &last_note, &last, d);
    if (result && result != ERR_MISSING) return result;
    bool first = result == ERR_MISSING;
    if (first) last = (struct card){0};
    uint64_t known = last.serial;
    result = first ? OK : says_the_same(k, &working, &last, &same, d);
    if (!result && !first) result = take_later_cards(k, &last, d);
    if (!result && !first && last.serial != known) {
        if (same) return own_card_signed(k, note, out, d);
        return fail(
            d, ERR_CONFLICT,
            _("this desk had the card %llu and its records have the card %llu, as after a backup: it has taken "
              "that one over, and what was noted for the next one is gone: do it again (an officer whose key was "
              "made here already: by another name)"),
            (unsigned long long)known, (unsigned long long)last.serial);
    }
    if (result) return result;
    if (same) {
        *note = last_note;
        *out = last;
        return OK;
    }
    working.serial = first ? 0 : last.serial + 1;
    working.previous = first ? TEXT("") : last.id;
    working.date = date_of(k);
    return sign_next(k, &working, note, out, d);
}

enum error own_card_with_log(struct desk *k, struct text origin, struct bytes *note, struct card *out, struct diag *d) {
    struct card working;
    struct text key;
    enum error result = desk_link(k, d);
    if (!result) result = link_log_key(k->link, origin, &k->arena, &key, d);
    if (!result) result = own_card_load(k, &working, d);
    if (result) return result;
    bool there = false;
    for (size_t i = 0; i < working.log_count; i++)
        there = there || (text_equal(working.logs[i].origin, origin) && text_equal(working.logs[i].key, key));
    if (!there) {
        struct card_log *logs = ARENA_ARRAY(&k->arena, struct card_log, working.log_count + 1);
        if (working.log_count) memcpy(logs, working.logs, working.log_count * sizeof *logs);
        logs[working.log_count++] = (struct card_log){origin, key};
        working.logs = logs;
        result = own_card_save(k, &working, d);
    }
    return result ? result : own_card_sign(k, note, out, d);
}

/* ---- into the records */

struct signed_cards { /* all of them, by serial */
    struct bytes *notes;
    struct text *roots;
    struct sha256 *hashes;
    size_t count;
};

static enum error read_all(struct desk *k, struct signed_cards *out, struct diag *d) {
    uint64_t last = 0;
    struct card card;
    enum error result = newest_serial(k, &last, d);
    if (result) return result;
    out->count = (size_t)last + 1;
    out->notes = ARENA_ARRAY(&k->arena, struct bytes, out->count);
    out->hashes = ARENA_ARRAY(&k->arena, struct sha256, out->count);
    out->roots = ARENA_ARRAY(&k->arena, struct text, out->count);
    for (size_t i = 0; i < out->count && !result; i++) {
        result = read_signed(k, i, &out->notes[i], &card, d);
        if (result) break;
        out->hashes[i] = sha256_of(out->notes[i]);
        out->roots[i] = card.root;
    }
    return result;
}

/* The serial of the card in force in one's own record: entry 0 carries any, each later one only the next. */
static bool serial_in_force(const struct signed_cards *cards, const struct bytes *leaves, size_t count,
                            uint64_t *serial) {
    struct arena a = {0};
    bool found = false;
    for (size_t i = 0; i < count && (found || !i); i++) {
        struct entry e;
        if (entry_read(leaves[i], &a, &e, NULL) || e.blob_count != 1) continue;
        for (size_t s = found ? *serial + 1 : 0; s < (found ? *serial + 2 : cards->count) && s < cards->count; s++)
            if (sha256_equal(cards->hashes[s], e.blobs[0].sha)) {
                *serial = s;
                found = true;
                break;
            }
    }
    arena_free(&a);
    return found;
}

static enum error publish_in(struct desk *k, const struct signed_cards *cards, struct publish_row *row,
                             struct diag *d) {
    const struct link_channel *c = &row->channel;
    struct bytes *leaves;
    size_t size;
    uint64_t serial = 0, index;
    enum error result = link_leaves(k->link, c->own_origin, 0, &k->arena, &leaves, &size, d);
    if (!result && !serial_in_force(cards, leaves, size, &serial))
        result = fail(d, ERR_MISSING, _("the card at the start of the record to %.*s is not among the signed cards"),
                      TEXT_ARG(c->party));
    /* What another root signed is no card of this record: a successor begins with it. */
    for (uint64_t s = serial + 1; !result && s < cards->count && text_equal(cards->roots[s], c->own_root); s++) {
        struct link_submission what = {.origin = c->own_origin, .blobs = &cards->notes[s], .blob_count = 1};
        result = link_submit(k->link, &what, k->now, &index, d);
        if (!result) row->entries++;
    }
    return result;
}

static struct publish_row publish_row(struct desk *k, const struct link_channel *c, const struct signed_cards *cards) {
    struct publish_row row = {.channel = *c, .what = PUBLISH_NOT, .words = c->why};
    struct diag why = {0};
    if (c->state == CHANNEL_FOLLOWED) row.what = PUBLISH_FOLLOWED;
    if (c->state != CHANNEL_OPEN && c->state != CHANNEL_OFFERED) return row;
    enum error result = publish_in(k, cards, &row, &why);
    row.what = result ? PUBLISH_FAILED : row.entries ? PUBLISH_SENT : PUBLISH_THERE;
    row.words = arena_text(&k->arena, text_of(why.text));
    if (result && !row.words.size) row.words = text_of(gettext(error_sentence(result)));
    return row;
}

enum error own_card_publish(struct desk *k, struct published *out, struct diag *d) {
    struct bytes note;
    struct card card;
    struct signed_cards cards;
    struct link_channel *list;
    size_t channels;
    struct published done = {0};
    enum error result = own_card_sign(k, &note, &card, d);
    if (!result) result = read_all(k, &cards, d);
    if (!result) result = desk_link(k, d);
    if (!result) result = link_channels(k->link, &k->arena, &list, &channels, d);
    if (result) return result;
    struct publish_row *rows = ARENA_ARRAY(&k->arena, struct publish_row, channels);
    for (size_t i = 0; i < channels; i++) {
        rows[i] = publish_row(k, &list[i], &cards);
        done.entries += rows[i].entries;
        done.failed |= rows[i].what == PUBLISH_NOT || rows[i].what == PUBLISH_FAILED;
    }
    done.rows = rows;
    done.count = channels;
    *out = done;
    return OK;
}

const char *publish_word_text(enum publish_word w) {
    static const char *const words[] = {"sent", "there", "not-sent", "followed", "failed"};
    return words[w];
}
