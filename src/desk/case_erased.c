/* What was erased by its sender, where a case shows what it was attached to. */
#include "desk/case_view.h"

static const struct erasure *erasure_at(const struct case_view *v, const struct message_verdict *m, size_t i) {
    return erasure_of(&v->erasures, m->entry->party, m->statement->head->attach[i].sealed);
}

bool erased_of_sheet(const struct case_view *v, const struct sheet_state *s) {
    for (size_t i = 0; i < s->message->statement->head->attach_count; i++)
        if (erasure_at(v, s->message, i)) return true;
    return false;
}

void erased_lines(const struct case_view *v, const struct message_verdict *m, const char *indent, struct buf *out) {
    const struct head *h = m->statement->head;
    for (size_t i = 0; i < h->attach_count; i++) {
        const struct erasure *e = erasure_at(v, m, i);
        if (!e) continue;
        buf_string(out, indent);
        buf_line(out, h->attach[i].name);
        buf_string(out, " (");
        buf_line(out, h->attach[i].role);
        buf_string(out, "): ");
        erasure_words(e, out);
        buf_char(out, '\n');
    }
}

void erased_json(const struct case_view *v, const struct message_verdict *m, json_t *into) {
    const struct head *h = m->statement->head;
    json_t *list = json_array();
    for (size_t i = 0; i < h->attach_count; i++) {
        const struct erasure *e = erasure_at(v, m, i);
        char hex[SHA256_HEX];
        if (!e) continue;
        json_t *one = json_object();
        json_put_text(one, "role", h->attach[i].role);
        json_put_text(one, "name", h->attach[i].name);
        json_put_text(one, "sealed", sha256_hex(&h->attach[i].sealed, hex));
        json_put(one, "time", json_from_instant(e->entry->leaf->time));
        json_put_text_if(one, "reason", e->reason);
        json_add(list, one);
    }
    if (json_array_size(list))
        json_put(into, "erased", list);
    else
        json_decref(list);
}
