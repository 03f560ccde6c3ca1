#include "vocab/finding.h"

static const struct {
    const char *name, *meaning;
    enum finding_class class;
} findings[FINDING_COUNT] = {
#define X(code, name, class, meaning) [FINDING_##code] = {name, meaning, class},
    FINDING_LIST(X)
#undef X
};

bool finding_read(struct text t, enum finding_word *out) {
    for (int i = 0; i < FINDING_COUNT; i++)
        if (text_is(t, findings[i].name)) {
            *out = (enum finding_word)i;
            return true;
        }
    return false;
}

const char *finding_name(enum finding_word f) { return findings[f].name; }
enum finding_class finding_class_of(enum finding_word f) { return findings[f].class; }
const char *finding_meaning(enum finding_word f) { return findings[f].meaning; }
