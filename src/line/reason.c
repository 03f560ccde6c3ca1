#include "line/reason.h"

const struct reason_row reasons[REASON_COUNT] = {
#define X(code, verdict, name, sentence) [code] = {verdict, name, sentence},
    REASON_LIST(X)
#undef X
};
