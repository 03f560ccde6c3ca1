/* What a review measures, and how it is told. */
#include "desk/review.h"

#define AT(field) offsetof(struct review_party, field)
#define GROUP(label)                                                                                                   \
    { NULL, label, MEASURE_COUNT, 0 }
const struct measure review_measures[] = {
    GROUP(N_("What it was asked")),
    {"inquiries", N_("inquiries"), MEASURE_COUNT, AT(inquiries)},
    {"claims", N_("claims"), MEASURE_COUNT, AT(claims)},
    {"inadmissible", N_("claims without a checkable fact"), MEASURE_COUNT, AT(inadmissible)},
    {"acknowledge_time", N_("from delivery to the first word"), MEASURE_SPREAD, AT(acknowledge.taken)},
    {"acknowledge_due", N_("deadlines to acknowledge"), MEASURE_COUNT, AT(acknowledge.count)},
    {"acknowledge_lapsed", N_("lapsed of them"), MEASURE_COUNT, AT(acknowledge.lapsed)},
    {"answer_time", N_("from delivery to the whole answer"), MEASURE_SPREAD, AT(answer.taken)},
    {"answer_due", N_("deadlines to answer"), MEASURE_COUNT, AT(answer.count)},
    {"answer_lapsed", N_("lapsed of them"), MEASURE_COUNT, AT(answer.lapsed)},
    {"answer_open", N_("still running of them"), MEASURE_COUNT, AT(answer.open)},
    {"declined", N_("cases declined"), MEASURE_COUNT, AT(declined)},
    {"transferred", N_("cases transferred"), MEASURE_COUNT, AT(transferred)},
    GROUP(N_("What it found")),
    {"facts", N_("facts to be checked"), MEASURE_COUNT, AT(facts)},
    {"answered", N_("facts with a finding"), MEASURE_COUNT, AT(answered)},
    {"confirmed", NC_("finding", "confirmed"), MEASURE_COUNT, AT(findings[FINDING_CONFIRMED])},
    {"remediated", NC_("finding", "remediated"), MEASURE_COUNT, AT(findings[FINDING_REMEDIATED])},
    {"relayed", NC_("finding", "relayed"), MEASURE_COUNT, AT(findings[FINDING_RELAYED])},
    {"refuted", NC_("finding", "refuted"), MEASURE_COUNT, AT(findings[FINDING_REFUTED])},
    {"not-seen", NC_("finding", "not-seen"), MEASURE_COUNT, AT(findings[FINDING_NOT_SEEN])},
    {"no-records", NC_("finding", "no-records"), MEASURE_COUNT, AT(findings[FINDING_NO_RECORDS])},
    {"not-ours", NC_("finding", "not-ours"), MEASURE_COUNT, AT(findings[FINDING_NOT_OURS])},
    {"insufficient", NC_("finding", "insufficient"), MEASURE_COUNT, AT(findings[FINDING_INSUFFICIENT])},
    {"covered", N_("findings by records that cover the fact"), MEASURE_COUNT, AT(covered)},
    {"reversals", N_("findings that a later answer changed"), MEASURE_COUNT, AT(reversals)},
    GROUP(N_("What it received")),
    {"receipt_time", N_("from the sender's time to the receipt"), MEASURE_SPREAD, AT(receipts)},
    {"unreceipted", N_("messages without a receipt"), MEASURE_COUNT, AT(unreceipted)},
    {"unreceipted_since", N_("the oldest of them, by the sender's time"), MEASURE_TIME, AT(unreceipted_since)},
    {"unreadable", N_("messages declared unreadable"), MEASURE_COUNT, AT(unreadable)},
    GROUP(N_("What it said")),
    {"messages", N_("messages that count"), MEASURE_COUNT, AT(messages)},
    {"corrected", N_("claims corrected"), MEASURE_COUNT, AT(corrected)},
    {"withdrawn", N_("times that it took a case back"), MEASURE_COUNT, AT(withdrawn)},
    {"reopened", N_("times that it reopened a case"), MEASURE_COUNT, AT(reopened)},
    {"consulted", N_("own cases that came to a consultation"), MEASURE_COUNT, AT(consulted)},
    {"settled", N_("own cases that were settled"), MEASURE_COUNT, AT(settled)},
    {"offers", N_("offers"), MEASURE_COUNT, AT(offers)},
    {"offers_accepted", N_("accepted of them"), MEASURE_COUNT, AT(offers_accepted)},
    {"offers_declined", N_("declined of them"), MEASURE_COUNT, AT(offers_declined)},
    {"offers_open", N_("open of them"), MEASURE_COUNT, AT(offers_open)},
    {"contradictions", N_("entries that contradict the other record"), MEASURE_COUNT, AT(contradictions)},
};
const size_t review_measure_count = COUNT(review_measures);

