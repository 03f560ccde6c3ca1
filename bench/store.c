/* Appending entries with a blob of 8 KiB each, one transaction an entry, against as many fdatasync calls on one file:
 * what the disk gives when each entry is to be durable. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "store/store.h"

enum { ENTRIES = 1000, BLOB_BYTES = 8192 };

struct kit {
    int file;
    struct store *store;
    int64_t channel, record;
    uint8_t blob[BLOB_BYTES];
};

static void syncs_alone(void *of) {
    struct kit *k = of;
    for (uint32_t i = 0; i < ENTRIES; i++) {
        memcpy(k->blob, &i, sizeof i);
        bench_need(write(k->file, k->blob, BLOB_BYTES) == BLOB_BYTES && !fdatasync(k->file), "writing a file");
    }
}

static void append(void *of) {
    struct kit *k = of;
    uint64_t size;
    bench_need(store_size(k->store, k->record, &size, NULL) == OK, "reading the size");
    for (uint64_t i = size; i < size + ENTRIES; i++) {
        struct sha256 sha;
        memcpy(k->blob, &i, sizeof i);
        enum error result = store_begin(k->store, NULL);
        if (!result) result = store_put_blob(k->store, k->channel, SIDE_OWN, bytes_of(k->blob, BLOB_BYTES), &sha, NULL);
        if (!result) result = store_add_leaf(k->store, k->record, i, sha256_bytes(&sha), NULL);
        bench_need(store_end(k->store, result, NULL) == OK, "appending");
    }
}

static void open_kit(struct kit *k, const char *folder) {
    char path[64];
    struct arena a = {0};
    struct store_options o = {.folder = folder};
    struct channel c = {.own_party = TEXT("cert.north.example"),
                        .party = TEXT("cert.south.example"),
                        .number = 1,
                        .limits = CHANNEL_LIMITS_DEFAULT};
    c.of[SIDE_OWN].name = TEXT("cert.north.example/to/cert.south.example/1");
    c.of[SIDE_OWN].origin = TEXT("parley/bench");
    snprintf(path, sizeof path, "%s/file", folder);
    k->file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    bench_need(k->file >= 0 && store_open(&o, &k->store, NULL) == OK &&
                   store_add_channel(k->store, &c, &k->channel, NULL) == OK &&
                   store_channel(k->store, k->channel, &a, &c, NULL) == OK,
               "making a store");
    k->record = c.of[SIDE_OWN].id;
    arena_free(&a);
}

int main(void) {
    char folder[] = "bench-store-XXXXXX", command[64];
    static struct kit kit;
    bench_need(mkdtemp(folder), "making a folder");
    open_kit(&kit, folder);
    const struct way ways[] = {{"write and fdatasync alone", syncs_alone}, {"parley", append}};
    bench_compare("1,000 entries of 8 KiB, each durable", ENTRIES, "entries", ways, COUNT(ways), &kit);
    store_close(kit.store);
    close(kit.file);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    bench_need(system(command) == 0, "removing the folder");
    return 0;
}
