/* A check: facts, sources and sightings, to one suggestion a fact. */
#include "finding/check.h"

#include <stdlib.h>

#include "finding/check_parts.h"

struct check {
    const struct check_fact *facts;
    size_t count;
    struct check_options options;
    struct fact_index *index;
    struct beginnings *beginnings;
    bool owns; /* the two above */
    struct join *join;
    struct sessions *sessions;
    struct check_source *sources;
    size_t source_count;
};

static struct check *make(struct check of) {
    struct check *c = take_zeroed(1, sizeof *c);
    *c = of;
    c->join = join_new(c->index);
    c->sessions = sessions_new(c->index, c->beginnings);
    c->sources = take_zeroed(CHECK_SOURCES_MAX, sizeof *c->sources);
    return c;
}

struct check *check_new(const struct check_fact *facts, size_t count, const struct check_options *o, struct random *r) {
    struct check c = {.facts = facts, .count = count, .options = *o, .owns = true};
    c.index = fact_index_new(facts, count, o, r);
    c.beginnings = beginnings_new(c.index);
    return make(c);
}

struct check *check_beside(struct check *first) {
    return make((struct check){.facts = first->facts,
                               .count = first->count,
                               .options = first->options,
                               .index = first->index,
                               .beginnings = first->beginnings});
}

void check_free(struct check *c) {
    if (!c) return;
    for (size_t i = 0; i < c->source_count; i++) coverage_free(&c->sources[i]);
    join_free(c->join);
    sessions_free(c->sessions);
    if (c->owns) fact_index_free(c->index);
    if (c->owns) beginnings_free(c->beginnings);
    free(c->sources);
    free(c);
}

enum error check_source(struct check *c, struct text name, bool traffic, size_t *source, struct diag *d) {
    if (c->source_count == CHECK_SOURCES_MAX)
        return fail(d, ERR_LIMIT, _("more than %d sources of records"), CHECK_SOURCES_MAX);
    c->sources[c->source_count] = (struct check_source){.name = name, .traffic = traffic};
    *source = c->source_count++;
    return OK;
}

static enum error too_many_silences(const struct check *c, size_t source, struct diag *d) {
    return fail(d, ERR_LIMIT, _("%.*s: more than %d silences; allow longer ones"), TEXT_ARG(c->sources[source].name),
                CHECK_STRETCHES_MAX);
}

enum error check_stamp(struct check *c, size_t source, instant at, struct diag *d) {
    ASSERT(source < c->source_count);
    if (at == INSTANT_NONE || coverage_stamp(&c->sources[source], at, c->options.gap)) return OK;
    return too_many_silences(c, source, d);
}

void check_sees_traffic(struct check *c, size_t source) {
    ASSERT(source < c->source_count);
    c->sources[source].traffic = true;
}

void check_see(struct check *c, size_t source, const struct sighting *s) {
    ASSERT(source < c->source_count);
    coverage_show(&c->sources[source], &s->trace);
    join_see(c->join, s);
    sessions_see(c->sessions, s);
}

void check_unread(struct check *c, size_t source) {
    ASSERT(source < c->source_count);
    c->sources[source].unread++;
}

uint64_t check_steps(const struct check *c) { return join_steps(c->join) + sessions_steps(c->sessions); }

enum error check_merge(struct check *into, struct check *from, struct diag *d) {
    ASSERT(into->index == from->index && into->source_count == from->source_count);
    join_join(into->join, from->join);
    sessions_join(into->sessions, from->sessions);
    for (size_t i = 0; i < from->source_count; i++)
        if (!coverage_join(&into->sources[i], &from->sources[i], into->options.gap))
            return too_many_silences(into, i, d);
    return OK;
}

enum error check_settle(struct check *c, struct diag *d) {
    for (size_t i = 0; i < c->source_count; i++)
        if (!coverage_settle(&c->sources[i], c->options.gap)) return too_many_silences(c, i, d);
    return OK;
}