/* Findings are called as everywhere else. */
const char *measure_label(const struct measure *m) {
    const char *word = word_shown("finding", m->label);
    return word == m->label ? gettext(m->label) : word;
}

static const void *field(const struct measure *m, const struct review_party *p) { return (const char *)p + m->offset; }

uint64_t measure_count(const struct measure *m, const struct review_party *p) { return *(const uint64_t *)field(m, p); }
const struct spread *measure_spread(const struct measure *m, const struct review_party *p) { return field(m, p); }

/* "median 2h 5m, nine tenths within 7h, longest 2d (12)" */
static void put_spread(const struct spread *s, struct buf *out) {
    if (!s->count) return;
    buf_format(out, "%s ", _("median"));
    buf_length(out, spread_percentile(s, 50));
    if (s->count < 2) return;
    buf_format(out, ", %s ", _("nine tenths within"));
    buf_length(out, spread_percentile(s, 90));
    buf_format(out, ", %s ", _("longest"));
    buf_length(out, s->at[s->count - 1]);
}

void measure_cell(const struct measure *m, const struct review_party *p, struct buf *out) {
    if (m->form == MEASURE_COUNT) buf_u64(out, measure_count(m, p));
    if (m->form == MEASURE_SPREAD) put_spread(measure_spread(m, p), out);
    if (m->form == MEASURE_TIME) buf_instant(out, *(const instant *)field(m, p));
}

/* ---- JSON */

static json_t *spread_json(const struct spread *s) {
    json_t *object = json_object();
    json_put_u64(object, "count", s->count);
    if (!s->count) return object;
    json_put_u64(object, "median_seconds", (uint64_t)(spread_percentile(s, 50) / INSTANT_SECOND));
    json_put_u64(object, "ninth_decile_seconds", (uint64_t)(spread_percentile(s, 90) / INSTANT_SECOND));
    json_put_u64(object, "longest_seconds", (uint64_t)(s->at[s->count - 1] / INSTANT_SECOND));
    return object;
}

static json_t *party_json(const struct review_party *p) {
    json_t *object = json_object();
    for (size_t i = 0; i < review_measure_count; i++) {
        const struct measure *m = &review_measures[i];
        if (!m->name) continue;
        if (m->form == MEASURE_COUNT) json_put_u64(object, m->name, measure_count(m, p));
        if (m->form == MEASURE_SPREAD) json_put(object, m->name, spread_json(measure_spread(m, p)));
        if (m->form == MEASURE_TIME) json_put(object, m->name, json_from_instant(*(const instant *)field(m, p)));
    }
    return object;
}

json_t *review_json(const struct review *r) {
    const struct channel_verdict *c = &r->state->channel;
    json_t *object = json_object(), *by = json_object(), *cut = json_object();
    for (unsigned p = 0; p < 2; p++) {
        struct text name = c->view->parties[p].party;
        json_t *sizes = json_array();
        for (size_t g = 0; g < c->generations; g++) json_add(sizes, json_integer((json_int_t)c->cuts[g].of[p]));
        ASSERT(json_object_setn_new(cut, name.at, name.size, sizes) == 0);
        ASSERT(json_object_setn_new(by, name.at, name.size, party_json(&r->by[p])) == 0);
    }
    json_put(object, "by", by);
    json_put(object, "cut", cut);
    json_put(object, "as_of", json_from_instant(r->state->as_of));
    json_put_bool(object, "drill", c->drill);
    return object;
}

/* ---- a page for terminals and paper */

enum { LABEL_COLUMNS = 44, CELL_COLUMNS = 48 };

void review_page(const struct review *r, struct buf *out) {
    const struct channel_verdict *c = &r->state->channel;
    struct buf cell = {.max = 4096};
    buf_pad(out, TEXT(""), LABEL_COLUMNS);
    for (unsigned p = 0; p < 2; p++) buf_pad(out, c->view->parties[p].party, p ? 0 : CELL_COLUMNS);
    buf_char(out, '\n');
    for (size_t i = 0; i < review_measure_count; i++) {
        const struct measure *m = &review_measures[i];
        if (!m->name) {
            buf_format(out, "%s\n", gettext(m->label));
            continue;
        }
        buf_string(out, "  ");
        buf_pad(out, text_of(measure_label(m)), LABEL_COLUMNS - 2);
        for (unsigned p = 0; p < 2; p++) {
            buf_clear(&cell);
            measure_cell(m, &r->by[p], &cell);
            buf_pad(out, cell.size ? buf_as_text(&cell) : TEXT("-"), p ? 0 : CELL_COLUMNS);
        }
        buf_char(out, '\n');
    }
    buf_free(&cell);
}
