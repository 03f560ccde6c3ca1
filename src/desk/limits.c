#include "desk/limits.h"

static void take(uint64_t agreed, uint64_t min, uint64_t *into) {
    if (agreed != HOURS_NONE) *into = agreed < min ? min : agreed;
}

struct channel_limits limits_of_terms(const struct offered_terms *terms) {
    struct channel_limits limits = CHANNEL_LIMITS_DEFAULT;
    take(terms->blob_bytes_max, LIMITS_BLOB_MIN, &limits.blob_bytes_max);
    take(terms->total_bytes_max, LIMITS_BLOB_MIN, &limits.total_bytes_max);
    take(terms->window_entries, 1, &limits.window_entries);
    return limits;
}

static enum error in_force(struct talk *t, struct dialogue *offer, struct diag *d) {
    const struct said *said = t->state.terms ? talk_said(t, t->state.terms) : NULL;
    *offer = DIALOGUE_EMPTY;
    return said ? dialogue_from_message(&said->message, &t->arena, offer, d) : OK;
}

enum error limits_in_force(struct talk *t, struct channel_limits *out, struct diag *d) {
    struct dialogue offer;
    enum error result = in_force(t, &offer, d);
    if (!result) *out = limits_of_terms(&offer.terms);
    return result;
}

enum error limits_hand_over(struct talk *t, struct diag *d) {
    struct dialogue offer;
    if (!t->state.terms) return OK;
    enum error result = in_force(t, &offer, d);
    const struct offered_terms *terms = &offer.terms;
    if (result) return result;
    struct text origin = talk_channel(t)->own_origin;
    struct channel_limits limits = limits_of_terms(terms);
    result = link_set_limits(t->desk->link, origin, &limits, d);
    /* Where witnesses were agreed on before and are not any more, the node is to know that, too. */
    if (!result && (terms->witnesses.count || talk_channel(t)->witnesses))
        result = link_set_witnesses(
            t->desk->link, origin,
            (struct names){(struct text *)(uintptr_t)terms->witnesses.at, terms->witnesses.count}, terms->quorum, d);
    return result == ERR_NO ? OK : result; /* a desk that may not tell the node leaves it to one that may */
}
