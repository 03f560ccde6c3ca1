/* Facts and lines that are put aside: the same sheet and evidence as where all stays in memory, for any memory, any
 * division over gathers, and any sizes of what is worked on at once. */
#include "unit.h"

#include <stdio.h>

#include "base/random.h"
#include "fact/prove.h"
#include "gathered.h"

enum { OBSERVATIONS = 3000, GATHERS_MAX = 3, LINE_MAX_BYTES = 200 };

/* ---- bytes put aside in memory */

static enum error append(void *state, struct bytes b, struct diag *d) {
    buf_bytes(state, b);
    return buf_check(state, d);
}

static enum error read_at(void *state, uint64_t at, uint8_t *out, size_t size, struct diag *d) {
    const struct buf *held = state;
    (void)d;
    assert_true(at + size <= held->size);
    memcpy(out, held->at + at, size);
    return OK;
}

static enum error write_at(void *state, uint64_t at, struct bytes b, struct diag *d) {
    struct buf *held = state;
    (void)d;
    assert_true(at + b.size <= held->size);
    memcpy(held->at + at, b.at, b.size);
    return OK;
}

struct aside {
    struct buf held;
    struct scratch scratch;
};

static struct scratch *open_aside(struct aside *a) {
    *a = (struct aside){.held = {.max = (size_t)1 << 28}};
    a->scratch = (struct scratch){append, read_at, write_at, &a->held, 0};
    return &a->scratch;
}

/* ---- what is seen */

static const uint8_t key[EVIDENCE_KEY_SIZE] = {3, 1, 4};

struct seen_line {
    struct observation observation;
    bool keeps_port;
    char line[LINE_MAX_BYTES];
};
static struct seen_line all[OBSERVATIONS];

static uint64_t draw(struct random *r, uint64_t below) {
    uint64_t n;
    random_fill(r, (uint8_t *)&n, sizeof n);
    return n % below;
}

/* Few sources or many, objects, ports that keep facts apart and ports that don't, stretches of time. */
static void draw_lines(struct random *r) {
    static const char *const objects[] = {"", "", "url:http://a.example/", "account:root", "account:\"quoted\""};
    static const char *const protocols[] = {"tcp", "udp", ""};
    uint64_t sources = draw(r, 2) ? 400 : 5, seconds = draw(r, 2) ? 90000 : 300;
    for (size_t i = 0; i < OBSERVATIONS; i++) {
        struct observation *o = &all[i].observation;
        *o = seen((instant)draw(r, seconds) * INSTANT_SECOND + (instant)draw(r, 1000000), (uint32_t)draw(r, sources));
        if (!draw(r, 6)) o->last += (instant)draw(r, 9000) * INSTANT_SECOND;
        if (!draw(r, 9)) memset(o->src.at, (int)draw(r, 3), 12);
        if (!draw(r, 9)) o->known |= KNOWN_DST;
        if (!draw(r, 30)) o->known = KNOWN_DST;
        o->dst = ip_from_v4(0xc6336401 + (uint32_t)draw(r, 2));
        if (draw(r, 3)) o->known |= KNOWN_SRC_PORT;
        o->src_port = (uint16_t)draw(r, 3);
        o->object = text_of(objects[draw(r, COUNT(objects))]);
        o->protocol = text_of(protocols[draw(r, COUNT(protocols))]);
        o->event = draw(r, 4) ? TEXT("brute-force") : TEXT("scanner");
        o->count = 1 + draw(r, 3);
        all[i].keeps_port = !draw(r, 5);
        snprintf(all[i].line, sizeof all[i].line, "%zu%*s", i, (int)draw(r, 150), "");
    }
}

/* ---- both ways */

