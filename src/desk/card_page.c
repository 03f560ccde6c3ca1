#include "desk/card_page.h"

#include "party/profile.h"

enum { WORD_COLUMNS = 11 };

/* ---- a card */

static void put_word(struct buf *out, const char *word, struct text value) {
    buf_string(out, "    ");
    buf_pad(out, text_of(word), WORD_COLUMNS);
    buf_char(out, ' ');
    buf_line(out, value);
    buf_char(out, '\n');
}

static void put_lines(struct buf *out, const char *word, struct text department, const struct card_line *list,
                      size_t count) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(list[i].department, department)) put_word(out, word, list[i].value);
}

static void put_abouts(const struct card *c, struct text department, struct buf *out) {
    for (size_t i = 0; i < c->about_count; i++) {
        const struct card_about *a = &c->abouts[i];
        const struct about_key *key = about_find(a->key);
        if (!text_equal(a->department, department)) continue;
        buf_string(out, "    ");
        buf_line(out, a->key);
        if (key && !key->field) buf_format(out, " %s", key->title);
        buf_string(out, ": ");
        buf_line(out, a->value);
        buf_char(out, '\n');
    }
}

static void put_officers(const struct card *c, struct text department, struct buf *out) {
    for (size_t i = 0; i < c->officer_count; i++) {
        const struct officer *o = &c->officers[i];
        if (!text_equal(o->department, department)) continue;
        buf_string(out, "    ");
        buf_pad(out, text_of(_("officer")), WORD_COLUMNS);
        buf_format(out, " %.*s (", TEXT_ARG(o->name));
        for (size_t n = 0; n < o->roles.count; n++) {
            if (n) buf_char(out, ',');
            buf_line(out, o->roles.at[n]);
        }
        buf_format(out, "), %s ", _("key"));
        buf_line(out, o->key);
        buf_char(out, '\n');
    }
}

static void put_opening(const struct card *c, struct text department, const struct wall_clock *own, instant now,
                        struct buf *out) {
    struct arena a = {0};
    struct opening o = opening_of(c, department, now, &a);
    struct buf line = {.max = 4096};
    opening_line(&o, own, &line);
    if (line.size) put_word(out, _("now"), buf_as_text(&line));
    if (o.not_known.size) put_word(out, _("unknown"), o.not_known);
    buf_free(&line);
    arena_free(&a);
}

void card_page(const struct card *c, const struct wall_clock *own, instant now, struct buf *out) {
    put_abouts(c, TEXT("*"), out);
    for (size_t i = 0; i < c->department_count; i++) {
        struct text id = c->departments[i].department;
        buf_format(out, "  %.*s: ", TEXT_ARG(id));
        buf_line(out, c->departments[i].value);
        buf_char(out, '\n');
        if (now != INSTANT_NONE) put_opening(c, id, own, now, out);
        put_lines(out, _("hours"), id, c->hours, c->hours_count);
        put_lines(out, _("closed"), id, c->holidays, c->holiday_count);
        put_lines(out, _("languages"), id, c->languages, c->language_count);
        put_lines(out, _("remit"), id, c->remits, c->remit_count);
        put_abouts(c, id, out);
        put_officers(c, id, out);
    }
}

/* ---- when it was in force */

static instant earliest(instant a, instant b) {
    if (a == INSTANT_NONE || b == INSTANT_NONE) return a == INSTANT_NONE ? b : a;
    return a < b ? a : b;
}

/* By position: the earliest counted receipt that covers it. */
static instant *receipts_of(const struct entry_chain *mine, struct arena *a) {
    instant *at = ARENA_ARRAY(a, instant, mine->count + 1);
    for (uint64_t i = 0; i <= mine->count; i++) at[i] = INSTANT_NONE;
    for (uint64_t i = 0; i < mine->count; i++)
        for (size_t r = 0; r < mine->entries[i].receipt_count; r++) {
            const struct counted_receipt *receipt = &mine->entries[i].receipts[r];
            if (receipt->size) at[receipt->size - 1] = earliest(at[receipt->size - 1], receipt->stamp);
        }
    for (uint64_t i = mine->count; i-- > 0;) at[i] = earliest(at[i], at[i + 1]);
    return at;
}

