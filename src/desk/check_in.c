#include "desk/check_in.h"

#include <string.h>

/* ---- how it stands */

static enum error read_one(struct talk *t, const struct said *s, struct dialogue *out, struct diag *d) {
    return dialogue_from_message(&s->message, &t->arena, out, d);
}

/* When the terms in force were accepted: the reply that names their offer. */
static instant agreed_at(const struct talk *t) {
    instant at = INSTANT_NONE;
    struct text offer = t->state.terms->statement->head->id;
    for (size_t i = 0; i < t->state.message_count; i++) {
        const struct message_verdict *m = &t->state.messages[i];
        if (m->kind != KIND_REPLY || m->why || m->statement->meaning.reply != REPLY_ACCEPT) continue;
        if (text_equal(m->statement->meaning.to, offer)) at = m->entry->leaf->time;
    }
    return at;
}

static enum error take_terms(struct talk *t, struct check_in *s, instant *agreed, struct diag *d) {
    const struct said *said = t->state.terms ? talk_said(t, t->state.terms) : NULL;
    struct dialogue offer;
    enum error result = said ? read_one(t, said, &offer, d) : OK;
    if (result || !said || offer.terms.check_in_every_hours == HOURS_NONE) return result;
    s->every_hours = offer.terms.check_in_every_hours;
    *agreed = agreed_at(t);
    return OK;
}

static instant since(instant from, instant to) { return to > from ? to - from : 0; }

static instant period(const struct check_in *s) {
    const uint64_t most = 3652425 * 24; /* hours, as instant_length_read takes them */
    return (instant)(s->every_hours < most ? s->every_hours : most) * INSTANT_HOUR;
}

/* Their word, and never later than when it came. */
static instant time_of(const struct message_verdict *m) {
    instant at = m->entry->leaf->time;
    return m->delivered != INSTANT_NONE && m->delivered < at ? m->delivered : at;
}

struct looking { /* while the check-ins are gone through, in the order of each record */
    struct talk *talk;
    struct check_in *out;
    struct names answered_by_us; /* ids */
    struct text *ids;
    size_t room;
    instant last_ours, last_theirs;
};

static enum error look_at_ours(struct looking *l, const struct message_verdict *m, const struct said *said,
                               struct diag *d) {
    struct dialogue c;
    struct check_in *s = l->out;
    enum error result = read_one(l->talk, said, &c, d);
    if (result) return result;
    l->last_ours = m->entry->leaf->time;
    if (c.answers.size) {
        l->ids = arena_grow(&l->talk->arena, l->ids, l->answered_by_us.count, &l->room, sizeof *l->ids);
        l->ids[l->answered_by_us.count] = c.answers;
        l->answered_by_us = (struct names){l->ids, l->answered_by_us.count + 1};
        return OK;
    }
    s->asked = said;
    s->delivered = m->delivered;
    s->node_latency = m->delivered == INSTANT_NONE ? INSTANT_NONE : since(m->entry->leaf->time, m->delivered);
    return OK;
}

static enum error look_at_theirs(struct looking *l, const struct message_verdict *m, const struct said *said,
                                 struct diag *d) {
    struct dialogue c;
    struct check_in *s = l->out;
    enum error result = read_one(l->talk, said, &c, d);
    if (result) return result;
    s->theirs = said;
    l->last_theirs = time_of(m);
    if (!c.answers.size) {
        s->waiting = names_have(l->answered_by_us, said->message.head.id) ? NULL : said;
    } else if (s->asked && !s->answered && text_equal(c.answers, s->asked->message.head.id)) {
        s->answered = said;
        s->person_latency = since(s->asked->entry->leaf->time, time_of(m));
    }
    return OK;
}

static enum error look_at(struct looking *l, bool ours, struct diag *d) {
    const struct matter_state *state = &l->talk->state;
    enum error result = OK;
    for (size_t i = 0; i < state->message_count && !result; i++) {
        const struct message_verdict *m = &state->messages[i];
        const struct said *said = m->kind == KIND_CHECK_IN && !m->why ? talk_said(l->talk, m) : NULL;
        if (!said || (m->entry->party == l->talk->own) != ours) continue;
        result = ours ? look_at_ours(l, m, said, d) : look_at_theirs(l, m, said, d);
    }
    return result;
}