/* The sheet, and then the evidence. */
static void in_memory(instant window, struct gathered *sums, struct buf *out) {
    const struct gather_options o = {.window = window, .keep_lines = true, .seed = 5, .max_bytes = (size_t)64 << 20};
    struct gather *g = gather_new(&o);
    struct arena a = {0};
    struct evidence evidence;
    for (size_t i = 0; i < OBSERVATIONS; i++) {
        struct place_in_input at = {i / 100, i % 100};
        assert_int_equal(gather_add(g, &all[i].observation, all[i].keeps_port, text_of(all[i].line), at, NULL), OK);
    }
    assert_int_equal(gather_end(g, &a, sums, NULL), OK);
    assert_int_equal(sheet_write((struct sheet){sums->facts, sums->count}, out, NULL), OK);
    assert_int_equal(evidence_build(sums, sheet_hash(buf_as_bytes(out)), key, &a, &evidence, NULL), OK);
    assert_int_equal(evidence_write(&evidence, out, NULL), OK);
    struct sha256 root = evidence_root(&evidence);
    buf_bytes(out, sha256_bytes(&root));
    arena_free(&a);
    gather_free(g);
}

struct way {
    size_t gathers, memory, buffer, rows, bucket;
};

struct put_aside {
    struct aside runs[GATHERS_MAX], lines[GATHERS_MAX], rows[GATHER_SHARDS], sheet;
    struct gather *gathers[GATHERS_MAX];
    struct shard_merge shards[GATHER_SHARDS];
    struct lines_sorted lines_sorted[GATHERS_MAX];
};

static void add_all(struct put_aside *p, const struct way *way, instant window, struct random *r) {
    for (size_t i = 0; i < way->gathers; i++) {
        const struct gather_options o = {.window = window,
                                         .keep_lines = true,
                                         .seed = draw(r, UINT64_MAX),
                                         .max_bytes = way->memory,
                                         .runs = open_aside(&p->runs[i]),
                                         .lines = open_aside(&p->lines[i])};
        p->gathers[i] = gather_new(&o);
    }
    for (size_t i = 0; i < OBSERVATIONS; i++) {
        struct place_in_input at = {i / 100, i % 100};
        struct gather *into = p->gathers[draw(r, way->gathers)];
        assert_int_equal(gather_add(into, &all[i].observation, all[i].keeps_port, text_of(all[i].line), at, NULL), OK);
    }
    for (size_t i = 0; i < way->gathers; i++) {
        assert_int_equal(gather_put_aside(p->gathers[i], NULL), OK);
        gather_shrink(p->gathers[i]);
    }
}

static void merge_sheet(struct put_aside *p, const struct way *way, struct sheet_merge *m) {
    for (size_t i = 0; i < GATHER_SHARDS; i++) {
        p->shards[i] = (struct shard_merge){.gathers = p->gathers,
                                            .gather_count = way->gathers,
                                            .number = i,
                                            .buffer_bytes = way->buffer,
                                            .rows = {.into = open_aside(&p->rows[i]), .max_bytes = way->rows}};
        assert_int_equal(shard_merge(&p->shards[i], NULL), OK);
        row_sorter_shrink(&p->shards[i].rows);
    }
    *m = (struct sheet_merge){.shards = p->shards,
                              .buffer_bytes = way->buffer,
                              .write = append,
                              .to = &p->sheet.held,
                              .keep_lines = true,
                              .bucket_bytes = way->bucket};
    open_aside(&p->sheet);
    assert_int_equal(sheet_merge(m, NULL), OK);
    p->sheet.scratch.size = p->sheet.held.size;
}

static void prove_all(struct put_aside *p, const struct way *way, const struct sheet_merge *m, struct buf *out) {
    struct frontier tree = {0};
    struct hmac_key made;
    struct evidence head = {.sheet = sheet_hash(buf_as_bytes(&p->sheet.held)), .count = m->sums.count};
    memcpy(head.key, key, sizeof head.key);
    hmac_key_make(&made, bytes_of(key, sizeof key));
    evidence_put_head(&head, out);
    for (size_t i = 0; i < way->gathers; i++) {
        assert_int_equal(lines_sort(p->gathers[i], m, way->buffer, &p->lines_sorted[i], NULL), OK);
        prove_begin(&p->lines_sorted[i]);
    }
    const struct proving proving = {m, p->lines_sorted, way->gathers, &p->sheet.scratch, &made};
    for (size_t i = 0; i < m->bucket_count; i++) {
        struct proved proved;
        assert_int_equal(prove_bucket(&proving, i, &proved, NULL), OK);
        for (size_t k = 0; k < proved.rows; k++) frontier_add(&tree, 0, proved.leaves[k]);
        assert_int_equal(prove_write(&proving, i, &proved, append, out, NULL), OK);
        proved_free(&proved);
    }
    struct sha256 root = frontier_root(&tree);
    buf_bytes(out, sha256_bytes(&root));
}

