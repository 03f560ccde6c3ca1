/* From a node's bytes to a state: fetch, verify, open, judge, fold. */
#include "desk/talk.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/secret.h"
#include "claim/claim.h"
#include "desk/brief.h"
#include "desk/index.h"
#include "desk/index_hints.h"

struct reading {
    struct talk *talk;
    struct map blobs;          /* hex SHA-256 to struct bytes, as fetched */
    struct index_hints *hints; /* NULL: none */
    size_t said_room, closed_room;
};

/* ---- fetching */

/* A blob of the channel, in whichever of its generations it stands. */
static enum error fetch_blob(const struct talk *t, struct sha256 name, uint64_t max, struct buf *out, struct diag *d) {
    enum error result = ERR_MISSING;
    for (size_t i = t->channel_count; i-- > 0 && result == ERR_MISSING;)
        result = link_blob(t->desk->link, t->channels[i].own_origin, name, max, out, d);
    return result;
}

/* The first blob of an entry, whole.  Each is fetched once. */
static enum error fetch(struct reading *r, struct sha256 name, struct bytes *out, struct diag *d) {
    struct talk *t = r->talk;
    char hex[SHA256_HEX];
    struct text key = sha256_hex(&name, hex);
    struct bytes *kept = map_get(&r->blobs, key);
    if (!kept) {
        struct buf whole = {.max = TALK_BLOB_MAX};
        enum error result = fetch_blob(t, name, TALK_BLOB_MAX, &whole, d);
        kept = ARENA_NEW(&t->arena, struct bytes);
        if (!result) *kept = arena_bytes(&t->arena, buf_as_bytes(&whole));
        buf_free(&whole);
        if (result) return result;
        *map_put(&r->blobs, arena_text(&t->arena, key)) = kept;
    }
    *out = *kept;
    return OK;
}

static enum error blob_front(void *state, struct sha256 name, size_t max, struct arena *a, struct bytes *front,
                             uint64_t *size, struct diag *d) {
    struct bytes whole;
    (void)a;
    enum error result = fetch(state, name, &whole, d);
    if (result) return result;
    *front = bytes_of(whole.at, whole.size < max ? whole.size : max);
    *size = whole.size;
    return OK;
}

static enum error pick_channels(struct talk *t, struct text party, bool drill, struct diag *d) {
    struct link_channel *list, last;
    size_t count;
    enum error result = desk_channel(t->desk, party, drill, &last, d);
    if (!result) result = link_channels(t->desk->link, &t->arena, &list, &count, d);
    if (result) return result;
    t->channels = ARENA_ARRAY(&t->arena, struct link_channel, count);
    for (size_t i = 0; i < count; i++)
        if (text_equal(list[i].party, party) && list[i].drill == drill) t->channels[t->channel_count++] = list[i];
    t->own = text_compare(t->desk->home.party, party) < 0 ? 0 : 1;
    t->parties[t->own] = t->desk->home.party;
    t->parties[1 - t->own] = t->channels[0].party;
    return OK;
}

static enum error fetch_record(struct talk *t, struct text channel, struct text origin, struct text root,
                               struct raw_party *into, struct raw_record *records, struct diag *d) {
    struct bytes *leaves;
    size_t count;
    enum error result = link_leaves(t->desk->link, origin, 0, &t->arena, &leaves, &count, d);
    if (!result) records[into->count++] = (struct raw_record){channel, origin, root, leaves, count};
    return result;
}

static enum error fetch_records(struct talk *t, struct raw_channel *raw, struct diag *d) {
    struct raw_record *records[2];
    enum error result = OK;
    for (unsigned p = 0; p < 2; p++) {
        records[p] = ARENA_ARRAY(&t->arena, struct raw_record, t->channel_count);
        raw->parties[p] = (struct raw_party){t->parties[p], records[p], 0};
    }
    for (size_t i = 0; i < t->channel_count && !result; i++) {
        const struct link_channel *c = &t->channels[i];
        result = fetch_record(t, c->own_name, c->own_origin, c->own_root, &raw->parties[t->own], records[t->own], d);
        if (!result && c->their_origin.size)
            result = fetch_record(t, c->their_name, c->their_origin, c->their_root, &raw->parties[1 - t->own],
                                  records[1 - t->own], d);
    }
    return result;
}

/* ---- opening */

static void add_closed(struct reading *r, const struct entry_verdict *e, enum error error, const char *why) {
    struct talk *t = r->talk;
    t->closed = arena_grow(&t->arena, t->closed, t->closed_count, &r->closed_room, sizeof *t->closed);
    t->closed[t->closed_count++] = (struct closed){e, error, arena_text(&t->arena, text_of(why))};
}

