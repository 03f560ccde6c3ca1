/* What one thread of plain C takes at least, on logs that are what they should be: a limit to compare with, no reader.
 *
 *     ceiling newlines|addresses|visits|sshd FILE
 *
 * newlines finds the line ends; addresses counts the first word of each line; visits also reads the time and the status
 * of an access log; sshd counts the word behind the last `from` of failed and invalid logins.  IPv4 is a number, other
 * words are their hash, and nothing is checked.  Prints the lines, the addresses, and sums that keep the work alive. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PART = 1 << 20, SLOTS = 1 << 19 };

struct slot {
    uint64_t key, count, refused;
};

struct counting {
    struct slot *slots;
    uint64_t lines, addresses, sum;
};

static struct slot *slot_of(struct counting *c, uint64_t key) {
    for (uint64_t i = key * 0x9e3779b97f4a7c15 >> 45;; i = (i + 1) & (SLOTS - 1)) {
        struct slot *s = &c->slots[i];
        if (s->count && s->key != key) continue;
        c->addresses += !s->count;
        s->key = key;
        s->count++;
        return s;
    }
}

/* Digits and dots alone are a number; the first other byte makes it a hash. */
static uint64_t key_of(const char *at, const char *end) {
    uint64_t key = 0, part = 0;
    const char *c = at;
    for (; c < end; c++) {
        unsigned digit = (unsigned)(unsigned char)*c - '0';
        if (digit < 10) {
            part = part * 10 + digit;
        } else if (*c == '.') {
            key = key << 8 | part;
            part = 0;
        } else {
            break;
        }
    }
    if (c == end) return key << 8 | part;
    for (key = 0xcbf29ce484222325, c = at; c < end; c++) key = (key ^ (unsigned char)*c) * 0x100000001b3;
    return key;
}

static const char *word_end(const char *at, const char *end) {
    const char *space = memchr(at, ' ', (size_t)(end - at));
    return space ? space : end;
}

static void read_newline(struct counting *c, const char *at, const char *end) { c->sum += (uint64_t)(end - at); }

static void read_address(struct counting *c, const char *at, const char *end) {
    slot_of(c, key_of(at, word_end(at, end)));
}

static unsigned two(const char *at) { return (unsigned)(at[0] - '0') * 10 + (unsigned)(at[1] - '0'); }

/* The days of months that begin with `J` and `M` are told apart by the last letter. */
static uint64_t seconds_of(const char *at) {
    uint64_t month = (uint64_t)((unsigned char)at[3] ^ (unsigned char)at[4] << 1 ^ (unsigned char)at[5] << 3);
    uint64_t day = (uint64_t)(two(at + 7) * 100 + two(at + 9)) * 372 + month % 12 * 31 + two(at);
    return day * 86400 + two(at + 12) * 3600 + two(at + 15) * 60 + two(at + 18);
}

static void read_visit(struct counting *c, const char *at, const char *end) {
    const char *space = word_end(at, end), *bracket = memchr(space, '[', (size_t)(end - space));
    struct slot *s = slot_of(c, key_of(at, space));
    if (!bracket || end - bracket < 32) return;
    c->sum += seconds_of(bracket + 1);
    const char *quote = memchr(bracket + 29, '"', (size_t)(end - bracket - 29));
    if (quote) quote = memchr(quote + 1, '"', (size_t)(end - quote - 1));
    if (quote && end - quote > 5) s->refused += quote[2] == '4';
}

static void read_sshd(struct counting *c, const char *at, const char *end) {
    const char *bracket = end - at > 32 ? memchr(at + 16, ']', (size_t)(end - at - 16)) : NULL;
    if (!bracket || end - bracket < 16 || (memcmp(bracket + 3, "Failed ", 7) && memcmp(bracket + 3, "Invalid ", 8)))
        return;
    c->sum += two(at + 7) * 3600 + two(at + 10) * 60 + two(at + 13);
    for (const char *from = end; (from = memrchr(at, ' ', (size_t)(from - at)));)
        if (from - at > 5 && !memcmp(from - 5, " from", 5)) {
            slot_of(c, key_of(from + 1, word_end(from + 1, end)));
            return;
        }
}

static int count(int file, void (*line)(struct counting *, const char *, const char *)) {
    static char part[2 * PART];
    struct counting c = {.slots = calloc(SLOTS, sizeof *c.slots)};
    size_t kept = 0;
    ssize_t got;
    while (c.slots && (got = read(file, part + kept, PART)) > 0) {
        char *at = part, *end = part + kept + got;
        for (char *lf; (lf = memchr(at, '\n', (size_t)(end - at))); at = lf + 1, c.lines++) line(&c, at, lf);
        kept = (size_t)(end - at);
        if (kept > PART) kept = 0;
        memmove(part, at, kept);
    }
    for (size_t i = 0; c.slots && i < SLOTS; i++) c.sum += c.slots[i].refused;
    printf("%llu lines, %llu addresses, %llu\n", (unsigned long long)c.lines, (unsigned long long)c.addresses,
           (unsigned long long)c.sum);
    free(c.slots);
    return 0;
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        void (*line)(struct counting *, const char *, const char *);
    } ways[] = {{"newlines", read_newline}, {"addresses", read_address}, {"visits", read_visit}, {"sshd", read_sshd}};
    int file = argc == 3 ? open(argv[2], O_RDONLY) : -1;
    for (size_t i = 0; file >= 0 && i < sizeof ways / sizeof *ways; i++)
        if (!strcmp(argv[1], ways[i].name)) return count(file, ways[i].line);
    return fputs("usage: ceiling newlines|addresses|visits|sshd FILE\n", stderr), 2;
}