void check_hole(struct check *c, size_t source, instant from, instant to) {
    ASSERT(source < c->source_count);
    coverage_break(&c->sources[source], from, to);
}

/* ---- territory */

enum belongs { BELONGS_UNKNOWN, BELONGS_OWN, BELONGS_OTHER };

static enum belongs belongs(const struct check_options *o, struct ip a) {
    struct place place = territory_lookup(o->table, a);
    if (country_is_none(place.country)) return BELONGS_UNKNOWN;
    return country_equal(place.country, o->own) ? BELONGS_OWN : BELONGS_OTHER;
}

/* Both ends of a fact; an end that the fact does not know is not asked. */
struct ends {
    enum belongs src, dst;
};

static struct ends ends_of(const struct check *c, const struct trace *t) {
    struct ends e = {BELONGS_UNKNOWN, BELONGS_UNKNOWN};
    if (c->options.table && (t->known & TRACE_SRC)) e.src = belongs(&c->options, t->src);
    if (c->options.table && (t->known & TRACE_DST)) e.dst = belongs(&c->options, t->dst);
    return e;
}

/* Every address is known to be elsewhere; what the table does not know decides nothing. */
static bool all_elsewhere(const struct trace *t, struct ends e) {
    bool src = t->known & TRACE_SRC, dst = t->known & TRACE_DST;
    return (src || dst) && (!src || e.src == BELONGS_OTHER) && (!dst || e.dst == BELONGS_OTHER);
}

/* ---- suggestions */

static bool covered(const struct check *c, const struct check_fact *f, struct ends e) {
    bool outgoing = e.src == BELONGS_OWN && e.dst != BELONGS_OWN;
    for (size_t i = 0; i < c->source_count; i++)
        if (coverage_right_kind(&c->sources[i], &f->trace, outgoing) &&
            coverage_covers(&c->sources[i], f->first - c->options.skew, f->last + c->options.skew))
            return true;
    return false;
}

/* Whose territory it is hangs on the table, so it is named. */
static struct text name_table(const struct check *c, struct arena *a) {
    char hex[SHA256_HEX];
    const struct territory_meta *m = &c->options.table->meta;
    return arena_format(a, "by the territory table %.*s, %s", TEXT_ARG(m->name), sha256_hex(&m->hash, hex).at);
}

/* What was sent on by several is said to be relayed, and nobody is picked of them. */
static struct trail by_upstreams(const struct upstreams *u, enum trail_kind kind, struct finding *f) {
    f->word = FINDING_RELAYED;
    if (ip_compare(u->low, u->high))
        return (struct trail){TRAIL_SEVERAL, u->low_place - 1, u->low, u->high_place - 1, u->high};
    f->has_upstream = true;
    f->upstream = u->low;
    return (struct trail){.kind = kind, .place = u->low_place - 1, .of = u->low};
}

/* A fact that was seen: who stands behind it, as far as the logs tell. */
static struct trail follow(const struct check *c, size_t row, const struct sum *sum, struct finding *f) {
    struct upstreams held = join_held(c->join, row);
    if (sum->upstreams.low_place) return by_upstreams(&sum->upstreams, TRAIL_TRANSLATED, f);
    if (held.low_place) return by_upstreams(&held, TRAIL_HELD, f);
    struct callers callers = sessions_of(c->sessions, row);
    f->word = FINDING_CONFIRMED;
    if (!callers.count) return (struct trail){0};
    if (callers.count > 1)
        return (struct trail){.kind = TRAIL_SESSIONS, .place = callers.places[0], .of = callers.at[0]};
    f->word = FINDING_RELAYED;
    f->has_upstream = true;
    f->upstream = callers.at[0];
    return (struct trail){.kind = TRAIL_SESSION, .place = callers.places[0], .of = f->upstream};
}

