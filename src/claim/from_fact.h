/* From facts to a claim: what a claim says follows from the sheet that it rests on.
 *
 * In: the bytes of a fact sheet and, where there is one, the evidence behind it.  Out: the claim's members that follow
 * from them: the sheet's name, its rows and event classes, the root and size of the evidence tree.  Title, summary and
 * what a correction takes the place of are the author's, and stay empty.
 * Refused: what is no sheet (ERR_INPUT with the line); a sheet without a fact that anybody could check (ERR_INPUT: "a
 * claim without a checkable fact can't be composed"); evidence of another sheet, or lines that don't give its roots
 * (ERR_PROOF).
 * Proved after it: the claim rests on at least one checkable fact, and what it commits to can be shown line by line.
 * Ownership: texts live in the arena.  Source: the design, section 5. */
#ifndef PARLEY_CLAIM_FROM_FACT_H
#define PARLEY_CLAIM_FROM_FACT_H

#include "claim/claim.h"
#include "fact/evidence.h"

/* Whether a fact says what a check needs: when, and who or what.  All else of it may be unknown. */
bool fact_can_be_checked(const struct fact *f);

/* `evidence` may be NULL. */
enum error claim_from_fact(struct bytes sheet, const struct evidence *evidence, struct arena *a, struct claim *out,
                           struct diag *d) MUST_USE;

/* Whether the sheet that a received claim attaches is what the claim says of it: a sheet, of that name, with as many
 * rows, those event classes and a fact that can be checked.  ERR_INPUT with what is not so. */
enum error claim_fits(const struct claim *c, struct bytes sheet, struct arena *a, struct diag *d) MUST_USE;

#endif
