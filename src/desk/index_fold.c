/* Asking the rules again about the cases that a step touches.
 *
 * A case is folded from what it rests on (matter_fold_part): its own messages that count, the `unreadable`s that name
 * them, the cases by whose acceptance terms hold, and the new messages.  What does not count now never will, and is
 * dropped.  Cases of offers go first, so that those opened after an acceptance find it. */
#include <stdlib.h>

#include "claim/claim.h"
#include "desk/index_pack.h"
#include "desk/index_parts.h"
#include "desk/limits.h"
#include "matter/dialogue.h"

struct group { /* a case, while it is asked about */
    struct text name;
    uint64_t number; /* 0: not there yet */
    bool of_offers;
    struct kept_list new[2];
    struct index_case kept; /* as it was, then as it is */
};

struct folding {
    struct step *step;
    struct map by_name; /* to struct group */
    struct group **groups;
    size_t count, room;
    struct kept_list loose[2]; /* the new `unreadable`s and check-ins */
    bool loose_told;           /* of check-ins it was told what they come to */
};

/* ---- which cases */

static struct group *add_group(struct folding *f, struct text name, uint64_t number) {
    struct group *g = ARENA_NEW(&f->step->arena, struct group);
    *g = (struct group){.name = name, .number = number};
    f->groups = arena_grow(&f->step->arena, f->groups, f->count, &f->room, sizeof(struct group *));
    f->groups[f->count++] = g;
    return g;
}

static enum error find_number(struct step *s, struct text name, uint64_t *number, struct diag *d) {
    struct buf row = {.max = ROW_BYTES_MAX};
    struct rows *rows = s->index->rows;
    enum error result = rows_get(rows, row_number(ROW_NAME, rows_hash(rows, name)), &row, d);
    struct unpack u = {.rest = buf_as_bytes(&row), .arena = &s->arena};
    *number = 0;
    while (!result && u.rest.size && !u.failed) {
        uint64_t candidate = unpack_u64(&u);
        if (text_equal(unpack_text(&u), name)) *number = candidate;
    }
    buf_free(&row);
    return result == ERR_MISSING ? OK : result;
}

static enum error put_number(struct step *s, struct text name, uint64_t number, struct diag *d) {
    struct buf row = {.max = ROW_BYTES_MAX};
    struct rows *rows = s->index->rows;
    struct pack p = {.out = &row, .texts = {.arena = &s->arena}};
    uint64_t at = row_number(ROW_NAME, rows_hash(rows, name));
    enum error result = rows_get(rows, at, &row, d);
    if (result == ERR_MISSING) result = OK;
    pack_u64(&p, number);
    pack_u64(&p, (uint64_t)name.size << 1); /* never as one that stood before */
    buf_text(&row, name);
    if (!result) result = buf_check(&row, d);
    if (!result) result = rows_put(rows, at, buf_as_bytes(&row), d);
    buf_free(&row);
    return result;
}

static struct kept kept_of(const struct opened_entry *o, const struct index_side *side) {
    const struct entry_verdict *e = o->entry;
    struct kept k = {.statement = o->said.statement,
                     .position = e->position,
                     .seen = e->seen,
                     .time = e->leaf->time,
                     .opened = o,
                     .leaf = e->leaf};
    for (size_t i = side->card_count; e->card && i-- > 0 && !k.card;)
        if (text_equal(side->cards[i].card->id, e->card->id)) k.card = i + 1;
    if (k.statement.meaning.terms.given) {
        struct arena a = {0};
        struct dialogue offer;
        k.limits_given = dialogue_from_message(&o->said.message, &a, &offer, NULL) == OK;
        if (k.limits_given) k.limits = limits_of_terms(&offer.terms);
        arena_free(&a);
    }
    return k;
}

/* "An `unreadable` names" an entry: the case of that one is touched. */
static enum error touch_named(struct step *s, const struct kept *k, struct diag *d) {
    unsigned theirs = 1 - k->statement.party;
    uint64_t offset = step_offset(s, theirs), entry = k->statement.meaning.entry;
    struct index_entry *at;
    if (entry > UINT64_MAX - offset || offset + entry >= k->seen) return OK;
    enum error result = index_entry_at(&s->entries, theirs, offset + entry, false, &at, d);
    if (!result) step_touch(s, at->matter);
    return result;
}

