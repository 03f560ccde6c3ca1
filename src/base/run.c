#include "base/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/os.h"

extern char **environ;

enum { LOOK_EVERY_MS = 10 };

static bool same_name(const char *a, const char *b) {
    size_t length = strcspn(a, "=");
    return strcspn(b, "=") == length && !strncmp(a, b, length);
}

/* The environment of this process with what is given instead; the caller frees it (not its texts). */
static char **environment(const char *const *with) {
    size_t count = 0, more = 0;
    while (environ && environ[count]) count++;
    while (with && with[more]) more++;
    char **all = calloc(count + more + 1, sizeof *all);
    if (!all) return NULL;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool replaced = false;
        for (size_t k = 0; k < more; k++) replaced |= same_name(environ[i], with[k]);
        if (!replaced) all[kept++] = environ[i];
    }
    for (size_t k = 0; k < more; k++) memcpy(&all[kept++], &with[k], sizeof *all);
    return all;
}

/* A group of its own where its time is bounded, so that it is ended with all that it started; at a terminal it stays in
 * the group that has the keyboard. */
static int start(const struct run *r, int input, char **with, pid_t *process) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    int failed = posix_spawn_file_actions_init(&files);
    if (failed) return failed;
    failed = posix_spawnattr_init(&how);
    if (failed) {
        posix_spawn_file_actions_destroy(&files);
        return failed;
    }
    if (input >= 0) failed = posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
    if (!failed && r->quiet) failed = posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (!failed && r->seconds) failed = posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP);
    if (!failed) {
        char **words;
        memcpy(&words, &r->words, sizeof words); /* posix_spawn leaves them alone, whatever its prototype says */
        failed = posix_spawnp(process, r->words[0], &files, &how, words, with);
    }
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

static enum error wait_for(const struct run *r, pid_t process, int *status, struct diag *d) {
    uint64_t looks = (uint64_t)r->seconds * 1000 / LOOK_EVERY_MS;
    const struct timespec pause = {.tv_nsec = LOOK_EVERY_MS * 1000000L};
    int how;
    for (;;) {
        pid_t ended = waitpid(process, &how, r->seconds ? WNOHANG : 0);
        if (ended < 0 && errno == EINTR) continue;
        if (ended < 0) return fail_errno(d, r->words[0], _("could not wait for a program"));
        if (ended == process) break;
        if (!looks--) {
            kill(-process, SIGKILL);
            while (waitpid(process, &how, 0) < 0 && errno == EINTR) {
            }
            return fail(d, ERR_LIMIT,
                        _n("%s took more than %u second and was ended", "%s took more than %u seconds and was ended",
                           r->seconds),
                        r->words[0], r->seconds);
        }
        nanosleep(&pause, NULL);
    }
    *status = WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
    return OK;
}

enum error run_program(const struct run *r, int *status, struct diag *d) {
    int input = -1;
    if (r->feeds && os_memory_file(r->input, &input, NULL))
        return fail_errno(d, r->words[0], _("could not hold the input of a program"));
    pid_t process = 0;
    char **with = environment(r->with);
    int failed = with ? start(r, input, with, &process) : ENOMEM;
    free(with);
    if (input >= 0) close(input);
    if (failed == ENOENT) return fail(d, ERR_MISSING, _("there is no program %s"), r->words[0]);
    if (failed) return fail(d, ERR_IO, _("could not run %s: %s"), r->words[0], strerror(failed));
    return wait_for(r, process, status, d);
}