static void free_aside(struct put_aside *p, const struct way *way) {
    for (size_t i = 0; i < way->gathers; i++) {
        gather_free(p->gathers[i]);
        free(p->lines_sorted[i].pieces);
        buf_free(&p->runs[i].held);
        buf_free(&p->lines[i].held);
    }
    for (size_t i = 0; i < GATHER_SHARDS; i++) {
        row_sorter_free(&p->shards[i].rows);
        buf_free(&p->rows[i].held);
    }
    buf_free(&p->sheet.held);
}

static size_t put_aside(instant window, const struct way *way, struct random *r, struct gathered *sums,
                        struct buf *out) {
    static struct put_aside p;
    struct sheet_merge m;
    memset(&p, 0, sizeof p);
    add_all(&p, way, window, r);
    bool spilled = true;
    for (size_t i = 0; i < way->gathers; i++) spilled = spilled && gather_spilled(p.gathers[i]);
    assert_true(spilled);
    merge_sheet(&p, way, &m);
    buf_bytes(out, buf_as_bytes(&p.sheet.held));
    prove_all(&p, way, &m, out);
    *sums = m.sums;
    size_t buckets = m.bucket_count;
    sheet_merge_free(&m);
    free_aside(&p, way);
    return buckets;
}

static void memory_does_not_show(void **state) {
    (void)state;
    static const struct way ways[] = {
        {1, (size_t)1 << 24, (size_t)1 << 24, (size_t)1 << 20, (size_t)1 << 20}, /* one of each: run, stretch, bucket */
        {1, 90000, 1, 1, 1},                                                     /* a run a batch, a bucket a row */
        {2, 100000, 40000, 5000, 4000},
        {3, 140000, 100000, 20000, 30000},
    };
    static const instant windows[] = {0, 60 * INSTANT_SECOND, INSTANT_HOUR};
    struct random r = random_seeded(TEXT("spill"));
    for (size_t w = 0; w < COUNT(windows); w++) {
        struct buf expected = {.max = SHEET_BYTES_MAX};
        struct gathered sums, same;
        draw_lines(&r);
        in_memory(windows[w], &sums, &expected);
        for (size_t i = 0; i < COUNT(ways); i++) {
            struct buf out = {.max = SHEET_BYTES_MAX};
            size_t buckets = put_aside(windows[w], &ways[i], &r, &same, &out);
            assert_true(i ? buckets > 1 : buckets == 1);
            assert_true(text_equal(buf_as_text(&expected), buf_as_text(&out)));
            assert_int_equal(sums.count, same.count);
            assert_int_equal(sums.events, same.events);
            assert_int_equal(sums.sources, same.sources);
            assert_true(sums.first == same.first && sums.last == same.last);
            buf_free(&out);
        }
        buf_free(&expected);
    }
}

/* ---- failures */

static enum error no_room(void *state, struct bytes b, struct diag *d) {
    size_t *left = state;
    if (b.size > *left) return fail(d, ERR_FULL, "no room");
    *left -= b.size;
    return OK;
}

static void what_can_not_be_put_aside_is_told(void **state) {
    (void)state;
    size_t left = 300000;
    struct scratch runs = {no_room, NULL, NULL, &left, 0};
    const struct gather_options o = {.window = INSTANT_HOUR, .max_bytes = 100000, .runs = &runs};
    struct gather *g = gather_new(&o);
    struct diag d = {0};
    enum error result = OK;
    for (uint32_t i = 0; !result && i < 100000; i++) {
        struct observation s = seen(0, i);
        result = gather_add(g, &s, false, (struct text){0}, (struct place_in_input){0}, &d);
    }
    assert_int_equal(result, ERR_FULL);
    assert_string_equal(d.text, "no room");
    gather_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_does_not_show),
        cmocka_unit_test(what_can_not_be_put_aside_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
