/* Messages that are signed, sealed to both sides' departments, appended to a record on disk and covered by a signed
 * checkpoint: one at a time, each durable before the next, against as many fdatasync calls; and in transactions of a
 * thousand, made by as many threads as there are cores ahead of the one that appends, against git's signed commits,
 * where git is installed. */
#include "sync/pair.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/codec.h"
#include "bench.h"
#include "message/message.h"
#include "sync/own.h"

enum { MESSAGES = 1000, MAKERS_MAX = 16 };

struct kit {
    struct pair pair;
    struct player *north;
    struct channel channel;
    struct signer *officer;
    struct text recipients[2];
    struct buf sealed[MESSAGES];
    int file;
    char commits[512];
};

static void need(struct kit *k, enum error result, const char *what) {
    if (result) fprintf(stderr, "%s\n", k->pair.diag.text);
    bench_need(!result, what);
}

/* ---- making: a remark, signed and sealed */

static void make(const struct kit *k, struct random *r, struct buf *sealed) {
    uint8_t id[16];
    char hex[33];
    random_fill(r, id, sizeof id);
    hex_write(bytes_of(id, sizeof id), hex);
    const struct head h = {.record = k->north->origin,
                           .id = text_of(hex),
                           .own = 1,
                           .read = 1,
                           .kind = TEXT("remark"),
                           .matter = TEXT("cert.north.example/0b0e9b6c-6f5c-4a47-8f0e-5d6a3f1c2b01"),
                           .from = TEXT("cert.north.example/incident"),
                           .by = TEXT("a.officer"),
                           .to = TEXT("cert.south.example/abuse"),
                           .lang = TEXT("en")};
    struct buf note = {.max = MESSAGE_MAX_BYTES};
    struct diag d = {0};
    const struct signer *officer = k->officer;
    enum error result = message_sign(&h, TEXT("{\"objects\":[],\"type\":\"bundle\"}"), &officer, 1, &note, &d);
    buf_clear(sealed);
    sealed->max = 1 << 16;
    if (!result) result = message_seal(buf_as_bytes(&note), (struct names){k->recipients, 2}, r, sealed, &d);
    bench_need(!result, "sealing a message");
    buf_free(&note);
}

static uint64_t append(struct kit *k, const struct buf *sealed) {
    uint64_t index;
    const struct bytes content = buf_as_bytes(sealed);
    const struct entry_blob blob = {sha256_of(content), content.size};
    const struct own_entry e = {.blobs = &blob, .contents = &content, .blob_count = 1};
    need(k, own_append(&k->north->node, &k->channel, &e, k->pair.now, &index, &k->pair.diag), "appending");
    return index;
}

/* ---- the ways */

static void syncs_alone(void *of) {
    struct kit *k = of;
    for (size_t i = 0; i < MESSAGES; i++)
        bench_need(write(k->file, k->sealed[0].at, k->sealed[0].size) == (ssize_t)k->sealed[0].size &&
                       !fdatasync(k->file),
                   "writing a file");
}

static void one_at_a_time(void *of) {
    struct kit *k = of;
    struct random r = random_system();
    for (size_t i = 0; i < MESSAGES; i++) {
        make(k, &r, &k->sealed[1]);
        (void)append(k, &k->sealed[1]);
    }
}

/* Makers run ahead of the one thread that appends: each takes the next message, and says when it is made. */
struct line {
    const struct kit *kit;
    struct buf *sealed;
    pthread_mutex_t lock;
    pthread_cond_t made;
    size_t next;
    bool ready[MESSAGES];
};

static size_t next_of(struct line *l, size_t made) {
    pthread_mutex_lock(&l->lock);
    if (made < MESSAGES) {
        l->ready[made] = true;
        pthread_cond_signal(&l->made);
    }
    size_t next = l->next++;
    pthread_mutex_unlock(&l->lock);
    return next;
}

static void *make_some(void *of) {
    struct line *l = of;
    struct random r = random_system();
    for (size_t i = next_of(l, MESSAGES); i < MESSAGES; i = next_of(l, i)) make(l->kit, &r, &l->sealed[i]);
    return NULL;
}

static void wait_for(struct line *l, size_t i) {
    pthread_mutex_lock(&l->lock);
    while (!l->ready[i]) pthread_cond_wait(&l->made, &l->lock);
    pthread_mutex_unlock(&l->lock);
}

