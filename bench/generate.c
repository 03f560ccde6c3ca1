/* Makes logs to measure with, and says what is in them.
 *
 *     generate sshd|combined LINES SEED >LOG 2>TRUTH
 *
 * The log is of one day in March 2026, UTC, in order of time.  There are 190,000 sources, of 198.18.0.0/15, the range
 * for benchmarks (RFC 2544), and beyond these of 2001:db8::/32; few of them send most of the lines.  TRUTH is `lines
 * N`, then `attempts N`: lines that tell of an attempt (a failed login, or a request that was refused though it named a
 * user), then `sources N`: addresses that made one, then `visitors N`: addresses of any line. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOURCES = 190000, SOURCES_V4 = 1 << 17, DAY_SECONDS = 86400 };

struct truth {
    uint64_t attempts;
    uint8_t seen[SOURCES], visited[SOURCES];
};

/* splitmix64: small, and the same everywhere. */
static uint64_t next(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/* The cube of a number below 1 leaves most of the draws to the first few sources. */
static uint32_t source_of(uint64_t draw) {
    double u = (double)(draw >> 11) / (double)(1ULL << 53);
    return (uint32_t)(u * u * u * SOURCES);
}

static void write_address(uint32_t source, char out[static 40]) {
    if (source >= SOURCES_V4)
        snprintf(out, 40, "2001:db8:%x:%x::%x", source % 97 + 1, source >> 16, source & 0xffff);
    else
        snprintf(out, 40, "198.%u.%u.%u", 18 + (source >> 16), source >> 8 & 255, source & 255);
}

static void note_attempt(struct truth *t, uint32_t source) {
    t->attempts++;
    t->seen[source] = 1;
}

/* Two lines of three are failed passwords; the others are what a busy sshd says besides. */
static void sshd_line(unsigned second, uint64_t draw, struct truth *t) {
    static const char *const users[] = {"root", "invalid user admin", "invalid user test", "invalid user oracle"};
    uint32_t source = source_of(draw), pid = 1000 + (uint32_t)(draw % 30000),
             port = 1024 + (uint32_t)(draw >> 7) % 60000;
    char address[40];
    write_address(source, address);
    t->visited[source] = 1;
    printf("Mar  1 %02u:%02u:%02u gate sshd[%u]: ", second / 3600, second / 60 % 60, second % 60, pid);
    if (draw % 3) {
        printf("Failed password for %s from %s port %u ssh2\n", users[draw % 4], address, port);
        note_attempt(t, source);
    } else if (draw % 2) {
        printf("Connection closed by %s port %u [preauth]\n", address, port);
    } else {
        printf("pam_unix(sshd:session): session opened for user backup by (uid=0)\n");
    }
}

/* One request of four names a user and is refused. */
static void combined_line(unsigned second, uint64_t draw, struct truth *t) {
    static const char *const paths[] = {"/", "/index.html", "/images/logo.png", "/news?page=2"};
    uint32_t source = source_of(draw);
    bool refused = draw % 4 == 0;
    char address[40];
    write_address(source, address);
    t->visited[source] = 1;
    printf("%s - %s [01/Mar/2026:%02u:%02u:%02u +0000] \"%s %s HTTP/1.1\" %u %u \"-\" \"Mozilla/5.0 (X11; Linux "
           "x86_64)\"\n",
           address, refused ? "admin" : "-", second / 3600, second / 60 % 60, second % 60, refused ? "POST" : "GET",
           refused ? "/login.php" : paths[draw / 4 % 4], refused ? 401 : 200, (unsigned)(draw >> 9) % 90000);
    if (refused) note_attempt(t, source);
}

static void print_truth(const struct truth *t, uint64_t lines) {
    unsigned long long sources = 0, visitors = 0;
    for (size_t i = 0; i < SOURCES; i++) {
        sources += t->seen[i];
        visitors += t->visited[i];
    }
    fprintf(stderr, "lines %llu\nattempts %llu\nsources %llu\nvisitors %llu\n", (unsigned long long)lines,
            (unsigned long long)t->attempts, sources, visitors);
}

int main(int argc, char **argv) {
    static struct truth truth;
    void (*const line)(unsigned, uint64_t, struct truth *) = argc == 4 && !strcmp(argv[1], "sshd")       ? sshd_line
                                                             : argc == 4 && !strcmp(argv[1], "combined") ? combined_line
                                                                                                         : NULL;
    if (!line) return fputs("usage: generate sshd|combined LINES SEED\n", stderr), 2;
    uint64_t lines = strtoull(argv[2], NULL, 10), state = strtoull(argv[3], NULL, 10);
    for (uint64_t i = 0; i < lines; i++) line((unsigned)(i * DAY_SECONDS / lines), next(&state), &truth);
    print_truth(&truth, lines);
    return fflush(stdout) ? 1 : 0;
}
