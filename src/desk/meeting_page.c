/* Meetings as people, calendars and programs see them. */
#include "desk/case_view.h"
#include "desk/meeting.h"

enum { UUID_SHOWN = 8, FACTS_SHOWN = 5 };

/* ---- the agenda: what it names */

struct named { /* a word of an agenda line that names a case, and perhaps facts of it */
    struct text word;
    const struct matter *matter;
    struct text sheet; /* of the facts; empty: none are named */
    struct row_set rows;
};

static bool may_name_case(struct text word) {
    size_t slash = text_find(word, '/');
    struct text uuid = slash < word.size ? text_sub(word, slash + 1, word.size) : word;
    for (size_t i = 0; i < uuid.size; i++)
        if (!(uuid.at[i] >= '0' && uuid.at[i] <= '9') && !(uuid.at[i] >= 'a' && uuid.at[i] <= 'f') && uuid.at[i] != '-')
            return false;
    return uuid.size >= UUID_SHOWN;
}

static enum error find_rows(struct talk *t, struct text rows, struct named *n, struct diag *d) {
    const struct matter *m = n->matter;
    const struct meaning *last =
        m->sheet_count ? &m->sheets[m->sheet_count - 1].message->statement->meaning : &(const struct meaning){0};
    if (row_set_read(rows, &t->arena, &n->rows, NULL) || !n->rows.count)
        return fail(d, ERR_USAGE, _("expected facts as %.*s#0-3,7, found “%.*s”"), UUID_SHOWN, n->word.at,
                    TEXT_ARG(n->word));
    if (!last->sheet.size || n->rows.at[n->rows.count - 1].last >= last->rows)
        return fail(d, ERR_USAGE, _("the case “%.*s” has no fact %llu"), TEXT_ARG(m->name),
                    (unsigned long long)n->rows.at[n->rows.count - 1].last);
    n->sheet = last->sheet;
    return OK;
}

/* What a word names: ERR_MISSING where it looks like a case and there is none; `matter` NULL where it is just a word.
 */
static enum error find_named(struct talk *t, struct text word, struct named *out, struct diag *d) {
    struct named n = {.word = word};
    struct text rows = word, name;
    bool has_rows = text_cut(&rows, '#', &name);
    enum error result = OK;
    if (!has_rows) name = word;
    if (may_name_case(name)) result = talk_find_matter(t, name, &n.matter, has_rows ? d : NULL);
    if (result && has_rows) return result;
    if (!result && n.matter && has_rows)
        result = find_rows(t, rows, &n, d);
    else
        result = OK;
    if (!result) *out = n;
    return result;
}

static bool next_word(struct text *rest, struct text *word) {
    if (text_cut(rest, ' ', word)) return true;
    *word = *rest;
    *rest = (struct text){0};
    return word->size > 0;
}

enum error agenda_resolve(struct talk *t, struct text line, struct text *out, struct diag *d) {
    struct buf whole = {.max = MEMBER_LINE_MAX};
    struct text rest = line, word;
    enum error result = OK;
    while (!result && rest.size && next_word(&rest, &word)) {
        struct named n = {0};
        result = find_named(t, word, &n, d);
        if (whole.size) buf_char(&whole, ' ');
        if (!result && n.matter) {
            size_t hash = text_find(word, '#');
            buf_text(&whole, n.matter->name);
            buf_text(&whole, text_sub(word, hash, word.size));
        } else {
            buf_text(&whole, word);
        }
    }
    if (!result) result = buf_check(&whole, d);
    if (!result) *out = arena_text(&t->arena, buf_as_text(&whole));
    buf_free(&whole);
    return result;
}

static void put_fact(const struct sheet *s, uint64_t row, struct buf *out) {
    const struct fact *f = &s->at[row];
    char ip[IP_TEXT_MAX];
    buf_format(out, "      %llu  ", (unsigned long long)row);
    buf_instant(out, f->first);
    if (f->known & KNOWN_SRC) buf_format(out, "  %.*s", TEXT_ARG(ip_write(f->src, ip)));
    if (f->known & KNOWN_DST) buf_format(out, " → %.*s", TEXT_ARG(ip_write(f->dst, ip)));
    if (f->object.size) buf_format(out, "  %.*s", TEXT_ARG(f->object));
    buf_format(out, "  %.*s", TEXT_ARG(f->event));
    if (f->count != SHEET_NO_COUNT) buf_format(out, " × %llu", (unsigned long long)f->count);
    buf_char(out, '\n');
}