enum error check_in_state(struct talk *t, struct check_in *out, struct diag *d) {
    struct check_in s = {.every_hours = HOURS_NONE,
                         .delivered = INSTANT_NONE,
                         .node_latency = INSTANT_NONE,
                         .person_latency = INSTANT_NONE,
                         .age = INSTANT_NONE,
                         .due = INSTANT_NONE};
    struct looking l = {.talk = t, .out = &s, .last_ours = INSTANT_NONE, .last_theirs = INSTANT_NONE};
    instant agreed = INSTANT_NONE, now = t->state.as_of;
    enum error result = take_terms(t, &s, &agreed, d);
    if (!result) result = look_at(&l, true, d);
    if (!result) result = look_at(&l, false, d);
    if (result) return result;
    instant alive = s.theirs ? l.last_theirs : agreed, told = l.last_ours == INSTANT_NONE ? agreed : l.last_ours;
    if (alive != INSTANT_NONE) s.age = since(alive, now);
    if (s.every_hours != HOURS_NONE) {
        s.stale = s.age != INSTANT_NONE && s.age > period(&s);
        s.due = told == INSTANT_NONE ? now : told + period(&s);
    }
    *out = s;
    return OK;
}

enum error check_in_find(struct talk *t, struct text id, const struct said **out, struct diag *d) {
    struct check_in s;
    struct dialogue c;
    const struct said *said = NULL;
    bool last = text_is(id, "last");
    enum error result = last ? check_in_state(t, &s, d) : talk_find_said(t, id, &said, d);
    if (!result && last) said = s.waiting;
    if (!result && !said) result = fail(d, ERR_MISSING, _("no check-in of theirs waits for an answer"));
    if (!result && (!text_is(said->message.head.kind, "check-in") || said->entry->party == t->own))
        result = fail(d, ERR_USAGE, _("the message %.8s is no check-in of theirs"), said->message.head.id.at);
    if (!result) result = read_one(t, said, &c, d);
    if (!result && c.answers.size)
        result = fail(d, ERR_USAGE, _("the check-in %.8s is an answer, and asks for none"), said->message.head.id.at);
    if (!result) *out = said;
    return result;
}

/* ---- words */

void span_write(instant length, struct buf *out) {
    static const struct {
        instant unit;
        const char *word;
    } units[] = {
        {INSTANT_DAY, N_("d")}, {INSTANT_HOUR, N_("h")}, {60 * INSTANT_SECOND, N_("min")}, {INSTANT_SECOND, N_("s")}};
    unsigned said = 0;
    for (size_t i = 0; i < COUNT(units) && said < 2; i++) {
        instant n = length / units[i].unit;
        if (!n && (i + 1 < COUNT(units) || said)) {
            if (said) break;
            continue;
        }
        buf_format(out, "%s%lld %s", said++ ? " " : "", (long long)n, gettext(units[i].word));
        length -= n * units[i].unit;
    }
}

static void put_span(struct buf *out, const char *words, instant length) {
    buf_format(out, "%s ", words);
    span_write(length, out);
}

static void put_asked(const struct check_in *s, struct buf *out) {
    if (!s->asked) return;
    buf_format(out, "  %s ", _("our last check-in:"));
    buf_instant(out, s->asked->entry->leaf->time);
    if (s->node_latency == INSTANT_NONE)
        buf_string(out, _("; no receipt yet"));
    else
        put_span(out, _("; their node took"), s->node_latency);
    if (s->person_latency == INSTANT_NONE)
        buf_string(out, _("; no person has answered yet"));
    else
        put_span(out, _("; a person took"), s->person_latency);
    buf_char(out, '\n');
}

static void put_theirs(const struct check_in *s, struct buf *out) {
    if (!s->theirs && !s->stale) return;
    put_span(out, s->theirs ? _("  since their last check-in:") : _("  no check-in of theirs since the terms:"),
             s->age);
    if (s->stale) buf_string(out, _("; stale: longer than the terms say"));
    buf_char(out, '\n');
}

void check_in_lines(const struct talk *t, const struct check_in *s, struct buf *out) {
    put_asked(s, out);
    put_theirs(s, out);
    if (s->due != INSTANT_NONE) {
        buf_format(out, "  %s ", s->due <= t->state.as_of ? _("our next check-in was due:") : _("our next check-in:"));
        buf_instant(out, s->due);
        buf_char(out, '\n');
    }
    if (s->waiting) check_in_waiting_words(s->waiting->message.head.id, t->parties[1 - t->own], out);
}

