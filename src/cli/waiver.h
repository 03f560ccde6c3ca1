/* Addresses that a person should look at once more before they are sent, and the words in which they are waived. */
#ifndef PARLEY_CLI_WAIVER_H
#define PARLEY_CLI_WAIVER_H

#include "cli/cli.h"
#include "finding/sanity.h"
#include "party/card.h"

struct waiver { /* as typed */
    struct words known;
    const char *why;
};
#define KNOWN_ROW(w)                                                                                                   \
    {                                                                                                                  \
        "--known", OPTION_WORDS, &(w).known, "FILE",                                                                   \
            N_("known scanners, CDNs, resolvers and the like, as a list of addresses and blocks")                      \
    }
#define WAIVER_ROWS(w)                                                                                                 \
    KNOWN_ROW(w), {                                                                                                    \
        "--waive", OPTION_WORD, &(w).why, "WORDS",                                                                     \
            N_("why it is sent although addresses in it are doubtful: the words go into the message")                  \
    }

/* The lists to look into: `own` is one's card, or NULL.  In the command's arena. */
struct waiver_lists {
    struct address_list known, own;
};
enum error waiver_read(struct cli *c, const struct waiver *w, const struct card *own,
                       struct waiver_lists *out) MUST_USE;
static inline struct sanity_lists waiver_sanity(const struct waiver_lists *l) {
    return (struct sanity_lists){&l->known, &l->own};
}

/* Tells the doubts; ERR_USAGE where they must be waived and are not.  Where they are, the words are appended to `text`.
 */
enum error waiver_settle(struct cli *c, const struct waiver *w, struct doubts doubts, struct text *text) MUST_USE;
/* The two ways to doubts, of files: a sheet that is claimed, or findings about one. */
enum error waiver_claim(struct cli *c, const struct waiver *w, const struct card *own, struct bytes sheet,
                        struct text *text) MUST_USE;
enum error waiver_findings(struct cli *c, const struct waiver *w, const struct card *own, struct bytes sheet,
                           struct findings findings, struct text *text) MUST_USE;

#endif
