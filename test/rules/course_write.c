/* Worlds of a course as vectors of the rules, for the program that states them. */
#include <stdio.h>

#include "course.h"

static void put_text_or_null(json_t *object, const char *name, struct text t) {
    json_put(object, name, t.size ? json_from_text(t) : json_null());
}

static json_t *names_json(struct names names) {
    json_t *list = json_array();
    for (size_t i = 0; i < names.count; i++) json_add_text(list, names.at[i]);
    return list;
}

static json_t *officer_json(const struct officer *o) {
    json_t *object = json_object();
    json_put_text(object, "name", o->name);
    json_put_text(object, "key", o->key);
    json_put_text(object, "department", o->department);
    json_put(object, "roles", names_json(o->roles));
    return object;
}

static json_t *card_json(const struct leaf *leaf) {
    const struct card *card = leaf->card;
    json_t *object = json_object(), *officers = json_array();
    for (size_t i = 0; i < card->officer_count; i++) json_add(officers, officer_json(&card->officers[i]));
    json_put_text(object, "id", card->id);
    json_put_u64(object, "serial", card->serial);
    put_text_or_null(object, "previous", card->previous);
    json_put(object, "mirror", names_json(card->mirrors));
    json_put(object, "officers", officers);
    json_put(object, "clearance", json_array());
    json_put_bool(object, "ok", leaf->card_ok);
    return object;
}

static json_t *findings_json(const struct meaning *m) {
    json_t *object = json_object();
    for (size_t i = 0; i < m->finding_count; i++) {
        char row[24];
        snprintf(row, sizeof row, "%llu", (unsigned long long)m->findings[i].row);
        json_put_text(object, row, text_of(finding_name(m->findings[i].word)));
    }
    return object;
}

static void put_terms(json_t *body, const struct terms *t) {
    json_t *terms = json_object();
    json_put_u64(terms, "answer_within_hours", t->answer_within_hours);
    json_put_u64(terms, "acknowledge_within_hours", t->acknowledge_within_hours);
    json_put(body, "terms", terms);
}

static json_t *body_json(enum kind kind, const struct meaning *m) {
    static const char *const replies[] = {
        [REPLY_OTHER] = "", [REPLY_ACCEPT] = "accept", [REPLY_DECLINE] = "decline", [REPLY_COUNTER] = "counter"};
    json_t *body = json_object();
    json_put_text_if(body, "sheet", m->sheet);
    json_put_text_if(body, "text", m->text);
    json_put_text_if(body, "about", m->about);
    json_put_text_if(body, "to", m->to);
    json_put_text_if(body, "relation", m->relation);
    json_put_text_if(body, "case", m->matter);
    json_put_text_if(body, "reply", text_of(replies[m->reply]));
    if (kind == KIND_CLAIM || kind == KIND_CORRECT) json_put_u64(body, "rows", m->rows);
    if (kind == KIND_ANSWER && m->sheet.size) json_put(body, "findings", findings_json(m));
    if (m->entry != ENTRY_NONE) json_put_u64(body, "entry", m->entry);
    if (m->terms.given) put_terms(body, &m->terms);
    return body;
}

static json_t *message_json(const struct statement *s) {
    const struct head *h = s->head;
    json_t *message = json_object();
    enum kind kind = KIND_COUNT;
    ASSERT(kind_read(h->kind, &kind));
    json_put_text(message, "record", h->record);
    json_put_text(message, "id", h->id);
    json_put_u64(message, "own", h->own);
    json_put_u64(message, "read", h->read);
    json_put_text(message, "kind", h->kind);
    put_text_or_null(message, "case", h->matter);
    json_put_text(message, "from", h->from);
    json_put_text(message, "by", h->by);
    json_put_text(message, "to", h->to);
    put_text_or_null(message, "tlp", h->tlp);
    json_put(message, "attach", json_array());
    json_put(message, "body", body_json(kind, &s->meaning));
    json_put(message, "signatures", names_json(s->signatures));
    return message;
}

static json_t *receipts_json(const struct leaf *leaf) {
    json_t *list = json_array();
    for (size_t i = 0; i < leaf->receipt_count; i++) {
        const struct leaf_receipt *r = &leaf->receipts[i];
        json_t *one = json_object();
        json_put_u64(one, "size", r->size);
        json_put(one, "stamp", json_from_instant(r->stamp));
        json_put_text(one, "key", r->key);
        json_put_bool(one, "ok", r->ok);
        json_add(list, one);
    }
    return list;
}

static json_t *entry_json(const struct course_world *w, unsigned party, uint64_t index) {
    const struct leaf *leaf = &w->leaves[party][index];
    json_t *entry = json_object(), *seen = json_object();
    json_put_u64(seen, "size", leaf->seen.size);
    json_put_bool(seen, "ok", leaf->seen.ok);
    json_put(entry, "time", json_from_instant(leaf->time));
    json_put(entry, "seen", seen);
    if (leaf->malformed) json_put_bool(entry, "malformed", true);
    if (leaf->receipt_count) json_put(entry, "receipts", receipts_json(leaf));
    if (leaf->card) json_put(entry, "card", card_json(leaf));
    for (size_t i = 0; i < w->statement_count; i++)
        if (w->statements[i].party == party && w->statements[i].index == index)
            json_put(entry, "message", message_json(&w->statements[i]));
    return entry;
}

static json_t *record_json(const struct course_world *w, unsigned party, const struct record_view *record) {
    json_t *object = json_object(), *entries = json_array(), *list = json_array();
    for (uint64_t i = 0; i < record->count; i++) json_add(entries, entry_json(w, party, i));
    json_put_text(object, "channel", record->channel);
    json_put_text(object, "origin", record->origin);
    json_put(object, "entries", entries);
    json_add(list, object);
    return list;
}

void course_write(const struct course_world *w, struct buf *out) {
    struct arena a = {0};
    struct matter_state s = course_state(w, (struct cut){{w->size[0], w->size[1]}}, NULL, false, &a);
    json_t *vector = json_object(), *records = json_object();
    for (unsigned p = 0; p < 2; p++) {
        const struct party_view *party = &s.channel.view->parties[p];
        ASSERT(json_object_setn_new(records, party->party.at, party->party.size, record_json(w, p, party->records)) ==
               0);
    }
    json_put_text(vector, "about", text_of(w->play->course->name));
    json_put(vector, "records", records);
    json_put(vector, "cut", json_null());
    json_put(vector, "as_of", json_from_instant(s.as_of));
    json_put(vector, "expect", matter_json(&s));
    json_canonical(vector, out);
    buf_char(out, '\n');
    json_decref(vector);
    arena_free(&a);
}
