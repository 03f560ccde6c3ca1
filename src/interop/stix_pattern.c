#include "interop/stix_pattern.h"

#include <string.h>

#include "interop/report.h"

struct pattern {
    struct text rest;
    struct arena *arena;
    struct fact *facts;
    size_t count, room, left;
    bool side_guessed;
};
struct comparison {
    struct text path;
    struct text values[STIX_PATTERN_VALUES_MAX];
    size_t count;
};

/* ---- words */

static void skip_space(struct pattern *p) {
    while (p->rest.size && strchr(" \t\r\n", p->rest.at[0]) && p->rest.at[0])
        p->rest = text_sub(p->rest, 1, p->rest.size);
}

static bool sign(struct pattern *p, struct text word) {
    skip_space(p);
    return text_skip(&p->rest, word);
}

static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static bool word(struct pattern *p, struct text word) {
    struct text before = p->rest;
    if (sign(p, word) && (!p->rest.size || !is_name(p->rest.at[0]))) return true;
    p->rest = before;
    return false;
}

/* Without the quotes around parts: `file:hashes.'SHA-256'` and `file:hashes.SHA-256` are one. */
static bool path(struct pattern *p, struct text *out) {
    char spelled[128];
    size_t size = 0;
    skip_space(p);
    for (; p->rest.size && size < sizeof spelled; p->rest = text_sub(p->rest, 1, p->rest.size)) {
        char c = p->rest.at[0];
        if (c == '\'' || c == '"') continue;
        if (!is_name(c) && !(c && strchr(":.[]*", c))) break;
        spelled[size++] = c;
    }
    *out = arena_text(p->arena, (struct text){spelled, size});
    return size && size < sizeof spelled;
}

/* 'text' with \' and \\ for quotes and backslashes in it, or a number. */
static bool literal(struct pattern *p, struct text *out) {
    struct text t;
    size_t size = 0, at = 1;
    skip_space(p);
    t = p->rest;
    if (!t.size) return false;
    if (t.at[0] != '\'') {
        while (size < t.size && t.at[size] >= '0' && t.at[size] <= '9') size++;
        *out = text_sub(t, 0, size);
        p->rest = text_sub(t, size, t.size);
        return size > 0;
    }
    while (at < t.size && t.at[at] != '\'') at += t.at[at] == '\\' ? 2 : 1;
    if (at >= t.size || at > 2 * OBJECT_MAX) return false;
    char *copy = arena_take(p->arena, at, 1);
    for (size_t i = 1; i < at; i++) {
        if (t.at[i] == '\\') i++;
        copy[size++] = t.at[i];
    }
    *out = (struct text){copy, size};
    p->rest = text_sub(t, at + 1, t.size);
    return true;
}

static bool comparison(struct pattern *p, struct comparison *out) {
    out->count = 0;
    if (!path(p, &out->path)) return false;
    if (sign(p, TEXT("=="))) return literal(p, &out->values[out->count++]);
    if (sign(p, TEXT("="))) return literal(p, &out->values[out->count++]);
    if (!word(p, TEXT("IN")) || !sign(p, TEXT("("))) return false;
    do
        if (out->count == STIX_PATTERN_VALUES_MAX || !literal(p, &out->values[out->count++])) return false;
    while (sign(p, TEXT(",")));
    return sign(p, TEXT(")"));
}

/* ---- what a comparison says of a fact: false where it can't be held, or another value stands there */

bool stix_read_address(struct text t, struct ip *out) {
    struct text rest = t, address;
    if (!text_cut(&rest, '/', &address)) return ip_read(t, out);
    return ip_read(address, out) && text_is(rest, ip_is_v4(*out) ? "32" : "128");
}

static bool set_end(struct text value, unsigned bit, struct fact *f) {
    f->known |= bit;
    return stix_read_address(value, bit == KNOWN_SRC ? &f->src : &f->dst);
}
static bool set_port(struct text value, unsigned bit, struct fact *f) {
    uint64_t port = 0;
    if (!text_u64(value, &port) || port > UINT16_MAX) return false;
    *(bit == KNOWN_SRC_PORT ? &f->src_port : &f->dst_port) = (uint16_t)port;
    f->known |= bit;
    return true;
}

enum set { SET_ADDRESS, SET_SRC, SET_DST, SET_SRC_PORT, SET_DST_PORT, SET_PROTOCOL, SET_OBJECT, SET_NOTHING };
static const struct row {
    const char *path;
    enum set set;
    const char *kind; /* of an object */
} rows[] = {
    {"ipv4-addr:value", SET_ADDRESS, NULL},
    {"ipv6-addr:value", SET_ADDRESS, NULL},
    {"network-traffic:src_ref.value", SET_SRC, NULL},
    {"network-traffic:dst_ref.value", SET_DST, NULL},
    {"network-traffic:src_ref.type", SET_NOTHING, NULL},
    {"network-traffic:dst_ref.type", SET_NOTHING, NULL},
    {"network-traffic:src_port", SET_SRC_PORT, NULL},
    {"network-traffic:dst_port", SET_DST_PORT, NULL},
    {"network-traffic:protocols[*]", SET_PROTOCOL, NULL},
    {"network-traffic:protocols[0]", SET_PROTOCOL, NULL},
    {"domain-name:value", SET_OBJECT, "domain"},
    {"url:value", SET_OBJECT, "url"},
    {"email-addr:value", SET_OBJECT, "mail"},
    {"email-message:from_ref.value", SET_OBJECT, "mail"},
    {"email-message:sender_ref.value", SET_OBJECT, "mail"},
    {"user-account:account_login", SET_OBJECT, "account"},
    {"user-account:user_id", SET_OBJECT, "account"},
    {"file:hashes.SHA-256", SET_OBJECT, "sha256"},
    {"file:hashes.SHA256", SET_OBJECT, "sha256"},
    {"file:hashes.sha256", SET_OBJECT, "sha256"},
};

