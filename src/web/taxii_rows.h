/* Within web/: the rows of taxii_store.h, each sealed and bound to where it stands; what objects (taxii_store.c) and
 * requests (taxii_requests.c) have in common. */
#ifndef PARLEY_WEB_TAXII_ROWS_H
#define PARLEY_WEB_TAXII_ROWS_H

#include <sodium.h>
#include <sqlite3.h>

#include "web/taxii_store.h"

enum {
    NONCE_SIZE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    HASH_SIZE = 8,
    OBJECT_BYTES_MAX = 64 << 20,
};

enum spelled { SQL_NEXT, SQL_KNOWN, SQL_OLD, SQL_ADD, SQL_ADDED, SQL_KEEP, SQL_KEPT, SQL_COUNT };
struct taxii_store {
    sqlite3 *db;
    char *path;
    sqlite3_stmt *statements[SQL_COUNT];
    uint8_t *key, *names; /* secret_new: of rows, and of hashes of names */
    uint8_t nonce[NONCE_SIZE];
    struct buf plain, sealed;
    bool begun;
    uint64_t last; /* number; of what is written in this transaction */
    instant last_added;
};

struct hashed {
    uint8_t at[HASH_SIZE];
};

/* What a row is bound to: where it stands. */
struct place {
    uint8_t at[17];
};

/* What SQLite says of the last call. */
enum error taxii_rows_failed(struct taxii_store *s, struct diag *d);
enum error taxii_rows_run(struct taxii_store *s, const char *sql, struct diag *d) MUST_USE;
/* Of a name, for look-ups; `what` keeps kinds of names apart. */
struct hashed taxii_rows_hash(const struct taxii_store *s, const char *what, struct text name);
struct place taxii_rows_place(char table, const struct hashed *name);
/* Into s->sealed. */
enum error taxii_rows_seal(struct taxii_store *s, const struct place *place, struct bytes plain,
                           struct diag *d) MUST_USE;
/* Appends what was sealed; ERR_INPUT where it was not, or stood elsewhere. */
enum error taxii_rows_open(struct taxii_store *s, const struct place *place, struct bytes sealed, struct buf *out,
                           struct diag *d) MUST_USE;
struct bytes taxii_rows_column(sqlite3_stmt *q, int at); /* until the next step */

#endif
