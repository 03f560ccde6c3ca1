/* Opening the messages of a step's entries, and understanding them: what takes nearly all of the time.
 *
 * Blobs are fetched one after the other, for the link has one voice; then each processor opens a share of them. */
#include <pthread.h>
#include <unistd.h>

#include "desk/index_parts.h"

enum { WORKERS_MAX = 16, SHARE_MIN = 8 };

struct worker {
    struct step *step;
    const struct opener *with;
    struct opened_entry *const *entries;
    size_t count;
    struct arena arena; /* joined to the step's when all are done */
};

static enum error unseal(struct worker *w, struct opened_entry *o, struct bytes *plain, struct diag *why) {
    struct buf out = {.max = o->blob.size + 1024};
    enum error result = message_unseal(o->blob, w->with, UINT64_MAX, &out, o->said.file_key, why);
    if (!result) *plain = arena_bytes(&w->arena, buf_as_bytes(&out));
    buf_wipe(&out);
    return result;
}

/* Which of the card's officers signed; more than fit into a word are not kept. */
static void note_signers(struct opened_entry *o) {
    const struct card *card = o->entry->card;
    struct names keys = o->said.statement.signatures;
    o->signers_told = card && card->officer_count <= 64;
    for (size_t i = 0; o->signers_told && i < card->officer_count; i++)
        for (size_t k = 0; k < keys.count; k++)
            if (keys.at[k].at == card->officers[i].key.at) o->signers |= (uint64_t)1 << i;
}

static void understand(struct worker *w, struct opened_entry *o) {
    struct diag why = {0};
    o->said.understood = statement_from_message(&o->said.message, o->entry, &w->arena, &o->said.statement, &why) == OK;
    if (o->said.understood)
        note_signers(o);
    else
        o->said.broken = arena_text(&w->arena, text_of(why.text));
}

static void open_one(struct worker *w, struct opened_entry *o) {
    struct diag why = {0};
    struct bytes plain = o->blob;
    if (o->error) return;
    o->said.sealed = text_starts(text_from_bytes(o->blob), TEXT("age-encryption.org/"));
    if (o->said.sealed) o->error = unseal(w, o, &plain, &why);
    if (!o->error) o->error = message_read(plain, &w->arena, &o->said.message, &why);
    if (o->error)
        o->why = arena_text(&w->arena, text_of(why.text));
    else
        understand(w, o);
}

static void *work(void *state) {
    struct worker *w = state;
    for (size_t i = 0; i < w->count; i++) open_one(w, w->entries[i]);
    return NULL;
}

/* ---- sharing it out */

static void open_all(struct step *s, const struct opener *with, struct opened_entry **entries, size_t count) {
    struct worker workers[WORKERS_MAX] = {{0}};
    pthread_t threads[WORKERS_MAX];
    bool started[WORKERS_MAX] = {false};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t shares = processors < 1 ? 1 : processors > WORKERS_MAX ? WORKERS_MAX : (size_t)processors;
    if (shares > count / SHARE_MIN + 1) shares = count / SHARE_MIN + 1;
    for (size_t i = 0; i < shares; i++) {
        size_t from = count * i / shares, end = count * (i + 1) / shares;
        workers[i] = (struct worker){.step = s, .with = with, .entries = entries + from, .count = end - from};
        workers[i].arena.max_bytes = SIZE_MAX / 2;
        started[i] = i && !pthread_create(&threads[i], NULL, work, &workers[i]);
    }
    for (size_t i = 0; i < shares; i++) {
        if (started[i])
            pthread_join(threads[i], NULL);
        else
            work(&workers[i]);
        arena_join(&s->arena, &workers[i].arena);
    }
}

static void list_entries(struct step *s, unsigned party) {
    const struct entry_chain *chain = &s->more.chains[party];
    size_t generation = s->index->meta.generation;
    s->opened[party] = ARENA_ARRAY(&s->arena, struct opened_entry, chain->count);
    for (uint64_t i = 0; i < chain->count; i++) {
        const struct entry_verdict *e = &chain->entries[i];
        if (!e->leaf->has_message) continue;
        struct opened_entry *o = &s->opened[party][s->opened_count[party]++];
        struct diag why = {0};
        *o = (struct opened_entry){.entry = e, .said.entry = e};
        o->said.blob = s->verified.records[party][generation].entries[i].blobs[0].sha;
        o->error = step_blob(s, o->said.blob, TALK_BLOB_MAX, &o->blob, &why);
        if (o->error) o->why = arena_text(&s->arena, text_of(why.text));
    }
}

/* ---- what is kept of them */

static void add_recent(struct index *x, const struct opened_entry *o) {
    struct index_meta *m = &x->meta;
    struct text title, text;
    said_text(&o->said, &x->meta_arena, &title, &text);
    if (!title.size) title = text_sub(text, 0, text_find(text, '\n'));
    if (m->recent_count == INDEX_RECENT) memmove(m->recent, m->recent + 1, --m->recent_count * sizeof *m->recent);
    m->recent[m->recent_count++] =
        (struct recent_message){.time = o->entry->leaf->time,
                                .kind = arena_text(&x->meta_arena, o->said.message.head.kind),
                                .title = arena_text(&x->meta_arena, title),
                                .broken = arena_text(&x->meta_arena, o->said.broken),
                                .understood = o->said.understood};
}

static enum error keep_one(struct step *s, const struct opened_entry *o, struct diag *d) {
    struct index *x = s->index;
    const struct entry_verdict *e = o->entry;
    struct index_entry *at;
    if (o->error) {
        struct index_meta *m = &x->meta;
        m->closed_count++;
        if (o->error == ERR_MISSING && m->missing_count < INDEX_MISSING_MAX)
            m->missing[m->missing_count++] = o->said.blob;
        uint64_t number = row_number(ROW_CLOSED, (uint64_t)e->party << 48 | e->position);
        struct buf row = {.max = 4096};
        buf_be64(&row, e->index);
        buf_text(&row, o->why);
        enum error result = rows_put(x->rows, number, buf_as_bytes(&row), d);
        buf_free(&row);
        return result;
    }
    x->meta.message_count++;
    enum error result = index_entry_at(&s->entries, e->party, e->position, true, &at, d);
    if (result) return result;
    memcpy(at->file_key, o->said.file_key, sizeof at->file_key);
    at->signers = o->signers;
    at->flags = (uint8_t)(ENTRY_OPENED | (o->signers_told ? ENTRY_SIGNERS : 0));
    return OK;
}

enum error step_open(struct step *s, struct diag *d) {
    struct opener with = {0};
    for (unsigned p = 0; p < 2; p++) list_entries(s, p);
    size_t count = 0;
    struct opened_entry **entries =
        ARENA_ARRAY(&s->arena, struct opened_entry *, s->opened_count[0] + s->opened_count[1]);
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < s->opened_count[p]; i++) entries[count++] = &s->opened[p][i];
    enum error result = count ? desk_opener(s->index->desk, &with, d) : OK;
    if (!result) open_all(s, &with, entries, count);
    for (size_t i = 0; i < count && !result; i++) result = keep_one(s, entries[i], d);
    unsigned theirs = 1 - s->index->own;
    size_t shown = 0, from = s->opened_count[theirs];
    while (from && shown < INDEX_RECENT) shown += !s->opened[theirs][--from].error;
    for (size_t i = from; i < s->opened_count[theirs] && !result; i++)
        if (!s->opened[theirs][i].error) add_recent(s->index, &s->opened[theirs][i]);
    return result;
}