/* The keys of those officers of the card whose signatures were found good before. */
static struct names known_signers(const struct card *card, uint64_t set, struct arena *a) {
    struct text *keys = ARENA_ARRAY(a, struct text, card->officer_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < card->officer_count && i < 64; i++)
        if (set >> i & 1) keys[count++] = card->officers[i].key;
    return (struct names){keys, count};
}

static enum error understand(const struct message *m, const struct said *s, const struct index_hint *hint,
                             struct arena *a, struct statement *out, struct diag *why) {
    const struct card *card = s->entry->card;
    if (!hint || !hint->signers_told || !card) return statement_from_message(m, s->entry, a, out, why);
    return statement_signed_by(m, s->entry, known_signers(card, hint->signers, a), a, out, why);
}

/* `hint`: NULL, or what is known of just these bytes. */
static void add_said(struct reading *r, struct said *s, const struct index_hint *hint) {
    struct talk *t = r->talk;
    struct diag why = {0};
    t->said = arena_grow(&t->arena, t->said, t->said_count, &r->said_room, sizeof *t->said);
    struct said *kept = &t->said[t->said_count++];
    *kept = *s;
    struct message *message = ARENA_NEW(&t->arena, struct message); /* stays where it is when the array moves */
    *message = s->message;
    kept->understood = understand(message, s, hint, &t->arena, &kept->statement, &why) == OK;
    if (!kept->understood) kept->broken = arena_text(&t->arena, text_of(why.text));
}

static enum error unseal(struct talk *t, const struct opener *with, struct bytes sealed, struct said *s,
                         struct bytes *plain, struct diag *d) {
    struct buf out = {.max = sealed.size + 1024};
    enum error result = message_unseal(sealed, with, UINT64_MAX, &out, s->file_key, d);
    if (!result) *plain = arena_bytes(&t->arena, buf_as_bytes(&out));
    buf_wipe(&out);
    return result;
}

/* With the key that opened the file before.  What opens so is what was opened then, for nobody else has that key. */
static bool unseal_again(struct reading *r, struct bytes sealed, struct said *s, struct bytes *plain,
                         struct index_hint *hint) {
    const struct entry_verdict *e = s->entry;
    if (!r->hints || !s->sealed || !index_hint(r->hints, e->party, e->generation, e->index, hint)) return false;
    return unseal(r->talk, &(struct opener){.file_key = hint->file_key}, sealed, s, plain, NULL) == OK;
}

static void open_entry(struct reading *r, const struct opener *with, const struct entry_verdict *e,
                       struct sha256 blob) {
    struct diag why = {0};
    struct bytes whole = {0}, plain;
    struct said s = {.entry = e, .blob = blob};
    enum error result = fetch(r, blob, &whole, &why);
    s.sealed = !result && text_starts(text_from_bytes(whole), TEXT("age-encryption.org/"));
    struct index_hint hint = {0};
    plain = whole;
    bool again = !result && unseal_again(r, whole, &s, &plain, &hint);
    if (!result && s.sealed && !again) result = unseal(r->talk, with, whole, &s, &plain, &why);
    if (!result) result = message_read(plain, &r->talk->arena, &s.message, &why);
    if (result)
        add_closed(r, e, result, why.text);
    else
        add_said(r, &s, again ? &hint : NULL);
    secret_wipe(&hint, sizeof hint);
}

static enum error open_all(struct reading *r, struct diag *d) {
    struct talk *t = r->talk;
    struct opener with;
    enum error result = desk_opener(t->desk, &with, d);
    if (result) return result;
    for (unsigned p = 0; p < 2; p++)
        for (size_t g = 0; g < t->verified.view.parties[p].count; g++)
            for (uint64_t i = 0; i < t->verified.view.parties[p].records[g].count; i++) {
                const struct leaf *leaf = &t->verified.view.parties[p].records[g].leaves[i];
                const struct entry_verdict *e = channel_entry(&t->whole, p, g, i);
                if (leaf->has_message && e) open_entry(r, &with, e, t->verified.records[p][g].entries[i].blobs[0].sha);
            }
    t->statements = ARENA_ARRAY(&t->arena, struct statement, t->said_count);
    for (size_t i = 0; i < t->said_count; i++)
        if (t->said[i].understood) t->statements[t->statement_count++] = t->said[i].statement;
    return OK;
}

/* ---- the state */

