/* The state as JSON: what `--json` prints and what the vectors of the rules expect. */
#include <inttypes.h>
#include <stdio.h>

#include "matter/matter.h"

static struct text party_name(const struct matter_state *s, unsigned party) {
    return s->channel.view->parties[party].party;
}

/* ---- values that may be null */

static json_t *text_or_null(struct text t) { return t.size ? json_from_text(t) : json_null(); }
static json_t *words_or_null(const char *words) { return text_or_null(text_of(words)); }

/* Numbers that others wrote, with a ceiling. */
static json_t *number(uint64_t n) { return json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n); }

/* A member whose name comes from the records. */
static void put_named(json_t *object, struct text name, json_t *taken) {
    ASSERT(json_object_setn_new(object, name.at, name.size, taken) == 0);
}

static json_t *texts(const struct text *list, size_t count) {
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) json_add_text(array, list[i]);
    return array;
}

/* ---- cut and entries */

static json_t *cut_json(const struct matter_state *s) {
    json_t *cut = json_object();
    for (unsigned p = 0; p < 2; p++) {
        json_t *sizes = json_array();
        for (size_t g = 0; g < s->channel.generations; g++) json_add(sizes, number(s->channel.cuts[g].of[p]));
        put_named(cut, party_name(s, p), sizes);
    }
    return cut;
}

static json_t *entry_json(const struct matter_state *s, const struct entry_verdict *e) {
    json_t *entry = json_object(), *lines = json_array();
    for (size_t i = 0; i < e->line_count; i++) json_add_text(lines, text_of(void_words(e->lines[i])));
    json_put_u64(entry, "entry", e->index);
    json_put(entry, "void", words_or_null(void_words(e->void_for)));
    json_put(entry, "lines", lines);
    if (e->void_for) return entry;
    json_put_u64(entry, "seen", entry_seen_size(&s->channel, e));
    json_put(entry, "card", e->card_after ? json_from_text(e->card_after->id) : json_null());
    json_put(entry, "erased", texts(e->erased, e->erased_count));
    return entry;
}

static json_t *entries_json(const struct matter_state *s) {
    json_t *entries = json_object();
    for (unsigned p = 0; p < 2; p++)
        for (size_t g = 0; g < s->channel.generations; g++) {
            if (!s->channel.cuts[g].of[p]) continue;
            json_t *record = json_array();
            for (uint64_t i = 0; i < s->channel.cuts[g].of[p]; i++)
                json_add(record, entry_json(s, channel_entry(&s->channel, p, g, i)));
            put_named(entries, s->channel.view->parties[p].records[g].channel, record);
        }
    return entries;
}

static json_t *contradictions_json(const struct matter_state *s) {
    json_t *array = json_array();
    for (size_t i = 0; i < s->channel.contradiction_count; i++) {
        const struct entry_verdict *e = s->channel.contradictions[i];
        json_t *one = json_object();
        json_put_text(one, "record", entry_channel(&s->channel, e));
        json_put_u64(one, "entry", e->index);
        json_put_text(one, "what", text_of(void_words(VOID_SEEN_FALSE)));
        json_add(array, one);
    }
    return array;
}

/* ---- messages */

static json_t *message_json(const struct matter_state *s, const struct message_verdict *m) {
    json_t *message = json_object();
    json_put_text(message, "record", entry_channel(&s->channel, m->entry));
    json_put_u64(message, "entry", m->entry->index);
    json_put(message, "id", text_or_null(m->statement->head->id));
    json_put(message, "kind", text_or_null(m->statement->head->kind));
    json_put_bool(message, "counts", !m->why);
    json_put(message, "why", words_or_null(void_words(m->why)));
    if (!m->why || m->why == VOID_RESEND) json_put(message, "delivered", json_from_instant(m->delivered));
    if (m->why) return message;
    json_put_text(message, "tlp", text_of(tlp_name(m->tlp)));
    json_put_bool(message, "unopened", m->unopened);
    return message;
}

static json_t *messages_json(const struct matter_state *s) {
    json_t *array = json_array();
    for (size_t i = 0; i < s->message_count; i++) json_add(array, message_json(s, &s->messages[i]));
    return array;
}

/* ---- cases */

static json_t *terms_json(const struct message_verdict *offer) {
    if (!offer) return json_null();
    const struct terms *t = &offer->statement->meaning.terms;
    json_t *terms = json_object();
    if (t->answer_within_hours != HOURS_NONE) json_put(terms, "answer_within_hours", number(t->answer_within_hours));
    if (t->acknowledge_within_hours != HOURS_NONE)
        json_put(terms, "acknowledge_within_hours", number(t->acknowledge_within_hours));
    json_put_text(terms, "offer", offer->statement->head->id);
    return terms;
}

static json_t *deadline_json(const struct deadline *d) {
    json_t *deadline = json_object();
    json_put(deadline, "due", json_from_instant(d->due));
    json_put(deadline, "met", json_from_instant(d->met));
    json_put_bool(deadline, "lapsed", d->lapsed);
    json_put_bool(deadline, "paused", d->paused);
    return deadline;
}

