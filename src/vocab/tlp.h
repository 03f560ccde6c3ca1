/* Traffic Light Protocol 2.0 (first.org/tlp): the labels, least restricted first, and their STIX 2.1 marking ids. */
#ifndef PARLEY_VOCAB_TLP_H
#define PARLEY_VOCAB_TLP_H

#include "base/text.h"

enum tlp { TLP_CLEAR, TLP_GREEN, TLP_AMBER, TLP_AMBER_STRICT, TLP_RED, TLP_COUNT, TLP_NONE = -1 };

/* "AMBER+STRICT", without the prefix `TLP:`; false where it is no label of 2.0. */
bool tlp_read(struct text t, enum tlp *out);
const char *tlp_name(enum tlp level);       /* "AMBER+STRICT" */
const char *tlp_marking_id(enum tlp level); /* "marking-definition--…", of the OASIS extension for TLP 2.0 */

#endif
