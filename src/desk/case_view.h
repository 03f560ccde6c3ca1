/* A case as people look at it: the claim, its facts with both sides' words side by side, the time line, the receipts,
 * the standing.  Pages are text for terminals and paper; the JSON has the same content for machines.
 *
 * A sheet that can't be opened is shown as such; everything else of the case is shown all the same. */
#ifndef PARLEY_DESK_CASE_VIEW_H
#define PARLEY_DESK_CASE_VIEW_H

#include "claim/checklist.h"
#include "desk/commitments.h"
#include "desk/erasures.h"
#include "desk/evidence.h"
#include "desk/talk.h"
#include "fact/sheet.h"
#include "finding/answer.h"
#include "matter/dialogue.h"
#include "vocab/words.h"

struct case_sheet {
    const struct sheet_state *state;
    struct sheet facts;       /* none where it is not open */
    struct text why;          /* it is not open; empty: it is */
    struct finding *findings; /* one a row of the facts: the last answer to it; `word` FINDING_COUNT: none */
    struct finding *revealed; /* as `findings`, by what was committed to; NULL: nothing was revealed */
    const struct sheet_evidence *evidence;
    struct checklist checklist; /* what its classes ask for, and what of it is there; empty where it is not open */
};

struct case_view {
    struct talk *talk;
    const struct matter *matter;
    struct text title, text; /* of the opening */
    struct case_sheet *sheets;
    size_t sheet_count;
    struct case_evidence evidence; /* asked for and shown */
    struct case_commitments commitments;
    struct erasures erasures;
    const struct message_verdict **line; /* by time: what counts, and what does not */
    size_t line_count;
};

enum error case_view(struct talk *t, const struct matter *m, struct case_view *out, struct diag *d) MUST_USE;

enum { KIND_COLUMNS = 12 }; /* of the name of a kind in lists */
enum { CASE_ROWS = 40 };    /* rows of a sheet on a page, unless all are asked for */
void case_page(const struct case_view *v, bool all_rows, struct buf *out);
/* A page for browsers and paper, of what both sides compute alike: at the same cut and time, both desks get the same
 * bytes.  Of a sheet of more than CASE_PRINTED facts those that differ, unless all are asked for. */
enum { CASE_PRINTED = 2000 };
void case_html(const struct case_view *v, bool all_rows, struct buf *out);
/* The caller frees it.  With `columns` the facts of a sheet stand as one array a column, for readers of very many; of
 * the sheets that are `known`, by their SHA-256, without the columns that the sheet itself states. */
json_t *case_json(const struct case_view *v, bool columns, struct names known);

/* ---- case_columns.c */

/* An object with an array a column, as long as the sheet; null stands for what is unknown, and a column of nothing
 * else is left out.  Times are seconds since 1970.  With `known`, those alone that messages change.  The caller frees
 * it. */
json_t *case_columns(const struct case_sheet *s, bool known);
/* The lines that were shown, as people look at them: [row, number, line], by row; some thousand at most. */
json_t *case_lines(const struct case_sheet *s);

/* ---- case_evidence.c: what was asked for and shown of the facts of a case, on its page and in its JSON */

/* What stands beside a fact: "asked for", "2 of 7 verified"; empty: nothing. */
struct text evidence_cell(const struct case_sheet *s, size_t row, struct arena *a);
/* Lines below the facts of a sheet: what is proved, and which disclosures are not, with why. */
void evidence_lines(const struct case_view *v, const struct case_sheet *s, struct buf *out);
/* Each takes what there is to say of a fact or a sheet into the object that stands for it. */
void evidence_json_fact(const struct case_sheet *s, size_t row, json_t *into);
void evidence_json_sheet(const struct case_view *v, const struct case_sheet *s, json_t *into);
/* All lines that were shown, by fact, as a page. */
void evidence_page(const struct case_view *v, struct buf *out);
/* The lines alone, byte for byte, each with a LF. */
void evidence_bytes(const struct case_view *v, struct buf *out);