static json_t *findings_json(const struct standing *s) {
    json_t *findings = json_object();
    for (size_t i = 0; i < s->answered; i++) {
        char row[24];
        snprintf(row, sizeof row, "%" PRIu64, s->findings[i].row);
        json_put_text(findings, row, text_of(finding_name(s->findings[i].word)));
    }
    return findings;
}

static json_t *standing_json(const struct standing *s, uint64_t rows) {
    if (s->word != STANDING_PARTIAL) return json_from_text(text_of(standing_word_text(s->word)));
    char partial[64];
    snprintf(partial, sizeof partial, "%s (%zu of %" PRIu64 ")", standing_word_text(s->word), s->answered, rows);
    return json_from_text(text_of(partial));
}

static json_t *sheet_json(const struct matter_state *s, const struct matter *m, const struct sheet_state *state) {
    const struct meaning *meaning = &state->message->statement->meaning;
    json_t *sheet = json_object();
    json_put(sheet, "delivered", json_from_instant(state->message->delivered));
    json_put(sheet, "deadline", deadline_json(&state->deadline));
    bool inquiry = state->message->kind == KIND_INQUIRY;
    json_put(sheet, "sheet", inquiry ? json_null() : text_or_null(meaning->sheet));
    if (inquiry) return sheet;
    json_put(sheet, "rows", number(meaning->rows));
    json_put(sheet, "standing", standing_json(&state->standing, meaning->rows));
    json_put_text(sheet, "by", party_name(s, 1 - m->opener));
    json_put(sheet, "findings", findings_json(&state->standing));
    return sheet;
}

static json_t *proposal_json(const struct proposal_state *p) {
    json_t *proposal = json_object();
    json_put_text(proposal, "state", text_of(proposal_word_text(p->word)));
    json_put(proposal, "accepted", texts(p->accepted, p->accepted_count));
    json_put(proposal, "no_reply_since", json_from_instant(p->no_reply_since));
    return proposal;
}

static json_t *state_json(const struct matter *m) {
    json_t *state = json_object();
    json_put_text(state, "opener", text_of(state_word_text(m->state.opener)));
    json_put_text(state, "answerer", text_of(state_word_text(m->state.answerer)));
    json_put(state, "joint",
             m->state.joint == STATE_NONE ? json_null() : json_from_text(text_of(state_word_text(m->state.joint))));
    return state;
}

static json_t *links_json(const struct matter_state *s, const struct matter *m) {
    json_t *links = json_array();
    for (size_t i = 0; i < m->link_count; i++) {
        const struct meaning *meaning = &m->links[i]->statement->meaning;
        const struct text link[] = {meaning->relation, meaning->matter, party_name(s, m->links[i]->entry->party)};
        json_add(links, texts(link, COUNT(link)));
    }
    return links;
}

static void put_sheets(const struct matter_state *s, const struct matter *m, json_t *object) {
    json_t *sheets = json_array();
    for (size_t i = 0; i < m->sheet_count; i++) json_add(sheets, sheet_json(s, m, &m->sheets[i]));
    json_put(object, "sheets", sheets);
    json_put(object, "acknowledge", deadline_json(&m->acknowledge));
    json_put_bool(object, "inadmissible", m->inadmissible);
}

json_t *matter_json_case(const struct matter_state *s, const struct matter *m) {
    json_t *object = json_object();
    json_put_text(object, "kind", text_of(kind_rules[m->opening->kind].name));
    json_put_text(object, "opener", party_name(s, m->opener));
    json_put(object, "opened", json_from_instant(m->opening->entry->leaf->time));
    json_put(object, "terms", terms_json(m->terms));
    json_put_text(object, "tlp", text_of(tlp_name(m->tlp)));
    if (m->opening->kind == KIND_PROPOSAL)
        json_put(object, "proposal", proposal_json(&m->proposal));
    else
        put_sheets(s, m, object);
    json_put(object, "state", state_json(m));
    json_put_text(object, "sort", text_of(state_word_text(m->sort)));
    json_put_bool(object, "lapsed", m->lapsed);
    json_put(object, "settled", texts(m->settled, m->settled_count));
    json_put(object, "superseded", texts(m->superseded, m->superseded_count));
    json_put(object, "links", links_json(s, m));
    return object;
}

/* ---- all of it */

json_t *matter_json(const struct matter_state *s) {
    json_t *object = json_object(), *cases = json_object();
    for (size_t i = 0; i < s->matter_count; i++)
        put_named(cases, s->matters[i].name, matter_json_case(s, &s->matters[i]));
    json_put(object, "cut", cut_json(s));
    json_put(object, "as_of", json_from_instant(s->as_of));
    json_put_bool(object, "drill", s->channel.drill);
    json_put(object, "entries", entries_json(s));
    json_put(object, "messages", messages_json(s));
    json_put(object, "cases", cases);
    json_put(object, "contradictions", contradictions_json(s));
    return object;
}

void matter_write_json(const struct matter_state *s, struct buf *out) {
    json_t *state = matter_json(s);
    json_canonical(state, out);
    json_decref(state);
}
