#include "vector.h"

#include <stdlib.h>
#include <string.h>

#include "json/json.h"

/* ---- parts */

static struct names names_in(const json_t *object, const char *key, struct arena *a) {
    const json_t *list = json_object_get(object, key);
    struct text *at = ARENA_ARRAY(a, struct text, json_array_size(list));
    for (size_t i = 0; i < json_array_size(list); i++) at[i] = json_as_text(json_array_get(list, i));
    return (struct names){at, json_array_size(list)};
}

static instant time_in(const json_t *object, const char *key) {
    instant t;
    return instant_read(json_text(object, key), &t) ? t : INSTANT_NONE;
}

static uint64_t number_in(const json_t *object, const char *key, uint64_t otherwise) {
    uint64_t n;
    return json_u64(object, key, &n) ? n : otherwise;
}

static struct officer *officers_in(const json_t *card, size_t *count, struct arena *a) {
    const json_t *list = json_object_get(card, "officers");
    *count = json_array_size(list);
    struct officer *officers = ARENA_ARRAY(a, struct officer, *count);
    for (size_t i = 0; i < *count; i++) {
        const json_t *one = json_array_get(list, i);
        officers[i] = (struct officer){.name = json_text(one, "name"),
                                       .department = json_text(one, "department"),
                                       .key = json_text(one, "key"),
                                       .roles = names_in(one, "roles", a)};
    }
    return officers;
}

static struct clearance *clearances_in(const json_t *card, size_t *count, struct arena *a) {
    const json_t *list = json_object_get(card, "clearance");
    *count = json_array_size(list);
    struct clearance *clearances = ARENA_ARRAY(a, struct clearance, *count);
    for (size_t i = 0; i < *count; i++) {
        const json_t *one = json_array_get(list, i);
        clearances[i] = (struct clearance){.kinds = names_in(one, "kinds", a),
                                           .number = number_in(one, "number", 0),
                                           .roles = names_in(one, "roles", a)};
        if (!tlp_read(json_text(one, "tlp"), &clearances[i].tlp)) clearances[i].tlp = TLP_CLEAR;
    }
    return clearances;
}

static const struct card *card_in(const json_t *json, struct arena *a) {
    if (!json) return NULL;
    struct card *card = ARENA_NEW(a, struct card);
    card->id = json_text(json, "id");
    card->serial = number_in(json, "serial", 0);
    card->previous = json_text(json, "previous");
    card->mirrors = names_in(json, "mirror", a);
    card->officers = officers_in(json, &card->officer_count, a);
    card->clearances = clearances_in(json, &card->clearance_count, a);
    return card;
}

/* ---- leaves */

static struct leaf_receipt *receipts_in(const json_t *entry, size_t *count, struct arena *a) {
    const json_t *list = json_list(entry, "receipts");
    *count = json_array_size(list);
    struct leaf_receipt *receipts = ARENA_ARRAY(a, struct leaf_receipt, *count);
    for (size_t i = 0; i < *count; i++) {
        const json_t *one = json_array_get(list, i);
        receipts[i] = (struct leaf_receipt){.size = number_in(one, "size", 0),
                                            .stamp = time_in(one, "stamp"),
                                            .key = json_text(one, "key"),
                                            .ok = json_bool(one, "ok")};
    }
    return receipts;
}

static struct leaf_follows *follows_in(const json_t *entry, size_t *count, struct arena *a) {
    const json_t *list = json_list(entry, "follows");
    *count = json_array_size(list);
    struct leaf_follows *follows = ARENA_ARRAY(a, struct leaf_follows, *count);
    for (size_t i = 0; i < *count; i++) {
        const json_t *one = json_array_get(list, i);
        follows[i] = (struct leaf_follows){
            .channel = json_text(one, "channel"), .size = number_in(one, "size", 0), .ok = json_bool(one, "ok")};
    }
    return follows;
}

static struct leaf leaf_in(const json_t *entry, struct arena *a) {
    const json_t *seen = json_child(entry, "seen"), *card = json_child(entry, "card");
    struct leaf leaf = {.time = time_in(entry, "time"),
                        .malformed = json_bool(entry, "malformed"),
                        .seen = {number_in(seen, "size", 0), json_bool(seen, "ok")},
                        .erase = names_in(entry, "erase", a),
                        .attachments = names_in(entry, "attachments", a),
                        .card = card_in(card, a),
                        .card_ok = json_bool(card, "ok"),
                        .has_message = json_child(entry, "message"),
                        .blob_ok = !json_is_false(json_object_get(entry, "blob_ok"))};
    leaf.follows = follows_in(entry, &leaf.follows_count, a);
    leaf.receipts = receipts_in(entry, &leaf.receipt_count, a);
    return leaf;
}

static struct record_view record_in(const json_t *record, struct arena *a) {
    const json_t *entries = json_list(record, "entries");
    struct leaf *leaves = ARENA_ARRAY(a, struct leaf, json_array_size(entries));
    for (size_t i = 0; i < json_array_size(entries); i++) leaves[i] = leaf_in(json_array_get(entries, i), a);
    return (struct record_view){json_text(record, "channel"), json_text(record, "origin"), leaves,
                                json_array_size(entries)};
}

static struct party_view party_in(const char *name, const json_t *list, struct arena *a) {
    struct record_view *records = ARENA_ARRAY(a, struct record_view, json_array_size(list));
    for (size_t g = 0; g < json_array_size(list); g++) records[g] = record_in(json_array_get(list, g), a);
    return (struct party_view){text_of(name), records, json_array_size(list)};
}

/* ---- messages */

