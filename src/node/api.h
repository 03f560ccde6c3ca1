/* Within node/: a request of the desk, and the answers that stand in other files than the table of requests. */
#ifndef PARLEY_NODE_API_H
#define PARLEY_NODE_API_H

#include "node/desks.h"
#include "node/engine.h"

struct asking {
    struct engine *engine;
    const struct request *request;
    struct response *response;
    struct buf *body; /* of the response */
    instant now;
    struct arena arena;
    struct channel channel;
    enum side side;
    struct text rest; /* of the path */
    enum part part;   /* of a desk on another machine; PART_NONE: the own user asks */
};

static inline struct text asking_text(const struct asking *q) { return text_from_bytes(q->request->body); }
/* What came of an exchange, as a block of fields. */
void api_write_row(struct asking *q, const struct link_sync_row *r);

/* ---- api_files.c: folders and archives of the user's, and the store as a whole */

enum error api_export(struct asking *q, struct diag *d) MUST_USE;
enum error api_pack(struct asking *q, struct diag *d) MUST_USE;
enum error api_import(struct asking *q, struct diag *d) MUST_USE;
enum error api_unpack(struct asking *q, struct diag *d) MUST_USE;
enum error api_fsck(struct asking *q, struct diag *d) MUST_USE;
enum error api_repair(struct asking *q, struct diag *d) MUST_USE;

#endif
