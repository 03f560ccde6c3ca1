#include "node/settings.h"

const struct node_setting_row node_settings_rows[NODE_SETTING_COUNT] = {
#define X(member, word, standard, min, max, meaning)                                                                   \
    {word, meaning, offsetof(struct node_settings, member), standard, min, max},
    NODE_SETTINGS(X)
#undef X
};

uint64_t *node_setting(struct node_settings *s, size_t row) {
    return (uint64_t *)(void *)((char *)s + node_settings_rows[row].at);
}

struct node_settings node_settings_default(void) {
    struct node_settings s;
    for (size_t i = 0; i < NODE_SETTING_COUNT; i++) *node_setting(&s, i) = node_settings_rows[i].standard;
    return s;
}

enum error node_setting_read(struct node_settings *s, size_t row, struct text value, struct diag *d) {
    const struct node_setting_row *r = &node_settings_rows[row];
    uint64_t number;
    if (!text_u64(value, &number) || number < r->min || number > r->max)
        return fail(d, ERR_INPUT, _("%s: expected a number from %llu to %llu, found “%.*s”"), r->word,
                    (unsigned long long)r->min, (unsigned long long)r->max, TEXT_ARG(value));
    *node_setting(s, row) = number;
    return OK;
}