static enum error add_new(struct folding *f, const struct opened_entry *o, struct diag *d) {
    struct step *s = f->step;
    enum kind kind;
    if (o->error || !o->said.understood || !kind_read(o->said.message.head.kind, &kind)) return OK;
    struct kept k = kept_of(o, &s->index->meta.sides[o->entry->party]);
    if (!kind_rules[kind].belongs) {
        if (kind != KIND_UNREADABLE && kind != KIND_CHECK_IN) return OK;
        kept_add(&f->loose[o->entry->party], &k, &s->arena);
        return kind == KIND_UNREADABLE ? touch_named(s, &k, d) : OK;
    }
    struct text name = o->said.message.head.matter;
    struct group **place = (struct group **)map_put(&f->by_name, name);
    if (!*place) {
        uint64_t number;
        enum error result = find_number(s, name, &number, d);
        if (result) return result;
        *place = add_group(f, name, number);
    }
    (*place)->of_offers |= kind == KIND_PROPOSAL || kind == KIND_REPLY;
    kept_add(&(*place)->new[o->entry->party], &k, &s->arena);
    return OK;
}

static int compare_numbers(const void *a, const void *b) {
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static int compare_groups(const void *a, const void *b) {
    const struct group *x = *(struct group *const *)a, *y = *(struct group *const *)b;
    if (x->of_offers != y->of_offers) return x->of_offers ? -1 : 1;
    if (x->number != y->number) return x->number < y->number ? -1 : 1;
    return text_compare(x->name, y->name);
}

/* Cases without a new message, of which something else is new. */
static void add_touched(struct folding *f) {
    struct step *s = f->step;
    uint64_t *with_new = ARENA_ARRAY(&s->arena, uint64_t, f->count);
    size_t with_count = 0;
    for (size_t i = 0; i < f->count; i++)
        if (f->groups[i]->number) with_new[with_count++] = f->groups[i]->number;
    if (with_count) qsort(with_new, with_count, sizeof *with_new, compare_numbers);
    if (s->touched_count) qsort(s->touched, s->touched_count, sizeof *s->touched, compare_numbers);
    for (size_t i = 0; i < s->touched_count; i++) {
        uint64_t number = s->touched[i];
        bool again = (i && number == s->touched[i - 1]) ||
                     (with_count && bsearch(&number, with_new, with_count, sizeof number, compare_numbers));
        if (!again) add_group(f, (struct text){0}, number);
    }
}

/* ---- the part of the channel that they rest on */

struct part_item {
    struct kept *kept;
    struct group *group; /* NULL: of none of those asked about */
    bool complained;     /* of an entry: one that names it was found */
};

struct part { /* all in an arena of its own */
    struct folding *folding;
    struct arena arena;
    struct group **groups;
    size_t group_count;
    struct group *terms; /* cases that are not asked about, but rested on */
    size_t terms_count;
    struct part_item *items[2];
    size_t count[2], room[2];
    struct channel_view view;
    struct matter_part rules;
    struct matter_state state;
};

static void add_items(struct part *p, unsigned party, const struct kept_list *list, struct group *group) {
    for (size_t i = 0; i < list->count; i++) {
        p->items[party] =
            arena_grow(&p->arena, p->items[party], p->count[party], &p->room[party], sizeof *p->items[party]);
        p->items[party][p->count[party]++] = (struct part_item){&list->at[i], group, false};
    }
}

static int compare_items(const void *a, const void *b) {
    const struct part_item *x = a, *y = b;
    return x->kept->position < y->kept->position ? -1 : x->kept->position > y->kept->position;
}

static enum error read_case(struct part *p, struct group *g, struct diag *d) {
    struct buf row = {.max = ROW_BYTES_MAX};
    enum error result = rows_get(p->folding->step->index->rows, row_number(ROW_CASE, g->number), &row, d);
    if (!result) result = index_case_read(arena_bytes(&p->arena, buf_as_bytes(&row)), &p->arena, &g->kept, d);
    buf_free(&row);
    g->kept.number = g->number;
    g->name = result ? g->name : g->kept.name;
    /* What is kept of a case must be there. */
    return result == ERR_MISSING ? fail(d, ERR_INPUT, _("the index is damaged")) : result;
}

static bool is_asked(const struct part *p, uint64_t number) {
    for (size_t i = 0; i < p->group_count; i++)
        if (p->groups[i]->number == number) return true;
    return false;
}

static enum error gather(struct part *p, struct diag *d) {
    const struct index_meta *m = &p->folding->step->index->meta;
    enum error result = OK;
    p->terms = ARENA_ARRAY(&p->arena, struct group, m->terms_count);
    for (size_t i = 0; i < p->group_count && !result; i++) {
        struct group *g = p->groups[i];
        if (g->number) result = read_case(p, g, d);
        for (unsigned q = 0; q < 2; q++) {
            add_items(p, q, &g->kept.sides[q], g);
            add_items(p, q, &g->new[q], g);
        }
    }
    for (size_t i = 0; i < m->terms_count && !result; i++) {
        if (is_asked(p, m->terms[i])) continue;
        struct group *g = &p->terms[p->terms_count++];
        g->number = m->terms[i];
        result = read_case(p, g, d);
        for (unsigned q = 0; q < 2; q++) add_items(p, q, &g->kept.sides[q], NULL);
    }
    for (unsigned q = 0; q < 2; q++) {
        add_items(p, q, &p->folding->loose[q], NULL);
        if (p->count[q]) qsort(p->items[q], p->count[q], sizeof *p->items[q], compare_items);
    }
    return result;
}

static const struct leaf *leaf_of(struct part *p, const struct kept *k) {
    if (k->leaf) return k->leaf;
    struct leaf *leaf = ARENA_NEW(&p->arena, struct leaf);
    *leaf = (struct leaf){.time = k->time, .attachments = k->statement.attached, .has_message = true, .blob_ok = true};
    return leaf;
}

static struct entry_verdict entry_of(struct part *p, const struct kept *k) {
    const struct index_side *side = &p->folding->step->index->meta.sides[k->statement.party];
    return (struct entry_verdict){.leaf = leaf_of(p, k),
                                  .party = k->statement.party,
                                  .generation = k->statement.generation,
                                  .index = k->statement.index,
                                  .position = k->position,
                                  .seen = k->seen,
                                  .card =
                                      k->card && k->card <= side->card_count ? side->cards[k->card - 1].card : NULL};
}

static enum error add_erased(struct part *p, unsigned party, const struct kept *k, struct diag *d) {
    struct names *erased = &p->rules.erased[party];
    for (size_t i = 0; i < k->statement.attached.count; i++) {
        bool is;
        enum error result = step_is_erased(p->folding->step, party, k->statement.attached.at[i], &is, d);
        if (result) return result;
        if (!is) continue;
        struct text *more = ARENA_ARRAY(&p->arena, struct text, erased->count + 1);
        if (erased->count) memcpy(more, erased->at, erased->count * sizeof *more);
        more[erased->count] = k->statement.attached.at[i];
        *erased = (struct names){more, erased->count + 1};
    }
    return OK;
}

static enum error lay_side(struct part *p, unsigned party, struct diag *d) {
    struct step *s = p->folding->step;
    const struct index_side *side = &s->index->meta.sides[party];
    size_t count = p->count[party], generations = view_generations(&p->view);
    struct entry_verdict *entries = ARENA_ARRAY(&p->arena, struct entry_verdict, count);
    const struct statement **statements = ARENA_ARRAY(&p->arena, const struct statement *, count);
    instant *delivered = ARENA_ARRAY(&p->arena, instant, count);
    struct generation_place *places = ARENA_ARRAY(&p->arena, struct generation_place, generations);
    for (size_t g = 0; g < side->record_count; g++) places[g].offset = side->records[g].offset;
    for (size_t i = 0; i < count; i++) {
        struct kept *k = p->items[party][i].kept;
        struct index_entry *at;
        enum error result = index_entry_at(&s->entries, party, k->position, false, &at, d);
        if (!result && side->erased) result = add_erased(p, party, k, d);
        if (result) return result;
        entries[i] = entry_of(p, k);
        statements[i] = &k->statement;
        delivered[i] = at->covered == INSTANT_NONE || (at->stamp != INSTANT_NONE && at->stamp < at->covered)
                           ? at->stamp
                           : at->covered;
    }
    p->rules.chains[party] = (struct entry_chain){entries, count, places};
    p->rules.statements[party] = statements;
    p->rules.delivered[party] = delivered;
    return OK;
}

static struct channel_view bare_view(struct index *x, struct arena *a) {
    struct channel_view v;
    for (unsigned p = 0; p < 2; p++) {
        const struct index_side *side = &x->meta.sides[p];
        struct record_view *records = ARENA_ARRAY(a, struct record_view, side->record_count);
        for (size_t g = 0; g < side->record_count; g++)
            records[g] =
                (struct record_view){.channel = p == x->own ? x->channels[g].own_name : x->channels[g].their_name,
                                     .origin = side->records[g].origin};
        v.parties[p] = (struct party_view){x->parties[p], records, side->record_count};
    }
    return v;
}

/* ---- what is kept of the outcome */

static struct part_item *item_at(struct part *p, unsigned party, uint64_t position) {
    size_t low = 0, high = p->count[party];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->items[party][middle].kept->position < position)
            low = middle + 1;
        else
            high = middle;
    }
    bool there = low < p->count[party] && p->items[party][low].kept->position == position;
    return there ? &p->items[party][low] : NULL;
}

