/* From a talk and a memory to what is to be told. */
#include "desk/notice.h"

#include <stdlib.h>

#include "base/map.h"
#include "claim/claim.h"
#include "desk/case_view.h"
#include "desk/check_in.h"

static const struct {
    const char *word, *title;
} notices[NOTICE_COUNT] = {
    [NOTICE_STUCK] = {"stuck", N_("the channel takes nothing more")},
    [NOTICE_LAPSED] = {"lapsed", N_("a deadline lapsed")},
    [NOTICE_NINE_TENTHS] = {"nine-tenths", N_("a tenth of the time is left")},
    [NOTICE_HALF] = {"half", N_("half of the time is gone")},
    [NOTICE_UNRECEIPTED] = {"unreceipted", N_("no receipt came for a message")},
    [NOTICE_CHECK_IN] = {"check-in", N_("a check-in is due")},
    [NOTICE_STALE] = {"stale", N_("no check-in came for longer than the terms say")},
    [NOTICE_UNOPENED] = {"unopened", N_("an entry came that this desk can't open")},
    [NOTICE_ARRIVED] = {"arrived", N_("a message came")},
};
const char *notice_word(enum notice_what w) { return notices[w].word; }
const char *notice_title(enum notice_what w) { return notices[w].title; }

struct named_case { /* what its opening says, read once whatever comes in it */
    struct text title, severity;
};

struct notice_list {
    struct talk *talk;
    struct map cases; /* by name, to struct named_case */
    struct notice_memory *memory;
    struct notice *at;
    size_t count, room;
};

static void add(struct notice_list *l, struct notice n) {
    struct talk *t = l->talk;
    n.party = t->parties[1 - t->own];
    l->at = arena_grow(&t->arena, l->at, l->count, &l->room, sizeof *l->at);
    l->at[l->count++] = n;
}

/* A reminder is told once for each thing that it is about. */
static void add_once(struct notice_list *l, struct notice n, struct text about) {
    n.key = arena_format(&l->talk->arena, "%s %.*s", notices[n.what].word, TEXT_ARG(about));
    map_put(&l->memory->active, arena_text(&l->memory->arena, n.key));
    if (!map_has(&l->memory->told, n.key)) add(l, n);
}

/* ---- what came */

static uint64_t seen_of(const struct notice_memory *m, struct text origin, uint64_t held) {
    const uint64_t *seen = map_get(&m->seen, origin);
    return seen ? *seen : m->fresh ? held : 0;
}

static struct text origin_of(const struct talk *t, const struct entry_verdict *e) {
    return t->channels[e->generation].their_origin;
}

static const struct matter *matter_of(const struct talk *t, const struct said *s) {
    return s->message.head.matter.size ? matter_find(&t->state, s->message.head.matter) : NULL;
}

/* A word of the list, and nothing else that the other side may have written. */
static struct text severity_of(struct talk *t, const struct matter *m) {
    const struct said *s = m && m->opening->kind == KIND_CLAIM ? talk_said(t, m->opening) : NULL;
    struct claim claim;
    if (!s || claim_from_message(&s->message, &t->arena, &claim, NULL)) return (struct text){0};
    return word_find(&words_severity, claim.severity) ? claim.severity : (struct text){0};
}

static struct named_case named(struct notice_list *l, const struct matter *m) {
    struct named_case **place = (struct named_case **)map_put(&l->cases, m->name);
    if (!*place) {
        *place = ARENA_NEW(&l->talk->arena, struct named_case);
        **place = (struct named_case){matter_title(l->talk, m), severity_of(l->talk, m)};
    }
    return **place;
}

static void add_arrived(struct notice_list *l) {
    struct talk *t = l->talk;
    for (size_t i = 0; i < t->said_count; i++) {
        const struct said *s = &t->said[i];
        struct text title, text;
        if (s->entry->party == t->own || s->entry->generation >= t->channel_count) continue;
        struct text origin = origin_of(t, s->entry);
        if (s->entry->index < seen_of(l->memory, origin, t->channels[s->entry->generation].their_size)) continue;
        said_text(s, &t->arena, &title, &text);
        const struct matter *m = matter_of(t, s);
        struct named_case of = m ? named(l, m) : (struct named_case){.title = title};
        add(l, (struct notice){.what = NOTICE_ARRIVED,
                               .matter = m,
                               .title = of.title,
                               .kind = s->message.head.kind,
                               .id = s->message.head.id,
                               .at = s->entry->leaf->time,
                               .due = INSTANT_NONE,
                               .severity = of.severity,
                               .words = s->broken,
                               .origin = origin,
                               .index = s->entry->index});
    }
    for (size_t i = 0; i < t->closed_count; i++) {
        const struct closed *k = &t->closed[i];
        if (k->entry->party == t->own || k->entry->generation >= t->channel_count) continue;
        struct text origin = origin_of(t, k->entry);
        if (k->entry->index < seen_of(l->memory, origin, t->channels[k->entry->generation].their_size)) continue;
        add(l, (struct notice){.what = NOTICE_UNOPENED,
                               .at = k->entry->leaf->time,
                               .due = INSTANT_NONE,
                               .words = k->why,
                               .origin = origin,
                               .index = k->entry->index});
    }
}

/* ---- deadlines */