/* The other side alone chooses how much an agenda names: a page shows some of it, and the rest as it was written. */
enum { NAMES_MAX = 64, SHEETS_MAX = 8, SHEET_SHOWN_MAX_BYTES = 4 << 20 };
struct agenda_budget {
    size_t names, sheets;
};

static void put_rows(const struct sheet *s, struct row_set rows, struct buf *out) {
    size_t shown = 0;
    for (size_t i = 0; i < rows.count; i++)
        for (uint64_t row = rows.at[i].first; row <= rows.at[i].last && row < s->count; row++)
            if (shown++ < FACTS_SHOWN) put_fact(s, row, out);
    if (shown > FACTS_SHOWN) buf_string(out, "      …\n");
}

static void put_facts(struct talk *t, const struct named *n, struct agenda_budget *left, struct buf *out) {
    struct arena a = {0};
    struct buf plain = {.max = SHEET_SHOWN_MAX_BYTES};
    struct sheet s;
    if (!n->sheet.size || !left->sheets) return;
    left->sheets--;
    if (!talk_sheet(t, n->sheet, &plain, NULL) && !sheet_read(buf_as_bytes(&plain), &a, &s, NULL))
        put_rows(&s, n->rows, out);
    buf_free(&plain);
    arena_free(&a);
}

static void put_named(struct talk *t, struct text word, struct agenda_budget *left, struct buf *out) {
    struct named n = {0};
    if (!left->names || !may_name_case(text_sub(word, 0, text_find(word, '#')))) return;
    left->names--;
    if (find_named(t, word, &n, NULL) || !n.matter) return;
    buf_string(out, "    ");
    buf_line(out, n.matter->name);
    buf_string(out, ": ");
    buf_line(out, matter_title(t, n.matter));
    buf_char(out, '\n');
    put_facts(t, &n, left, out);
}

/* One line of an agenda, with the titles of the cases that it names and their facts. */
static void put_agenda_line(struct talk *t, struct text line, struct agenda_budget *left, struct buf *out) {
    struct text rest = line, word;
    buf_string(out, "  - ");
    buf_line(out, line);
    buf_char(out, '\n');
    while (rest.size && next_word(&rest, &word)) put_named(t, word, left, out);
}

/* ---- the page */

struct meeting_view {
    struct talk *talk;
    const struct matter *matter;
    const struct meeting *meeting;
    const struct meeting_zone *zones;
    struct buf *out;
};

static void put_utc(struct meeting_time at, struct buf *out) {
    buf_instant(out, at.from);
    if (at.until == INSTANT_NONE) return;
    buf_char(out, '/');
    buf_instant(out, at.until);
}

/* In UTC, and under it on the clock of each party. */
static void put_time(struct meeting_view *v, struct meeting_time at, const char *before) {
    buf_string(v->out, before);
    put_utc(at, v->out);
    buf_char(v->out, '\n');
    for (unsigned p = 0; p < 2; p++) {
        if (!v->zones[p].name.size) continue;
        buf_string(v->out, "      ");
        meeting_local(at, &v->zones[p].zone, v->out);
        buf_string(v->out, "  ");
        buf_line(v->out, v->zones[p].name);
        buf_string(v->out, ", ");
        buf_line(v->out, v->talk->parties[p]);
        buf_char(v->out, '\n');
    }
}

static void put_said(struct meeting_view *v, const char *label, struct text said) {
    if (!said.size) return;
    buf_format(v->out, "  %s: ", label);
    buf_line(v->out, said);
    buf_char(v->out, '\n');
}

static void put_offers(struct meeting_view *v) {
    const struct meeting *m = v->meeting;
    struct text *parties = v->talk->parties;
    for (size_t i = 0; i < m->offer_count; i++) {
        const struct meeting_offer *o = &m->offers[i];
        if (m->confirmed && o->by[0] && o->by[1]) continue;
        buf_string(v->out, "  ");
        if (o->by[0] && o->by[1])
            buf_string(v->out, _("suits both, as others do; confirm one"));
        else
            buf_format(v->out, _("offered by %.*s"), TEXT_ARG(parties[o->by[1]]));
        put_time(v, o->time, ": ");
    }
    for (unsigned p = 0; p < 2; p++)
        if (m->said[p].cancelled) buf_format(v->out, _("  %.*s comes at no time named before\n"), TEXT_ARG(parties[p]));
}