/* The case of the entry that an `unreadable` names, where it is the first to name it. */
static struct group *complained_of(struct part *p, const struct kept *k) {
    unsigned theirs = 1 - k->statement.party;
    uint64_t offset = p->rules.chains[theirs].places[k->statement.generation].offset;
    uint64_t entry = k->statement.meaning.entry;
    struct part_item *named = entry > UINT64_MAX - offset ? NULL : item_at(p, theirs, offset + entry);
    if (!named || named->complained) return NULL;
    named->complained = true;
    return named->group;
}

/* Sorts the messages that count, and resends, to their cases; everything else is dropped. */
static void keep_messages(struct part *p) {
    for (size_t i = 0; i < p->group_count; i++)
        for (unsigned q = 0; q < 2; q++) p->groups[i]->kept.sides[q] = (struct kept_list){0};
    for (size_t i = 0; i < p->state.message_count; i++) {
        const struct message_verdict *v = &p->state.messages[i];
        unsigned party = v->entry->party;
        struct part_item *item = &p->items[party][i - (party ? p->count[0] : 0)];
        struct group *group = item->group;
        if (v->why && v->why != VOID_RESEND) continue;
        if (v->kind == KIND_UNREADABLE && !v->why) group = complained_of(p, item->kept);
        if (!group) continue;
        kept_add(&group->kept.sides[party], item->kept, &p->arena);
    }
}

