/* Fact sheets to what claims say of them. */
#include "claim/from_fact.h"

#include "base/map.h"

bool fact_can_be_checked(const struct fact *f) {
    bool timed = f->first != INSTANT_NONE && f->last != INSTANT_NONE && f->first <= f->last;
    return timed && ((f->known & (KNOWN_SRC | KNOWN_DST)) || f->object.size);
}

static bool any_can_be_checked(struct sheet s) {
    for (size_t i = 0; i < s.count; i++)
        if (fact_can_be_checked(&s.at[i])) return true;
    return false;
}

/* "brute-force,scanner": each once, bytewise. */
static struct text events_of(struct sheet s, struct arena *a) {
    struct map events = {.arena = a};
    struct buf line = {.max = MEMBER_LINE_MAX};
    for (size_t i = 0; i < s.count; i++)
        if (s.at[i].event.size) (void)map_put(&events, s.at[i].event);
    struct text *names = ARENA_ARRAY(a, struct text, events.count);
    map_list(&events, names, NULL);
    for (size_t i = 0; i < events.count; i++) {
        if (i) buf_char(&line, ',');
        buf_text(&line, names[i]);
    }
    /* All types of the taxonomy together fit, and a sheet has no others. */
    ASSERT(!line.failed);
    struct text all = arena_text(a, buf_as_text(&line));
    buf_free(&line);
    return all;
}

static struct text hex_of(struct sha256 sha, struct arena *a) {
    char hex[SHA256_HEX];
    return arena_text(a, sha256_hex(&sha, hex));
}

static enum error add_evidence(const struct evidence *e, struct sha256 sheet, struct arena *a, struct claim *c,
                               struct diag *d) {
    struct text of = hex_of(e->sheet, a);
    if (!sha256_equal(e->sheet, sheet))
        return fail(d, ERR_PROOF, _("the evidence is of the sheet %.*s, not of %.*s"), TEXT_ARG(of),
                    TEXT_ARG(c->sheet));
    enum error result = evidence_check(e, d);
    if (result) return result;
    c->evidence_root = hex_of(evidence_root(e), a);
    c->evidence_size = e->count;
    return OK;
}

enum error claim_from_fact(struct bytes file, const struct evidence *evidence, struct arena *a, struct claim *out,
                           struct diag *d) {
    struct claim c = CLAIM_EMPTY;
    struct sheet sheet;
    struct sha256 name = sheet_hash(file);
    enum error result = sheet_read(file, a, &sheet, d);
    if (result) return result;
    if (!any_can_be_checked(sheet))
        return fail(d, ERR_INPUT,
                    _("a claim rests on at least one fact that can be checked: expected a row with first_seen, "
                      "last_seen and an address or object, found none in %zu"),
                    sheet.count);
    c.sheet = hex_of(name, a);
    c.rows = sheet.count;
    c.events = events_of(sheet, a);
    if (evidence) result = add_evidence(evidence, name, a, &c, d);
    if (!result) *out = c;
    return result;
}

enum error claim_fits(const struct claim *c, struct bytes file, struct arena *a, struct diag *d) {
    struct claim says;
    enum error result = claim_from_fact(file, NULL, a, &says, d);
    if (result) return result;
    if (!text_equal(c->sheet, says.sheet))
        return fail(d, ERR_INPUT, _("the claim rests on the sheet %.*s, found %.*s"), TEXT_ARG(c->sheet),
                    TEXT_ARG(says.sheet));
    if (c->rows != says.rows)
        return fail(d, ERR_INPUT,
                    _n("the claim speaks of %llu fact, and its sheet has %llu",
                       "the claim speaks of %llu facts, and its sheet has %llu", c->rows),
                    (unsigned long long)c->rows, (unsigned long long)says.rows);
    if (c->events.size && !text_equal(c->events, says.events))
        return fail(d, ERR_INPUT, _("the claim speaks of the events “%.*s”, and its sheet of “%.*s”"),
                    TEXT_ARG(c->events), TEXT_ARG(says.events));
    return OK;
}
