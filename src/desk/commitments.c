#include "desk/commitments.h"

#include "base/codec.h"
#include "base/secret.h"

struct gathering {
    struct talk *talk;
    const struct matter *matter;
    size_t *left;
    struct case_commitments *out;
};

static const struct sheet_state *sheet_of(const struct matter *m, struct text sheet) {
    for (size_t i = 0; i < m->sheet_count && sheet.size; i++)
        if (text_equal(m->sheets[i].message->statement->meaning.sheet, sheet)) return &m->sheets[i];
    return NULL;
}

/* ---- what came first */

static enum commit_order order_of(const struct matter *m, const struct commitment *c) {
    const struct said_by *opener = &m->said[m->opener];
    const struct entry_verdict *commit = c->commit->entry;
    enum commit_order order = COMMIT_NOTHING_SHOWN, one;
    for (size_t i = 0; i < opener->count; i++) {
        const struct message_verdict *shown = opener->at[i];
        if (shown->kind != KIND_DISCLOSE || !text_equal(shown->statement->meaning.sheet, c->says.sheet)) continue;
        one = shown->entry->seen > commit->position   ? COMMIT_FIRST
              : commit->seen > shown->entry->position ? COMMIT_AFTER
                                                      : COMMIT_CROSSED;
        if (one > order) order = one;
    }
    return order;
}

/* ---- what was revealed */

enum error commitment_open(const struct commit *reveal, struct bytes file, uint64_t rows, struct arena *a,
                           struct findings *out, struct diag *d) {
    struct findings findings = {0};
    enum error result = commit_check(reveal, reveal->salt, file, d);
    if (!result) result = findings_read(file, a, &findings, d);
    if (!result && findings.count && findings.at[findings.count - 1].row >= rows)
        result = fail(d, ERR_INPUT, _("a finding of fact %llu, and the sheet has only %llu"),
                      (unsigned long long)findings.at[findings.count - 1].row, (unsigned long long)rows);
    if (!result) *out = findings;
    return result;
}

static enum error open_revealed(struct gathering *g, struct commitment *c, const struct commit *reveal,
                                struct diag *d) {
    struct talk *t = g->talk;
    struct buf plain = {.max = FINDINGS_MAX_BYTES};
    const struct attach *attach =
        head_attachment(&talk_said(t, c->reveal)->message.head, ROLE_FINDINGS, (struct text){0});
    if (!c->commit) return fail(d, ERR_PROOF, _("nothing was committed to by that name"));
    if (!c->sheet || !text_equal(reveal->sheet, c->says.sheet))
        return fail(d, ERR_PROOF, _("it is of another sheet than the commit"));
    if (!attach) return fail(d, ERR_PROOF, _("it attaches no findings"));
    if (attach->plain_size > *g->left)
        return fail(d, ERR_LIMIT, _("the findings of the case are too large to be shown together"));
    *g->left -= attach->plain_size;
    enum error result = talk_attachment(t, attach, &plain, d);
    if (!result)
        result = commitment_open(reveal, arena_bytes(&t->arena, buf_as_bytes(&plain)),
                                 c->sheet->message->statement->meaning.rows, &t->arena, &c->findings, d);
    buf_free(&plain);
    return result;
}

/* ---- gathering */

static struct commitment *find(struct case_commitments *all, struct text commitment) {
    for (size_t i = 0; i < all->count; i++)
        if (all->at[i].commit && text_equal(all->at[i].says.commitment, commitment)) return &all->at[i];
    return NULL;
}

static void take_commit(struct gathering *g, const struct message_verdict *m, const struct commit *says) {
    if (find(g->out, says->commitment)) return; /* said again */
    struct commitment *c = &g->out->at[g->out->count++];
    *c = (struct commitment){.commit = m, .says = *says, .sheet = sheet_of(g->matter, says->sheet)};
    c->order = order_of(g->matter, c);
}

/* Another reveal of the same adds nothing, unless the first one was not what was committed to. */
static void take_reveal(struct gathering *g, const struct message_verdict *m, const struct commit *says) {
    struct diag why = {0};
    struct commitment *c = find(g->out, says->commitment);
    if (c && c->reveal && !c->why.size) return;
    if (!c) {
        c = &g->out->at[g->out->count++];
        *c = (struct commitment){.says = *says, .sheet = sheet_of(g->matter, says->sheet)};
    }
    c->reveal = m;
    c->why = open_revealed(g, c, says, &why) ? arena_text(&g->talk->arena, text_of(why.text)) : TEXT("");
}

void commitments_gather(struct talk *t, const struct matter *m, size_t *left, struct case_commitments *out) {
    const struct said_by *answerer = &m->said[1 - m->opener];
    struct case_commitments all = {.at = ARENA_ARRAY(&t->arena, struct commitment, answerer->count)};
    struct gathering g = {t, m, left, &all};
    for (size_t i = 0; i < answerer->count; i++) {
        const struct message_verdict *v = answerer->at[i];
        bool commit = v->kind == KIND_COMMIT;
        const struct said *said = commit || v->kind == KIND_REVEAL ? talk_said(t, v) : NULL;
        struct commit says;
        if (!said || commit_from_message(&said->message, &t->arena, &says, NULL)) continue;
        (commit ? take_commit : take_reveal)(&g, v, &says);
    }
    *out = all;
}

/* ---- one's own */

static const char *salt_file(struct talk *t, struct text commitment) {
    return arena_format(&t->arena, "commit-%.*s.salt", TEXT_ARG(commitment)).at;
}

enum error commitment_make(struct talk *t, struct bytes file, struct text *out, struct diag *d) {
    uint8_t salt[COMMIT_SALT_SIZE];
    char hex[SHA256_HEX];
    random_fill(t->desk->random, salt, sizeof salt);
    struct sha256 commitment = commitment_of(salt, file);
    struct text name = arena_text(&t->arena, sha256_hex(&commitment, hex));
    enum error result =
        keyring_put(t->desk->keyring, salt_file(t, name), bytes_of(salt, sizeof salt), t->desk->random, d);
    if (!result) *out = name;
    secret_wipe(salt, sizeof salt);
    return result;
}

enum error commitment_salt(struct talk *t, struct text commitment, struct text *out, struct diag *d) {
    struct buf salt = {.max = KEYRING_SECRET_MAX}, hex = {.max = 2 * COMMIT_SALT_SIZE};
    const char *file = salt_file(t, commitment);
    if (!keyring_has(t->desk->keyring, file))
        return fail(d, ERR_MISSING, _("the salt of the commitment %.12s… is not on this desk"), commitment.at);
    enum error result = keyring_get(t->desk->keyring, file, &salt, d);
    buf_hex(&hex, buf_as_bytes(&salt));
    if (!result) result = buf_check(&hex, d);
    if (!result) *out = arena_text(&t->arena, buf_as_text(&hex));
    buf_wipe(&salt);
    buf_wipe(&hex);
    return result;
}
