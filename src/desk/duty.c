#include "desk/duty.h"

#include <stdlib.h>

#include "desk/case_view.h"
#include "desk/undertakings.h"

struct duties {
    struct talk *talk;
    struct duty *at;
    size_t count, room;
};

static void add(struct duties *l, struct duty u) {
    l->at = arena_grow(&l->talk->arena, l->at, l->count, &l->room, sizeof *l->at);
    l->at[l->count++] = u;
}

const char *duty_word(const struct duty *u) {
    if (u->what == DUTY_WAIT) return wait_word(u->wait.what);
    return u->what == DUTY_MEETING ? NC_("duty", "meeting") : NC_("duty", "undertaking");
}
const char *duty_shown(const struct duty *u) {
    return word_shown(u->what == DUTY_WAIT ? "kind" : "duty", duty_word(u));
}

/* A deadline runs from delivery; an offer's from when it was made. */
static instant runs_from(const struct waiting *w) {
    instant delivered = w->matter->opening->delivered;
    return w->what == WAIT_REPLY || delivered == INSTANT_NONE ? w->since : delivered;
}

static void add_waiting(struct duties *l) {
    struct waiting *waiting;
    size_t count;
    inbox_waiting(l->talk, &waiting, &count);
    for (size_t i = 0; i < count; i++) {
        const struct waiting *w = &waiting[i];
        add(l, (struct duty){
                   .what = DUTY_WAIT,
                   .matter = w->matter,
                   .wait = *w,
                   .party = w->party,
                   .since = runs_from(w),
                   .due = w->due,
                   .lapsed = w->due != INSTANT_NONE && l->talk->state.as_of > w->due,
                   .id = arena_format(&l->talk->arena, "%s %u %.*s", wait_word(w->what), w->party, TEXT_ARG(w->text))});
    }
}

static enum error add_undertakings(struct duties *l, struct diag *d) {
    struct undertaken *all;
    size_t count;
    enum error result = talk_undertakings(l->talk, &all, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        struct text lang = l->talk->desk->home.lang;
        if (all[i].word == UNDERTAKING_DONE) continue; /* it waits for a word, and has no date any more */
        add(l, (struct duty){.what = DUTY_UNDERTAKING,
                             .matter = all[i].matter,
                             .party = all[i].party,
                             .since = all[i].since,
                             .due = all[i].what.due,
                             .lapsed = all[i].lapsed,
                             .words = undertaking_what(&all[i].what, lang),
                             .id = arena_format(&l->talk->arena, "undertaking %.*s %llu", TEXT_ARG(all[i].settlement),
                                                (unsigned long long)all[i].number)});
    }
    return result;
}

static enum error add_meetings(struct duties *l, struct diag *d) {
    struct talk *t = l->talk;
    enum error result = OK;
    for (size_t i = 0; i < t->state.matter_count && !result; i++) {
        struct meeting *all;
        size_t count;
        result = case_meetings(t, &t->state.matters[i], &all, &count, d);
        for (size_t k = 0; k < count && !result; k++) {
            instant end = all[k].at.until == INSTANT_NONE ? all[k].at.from : all[k].at.until;
            if (!all[k].confirmed || end < t->state.as_of) continue;
            add(l, (struct duty){.what = DUTY_MEETING,
                                 .matter = &t->state.matters[i],
                                 .meeting = &all[k],
                                 .party = 2,
                                 .since = all[k].stamp,
                                 .due = all[k].at.from,
                                 .words = all[k].title,
                                 .id = arena_format(&t->arena, "meeting %llu", (unsigned long long)all[k].number)});
        }
    }
    return result;
}

static int by_due(const void *left, const void *right) {
    const struct duty *a = left, *b = right;
    if (a->due != b->due) {
        if (a->due == INSTANT_NONE || b->due == INSTANT_NONE) return a->due == INSTANT_NONE ? 1 : -1;
        return a->due < b->due ? -1 : 1;
    }
    int order = text_compare(a->matter->name, b->matter->name);
    return order ? order : text_compare(a->id, b->id);
}

