#include "seal/armor.h"

#include <stdlib.h>
#include <string.h>

#include "base/codec.h"

static const char begin[] = "-----BEGIN AGE ENCRYPTED FILE-----", end[] = "-----END AGE ENCRYPTED FILE-----";
enum { COLUMNS = 64, LINE_MAX_BYTES = 128, FRONT_MAX = 4096, LINE_BYTES = 48 };

enum armor_state { LOOKING, PLAIN, INSIDE, LAST_LINE_READ, ENDED, FAILED };

struct armor_reader {
    struct seal_source from;
    enum armor_state state;
    uint8_t held[FRONT_MAX];
    size_t at, size; /* what of `held` is not used up yet */
    uint8_t decoded[LINE_BYTES];
    size_t decoded_at, decoded_size;
    bool source_ended;
};

struct armor_reader *armor_reader_new(struct seal_source from) {
    struct armor_reader *a = calloc(1, sizeof *a);
    ASSERT(a && "memory is left");
    a->from = from;
    return a;
}

void armor_reader_free(struct armor_reader *a) { free(a); }
bool armor_failed(const struct armor_reader *a) { return a->state == FAILED; }

static enum error refill(struct armor_reader *a, struct diag *d) {
    if (a->at) {
        memmove(a->held, a->held + a->at, a->size - a->at);
        a->size -= a->at;
        a->at = 0;
    }
    while (!a->source_ended && a->size < FRONT_MAX) {
        size_t got = 0;
        enum error result = a->from.read(a->from.state, a->held + a->size, FRONT_MAX - a->size, &got, d);
        if (result) return result;
        a->size += got;
        a->source_ended = !got;
    }
    return OK;
}

static enum error refuse(struct armor_reader *a, struct diag *d, const char *what) {
    a->state = FAILED;
    return fail(d, ERR_INPUT, _("armor: expected %s"), what);
}

static bool white(uint8_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/* The next line without its LF or CRLF, as a view into `held`. */
static enum error next_line(struct armor_reader *a, struct text *line, struct diag *d) {
    if (a->size - a->at < LINE_MAX_BYTES) {
        enum error result = refill(a, d);
        if (result) return result;
    }
    struct text rest = {(const char *)a->held + a->at, a->size - a->at};
    size_t size = text_find(rest, '\n');
    a->at += size < rest.size ? size + 1 : size;
    if (size && rest.at[size - 1] == '\r' && size < rest.size) size--;
    *line = text_sub(rest, 0, size);
    return OK;
}

static enum error look(struct armor_reader *a, struct diag *d) {
    enum error result = refill(a, d);
    if (result) return result;
    size_t front = 0;
    while (front < a->size && white(a->held[front])) front++;
    struct text rest = {(const char *)a->held + front, a->size - front};
    if (!text_starts(rest, TEXT("-----BEGIN"))) {
        a->state = PLAIN;
        return OK;
    }
    struct text line;
    a->at = front;
    result = next_line(a, &line, d);
    if (result) return result;
    if (!text_is(line, begin)) return refuse(a, d, begin);
    a->state = INSIDE;
    return OK;
}

static enum error decode_line(struct armor_reader *a, struct diag *d) {
    struct text line;
    enum error result = next_line(a, &line, d);
    if (result) return result;
    if (text_is(line, end)) {
        a->state = ENDED;
        return OK;
    }
    if (a->state == LAST_LINE_READ) return refuse(a, d, end);
    if (!line.size || line.size > COLUMNS) return refuse(a, d, _("a line of 1 to 64 characters of Base 64"));
    struct buf decoded = {.max = LINE_BYTES};
    bool good = base64_read(line, &decoded, BASE64_PADDED);
    if (good) {
        memcpy(a->decoded, decoded.at, decoded.size);
        a->decoded_size = decoded.size;
        a->decoded_at = 0;
        if (decoded.size < LINE_BYTES) a->state = LAST_LINE_READ;
    }
    buf_free(&decoded);
    return good ? OK : refuse(a, d, _("Base 64 without spaces, padded at the very end only"));
}

static size_t give(const uint8_t *from, size_t *at, size_t size, uint8_t *out, size_t room) {
    size_t now = size - *at < room ? size - *at : room;
    if (now) memcpy(out, from + *at, now);
    *at += now;
    return now;
}

static enum error read_armor(void *state, uint8_t *out, size_t room, size_t *got, struct diag *d) {
    struct armor_reader *a = state;
    enum error result = a->state == LOOKING ? look(a, d) : OK;
    *got = 0;
    if (result || !room) return result;
    if (a->state == FAILED) return refuse(a, d, begin);
    if (a->state == PLAIN) {
        *got = give(a->held, &a->at, a->size, out, room);
        return *got || a->source_ended ? OK : a->from.read(a->from.state, out, room, got, d);
    }
    while (a->decoded_at == a->decoded_size && a->state != ENDED) {
        result = decode_line(a, d);
        if (result) return result;
    }
    *got = give(a->decoded, &a->decoded_at, a->decoded_size, out, room);
    return OK;
}

struct seal_source armor_source(struct armor_reader *a) {
    return (struct seal_source){read_armor, a};
}

enum error armor_end(struct armor_reader *a, struct diag *d) {
    if (a->state != ENDED) return OK;
    do {
        enum error result = refill(a, d);
        if (result) return result;
        while (a->at < a->size)
            if (!white(a->held[a->at++])) return refuse(a, d, _("nothing but white space after the last line"));
    } while (!a->source_ended);
    return OK;
}

struct armor_writer {
    struct seal_sink into;
    uint8_t held[LINE_BYTES];
    size_t size;
    bool begun;
};

struct armor_writer *armor_writer_new(struct seal_sink into) {
    struct armor_writer *w = calloc(1, sizeof *w);
    ASSERT(w && "memory is left");
    w->into = into;
    return w;
}

void armor_writer_free(struct armor_writer *w) { free(w); }

static enum error write_line(struct armor_writer *w, struct diag *d) {
    struct buf line = {.max = 256};
    if (!w->begun) buf_format(&line, "%s\n", begin);
    w->begun = true;
    buf_base64(&line, bytes_of(w->held, w->size), BASE64_PADDED);
    if (w->size) buf_char(&line, '\n');
    w->size = 0;
    enum error result = w->into.write(w->into.state, buf_as_bytes(&line), d);
    buf_free(&line);
    return result;
}

static enum error write_armor(void *state, struct bytes b, struct diag *d) {
    struct armor_writer *w = state;
    for (size_t i = 0; i < b.size;) {
        size_t now = LINE_BYTES - w->size < b.size - i ? LINE_BYTES - w->size : b.size - i;
        memcpy(w->held + w->size, b.at + i, now);
        w->size += now;
        i += now;
        if (w->size < LINE_BYTES) continue;
        enum error result = write_line(w, d);
        if (result) return result;
    }
    return OK;
}

struct seal_sink armor_sink(struct armor_writer *w) {
    return (struct seal_sink){write_armor, w};
}

enum error armor_finish(struct armor_writer *w, struct diag *d) {
    enum error result = w->size || !w->begun ? write_line(w, d) : OK;
    struct buf line = {.max = 64};
    buf_format(&line, "%s\n", end);
    if (!result) result = w->into.write(w->into.state, buf_as_bytes(&line), d);
    buf_free(&line);
    return result;
}
