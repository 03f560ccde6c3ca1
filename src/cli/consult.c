/* consult: offers, confirms or changes a meeting on a case. */
#include "base/os.h"
#include "cli/lists.h"
#include "cli/speech.h"
#include "desk/gate.h"
#include "desk/meeting.h"
#include "scan/timezone.h"

struct consulting { /* as typed */
    const char *place, *link, *title, *languages, *ics, *zone;
    struct words times, agenda, delegates, others;
    bool cancel, details;
};

/* A time with Z; or with a zone one without, on the clock there: of a time that comes twice, or never, UTC is asked
 * for.
 */
static enum error read_clock(struct cli *c, const struct zone *zone, struct text typed, instant *out) {
    instant local;
    if (instant_read(typed, out)) return OK;
    struct text full = arena_format(&c->arena, "%.*s%sZ", TEXT_ARG(typed), typed.size == 16 ? ":00" : "");
    if (!zone || !instant_read(full, &local)) return ERR_USAGE;
    struct zone_answer answer = zone_ask(zone, local / INSTANT_SECOND);
    if (answer.fit != ZONE_ONCE)
        return cli_usage(c, _("--time: on the clock of that zone %.*s comes twice or never: give it in UTC, with a Z"),
                         TEXT_ARG(typed));
    *out = local - answer.offset * INSTANT_SECOND;
    return OK;
}

static enum error read_time(struct cli *c, const struct zone *zone, const char *typed, struct meeting_time *out) {
    struct text until = text_of(typed), from;
    enum error result = text_cut(&until, '/', &from) ? read_clock(c, zone, from, &out->from) : ERR_USAGE;
    if (!result) result = read_clock(c, zone, until, &out->until);
    if (c->diag.text[0] || (!result && out->from < out->until)) return result;
    return cli_usage(c,
                     _("--time: expected FROM/UNTIL as 2026-03-05T10:00:00Z/2026-03-05T12:00:00Z, or with --zone as "
                       "2026-03-05T11:00/2026-03-05T13:00; found “%s”"),
                     typed);
}

static enum error read_times(struct cli *c, const struct consulting *q, struct member_list *out) {
    struct meeting_time *all = ARENA_ARRAY(&c->arena, struct meeting_time, q->times.count);
    struct zone zone;
    enum error result = q->zone ? timezone_load(text_of(q->zone), &c->arena, &zone, &c->diag) : OK;
    for (size_t i = 0; i < q->times.count && !result; i++)
        result = read_time(c, q->zone ? &zone : NULL, q->times.at[i], &all[i]);
    *out = (struct member_list){all, q->times.count};
    return result;
}

/* `NAME:ROLE`, or a role alone: who it will be may not be known, or not be said. */
static enum error read_delegates(struct cli *c, const struct words *typed, struct member_list *out) {
    struct delegate *all = ARENA_ARRAY(&c->arena, struct delegate, typed->count);
    for (size_t i = 0; i < typed->count; i++) {
        all[i].role = text_of(typed->at[i]);
        if (text_cut(&all[i].role, ':', &all[i].name)) all[i].name = text_trim(all[i].name);
        all[i].role = text_trim(all[i].role);
        if (!all[i].role.size)
            return cli_usage(c, _("--delegate: expected ROLE, or NAME:ROLE, found “%s”"), typed->at[i]);
    }
    *out = (struct member_list){all, typed->count};
    return OK;
}

static struct member_list lines_of(struct cli *c, const struct words *typed) {
    struct text *all = ARENA_ARRAY(&c->arena, struct text, typed->count);
    for (size_t i = 0; i < typed->count; i++) all[i] = text_of(typed->at[i]);
    return (struct member_list){all, typed->count};
}

/* Other cases may be abbreviated like the first; they are of the same channel. */
static enum error find_others(struct speech *s, struct member_list *matters) {
    struct text *all = matters->at;
    for (size_t i = 0; i < matters->count; i++) {
        const struct matter *other;
        enum error result = talk_find_matter(s->talk, all[i], &other, &s->cli->diag);
        if (result) return result;
        all[i] = other->name;
    }
    return OK;
}

static enum error resolve_agenda(struct speech *s, struct member_list *agenda) {
    struct text *all = agenda->at;
    enum error result = OK;
    for (size_t i = 0; i < agenda->count && !result; i++)
        result = agenda_resolve(s->talk, all[i], &all[i], &s->cli->diag);
    if (result) diag_where(&s->cli->diag, "--agenda");
    return result;
}

