#include "mmdb_made.h"

#include <stdlib.h>

#include "base/os.h"
#include "bench.h"
#include "territory/layout.h"

enum { NODE_BYTES = 8, SEPARATOR = 16 };

struct making {
    const struct territory *table;
    bool v4;
    size_t at;          /* the range that holds the address that is next */
    uint32_t *nodes;    /* two records each: a node, or NOTHING, or a value's place behind DATA */
    size_t count, room; /* of nodes */
    uint32_t *data_of;  /* where the entry of each value stands, from 1; 0: not written yet */
    struct buf data;
};

#define NOTHING UINT32_MAX
#define DATA UINT32_C(0x80000000)

/* ---- data */

static void control(struct buf *out, unsigned type, size_t size) { buf_char(out, (char)(type << 5 | size)); }

static void put_text(struct buf *out, struct text t) {
    control(out, 2, t.size);
    buf_text(out, t);
}

static void put_number(struct buf *out, unsigned type, uint32_t n, int bytes) {
    control(out, type, (size_t)bytes);
    for (int shift = 8 * bytes - 8; shift >= 0; shift -= 8) buf_char(out, (char)(n >> shift));
}

static uint32_t data_for(struct making *m, uint32_t value) {
    struct place p = layout_place(m->table->values, value);
    bool country = !country_is_none(p.country);
    if (!country && !p.as) return NOTHING;
    if (m->data_of[value]) return DATA + m->data_of[value] - 1;
    m->data_of[value] = (uint32_t)m->data.size + 1;
    control(&m->data, 7, (size_t)country + (p.as != 0));
    if (p.as) {
        put_text(&m->data, TEXT("asn"));
        put_number(&m->data, 6, p.as, 4);
    }
    if (country) {
        put_text(&m->data, TEXT("country_code"));
        put_text(&m->data, (struct text){p.country.at, 2});
    }
    return DATA + m->data_of[value] - 1;
}

/* ---- the tree */

typedef unsigned __int128 number;

static number start_of(const struct making *m, size_t i) {
    return m->v4 ? layout_start4(m->table->ranges4, i) : layout_start6(m->table->ranges6, i);
}

/* The record of the block of `bits` free bits from `first` on.  Ranges are taken in order. */
static uint32_t record_of(struct making *m, number first, unsigned bits) {
    size_t count = m->v4 ? m->table->count4 : m->table->count6;
    while (m->at + 1 < count && start_of(m, m->at + 1) <= first) m->at++;
    bool whole = m->at + 1 == count || (bits < 128 && (start_of(m, m->at + 1) - first) >> bits);
    if (whole || !bits)
        return data_for(m, m->v4 ? layout_value4(m->table->ranges4, m->at) : layout_value6(m->table->ranges6, m->at));
    if (m->count == m->room) {
        m->room = m->room ? 2 * m->room : 4096;
        m->nodes = realloc(m->nodes, m->room * 2 * sizeof *m->nodes);
        bench_need(m->nodes != NULL, "taking memory");
    }
    size_t node = m->count++;
    uint32_t left = record_of(m, first, bits - 1), right = record_of(m, first + ((number)1 << (bits - 1)), bits - 1);
    m->nodes[2 * node] = left;
    m->nodes[2 * node + 1] = right;
    return (uint32_t)node;
}

/* ---- the file */

static void put_record(const struct making *m, uint32_t record, struct buf *out) {
    if (record == NOTHING)
        record = (uint32_t)m->count;
    else if (record >= DATA)
        record = (uint32_t)m->count + SEPARATOR + (record - DATA);
    for (int shift = 24; shift >= 0; shift -= 8) buf_char(out, (char)(record >> shift));
}

static void put_metadata(const struct making *m, struct buf *out) {
    buf_string(out, "\xab\xcd\xefMaxMind.com");
    control(out, 7, 9);
    put_text(out, TEXT("languages"));
    buf_bytes(out, bytes_of("\x00\x04", 2)); /* an empty list, which is an extended type */
    put_text(out, TEXT("description"));
    control(out, 7, 0);
    put_text(out, TEXT("node_count"));
    put_number(out, 6, (uint32_t)m->count, 4);
    put_text(out, TEXT("record_size"));
    put_number(out, 5, 32, 2);
    put_text(out, TEXT("ip_version"));
    put_number(out, 5, m->v4 ? 4 : 6, 2);
    put_text(out, TEXT("database_type"));
    put_text(out, TEXT("made here"));
    put_text(out, TEXT("binary_format_major_version"));
    put_number(out, 5, 2, 2);
    put_text(out, TEXT("binary_format_minor_version"));
    put_number(out, 5, 0, 2);
    put_text(out, TEXT("build_epoch"));
    buf_string(out, "\x08\x02"); /* eight bytes of an extended type: a number of 64 bits */
    buf_be64(out, 1772366400);
}

void mmdb_make(const struct territory *t, bool v4, const char *path) {
    struct making m = {.table = t, .v4 = v4, .data = {.max = 1 << 28}};
    struct buf file = {.max = (size_t)1 << 32};
    m.data_of = calloc(t->value_count, sizeof *m.data_of);
    bench_need(m.data_of != NULL, "taking memory");
    record_of(&m, 0, v4 ? 32 : 128);
    for (size_t i = 0; i < 2 * m.count; i++) put_record(&m, m.nodes[i], &file);
    for (int i = 0; i < SEPARATOR; i++) buf_char(&file, 0);
    buf_bytes(&file, buf_as_bytes(&m.data));
    put_metadata(&m, &file);
    bench_need(!file.failed && os_write(path, buf_as_bytes(&file), 0600, NULL) == OK, "writing an MMDB");
    free(m.nodes);
    free(m.data_of);
    buf_free(&m.data);
    buf_free(&file);
}
