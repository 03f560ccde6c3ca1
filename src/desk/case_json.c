/* A case as JSON: the state that both sides compute alike, and beside it what this desk opened. */
#include "desk/case_view.h"
#include "desk/possible.h"
#include "party/officers.h"

static void put_time(json_t *into, const char *name, instant at) { json_put(into, name, json_from_instant(at)); }

static void put_address(json_t *into, const char *name, bool known, struct ip ip) {
    char written[IP_TEXT_MAX];
    if (known) json_put_text(into, name, ip_write(ip, written));
}

static json_t *finding_json(const struct finding *f) {
    json_t *object = json_object();
    json_put_text(object, "finding", text_of(finding_name(f->word)));
    if (f->count != FINDING_NO_COUNT) json_put_u64(object, "count", f->count);
    if (f->first_seen != INSTANT_NONE) put_time(object, "first_seen", f->first_seen);
    if (f->last_seen != INSTANT_NONE) put_time(object, "last_seen", f->last_seen);
    put_address(object, "upstream_ip", f->has_upstream, f->upstream);
    if (f->note.size) json_put_text(object, "note", f->note);
    return object;
}

static json_t *fact_json(const struct fact *f, const struct finding *finding) {
    json_t *object = json_object();
    put_time(object, "first_seen", f->first);
    put_time(object, "last_seen", f->last);
    put_address(object, "src_ip", f->known & KNOWN_SRC, f->src);
    put_address(object, "dst_ip", f->known & KNOWN_DST, f->dst);
    if (f->known & KNOWN_SRC_PORT) json_put_u64(object, "src_port", f->src_port);
    if (f->known & KNOWN_DST_PORT) json_put_u64(object, "dst_port", f->dst_port);
    if (f->object.size) json_put_text(object, "object", f->object);
    if (f->protocol.size) json_put_text(object, "protocol", f->protocol);
    if (f->event.size) json_put_text(object, "event", f->event);
    if (f->count != SHEET_NO_COUNT) json_put_u64(object, "count", f->count);
    if (finding->word != FINDING_COUNT) json_put(object, "answer", finding_json(finding));
    return object;
}

static json_t *facts_json(const struct case_sheet *s) {
    json_t *facts = json_array();
    for (size_t k = 0; k < s->facts.count; k++) {
        json_t *fact = fact_json(&s->facts.at[k], &s->findings[k]);
        evidence_json_fact(s, k, fact);
        if (s->revealed && s->revealed[k].word != FINDING_COUNT)
            json_put(fact, "revealed", finding_json(&s->revealed[k]));
        json_add(facts, fact);
    }
    return facts;
}

static bool is_known(struct names known, struct text sheet) {
    for (size_t i = 0; i < known.count; i++)
        if (text_equal(known.at[i], sheet)) return true;
    return false;
}

static json_t *sheets_json(const struct case_view *v, bool columns, struct names known) {
    json_t *sheets = json_array();
    for (size_t i = 0; i < v->sheet_count; i++) {
        const struct case_sheet *s = &v->sheets[i];
        if (s->state->message->kind == KIND_INQUIRY) continue;
        json_t *object = json_object();
        json_put_text(object, "sheet", s->state->message->statement->meaning.sheet);
        if (s->why.size) json_put_text(object, "closed", s->why);
        if (columns) json_put_u64(object, "rows", s->facts.count);
        if (columns) json_put(object, "lines", case_lines(s));
        bool has = columns && is_known(known, s->state->message->statement->meaning.sheet);
        if (has) json_put_bool(object, "known", true);
        json_put(object, columns ? "columns" : "facts", columns ? case_columns(s, has) : facts_json(s));
        if (s->checklist.count) json_put(object, "checklist", checklist_json(&s->checklist));
        evidence_json_sheet(v, s, object);
        json_add(sheets, object);
    }
    return sheets;
}

/* Who signed besides its author, by the card in force there. */
static void cleared_json(const struct message_verdict *m, struct arena *a, json_t *object) {
    const struct head *h = m->statement->head;
    if (!m->entry->card) return;
    struct names names = officer_names(m->entry->card, m->statement->signatures, h->by, a);
    if (!names.count) return;
    json_t *list = json_array();
    for (size_t i = 0; i < names.count; i++) json_add_text(list, names.at[i]);
    json_put(object, "cleared_by", list);
}

