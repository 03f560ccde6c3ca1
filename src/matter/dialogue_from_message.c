/* Opened messages to dialogue. */
#include "matter/dialogue_body.h"

enum error dialogue_from_message(const struct message *m, struct arena *a, struct dialogue *out, struct diag *d) {
    struct dialogue s = DIALOGUE_EMPTY;
    enum kind kind;
    const struct member_table *members = kind_read(m->head.kind, &kind) ? dialogue_members(kind) : NULL;
    if (!members) return fail(d, ERR_INPUT, _("a message of another kind: “%.*s”"), TEXT_ARG(m->head.kind));
    enum error result = frame_read(m, FRAME_KIND(kind), members, a, &s, &s.title, &s.text, d);
    if (!result) *out = s;
    return result;
}