static enum error note_entries(struct part *p, const struct group *g, struct diag *d) {
    for (unsigned q = 0; q < 2; q++)
        for (size_t i = 0; i < g->kept.sides[q].count; i++) {
            const struct kept *k = &g->kept.sides[q].at[i];
            struct index_entry *at;
            if (!k->opened || !k->statement.head->matter.size) continue;
            enum error result = index_entry_at(&p->folding->step->entries, q, k->position, true, &at, d);
            if (result) return result;
            at->matter = g->number;
        }
    return OK;
}

/* What lists show of new messages beside the state: the title of the opening, the last numbers in both parties' files.
 */
static void note_shown(struct part *p, struct group *g, const struct matter *m) {
    for (unsigned q = 0; q < 2; q++)
        for (size_t i = 0; i < m->said[q].count; i++) {
            const struct part_item *item = item_at(p, q, m->said[q].at[i]->entry->position);
            const struct opened_entry *opened = item ? item->kept->opened : NULL;
            struct text title, text, number = opened ? said_number(&opened->said, &p->arena) : (struct text){0};
            if (number.size) g->kept.numbers[q] = number;
            if (!opened || m->said[q].at[i] != m->opening) continue;
            said_text(&opened->said, &p->arena, &title, &text);
            g->kept.action = said_action(&opened->said, &p->arena);
            g->kept.title = title.size ? title : text_sub(text, 0, text_find(text, '\n'));
        }
}

