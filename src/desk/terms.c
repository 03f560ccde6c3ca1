#include "desk/terms.h"

#include <stddef.h>

#include "desk/limits.h"

enum holder { BY_RULES, BY_DESK, BY_NODE, BY_WITNESSES, BY_CHECK_IN, BY_PEOPLE };

/* Who sees to it that a term is kept.  What is said here is what the program does, and no more. */
static const struct {
    const char *name, *words;
} holders[] = {
    [BY_RULES] = {"rules", N_("the rules mark what is late, on both sides alike")},
    [BY_DESK] = {"desk", N_("the desk refuses to send more, and the other side's node to take it")},
    [BY_NODE] = {"node", N_("the node of each side takes and serves no more")},
    [BY_WITNESSES] =
        {"node", N_("the node has them cosign, where the term tells their address; `parley status` shows the quorum")},
    [BY_CHECK_IN] = {"people", N_("binds people: `parley check-in` shows whose last sign of life is older")},
    [BY_PEOPLE] = {"people", N_("binds people: parley shows it, and enforces nothing")},
};

enum term_type { TERM_NUMBER, TERM_TRUTH, TERM_KEYS };

static const struct {
    const char *name, *words;
    size_t offset;
    enum term_type type;
    enum holder holder;
} rows[] = {
#define TERM(member, words, type, holder)                                                                              \
    { #member, words, offsetof(struct offered_terms, member), TERM_##type, BY_##holder }
    TERM(acknowledge_within_hours, N_("hours to acknowledge"), NUMBER, RULES),
    TERM(answer_within_hours, N_("hours to answer"), NUMBER, RULES),
    TERM(check_in_every_hours, N_("hours between check-ins"), NUMBER, CHECK_IN),
    TERM(blob_bytes_max, N_("bytes of a blob at most"), NUMBER, DESK),
    TERM(total_bytes_max, N_("bytes of all blobs at most"), NUMBER, NODE),
    TERM(window_entries, N_("entries beyond the last receipt at most"), NUMBER, NODE),
    TERM(retain_days, N_("days of retention"), NUMBER, PEOPLE),
    TERM(witnesses, N_("witness"), KEYS, WITNESSES),
    TERM(quorum, N_("quorum of the witnesses"), NUMBER, WITNESSES),
    TERM(no_press, N_("no press before both agree"), TRUTH, PEOPLE),
#undef TERM
};

static const void *member(const struct offered_terms *t, size_t row) { return (const char *)t + rows[row].offset; }

static uint64_t number_of(const struct offered_terms *t, size_t row) { return *(const uint64_t *)member(t, row); }

static const struct member_list *keys_of(const struct offered_terms *t, size_t row) { return member(t, row); }

static bool is_given(const struct offered_terms *t, size_t row) {
    switch (rows[row].type) {
    case TERM_NUMBER: return number_of(t, row) != HOURS_NONE;
    case TERM_TRUTH: return *(const bool *)member(t, row);
    case TERM_KEYS: return keys_of(t, row)->count > 0;
    }
    return false;
}

/* ---- for people */

static void put_keys(const struct member_list *keys, struct buf *out) {
    const struct text *at = keys->at;
    for (size_t i = 0; i < keys->count; i++) {
        if (i) buf_string(out, ", ");
        buf_line(out, at[i]);
    }
}

/* Its value, without its name. */
static void put_value(const struct offered_terms *t, size_t row, struct buf *out) {
    if (!is_given(t, row))
        buf_string(out, _("none"));
    else if (rows[row].type == TERM_NUMBER)
        buf_u64(out, number_of(t, row));
    else if (rows[row].type == TERM_KEYS)
        put_keys(keys_of(t, row), out);
    else
        buf_string(out, _("yes"));
}

static void put_term(const struct offered_terms *t, size_t row, struct buf *out) {
    buf_string(out, gettext(rows[row].words));
    if (rows[row].type == TERM_TRUTH) return;
    buf_string(out, ": ");
    put_value(t, row, out);
}

void terms_line(const struct offered_terms *t, size_t from, struct buf *out) {
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (!is_given(t, i)) continue;
        if (out->size > from) buf_string(out, "; ");
        put_term(t, i, out);
    }
}

void terms_page(const struct offered_terms *t, const char *indent, struct buf *out) {
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (!is_given(t, i)) continue;
        buf_string(out, indent);
        put_term(t, i, out);
        buf_format(out, "\n%s    %s\n", indent, gettext(holders[rows[i].holder].words));
        /* A counterparty may have offered less than a node goes down to. */
        bool bytes = rows[i].offset == offsetof(struct offered_terms, blob_bytes_max) ||
                     rows[i].offset == offsetof(struct offered_terms, total_bytes_max);
        if (bytes && number_of(t, i) < LIMITS_BLOB_MIN)
            buf_format(out, _("%s    a node takes %d at least, so that messages themselves get through\n"), indent,
                       LIMITS_BLOB_MIN);
    }
}

static bool same_term(const struct offered_terms *a, const struct offered_terms *b, size_t row) {
    if (rows[row].type == TERM_NUMBER) return number_of(a, row) == number_of(b, row);
    if (rows[row].type == TERM_TRUTH) return is_given(a, row) == is_given(b, row);
    const struct member_list *x = keys_of(a, row), *y = keys_of(b, row);
    const struct text *left = x->at, *right = y->at;
    bool same = x->count == y->count;
    for (size_t i = 0; same && i < x->count; i++) same = text_equal(left[i], right[i]);
    return same;
}

void terms_changes_line(const struct offered_terms *before, const struct offered_terms *after, struct buf *out) {
    size_t from = out->size;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (same_term(before, after, i)) continue;
        if (out->size > from) buf_string(out, "; ");
        buf_format(out, "%s: ", gettext(rows[i].words));
        put_value(before, i, out);
        buf_string(out, " → ");
        put_value(after, i, out);
    }
}

/* ---- for programs */

static json_t *value_json(const struct offered_terms *t, size_t row) {
    if (rows[row].type == TERM_TRUTH) return json_boolean(is_given(t, row));
    if (rows[row].type == TERM_NUMBER)
        return is_given(t, row) && number_of(t, row) <= INT64_MAX ? json_integer((json_int_t)number_of(t, row))
                                                                  : json_null();
    const struct text *at = keys_of(t, row)->at;
    json_t *keys = json_array();
    for (size_t i = 0; i < keys_of(t, row)->count; i++) json_add_text(keys, at[i]);
    return keys;
}

json_t *terms_json(const struct offered_terms *t) {
    json_t *terms = json_object();
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].type != TERM_NUMBER || is_given(t, i)) json_put(terms, rows[i].name, value_json(t, i));
    return terms;
}

json_t *terms_held_json(const struct offered_terms *t) {
    json_t *held = json_object();
    for (size_t i = 0; i < COUNT(rows); i++)
        if (is_given(t, i)) json_put_text(held, rows[i].name, text_of(holders[rows[i].holder].name));
    return held;
}

json_t *terms_changes_json(const struct offered_terms *before, const struct offered_terms *after) {
    json_t *changes = json_object();
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (same_term(before, after, i)) continue;
        json_t *both = json_array();
        json_add(both, value_json(before, i));
        json_add(both, value_json(after, i));
        json_put(changes, rows[i].name, both);
    }
    return changes;
}
