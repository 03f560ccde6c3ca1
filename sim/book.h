/* What a desk reads of a channel: both records as its own node holds them, verified, judged and opened.
 *
 * A book stands outside of any disk, as a desk's memory does, and goes on where it last read: what it has read must
 * stand, else it is read anew.  Parties are numbered as everywhere, in bytewise order of their names. */
#ifndef PARLEY_SIM_BOOK_H
#define PARLEY_SIM_BOOK_H

#include "matter/matter.h"
#include "record/verify.h"
#include "world.h"

struct book;

/* Which of the two parties a seat's own is. */
unsigned seat_party(const struct seat *s);
/* Reads what is new.  An error where the disk fails just now. */
enum error book_read(struct seat *s, struct diag *d) MUST_USE;
void book_forget(struct seat *s);
/* How many entries were read, of both records. */
size_t book_size(const struct seat *s);
/* How much of both records both have read, a cut a generation. */
size_t book_common(const struct seat *s, const struct seat *other, struct cut cuts[static GENERATIONS_MAX]);

/* Reduces a cut of the last generation until nothing in it has seen more; false where less was read, or
 * where something that was seen is not held (again): whether it was truly seen would show later. */
bool book_close(const struct seat *s, struct cut *cut);

/* The state by what was read; in the arena.  `cuts`: NULL for all of it.  `with`: only messages that the other side
 * could open, too (NULL: all that were opened); a `shuffle` other than 0 hands them to the rules in another order. */
struct reading {
    const struct cut *cuts;
    const struct seat *with;
    uint64_t shuffle;
    instant as_of;
};
enum error book_fold(struct seat *s, const struct reading *how, struct arena *a, struct matter_state *out,
                     struct diag *d) MUST_USE;

/* The state by all that was read, kept until enough more is held: a short record is read each time, of a long one a
 * tenth of it must be new, so that a long run does not read its records over and over.  `fresh`: it was read just now.
 */
enum error book_state(struct seat *s, const struct matter_state **out, bool *fresh, struct diag *d) MUST_USE;
/* Whether so many entries are worth another look after that many. */
bool book_is_worth(uint64_t size, uint64_t before);
/* How much of their record was read, in the last generation. */
uint64_t book_read_of_theirs(const struct seat *s);

/* An entry of theirs in the last generation whose message could not be opened: false where there is none. */
bool book_closed(const struct seat *s, uint64_t which, uint64_t *index);
/* The opened message at a place; NULL. */
const struct message *book_message(const struct seat *s, const struct statement *statement);

#endif
