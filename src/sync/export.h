/* Within sync/: what is written of a record where there is no wire, file by file, into whatever takes it. */
#ifndef PARLEY_SYNC_EXPORT_H
#define PARLEY_SYNC_EXPORT_H

#include "sync/folder.h"

struct export_sink {
    /* The content lasts until the call returns. */
    enum error (*file)(void *state, const char *name, struct bytes content, struct diag *d);
    /* Whether it need not be given that blob; NULL: it is given all. */
    bool (*has)(void *state, const char *name, struct sha256 sha);
    void *state;
};

struct export {
    const struct sync_node *node;
    const struct channel *channel;
    enum side side;
    uint64_t from; /* tiles that lie wholly before this entry, and blobs that entries before it name, are left out */
    struct folder_report *report;
    struct kept_checkpoint at; /* of size 0: none; set by export_begin */
    struct arena arena;        /* the caller frees it */
};
/* Chooses the checkpoint.  ERR_MISSING for a mirror of which nothing is held. */
enum error export_begin(struct export *x, struct diag *d) MUST_USE;
/* Keys, what goes back, tiles and blobs: all but the checkpoint. */
enum error export_files(struct export *x, const struct export_sink *to, struct diag *d) MUST_USE;
/* The checkpoint, with the cosignatures held for just its size; appends nothing where there is none. */
enum error export_checkpoint(struct export *x, struct buf *out, struct diag *d) MUST_USE;

#endif
