/* Within scan/: the hashes of files, made beside the reading of their lines.
 *
 * A file's bytes must be hashed one after the other, but not by the thread that read them, nor while others wait for
 * the next ones.  So what is read is put into a queue, and whoever has parts in it hashes as far as their own. */
#ifndef PARLEY_SCAN_HASHING_H
#define PARLEY_SCAN_HASHING_H

#include <pthread.h>

#include "scan/scan.h"

enum { HASHINGS_MAX = 4 * SCAN_THREADS_MAX };

struct hashing { /* the next bytes of a file, or its end */
    struct hasher *hasher;
    struct text bytes;
    struct scan_file *ended; /* NULL: not yet; else it takes the hash */
};

struct hashings {
    pthread_mutex_t turn; /* of whoever hashes; taken before the one below */
    pthread_mutex_t lock; /* of all below */
    struct hashing waiting[HASHINGS_MAX];
    uint64_t put, taken;
};

void hashings_start(struct hashings *h);
/* For one thread at a time.  Bytes must stay until hashings_finish was called with what this gives. */
uint64_t hashings_put(struct hashings *h, const struct hashing *next);
/* Hashes up to and with what the number was given for, unless another thread is hashing. */
void hashings_try(struct hashings *h, uint64_t number);
/* The same, whoever else is hashing. */
void hashings_finish(struct hashings *h, uint64_t number);
/* Hashes all that waits. */
void hashings_flush(struct hashings *h);

#endif
