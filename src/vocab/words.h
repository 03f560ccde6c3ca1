/* Short closed lists of words that messages use: each a table of a name and a one-sentence meaning. */
#ifndef PARLEY_VOCAB_WORDS_H
#define PARLEY_VOCAB_WORDS_H

#include "base/error.h"
#include "base/text.h"

struct word {
    const char *name, *meaning; /* the meaning is untranslated */
};
struct word_list {
    const struct word *at;
    size_t count;
};

extern const struct word_list words_decline;     /* why an inquiry, a claim or an offer is declined */
extern const struct word_list words_action;      /* IODEF v2 (RFC 7970, 3.15): what an inquiry asks to be done */
extern const struct word_list words_done;        /* what became of an action that was asked for */
extern const struct word_list words_severity;    /* of what is claimed, by the claimant's word */
extern const struct word_list words_sector;      /* critical sectors: NIS 2, Annexes I and II */
extern const struct word_list words_claim_class; /* what a claim is about beyond the classes of its events */
extern const struct word_list words_link;        /* how a case relates to another */
extern const struct word_list words_unreadable;  /* why a message could not be opened */
extern const struct word_list words_close;       /* why a case is closed */
extern const struct word_list words_undertaking; /* what becomes of what was undertaken */
extern const struct word_list words_contact;     /* what a contact is for */
extern const struct word_list words_outcome;     /* of a fact in a settlement */

/* The word with that name; NULL where the list has none. */
const struct word *word_find(const struct word_list *list, struct text name);

/* A word that came in a message, of the list that NC_ names, in the reader's language; any other as it came. */
struct text word_text(const char *list, struct text word);

#endif
