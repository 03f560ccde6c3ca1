/* Errors: one list gives each code its exit status, its HTTP status and its sentence.
 *
 * A function that can fail returns `enum error` and writes its out-parameters only on OK.  The optional `struct diag`
 * takes the detail that a person needs to act.  Libraries never print and never exit; `cli/` prints a diag once. */
#ifndef PARLEY_BASE_ERROR_H
#define PARLEY_BASE_ERROR_H

#include <libintl.h>
#include <stdarg.h>
#include <stdint.h>

#define _(text) gettext(text) /* for people, translated now */
#define N_(text) text         /* for people, translated where it is printed */
#define NC_(list, word) word  /* a word of the formats that belongs to a closed list: word_shown translates it */
/* Of a count, translated now: the form that goes with `n`, which is printed by one conversion in either text. */
#define _n(one, many, n) ngettext((one), (many), (unsigned long)(n))

#define MUST_USE __attribute__((warn_unused_result))
#define FORMAT(at, first) __attribute__((format(printf, at, first)))

/*       code             exit HTTP  sentence */
#define ERROR_LIST(X)                                                                                                  \
    X(OK, 0, 200, N_("done"))                                                                                          \
    X(ERR_NO, 1, 403, N_("the answer is no"))                                                                          \
    X(ERR_USAGE, 2, 400, N_("wrong usage"))                                                                            \
    X(ERR_IO, 3, 500, N_("could not read or write"))                                                                   \
    X(ERR_FULL, 3, 507, N_("no space left"))                                                                           \
    X(ERR_MEMORY, 3, 500, N_("out of memory"))                                                                         \
    X(ERR_BUSY, 3, 503, N_("in use by another process"))                                                               \
    X(ERR_NETWORK, 3, 502, N_("the network or the other side failed"))                                                 \
    X(ERR_FROZEN, 3, 409, N_("the channel is frozen"))                                                                 \
    X(ERR_CONFLICT, 3, 409, N_("conflicts with what is already there"))                                                \
    X(ERR_PENDING, 3, 202, N_("taken in part; continue"))                                                              \
    X(ERR_MISSING, 3, 404, N_("not found"))                                                                            \
    X(ERR_NO_KEY, 3, 403, N_("no key that fits"))                                                                      \
    X(ERR_INPUT, 4, 400, N_("bad input"))                                                                              \
    X(ERR_LIMIT, 4, 413, N_("larger than the limit"))                                                                  \
    X(ERR_SIGNATURE, 4, 403, N_("a signature does not verify"))                                                        \
    X(ERR_PROOF, 4, 422, N_("a proof does not verify"))                                                                \
    X(ERR_INTERNAL, 3, 500, N_("an internal rule was broken"))

enum error {
#define X(code, exit, http, sentence) code,
    ERROR_LIST(X)
#undef X
};

/* Detail of a failure.  `where` names the file or thing (empty: unknown); `line` counts from 1 (0: no line). */
struct diag {
    enum error code;
    char where[256];
    uint64_t line;
    char text[1024];
};

/* Fills `d` (may be NULL) and returns `code`, so that a failure is one statement: return fail(d, ERR_INPUT, …); */
enum error fail(struct diag *d, enum error code, const char *format, ...) FORMAT(3, 4);
/* As fail, for line `line` of the input. */
enum error fail_at(struct diag *d, uint64_t line, enum error code, const char *format, ...) FORMAT(4, 5);
/* As fail with ERR_IO (ERR_FULL for ENOSPC and EDQUOT) and the words of `errno`, about the file `path`. */
enum error fail_errno(struct diag *d, const char *path, const char *doing);
/* Names the file or thing that a failure is about, unless it is named already; returns the code of `d` or OK. */
void diag_where(struct diag *d, const char *where);

int error_exit_status(enum error code);
int error_http_status(enum error code);
/* The untranslated sentence; print it through gettext(). */
const char *error_sentence(enum error code);
/* The code's name, as in `ERR_INPUT`: for machines and tests. */
const char *error_name(enum error code);

/* Ends the program: a rule of our own is broken (never for a peer's input). */
#define ASSERT(truth) ((truth) ? (void)0 : assert_failed(#truth, __FILE__, __LINE__))
_Noreturn void assert_failed(const char *truth, const char *file, int line);

/* A word of the closed list that NC_ names ("kind", "finding", …) in the reader's language; the word itself where there
 * is no translation. */
const char *word_shown(const char *list, const char *word);

#endif
