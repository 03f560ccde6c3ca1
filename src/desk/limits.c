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

enum error limits_in_force(struct talk *t, struct channel_limits *out, struct diag *d) {
    struct dialogue offer = DIALOGUE_EMPTY;
    const struct said *said = t->state.terms ? talk_said(t, t->state.terms) : NULL;
    enum error result = said ? dialogue_from_message(&said->message, &t->arena, &offer, d) : OK;
    if (!result) *out = limits_of_terms(&offer.terms);
    return result;
}

enum error limits_hand_over(struct talk *t, struct diag *d) {
    struct channel_limits limits;
    if (!t->state.terms) return OK;
    enum error result = limits_in_force(t, &limits, d);
    if (!result) result = link_set_limits(t->desk->link, talk_channel(t)->own_origin, &limits, d);
    return result == ERR_NO ? OK : result; /* a desk that may not tell the node leaves it to one that may */
}