/* By position: the `time` of the first of the other side's entries that has seen it. */
static instant *seen_of(const struct entry_chain *mine, const struct entry_chain *theirs, struct arena *a) {
    instant *at = ARENA_ARRAY(a, instant, mine->count + 1);
    uint64_t covered = 0;
    for (uint64_t i = 0; i < mine->count; i++) at[i] = INSTANT_NONE;
    for (uint64_t i = 0; i < theirs->count; i++) {
        const struct entry_verdict *e = &theirs->entries[i];
        while (!e->void_for && covered < e->seen && covered < mine->count) at[covered++] = e->leaf->time;
    }
    return at;
}

void card_spans(struct talk *t, unsigned party, struct card_span **out, size_t *count) {
    const struct entry_chain *mine = &t->whole.chains[party], *theirs = &t->whole.chains[1 - party];
    const instant *receipts = receipts_of(mine, &t->arena), *seen = seen_of(mine, theirs, &t->arena);
    struct card_span *all = NULL;
    size_t room = 0, found = 0;
    for (uint64_t i = 0; i < mine->count; i++) {
        const struct entry_verdict *e = &mine->entries[i];
        if (!e->card_takes_effect || !e->card_after) continue;
        if (found) all[found - 1].next = e;
        all = arena_grow(&t->arena, all, found, &room, sizeof *all);
        all[found++] = (struct card_span){e->card_after, e, NULL, receipts[i], seen[i]};
    }
    *out = all;
    *count = found;
}

bool card_span_meets(const struct card_span *s, instant from, instant until) {
    return s->carried->leaf->time < until && (!s->next || s->next->leaf->time > from);
}

static void put_dated(struct buf *out, const char *word, instant at) {
    if (at == INSTANT_NONE) return;
    buf_format(out, "  %s ", word);
    buf_instant(out, at);
    buf_char(out, '\n');
}

void card_span_lines(const struct talk *t, const struct card_span *s, struct buf *out) {
    const struct text *parties = t->parties;
    unsigned party = s->carried->party;
    buf_format(out, _("Card %llu of %.*s, from entry %llu of its record"), (unsigned long long)s->card->serial,
               TEXT_ARG(parties[party]), (unsigned long long)s->carried->index);
    if (t->channel_count > 1) buf_format(out, " %.*s", TEXT_ARG(entry_channel(&t->whole, s->carried)));
    if (s->next) buf_format(out, _(" to entry %llu"), (unsigned long long)s->next->index);
    if (s->next && t->channel_count > 1) buf_format(out, " %.*s", TEXT_ARG(entry_channel(&t->whole, s->next)));
    buf_string(out, s->next ? "\n" : _("; it is in force\n"));
    put_dated(out, _("from, by its own word:"), s->carried->leaf->time);
    put_dated(out, _("to, by its own word:"), s->next ? s->next->leaf->time : INSTANT_NONE);
    put_dated(out, _("earliest receipt of the other side:"), s->receipted);
    put_dated(out, _("seen by the other side, by its word:"), s->seen);
    if (s->receipted == INSTANT_NONE && s->seen == INSTANT_NONE)
        buf_format(out, "  %s\n", _("no receipt dates it: its own word is all there is"));
}

json_t *card_span_json(const struct talk *t, const struct card_span *s) {
    json_t *o = json_object();
    json_put_u64(o, "serial", s->card->serial);
    json_put_text(o, "from_channel", entry_channel(&t->whole, s->carried));
    if (s->next) json_put_text(o, "to_channel", entry_channel(&t->whole, s->next));
    json_put_u64(o, "from_entry", s->carried->index);
    json_put(o, "from", json_from_instant(s->carried->leaf->time));
    if (s->next) json_put_u64(o, "to_entry", s->next->index);
    json_put(o, "to", json_from_instant(s->next ? s->next->leaf->time : INSTANT_NONE));
    json_put(o, "receipted_at", json_from_instant(s->receipted));
    json_put(o, "seen_at", json_from_instant(s->seen));
    return o;
}
