#include "desk/index.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "desk/index_parts.h"

static const char key_file[] = "index.key";

/* ---- steps */

void step_touch(struct step *s, uint64_t matter) {
    if (!matter) return;
    s->touched = arena_grow(&s->arena, s->touched, s->touched_count, &s->touched_room, sizeof *s->touched);
    s->touched[s->touched_count++] = matter;
}

static enum error fetch_blob(const struct index *x, struct sha256 name, uint64_t max, struct buf *out, struct diag *d) {
    enum error result = ERR_MISSING;
    for (size_t i = x->channel_count; i-- > 0 && result == ERR_MISSING;)
        result = link_blob(x->desk->link, x->channels[i].own_origin, name, max, out, d);
    return result;
}

enum error step_blob(struct step *s, struct sha256 name, uint64_t max, struct bytes *out, struct diag *d) {
    char hex[SHA256_HEX];
    struct text key = sha256_hex(&name, hex);
    struct bytes *kept = map_get(&s->blobs, key);
    if (!kept) {
        struct buf whole = {.max = max};
        enum error result = fetch_blob(s->index, name, max, &whole, d);
        kept = ARENA_NEW(&s->arena, struct bytes);
        if (!result) *kept = arena_bytes(&s->arena, buf_as_bytes(&whole));
        buf_free(&whole);
        if (result) return result;
        *map_put(&s->blobs, arena_text(&s->arena, key)) = kept;
    }
    *out = *kept;
    return OK;
}

/* What is kept, or nothing yet; ERR_CONFLICT where other keys could open more or less. */
static enum error read_meta(struct index *x, struct sha256 identities, struct arena *cards, struct diag *d) {
    arena_free(&x->meta_arena);
    x->meta_arena.max_bytes = SIZE_MAX / 2;
    enum error result = index_meta_get(x->rows, &x->meta_arena, &x->meta, d);
    if (result == ERR_MISSING) {
        x->meta = index_meta_new();
        x->meta.identities = identities;
        return OK;
    }
    if (!result && !sha256_equal(identities, x->meta.identities))
        result = fail(d, ERR_CONFLICT, _("the index was made with other keys"));
    for (unsigned p = 0; p < 2 && !result; p++)
        for (size_t i = 0; i < x->meta.sides[p].card_count && !result && cards; i++) {
            struct card *card = ARENA_NEW(cards, struct card);
            result = card_read(x->meta.sides[p].cards[i].note, cards, card, d);
            x->meta.sides[p].cards[i].card = card;
        }
    return result;
}

/* The names of the files of departments' identities: a new one may open what was closed. */
static enum error identities_of(struct desk *k, struct sha256 *out, struct diag *d) {
    struct buf names = {.max = 1 << 20}, kept = {.max = 1 << 20};
    enum error result = os_list(home_path(&k->home, &k->arena, "desk"), &names, d);
    for (size_t at = 0; !result && at < names.size; at += strlen((const char *)names.at + at) + 1) {
        struct text name = text_of((const char *)names.at + at);
        if (text_starts(name, TEXT("department-"))) buf_format(&kept, "%.*s\n", TEXT_ARG(name));
    }
    if (!result) *out = sha256_of(buf_as_bytes(&kept));
    buf_free(&names);
    buf_free(&kept);
    return result;
}

static void tell(struct index *x) {
    uint64_t done = 0, all = 0;
    if (!x->progress.tell) return;
    for (unsigned p = 0; p < 2; p++)
        for (size_t g = 0; g < x->meta.sides[p].record_count; g++) all += x->meta.sides[p].records[g].size;
    for (unsigned p = 0; p < 2; p++)
        if (x->meta.generation < x->meta.sides[p].record_count)
            done += x->meta.sides[p].records[x->meta.generation].offset + x->meta.sides[p].done;
    x->progress.tell(x->progress.state, x->parties[1 - x->own], done, all);
}

static enum error take(struct step *s, bool *more, struct diag *d) {
    enum error result = step_leaves(s, d);
    if (!result) result = step_judge(s, d);
    *more = !result && (s->more.chains[0].count || s->more.chains[1].count);
    if (!result && *more) result = step_open(s, d);
    if (!result && *more) result = step_deliver(s, d);
    if (!result && *more) result = step_fold(s, d);
    return result;
}

