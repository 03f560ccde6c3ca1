/* Briefs for programs. */
#include "desk/brief.h"

json_t *wait_json(const struct wait_for *w, const struct text parties[2], instant as_of) {
    json_t *object = json_object();
    json_put_text(object, "what", text_of(wait_word(w->what)));
    json_put_text(object, "waits_for", parties[w->party]);
    json_put(object, "since", json_from_instant(w->since));
    if (w->due != INSTANT_NONE) json_put(object, "due", json_from_instant(w->due));
    json_put_bool(object, "lapsed", wait_lapsed(w, as_of));
    return object;
}

/* Its three words, or that of a proposal. */
static void put_state(const struct case_brief *b, instant as_of, json_t *into) {
    static const char *const sides[] = {"opener", "answerer", "joint"};
    json_t *state = json_object();
    if (b->kind == KIND_PROPOSAL)
        json_put_text(state, "proposal", text_of(proposal_word_text(proposal_word_at(&b->proposal, as_of))));
    for (size_t i = 0; i < COUNT(b->words) && b->kind != KIND_PROPOSAL; i++)
        if (b->words[i] != STATE_NONE) json_put_text(state, sides[i], text_of(state_word_text(b->words[i])));
    json_put(into, "state", state);
}

json_t *brief_json(const struct case_brief *b, const struct text parties[2], unsigned own, instant as_of) {
    json_t *row = json_object(), *waits = json_array();
    json_put_text(row, "case", b->name);
    json_put_text(row, "kind", text_of(kind_rules[b->kind].name));
    json_put_text(row, "with", parties[1 - own]);
    json_put_text(row, "opener", parties[b->opener]);
    json_put(row, "opened", json_from_instant(b->opened));
    json_put_text_if(row, "title", b->title);
    json_put_text_if(row, "action", b->action);
    json_put(row, "numbers", numbers_json(parties, b->numbers));
    if (b->tlp != TLP_NONE) json_put_text(row, "tlp", text_of(tlp_name(b->tlp)));
    if (b->facts) {
        json_put_u64(row, "facts", b->facts);
        json_put_u64(row, "answered", b->answered);
        json_put_text(row, "standing", text_of(standing_word_text(b->standing)));
    }
    put_state(b, as_of, row);
    if (b->due != INSTANT_NONE) json_put(row, "due", json_from_instant(b->due));
    json_put_bool(row, "lapsed", brief_lapsed(b, as_of));
    if (b->inadmissible) json_put_bool(row, "inadmissible", true);
    for (size_t i = 0; i < b->wait_count; i++) json_add(waits, wait_json(&b->waits[i], parties, as_of));
    json_put(row, "waits", waits);
    return row;
}