enum error duty_list(struct talk *t, struct duty **out, size_t *count, struct diag *d) {
    struct duties l = {.talk = t};
    add_waiting(&l);
    enum error result = add_undertakings(&l, d);
    if (!result) result = add_meetings(&l, d);
    if (result) return result;
    if (l.count) qsort(l.at, l.count, sizeof *l.at, by_due);
    *out = l.at;
    *count = l.count;
    return OK;
}

void duty_line(struct talk *t, const struct duty *u, struct buf *out) {
    buf_format(out, "%s, ", duty_shown(u));
    buf_line(out, case_start(u->matter->name));
    buf_string(out, " “");
    buf_line(out, matter_title(t, u->matter));
    buf_string(out, "”");
    if (u->words.size) {
        buf_string(out, ": ");
        buf_line(out, u->words);
    }
    if (u->party < 2) buf_format(out, ", %s", u->party == t->own ? _("ours to do") : _("theirs to do"));
    if (u->due == INSTANT_NONE) {
        buf_format(out, ", %s", _("no deadline"));
        return;
    }
    buf_format(out, ", %s ", u->what == DUTY_MEETING ? _("begins") : _("due"));
    buf_instant(out, u->due);
    if (u->lapsed) buf_format(out, " (%s)", _("lapsed"));
}

json_t *duty_json(struct talk *t, const struct duty *u) {
    json_t *object = json_object();
    json_put_text(object, "what", text_of(duty_word(u)));
    json_put_text(object, "with", t->parties[1 - t->own]);
    json_put_text(object, "case", u->matter->name);
    json_put_text_if(object, "title", matter_title(t, u->matter));
    json_put_text_if(object, "words", u->words);
    if (u->party < 2) json_put_text(object, "waits_for", t->parties[u->party]);
    json_put(object, "since", json_from_instant(u->since));
    json_put(object, "due", json_from_instant(u->due));
    json_put_bool(object, "lapsed", u->lapsed);
    return object;
}

/* ---- calendars */

static struct text uid_of(struct talk *t, const struct duty *u) {
    char hex[SHA256_HEX];
    struct sha256 sha =
        sha256_of(bytes_from_text(arena_format(&t->arena, "%.*s %.*s", TEXT_ARG(u->matter->name), TEXT_ARG(u->id))));
    return arena_format(&t->arena, "%.32s@parley", sha256_hex(&sha, hex).at);
}

void duty_item(struct talk *t, const struct duty *u, bool details, struct buf *out) {
    if (u->what == DUTY_MEETING) {
        meeting_item(t, u->matter, u->meeting, details, out);
        return;
    }
    /* Half of the time, and a tenth: when `watch` reminds, too. */
    int64_t whole = u->since != INSTANT_NONE && u->due > u->since ? u->due - u->since : 0;
    const instant remind[] = {whole - whole / 2, whole / 10};
    struct ical_item i = {.kind = ICAL_TODO,
                          .uid = uid_of(t, u),
                          .stamp = u->since == INSTANT_NONE ? t->state.as_of : u->since,
                          .start = INSTANT_NONE,
                          .end = u->due,
                          .summary = text_of(_("something is due, parley")),
                          .status = ICAL_NEEDS_ACTION,
                          .is_private = true,
                          .remind = remind,
                          .remind_count = whole ? COUNT(remind) : 0};
    if (details) {
        i.summary = arena_format(&t->arena, "%s: %.*s", duty_shown(u), TEXT_ARG(matter_title(t, u->matter)));
        i.description = u->words.size
                            ? arena_format(&t->arena, "%.*s: %.*s", TEXT_ARG(u->matter->name), TEXT_ARG(u->words))
                            : u->matter->name;
    }
    ical_item(&i, out);
}