static void end_step(struct step *s) {
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < s->opened_count[p]; i++)
            secret_wipe(s->opened[p][i].said.file_key, sizeof s->opened[p][i].said.file_key);
    index_entries_forget(&s->entries);
    arena_free(&s->arena);
}

static enum error run_step(struct index *x, struct sha256 identities, bool *more, struct diag *d) {
    struct step s = {.index = x, .arena.max_bytes = SIZE_MAX / 2};
    s.entries = (struct index_entries){.rows = x->rows, .arena = &s.arena};
    s.blobs = (struct map){.arena = &s.arena};
    enum error result = rows_begin(x->rows, d);
    if (!result) result = read_meta(x, identities, &s.arena, d);
    if (!result) result = step_records(&s, more, d);
    if (!result && !*more) result = take(&s, more, d);
    if (!result) result = index_entries_put(&s.entries, d);
    x->meta.updated = x->desk->now;
    if (!result) result = index_meta_put(x->rows, &x->meta, d);
    if (!result) result = rows_commit(x->rows, d);
    if (result) rows_undo(x->rows);
    end_step(&s);
    if (!result && *more) tell(x);
    return result;
}

/* Where the records are not those that it was made of, or where it is damaged, it is made anew, once. */
static enum error bring_up_to_date(struct index *x, struct diag *d) {
    struct sha256 identities;
    bool more = true, again = false;
    enum error result = identities_of(x->desk, &identities, d);
    while (!result && more) {
        result = run_step(x, identities, &more, d);
        if ((result == ERR_CONFLICT || result == ERR_INPUT || result == ERR_MISSING) && !again) {
            again = more = true;
            result = rows_clear(x->rows, d);
        }
    }
    return result;
}

/* ---- opening */

/* The key of all indexes of this desk, made when it is first needed. */
static enum error index_key(struct desk *k, struct text party, bool drill, uint8_t out[static ROWS_KEY_SIZE],
                            struct diag *d) {
    struct buf secret = {.max = KEYRING_SECRET_MAX};
    enum error result = OK;
    if (!keyring_has(k->keyring, key_file)) {
        uint8_t *new = buf_extend(&secret, ROWS_KEY_SIZE);
        ASSERT(new);
        random_fill(k->random, new, ROWS_KEY_SIZE);
        result = keyring_put(k->keyring, key_file, buf_as_bytes(&secret), k->random, d);
        buf_wipe(&secret);
    }
    if (!result || result == ERR_CONFLICT) result = keyring_get(k->keyring, key_file, &secret, d);
    struct text salt = arena_format(&k->arena, "%.*s%s", TEXT_ARG(party), drill ? " drill" : "");
    if (!result)
        hkdf_sha256(buf_as_bytes(&secret), bytes_from_text(salt), bytes_from_text(TEXT("parley/index/v1")), out,
                    ROWS_KEY_SIZE);
    buf_wipe(&secret);
    return result;
}

static const char *index_path(struct desk *k, struct text party, bool drill) {
    return home_path(&k->home, &k->arena, "desk/index/%.*s%s", TEXT_ARG(party), drill ? ".drill" : "");
}

static enum error pick_channels(struct index *x, struct text party, bool drill, struct diag *d) {
    struct desk *k = x->desk;
    struct link_channel *list, last;
    size_t count;
    enum error result = desk_channel(k, party, drill, &last, d);
    if (!result) result = link_channels(k->link, &x->arena, &list, &count, d);
    if (result) return result;
    x->channels = ARENA_ARRAY(&x->arena, struct link_channel, count);
    for (size_t i = 0; i < count; i++)
        if (text_equal(list[i].party, party) && list[i].drill == drill) x->channels[x->channel_count++] = list[i];
    x->own = text_compare(k->home.party, party) < 0 ? 0 : 1;
    x->parties[x->own] = k->home.party;
    x->parties[1 - x->own] = x->channels[0].party;
    return OK;
}

enum error index_rows_open(struct desk *k, struct text party, bool drill, bool make, struct rows **out,
                           struct diag *d) {
    uint8_t key[ROWS_KEY_SIZE];
    const char *path = index_path(k, party, drill);
    if (!make && !os_exists(path)) return fail(d, ERR_MISSING, _("there is no index"));
    enum error result = os_make_folders(home_path(&k->home, &k->arena, "desk/index"), 0700, d);
    if (!result) result = index_key(k, party, drill, key, d);
    if (!result) result = rows_open(path, key, out, d);
    secret_wipe(key, sizeof key);
    return result;
}