static enum error put_state(struct part *p, const struct group *g, const struct matter *m, struct diag *d) {
    struct buf row = {.max = ROW_BYTES_MAX};
    json_t *state = matter_json_case(&p->state, m);
    json_canonical(state, &row);
    json_decref(state);
    enum error result = buf_check(&row, d);
    if (!result)
        result = rows_put(p->folding->step->index->rows, row_number(ROW_STATE, g->number), buf_as_bytes(&row), d);
    buf_free(&row);
    return result;
}

static enum error put_words(struct part *p, const struct group *g, struct diag *d) {
    struct step *s = p->folding->step;
    struct buf words = {.max = ROW_BYTES_MAX};
    uint64_t number = row_number(ROW_WORDS, g->number);
    enum error result = rows_get(s->index->rows, number, &words, d);
    size_t before = words.size;
    if (result == ERR_MISSING) result = OK;
    for (unsigned q = 0; q < 2; q++)
        for (size_t i = 0; i < g->kept.sides[q].count; i++)
            if (g->kept.sides[q].at[i].opened) index_words_add(s, &g->kept.sides[q].at[i].opened->said, &words);
    if (!result) result = buf_check(&words, d);
    if (!result && words.size > before) result = rows_put(s->index->rows, number, buf_as_bytes(&words), d);
    buf_free(&words);
    return result;
}

/* Where terms were accepted in a case, those that are opened later rest on it. */
static void note_terms(struct part *p, const struct group *g, const struct matter *m) {
    struct index *x = p->folding->step->index;
    bool offered = false;
    for (size_t i = 0; i < x->meta.terms_count; i++)
        if (x->meta.terms[i] == g->number) return;
    for (unsigned q = 0; q < 2; q++)
        for (size_t i = 0; i < m->said[q].count; i++) offered |= m->said[q].at[i]->statement->meaning.terms.given;
    if (!offered || !m->proposal.accepted_count) return;
    x->meta.terms =
        arena_grow(&x->meta_arena, x->meta.terms, x->meta.terms_count, &x->meta.terms_room, sizeof *x->meta.terms);
    x->meta.terms[x->meta.terms_count++] = g->number;
}

static enum error put_case(struct part *p, struct group *g, const struct matter *m, struct diag *d) {
    struct step *s = p->folding->step;
    struct index_meta *meta = &s->index->meta;
    struct buf row = {.max = ROW_BYTES_MAX};
    enum error result = OK;
    if (!g->number) {
        g->number = ++meta->matter_count;
        result = put_number(s, g->name, g->number, d);
    }
    note_shown(p, g, m);
    g->kept.name = g->name;
    if (!result) result = note_entries(p, g, d);
    index_case_write(&g->kept, &row);
    if (!result) result = buf_check(&row, d);
    if (!result) result = rows_put(s->index->rows, row_number(ROW_CASE, g->number), buf_as_bytes(&row), d);
    buf_free(&row);
    struct case_brief brief = brief_of(m);
    brief.number = g->number;
    brief.title = g->kept.title;
    brief.action = g->kept.action;
    for (unsigned q = 0; q < 2; q++) brief.numbers[q] = g->kept.numbers[q];
    if (!result) result = index_brief_put(s->index->rows, &brief, d);
    if (!result) result = put_state(p, g, m, d);
    if (!result) result = put_words(p, g, d);
    if (!result && brief.kind == KIND_PROPOSAL) note_terms(p, g, m);
    return result;
}

