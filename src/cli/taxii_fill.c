/* From cases to objects for TAXII, and from objects that tools added to drafts. */
#include "cli/taxii_fill.h"

#include "base/hash.h"
#include "cli/drafting.h"
#include "cli/lists.h"
#include "desk/case_report.h"
#include "desk/erasures.h"
#include "desk/gate.h"
#include "interop/stix_objects.h"
#include "stix/stix.h"
#include "web/taxii.h"

/* ---- which channels have something new */

struct filling {
    struct taxii_filling *f;
    struct taxii_store *store;
    struct desk *desk;
    struct text *parties, *marks;
    size_t count, room, mark_room;
    bool withdrawn; /* something served before may no longer be */
};

static struct text key_of(struct filling *q, const char *what, struct text name) {
    return arena_format(&q->f->c->arena, "%s %.*s", what, TEXT_ARG(name));
}

static bool was_served(struct filling *q, struct text name) {
    struct buf kept = {.max = 4096};
    bool served = !taxii_store_kept(q->store, name, &kept, NULL);
    buf_free(&kept);
    return served;
}

static bool is_kept(struct filling *q, struct text name, struct text value) {
    struct buf kept = {.max = 4096};
    bool same = !taxii_store_kept(q->store, name, &kept, NULL) && text_equal(buf_as_text(&kept), value);
    buf_free(&kept);
    return same;
}

static enum error note_channel(struct index *x, void *state, bool *keep, struct diag *d) {
    struct filling *q = state;
    struct arena *a = &q->f->c->arena;
    struct index_view v = index_view(x);
    (void)keep, (void)d;
    if (v.drill) return OK;
    struct text party = arena_text(a, v.parties[1 - v.own]);
    struct text mark = arena_format(a, "%.*s %llu %llu %llu", TEXT_ARG(v.own_origin), (unsigned long long)v.cut.of[0],
                                    (unsigned long long)v.cut.of[1], (unsigned long long)v.messages);
    if (is_kept(q, key_of(q, "channel", party), mark)) return OK;
    q->parties = arena_grow(a, q->parties, q->count, &q->room, sizeof *q->parties);
    q->marks = arena_grow(a, q->marks, q->count, &q->mark_room, sizeof *q->marks);
    q->parties[q->count] = party;
    q->marks[q->count++] = mark;
    return OK;
}

/* ---- one case */

static bool is_finding(const json_t *object) {
    static const char *const kinds[] = {"finding", "standing", "answer", "reveal", "commit"};
    struct text kind = json_text(stix_extension(object), "kind");
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (text_is(kind, kinds[i])) return true;
    return stix_is(object, "opinion");
}

/* What others refer to. */
static bool is_common(const json_t *object) {
    return stix_is(object, "identity") || stix_is(object, "marking-definition") ||
           stix_is(object, "extension-definition");
}

static bool is_of_facts(const json_t *object) {
    struct text kind = json_text(stix_extension(object), "kind");
    bool other = stix_is(object, "incident") || stix_is(object, "note") || stix_is(object, "opinion") ||
                 (stix_is(object, "grouping") && !kind.size);
    return !other || text_is(kind, "facts");
}

static enum error put_object(struct filling *q, bool ours, const json_t *object, struct diag *d) {
    bool common = is_common(object), finding = is_finding(object);
    instant now = q->f->c->now;
    enum error result = OK;
    if (common || !finding)
        result = taxii_store_put(q->store, ours ? TAXII_OURS : TAXII_THEIRS, object, common, now, d);
    if (!result && (common || finding)) result = taxii_store_put(q->store, TAXII_FINDINGS, object, common, now, d);
    if (!result && (common || is_of_facts(object)))
        result = taxii_store_put(q->store, TAXII_FACTS, object, common, now, d);
    return result;
}

static bool passes(const struct filling *q, enum tlp level) {
    enum gate_answer answer = gate_answer(level, GATE_HOUSE);
    bool named = level <= q->f->up_to;
    return named && (answer == GATE_PASSES || (answer == GATE_ASKS && q->f->up_to == level));
}

/* One's own copy of what the other side erased may be there, until it is dropped: tools do not get it any more. */
static bool is_erased(const struct case_view *v, const struct case_sheet *s) {
    const struct message_verdict *m = s->state->message;
    const struct attach *facts = head_attachment(m->statement->head, ROLE_FACTS, m->statement->meaning.sheet);
    return facts && erasure_of(&v->erasures, m->entry->party, facts->sealed);
}

static const struct case_sheet *last_open(const struct case_view *v) {
    for (size_t i = v->sheet_count; i-- > 0;)
        if (!v->sheets[i].why.size && !is_erased(v, &v->sheets[i])) return &v->sheets[i];
    return NULL;
}

