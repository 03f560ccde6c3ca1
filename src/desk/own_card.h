/* One's own card: what the party says of itself, as it stands on the desk, and its way into the records.
 *
 *     <home>/desk/card               the working copy, unsigned: what `department`, `officer` and `card` change
 *     <home>/desk/cards/<serial>     every card that was signed, as a signed note
 *
 * The serial of the working copy is that of the last signed one; signing makes it one more.  A record takes cards in
 * the order of their serials and only the next one, so publishing appends to each channel all that it lacks.
 * A new record's log key is announced by a card of its own: see own_card_with_log. */
#ifndef PARLEY_DESK_OWN_CARD_H
#define PARLEY_DESK_OWN_CARD_H

#include "desk/desk.h"
#include "party/profile.h"

/* The working copy; in the desk's arena. */
enum error own_card_load(struct desk *k, struct card *out, struct diag *d) MUST_USE;
enum error own_card_save(struct desk *k, const struct card *c, struct diag *d) MUST_USE;
/* The last card that was signed: ERR_MISSING where there is none. */
enum error own_card_signed(struct desk *k, struct bytes *note, struct card *out, struct diag *d) MUST_USE;
/* Keeps a card that was signed elsewhere, as the signed one and as the working copy: for a desk that has no root key.
 */
enum error own_card_adopt(struct desk *k, struct bytes note, const struct card *c, struct diag *d) MUST_USE;
/* Signs the working copy with the root as the next serial where it differs from the last signed card; then, and where
 * it does not differ, gives the last one.  Where the records have later cards than this desk, which came from a backup
 * then, it takes them over first: ERR_CONFLICT where the working copy said something of its own. */
enum error own_card_sign(struct desk *k, struct bytes *note, struct card *out, struct diag *d) MUST_USE;
/* Whether the working copy says what the last signed card says; false where none was signed. */
enum error own_card_is_signed(struct desk *k, bool *same, struct diag *d) MUST_USE;
/* As own_card_sign, with the log key of a record added where the card lacks it. */
enum error own_card_with_log(struct desk *k, struct text origin, struct bytes *note, struct card *out,
                             struct diag *d) MUST_USE;
/* What became of the card in one channel. */
enum publish_word {
    PUBLISH_SENT,     /* entries were made */
    PUBLISH_THERE,    /* the record has it already */
    PUBLISH_NOT,      /* nothing is appended in this state of the channel: `words` says why */
    PUBLISH_FOLLOWED, /* a successor took the channel's place: it is the successor that takes cards */
    PUBLISH_FAILED    /* `words` says why */
};
struct publish_row {
    struct link_channel channel;
    enum publish_word what;
    uint64_t entries;
    struct text words;
};
struct published {
    const struct publish_row *rows; /* every channel that there is */
    size_t count;
    uint64_t entries; /* in all of them */
    bool failed;      /* one of them PUBLISH_NOT or PUBLISH_FAILED */
};
/* Appends to each open channel the signed cards that its record lacks.  What can't be done in one channel keeps the
 * others from nothing: the rows say it. */
enum error own_card_publish(struct desk *k, struct published *out, struct diag *d) MUST_USE;
/* "sent", "there", "not-sent", "followed", "failed": for programs. */
const char *publish_word_text(enum publish_word w);

/* ---- own_card_edit.c: changes of a card in memory, each checked; the caller saves it */

enum department_say { SAY_TITLE, SAY_REMIT, SAY_LANGUAGES, SAY_HOURS, SAY_HOLIDAY };

/* Makes the department's age identity.  ERR_CONFLICT where there is such a department. */
enum error own_card_add_department(struct desk *k, struct card *c, struct text department, struct text title,
                                   struct diag *d) MUST_USE;
/* Whether a department could say that: ERR_INPUT with what is expected. */
enum error own_card_check_saying(enum department_say what, struct names values, struct diag *d) MUST_USE;
/* What a department says of itself, in place of what it said: one title, one list of languages ("en,fr"), any
 * number of hours, holidays and remits; none takes the lines out.  ERR_MISSING, ERR_INPUT. */
enum error own_card_say(struct desk *k, struct card *c, struct text department, enum department_say what,
                        struct names values, struct diag *d) MUST_USE;
/* Words as KEY=TEXT, where KEY is a section of RFC 2350 or a field of security.txt (party/profile.h): each key that is
 * named loses what was said, and takes the lines given; an empty text adds none.  `*` is the party. */
enum error own_card_say_about(struct desk *k, struct card *c, struct text department, struct names words,
                              struct diag *d) MUST_USE;
/* What an RFC 2350 document or a security.txt says, in place of the sections, or of the fields, that were there. */
enum error own_card_take_profile(struct desk *k, struct card *c, struct text department, const struct profile *p,
                                 struct diag *d) MUST_USE;
/* Makes a new age identity, to which counterparties seal from the next card on.  The old ones stay on the desk and open
 * what was sealed to them. */
enum error own_card_rotate(struct desk *k, struct card *c, struct text department, struct diag *d) MUST_USE;
/* An officer of a department.  `key`: the vkey of one whose private key is elsewhere; empty: makes the key, or takes
 * that of the same officer in another department. */
enum error own_card_add_officer(struct desk *k, struct card *c, const struct officer *o, struct diag *d) MUST_USE;
/* A new key for an officer, in all departments; `key` as in adding one. */
enum error own_card_rotate_officer(struct desk *k, struct card *c, struct text name, struct text key,
                                   struct diag *d) MUST_USE;
/* Out of one department, or of all (empty).  The private key stays on the desk; no later card names it. */
enum error own_card_remove_officer(struct card *c, struct text name, struct text department, struct diag *d) MUST_USE;
/* A neutral mirror that receipts in one's stead, from the line that `mirror init` prints: "<vkey> <tls sha256> <url>";
 * in the place of one of the same name. */
enum error own_card_add_neutral(struct desk *k, struct card *c, struct text line, struct diag *d) MUST_USE;
enum error own_card_drop_neutral(struct desk *k, struct card *c, struct text name, struct diag *d) MUST_USE;
bool own_card_has_department(const struct card *c, struct text department);

#endif