/* For this one command, where nothing can be kept. */
static enum error rows_in_memory(struct rows **out, struct diag *d) {
    uint8_t *key = secret_new(ROWS_KEY_SIZE);
    randombytes_buf(key, ROWS_KEY_SIZE);
    enum error result = rows_open(ROWS_IN_MEMORY, key, out, d);
    secret_free(key);
    return result;
}

static enum error open_in(struct desk *k, struct text party, bool drill, bool memory, struct index_progress progress,
                          struct index **out, struct diag *d) {
    struct index *x = calloc(1, sizeof *x);
    if (!x) return fail(d, ERR_MEMORY, _("out of memory"));
    x->desk = k;
    x->progress = progress;
    x->arena.max_bytes = SIZE_MAX / 2;
    enum error result = pick_channels(x, party, drill, d);
    if (!result) result = memory ? rows_in_memory(&x->rows, d) : index_rows_open(k, party, drill, true, &x->rows, d);
    if (!result) result = bring_up_to_date(x, d);
    /* What every list reads is read here, where it can still be made anew. */
    if (!result && index_briefs_get(x, NULL) == ERR_INPUT) {
        x->briefs = NULL;
        result = rows_clear(x->rows, d);
        if (!result) result = bring_up_to_date(x, d);
    }
    if (result)
        index_close(x);
    else
        *out = x;
    return result;
}

/* A full or unwritable disk keeps nobody from looking: it only takes longer. */
enum error index_open(struct desk *k, struct text party, bool drill, struct index_progress progress, struct index **out,
                      struct diag *d) {
    struct diag why = {0};
    enum error result = open_in(k, party, drill, false, progress, out, &why);
    if (result == ERR_FULL || result == ERR_IO) return open_in(k, party, drill, true, progress, out, d);
    if (result && d) *d = why;
    return result;
}

enum error index_open_anew(struct desk *k, struct text party, bool drill, struct index **out, struct diag *d) {
    return open_in(k, party, drill, true, (struct index_progress){0}, out, d);
}

void index_close(struct index *x) {
    if (!x) return;
    rows_close(x->rows);
    arena_free(&x->brief_arena);
    arena_free(&x->meta_arena);
    arena_free(&x->arena);
    free(x);
}

enum error index_forget(struct desk *k, struct text party, bool drill, struct diag *d) {
    return rows_forget(index_path(k, party, drill), d);
}

struct each_index {
    struct desk *desk;
    struct index_progress progress;
    enum error (*with)(struct index *x, void *state, bool *keep, struct diag *d);
    void *state;
};

/* Damage may also come to light only where rows are looked at: then nothing of the file is left to be found again. */
static enum error open_each(struct text party, bool drill, void *state, struct diag *d) {
    struct each_index *each = state;
    struct index *x = NULL;
    bool keep = false;
    enum error result = index_open(each->desk, party, drill, each->progress, &x, d);
    if (!result) result = each->with(x, each->state, &keep, d);
    if (!keep) index_close(x);
    if (result != ERR_INPUT || index_forget(each->desk, party, drill, NULL)) return result;
    return fail(d, ERR_INPUT, _("the index of what was said with %.*s was damaged: the next command makes it anew"),
                TEXT_ARG(party));
}

enum error index_each(struct desk *k, struct index_progress progress,
                      enum error (*with)(struct index *x, void *state, bool *keep, struct diag *d), void *state,
                      size_t *count, struct diag *d) {
    struct each_index each = {k, progress, with, state};
    return desk_each(k, open_each, &each, count, d);
}

/* ---- asking */

struct index_view index_view(const struct index *x) {
    const struct link_channel *last = &x->channels[x->channel_count - 1];
    struct index_view v = {.own = x->own,
                           .drill = last->drill,
                           .own_origin = last->own_origin,
                           .link = last,
                           .messages = x->meta.message_count,
                           .closed = x->meta.closed_count,
                           .check_in = x->meta.answered ? (struct text){0} : x->meta.asked,
                           .updated = x->meta.updated};
    for (unsigned p = 0; p < 2; p++) {
        v.parties[p] = x->parties[p];
        v.cut.of[p] = x->meta.sides[p].done;
    }
    return v;
}

