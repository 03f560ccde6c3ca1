/* Any two parties: each byte is one choice of what one of them does.  The fold ends, and its state is the same
 * whichever way its statements are listed. */
#include "../test/unit/matter/world.h"

static void write_state(struct world *w, const struct statement *statements, struct buf *out) {
    struct matter_state s;
    enum error e = matter_fold(&w->view, NULL, statements, w->statement_count, (instant)w->step * INSTANT_HOUR,
                               w->arena, &s, NULL);
    ASSERT(e == OK);
    matter_write_json(&s, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena a = {0};
    struct buf once = {.max = 64 << 20}, again = {.max = 64 << 20};
    struct world *w = world_new(&a, (struct die){.bytes = bytes_of(data ? data : (const uint8_t *)"", size)});
    while (w->die.bytes.size && w->step < WORLD_ENTRIES_MAX) world_step(w);
    struct statement *turned = ARENA_ARRAY(&a, struct statement, w->statement_count);
    for (size_t i = 0; i < w->statement_count; i++) turned[i] = w->statements[w->statement_count - 1 - i];
    write_state(w, w->statements, &once);
    write_state(w, turned, &again);
    ASSERT(!once.failed && text_equal(buf_as_text(&once), buf_as_text(&again)));
    buf_free(&once);
    buf_free(&again);
    arena_free(&a);
    return 0;
}