static void append_all(struct kit *k, struct line *l) {
    store_set_compared(k->north->store, k->north->channel, false);
    need(k, store_begin(k->north->store, &k->pair.diag), "beginning");
    for (size_t i = 0; i < MESSAGES; i++) {
        wait_for(l, i);
        (void)append(k, &k->sealed[i]);
    }
    need(k, store_end(k->north->store, OK, &k->pair.diag), "committing");
    store_set_compared(k->north->store, k->north->channel, true);
}

/* Signed once they are durable, all by one checkpoint. */
static void in_a_batch(void *of) {
    struct kit *k = of;
    pthread_t threads[MAKERS_MAX];
    struct line line = {
        .kit = k, .sealed = k->sealed, .lock = PTHREAD_MUTEX_INITIALIZER, .made = PTHREAD_COND_INITIALIZER};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t count = cores < 1 ? 1 : cores > MAKERS_MAX ? MAKERS_MAX : (size_t)cores;
    for (size_t i = 0; i < count; i++) bench_need(!pthread_create(&threads[i], NULL, make_some, &line), "a thread");
    append_all(k, &line);
    for (size_t i = 0; i < count; i++) pthread_join(threads[i], NULL);
    need(k, own_sign(&k->north->node, &k->channel, &k->pair.diag), "signing");
}

static void git_commits(void *of) { bench_need(!system(((struct kit *)of)->commits), "git"); }

/* ---- starting */

static bool prepare_git(struct kit *k, const char *folder) {
    char command[1024];
    snprintf(command, sizeof command,
             "command -v git >/dev/null && command -v ssh-keygen >/dev/null && cd %s && git init -q r && "
             "ssh-keygen -q -t ed25519 -N '' -f key && cd r && git config gpg.format ssh && "
             "git config user.signingkey ../key.pub && git config user.name a && git config user.email a@b.example && "
             "git write-tree >../tree",
             folder);
    if (system(command)) return false;
    snprintf(k->commits, sizeof k->commits,
             "cd %s/r && tree=$(cat ../tree) parent= && for i in $(seq %d); do "
             "parent=$(git commit-tree ${parent:+-p $parent} -S -m \"message $i\" $tree) || exit 1; done",
             folder, MESSAGES);
    return true;
}

static void start(struct kit *k, const char *folder) {
    char path[64];
    struct random r = random_system();
    struct pair *p = &k->pair;
    pair_start(p);
    store_close(p->of[0].store);
    p->of[0].folder = folder;
    const struct store_options o = {.folder = folder};
    need(k, store_open(&o, &p->of[0].store, &p->diag), "opening a store");
    pair_took_store(&p->of[0]);
    pair_open(p);
    for (int i = 0; i < 4; i++) need(k, pair_sync(p, i % 2, NULL), "an exchange");
    k->north = &p->of[0];
    k->channel = pair_channel(p, 0);
    k->officer = signer_new(TEXT("cert.north.example/officer/a.officer"), KEY_ED25519, &r);
    for (size_t i = 0; i < COUNT(k->recipients); i++) {
        struct seal_identity *identity = seal_identity_new(&r);
        struct seal_recipient to = seal_identity_recipient(identity);
        struct buf written = {.max = 128};
        seal_recipient_write(&to, &written);
        k->recipients[i] = arena_text(&p->arena, buf_as_text(&written));
        buf_free(&written);
        seal_identity_free(identity);
    }
    make(k, &r, &k->sealed[0]);
    snprintf(path, sizeof path, "%s/file", folder);
    k->file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    bench_need(k->file >= 0, "making a file");
}

int main(void) {
    char folder[] = "bench-append-XXXXXX", command[64];
    static struct kit k;
    bench_need(mkdtemp(folder) != NULL, "making a folder");
    start(&k, folder);
    const struct way single[] = {{"write and fdatasync alone", syncs_alone},
                                 {"parley: signed, sealed, appended, each durable", one_at_a_time}};
    const struct way batch[] = {{"git, signed commits", git_commits},
                                {"parley: signed, sealed, appended, durable together", in_a_batch}};
    bench_compare("1,000 messages, one at a time", MESSAGES, "messages", single, COUNT(single), &k);
    const bool has_git = prepare_git(&k, folder);
    bench_compare("1,000 messages in a batch", MESSAGES, "messages", batch + !has_git, COUNT(batch) - !has_git, &k);
    for (size_t i = 0; i < MESSAGES; i++) buf_free(&k.sealed[i]);
    signer_free(k.officer);
    close(k.file);
    pair_end(&k.pair);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    bench_need(system(command) == 0, "removing the folder");
    return 0;
}
