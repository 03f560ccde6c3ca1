#include "interop/intelmq.h"

const char *const intelmq_names[INTELMQ_COUNT_OF] = {
#define X(code, name) [INTELMQ_##code] = (name),
    INTELMQ_LIST(X)
#undef X
};

enum intelmq_field intelmq_field_of(struct text name) {
    for (int i = 0; i < INTELMQ_COUNT_OF; i++)
        if (text_is(name, intelmq_names[i])) return (enum intelmq_field)i;
    return INTELMQ_IGNORED;
}