void check_in_waiting_words(struct text id, struct text party, struct buf *out) {
    struct text few = text_first(id, 8);
    buf_format(out, _("  their check-in %.*s waits for a person: `parley check-in %.*s --answer %.*s`\n"),
               TEXT_ARG(few), TEXT_ARG(party), TEXT_ARG(few));
}

void check_in_waiting_line(struct talk *t, struct buf *out) {
    struct check_in s;
    if (check_in_state(t, &s, NULL) || !s.waiting) return;
    check_in_lines(t, &(struct check_in){.due = INSTANT_NONE, .waiting = s.waiting}, out);
}

static void put_length(json_t *o, const char *key, instant length) {
    if (length != INSTANT_NONE) json_put_u64(o, key, (uint64_t)(length / INSTANT_SECOND));
}

static void put_said(json_t *o, const char *key, const struct said *s) {
    if (s) json_put_text(o, key, s->message.head.id);
}

json_t *check_in_json(const struct talk *t, const struct check_in *s) {
    json_t *o = json_object();
    json_put_text(o, "party", t->parties[1 - t->own]);
    if (s->every_hours != HOURS_NONE) json_put_u64(o, "every_hours", s->every_hours);
    put_said(o, "asked", s->asked);
    if (s->asked) json_put(o, "asked_at", json_from_instant(s->asked->entry->leaf->time));
    put_length(o, "node_latency_s", s->node_latency);
    put_said(o, "answered", s->answered);
    put_length(o, "person_latency_s", s->person_latency);
    put_said(o, "theirs", s->theirs);
    put_length(o, "age_s", s->age);
    json_put_bool(o, "stale", s->stale);
    put_said(o, "waiting", s->waiting);
    json_put(o, "due_at", json_from_instant(s->due));
    return o;
}

/* ---- lots */

struct lot {
    instant moment, end; /* inside its period; the end of that period */
};

static void draw(struct desk *k, instant begin, instant length, struct lot *out) {
    uint64_t number;
    random_fill(k->random, (uint8_t *)&number, sizeof number);
    out->moment = begin + (instant)(number % (uint64_t)(length / INSTANT_SECOND)) * INSTANT_SECOND;
    out->end = begin + length;
}

static bool read_lot(struct text t, struct lot *out) {
    struct text line, moment;
    if (!text_line(&t, &line) || t.size || !text_cut(&line, ' ', &moment)) return false;
    return instant_read(moment, &out->moment) && instant_read(line, &out->end);
}

static enum error save_lot(const char *path, const struct lot *lot, struct diag *d) {
    struct buf out = {.max = 256};
    buf_instant(&out, lot->moment);
    buf_char(&out, ' ');
    buf_instant(&out, lot->end);
    buf_char(&out, '\n');
    enum error result = os_write(path, buf_as_bytes(&out), 0600, d);
    buf_free(&out);
    return result;
}

/* A broken or a missing one is drawn anew. */
static bool load_lot(const char *path, struct lot *out) {
    struct buf file = {.max = 256};
    bool good = os_exists(path) && os_read(path, 256, &file, NULL) == OK && read_lot(buf_as_text(&file), out);
    buf_free(&file);
    return good;
}

enum error check_in_lot(struct desk *k, struct text party, instant length, bool *come, struct diag *d) {
    struct lot lot;
    const char *folder = home_path(&k->home, &k->arena, "desk/check-in");
    const char *path = home_path(&k->home, &k->arena, "desk/check-in/%.*s", TEXT_ARG(party));
    ASSERT(length >= INSTANT_SECOND);
    bool drawn = load_lot(path, &lot) && lot.end - k->now <= 2 * length; /* the period may have become shorter */
    bool now = drawn && lot.moment <= k->now;
    if (drawn && !now) return *come = false, OK;
    draw(k, drawn && lot.end > k->now ? lot.end : k->now, length, &lot);
    enum error result = os_make_folders(folder, 0700, d);
    if (!result) result = save_lot(path, &lot, d);
    if (!result) *come = now;
    return result;
}
