/* Drafts on the node: what is composed and signed, and not yet said.
 *
 *     <id>                      the draft (message/draft.h), sealed to the author's department; its id is the message's
 *     <id>.<n>.<part>           its n-th attachment as it will be sent, sealed to both sides, in parts
 *
 * They live outside the record: a counterparty sees nothing of them, and the node can't read them.  A draft goes out
 * as its author signed it, with what was added of signatures; so it may be overtaken: what the rules say of it is
 * asked each time.  Source: the design, section 6.
 * Ownership: what is found lives in the desk's arena, what is judged in the talk's.
 * Errors: ERR_MISSING for no such draft, ERR_NO for what may not be. */
#ifndef PARLEY_DESK_DRAFT_H
#define PARLEY_DESK_DRAFT_H

#include "desk/saying.h"
#include "message/draft.h"

struct kept_draft {
    struct text id;
    enum error error; /* ERR_NO_KEY: sealed to another department; ERR_MISSING: only attachments are there */
    struct text why;
    struct draft draft; /* where there is no error */
};

/* Keeps what is being said, whose verdict is `m`; fills in what is missing. */
enum error draft_keep(struct saying *s, const struct message_verdict *m, struct said_at *at, struct diag *d) MUST_USE;

/* All of them, by id. */
enum error draft_list(struct desk *k, struct kept_draft **out, size_t *count, struct diag *d) MUST_USE;
/* How many there are, without opening any. */
enum error draft_count(struct desk *k, size_t *count, struct diag *d) MUST_USE;
/* By the first characters of just one id. */
enum error draft_find(struct desk *k, struct text id, struct kept_draft *out, struct diag *d) MUST_USE;
/* Opens the channel that a draft is for. */
enum error draft_talk(struct desk *k, const struct kept_draft *kept, struct talk **out, struct diag *d) MUST_USE;

struct draft_view { /* a draft as things stand now */
    const struct message_verdict *verdict;
    enum kind kind;
    enum tlp level;                /* its own, else the most restricted of its case */
    const struct clearance *unmet; /* the rule that asks for more signatures; NULL: none */
    uint64_t missing;              /* of them */
    struct names signers;          /* names of officers */
    uint64_t since;                /* messages of its case that came since it was written */
    enum tlp raised;               /* the level that the other side has stated since; TLP_NONE: none */
    bool keys_changed;             /* its attachments are sealed to other keys than the cards name now */
};
enum error draft_look(struct talk *t, const struct kept_draft *kept, struct draft_view *out, struct diag *d) MUST_USE;
/* Why it can't be sent as it stands, whoever signs: it is to be signed anew.  OK: it can. */
enum error draft_stale(const struct draft_view *v, struct diag *d) MUST_USE;

/* Adds an officer's signature (empty: none, where none is asked for) and sends it; where still more are asked for, it
 * stays a draft. */
enum error draft_clear(struct talk *t, const struct kept_draft *kept, struct text officer, struct said_at *out,
                       struct diag *d) MUST_USE;
/* Sends it back with a reason, which is kept with it. */
enum error draft_refuse(struct talk *t, const struct kept_draft *kept, struct text officer, struct text reason,
                        struct diag *d) MUST_USE;
/* Its author signs the same words anew, on what stands now, in a new draft that takes its place; or, where nothing
 * asks for more, sends it. */
enum error draft_renew(struct talk *t, const struct kept_draft *kept, struct said_at *out, struct diag *d) MUST_USE;
/* Opens an attachment, by its place in the head: plain bytes whose hash is the one that was signed. */
enum error draft_attachment(struct talk *t, const struct kept_draft *kept, size_t number, struct buf *out,
                            struct diag *d) MUST_USE;
/* Takes it off the node; `id` whole. */
enum error draft_drop(struct desk *k, struct text id, struct diag *d) MUST_USE;

/* draft_page.c: what is to be said, to whom, on what it rests and what is missing, for people. */
void draft_page(const struct talk *t, const struct kept_draft *kept, const struct draft_view *v, struct buf *page);
/* What is missing, in a line. */
void draft_missing(const struct draft_view *v, struct buf *out);
json_t *draft_json(const struct talk *t, const struct kept_draft *kept, const struct draft_view *v);

#endif
