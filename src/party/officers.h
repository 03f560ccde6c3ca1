/* What an officer may do at a desk, by the roles on the party's own card.
 *
 *     auditor     reads, and signs nothing
 *     analyst     drafts: what it signs is sent once somebody else has cleared it
 *     any other   speaks, as the card's clearance allows
 *
 * One with several roles may do what any of them may.  The rules know no roles but those that clearance names: an
 * analyst's key is held to drafts by counterparties, too, only where the card asks for clearance. */
#ifndef PARLEY_PARTY_OFFICERS_H
#define PARLEY_PARTY_OFFICERS_H

#include "party/card.h"

enum part { PART_NONE, PART_READS, PART_DRAFTS, PART_SPEAKS };

enum part roles_part(struct names roles);
/* In that department; empty: in whichever.  PART_NONE: the card names no such officer. */
enum part officer_part(const struct card *c, struct text name, struct text department);
/* By their key, in whichever department. */
enum part officer_key_part(const struct card *c, struct text key);
/* The names of the officers who have these keys, each once, but not `but` (empty: all); in the arena. */
struct names officer_names(const struct card *c, struct names keys, struct text but, struct arena *a);
/* ERR_NO with the reason for one who only reads.  One whom the card does not name is left to the rules. */
enum error officer_may_sign(const struct card *c, struct text name, struct text department, struct diag *d) MUST_USE;

#endif