static json_t *message_json(const struct case_view *v, const struct message_verdict *m) {
    struct arena *a = &v->talk->arena;
    const struct said *s = talk_said(v->talk, m);
    const struct head *h = m->statement->head;
    struct text title = {0}, text = {0};
    json_t *object = json_object();
    if (s) said_text(s, a, &title, &text);
    put_time(object, "time", m->entry->leaf->time);
    json_put_text(object, "party", v->talk->parties[m->entry->party]);
    json_put_u64(object, "entry", m->entry->index);
    json_put_text(object, "id", h->id);
    json_put_text(object, "kind", h->kind);
    json_put_text(object, "from", h->from);
    json_put_text(object, "by", h->by);
    cleared_json(m, a, object);
    json_put_text(object, "to", h->to);
    put_time(object, "delivered", m->delivered);
    if (m->why) json_put_text(object, "void", text_of(void_words(m->why)));
    if (title.size) json_put_text(object, "title", title);
    if (text.size) json_put_text(object, "text", text);
    json_t *members = s ? said_members(s) : NULL;
    if (members) json_put(object, "says", members);
    erased_json(v, m, object);
    return object;
}

static json_t *receipts_json(struct talk *t) {
    const struct link_channel *c = talk_channel(t);
    json_t *object = json_object();
    json_put_u64(object, "own_entries", c->own_size);
    json_put_u64(object, "receipted", c->receipted_size);
    put_time(object, "receipted_at", c->receipted_at);
    json_put_u64(object, "their_entries", c->their_size);
    json_put_u64(object, "cosigned", c->cosigned_size);
    return object;
}

json_t *numbers_json(const struct text parties[2], const struct text numbers[2]) {
    json_t *object = json_object();
    struct arena a = {0};
    for (unsigned p = 0; p < 2; p++) json_put_text_if(object, arena_string(&a, parties[p]), numbers[p]);
    arena_free(&a);
    return object;
}

json_t *matter_numbers_json(struct talk *t, const struct matter *m) {
    struct text numbers[2];
    matter_numbers(t, m, numbers);
    return numbers_json(t->parties, numbers);
}

static json_t *kinds_json(uint64_t kinds) {
    json_t *array = json_array();
    for (enum kind kind = 0; kind < KIND_COUNT; kind++)
        if (kinds & KIND_BIT(kind)) json_add_text(array, text_of(kind_rules[kind].name));
    return array;
}

/* With columns, the finding of each row stands in them, and not in the state once more. */
static json_t *state_json(const struct case_view *v, bool columns) {
    json_t *state = matter_json_case(&v->talk->state, v->matter), *sheets = json_list(state, "sheets");
    for (size_t i = 0; columns && i < json_array_size(sheets); i++) {
        int gone = json_object_del(json_array_get(sheets, i), "findings");
        (void)gone; /* a sheet without an answer has none */
    }
    return state;
}

json_t *case_json(const struct case_view *v, bool columns, struct names known) {
    json_t *object = json_object(), *line = json_array(), *cut = json_object();
    const struct channel_verdict *c = &v->talk->state.channel;
    for (size_t i = 0; i < v->line_count; i++) json_add(line, message_json(v, v->line[i]));
    for (unsigned p = 0; p < 2 && c->generations; p++)
        json_put_u64(cut, arena_format(&v->talk->arena, "%.*s", TEXT_ARG(v->talk->parties[p])).at,
                     c->cuts[c->generations - 1].of[p]);
    json_put_text(object, "case", v->matter->name);
    json_put(object, "cut", cut);
    put_time(object, "as_of", v->talk->state.as_of);
    json_put_text(object, "title", v->title);
    json_put(object, "numbers", matter_numbers_json(v->talk, v->matter));
    json_put_text(object, "text", v->text);
    json_put(object, "state", state_json(v, columns));
    json_put(object, "sheets", sheets_json(v, columns, known));
    settlement_json(v, object);
    json_put(object, "messages", line);
    json_put(object, "receipts", receipts_json(v->talk));
    if (say_is_now(v->talk)) {
        json_put(object, "possible", kinds_json(say_possible(v->talk, v->matter)));
        json_put(object, "useful", kinds_json(say_useful(v->talk, v->matter)));
    }
    return object;
}
