/* Questions on the terminal: for what no option says, and for what must not stand in one. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/os.h"
#include "base/secret.h"
#include "cli/cli.h"

enum { ANSWER_MAX = 4096 };

bool cli_can_ask(void) { return isatty(0) && isatty(2); }

/* One line from the terminal, byte by byte, so that nothing of a secret stays in a buffer of stdio. */
static enum error read_answer(struct cli *c, char *out, size_t max) {
    size_t size = 0;
    for (char next = 0; next != '\n';) {
        ssize_t got = read(0, &next, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno(&c->diag, _("the terminal"), _("reading"));
        if (!got) return fail(&c->diag, ERR_USAGE, _("the terminal was closed before an answer came"));
        if (next == '\n') break;
        if (size + 1 == max) return fail(&c->diag, ERR_LIMIT, _("an answer of more than %zu bytes"), max - 1);
        out[size++] = next;
    }
    out[size] = 0;
    return OK;
}

enum error cli_question(struct cli *c, const char *question, struct text standard, struct text *out) {
    char answer[ANSWER_MAX];
    if (standard.size)
        fprintf(stderr, "%s [%.*s]: ", question, TEXT_ARG(standard));
    else
        fprintf(stderr, "%s: ", question);
    enum error result = read_answer(c, answer, sizeof answer);
    struct text typed = result ? TEXT("") : text_trim(text_of(answer));
    if (!result && !text_is_utf8(typed)) result = fail(&c->diag, ERR_INPUT, _("the answer is not UTF-8"));
    if (!result) *out = arena_text(&c->arena, typed.size ? typed : standard);
    return result;
}

enum error cli_confirm(struct cli *c, const char *question) {
    struct text answer;
    enum error result = cli_question(c, question, TEXT(""), &answer);
    if (result) return result;
    struct text yes = text_of(_("yes"));
    if (text_equal(answer, yes) || text_is(answer, "yes")) return OK;
    return fail(&c->diag, ERR_NO, _("the answer was not “%s”: nothing was done"), yes.at);
}

/* What would end the program waits until the terminal shows again what is typed. */
static void hold_signals(sigset_t *held, sigset_t *usual) {
    static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    sigemptyset(held);
    for (size_t i = 0; i < COUNT(ending); i++) sigaddset(held, ending[i]);
    sigprocmask(SIG_BLOCK, held, usual);
}

/* False: a held signal came first. */
static bool wait_for_line(const sigset_t *held) {
    struct pollfd at[] = {{.fd = 0, .events = POLLIN}, {.fd = signalfd(-1, held, SFD_CLOEXEC), .events = POLLIN}};
    while (poll(at, COUNT(at), -1) < 0 && errno == EINTR) {
    }
    if (at[1].fd >= 0) close(at[1].fd);
    return !(at[1].revents & POLLIN);
}

enum error cli_ask_secret(struct cli *c, const char *question, char *out, size_t max) {
    struct termios before, quiet;
    sigset_t held, usual;
    if (tcgetattr(0, &before)) return fail_errno(&c->diag, _("the terminal"), _("reading"));
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    hold_signals(&held, &usual);
    /* Silent before the question is seen: what is typed at once is neither shown nor flushed away. */
    if (tcsetattr(0, TCSAFLUSH, &quiet)) {
        sigprocmask(SIG_SETMASK, &usual, NULL);
        return fail_errno(&c->diag, _("the terminal"), _("silencing"));
    }
    fprintf(stderr, "%s: ", question);
    enum error result = wait_for_line(&held)
                            ? read_answer(c, out, max)
                            : fail(&c->diag, ERR_USAGE, _("the terminal was closed before an answer came"));
    tcsetattr(0, TCSAFLUSH, &before);
    fputc('\n', stderr);
    sigprocmask(SIG_SETMASK, &usual, NULL); /* a signal that came takes effect here */
    return result;
}