static void put_delegation(struct meeting_view *v, unsigned party) {
    const struct member_list *list = &v->meeting->said[party].delegation;
    const struct delegate *people = list->at;
    if (!list->count) return;
    buf_format(v->out, _("  for %.*s: "), TEXT_ARG(v->talk->parties[party]));
    for (size_t i = 0; i < list->count; i++) {
        if (i) buf_string(v->out, ", ");
        buf_line(v->out, people[i].role.size ? people[i].role : people[i].name);
        if (!people[i].role.size || !people[i].name.size) continue;
        buf_string(v->out, " (");
        buf_line(v->out, people[i].name);
        buf_char(v->out, ')');
    }
    buf_char(v->out, '\n');
}

static void put_agenda(struct meeting_view *v, unsigned party) {
    struct agenda_budget left = {NAMES_MAX, SHEETS_MAX};
    const struct consult *said = &v->meeting->said[party];
    const struct text *lines = said->agenda.at, *matters = said->matters.at;
    if (!said->agenda.count && !said->matters.count) return;
    buf_format(v->out, _("  agenda of %.*s:\n"), TEXT_ARG(v->talk->parties[party]));
    for (size_t i = 0; i < said->agenda.count; i++) put_agenda_line(v->talk, lines[i], &left, v->out);
    for (size_t i = 0; i < said->matters.count; i++) put_agenda_line(v->talk, matters[i], &left, v->out);
}

static void put_meeting(struct meeting_view *v) {
    const struct meeting *m = v->meeting;
    buf_format(v->out, "\n%s\n", _("Consultation"));
    put_said(v, _("title"), m->title);
    if (m->confirmed) {
        buf_string(v->out, "  ");
        put_time(v, m->at, _("confirmed by both: "));
    } else if (!m->offer_count) {
        buf_format(v->out, "  %s\n", m->cancelled ? _("cancelled") : _("no time is on the table"));
    }
    put_offers(v);
    put_said(v, _("place"), m->place);
    put_said(v, _("link"), m->link);
    put_said(v, _("languages"), m->languages);
    for (unsigned p = 0; p < 2; p++) put_delegation(v, p);
    for (unsigned p = 0; p < 2; p++) put_agenda(v, p);
}

void meetings_page(struct talk *t, const struct matter *m, const struct meeting_zone zones[static 2], struct buf *out) {
    struct meeting *all;
    size_t count = 0;
    if (case_meetings(t, m, &all, &count, NULL)) return;
    for (size_t i = 0; i < count; i++)
        put_meeting(&(struct meeting_view){.talk = t, .matter = m, .meeting = &all[i], .zones = zones, .out = out});
}

/* ---- JSON */

static json_t *time_json(struct meeting_view *v, struct meeting_time at) {
    json_t *one = json_object(), *local = json_object();
    json_put(one, "from", json_from_instant(at.from));
    json_put(one, "until", json_from_instant(at.until));
    for (unsigned p = 0; p < 2; p++) {
        struct buf text = {.max = 100};
        if (!v->zones[p].name.size) continue;
        meeting_local(at, &v->zones[p].zone, &text);
        json_put_text(local, arena_string(&v->talk->arena, v->talk->parties[p]), buf_as_text(&text));
        buf_free(&text);
    }
    json_put(one, "local", local);
    return one;
}

static json_t *lines_json(const struct member_list *list) {
    json_t *all = json_array();
    for (size_t i = 0; i < list->count; i++) json_add_text(all, ((const struct text *)list->at)[i]);
    return all;
}

static json_t *side_json(const struct consult *said) {
    json_t *side = json_object(), *people = json_array();
    for (size_t i = 0; i < said->delegation.count; i++) {
        const struct delegate *one = &((const struct delegate *)said->delegation.at)[i];
        json_t *person = json_object();
        json_put_text_if(person, "role", one->role);
        json_put_text_if(person, "name", one->name);
        json_add(people, person);
    }
    json_put(side, "agenda", lines_json(&said->agenda));
    json_put(side, "other_cases", lines_json(&said->matters));
    json_put(side, "delegation", people);
    return side;
}

