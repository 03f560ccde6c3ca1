/* A peer that is 1,000,000 entries behind catches up: it pulls them (no network between the two), checks every hash
 * and the signature, keeps all durably and cosigns; against writing as many bytes as its store then has, synced at the
 * end. */
#include "sync/pair.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os.h"
#include "bench.h"
#include "sync/own.h"

enum { ENTRIES = 1000000, RUN = 1000, PIECE = 1 << 20 };

struct kit {
    struct pair pair;
    char folder[64];
    uint64_t bytes; /* of the store that caught up */
};

static void need(struct kit *k, enum error result, const char *what) {
    if (result) fprintf(stderr, "%s\n", k->pair.diag.text);
    bench_need(!result, what);
}

FORMAT(1, 2) static void run(const char *format, ...) {
    char command[256];
    va_list words;
    va_start(words, format);
    vsnprintf(command, sizeof command, format, words);
    va_end(words);
    bench_need(!system(command), command);
}

/* The other node answers, once, without what the tests compare. */
static enum error call(struct remote *self, const struct request *q, struct response *r, struct diag *d) {
    struct player *w = self->state;
    struct request mine = *q;
    struct response answer = {.body = {.max = 128 << 20}};
    size_t max = r->body.max;
    mine.pin = w->calls_as;
    server_answer(&w->pair->of[w == &w->pair->of[0]].node, &mine, w->pair->now, &answer);
    response_free(r);
    *r = answer;
    r->body.max = max;
    return answer.body.size <= max ? OK : fail(d, ERR_NETWORK, "too long an answer");
}

static void open_store(struct kit *k, int i) {
    char path[OS_PATH_MAX];
    struct player *w = &k->pair.of[i];
    const struct store_options o = {.folder = os_path(path, k->folder, i ? "s" : "n")};
    need(k, store_open(&o, &w->store, &k->pair.diag), "opening a store");
    pair_took_store(w);
}

/* As south's store was before there was anything to catch up with. */
static void go_back(struct kit *k) {
    store_close(k->pair.of[1].store);
    run("rm -rf %s/s && cp -r %s/before %s/s", k->folder, k->folder, k->folder);
}

static void fill(struct kit *k) {
    struct player *north = &k->pair.of[0];
    const struct channel c = pair_channel(&k->pair, 0);
    struct buf leaf = {.max = ENTRY_MAX_BYTES};
    struct bytes run[RUN];
    struct entry e = {.time = k->pair.now, .seen = {0, tree_empty_root()}};
    need(k, entry_write(&e, &leaf, &k->pair.diag), "writing an entry");
    for (size_t i = 0; i < RUN; i++) run[i] = buf_as_bytes(&leaf);
    need(k, store_begin(north->store, &k->pair.diag), "beginning");
    uint64_t size = pair_size(&k->pair, 0, SIDE_OWN);
    for (uint64_t done = 0; done < ENTRIES; done += RUN)
        need(k, store_add_leaves(north->store, c.of[SIDE_OWN].id, size + done, run, RUN, &k->pair.diag), "appending");
    need(k, store_end(north->store, OK, &k->pair.diag), "committing");
    need(k, own_sign(&north->node, &c, &k->pair.diag), "signing");
    buf_free(&leaf);
}

static void catch_up(void *of) {
    struct kit *k = of;
    struct stat about;
    char path[OS_PATH_MAX];
    go_back(k);
    open_store(k, 1);
    need(k, pair_sync(&k->pair, 1, NULL), "catching up");
    bench_need(pair_size(&k->pair, 1, SIDE_THEIRS) > ENTRIES, "all entries");
    bench_need(!stat(os_path(path, k->folder, "s/parley.db"), &about), "looking at the store");
    k->bytes = (uint64_t)about.st_size;
}

static void write_alone(void *of) {
    struct kit *k = of;
    static uint8_t piece[PIECE];
    char path[OS_PATH_MAX];
    int file = open(os_path(path, k->folder, "file"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bench_need(file >= 0, "making a file");
    for (uint64_t done = 0; done < k->bytes; done += PIECE)
        bench_need(write(file, piece, PIECE) == PIECE, "writing a file");
    bench_need(!fdatasync(file) && !close(file), "syncing a file");
}

int main(void) {
    static struct kit k = {.folder = "bench-catchup-XXXXXX"};
    bench_need(mkdtemp(k.folder) != NULL, "making a folder");
    pair_start(&k.pair);
    for (int i = 0; i < 2; i++) {
        store_close(k.pair.of[i].store);
        open_store(&k, i);
        k.pair.of[i].to = (struct remote){call, &k.pair.of[i]};
    }
    pair_open(&k.pair);
    for (int i = 0; i < 4; i++) need(&k, pair_sync(&k.pair, i % 2, NULL), "an exchange");
    store_close(k.pair.of[1].store);
    run("cp -r %s/s %s/before", k.folder, k.folder);
    open_store(&k, 1);
    fill(&k);
    catch_up(&k);
    const struct way ways[] = {{"writing and syncing as many bytes", write_alone}, {"parley", catch_up}};
    bench_compare("1,000,000 entries behind, and caught up", ENTRIES, "entries", ways, COUNT(ways), &k);
    pair_end(&k.pair);
    run("rm -rf %s", k.folder);
    return 0;
}
