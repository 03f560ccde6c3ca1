/* The objects of a report's STIX bundle, one by one: for who does not write a file of them. */
#ifndef PARLEY_INTEROP_STIX_OBJECTS_H
#define PARLEY_INTEROP_STIX_OBJECTS_H

#include "interop/case_format.h"

/* An array that the caller frees. */
enum error stix_case_objects(const struct report *r, const struct case_writing *how, json_t **out,
                             struct diag *d) MUST_USE;

#endif