static json_t *offers_json(struct meeting_view *v) {
    const struct meeting *m = v->meeting;
    json_t *all = json_array();
    for (size_t i = 0; i < m->offer_count; i++) {
        json_t *one = time_json(v, m->offers[i].time), *by = json_array();
        for (unsigned p = 0; p < 2; p++)
            if (m->offers[i].by[p]) json_add_text(by, v->talk->parties[p]);
        json_put(one, "by", by);
        json_add(all, one);
    }
    return all;
}

static json_t *meeting_json(struct meeting_view *v) {
    const struct meeting *m = v->meeting;
    json_t *one = json_object();
    if (m->confirmed) json_put(one, "confirmed", time_json(v, m->at));
    json_put_bool(one, "cancelled", m->cancelled);
    json_put(one, "times", offers_json(v));
    json_put_text_if(one, "title", m->title);
    json_put_text_if(one, "place", m->place);
    json_put_text_if(one, "link", m->link);
    json_put_text_if(one, "languages", m->languages);
    for (unsigned p = 0; p < 2; p++)
        if (m->spoke[p]) json_put(one, arena_string(&v->talk->arena, v->talk->parties[p]), side_json(&m->said[p]));
    return one;
}

json_t *meetings_json(struct talk *t, const struct matter *m, const struct meeting_zone zones[static 2]) {
    json_t *list = json_array();
    struct meeting *all;
    size_t count = 0;
    if (case_meetings(t, m, &all, &count, NULL)) return list;
    for (size_t i = 0; i < count; i++) json_add(list, meeting_json(&(struct meeting_view){t, m, &all[i], zones, NULL}));
    return list;
}

/* ---- calendars */

/* Not the name of the case: a calendar is often on a machine of somebody else. */
static struct text uid_of(struct talk *t, const struct matter *m, const struct meeting *meeting) {
    char hex[SHA256_HEX];
    struct text named = arena_format(&t->arena, "parley meeting v1\n%.*s\n%llu\n", TEXT_ARG(m->name),
                                     (unsigned long long)meeting->number);
    struct sha256 sha = sha256_of(bytes_from_text(named));
    return arena_format(&t->arena, "%.32s@parley", sha256_hex(&sha, hex).at);
}

static struct text description_of(struct meeting_view *v) {
    struct buf text = {.max = 1 << 20};
    struct meeting_view into = *v;
    into.out = &text;
    buf_line(&text, v->matter->name);
    buf_string(&text, ": ");
    buf_line(&text, matter_title(v->talk, v->matter));
    buf_char(&text, '\n');
    for (unsigned p = 0; p < 2; p++) put_delegation(&into, p);
    for (unsigned p = 0; p < 2; p++) put_agenda(&into, p);
    struct text t = arena_text(&v->talk->arena, text_trim(buf_as_text(&text)));
    buf_free(&text);
    return t;
}

static void put_item(struct meeting_view *v, bool details) {
    const struct meeting *m = v->meeting;
    struct ical_item i = {.kind = ICAL_EVENT,
                          .uid = uid_of(v->talk, v->matter, m),
                          .sequence = m->sequence,
                          .stamp = m->stamp,
                          .start = m->at.from,
                          .end = m->at.until,
                          .summary = text_of(_("consultation, parley")),
                          .status = m->confirmed ? ICAL_CONFIRMED : ICAL_CANCELLED,
                          .is_private = true};
    if (details) {
        i.summary = m->title.size ? m->title : matter_title(v->talk, v->matter);
        i.description = description_of(v);
        i.location = m->place;
        i.url = m->link;
    }
    ical_item(&i, v->out);
}

void meeting_item(struct talk *t, const struct matter *m, const struct meeting *meeting, bool details,
                  struct buf *out) {
    put_item(&(struct meeting_view){.talk = t, .matter = m, .meeting = meeting, .out = out}, details);
}

enum error meetings_ical(struct talk *t, const struct matter *m, bool details, struct buf *out, struct diag *d) {
    struct meeting *all;
    size_t count = 0, fixed = 0;
    enum error result = case_meetings(t, m, &all, &count, d);
    if (result) return result;
    for (size_t i = 0; i < count; i++) fixed += all[i].at.from != INSTANT_NONE;
    if (!fixed) return fail(d, ERR_MISSING, _("no time of a consultation is confirmed: both must name the same one"));
    ical_begin((struct text){0}, out);
    for (size_t i = 0; i < count; i++)
        if (all[i].at.from != INSTANT_NONE) meeting_item(t, m, &all[i], details, out);
    ical_end(out);
    return buf_check(out, d);
}
