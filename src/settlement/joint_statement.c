#include "settlement/joint_statement.h"

#include "settlement/spell.h"

static void spell(const struct joint_statement *s, struct buf *out) {
    buf_string(out, "parley statement v1\n");
    texts_spell(s->texts, s->text_count, out);
}

enum error joint_statement_read(struct bytes b, struct arena *a, struct joint_statement *out, struct diag *d) {
    struct texts_reading r = {.rest = text_from_bytes(b), .line = 1, .arena = a, .diag = d};
    struct joint_statement s = {0};
    struct minutes_text *texts = NULL;
    struct buf again = {.max = JOINT_STATEMENT_MAX_BYTES};
    if (b.size > JOINT_STATEMENT_MAX_BYTES)
        return fail(d, ERR_LIMIT, _("a joint statement of more than %d bytes"), JOINT_STATEMENT_MAX_BYTES);
    if (!text_is_note_text(r.rest))
        return fail(d, ERR_INPUT, _("a joint statement is UTF-8 without control characters"));
    if (!text_skip(&r.rest, TEXT("parley statement v1\n")))
        return fail_at(d, 1, ERR_INPUT, _("a joint statement: expected “parley statement v1”"));
    enum error result = texts_read(&r, &texts, &s.text_count);
    if (result) return result;
    s.texts = texts;
    spell(&s, &again);
    if (!text_equal(buf_as_text(&again), text_from_bytes(b)))
        result = fail(d, ERR_INPUT, _("a joint statement: a line stands where it says nothing"));
    buf_free(&again);
    if (!result) *out = s;
    return result;
}

enum error joint_statement_write(const struct joint_statement *s, struct buf *out, struct diag *d) {
    struct arena a = {0};
    struct buf written = {.max = JOINT_STATEMENT_MAX_BYTES};
    struct joint_statement read = {0};
    spell(s, &written);
    enum error result = buf_check(&written, d);
    if (!result) result = joint_statement_read(buf_as_bytes(&written), &a, &read, d);
    if (!result) buf_bytes(out, buf_as_bytes(&written));
    if (!result) result = buf_check(out, d);
    buf_free(&written);
    arena_free(&a);
    return result;
}
