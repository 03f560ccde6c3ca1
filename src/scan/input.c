#include "scan/input.h"

#include <stdlib.h>
#include <string.h>

/* At least `need` bytes wait, unless the file ends before. */
static enum error wait_for(struct input *in, size_t need, struct diag *d) {
    enum error result = OK;
    if (in->waiting.size >= need || in->file_ended) return OK;
    memmove(in->held, in->waiting.at, in->waiting.size);
    in->waiting.at = in->held;
    while (!result && !in->file_ended && in->waiting.size < need) {
        size_t got = 0;
        result = os_reader_read(&in->reader, in->held + in->waiting.size, INPUT_BUFFER - in->waiting.size, &got, d);
        in->file_ended = !result && !got;
        in->waiting.size += got;
        in->taken += got;
    }
    return result;
}

static const struct packing *packing_of(struct bytes start) {
    for (size_t i = 0; i < packing_count; i++)
        if (packings[i].begins(start)) return &packings[i];
    return NULL;
}

enum error input_open(const char *name, struct input *out, struct diag *d) {
    struct input in = {0};
    enum error result = os_reader_open(name, &in.reader, d);
    if (result) return result;
    in.held = malloc(INPUT_BUFFER);
    ASSERT(in.held && "memory is left");
    in.waiting.at = in.held;
    result = wait_for(&in, INPUT_MAGIC, d);
    if (!result) in.packing = packing_of(bytes_of(in.waiting.at, in.waiting.size));
    if (in.packing) in.state = in.packing->start();
    if (result)
        input_close(&in);
    else
        *out = in;
    return result;
}

void input_close(struct input *in) {
    if (!in->held) return;
    if (in->state) in->packing->end(in->state);
    free(in->held);
    os_reader_close(&in->reader);
    *in = (struct input){0};
}

/* ---- plain */

static enum error read_plain(struct input *in, struct view *out, struct diag *d) {
    size_t first = in->waiting.size < out->size ? in->waiting.size : out->size;
    enum error result = OK;
    memcpy(out->at, in->waiting.at, first);
    in->waiting = (struct view){in->waiting.at + first, in->waiting.size - first};
    *out = (struct view){out->at + first, out->size - first};
    while (!result && out->size && !in->file_ended) {
        size_t got = 0;
        result = os_reader_read(&in->reader, out->at, out->size, &got, d);
        in->file_ended = !result && !got;
        in->taken += got;
        *out = (struct view){out->at + got, out->size - got};
    }
    return result;
}

/* ---- compressed */

static enum error damaged(const struct input *in, enum unpacked how, const char *why, struct diag *d) {
    unsigned long long at = input_at(in);
    if (how == UNPACKED_TOO_LARGE)
        return fail(d, ERR_LIMIT, _("the compressed data (%s) asks at byte %llu for more than %d MiB of memory"),
                    in->packing->name, at, INPUT_MEMORY_MAX >> 20);
    return fail(d, ERR_INPUT, _("the compressed data (%s) is damaged at byte %llu: %s"), in->packing->name, at, why);
}

/* Behind a compressed file there may be another, padding, or the end. */
static enum error pass_between(struct input *in, struct diag *d) {
    enum error result = wait_for(in, INPUT_MAGIC, d);
    if (result) return result;
    if (in->packing->begins(bytes_of(in->waiting.at, in->waiting.size))) {
        in->packing->restart(in->state);
        in->between = false;
        return OK;
    }
    while (in->waiting.size && !in->waiting.at[0])
        in->waiting = (struct view){in->waiting.at + 1, in->waiting.size - 1};
    bool other = in->waiting.size >= INPUT_MAGIC || (in->waiting.size && in->file_ended);
    if (other && !in->packing->begins(bytes_of(in->waiting.at, in->waiting.size)))
        return damaged(in, UNPACKED_DAMAGED, _("expected more of it, or the end"), d);
    return OK;
}

static enum error unpack(struct input *in, struct view *out, bool *ended, struct diag *d) {
    const char *why = "";
    enum error result = wait_for(in, 1, d);
    if (result) return result;
    const size_t waiting = in->waiting.size, room = out->size;
    enum unpacked what = in->packing->step(in->state, &in->waiting, out, &why);
    if (what == UNPACKED_END) in->between = true;
    if (what > UNPACKED_END) return damaged(in, what, why, d);
    if (what == UNPACKED_MORE && in->waiting.size == waiting && out->size == room && in->file_ended)
        *ended = in->cut = true;
    return OK;
}

static enum error read_packed(struct input *in, struct view *out, struct diag *d) {
    enum error result = OK;
    for (bool ended = in->cut; !result && !ended && out->size;) {
        result = in->between ? pass_between(in, d) : unpack(in, out, &ended, d);
        if (in->between && in->file_ended && !in->waiting.size) ended = true;
    }
    return result;
}

enum error input_read(struct input *in, char *at, size_t size, size_t *got, struct diag *d) {
    struct view out = {(uint8_t *)at, size};
    enum error result = in->packing ? read_packed(in, &out, d) : read_plain(in, &out, d);
    if (!result) *got = size - out.size;
    return result;
}
