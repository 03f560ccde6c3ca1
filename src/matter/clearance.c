#include "matter/clearance.h"

const struct officer *clearance_author(const struct card *card, const struct head *head) {
    size_t slash = text_find(head->from, '/');
    struct text department = text_sub(head->from, slash < head->from.size ? slash + 1 : slash, head->from.size);
    for (size_t i = 0; i < card->officer_count; i++)
        if (text_equal(card->officers[i].name, head->by) && text_equal(card->officers[i].department, department))
            return &card->officers[i];
    return NULL;
}

static bool has_role(const struct officer *o, struct names roles) {
    for (size_t i = 0; i < roles.count; i++)
        if (names_have(o->roles, roles.at[i])) return true;
    return false;
}

bool clearance_key_has_role(const struct card *card, struct text key, struct names roles) {
    for (size_t i = 0; i < card->officer_count; i++)
        if (text_equal(card->officers[i].key, key) && has_role(&card->officers[i], roles)) return true;
    return false;
}

/* Different keys, besides the author's, each of an officer with one of the roles. */
static uint64_t clearing_keys(const struct card *card, struct text author_key, struct names keys, struct names roles) {
    uint64_t count = 0;
    for (size_t i = 0; i < keys.count; i++) {
        bool again = names_have((struct names){keys.at, i}, keys.at[i]);
        bool counts = !again && !text_equal(keys.at[i], author_key);
        if (counts && clearance_key_has_role(card, keys.at[i], roles)) count++;
    }
    return count;
}

const struct clearance *clearance_unmet(const struct card *card, const struct head *head, enum tlp level,
                                        struct names signatures, uint64_t *missing) {
    struct text author_key = clearance_author(card, head)->key;
    for (size_t i = 0; i < card->clearance_count; i++) {
        const struct clearance *rule = &card->clearances[i];
        if (!names_have(rule->kinds, head->kind) || level < rule->tlp) continue;
        uint64_t count = clearing_keys(card, author_key, signatures, rule->roles);
        if (count >= rule->number) continue;
        *missing = rule->number - count;
        return rule;
    }
    return NULL;
}
