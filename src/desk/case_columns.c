/* A case as JSON for programs that show very many facts: a column is one array, which a reader takes apart at once,
 * where a fact as an object would cost it thirty times the memory. */
#include "desk/case_view.h"

enum { LINES_MAX = 4096 }; /* of evidence, with the columns: `show --evidence` has all */

static json_t *seconds(instant at) {
    return at == INSTANT_NONE ? json_null() : json_integer((json_int_t)(at / INSTANT_SECOND));
}
static json_t *number(bool known, uint64_t n) { return known ? json_integer((json_int_t)n) : json_null(); }
static json_t *words(struct text t) { return t.size ? json_from_text(t) : json_null(); }
static json_t *address(bool known, struct ip ip) {
    char written[IP_TEXT_MAX];
    return known ? json_from_text(ip_write(ip, written)) : json_null();
}

static json_t *first_seen(const struct case_sheet *s, size_t i) { return seconds(s->facts.at[i].first); }
static json_t *last_seen(const struct case_sheet *s, size_t i) { return seconds(s->facts.at[i].last); }
static json_t *object(const struct case_sheet *s, size_t i) { return words(s->facts.at[i].object); }
static json_t *protocol(const struct case_sheet *s, size_t i) { return words(s->facts.at[i].protocol); }
static json_t *event(const struct case_sheet *s, size_t i) { return words(s->facts.at[i].event); }

static json_t *src_ip(const struct case_sheet *s, size_t i) {
    return address(s->facts.at[i].known & KNOWN_SRC, s->facts.at[i].src);
}
static json_t *dst_ip(const struct case_sheet *s, size_t i) {
    return address(s->facts.at[i].known & KNOWN_DST, s->facts.at[i].dst);
}
static json_t *src_port(const struct case_sheet *s, size_t i) {
    return number(s->facts.at[i].known & KNOWN_SRC_PORT, s->facts.at[i].src_port);
}
static json_t *dst_port(const struct case_sheet *s, size_t i) {
    return number(s->facts.at[i].known & KNOWN_DST_PORT, s->facts.at[i].dst_port);
}
static json_t *count(const struct case_sheet *s, size_t i) {
    return number(s->facts.at[i].count != SHEET_NO_COUNT, s->facts.at[i].count);
}
static json_t *committed(const struct case_sheet *s, size_t i) {
    uint64_t n = s->facts.at[i].evidence;
    return number(s->evidence->committed && n != SHEET_NO_COUNT, n);
}
static json_t *asked(const struct case_sheet *s, size_t i) {
    return number(s->evidence->facts && s->evidence->facts[i].asked, 1);
}
static json_t *shown(const struct case_sheet *s, size_t i) {
    const struct fact_evidence *of = s->evidence->facts ? &s->evidence->facts[i] : NULL;
    return number(of && of->shown, of ? of->line_count : 0);
}

/* The finding of a row, NULL where there is none. */
static const struct finding *found(const struct case_sheet *s, size_t i) {
    return s->findings[i].word == FINDING_COUNT ? NULL : &s->findings[i];
}
static json_t *finding(const struct case_sheet *s, size_t i) {
    return found(s, i) ? json_from_text(text_of(finding_name(found(s, i)->word))) : json_null();
}
static json_t *found_count(const struct case_sheet *s, size_t i) {
    const struct finding *f = found(s, i);
    return number(f && f->count != FINDING_NO_COUNT, f ? f->count : 0);
}
static json_t *found_first(const struct case_sheet *s, size_t i) {
    return seconds(found(s, i) ? found(s, i)->first_seen : INSTANT_NONE);
}
static json_t *found_last(const struct case_sheet *s, size_t i) {
    return seconds(found(s, i) ? found(s, i)->last_seen : INSTANT_NONE);
}
static json_t *upstream(const struct case_sheet *s, size_t i) {
    const struct finding *f = found(s, i);
    return f ? address(f->has_upstream, f->upstream) : json_null();
}
static json_t *note(const struct case_sheet *s, size_t i) {
    return found(s, i) ? words(found(s, i)->note) : json_null();
}
static json_t *revealed(const struct case_sheet *s, size_t i) {
    bool known = s->revealed && s->revealed[i].word != FINDING_COUNT;
    return known ? json_from_text(text_of(finding_name(s->revealed[i].word))) : json_null();
}

enum { STATED = 10 }; /* of the columns, the first: they follow from the sheet alone, and never change */

json_t *case_columns(const struct case_sheet *s, bool known) {
    static const struct {
        const char *name;
        json_t *(*of)(const struct case_sheet *s, size_t row);
    } columns[] = {
        {"first_seen", first_seen},
        {"last_seen", last_seen},
        {"src_ip", src_ip},
        {"src_port", src_port},
        {"dst_ip", dst_ip},
        {"dst_port", dst_port},
        {"object", object},
        {"protocol", protocol},
        {"event", event},
        {"count", count},
        {"committed", committed},
        {"asked", asked},
        {"shown", shown},
        {"finding", finding},
        {"found_count", found_count},
        {"found_first", found_first},
        {"found_last", found_last},
        {"upstream_ip", upstream},
        {"note", note},
        {"revealed", revealed},
    };
    json_t *all = json_object();
    for (size_t c = known ? STATED : 0; c < COUNT(columns); c++) {
        json_t *column = json_array();
        bool any = false; /* a column of nothing is left out */
        for (size_t i = 0; i < s->facts.count; i++) {
            json_t *cell = columns[c].of(s, i);
            any = any || !json_is_null(cell);
            json_add(column, cell);
        }
        if (any)
            json_put(all, columns[c].name, column);
        else
            json_decref(column);
    }
    return all;
}

json_t *case_lines(const struct case_sheet *s) {
    json_t *lines = json_array();
    for (size_t i = 0; i < s->evidence->line_count && i < LINES_MAX; i++) {
        const struct shown_line *line = &s->evidence->lines[i];
        struct buf clean = {.max = 2 * line->line.size + 16};
        json_t *one = json_array();
        buf_line(&clean, line->line);
        json_add(one, json_integer((json_int_t)line->row));
        json_add(one, json_integer((json_int_t)line->number));
        json_add_text(one, buf_as_text(&clean));
        json_add(lines, one);
        buf_free(&clean);
    }
    return lines;
}