static const struct row *row_of(struct text path) {
    for (size_t i = 0; i < COUNT(rows); i++)
        if (text_is(path, rows[i].path)) return &rows[i];
    return NULL;
}

static bool set_protocol(struct text value, struct fact *f) {
    if (text_is(value, "ipv4") || text_is(value, "ipv6")) return true;
    f->protocol = value;
    return true;
}

static bool set_object(struct pattern *p, const struct row *row, struct text value, struct fact *f) {
    if (!strcmp(row->kind, "sha256")) {
        char *lower = arena_string(p->arena, value);
        for (size_t i = 0; i < value.size; i++)
            if (lower[i] >= 'A' && lower[i] <= 'Z') lower[i] = (char)(lower[i] - 'A' + 'a');
        value.at = lower;
    }
    f->object = object_of(p->arena, row->kind, value);
    return f->object.size > 0;
}

static bool taken(const struct row *row, const struct fact *f) {
    static const unsigned bits[] = {
        [SET_ADDRESS] = KNOWN_SRC,       [SET_SRC] = KNOWN_SRC,           [SET_DST] = KNOWN_DST,
        [SET_SRC_PORT] = KNOWN_SRC_PORT, [SET_DST_PORT] = KNOWN_DST_PORT, [SET_NOTHING] = 0};
    if (row->set == SET_PROTOCOL) return f->protocol.size > 0;
    if (row->set == SET_OBJECT) return f->object.size > 0;
    return f->known & bits[row->set];
}

static bool set(struct pattern *p, const struct row *row, struct text value, struct fact *f) {
    if (taken(row, f)) return false;
    if (row->set == SET_ADDRESS) p->side_guessed = true;
    switch (row->set) {
    case SET_ADDRESS:
    case SET_SRC: return set_end(value, KNOWN_SRC, f);
    case SET_DST: return set_end(value, KNOWN_DST, f);
    case SET_SRC_PORT: return set_port(value, KNOWN_SRC_PORT, f);
    case SET_DST_PORT: return set_port(value, KNOWN_DST_PORT, f);
    case SET_PROTOCOL: return set_protocol(value, f);
    case SET_OBJECT: return set_object(p, row, value, f);
    case SET_NOTHING: break;
    }
    return true;
}

/* ---- expressions */

static bool put(struct pattern *p, struct fact f) {
    if (p->count == STIX_PATTERN_FACTS_MAX || p->count >= p->left) return false;
    p->facts = arena_grow(p->arena, p->facts, p->count, &p->room, sizeof *p->facts);
    p->facts[p->count++] = f;
    return true;
}

/* All facts of the conjunction so far, with each of the values. */
static bool multiply(struct pattern *p, size_t start, const struct comparison *c) {
    const struct row *row = row_of(c->path);
    size_t count = p->count - start;
    if (!row) return false;
    for (size_t v = 1; v < c->count; v++)
        for (size_t i = 0; i < count; i++)
            if (!put(p, p->facts[start + i])) return false;
    for (size_t i = 0; i < count * c->count; i++)
        if (!set(p, row, c->values[i / count], &p->facts[start + i])) return false;
    return true;
}

static bool conjunction(struct pattern *p, struct comparison *room) {
    size_t start = p->count;
    struct fact f = fact_unknown();
    f.count = SHEET_NO_COUNT;
    if (!put(p, f)) return false;
    do
        if (!comparison(p, room) || !multiply(p, start, room)) return false;
    while (word(p, TEXT("AND")));
    for (size_t i = start; i < p->count; i++)
        if (fact_fault(&p->facts[i])) return false;
    return true;
}

static bool observation(struct pattern *p, struct comparison *room) {
    if (!sign(p, TEXT("["))) return false;
    do
        if (!conjunction(p, room)) return false;
    while (word(p, TEXT("OR")));
    return sign(p, TEXT("]"));
}

bool stix_pattern_read(struct text pattern, struct arena *a, size_t facts_max, struct stix_pattern *out) {
    struct pattern p = {.rest = pattern, .arena = a, .left = facts_max};
    struct comparison room;
    do
        if (!observation(&p, &room)) return false;
    while (word(&p, TEXT("OR")));
    skip_space(&p);
    if (p.rest.size) return false;
    *out = (struct stix_pattern){p.facts, p.count, p.side_guessed};
    return true;
}
