#include "line/rules.h"

#include <string.h>

#include "line/host.h"
#include "vocab/rsit.h"

/* ---- names */

/* `*` stands for any part, once. */
bool rules_name_fits(struct text pattern, struct text program) {
    size_t star = text_find(pattern, '*');
    if (star == pattern.size) return text_equal(pattern, program);
    struct text before = text_sub(pattern, 0, star), behind = text_sub(pattern, star + 1, pattern.size);
    return program.size >= before.size + behind.size && text_starts(program, before) && text_ends(program, behind);
}

static bool section_names(const struct section *s, struct text name) {
    for (size_t i = 0; i < s->name_count; i++)
        if (rules_name_fits(s->names[i], name)) return true;
    return false;
}

uint64_t rules_for_program(const struct rules *r, const char *service, struct text program) {
    uint64_t set = 0;
    for (size_t i = 0; i < r->count; i++) {
        const struct section *s = &r->sections[i];
        if (s->is_format || (service && s->service && strcmp(service, s->service))) continue;
        if (section_names(s, program)) set |= (uint64_t)1 << i;
    }
    return set;
}

uint64_t rules_for_logs(const struct rules *r) {
    uint64_t set = 0;
    for (size_t i = 0; i < r->count; i++)
        if (r->sections[i].own_log && !r->sections[i].service) set |= (uint64_t)1 << i;
    return set;
}

uint64_t rules_for_format(const struct rules *r, const char *format) {
    uint64_t set = 0;
    for (size_t i = 0; i < r->count; i++)
        if (r->sections[i].is_format && section_names(&r->sections[i], text_of(format))) set |= (uint64_t)1 << i;
    return set;
}

bool rules_are_about(const struct rules *r, uint64_t sections, struct text program) {
    for (size_t i = 0; i < r->count; i++)
        for (size_t n = 0; sections >> i & 1 && n < r->sections[i].name_count; n++)
            if (!text_is(r->sections[i].names[n], "*") && rules_name_fits(r->sections[i].names[n], program))
                return true;
    return false;
}

/* ---- what a rule says */

static enum reason take_address(struct text t, unsigned bit, struct ip *ip, struct observation *out) {
    if (!t.size) return REASON_FACT;
    enum reason reason = host_read(t, ip);
    if (!reason) out->known |= bit;
    return reason;
}

static void take_port(struct text t, unsigned bit, uint16_t *port, struct observation *out) {
    if (t.size && port_read(t, port)) out->known |= bit;
}

static enum reason take_all(const struct section *s, const struct text taken[static CAPTURES], char *scratch,
                            struct observation *out) {
    enum reason reason = take_address(taken[CAPTURE_ADDR], KNOWN_SRC, &out->src, out);
    uint64_t times;
    if (reason) return reason;
    if (take_address(taken[CAPTURE_DST], KNOWN_DST, &out->dst, out)) out->dst = (struct ip){0};
    if (s->port) out->dst_port = s->port;
    if (s->port) out->known |= KNOWN_DST_PORT;
    take_port(taken[CAPTURE_PORT], KNOWN_SRC_PORT, &out->src_port, out);
    take_port(taken[CAPTURE_DPORT], KNOWN_DST_PORT, &out->dst_port, out);
    if (s->protocol.size) out->protocol = s->protocol;
    if (taken[CAPTURE_PROTOCOL].size) protocol_read(taken[CAPTURE_PROTOCOL], scratch, &out->protocol);
    if (text_u64(taken[CAPTURE_COUNT], &times) && times && times <= UINT32_MAX && out->count <= UINT32_MAX)
        out->count *= times;
    return REASON_FACT;
}

static enum reason say(const struct section *s, const struct rule *rule, const struct text taken[static CAPTURES],
                       char *scratch, struct observation *out) {
    static const enum reason said[] = {
        [RULE_EVENT] = REASON_FACT, [RULE_RECORD] = REASON_EVENT, [RULE_IGNORE] = REASON_KIND};
    enum reason reason = take_all(s, taken, scratch, out);
    if (rule->kind == RULE_IGNORE) return REASON_KIND;
    if (reason) return reason;
    if (rule->kind == RULE_EVENT) out->event = rule->event;
    return said[rule->kind];
}

static bool try_section(const struct section *s, struct text message, char *scratch, struct observation *out,
                        enum reason *reason) {
    struct text taken[CAPTURES];
    uint8_t byte = message.size ? (uint8_t)message.at[0] : 0;
    for (size_t i = s->by_byte[byte]; i < s->by_byte[byte + 1]; i++) {
        const struct rule *rule = &s->rules[s->in_order[i]];
        enum fit fit = pattern_match(&rule->pattern, message, taken);
        if (fit == FIT_NOT) continue;
        *reason = fit == FIT_TWICE ? REASON_SOURCES : say(s, rule, taken, scratch, out);
        if (fit == FIT_TWICE && rule->kind == RULE_IGNORE) *reason = REASON_KIND;
        return true;
    }
    return false;
}

enum reason rules_apply(const struct rules *r, uint64_t sections, struct text message, char *scratch,
                        struct observation *out) {
    enum reason reason;
    for (size_t i = 0; i < r->count; i++)
        if (sections >> i & 1 && try_section(&r->sections[i], message, scratch, out, &reason)) return reason;
    return REASON_RULE;
}

static bool find_user(const struct section *s, struct text message, struct text *out, bool *there) {
    struct text taken[CAPTURES];
    uint8_t byte = message.size ? (uint8_t)message.at[0] : 0;
    for (size_t i = s->by_byte[byte]; i < s->by_byte[byte + 1]; i++) {
        const struct pattern *p = &s->rules[s->in_order[i]].pattern;
        if (pattern_match(p, message, taken) == FIT_NOT) continue;
        *there = pattern_user(p, message, out);
        return true;
    }
    return false;
}

bool rules_user(const struct rules *r, uint64_t sections, struct text message, struct text *out) {
    bool there = false;
    for (size_t i = 0; i < r->count; i++)
        if (sections >> i & 1 && find_user(&r->sections[i], message, out, &there)) return there;
    return false;
}