/* Of what was not seen, too, it is known whose port it was. */
static struct trail held_by(struct upstreams u) {
    struct finding none;
    return u.low_place ? by_upstreams(&u, TRAIL_HELD, &none) : (struct trail){0};
}

static struct finding suggest(struct check *c, size_t row, struct text table, struct trail *trail) {
    const struct check_fact *f = &c->facts[row];
    struct finding finding = {
        .row = row, .count = FINDING_NO_COUNT, .first_seen = INSTANT_NONE, .last_seen = INSTANT_NONE};
    struct ends ends = ends_of(c, &f->trace);
    struct sum sum = join_sum(c->join, row);
    if (!fact_checkable(f)) {
        finding.word = FINDING_INSUFFICIENT;
    } else if (sum.first != INSTANT_NONE) {
        *trail = follow(c, row, &sum, &finding);
        finding.count = sum.count;
        finding.first_seen = sum.first;
        finding.last_seen = sum.last;
    } else if (all_elsewhere(&f->trace, ends)) {
        finding.word = FINDING_NOT_OURS;
        finding.note = table;
    } else {
        finding.word = covered(c, f, ends) ? FINDING_NOT_SEEN : FINDING_NO_RECORDS;
        *trail = held_by(join_held(c->join, row));
    }
    return finding;
}

/* The longest silences, in order of time, so that nobody has to guess which day is not there. */
static void put_silences(const struct check_source *s, struct buf *out) {
    size_t longest[SILENCES_TOLD], count = coverage_silences(s, longest);
    for (size_t i = 0; i < count; i++) {
        buf_string(out, i ? ", " : s->count - 1 > count ? "; the longest: " : ": ");
        buf_instant(out, s->stretches[longest[i]].to);
        buf_char(out, '/');
        buf_instant(out, s->stretches[longest[i] + 1].from);
    }
}

/* "First to last, less N silences longer than a gap": how the coverage was computed is said beside it. */
static struct coverage coverage_of(const struct check *c, const struct check_source *s, struct arena *a) {
    uint64_t skew = (uint64_t)(c->options.skew / INSTANT_SECOND), gap = (uint64_t)(c->options.gap / INSTANT_SECOND);
    struct coverage of = {.source = s->name, .from = INSTANT_NONE, .until = INSTANT_NONE, .clock_bound_seconds = skew};
    struct buf note = {.max = 1 << 12};
    if (s->count) {
        of.from = s->stretches[0].from;
        of.until = s->stretches[s->count - 1].to;
        buf_format(&note, "from its first to its last stamp, less %zu silences longer than %llu seconds",
                   s->count - 1 - s->holes, (unsigned long long)gap);
        if (s->holes) buf_format(&note, " and %zu where a file is missing or cut short", s->holes);
        put_silences(s, &note);
    } else {
        buf_string(&note, "no line with a time");
    }
    if (s->unread) buf_format(&note, "; %llu lines could not be read", (unsigned long long)s->unread);
    of.note = arena_text(a, buf_as_text(&note));
    buf_free(&note);
    return of;
}

struct checked check_end(struct check *c, struct arena *a) {
    struct finding *findings = ARENA_ARRAY(a, struct finding, c->count);
    /* Where the caller did not ask whether there are too many silences, they only take more room. */
    for (size_t i = 0; i < c->source_count; i++) (void)coverage_settle(&c->sources[i], c->options.gap);
    struct text table = c->options.table ? name_table(c, a) : (struct text){0};
    struct trail *trails = ARENA_ARRAY(a, struct trail, c->count);
    struct checked checked = {.findings = {findings, c->count},
                              .trails = trails,
                              .coverage = ARENA_ARRAY(a, struct coverage, c->source_count),
                              .source_count = c->source_count};
    for (size_t i = 0; i < c->count; i++) findings[i] = suggest(c, i, table, &trails[i]);
    for (size_t i = 0; i < c->source_count; i++) checked.coverage[i] = coverage_of(c, &c->sources[i], a);
    return checked;
}
