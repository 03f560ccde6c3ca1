/* The Merkle root of 1,000,000 records of 87 bytes, against the bare compressions that it takes and against the same
 * hashes by libcrypto. */
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "tlog/tree.h"

enum { RECORDS = 1000000, RECORD_BYTES = 87 };

#pragma GCC diagnostic ignored "-Wdeprecated-declarations" /* the low-level interface is the limit of the machine */

/* Two blocks a leaf, two a node. */
static void compressions_alone(void *of) {
    uint8_t block[SHA256_CBLOCK] = {0};
    SHA256_CTX c;
    memcpy(block, of, sizeof block);
    SHA256_Init(&c);
    for (size_t i = 0; i < 4 * (size_t)RECORDS; i++) SHA256_Transform(&c, block);
    bench_keep(c.h[0]);
}

/* As many hashes as the tree takes, of the same sizes: a leaf and, nearly, a node for each record. */
static void hashes_alone(void *of) {
    const uint8_t *record = of;
    uint8_t out[2 * SHA256_SIZE] = {0};
    SHA256_CTX c;
    for (size_t i = 0; i < RECORDS; i++) {
        SHA256_Init(&c);
        SHA256_Update(&c, "", 1);
        SHA256_Update(&c, record, RECORD_BYTES);
        SHA256_Final(out, &c);
        SHA256_Init(&c);
        SHA256_Update(&c, "\1", 1);
        SHA256_Update(&c, out, sizeof out);
        SHA256_Final(out, &c);
    }
    bench_keep(out[0]);
}

/* The root and nothing else: 64 hashes are kept. */
static void frontier(void *of) {
    uint8_t record[RECORD_BYTES];
    struct frontier f = {0};
    memcpy(record, of, sizeof record);
    for (uint32_t i = 0; i < RECORDS; i++) {
        memcpy(record, &i, sizeof i);
        frontier_add(&f, 0, tree_leaf_hash(bytes_of(record, sizeof record)));
    }
    bench_keep(frontier_root(&f).at[0]);
}

/* The tree with all its hashes, as proofs need it. */
static void root(void *of) {
    uint8_t record[RECORD_BYTES];
    struct tree t = {0};
    memcpy(record, of, sizeof record);
    for (uint32_t i = 0; i < RECORDS; i++) {
        memcpy(record, &i, sizeof i);
        tree_add(&t, tree_leaf_hash(bytes_of(record, sizeof record)));
    }
    bench_keep(tree_root_at(&t, t.size).at[0]);
    tree_free(&t);
}

int main(void) {
    uint8_t record[RECORD_BYTES];
    memset(record, 'r', sizeof record);
    const struct way ways[] = {{"libcrypto, the compressions alone", compressions_alone},
                               {"libcrypto, the hashes alone", hashes_alone},
                               {"parley", frontier},
                               {"parley, all hashes kept", root}};
    bench_compare("Merkle root of 1,000,000 records", RECORDS, "records", ways, COUNT(ways), record);
    return 0;
}
