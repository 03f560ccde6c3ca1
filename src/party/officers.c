#include "party/officers.h"

enum part roles_part(struct names roles) {
    enum part most = PART_NONE;
    for (size_t i = 0; i < roles.count; i++) {
        enum part one = text_is(roles.at[i], "auditor")   ? PART_READS
                        : text_is(roles.at[i], "analyst") ? PART_DRAFTS
                                                          : PART_SPEAKS;
        if (one > most) most = one;
    }
    return most;
}

enum part officer_part(const struct card *c, struct text name, struct text department) {
    enum part most = PART_NONE;
    for (size_t i = 0; i < c->officer_count; i++) {
        const struct officer *o = &c->officers[i];
        if (!text_equal(o->name, name) || (department.size && !text_equal(o->department, department))) continue;
        enum part one = roles_part(o->roles);
        if (one > most) most = one;
    }
    return most;
}

enum part officer_key_part(const struct card *c, struct text key) {
    enum part most = PART_NONE;
    for (size_t i = 0; i < c->officer_count; i++) {
        enum part one = roles_part(c->officers[i].roles);
        if (text_equal(c->officers[i].key, key) && one > most) most = one;
    }
    return most;
}

struct names officer_names(const struct card *c, struct names keys, struct text but, struct arena *a) {
    struct text *names = ARENA_ARRAY(a, struct text, c->officer_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < c->officer_count; i++) {
        const struct officer *o = &c->officers[i];
        bool again = text_equal(o->name, but) || names_have((struct names){names, count}, o->name);
        if (!again && names_have(keys, o->key)) names[count++] = o->name;
    }
    return (struct names){names, count};
}

enum error officer_may_sign(const struct card *c, struct text name, struct text department, struct diag *d) {
    if (officer_part(c, name, department) != PART_READS) return OK;
    return fail(d, ERR_NO, _("%.*s is an auditor by the card: auditors read all and sign nothing"), TEXT_ARG(name));
}
