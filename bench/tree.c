/* The Merkle root of 1,000,000 records of 90 bytes: by Go's golang.org/x/mod, where that is installed, by libcrypto's
 * hashes one after the other, and by parley, with and without all hashes kept as proofs need them.  All that make a
 * root must make the same. */
#include <openssl/sha.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"
#include "tlog/tree.h"

enum { RECORDS = 1000000, RECORD_BYTES = 90 };

#pragma GCC diagnostic ignored "-Wdeprecated-declarations" /* the low-level interface is the limit of the machine */

struct state {
    uint8_t *records;
    struct bytes *leaves;
    struct sha256 root;
    int peer; /* a socket; -1: none */
    char folder[64];
};

static void need_same(const struct state *s, struct sha256 root) {
    bench_need(sha256_equal(root, s->root), "the same root by all");
}

/* ---- the peer: bench/tree_peer, asked by a byte, answers with the root */

static bool build_peer(struct state *s) {
    char command[512];
    if (system("command -v go >/dev/null && [ -d /usr/share/gocode/src/golang.org/x/mod/sumdb ] && "
               "[ -d bench/tree_peer ]"))
        return false;
    snprintf(s->folder, sizeof s->folder, "/tmp/parley-bench-XXXXXX");
    bench_need(mkdtemp(s->folder) != NULL, "making a folder");
    snprintf(command, sizeof command,
             "cd bench/tree_peer && GO111MODULE=off GOFLAGS='' GOPATH=/usr/share/gocode GOCACHE=%s/cache go build -o "
             "%s/peer .",
             s->folder, s->folder);
    return !system(command);
}

static void start_peer(struct state *s) {
    int pair[2];
    char program[128];
    bench_need(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "a socket");
    const pid_t child = fork();
    bench_need(child >= 0, "a process");
    if (!child) {
        snprintf(program, sizeof program, "%s/peer", s->folder);
        dup2(pair[1], 0);
        dup2(pair[1], 1);
        close(pair[0]);
        setenv("GOMAXPROCS", "1", 1);
        execl(program, program, (char *)NULL);
        _exit(127);
    }
    close(pair[1]);
    s->peer = pair[0];
}

static void by_peer(void *of) {
    const struct state *s = of;
    struct sha256 root = {{0}};
    bench_need(write(s->peer, "", 1) == 1 && recv(s->peer, &root, sizeof root, MSG_WAITALL) == sizeof root, "the peer");
    need_same(s, root);
}

static void end_peer(struct state *s) {
    char command[256];
    if (s->peer >= 0) close(s->peer);
    snprintf(command, sizeof command, "chmod -R u+w %s && rm -r %s", s->folder, s->folder);
    if (s->folder[0]) bench_need(!system(command), "removing a folder");
}

/* ---- the limits */

/* As many hashes as the tree takes, of the same sizes: a leaf and, nearly, a node for each record. */
static void hashes_alone(void *of) {
    const struct state *s = of;
    uint8_t out[2 * SHA256_SIZE] = {0};
    SHA256_CTX c;
    for (size_t i = 0; i < RECORDS; i++) {
        SHA256_Init(&c);
        SHA256_Update(&c, "", 1);
        SHA256_Update(&c, s->leaves[i].at, RECORD_BYTES);
        SHA256_Final(out, &c);
        SHA256_Init(&c);
        SHA256_Update(&c, "\1", 1);
        SHA256_Update(&c, out, sizeof out);
        SHA256_Final(out, &c);
    }
    bench_keep(out[0]);
}

/* ---- parley */

/* The root and nothing else: 64 hashes are kept. */
static void frontier(void *of) {
    const struct state *s = of;
    struct frontier f = {0};
    frontier_add_leaves(&f, s->leaves, RECORDS);
    need_same(s, frontier_root(&f));
}

/* The tree with all its hashes. */
static void whole_tree(void *of) {
    const struct state *s = of;
    struct tree t = {0};
    tree_add_leaves(&t, s->leaves, RECORDS);
    need_same(s, tree_root_at(&t, RECORDS));
    tree_free(&t);
}

static void one_by_one(void *of) {
    const struct state *s = of;
    struct frontier f = {0};
    for (size_t i = 0; i < RECORDS; i++) frontier_add(&f, 0, tree_leaf_hash(s->leaves[i]));
    need_same(s, frontier_root(&f));
}

static void make_records(struct state *s) {
    struct frontier f = {0};
    s->records = malloc((size_t)RECORDS * RECORD_BYTES);
    s->leaves = calloc(RECORDS, sizeof *s->leaves);
    bench_need(s->records && s->leaves, "taking memory");
    memset(s->records, 'r', (size_t)RECORDS * RECORD_BYTES);
    for (uint32_t i = 0; i < RECORDS; i++) {
        uint8_t *at = s->records + (size_t)i * RECORD_BYTES;
        for (size_t k = 0; k < sizeof i; k++) at[k] = (uint8_t)(i >> 8 * k);
        s->leaves[i] = bytes_of(at, RECORD_BYTES);
    }
    frontier_add_leaves(&f, s->leaves, RECORDS);
    s->root = frontier_root(&f);
}

int main(void) {
    struct state s = {.peer = -1};
    static const struct way ways[] = {{"Go's x/mod, StoredHashes and TreeHash", by_peer},
                                      {"libcrypto, the hashes alone", hashes_alone},
                                      {"parley, leaf by leaf", one_by_one},
                                      {"parley", frontier},
                                      {"parley, all hashes kept", whole_tree}};
    signal(SIGPIPE, SIG_IGN);
    make_records(&s);
    const bool has_peer = build_peer(&s);
    if (has_peer) start_peer(&s);
    bench_compare("Merkle root of 1,000,000 records of 90 bytes", RECORDS, "records", ways + !has_peer,
                  COUNT(ways) - !has_peer, &s);
    end_peer(&s);
    free(s.records);
    free(s.leaves);
    return 0;
}