static enum error put_report(struct filling *q, const struct report *r, bool ours, struct diag *d) {
    struct arena *a = &q->f->c->arena;
    struct losses losses = losses_in(a);
    json_t *objects = NULL, *one;
    size_t i;
    enum error result = stix_case_objects(r, &(struct case_writing){a, &losses, q->f->c->now}, &objects, d);
    json_array_foreach(objects, i, one) if (!result) result = put_object(q, ours, one, d);
    json_decref(objects);
    return result;
}

/* All that the objects of a case are made of: what counts in it, what of that opens here and is delivered with its
 * attachments, and the card that says where an answer goes. */
static struct text mark_of(const struct talk *t, const struct matter *m, struct arena *a) {
    struct buf all = {.max = SIZE_MAX / 2};
    const struct card *card = talk_card(t, m->opener);
    char hex[SHA256_HEX];
    buf_format(&all, "%d %.*s\n", (int)m->tlp, TEXT_ARG(card ? card->id : (struct text){0}));
    for (unsigned party = 0; party < 2; party++)
        for (size_t i = 0; i < m->said[party].count; i++) {
            const struct message_verdict *v = m->said[party].at[i];
            const struct said *s = talk_said(t, v);
            buf_format(&all, "%.*s %d %d %d\n", TEXT_ARG(v->statement->head->id), s != NULL, s && s->understood,
                       v->delivered != INSTANT_NONE);
        }
    struct sha256 hash = sha256_of(buf_as_bytes(&all));
    buf_free(&all);
    return arena_text(a, text_of(sha256_hex(&hash, hex).at));
}

static bool opens_whole(const struct case_view *v) {
    for (size_t i = 0; i < v->sheet_count; i++)
        if (v->sheets[i].why.size) return false;
    return true;
}

/* A case of which nothing is new is not opened again. */
static enum error put_case(struct filling *q, struct talk *t, const struct matter *m, struct diag *d) {
    struct case_view view;
    struct report report;
    if (m->opening->kind != KIND_CLAIM) return OK;
    struct text name = key_of(q, "case", m->name), mark = mark_of(t, m, &q->f->c->arena);
    if (is_kept(q, name, mark)) return OK;
    enum error result = case_view(t, m, &view, d);
    if (!result) result = case_report(&view, last_open(&view), &report, d);
    if (result) return result;
    if (!passes(q, report_level(&report))) {
        q->withdrawn = q->withdrawn || was_served(q, name);
        return OK;
    }
    result = put_report(q, &report, m->opener == t->own, d);
    if (!opens_whole(&view)) mark = TEXT("again");
    return result ? result : taxii_store_keep(q->store, name, bytes_from_text(mark), d);
}

/* ---- one channel */

/* Objects of what was erased since are there still: all are made anew, without it. */
static enum error note_erasures(struct filling *q, struct talk *t, struct text party, struct diag *d) {
    struct arena *a = &q->f->c->arena;
    struct erasures erased;
    erasures_gather(t, a, &erased);
    struct text name = key_of(q, "erased", party);
    struct text now = arena_format(a, "%zu", erased.of[0].count + erased.of[1].count);
    struct buf before = {.max = 64};
    bool known = !taxii_store_kept(q->store, name, &before, NULL), same = text_equal(buf_as_text(&before), now);
    buf_free(&before);
    q->withdrawn = q->withdrawn || (known && !same);
    if (known && same) return OK;
    return taxii_store_keep(q->store, name, bytes_from_text(now), d);
}

static enum error put_channel(struct filling *q, size_t which, struct diag *d) {
    struct talk *t = NULL;
    struct text mark = q->marks[which];
    enum error result = talk_open(q->desk, q->parties[which], false, &(struct talk_at){.as_of = q->f->c->now}, &t, d);
    if (result) return result;
    result = taxii_store_begin(q->store, d);
    if (!result) result = note_erasures(q, t, q->parties[which], d);
    for (size_t i = 0; i < t->state.matter_count && !result; i++) result = put_case(q, t, &t->state.matters[i], d);
    if (!result) result = taxii_store_keep(q->store, key_of(q, "channel", q->parties[which]), bytes_from_text(mark), d);
    if (!result) result = taxii_store_commit(q->store, d);
    if (result) taxii_store_undo(q->store);
    talk_close(t);
    return result;
}

static enum error fill_all(struct filling *q, struct diag *d) {
    struct text level = text_of(tlp_name(q->f->up_to)), name = TEXT("up to");
    size_t count;
    enum error result = is_kept(q, name, level) ? OK : taxii_store_clear(q->store, d);
    if (!result) result = taxii_store_keep(q->store, name, bytes_from_text(level), d);
    if (!result) result = cli_index_each(q->f->c, q->desk, note_channel, q, &count);
    for (size_t i = 0; i < q->count && !result; i++) result = put_channel(q, i, d);
    return result;
}

