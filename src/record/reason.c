#include "record/reason.h"

#include <stddef.h>

static const char *const words[REASON_COUNT] = {[REASON_NONE] = NULL,
#define X(code, text) [code] = text,
                                                REASON_LIST(X)
#undef X
};

const char *reason_words(enum reason r) { return words[r]; }
