/* The Reference Security Incident Taxonomy, version 1003 (github.com/enisaeu): classes and the types in them.
 *
 * An event in a fact is a type's value (`brute-force`); a remit and a claim name `class:type` or a class alone.  The
 * names are English and translated where they are printed. */
#ifndef PARLEY_VOCAB_RSIT_H
#define PARLEY_VOCAB_RSIT_H

#include "base/error.h"
#include "base/text.h"

#define RSIT_VERSION "1003"

struct rsit_type {
    const char *class_value, *value; /* "intrusion-attempts", "brute-force" */
    const char *class_name, *name;   /* "Intrusion Attempts", "Login Attempts"; untranslated */
};

extern const struct rsit_type rsit_types[]; /* in the order of the taxonomy */
extern const size_t rsit_type_count;

/* By the type's value alone: values are unique.  NULL where there is none. */
const struct rsit_type *rsit_find(struct text value);
/* By `class:type`; the two must belong together. */
const struct rsit_type *rsit_find_pair(struct text pair);
/* The name of a class by its value; NULL where there is none. */
const char *rsit_class_name(struct text class_value);

#endif