enum error index_briefs(struct index *x, struct case_brief **out, size_t *count, struct diag *d) {
    enum error result = x->briefs ? OK : index_briefs_get(x, d);
    if (result) return result;
    *out = x->briefs;
    *count = x->brief_count;
    return OK;
}

/* A deadline as it is written, at another time. */
static bool tell_deadline(json_t *deadline, instant as_of) {
    struct deadline d = {.due = INSTANT_NONE, .met = INSTANT_NONE};
    if (!instant_read(json_text(deadline, "due"), &d.due)) return false;
    if (!instant_read(json_text(deadline, "met"), &d.met)) d.met = INSTANT_NONE;
    bool lapsed = deadline_lapsed(&d, as_of);
    json_put_bool(deadline, "lapsed", lapsed);
    return lapsed;
}

static void tell_time(json_t *state, const struct case_brief *b, instant as_of) {
    json_t *proposal = json_child(state, "proposal");
    if (proposal) {
        json_put_text(proposal, "state", text_of(proposal_word_text(proposal_word_at(&b->proposal, as_of))));
        return;
    }
    json_t *sheets = json_list(state, "sheets");
    bool lapsed = tell_deadline(json_child(state, "acknowledge"), as_of);
    for (size_t i = 0; i < json_array_size(sheets); i++)
        lapsed |= tell_deadline(json_child(json_array_get(sheets, i), "deadline"), as_of);
    json_put_bool(state, "lapsed", lapsed);
}

enum error index_case_json(struct index *x, const struct case_brief *b, instant as_of, json_t **out, struct diag *d) {
    struct buf row = {.max = ROW_BYTES_MAX};
    enum error result = rows_get(x->rows, row_number(ROW_STATE, b->number), &row, d);
    if (!result) result = json_read(buf_as_bytes(&row), out, d);
    buf_free(&row);
    if (!result) tell_time(*out, b, as_of);
    return result;
}

/* A word in a list of words: whole, or as the end of a name after a dot, or between other signs. */
static bool is_inner(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

static bool words_have(struct text words, struct text sought) {
    if (!sought.size) return true;
    for (size_t from = 0, at; (at = text_search(text_sub(words, from, words.size), sought)) != SIZE_MAX;) {
        size_t start = from + at, end = start + sought.size;
        bool begins = !start || !is_inner(words.at[start - 1]);
        bool ends = end == words.size || (!is_inner(words.at[end]) && words.at[end] != '.');
        if (begins && ends) return true;
        from = start + 1;
    }
    return false;
}

enum error index_has_words(struct index *x, const struct case_brief *b, struct text sought, bool *out, struct diag *d) {
    struct buf words = {.max = ROW_BYTES_MAX};
    enum error result = rows_get(x->rows, row_number(ROW_WORDS, b->number), &words, d);
    if (!result) *out = words_have(buf_as_text(&words), sought);
    if (result == ERR_MISSING) {
        *out = false;
        result = OK;
    }
    buf_free(&words);
    return result;
}

size_t index_recent(const struct index *x, const struct recent_message **out) {
    *out = x->meta.recent;
    return x->meta.recent_count;
}

struct telling_closed {
    const struct index *index;
    void (*with)(void *state, uint64_t entry, struct text why);
    void *state;
};

static enum error tell_closed(void *state, uint64_t low, struct bytes plain, struct diag *d) {
    const struct telling_closed *t = state;
    uint64_t entry;
    if (low >> 48 == t->index->own) return OK;
    if (!bytes_be64(&plain, &entry)) return fail(d, ERR_INPUT, _("the index is damaged"));
    t->with(t->state, entry, text_from_bytes(plain));
    return OK;
}

enum error index_closed(struct index *x, void (*with)(void *state, uint64_t entry, struct text why), void *state,
                        struct diag *d) {
    struct telling_closed t = {x, with, state};
    return rows_each(x->rows, ROW_CLOSED, 0, tell_closed, &t, d);
}

enum error index_hand_over_limits(struct index *x, struct diag *d) {
    const struct link_channel *last = &x->channels[x->channel_count - 1];
    if (!x->meta.limited) return OK;
    return link_set_limits(x->desk->link, last->own_origin, &x->meta.limits, d);
}
