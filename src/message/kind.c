#include "message/kind.h"

const struct kind_rule kind_rules[KIND_COUNT] = {
#define X(code, name, opens, belongs, sender, after) {name, opens, belongs, sender, after},
    KIND_LIST(X)
#undef X
};

bool kind_read(struct text t, enum kind *out) {
    for (int i = 0; i < KIND_COUNT; i++)
        if (text_is(t, kind_rules[i].name)) {
            *out = (enum kind)i;
            return true;
        }
    return false;
}
