#include "sync/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "tlog/tile.h"

/* ---- add-checkpoint */

enum error add_checkpoint_read(struct bytes body, struct add_checkpoint *out, struct diag *d) {
    struct text rest = text_from_bytes(body), line;
    struct add_checkpoint c = {0};
    if (!text_line(&rest, &line) || !text_skip(&line, TEXT("old ")) || !text_u64(line, &c.old))
        return fail_at(d, 1, ERR_INPUT, _("expected “old <size>”"));
    for (uint64_t at = 2;; at++) {
        if (!text_line(&rest, &line))
            return fail_at(d, at, ERR_INPUT, _("expected an empty line before the checkpoint"));
        if (!line.size) break;
        if (c.proof.count == PROOF_MAX) return fail_at(d, at, ERR_LIMIT, _("more than %d hashes"), PROOF_MAX);
        if (!base64_read_exact(line, c.proof.at[c.proof.count++].at, SHA256_SIZE, BASE64_PADDED))
            return fail_at(d, at, ERR_INPUT, _("expected a hash in base64"));
    }
    c.note = bytes_from_text(rest);
    *out = c;
    return OK;
}

void add_checkpoint_write(const struct add_checkpoint *c, struct buf *out) {
    buf_format(out, "old %" PRIu64 "\n", c->old);
    for (size_t i = 0; i < c->proof.count; i++) {
        buf_base64(out, sha256_bytes(&c->proof.at[i]), BASE64_PADDED);
        buf_char(out, '\n');
    }
    buf_char(out, '\n');
    buf_bytes(out, c->note);
}

/* ---- add-entries */

static bool take_short(struct bytes *body, struct bytes *out) {
    uint16_t size;
    return bytes_be16(body, &size) && bytes_take(body, size, out);
}

enum error add_entries_read(struct bytes *body, struct add_entries *out, struct diag *d) {
    struct bytes rest = *body, origin;
    struct add_entries e = {0};
    if (!take_short(&rest, &origin) || !bytes_be64(&rest, &e.start) || !bytes_be64(&rest, &e.end) ||
        !take_short(&rest, &e.ticket))
        return fail(d, ERR_INPUT, _("the head of the upload is cut off"));
    if (origin.size > WIRE_ORIGIN_MAX || e.ticket.size > WIRE_TICKET_MAX)
        return fail(d, ERR_LIMIT, _("the origin or the ticket is too long"));
    if (e.start > e.end || e.end > INT64_MAX) return fail(d, ERR_INPUT, _("the upload ends before it starts"));
    e.origin = text_from_bytes(origin);
    *out = e;
    *body = rest;
    return OK;
}

void add_entries_write(const struct add_entries *e, struct buf *out) {
    buf_be16(out, (uint16_t)e->origin.size);
    buf_text(out, e->origin);
    buf_be64(out, e->start);
    buf_be64(out, e->end);
    buf_be16(out, (uint16_t)e->ticket.size);
    buf_bytes(out, e->ticket);
}

void package_bounds(uint64_t start, uint64_t end, struct package *out) {
    out->start = start;
    out->aligned = start - start % TILE_WIDTH;
    out->end = end - out->aligned > TILE_WIDTH ? out->aligned + TILE_WIDTH : end;
}

static bool take_proof(struct bytes *body, struct proof *out) {
    struct bytes count, hash;
    if (!bytes_take(body, 1, &count) || count.at[0] > PROOF_MAX) return false;
    out->count = count.at[0];
    for (size_t i = 0; i < out->count; i++) {
        if (!bytes_take(body, SHA256_SIZE, &hash)) return false;
        memcpy(out->at[i].at, hash.at, SHA256_SIZE);
    }
    return true;
}

bool package_read(struct bytes *body, struct package *p) {
    struct bytes rest = *body;
    for (uint64_t i = 0; i < p->end - p->start; i++)
        if (!take_short(&rest, &p->entries[i])) return false;
    if (!take_proof(&rest, &p->proof)) return false;
    *body = rest;
    return true;
}

enum error package_write(const struct package *p, struct buf *out, struct diag *d) {
    for (uint64_t i = 0; i < p->end - p->start; i++) {
        enum error result = bundle_add(out, p->entries[i], d);
        if (result) return result;
    }
    buf_char(out, (char)p->proof.count);
    for (size_t i = 0; i < p->proof.count; i++) buf_bytes(out, sha256_bytes(&p->proof.at[i]));
    return buf_check(out, d);
}

/* ---- mirror-info */

enum error mirror_info_read(struct bytes body, struct arena *a, struct mirror_info *out, struct diag *d) {
    struct text rest = text_from_bytes(body), size, next, ticket;
    struct mirror_info i;
    struct buf decoded = {.max = WIRE_TICKET_MAX};
    bool read = text_line(&rest, &size) && text_line(&rest, &next) && text_line(&rest, &ticket) && !rest.size &&
                text_u64(size, &i.size) && text_u64(next, &i.next) && base64_read(ticket, &decoded, BASE64_PADDED);
    i.ticket = arena_bytes(a, buf_as_bytes(&decoded));
    buf_free(&decoded);
    if (!read) return fail(d, ERR_INPUT, _("expected a size, the next entry and a ticket, a line each"));
    *out = i;
    return OK;
}

void mirror_info_write(const struct mirror_info *i, struct buf *out) {
    buf_format(out, "%" PRIu64 "\n%" PRIu64 "\n", i->size, i->next);
    buf_base64(out, i->ticket, BASE64_PADDED);
    buf_char(out, '\n');
}

bool number_line_read(struct bytes body, uint64_t *out) {
    struct text rest = text_from_bytes(body), line;
    return text_line(&rest, &line) && !rest.size && text_u64(line, out);
}

/* ---- ranges */

bool range_read(struct text t, uint64_t size, uint64_t *first, uint64_t *last) {
    struct text from;
    uint64_t begin = 0, end = UINT64_MAX;
    if (!text_skip(&t, TEXT("bytes=")) || !text_cut(&t, '-', &from)) return false;
    if (!from.size) { /* the last so many bytes */
        if (!text_u64(t, &end) || !end) return false;
        begin = end < size ? size - end : 0;
        end = UINT64_MAX;
    } else if (!text_u64(from, &begin) || (t.size && (!text_u64(t, &end) || end < begin))) {
        return false;
    }
    if (begin >= size) return false;
    *first = begin;
    *last = end < size ? end : size - 1;
    return true;
}

bool content_range_read(struct text t, struct content_range *out) {
    struct content_range r = {0};
    struct text first, last;
    if (!text_skip(&t, TEXT("bytes "))) return false;
    r.asks = text_skip(&t, TEXT("*/"));
    if (!r.asks && (!text_cut(&t, '-', &first) || !text_cut(&t, '/', &last) || !text_u64(first, &r.first) ||
                    !text_u64(last, &r.last)))
        return false;
    if (!text_u64(t, &r.size) || r.size > INT64_MAX) return false;
    if (!r.asks && (r.first > r.last || r.last >= r.size)) return false;
    *out = r;
    return true;
}

void content_range_write(const struct content_range *r, char *out, size_t room) {
    if (r->asks)
        snprintf(out, room, "bytes */%" PRIu64, r->size);
    else
        snprintf(out, room, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, r->first, r->last, r->size);
}
