#include "web/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAID_MAX = 1 << 16, READ_BYTES = 1 << 16 };

/* ---- in the child */

_Noreturn static void live(int (*run)(const void *with), const void *with, int output, int told, pid_t parent) {
    int nothing = open("/dev/null", O_RDONLY);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (nothing < 0 || getppid() != parent || dup2(nothing, 0) < 0 || dup2(output, 1) < 0 || dup2(told, 2) < 0)
        _exit(3);
    int status = run(with);
    fflush(stdout);
    fflush(stderr);
    _exit(status);
}

/* ---- in the server */

enum error child_start(struct child *c, int (*run)(const void *with), const void *with, size_t output_max,
                       struct diag *d) {
    int output[2], told[2];
    if (pipe2(output, O_CLOEXEC)) return fail_errno(d, _("a pipe"), _("opening"));
    if (pipe2(told, O_CLOEXEC)) {
        close(output[0]);
        close(output[1]);
        return fail_errno(d, _("a pipe"), _("opening"));
    }
    pid_t parent = getpid();
    fflush(NULL);
    pid_t process = fork();
    if (!process) live(run, with, output[1], told[1], parent);
    close(output[1]);
    close(told[1]);
    if (process < 0) {
        close(output[0]);
        close(told[0]);
        return fail_errno(d, _("a process"), _("starting"));
    }
    fcntl(output[0], F_SETFL, O_NONBLOCK);
    fcntl(told[0], F_SETFL, O_NONBLOCK);
    *c = (struct child){
        .process = process, .output = output[0], .told = told[0], .printed.max = output_max, .said.max = 2 * SAID_MAX};
    return OK;
}

/* False: there is no more to come. */
static bool take(int file, struct buf *into) {
    uint8_t bytes[READ_BYTES];
    for (;;) {
        ssize_t got = read(file, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno == EAGAIN;
        if (!got) return false;
        buf_bytes(into, bytes_of(bytes, (size_t)got));
    }
}

static bool take_from(int *file, struct buf *into) {
    if (*file < 0) return false;
    if (take(*file, into)) return true;
    close(*file);
    *file = -1;
    return false;
}

/* What was said long ago is not kept. */
static void keep_last(struct buf *said) {
    if (said->size <= SAID_MAX) return;
    memmove(said->at, said->at + (said->size - SAID_MAX / 2), SAID_MAX / 2);
    said->size = SAID_MAX / 2;
    said->failed = false;
}

bool child_look(struct child *c) {
    if (!c->process) return true;
    bool printing = take_from(&c->output, &c->printed), saying = take_from(&c->told, &c->said);
    keep_last(&c->said);
    if (c->printed.failed && !c->too_much) {
        c->too_much = true;
        kill(c->process, SIGKILL);
    }
    if (printing || saying) return false;
    int status;
    while (waitpid(c->process, &status, 0) < 0 && errno == EINTR) continue;
    c->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    c->process = 0;
    return true;
}

pid_t child_leave(struct child *c) {
    pid_t process = c->process;
    if (process && c->output >= 0) close(c->output);
    if (process && c->told >= 0) close(c->told);
    buf_wipe(&c->printed);
    buf_free(&c->said);
    *c = (struct child){0};
    return process;
}

void child_end(struct child *c) {
    if (c->process) kill(c->process, SIGTERM);
    pid_t process = child_leave(c);
    while (process && waitpid(process, NULL, 0) < 0 && errno == EINTR) continue;
}