static enum error fold_at(struct talk *t, const struct talk_at *at, struct diag *d) {
    const struct channel_view *v = &t->verified.view;
    size_t generations = view_generations(v);
    struct cut *cuts = ARENA_ARRAY(&t->arena, struct cut, generations);
    if (at->shared)
        cut_shared(v, cuts);
    else
        cut_held(v, cuts);
    if (at->given && generations) {
        struct cut *last = &cuts[generations - 1];
        for (unsigned p = 0; p < 2; p++) {
            if (at->sizes.of[p] > last->of[p])
                return fail(d, ERR_USAGE,
                            _n("the record of %.*s has %llu entry here, not %llu",
                               "the record of %.*s has %llu entries here, not %llu", last->of[p]),
                            TEXT_ARG(t->parties[p]), (unsigned long long)last->of[p],
                            (unsigned long long)at->sizes.of[p]);
            last->of[p] = at->sizes.of[p];
        }
    }
    return matter_fold(v, cuts, t->statements, t->statement_count, at->as_of, &t->arena, &t->state, d);
}

enum error talk_open(struct desk *k, struct text party, bool drill, const struct talk_at *at, struct talk **out,
                     struct diag *d) {
    struct talk *t = calloc(1, sizeof *t);
    if (!t) return fail(d, ERR_MEMORY, _("out of memory"));
    struct reading r = {.talk = t, .blobs = {.arena = &t->arena}};
    struct raw_channel raw = {.blobs = {blob_front, &r}};
    t->desk = k;
    t->arena.max_bytes = SIZE_MAX / 2; /* what the other side may send is bounded by the quotas of the node */
    enum error result = pick_channels(t, party, drill, d);
    if (!result) result = fetch_records(t, &raw, d);
    if (!result) result = channel_verify(&raw, &t->arena, &t->verified, d);
    if (!result) result = channel_judge(&t->verified.view, NULL, &t->arena, &t->whole, d);
    if (!result) r.hints = index_hints_open(k, party, drill, &raw);
    if (!result) result = open_all(&r, d);
    index_hints_close(r.hints);
    if (!result) result = fold_at(t, at, d);
    if (result)
        talk_close(t);
    else
        *out = t;
    return result;
}

void talk_close(struct talk *t) {
    if (!t) return;
    for (size_t i = 0; i < t->said_count; i++) secret_wipe(t->said[i].file_key, sizeof t->said[i].file_key);
    arena_free(&t->arena);
    free(t);
}

/* ---- asking */

