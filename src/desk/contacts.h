/* Contacts: whom the other side names for what, who of them is on duty, and whom to call when nobody answers.
 *
 * The last `contacts` message that counts replaces those before it.  Ownership: everything lives in the arena given. */
#ifndef PARLEY_DESK_CONTACTS_H
#define PARLEY_DESK_CONTACTS_H

#include "desk/talk.h"
#include "matter/dialogue.h"

enum { CONTACT_FIELDS = 13 };

struct contact_field {
    const char *name, *title; /* of the column and the member; for people, untranslated */
    enum { CONTACT_TEXT, CONTACT_TIME, CONTACT_NUMBER, CONTACT_HOURS } type;
    size_t offset;
};
extern const struct contact_field contact_fields[CONTACT_FIELDS];

/* As people write it: "24h" or "7d" for hours.  The empty text leaves it alone.  ERR_INPUT with what was expected. */
enum error contact_set(struct contact *one, size_t field, struct text value, struct diag *d) MUST_USE;

/* The last that a party told, or NULL. */
const struct said *contacts_said(const struct talk *t, unsigned party);
bool contact_on_duty(const struct contact *one, instant now);
/* In the order in which they are shown: by what they are for, then as they were told. */
void contacts_sort(struct contact *all, size_t count);
void contacts_page(const struct said *said, const struct contact *all, size_t count, instant now, struct buf *page);
json_t *contacts_json(const struct said *said, const struct contact *all, size_t count, instant now);

#endif
