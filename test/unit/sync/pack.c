/* Two nodes that exchange by packs alone, their parts in any order; and packs that must not be taken. */
#include "pair.h"

#include <stdio.h>
#include <unistd.h>

#include "base/os.h"
#include "base/tar.h"
#include "sync/pack.h"

enum { PART_BYTES = PACK_PART_BYTES_MIN };

struct courier {
    struct pair p;
    char root[32]; /* of all files */
    struct pack_report written;
};

static const char *at(const struct courier *c, const char *name, char out[static OS_PATH_MAX]) {
    return os_path(out, c->root, name);
}

static void begin(struct courier *c) {
    *c = (struct courier){0};
    strcpy(c->root, "parley-pack-XXXXXX");
    assert_non_null(mkdtemp(c->root));
    pair_start(&c->p);
    pair_open(&c->p);
}

static void end(struct courier *c) {
    pair_end(&c->p);
    assert_int_equal(os_remove_tree(c->root, NULL), OK);
}

static void write_pack(struct courier *c, int i, uint64_t part_bytes, bool whole) {
    char path[OS_PATH_MAX];
    struct channel channel = pair_channel(&c->p, i);
    struct pack_wish w = {.path = at(c, "pack", path), .part_bytes = part_bytes, .whole = whole};
    pair_restart(&c->p, i);
    pair_must(&c->p, pack_write(&c->p.of[i].node, &channel, SIDE_OWN, &w, &c->written, &c->p.diag));
}

/* Exchanges with what was put aside. */
static enum error take_aside(struct courier *c, int i, const struct pack_head *h) {
    char path[OS_PATH_MAX];
    struct folder f;
    struct channel channel;
    struct sync_report taken;
    enum side side;
    c->p.now += INSTANT_SECOND;
    pair_restart(&c->p, i);
    enum error result = folder_open(at(c, "aside", path), &f, &c->p.diag);
    if (result) return result;
    f.from = h->from;
    result = store_find_channel(c->p.of[i].store, f.origin, &c->p.arena, &channel, &side, &c->p.diag);
    if (!result) result = sync_folder(&c->p.of[i].node, c->p.of[i].channel, side, &f, c->p.now, &taken, &c->p.diag);
    folder_close(&f);
    pair_must(&c->p, os_remove_tree(at(c, "aside", path), &c->p.diag));
    return result;
}

/* Takes the part of that number (0: of a pack that has no parts); *whole once all were there, and `result` of that. */
static enum error take_part(struct courier *c, int i, unsigned part, bool *whole) {
    char name[32] = "pack", path[OS_PATH_MAX], aside[OS_PATH_MAX];
    struct bytes archive;
    struct pack_head h;
    struct arena a = {0};
    unsigned held, all;
    if (part) snprintf(name, sizeof name, "pack.%u", part);
    c->p.diag = (struct diag){0};
    pair_must(&c->p, os_map(at(c, name, path), &archive, &c->p.diag));
    enum error result = pack_read(archive, &a, &h, &c->p.diag);
    if (!result) result = pack_put_aside(archive, &h, at(c, "aside", aside), &held, &all, &c->p.diag);
    *whole = !result && all && held == all;
    if (*whole) result = take_aside(c, i, &h);
    arena_free(&a);
    os_unmap(archive);
    return result;
}

/* All parts, in any order, some of them twice. */
static void take_parts(struct courier *c, int i) {
    unsigned parts = c->written.parts, order[64];
    bool whole = false;
    assert_in_range(parts, 1, COUNT(order));
    for (unsigned k = 0; k < parts; k++) order[k] = k + 1;
    for (unsigned k = parts; k > 1; k--) {
        uint8_t draw;
        random_fill(&c->p.random, &draw, 1);
        unsigned other = draw % k, kept = order[other];
        order[other] = order[k - 1];
        order[k - 1] = kept;
    }
    for (unsigned k = 0; k < parts; k++) {
        assert_false(whole);
        pair_must(&c->p, take_part(c, i, order[k], &whole));
        if (!whole && k % 2) pair_must(&c->p, take_part(c, i, order[k], &whole));
    }
    assert_true(whole);
}