/* What a case comes to: meetings, texts offered and agreed to, undertakings. */
void settlement_page(const struct case_view *v, struct buf *out);
void settlement_json(const struct case_view *v, json_t *into);
/* The same as the page, in UTC alone and in that language where a text has it: as both sides get it. */
void settlement_words(const struct case_view *v, struct text lang, struct buf *out);
/* ---- case_erased.c: what was erased by its sender */

/* Whether something was erased that the message of a sheet attached: such a sheet has no deadline. */
bool erased_of_sheet(const struct case_view *v, const struct sheet_state *s);
/* A line for each attachment of a message that was erased. */
void erased_lines(const struct case_view *v, const struct message_verdict *m, const char *indent, struct buf *out);
void erased_json(const struct case_view *v, const struct message_verdict *m, json_t *into);

/* ---- parts that other pages use, too */

/* "2026-03-02T12:00:00Z, met …, lapsed"; false: there is no deadline to speak of. */
bool deadline_words(const struct deadline *d, struct buf *out);
/* What is not there that a check would want, in a line; nothing where nothing is missing. */
void missing_words(const struct checklist *l, struct buf *out);
/* Who signed besides its author, by the card in force there: "a, b: cleared it"; nothing where nobody did. */
void cleared_words(const struct message_verdict *v, struct arena *a, struct buf *out);

/* The state of a case in a few words: "raised · partial · in consultation". */
void case_state_line(const struct matter *m, struct buf *out);
/* "corroborated, by the findings of cert.south.example: 5 of 5 facts answered (3 confirmed, 2 relayed)" */
void case_standing_line(struct talk *t, const struct matter *m, const struct sheet_state *s, struct buf *out);
/* What a message says beyond its text, in a line: the words of its kind; nothing for kinds that have none. */
void said_line(const struct said *s, struct arena *a, struct buf *out);
/* What the claimant says of a claim beside its facts: severity, class, states and sectors, a line each. */
void case_words(const struct case_view *v, struct buf *out);
typedef void case_word_put(void *to, const char *label, struct text words);
void case_words_each(const struct case_view *v, case_word_put *put, void *to);
/* What a message states in members of its own (doc/stix.md), but for findings, which stand beside their facts; NULL
 * where there is nothing.  The caller frees it. */
json_t *said_members(const struct said *s);
/* Title and text of a message; empty where it has none. */
void said_text(const struct said *s, struct arena *a, struct text *title, struct text *text);
/* The first characters of the UUID in the name of a case: what lists show of it. */
struct text case_start(struct text matter);
/* The title of a case. */
struct text matter_title(struct talk *t, const struct matter *m);
/* The action that an inquiry asks for, a word of words_action; empty: none. */
struct text matter_action(struct talk *t, const struct matter *m);
/* The same of an opening. */
struct text said_action(const struct said *s, struct arena *a);
/* A title and the action that is asked for, as lists show them. */
struct text title_shown(struct text title, struct text action, struct arena *a);
/* The title as lists show it: "Scans of port 22 (asks: block-host)". */
struct text matter_line(struct talk *t, const struct matter *m);
/* With whom of the other side one speaks in a case: the department that a transfer of theirs named last, else the one
 * that was addressed, or that opened it. */
struct text case_addressee(struct talk *t, const struct matter *m);
/* The number of a case in the files of who says it, as a message gives it; empty: it gives none. */
struct text said_number(const struct said *s, struct arena *a);
/* The numbers of a case in the files of both parties, by number of the party: the last that each gave; empty: none. */
void matter_numbers(struct talk *t, const struct matter *m, struct text out[static 2]);
/* The same as JSON, by the names of the parties; the caller frees it. */
json_t *matter_numbers_json(struct talk *t, const struct matter *m);
json_t *numbers_json(const struct text parties[2], const struct text numbers[2]);
/* The cut and the time that a state is of: "cert.north.example 9, cert.south.example 8, as of …". */
void talk_cut_line(struct talk *t, struct buf *out);
void cut_line(const struct text parties[2], struct cut cut, instant as_of, struct buf *out);

#endif