/* What leaves for a calendar is often kept on a machine of somebody else. */
static enum error write_calendar(struct speech *s, const struct consulting *q) {
    struct cli *c = s->cli;
    struct buf file = {.max = 1 << 22};
    const struct gate gate = {.level = s->matter->tlp, .to = GATE_HOUSE, .agreed = true};
    enum error result = q->details ? gate_pass(&gate, &c->diag) : OK;
    if (!result) result = meetings_ical(s->talk, s->matter, q->details, &file, &c->diag);
    if (!result) result = os_write(q->ics, buf_as_bytes(&file), 0600, &c->diag);
    buf_free(&file);
    if (!result && q->details && !c->quiet)
        fprintf(stderr, _("%s holds what is TLP:%s: title, agenda and delegations\n"), q->ics,
                tlp_name(s->matter->tlp));
    return result;
}

static bool says_something(const struct consulting *q, const struct speech *s) {
    return q->place || q->link || q->title || q->languages || q->cancel || q->times.count || q->agenda.count ||
           q->delegates.count || q->others.count || s->text.size;
}

static enum error say_it(struct speech *s, struct consult *d) {
    enum error result = find_others(s, &d->matters);
    if (!result) result = resolve_agenda(s, &d->agenda);
    if (!result)
        result = speech_say(s, &(struct say){.kind = KIND_CONSULT, .tlp = TLP_NONE, .body = say_consult, .what = d});
    return result;
}

static enum error check_options(struct cli *c, const struct consulting *q, bool says) {
    if (q->cancel && q->times.count) return cli_usage(c, _("--cancel and --time exclude each other"));
    if (q->details && !q->ics) return cli_usage(c, _("--details goes with --ics"));
    if (q->ics && says) return cli_usage(c, _("--ics writes what is confirmed, and says nothing to the other side"));
    return OK;
}

enum error cli_consult(struct cli *c) {
    struct speech s = {.cli = c};
    struct consulting q = {0};
    struct consult d = {0};
    const struct option_row rows[] = {
        {"--time", OPTION_WORDS, &q.times, "FROM/UNTIL", N_("a time that suits; any number of times")},
        {"--zone", OPTION_WORD, &q.zone, "ZONE",
         N_("on whose clock times without a Z are, as Europe/Paris or +01:00 (they are sent in UTC)")},
        {"--place", OPTION_WORD, &q.place, "LINE", N_("a room")},
        {"--link", OPTION_WORD, &q.link, "ADDRESS", N_("an address on the network")},
        {"--agenda", OPTION_WORDS, &q.agenda, "LINE",
         N_("what is to be talked about; CASE or CASE#0-3 names cases and facts; any number of times")},
        {"--delegate", OPTION_WORDS, &q.delegates, "[NAME:]ROLE",
         N_("who comes from one's own side; any number of times")},
        {"--also", OPTION_WORDS, &q.others, "CASE", N_("another case to be talked about; any number of times")},
        {"--languages", OPTION_WORD, &q.languages, "CODES", N_("of the meeting, as en,fr")},
        {"--title", OPTION_WORD, &q.title, "LINE", N_("the meeting in one line")},
        {"--cancel", OPTION_FLAG, &q.cancel, NULL, N_("come at none of the times named before")},
        {"--ics", OPTION_WORD, &q.ics, "FILE", N_("say nothing; write the confirmed time for a calendar")},
        {"--details", OPTION_FLAG, &q.details, NULL, N_("with --ics: title, place, agenda and delegations, too")},
        SPEECH_ROWS(s),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 2);
    if (!result && !c->words.count && (q.ics || says_something(&q, &s))) result = cli_usage(c, _("a case is missing"));
    if (!result && !c->words.count) return list_consultations(c);
    if (!result) result = read_times(c, &q, &d.times);
    if (!result) result = read_delegates(c, &q.delegates, &d.delegation);
    if (!result) result = speech_text(&s, 1);
    d.title = text_of(q.title);
    d.text = s.text;
    d.place = text_of(q.place);
    d.link = text_of(q.link);
    d.languages = text_of(q.languages);
    d.agenda = lines_of(c, &q.agenda);
    d.matters = lines_of(c, &q.others);
    d.cancelled = q.cancel;
    if (!result) result = check_options(c, &q, says_something(&q, &s));
    if (!result) result = speech_in(&s, c->words.at[0]);
    if (!result) result = q.ics ? write_calendar(&s, &q) : say_it(&s, &d);
    speech_end(&s);
    return result;
}