enum error taxii_fill(struct taxii_filling *f, struct diag *d) {
    struct filling q = {.f = f};
    enum error result = taxii_store_open(f->store, f->key, &q.store, d);
    if (!result) result = cli_open_desk(f->c, &q.desk);
    if (!result) result = fill_all(&q, d);
    if (!result && q.withdrawn) {
        q.withdrawn = false;
        q.count = 0;
        result = taxii_store_clear(q.store, d);
        if (!result) result = fill_all(&q, d);
    }
    desk_close(q.desk);
    taxii_store_close(q.store);
    return result;
}

/* ---- drafts */

static enum error make_drafts(struct taxii_filling *f, struct text id, struct bytes body, struct losses *losses,
                              struct diag *d) {
    struct cli *c = f->c;
    struct drafting x = {
        .to = f->to, .else_title = _("Objects that a tool added"), .else_tlp = f->tlp, .request = id, .losses = losses};
    struct reports reports;
    enum error result = stix_case_read(body, &(struct case_reading){.arena = &c->arena, .losses = losses}, &reports, d);
    if (!result && !reports.at[0].facts.count)
        result = fail(d, ERR_NO, _("a claim rests on facts, and there are none"));
    if (result) return result;
    x.list = json_array();
    c->command = "import";
    result = drafting_make(c, &x, &reports);
    if (result) *d = c->diag;
    json_decref(x.list);
    return result;
}

static void move_details(json_t *status, const char *to, const char *counted, const struct diag *d) {
    json_t *list = json_incref(json_list(status, "pendings")), *one;
    size_t i, count = json_array_size(list);
    json_object_del(status, "pendings");
    json_array_foreach(list, i, one) if (d && json_is_text(text_of(d->text)))
        json_put_text_if(one, "message", text_of(d->text));
    if (count) json_put(status, to, json_incref(list));
    json_decref(list);
    json_put_text(status, "status", TEXT("complete"));
    json_put_u64(status, "pending_count", 0);
    json_put_u64(status, counted, count);
}

/* What became of a request: NULL in the place of losses: nothing was read of it. */
static enum error finish(struct taxii_store *s, struct text id, struct bytes status, enum error made,
                         const struct diag *why, const struct losses *losses, struct diag *d) {
    json_t *object = NULL;
    struct buf out = {.max = TAXII_PAGE_BYTES};
    enum error result = json_read(status, &object, d);
    if (result) return result;
    const char *list = made ? "failures" : "successes";
    move_details(object, list, made ? "failure_count" : "success_count", made ? why : NULL);
    if (losses && losses->count) json_put(object, "x_parley_losses", losses_json(losses));
    json_canonical(object, &out);
    if (out.failed) { /* of very many objects the counts must do: what is not finished would be begun again for ever */
        buf_free(&out);
        out = (struct buf){.max = TAXII_PAGE_BYTES};
        json_object_del(object, list);
        json_canonical(object, &out);
    }
    result = buf_check(&out, d);
    if (!result) result = taxii_store_done(s, id, buf_as_bytes(&out), d);
    json_decref(object);
    buf_free(&out);
    return result;
}

/* What another try may not meet: a request that was taken is not refused for that. */
static bool passes_by(enum error made) {
    return made == ERR_BUSY || made == ERR_FULL || made == ERR_IO || made == ERR_MEMORY;
}

enum error taxii_draft(struct taxii_filling *f, struct diag *d) {
    struct taxii_store *store = NULL;
    struct bytes status = {0}, body = {0};
    struct text id = {0};
    struct diag why = {0};
    struct losses losses = losses_in(&f->c->arena);
    enum error result = taxii_store_open(f->store, f->key, &store, d);
    if (!result) result = taxii_store_waiting(store, &f->c->arena, &id, &status, &body, d);
    if (!result) {
        enum error made = make_drafts(f, id, body, &losses, &why);
        if (passes_by(made)) {
            *d = why;
            result = made;
        } else {
            result = finish(store, id, status, made, &why, &losses, d);
        }
    }
    taxii_store_close(store);
    return result;
}

/* One whose own status can't be opened gets another. */
static struct bytes bare_status(struct text id, struct arena *a) {
    struct text bare = arena_format(a, "{\"id\":\"%.*s\"}", TEXT_ARG(id));
    return bytes_from_text(bare);
}

enum error taxii_give_up(const char *path, const uint8_t *key, struct text id, const char *why, struct diag *d) {
    struct arena a = {0};
    struct taxii_store *store = NULL;
    struct buf kept = {.max = TAXII_PAGE_BYTES};
    struct diag told = {0};
    buf_clear(&kept);
    enum error made = fail(&told, ERR_IO, "%s", why), result = taxii_store_open(path, key, &store, d);
    if (!result) {
        bool opens = !taxii_store_status(store, id, &kept, NULL);
        result = finish(store, id, opens ? buf_as_bytes(&kept) : bare_status(id, &a), made, &told, NULL, d);
    }
    taxii_store_close(store);
    buf_free(&kept);
    arena_free(&a);
    return result;
}
