/* Within json/: a real as printf has it. */
#ifndef PARLEY_JSON_FIELDS_NUMBER_H
#define PARLEY_JSON_FIELDS_NUMBER_H

#include <stdio.h>

#include "base/text.h"

enum { JSON_NUMBER_MAX = 32 };

static inline struct text json_real_text(double value, char out[static JSON_NUMBER_MAX]) {
    int size = snprintf(out, JSON_NUMBER_MAX, "%.6f", value);
    return (struct text){out, size > 0 && size < JSON_NUMBER_MAX ? (size_t)size : 0};
}

#endif
