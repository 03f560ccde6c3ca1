/* What the commands share that say one thing in a channel or a case: the same options, the same way there and back. */
#ifndef PARLEY_CLI_SPEECH_H
#define PARLEY_CLI_SPEECH_H

#include "cli/speak.h"
#include "matter/dialogue.h"

struct speech {
    struct cli *cli;
    struct desk *desk;
    struct talk *talk;
    const struct matter *matter; /* NULL: in no case, or in a new one */
    /* As typed; NULL: not given. */
    const char *tlp, *officer, *lang, *text_file, *own_number;
    bool drill, draft;
    bool kept;        /* by speech_say: it stayed a draft */
    json_t *into;     /* an array that takes what --json would print; NULL: it is printed */
    struct text text; /* what was said in words, by speech_text; empty: nothing */
};

/* Rows of an option table, for a speech `s`. */
#define SPEECH_ROWS(s)                                                                                                 \
    {"--tlp", OPTION_WORD, &(s).tlp, "LEVEL", N_("CLEAR, GREEN, AMBER, AMBER+STRICT or RED")},                         \
        {"--officer", OPTION_WORD, &(s).officer, "NAME", N_("who signs, if not the officer of this home")},            \
        {"--lang", OPTION_WORD, &(s).lang, "CODE", N_("the language of the text, as en, fr, ru")},                     \
        DRAFT_ROW((s).draft), {                                                                                        \
        "--text-file", OPTION_WORD, &(s).text_file, "FILE", N_("take the text from a file, or - for standard input")   \
    }
/* The case's number in one's own files: for kinds that have the member. */
#define SPEECH_NUMBER(s)                                                                                               \
    { "--own-number", OPTION_WORD, &(s).own_number, "OURS", N_("the number of the case in one's own files") }
#define SPEECH_DRILL(s)                                                                                                \
    { "--drill", OPTION_FLAG, &(s).drill, NULL, N_("say it in the channel for drills") }

/* Opens the desk and the channel with PARTY or PARTY/DEPARTMENT.  After each of the three: speech_end, whatever came.
 */
enum error speech_with(struct speech *s, const char *to) MUST_USE;
/* Opens the desk and the channel that holds a case. */
enum error speech_in(struct speech *s, const char *matter) MUST_USE;
/* Whether the rules would count a message of that kind in the case now: if not, why, and what they would count. */
enum error speech_may(struct speech *s, enum kind kind) MUST_USE;
/* Opens the desk and the channel that holds a message. */
enum error speech_about(struct speech *s, const char *id, const struct said **said) MUST_USE;
/* Takes the text from the word at `place` of the command (`-`: standard input), or from --text-file: not from both. */
enum error speech_text(struct speech *s, size_t place) MUST_USE;
/* Says it: fills level, officer, language and case. */
enum error speech_say(struct speech *s, struct say *what) MUST_USE;
/* The same for a dialogue, with the text. */
enum error speech_dialogue(struct speech *s, enum kind kind, struct dialogue *what) MUST_USE;
/* All of it, for a command whose words are a case and a text: opens, says, ends. */
enum error speech_in_case(struct speech *s, enum kind kind, struct dialogue *what) MUST_USE;
void speech_end(struct speech *s);

/* ---- what options hold */

/* A word of a list: ERR_USAGE names them all.  NULL gives the empty text. */
enum error cli_word(struct cli *c, const char *option, const char *typed, const struct word_list *list,
                    struct text *out) MUST_USE;

/* ---- an offer: what `propose` and a reply that counters share */

struct offer_options { /* as typed */
    const char *acknowledge_within, *answer_within, *check_in_every, *retain, *until, *title;
    struct words witnesses, statements;
    struct offered_terms terms; /* numbers and truths go here at once */
    struct say_attach attach;   /* the statement */
};
#define OFFER_ROWS(o)                                                                                                  \
    {"--acknowledge-within", OPTION_WORD, &(o).acknowledge_within, "SPAN", N_("terms: as 24h or 7d")},                 \
        {"--answer-within", OPTION_WORD, &(o).answer_within, "SPAN", N_("terms: as 24h or 7d")},                       \
        {"--check-in-every", OPTION_WORD, &(o).check_in_every, "SPAN", N_("terms: a check of the channel")},           \
        {"--blob-bytes", OPTION_NUMBER, &(o).terms.blob_bytes_max, "N", N_("terms: the largest file")},                \
        {"--total-bytes", OPTION_NUMBER, &(o).terms.total_bytes_max, "N", N_("terms: all files of one side")},         \
        {"--window", OPTION_NUMBER, &(o).terms.window_entries, "N",                                                    \
         N_("terms: entries served beyond the last receipt")},                                                         \
        {"--retain", OPTION_WORD, &(o).retain, "SPAN", N_("terms: how long all is kept, as 90d")},                     \
        {"--no-press", OPTION_FLAG, &(o).terms.no_press, NULL, N_("terms: no publication before both agree")},         \
        {"--witness", OPTION_WORDS, &(o).witnesses, "VKEY",                                                            \
         N_("terms: a witness, by its vkey; any number of times; “VKEY URL” has the nodes ask it")},                   \
        {"--quorum", OPTION_NUMBER, &(o).terms.quorum, "N", N_("terms: how many witnesses are needed")},               \
        {"--until", OPTION_WORD, &(o).until, "TIME", N_("how long the offer stands (else: for ever)")},                \
        {"--statement", OPTION_WORDS, &(o).statements, "[LANGUAGE=]FILE",                                              \
         N_("the text of a joint statement; one for each language")},                                                  \
    {                                                                                                                  \
        "--title", OPTION_WORD, &(o).title, "LINE", N_("one line for lists")                                           \
    }

/* Puts what was typed into `d` and into the attachments of `what`. */
enum error speech_offer(struct cli *c, struct offer_options *o, struct dialogue *d, struct say *what) MUST_USE;

#endif
