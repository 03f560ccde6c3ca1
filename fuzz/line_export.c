/* Exported records of the journal: what comes out does not depend on how the bytes come in, and is JSON, a line a
 * record, or a line too long. */
#include <stdlib.h>

#include "line/export.h"
#include "line/formats.h"
#include "json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In pieces of `piece` bytes, and out in pieces of as many. */
static bool make(struct text t, size_t piece, struct buf *out) {
    struct journal_export *e = export_new();
    enum export_step step = EXPORT_MORE;
    while (step != EXPORT_WRONG && (t.size || step == EXPORT_MORE)) {
        struct text in = text_sub(t, 0, t.size < piece ? t.size : piece);
        const char *why = NULL;
        char bytes[64];
        char *to = bytes;
        size_t before = in.size, room = piece < sizeof bytes ? piece : sizeof bytes, whole = room;
        step = export_step(e, &in, &to, &room, &why);
        ASSERT(step != EXPORT_WRONG || why);
        buf_text(out, (struct text){bytes, whole - room});
        t = text_sub(t, before - in.size, t.size);
        if (step == EXPORT_RECORD) export_restart(e);
        if (step == EXPORT_MORE && whole == room && before == in.size) break;
    }
    export_free(e);
    return step != EXPORT_WRONG;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct buf whole = {.max = 64 << 20}, parts = {.max = 64 << 20};
    struct text t = text_from_bytes(bytes_of(data, size)), line;
    bool good = make(t, SIZE_MAX, &whole);
    ASSERT(make(t, 7, &parts) == good && text_equal(buf_as_text(&whole), buf_as_text(&parts)));
    for (struct text rest = buf_as_text(&whole); text_line(&rest, &line);) {
        json_t *value = NULL;
        ASSERT(line.size > LINE_BYTES_MAX || !json_read(bytes_from_text(line), &value, NULL));
        json_decref(value);
    }
    buf_free(&whole);
    buf_free(&parts);
    return 0;
}
