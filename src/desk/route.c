#include "desk/route.h"

enum { SPANS_SHOWN = 12 };

struct routing {
    struct arena *arena;
    struct routes routes;
    size_t room;
};

static struct concern concern_of(const struct fact *f, struct names sectors) {
    return (struct concern){.has_src = f->known & KNOWN_SRC,
                            .has_dst = f->known & KNOWN_DST,
                            .src = f->src,
                            .dst = f->dst,
                            .object = f->object,
                            .event = f->event,
                            .sectors = sectors};
}

static struct route *route_to(struct routing *r, struct text department) {
    struct routes *all = &r->routes;
    for (size_t i = 0; i < all->count; i++)
        if (text_equal(all->at[i].department, department)) return &all->at[i];
    all->at = arena_grow(r->arena, all->at, all->count, &r->room, sizeof *all->at);
    all->at[all->count] = (struct route){.department = department};
    return &all->at[all->count++];
}

static void add_row(struct routing *r, struct route *to, size_t row) {
    to->rows++;
    if (to->span_count && to->spans[to->span_count - 1].last + 1 == row) {
        to->spans[to->span_count - 1].last = row;
        return;
    }
    to->spans = arena_grow(r->arena, to->spans, to->span_count, &to->span_room, sizeof *to->spans);
    to->spans[to->span_count++] = (struct row_span){row, row};
}

static void add_reason(struct routing *r, struct route *to, const struct remit_match *match) {
    for (size_t i = 0; i < to->reason_count; i++)
        if (to->reasons[i].match.remit == match->remit && to->reasons[i].match.by == match->by) {
            to->reasons[i].rows++;
            return;
        }
    to->reasons = arena_grow(r->arena, to->reasons, to->reason_count, &to->reason_room, sizeof *to->reasons);
    to->reasons[to->reason_count++] = (struct route_reason){*match, 1};
}

/* What is named for nobody goes to the end. */
static void unnamed_last(struct routes *all) {
    for (size_t i = 0; i + 1 < all->count; i++) {
        struct route here = all->at[i];
        if (here.department.size) continue;
        all->at[i] = all->at[i + 1];
        all->at[i + 1] = here;
    }
}

struct routes route_facts(const struct card *theirs, struct sheet facts, struct names sectors, struct arena *a) {
    struct routing r = {.arena = a};
    struct remit_list remits = remits_of(theirs, a);
    for (size_t i = 0; i < facts.count; i++) {
        struct remit_match match;
        struct concern what = concern_of(&facts.at[i], sectors);
        bool found = remit_find(remits, &what, &match);
        struct route *to = route_to(&r, found ? match.remit->department : TEXT(""));
        add_row(&r, to, i);
        if (found) add_reason(&r, to, &match);
    }
    unnamed_last(&r.routes);
    return r.routes;
}

struct text route_only(const struct routes *r) {
    return r->count == 1 ? r->at[0].department : TEXT("");
}

/* ---- words */

static struct text title_of(const struct card *c, struct text department) {
    for (size_t i = 0; i < c->department_count; i++)
        if (text_equal(c->departments[i].department, department)) return c->departments[i].value;
    return TEXT("");
}

static void put_spans(const struct route *r, struct buf *out) {
    buf_format(out, " (%s ", _("rows"));
    for (size_t i = 0; i < r->span_count && i < SPANS_SHOWN; i++) {
        buf_format(out, "%s%zu", i ? ", " : "", r->spans[i].first);
        if (r->spans[i].last > r->spans[i].first) buf_format(out, "-%zu", r->spans[i].last);
    }
    buf_string(out, r->span_count > SPANS_SHOWN ? ", …)" : ")");
}

static void put_reason(const struct route_reason *reason, struct buf *out) {
    const struct remit_match *m = &reason->match;
    buf_string(out, "    ");
    buf_line(out, m->remit->whole);
    buf_format(out, _(", by the %s: "), gettext(remit_by_word(m->by)));
    buf_format(out, _n("%zu fact", "%zu facts", reason->rows), reason->rows);
    if (m->also) {
        buf_string(out, _("; just as specific: "));
        buf_line(out, m->also->department);
        buf_char(out, ' ');
        buf_line(out, m->also->whole);
    }
    buf_char(out, '\n');
}

void route_page(const struct card *theirs, const struct routes *r, bool rows, struct buf *out) {
    for (size_t i = 0; i < r->count; i++) {
        const struct route *to = &r->at[i];
        buf_string(out, "  ");
        if (to->department.size) {
            buf_format(out, "%.*s/%.*s, ", TEXT_ARG(theirs->party), TEXT_ARG(to->department));
            buf_line(out, title_of(theirs, to->department));
        } else {
            buf_string(out, _("no department is named"));
        }
        if (rows) put_spans(to, out);
        buf_char(out, '\n');
        for (size_t n = 0; n < to->reason_count; n++) put_reason(&to->reasons[n], out);
    }
}

static json_t *reasons_json(const struct route *r) {
    json_t *list = json_array();
    for (size_t i = 0; i < r->reason_count; i++) {
        const struct remit_match *m = &r->reasons[i].match;
        json_t *o = json_object();
        json_put_text(o, "remit", m->remit->whole);
        json_put_text(o, "by", text_of(remit_by_word(m->by)));
        json_put_u64(o, "rows", r->reasons[i].rows);
        if (m->also) json_put_text(o, "also", m->also->department);
        json_add(list, o);
    }
    return list;
}

json_t *route_json(const struct card *theirs, const struct routes *r) {
    json_t *whole = json_object(), *list = json_array();
    json_put_text(whole, "party", theirs->party);
    for (size_t i = 0; i < r->count; i++) {
        const struct route *to = &r->at[i];
        json_t *o = json_object(), *spans = json_array();
        json_put_text_if(o, "department", to->department);
        json_put_text_if(o, "title", title_of(theirs, to->department));
        json_put_u64(o, "rows", to->rows);
        for (size_t n = 0; n < to->span_count; n++) {
            json_t *pair = json_array();
            json_add(pair, json_integer((json_int_t)to->spans[n].first));
            json_add(pair, json_integer((json_int_t)to->spans[n].last));
            json_add(spans, pair);
        }
        json_put(o, "spans", spans);
        json_put(o, "reasons", reasons_json(to));
        json_add(list, o);
    }
    json_put(whole, "routes", list);
    return whole;
}