static void carry(struct courier *c, int from, bool whole) {
    write_pack(c, from, PART_BYTES, whole);
    take_parts(c, !from);
}

static void two_nodes_come_to_rest_by_packs_alone(void **state) {
    (void)state;
    struct courier c;
    uint64_t begins = 0;
    unsigned most = 0;
    begin(&c);
    for (int i = 0; i < 4; i++) carry(&c, i % 2, false);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 150; i++) pair_say(&c.p, round == 2, i % 50 ? 60 : 600000);
        for (int i = 0; i < 6; i++) {
            carry(&c, i % 2, round == 2);
            if (c.written.parts > most) most = c.written.parts;
            if (c.written.from > begins) begins = c.written.from;
        }
    }
    for (int i = 0; i < 2; i++) {
        uint64_t size = pair_size(&c.p, i, SIDE_OWN);
        assert_int_equal(size, pair_size(&c.p, !i, SIDE_THEIRS));
        assert_int_equal(pair_receipted(&c.p, i), size);
        assert_int_equal(pair_channel(&c.p, i).state, CHANNEL_OPEN);
    }
    assert_true(begins >= 256); /* a whole tile was left out */
    assert_true(most > 1);
    end(&c);
}

/* ---- what must not be taken */

/* North has said things that South has not taken yet. */
static void begin_damage(struct courier *c) {
    begin(c);
    for (int i = 0; i < 4; i++) carry(c, i % 2, false);
    for (int i = 0; i < 5; i++) pair_say(&c->p, 0, 100);
    carry(c, 1, false);
    write_pack(c, 0, 0, false);
}

static struct buf read_pack(struct courier *c) {
    char path[OS_PATH_MAX];
    struct buf whole = {.max = 1 << 24};
    pair_must(&c->p, os_read(at(c, "pack", path), 1 << 24, &whole, &c->p.diag));
    return whole;
}

static void whatever_byte_is_changed_or_cut_off_is_seen(void **state) {
    (void)state;
    struct courier c;
    struct pack_head h;
    struct arena a = {0};
    begin_damage(&c);
    struct buf whole = read_pack(&c);
    assert_int_equal(pack_read(buf_as_bytes(&whole), &a, &h, NULL), OK);
    assert_true(h.last && h.part == 1 && h.from && h.size > h.from);
    size_t step = whole.size / 700 + 1;
    for (size_t i = 0; i < whole.size; i += step) {
        whole.at[i] ^= 1;
        assert_int_not_equal(pack_read(buf_as_bytes(&whole), &a, &h, NULL), OK);
        whole.at[i] ^= 1;
        assert_int_not_equal(pack_read(bytes_of(whole.at, i), &a, &h, NULL), OK);
    }
    arena_free(&a);
    buf_free(&whole);
    end(&c);
}

struct altering { /* the archive written anew, with one file altered, and a hash that fits */
    struct tar_writer *tar;
    struct buf out;
    const char *front;
    bool done;
};

static enum error alter(void *state, const struct tar_file *f, struct diag *d) {
    struct altering *w = state;
    struct arena a = {0};
    struct bytes content = arena_bytes(&a, f->content);
    char hex[SHA256_HEX];
    if (!w->done && text_starts(f->name, text_of(w->front))) {
        w->done = true;
        ((uint8_t *)(uintptr_t)content.at)[content.size / 2] ^= 1;
    }
    if (text_is(f->name, "pack")) {
        struct bytes parts[] = {buf_as_bytes(&w->out), bytes_of(content.at, content.size - SHA256_HEX)};
        struct sha256 hash = sha256_of_parts(parts, COUNT(parts));
        memcpy((char *)(uintptr_t)content.at + content.size - SHA256_HEX, sha256_hex(&hash, hex).at, SHA256_HEX - 1);
    }
    enum error result = tar_add(w->tar, f->name, content, d);
    arena_free(&a);
    return result;
}