static void note_limits(struct part *p) {
    struct index_meta *meta = &p->folding->step->index->meta;
    const struct message_verdict *terms = p->state.terms;
    if (!terms) return;
    const struct part_item *item = item_at(p, terms->entry->party, terms->entry->position);
    meta->limited = item && item->kept->limits_given;
    if (meta->limited) meta->limits = item->kept->limits;
}

/* The last check-in of theirs that asks, and whether we answered it.  A copy of one asks nothing again. */
static enum error note_check_in(struct index *x, const struct kept *k, struct diag *d) {
    struct index_meta *m = &x->meta;
    struct arena a = {0};
    struct dialogue c;
    struct text identity = text_from_bytes(sha256_bytes(&k->statement.identity));
    uint64_t number = row_number(ROW_SAID, rows_hash(x->rows, identity));
    struct buf row = {.max = 16};
    enum error result = rows_get(x->rows, number, &row, d);
    buf_free(&row);
    if (result != ERR_MISSING) return result;
    result = rows_put(x->rows, number, bytes_of("", 0), d);
    if (!result && dialogue_from_message(&k->opened->said.message, &a, &c, NULL) == OK) {
        if (k->statement.party == x->own) {
            if (c.answers.size && text_equal(c.answers, m->asked)) m->answered = true;
        } else if (!c.answers.size) {
            m->asked = arena_text(&x->meta_arena, k->statement.head->id);
            m->answered = false;
        }
    }
    arena_free(&a);
    return result;
}

/* Theirs first: an answer comes after what it answers. */
static enum error note_check_ins(struct part *p, struct diag *d) {
    struct index *x = p->folding->step->index;
    enum error result = OK;
    if (p->folding->loose_told) return OK;
    p->folding->loose_told = true;
    for (unsigned turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < p->state.message_count && !result; i++) {
            const struct message_verdict *v = &p->state.messages[i];
            unsigned party = v->entry->party;
            if (v->kind == KIND_CHECK_IN && !v->why && (party == x->own) == (turn == 1))
                result = note_check_in(x, p->items[party][i - (party ? p->count[0] : 0)].kept, d);
        }
    return result;
}

static enum error fold_part(struct folding *f, struct group **groups, size_t count, struct diag *d) {
    struct part p = {.folding = f, .groups = groups, .group_count = count};
    struct step *s = f->step;
    p.arena.max_bytes = SIZE_MAX / 2;
    p.view = bare_view(s->index, &p.arena);
    p.rules.view = &p.view;
    enum error result = gather(&p, d);
    for (unsigned q = 0; q < 2 && !result; q++) result = lay_side(&p, q, d);
    if (!result) {
        matter_fold_part(&p.rules, s->index->desk->now, &p.arena, &p.state);
        keep_messages(&p);
        note_limits(&p);
        result = note_check_ins(&p, d);
    }
    for (size_t i = 0; i < count && !result; i++) {
        const struct matter *m = matter_find(&p.state, groups[i]->name);
        if (m) result = put_case(&p, groups[i], m, d);
        groups[i]->kept = (struct index_case){0}; /* it lived in the part's arena */
    }
    arena_free(&p.arena);
    return result;
}

enum error step_fold(struct step *s, struct diag *d) {
    struct folding f = {.step = s, .by_name = {.arena = &s->arena}};
    enum error result = OK;
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < s->opened_count[p] && !result; i++) result = add_new(&f, &s->opened[p][i], d);
    if (result) return result;
    add_touched(&f);
    if (f.count) qsort(f.groups, f.count, sizeof *f.groups, compare_groups);
    size_t offers = 0;
    while (offers < f.count && f.groups[offers]->of_offers) offers++;
    if (offers || !f.count) result = fold_part(&f, f.groups, offers, d);
    for (size_t at = offers; at < f.count && !result; at += STEP_CASES)
        result = fold_part(&f, f.groups + at, f.count - at < STEP_CASES ? f.count - at : STEP_CASES, d);
    return result;
}