static struct sha256 identity_of(const json_t *message) {
    json_t *text = json_copy((json_t *)(uintptr_t)message);
    json_object_del(text, "signatures");
    char *written = json_dumps(text, JSON_SORT_KEYS | JSON_COMPACT);
    ASSERT(written);
    struct sha256 identity = sha256_of(bytes_from_text(text_of(written)));
    free(written);
    json_decref(text);
    return identity;
}

static const struct head *head_in(const json_t *message, struct arena *a) {
    struct head *head = ARENA_NEW(a, struct head);
    *head = (struct head){.record = json_text(message, "record"),
                          .id = json_text(message, "id"),
                          .own = number_in(message, "own", 0),
                          .read = number_in(message, "read", 0),
                          .kind = json_text(message, "kind"),
                          .matter = json_text(message, "case"),
                          .from = json_text(message, "from"),
                          .by = json_text(message, "by"),
                          .to = json_text(message, "to"),
                          .tlp = json_text(message, "tlp")};
    return head;
}

static struct row_finding *findings_in(const json_t *body, size_t *count, struct arena *a) {
    json_t *list = json_child(body, "findings"), *word;
    struct row_finding *findings = ARENA_ARRAY(a, struct row_finding, json_object_size(list));
    const char *row;
    *count = 0;
    json_object_foreach(list, row, word) {
        struct row_finding *f = &findings[*count];
        if (text_u64(text_of(row), &f->row) && finding_read(json_as_text(word), &f->word)) ++*count;
    }
    return findings;
}

static enum reply_word reply_in(const json_t *body) {
    static const char *const words[] = {
        [REPLY_ACCEPT] = "accept", [REPLY_DECLINE] = "decline", [REPLY_COUNTER] = "counter"};
    for (enum reply_word w = REPLY_ACCEPT; w <= REPLY_COUNTER; w++)
        if (text_is(json_text(body, "reply"), words[w])) return w;
    return REPLY_OTHER;
}

static struct terms terms_in(const json_t *body) {
    const json_t *terms = json_child(body, "terms");
    return (struct terms){.given = json_object_size(terms) > 0,
                          .answer_within_hours = number_in(terms, "answer_within_hours", HOURS_NONE),
                          .acknowledge_within_hours = number_in(terms, "acknowledge_within_hours", HOURS_NONE)};
}

static struct meaning meaning_in(const json_t *body, struct arena *a) {
    struct meaning m = MEANING_EMPTY;
    m.sheet = json_text(body, "sheet");
    m.rows = number_in(body, "rows", 0);
    m.findings = findings_in(body, &m.finding_count, a);
    m.text = json_text(body, "text");
    m.supersedes = json_text(body, "supersedes");
    m.reply = reply_in(body);
    m.to = json_text(body, "to");
    m.about = json_text(body, "about");
    m.terms = terms_in(body);
    m.until = time_in(body, "until");
    m.entry = number_in(body, "entry", ENTRY_NONE);
    m.relation = json_text(body, "relation");
    m.matter = json_text(body, "case");
    if (!tlp_read(json_text(body, "consent"), &m.consent)) m.consent = TLP_NONE;
    return m;
}

static struct statement statement_in(const json_t *message, unsigned party, size_t generation, uint64_t index,
                                     struct arena *a) {
    return (struct statement){.party = party,
                              .generation = generation,
                              .index = index,
                              .head = head_in(message, a),
                              .identity = identity_of(message),
                              .attached = names_in(message, "attach", a),
                              .signatures = names_in(message, "signatures", a),
                              .meaning = meaning_in(json_child(message, "body"), a)};
}

static size_t count_entries(json_t *records) {
    const char *name;
    json_t *list, *record;
    size_t g, count = 0;
    json_object_foreach(records, name, list) {
        json_array_foreach(list, g, record) count += json_array_size(json_list(record, "entries"));
    }
    return count;
}

static size_t statements_in(json_t *records, unsigned party, struct statement *out, struct arena *a) {
    size_t g, i, count = 0;
    json_t *record, *entry;
    json_array_foreach(records, g, record) {
        json_array_foreach(json_list(record, "entries"), i, entry) {
            const json_t *message = json_child(entry, "message");
            if (message) out[count++] = statement_in(message, party, g, i, a);
        }
    }
    return count;
}

/* ---- all of it */

static struct cut *cuts_in(const json_t *json, const struct channel_view *v, struct arena *a) {
    const json_t *cut = json_child(json, "cut");
    if (!cut) return NULL;
    struct cut *cuts = ARENA_ARRAY(a, struct cut, view_generations(v));
    for (unsigned p = 0; p < 2; p++) {
        const json_t *sizes = json_object_getn(cut, v->parties[p].party.at, v->parties[p].party.size);
        for (size_t g = 0; g < view_generations(v); g++) {
            json_int_t size = json_integer_value(json_array_get(sizes, g));
            cuts[g].of[p] = size > 0 ? (uint64_t)size : 0;
        }
    }
    return cuts;
}

enum error vector_read(const json_t *json, struct arena *a, struct vector *out, struct diag *d) {
    json_t *records = json_child(json, "records"), *list;
    const char *name;
    unsigned p = 0;
    if (json_object_size(records) != 2) return fail(d, ERR_INPUT, "expected the records of two parties");
    struct statement *statements = ARENA_ARRAY(a, struct statement, count_entries(records));
    struct vector v = {.statements = statements, .as_of = time_in(json, "as_of")};
    if (v.as_of == INSTANT_NONE) return fail(d, ERR_INPUT, "expected as_of, a time");
    json_object_foreach(records, name, list) {
        v.view.parties[p] = party_in(name, list, a);
        v.count += statements_in(list, p, statements + v.count, a);
        p++;
    }
    v.cuts = cuts_in(json, &v.view, a);
    *out = v;
    return OK;
}