/* Whoever carries a pack can't make the counterparty look like one that contradicts itself. */
static void what_a_courier_altered_is_held_against_nobody(void **state) {
    (void)state;
    static const char *const fronts[] = {"checkpoint", "tile/0", "tile/entries", "blobs/"};
    for (size_t i = 0; i < COUNT(fronts); i++) {
        struct courier c;
        bool whole;
        char path[OS_PATH_MAX];
        begin_damage(&c);
        struct buf good = read_pack(&c);
        struct altering w = {.out = {.max = 1 << 24}, .front = fronts[i]};
        w.tar = tar_writer_new(tar_sink_buf(&w.out));
        pair_must(&c.p, tar_each(buf_as_bytes(&good), alter, &w, &c.p.diag));
        pair_must(&c.p, tar_end(w.tar, &c.p.diag));
        tar_writer_free(w.tar);
        assert_true(w.done);
        pair_must(&c.p, os_write(at(&c, "pack", path), buf_as_bytes(&w.out), 0600, &c.p.diag));
        assert_int_not_equal(take_part(&c, 1, 0, &whole), OK);
        assert_true(whole); /* so it was the exchange that refused */
        assert_int_equal(pair_channel(&c.p, 1).state, CHANNEL_OPEN);
        pair_must(&c.p, os_write(at(&c, "pack", path), buf_as_bytes(&good), 0600, &c.p.diag));
        pair_must(&c.p, take_part(&c, 1, 0, &whole));
        buf_free(&good);
        buf_free(&w.out);
        end(&c);
    }
}

static enum error count_file(void *state, const struct tar_file *f, struct diag *d) {
    size_t *count = state;
    (void)f, (void)d;
    ++*count;
    return OK;
}

static void names_that_are_none_of_a_record_are_refused(void **state) {
    (void)state;
    static const char *const names[] = {"tile/0/00", "blobs/abc", "state", "parts/1", "tile/entries/000.p/0"};
    char folder[] = "parley-pack-XXXXXX";
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < COUNT(names); i++) {
        struct buf out = {.max = 1 << 16};
        struct pack_head h = {.part = 1, .last = true};
        unsigned held, all;
        size_t files = 0;
        struct tar_writer *tar = tar_writer_new(tar_sink_buf(&out));
        assert_int_equal(tar_add(tar, text_of(names[i]), bytes_from_text(TEXT("x")), NULL), OK);
        assert_int_equal(tar_end(tar, NULL), OK);
        tar_writer_free(tar);
        assert_int_equal(tar_each(buf_as_bytes(&out), count_file, &files, NULL), OK);
        assert_int_equal(files, 1);
        assert_int_equal(pack_put_aside(buf_as_bytes(&out), &h, folder, &held, &all, NULL), ERR_INPUT);
        buf_free(&out);
    }
    assert_int_equal(os_remove_tree(folder, NULL), OK);
}

/* A neutral mirror may have receipted more than the counterparty holds: the pack begins where the latter ends. */
static void what_only_a_mirror_holds_is_packed(void **state) {
    (void)state;
    struct courier c;
    begin(&c);
    pair_must(&c.p, pair_sync(&c.p, 0, NULL));
    uint64_t held = pair_size(&c.p, 1, SIDE_THEIRS);
    pair_say(&c.p, 0, 100);
    struct channel channel = pair_channel(&c.p, 0);
    struct kept_receipt mirrors = {
        .size = pair_size(&c.p, 0, SIDE_OWN), .line = TEXT("— mirror.example/mirror AAAA"), .stamp = c.p.now};
    pair_must(&c.p, store_put_receipt(c.p.of[0].store, channel.of[SIDE_OWN].id, &mirrors, &c.p.diag));
    write_pack(&c, 0, 0, false);
    assert_int_equal(c.written.from, held);
    end(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_only_a_mirror_holds_is_packed),
        cmocka_unit_test(two_nodes_come_to_rest_by_packs_alone),
        cmocka_unit_test(whatever_byte_is_changed_or_cut_off_is_seen),
        cmocka_unit_test(what_a_courier_altered_is_held_against_nobody),
        cmocka_unit_test(names_that_are_none_of_a_record_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