static void add_deadline(struct notice_list *l, const struct duty *u) {
    struct talk *t = l->talk;
    instant from = u->since == INSTANT_NONE ? u->due : u->since, now = t->state.as_of;
    if (u->due == INSTANT_NONE || u->what == DUTY_MEETING || now < from) return;
    int64_t whole = u->due > from ? u->due - from : 0, gone = now - from;
    struct named_case of = named(l, u->matter);
    struct notice n = {
        .matter = u->matter, .title = of.title, .severity = of.severity, .duty = u, .at = from, .due = u->due};
    if (now > u->due)
        n.what = NOTICE_LAPSED;
    else if (gone >= whole - whole / 10)
        n.what = NOTICE_NINE_TENTHS;
    else if (gone >= whole / 2)
        n.what = NOTICE_HALF;
    else
        return;
    char due[INSTANT_TEXT_MAX];
    add_once(l, n,
             arena_format(&t->arena, "%.*s %.*s %.*s", TEXT_ARG(u->matter->name), TEXT_ARG(u->id),
                          TEXT_ARG(instant_write(u->due, due))));
}

/* ---- the channel */

static void add_unreceipted(struct notice_list *l, instant within) {
    struct talk *t = l->talk;
    for (size_t i = 0; i < t->state.message_count; i++) {
        const struct message_verdict *v = &t->state.messages[i];
        if (v->statement->party != t->own || v->why || v->delivered != INSTANT_NONE) continue;
        if (t->state.as_of - v->entry->leaf->time < within) continue;
        const struct said *s = talk_said(t, v);
        add_once(l,
                 (struct notice){.what = NOTICE_UNRECEIPTED,
                                 .matter = s ? matter_of(t, s) : NULL,
                                 .kind = v->statement->head->kind,
                                 .id = v->statement->head->id,
                                 .at = v->entry->leaf->time,
                                 .due = INSTANT_NONE},
                 v->statement->head->id);
    }
}

/* Once for each check-in that is due, and for each time that they fall silent. */
static enum error add_check_ins(struct notice_list *l, struct diag *d) {
    struct check_in s;
    struct talk *t = l->talk;
    char written[INSTANT_TEXT_MAX];
    enum error result = check_in_state(t, &s, d);
    if (result) return result;
    if (s.due != INSTANT_NONE && s.due <= t->state.as_of)
        add_once(l, (struct notice){.what = NOTICE_CHECK_IN, .at = s.due, .due = s.due},
                 arena_format(&t->arena, "%.*s %.*s", TEXT_ARG(talk_channel(t)->own_name),
                              TEXT_ARG(instant_write(s.due, written))));
    if (!s.stale) return OK;
    instant last = t->state.as_of - s.age;
    add_once(l, (struct notice){.what = NOTICE_STALE, .at = last, .due = INSTANT_NONE},
             arena_format(&t->arena, "%.*s %.*s", TEXT_ARG(talk_channel(t)->own_name),
                          TEXT_ARG(instant_write(last, written))));
    return OK;
}

static void add_stuck(struct notice_list *l) {
    const struct link_channel *c = talk_channel(l->talk);
    if (c->state != CHANNEL_FROZEN && c->state != CHANNEL_RESTORED) return;
    add_once(l, (struct notice){.what = NOTICE_STUCK, .at = INSTANT_NONE, .due = INSTANT_NONE, .words = c->why},
             arena_format(&l->talk->arena, "%.*s %s", TEXT_ARG(c->own_name), channel_state_word(c->state)));
}

/* The most pressing first, then by time; what came of one record stays in its order, so that it is told in it. */
static int compare(const void *a, const void *b) {
    const struct notice *x = a, *y = b;
    bool came = x->origin.size && y->origin.size;
    if (x->what != y->what && !came) return x->what < y->what ? -1 : 1;
    int origins = text_compare(x->origin, y->origin);
    if (origins) return origins;
    if (came) return (x->index > y->index) - (x->index < y->index);
    if (x->due != y->due) return x->due < y->due ? -1 : 1;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    return text_compare(x->key, y->key);
}

enum error notice_list(struct talk *t, struct notice_memory *m, instant receipt_within, struct notice **out,
                       size_t *count, struct diag *d) {
    struct notice_list l = {.talk = t, .memory = m, .cases = {.arena = &t->arena}};
    struct duty *duties;
    size_t owed;
    enum error result = duty_list(t, &duties, &owed, d);
    if (!result) result = add_check_ins(&l, d);
    if (result) return result;
    add_stuck(&l);
    for (size_t i = 0; i < owed; i++) add_deadline(&l, &duties[i]);
    add_unreceipted(&l, receipt_within);
    add_arrived(&l);
    for (size_t i = 0; i < t->channel_count && m->fresh; i++)
        if (t->channels[i].their_origin.size) notice_seen(m, t->channels[i].their_origin, t->channels[i].their_size);
    if (l.count) qsort(l.at, l.count, sizeof *l.at, compare);
    *out = l.at;
    *count = l.count;
    return OK;
}

json_t *notice_json(struct talk *t, const struct notice *n) {
    json_t *object = json_object();
    json_put_text(object, "notice", text_of(notices[n->what].word));
    json_put_text(object, "with", n->party);
    if (t->state.channel.drill) json_put_bool(object, "drill", true);
    if (n->matter) json_put_text(object, "case", n->matter->name);
    json_put_text_if(object, "title", n->title);
    json_put_text_if(object, "kind", n->kind);
    json_put_text_if(object, "message", n->id);
    if (n->duty) {
        json_put_text(object, "waits_for", t->parties[n->duty->party]);
        json_put_text(object, "what", text_of(duty_word(n->duty)));
        json_put_text_if(object, "words", n->duty->words);
    }
    if (n->at != INSTANT_NONE) json_put(object, "since", json_from_instant(n->at));
    if (n->due != INSTANT_NONE) json_put(object, "due", json_from_instant(n->due));
    json_put_text_if(object, "severity", n->severity);
    json_put_text_if(object, "why", n->words);
    return object;
}
