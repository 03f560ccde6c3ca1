/* Within dossier/: what verification knows while it goes on, and what its parts ask of each other. */
#ifndef PARLEY_DOSSIER_OPEN_H
#define PARLEY_DOSSIER_OPEN_H

#include "dossier/verify.h"

struct unjudged {
    const struct note *note;
    const struct note_signature *signature;
    struct proved_record *of;
};

struct proving {
    const struct dossier *of;
    struct arena *arena;
    struct diag *diag;
    struct dossier_report *report;
    struct map keys;           /* hex names of blobs to struct dossier_opened */
    struct map used;           /* names of those that opened something */
    struct unjudged *unjudged; /* cosignatures by keys that no card names: the terms are to name them */
    size_t unjudged_count, unjudged_room;
    struct map erased; /* names of attachments that their sender erased, of both parties */
};

struct text proving_hex(struct proving *p, struct sha256 sha);
/* Opens what is to be opened, and fills messages and statements of the report; channel and verdict are there. */
enum error dossier_open(struct proving *p) MUST_USE;
/* What an open attachment should be by its role, against the message that carries it: the flaw, or empty. */
struct text attachment_flaw(const struct message *m, const struct proved_attachment *attachment, struct arena *a);
/* The words of a failure, for a report. */
struct text dossier_flaw(struct arena *a, const struct diag *d);

/* witnessed.c: what is left of the lines under checkpoints, by the terms in force; after the cases are judged. */
enum error dossier_judge_witnesses(struct proving *p) MUST_USE;

/* ---- committed.c */

/* Holds open attachments against what was said before them; after dossier_open. */
void dossier_hold(struct proving *p);

#endif