static int compare_places(const void *a, const void *b) {
    const struct said *said = b;
    const struct statement *x = a;
    const struct entry_verdict *y = said->entry;
    if (x->party != y->party) return x->party < y->party ? -1 : 1;
    if (x->generation != y->generation) return x->generation < y->generation ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

const struct said *talk_said(const struct talk *t, const struct message_verdict *v) {
    return bsearch(v->statement, t->said, t->said_count, sizeof *t->said, compare_places);
}

enum error talk_find_said(const struct talk *t, struct text id, const struct said **out, struct diag *d) {
    const struct said *found = NULL;
    for (size_t i = 0; i < t->said_count; i++) {
        const struct said *s = &t->said[i];
        if (!id.size || !text_starts(s->message.head.id, id)) continue;
        if (found && !text_equal(found->message.head.id, s->message.head.id))
            return fail(d, ERR_USAGE, _("several messages begin with %.*s"), TEXT_ARG(id));
        if (!found) found = s;
    }
    if (!found) return fail(d, ERR_MISSING, _("there is no message %.*s"), TEXT_ARG(id));
    *out = found;
    return OK;
}

static bool names_matter(struct text name, struct text typed) {
    size_t slash = text_find(name, '/');
    return text_equal(name, typed) ||
           (typed.size && slash < name.size && text_starts(text_sub(name, slash + 1, name.size), typed));
}

enum error talk_find_matter(const struct talk *t, struct text name, const struct matter **out, struct diag *d) {
    const struct matter *found = NULL;
    for (size_t i = 0; i < t->state.matter_count; i++) {
        if (!names_matter(t->state.matters[i].name, name)) continue;
        if (found) return fail(d, ERR_USAGE, _("several cases begin with “%.*s”"), TEXT_ARG(name));
        found = &t->state.matters[i];
    }
    if (!found)
        return fail(d, ERR_MISSING, _("there is no case “%.*s” with %.*s; `parley cases` lists them"), TEXT_ARG(name),
                    TEXT_ARG(t->parties[1 - t->own]));
    *out = found;
    return OK;
}

const struct card *talk_card(const struct talk *t, unsigned party) {
    const struct entry_chain *chain = &t->whole.chains[party];
    return chain->count ? chain->entries[chain->count - 1].card_after : NULL;
}

enum error talk_attachment(const struct talk *t, const struct attach *attach, struct buf *out, struct diag *d) {
    struct opener with;
    uint8_t key[SEAL_FILE_KEY_SIZE];
    struct buf sealed = {.max = attach->sealed_size};
    size_t from = out->size;
    enum error result = desk_opener(t->desk, &with, d);
    if (!result) result = fetch_blob(t, attach->sealed, attach->sealed_size, &sealed, d);
    if (!result) result = message_unseal(buf_as_bytes(&sealed), &with, attach->plain_size, out, key, d);
    buf_free(&sealed);
    if (!result && !sha256_equal(sha256_of(bytes_of(out->at + from, out->size - from)), attach->plain)) {
        out->size = from;
        result = fail(d, ERR_INPUT, _("the attachment “%.*s” is not the one that its message names"),
                      TEXT_ARG(attach->name));
    }
    return result;
}

enum error talk_sheet(const struct talk *t, struct text sheet, struct buf *out, struct diag *d) {
    enum error result = ERR_MISSING;
    bool named = false;
    /* Anybody may name that sheet and attach something else: what is the sheet, its hash tells. */
    for (size_t i = 0; i < t->said_count && sheet.size && result; i++) {
        const struct attach *attach = head_attachment(&t->said[i].message.head, ROLE_FACTS, sheet);
        if (!attach) continue;
        named = true;
        buf_clear(out);
        result = talk_attachment(t, attach, out, d);
    }
    if (named) return result;
    return fail(d, ERR_MISSING, _("no opened message attaches the fact sheet %.*s"), TEXT_ARG(sheet));
}

struct each_talk {
    struct desk *desk;
    const struct talk_at *at;
    enum error (*with)(struct talk *t, void *state, bool *keep, struct diag *d);
    void *state;
};

static enum error open_each(struct text party, bool drill, void *state, struct diag *d) {
    struct each_talk *each = state;
    struct talk *t = NULL;
    bool keep = false;
    enum error result = talk_open(each->desk, party, drill, each->at, &t, d);
    if (!result) result = each->with(t, each->state, &keep, d);
    if (!keep) talk_close(t);
    return result;
}

enum error talk_each(struct desk *k, const struct talk_at *at,
                     enum error (*with)(struct talk *t, void *state, bool *keep, struct diag *d), void *state,
                     size_t *count, struct diag *d) {
    struct each_talk each = {k, at, with, state};
    return desk_each(k, open_each, &each, count, d);
}

struct sought { /* a case, and the talk in which it was found */
    struct text name;
    struct talk *talk;
    const struct matter *matter;
};

static enum error seek(struct talk *t, void *state, bool *keep, struct diag *d) {
    struct sought *s = state;
    const struct matter *m;
    enum error result = talk_find_matter(t, s->name, &m, d);
    if (result == ERR_MISSING) return OK;
    if (!result && s->talk) result = fail(d, ERR_USAGE, _("several cases begin with “%.*s”"), TEXT_ARG(s->name));
    if (result) return result;
    *keep = true;
    s->talk = t;
    s->matter = m;
    return OK;
}

struct case_place { /* in which channel the indexes know a case of that name */
    struct desk *desk;
    struct text name, party;
    bool drill;
    size_t count;
};

static enum error seek_place(struct index *x, void *state, bool *keep, struct diag *d) {
    struct case_place *p = state;
    struct case_brief *briefs;
    size_t count;
    struct index_view v = index_view(x);
    (void)keep;
    enum error result = index_briefs(x, &briefs, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        if (!names_matter(briefs[i].name, p->name)) continue;
        p->count++;
        p->party = arena_text(&p->desk->arena, v.parties[1 - v.own]);
        p->drill = v.drill;
    }
    return result;
}

/* Of several channels, opens the one that an index knows the case in; else, or where there is no telling, all of them.
 */
static enum error open_known(struct desk *k, struct sought *s, const struct talk_at *at, struct diag *d) {
    struct case_place place = {.desk = k, .name = s->name};
    struct link_channel *list;
    size_t count = 0;
    bool keep = false;
    enum error result = desk_link(k, d);
    if (!result) result = link_channels(k->link, &k->arena, &list, &count, d);
    if (result || count < 2) return result;
    if (index_each(k, (struct index_progress){0}, seek_place, &place, &count, NULL) || place.count != 1) return OK;
    struct talk *t = NULL;
    result = talk_open(k, place.party, place.drill, at, &t, d);
    if (!result) result = seek(t, s, &keep, d);
    if (!keep) talk_close(t);
    return result;
}

enum error talk_open_case(struct desk *k, struct text name, const struct talk_at *at, struct talk **out,
                          const struct matter **matter, struct diag *d) {
    struct sought s = {.name = name};
    size_t count;
    enum error result = open_known(k, &s, at, d);
    if (!result && !s.talk) result = talk_each(k, at, seek, &s, &count, d);
    if (!result && !s.talk)
        result = fail(d, ERR_MISSING, _("there is no case “%.*s”; `parley cases` lists them"), TEXT_ARG(name));
    if (result) {
        talk_close(s.talk);
        return result;
    }
    *out = s.talk;
    *matter = s.matter;
    return OK;
}
