#include "record/reason.h"

#include <stddef.h>

static const char *const words[VOID_COUNT] = {[VOID_NONE] = NULL,
#define X(code, text) [code] = text,
                                              VOID_LIST(X)
#undef X
};

const char *void_words(enum void_reason r) { return words[r]; }
