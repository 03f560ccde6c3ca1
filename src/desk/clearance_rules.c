#include "desk/clearance_rules.h"

#include <string.h>

#include "matter/clearance.h"
#include "message/kind.h"

uint64_t clearance_keys(const struct card *c, struct names roles) {
    uint64_t count = 0;
    for (size_t i = 0; i < c->officer_count; i++) {
        struct text key = c->officers[i].key;
        bool again = false;
        for (size_t n = 0; n < i; n++) again = again || text_equal(c->officers[n].key, key);
        if (!again && clearance_key_has_role(c, key, roles)) count++;
    }
    return count;
}

static enum error check(const struct card *c, const struct clearance *rule, struct diag *d) {
    enum kind kind;
    for (size_t i = 0; i < rule->kinds.count; i++)
        if (!kind_read(rule->kinds.at[i], &kind))
            return fail(d, ERR_INPUT, _("there is no kind “%.*s”"), TEXT_ARG(rule->kinds.at[i]));
    for (size_t i = 0; i < rule->roles.count; i++)
        if (!card_word_valid(rule->roles.at[i]))
            return fail(d, ERR_INPUT, _("“%.*s” can be no role"), TEXT_ARG(rule->roles.at[i]));
    if (!rule->kinds.count || !rule->roles.count || !rule->number || rule->number > 16)
        return fail(d, ERR_INPUT, _("expected kinds, roles, and a number from 1 to 16"));
    if (clearance_keys(c, rule->roles) >= rule->number) return OK;
    return fail(d, ERR_NO,
                _("too few officers of the card have these roles: nothing of these kinds could be said; "
                  "`parley officer add` first"));
}

static bool same(const struct clearance *rule, struct names kinds, enum tlp level) {
    bool all = rule->kinds.count == kinds.count && rule->tlp == level;
    for (size_t i = 0; i < kinds.count && all; i++) all = names_have(rule->kinds, kinds.at[i]);
    return all;
}

enum error clearance_add(struct desk *k, struct card *c, const struct clearance *rule, struct diag *d) {
    enum error result = check(c, rule, d);
    if (result) return result;
    for (size_t i = 0; i < c->clearance_count; i++)
        if (same(&c->clearances[i], rule->kinds, rule->tlp)) {
            c->clearances[i] = *rule;
            return OK;
        }
    struct clearance *list = ARENA_ARRAY(&k->arena, struct clearance, c->clearance_count + 1);
    if (c->clearance_count) memcpy(list, c->clearances, c->clearance_count * sizeof *list);
    list[c->clearance_count++] = *rule;
    c->clearances = list;
    return OK;
}

enum error clearance_remove(struct card *c, struct names kinds, enum tlp level, struct diag *d) {
    size_t kept = 0, before = c->clearance_count;
    for (size_t i = 0; i < before; i++)
        if (!same(&c->clearances[i], kinds, level)) c->clearances[kept++] = c->clearances[i];
    c->clearance_count = kept;
    return kept < before ? OK : fail(d, ERR_MISSING, _("there is no such rule; `parley clearance` lists them"));
}
