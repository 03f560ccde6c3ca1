#include "base/scratch.h"

#include <stdlib.h>
#include <string.h>

enum error scratch_append(struct scratch *s, struct bytes b, struct diag *d) {
    enum error result = b.size ? s->append(s->state, b, d) : OK;
    if (!result) s->size += b.size;
    return result;
}

enum error scratch_reader_open(const struct scratch *s, uint64_t from, uint64_t end, size_t room, bool changes,
                               struct scratch_reader *out, struct diag *d) {
    ASSERT(from <= end && end <= s->size);
    if (room > end - from) room = (size_t)(end - from);
    *out = (struct scratch_reader){.of = s, .next = from, .end = end, .room = room, .changes = changes};
    out->at = malloc(room + 1);
    return out->at ? OK : fail(d, ERR_MEMORY, _("out of memory"));
}

/* Writes what was given out back to where it stood, and forgets it. */
static enum error pass_over(struct scratch_reader *r, struct diag *d) {
    enum error result = OK;
    if (r->changes && r->from) result = r->of->write(r->of->state, r->next - r->size, bytes_of(r->at, r->from), d);
    memmove(r->at, r->at + r->from, r->size - r->from);
    r->size -= r->from;
    r->from = 0;
    return result;
}

static enum error refill(struct scratch_reader *r, struct diag *d) {
    enum error result = pass_over(r, d);
    size_t more = r->room - r->size;
    if (more > r->end - r->next) more = (size_t)(r->end - r->next);
    if (!result && more) result = r->of->read(r->of->state, r->next, r->at + r->size, more, d);
    if (result) return result;
    r->next += more;
    r->size += more;
    return OK;
}

enum error scratch_next(struct scratch_reader *r, size_t size, uint8_t **out, struct diag *d) {
    if (r->size - r->from < size) {
        enum error result = refill(r, d);
        if (result) return result;
    }
    if (!r->size) return *out = NULL, OK;
    ASSERT(r->size - r->from >= size && "what was put aside is whole, and fits into the buffer");
    *out = r->at + r->from;
    r->from += size;
    return OK;
}

enum error scratch_reader_close(struct scratch_reader *r, enum error result, struct diag *d) {
    if (!result) result = pass_over(r, d);
    free(r->at);
    r->at = NULL;
    return result;
}
