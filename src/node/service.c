#include "node/service.h"

#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

bool service_tell(const char *lines) {
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    size_t size = path ? strlen(path) : 0;
    if (size < 2 || size >= sizeof name.sun_path || !strchr("/@", path[0])) return false;
    memcpy(name.sun_path, path, size);
    if (path[0] == '@') name.sun_path[0] = 0;
    int made = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (made < 0) return false;
    socklen_t whole = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
    bool sent = sendto(made, lines, strlen(lines), MSG_NOSIGNAL, (struct sockaddr *)&name, whole) >= 0;
    close(made);
    return sent;
}

bool service_tell_reloading(void) {
    char lines[64];
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    snprintf(lines, sizeof lines, "RELOADING=1\nMONOTONIC_USEC=%llu\n",
             (unsigned long long)now.tv_sec * 1000000 + (unsigned long long)now.tv_nsec / 1000);
    return service_tell(lines);
}

enum error service_hold_signals(sigset_t *set, struct diag *d) {
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    if (pthread_sigmask(SIG_BLOCK, set, NULL)) return fail(d, ERR_INTERNAL, _("could not take signals"));
    signal(SIGPIPE, SIG_IGN);
    return OK;
}

void service_until_ended(const sigset_t *set) {
    int taken;
    service_tell("READY=1\n");
    while (sigwait(set, &taken)) continue;
    service_tell("STOPPING=1\n");
}

uint64_t service_watchdog_ms(void) {
    uint64_t us, pid;
    const char *of = getenv("WATCHDOG_PID");
    if (of && (!text_u64(text_of(of), &pid) || pid != (uint64_t)getpid())) return 0;
    return text_u64(text_of(getenv("WATCHDOG_USEC")), &us) ? us / 1000 : 0;
}

/* $JOURNAL_STREAM is "device:inode" of the stream to the journal: what was redirected since is another one. */
bool service_has_journal(void) {
    struct text stream = text_of(getenv("JOURNAL_STREAM")), device;
    uint64_t dev, ino;
    struct stat about;
    return text_cut(&stream, ':', &device) && text_u64(device, &dev) && text_u64(stream, &ino) &&
           !fstat(STDERR_FILENO, &about) && about.st_dev == dev && about.st_ino == ino;
}
