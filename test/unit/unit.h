/* What every unit test includes first: cmocka with the headers that it wants before it, less its macro `fail`, which is
 * a function of ours (base/error.h). */
#ifndef PARLEY_TEST_UNIT_H
#define PARLEY_TEST_UNIT_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */
#undef fail

#endif
