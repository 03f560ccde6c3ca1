#include "node/desks.h"

#include <stdio.h>
#include <string.h>

#include "base/os.h"

static const char *folder_of(const struct engine *e, char path[static OS_PATH_MAX]) {
    return os_path(path, e->folder, "desks");
}

static bool path_of(const struct engine *e, struct text pin, char path[static OS_PATH_MAX]) {
    char name[8 + SHA256_HEX];
    struct sha256 sha;
    if (!sha256_read_hex(pin, &sha)) return false;
    snprintf(name, sizeof name, "desks/%.*s", TEXT_ARG(pin));
    os_path(path, e->folder, name);
    return true;
}

enum error desks_admit(struct engine *e, struct bytes note, struct diag *d) {
    struct arena a = {0};
    struct enrolment enrolment;
    struct node_public own;
    char path[OS_PATH_MAX];
    enum error result = enrolment_read(note, &a, &enrolment, d);
    if (!result) result = engine_public(e, &a, &own, d);
    if (!result && !text_equal(own.party, enrolment.party))
        result = fail(d, ERR_INPUT, _("this desk would be one of %.*s"), TEXT_ARG(enrolment.party));
    if (!result) result = os_make_folders(folder_of(e, path), 0700, d);
    if (!result) {
        ASSERT(path_of(e, enrolment.tls, path));
        result = os_write(path, note, 0600, d);
    }
    arena_free(&a);
    return result;
}

enum error desks_drop(struct engine *e, struct text pin, struct diag *d) {
    char path[OS_PATH_MAX];
    if (!path_of(e, pin, path) || !os_exists(path)) return fail(d, ERR_MISSING, _("there is no such desk"));
    return os_remove(path, d);
}

static enum error read_note(const char *path, struct arena *a, struct bytes *out, struct diag *d) {
    struct buf file = {.max = ENROLMENT_MAX_BYTES};
    enum error result = os_read(path, ENROLMENT_MAX_BYTES, &file, d);
    if (!result) *out = arena_bytes(a, buf_as_bytes(&file));
    buf_free(&file);
    return result;
}

enum error desks_list(struct engine *e, struct arena *a, struct bytes **notes, size_t *count, struct diag *d) {
    char path[OS_PATH_MAX];
    struct buf names = {.max = 1 << 20};
    struct bytes *list = NULL;
    size_t got = 0, room = 0;
    enum error result = os_is_folder(folder_of(e, path)) ? os_list(path, &names, d) : OK;
    for (size_t at = 0; !result && at < names.size; at += strlen((const char *)names.at + at) + 1) {
        struct bytes note;
        if (!path_of(e, text_of((const char *)names.at + at), path) || read_note(path, a, &note, NULL)) continue;
        list = arena_grow(a, list, got, &room, sizeof *list);
        list[got++] = note;
    }
    buf_free(&names);
    if (result) return result;
    *notes = list;
    *count = got;
    return OK;
}

/* ---- what a desk may do */

enum error desks_own_card(struct engine *e, struct arena *a, struct kept_card *out, struct diag *d) {
    struct channel *list;
    size_t count;
    bool found = false;
    enum error result = store_channels(e->store, a, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        struct kept_card one;
        enum error got = store_card(e->store, list[i].of[SIDE_OWN].id, UINT64_MAX, a, &one, d);
        if (got == ERR_MISSING) continue;
        result = got;
        if (!got && (!found || one.serial > out->serial)) *out = one;
        found = found || !got;
    }
    return result || found ? result : fail(d, ERR_MISSING, _("no channel is open: no card is in force yet"));
}

static enum error read_part(struct engine *e, const char *path, struct text pin, struct arena *a, enum part *out) {
    struct bytes note;
    struct enrolment enrolment;
    struct kept_card kept;
    struct card card;
    enum error result = read_note(path, a, &note, NULL);
    if (!result) result = enrolment_read(note, a, &enrolment, NULL);
    if (!result && !text_equal(enrolment.tls, pin)) result = ERR_INPUT;
    if (!result) result = desks_own_card(e, a, &kept, NULL);
    if (!result) result = card_read(kept.note, a, &card, NULL);
    if (!result) *out = officer_key_part(&card, enrolment.key);
    return result;
}

enum part desks_part(struct engine *e, struct text pin) {
    struct arena a = {0};
    char path[OS_PATH_MAX];
    enum part part = PART_NONE;
    bool known = path_of(e, pin, path) && os_exists(path) && read_part(e, path, pin, &a, &part) == OK;
    arena_free(&a);
    return known ? part : PART_NONE;
}
