/* Facts and findings of a report to objects of a STIX bundle. */
#include <string.h>

#include "interop/stix_case.h"
#include "vocab/rsit.h"

struct stix_id stix_fact_id(const struct stix_out *w, const struct fact *f) {
    struct buf name = {.max = 2 * SHEET_ROW_MAX};
    buf_text(&name, w->report->id);
    buf_char(&name, '\n');
    fact_write(f, &name);
    struct stix_id id = stix_id_of("observed-data", buf_as_text(&name));
    buf_free(&name);
    return id;
}

/* ---- observables */

static void refer(json_t *refs, struct text id) {
    for (size_t i = 0; i < json_array_size(refs); i++)
        if (text_equal(json_as_text(json_array_get(refs, i)), id)) return;
    json_add_text(refs, id);
}

static void put_observable(struct stix_out *w, json_t *taken, json_t *refs) {
    refer(refs, stix_id_text(taken));
    stix_put(w, taken, w->report->tlp);
}

static void put_traffic(struct stix_out *w, const struct fact *f, json_t *refs) {
    bool from = f->known & KNOWN_SRC, to = f->known & KNOWN_DST;
    const struct stix_traffic traffic = {.first = f->first,
                                         .last = f->last,
                                         .source = from ? &f->src : NULL,
                                         .target = to ? &f->dst : NULL,
                                         .source_port = f->known & KNOWN_SRC_PORT ? f->src_port : -1,
                                         .target_port = f->known & KNOWN_DST_PORT ? f->dst_port : -1,
                                         .protocol = f->protocol};
    json_t *ends = json_array();
    if (from) put_observable(w, stix_address(f->src), ends);
    if (to) put_observable(w, stix_address(f->dst), ends);
    put_observable(w, stix_traffic(&w->s, &traffic), refs);
    for (size_t i = 0; i < json_array_size(ends); i++) refer(refs, json_as_text(json_array_get(ends, i)));
    json_decref(ends);
}

static json_t *url_of(struct stix_out *w, struct text value) {
    bool guessed;
    struct text uri = stix_uri(w->arena, value, &guessed);
    if (guessed) losses_add(w->losses, LOSS_GUESSED, "url.value", uri, N_("a URI has a scheme: http is taken"));
    return stix_url(uri);
}

static json_t *mail_of(struct stix_out *w, struct text value) {
    if (stix_is_mail(value)) return stix_mail_address(value);
    losses_add(w->losses, LOSS_GUESSED, "user-account.account_login", value,
               N_("STIX takes it for no mail address: it stands as an account"));
    return stix_account(value);
}

static void put_object(struct stix_out *w, struct text object, json_t *refs) {
    struct text value;
    if (object_is(object, "url", &value)) put_observable(w, url_of(w, value), refs);
    if (object_is(object, "domain", &value)) put_observable(w, stix_domain(value), refs);
    if (object_is(object, "sha256", &value)) put_observable(w, stix_file_sha256(value), refs);
    if (object_is(object, "account", &value)) put_observable(w, stix_account(value), refs);
    if (object_is(object, "mail", &value)) put_observable(w, mail_of(w, value), refs);
}

/* Ports and a protocol without an address are in the extension alone. */
static void tell_words(struct stix_out *w, const struct fact *f) {
    static const char why[] = N_("traffic in STIX has an address: only parley's extension has it");
    if (f->known & KNOWN_SRC_PORT) losses_add(w->losses, LOSS_AS_WORDS, "src_port", (struct text){0}, why);
    if (f->known & KNOWN_DST_PORT) losses_add(w->losses, LOSS_AS_WORDS, "dst_port", (struct text){0}, why);
    if (f->protocol.size) losses_add(w->losses, LOSS_AS_WORDS, "protocol", f->protocol, why);
}

/* ---- one fact */

static void put_label(json_t *object, struct text event) {
    const struct rsit_type *type = rsit_find(event);
    char label[128];
    json_t *labels = json_array();
    if (!type) {
        json_decref(labels);
        return;
    }
    snprintf(label, sizeof label, "rsit:%s=\"%s\"", type->class_value, type->value);
    json_add_text(labels, text_of(label));
    json_put(object, "labels", labels);
}

static json_t *observed(struct stix_out *w, const struct fact *f, struct stix_id id, json_t *taken_refs) {
    enum { OBSERVED_MAX = 999999999 };
    const struct text none = {0};
    instant first = f->first, last = f->last;
    uint64_t count = f->count;
    if (count == SHEET_NO_COUNT) {
        count = 1;
        losses_add(w->losses, LOSS_GUESSED, "number_observed", TEXT("1"), N_("the fact states no count"));
    }
    if (count > OBSERVED_MAX)
        losses_add(w->losses, LOSS_AS_WORDS, "number_observed", none,
                   N_("STIX counts to 999,999,999: only parley's extension has the number"));
    if (first == INSTANT_NONE && last == INSTANT_NONE) {
        first = last = w->s.created;
        losses_add(w->losses, LOSS_GUESSED, "first_observed", none,
                   N_("the fact states no time: that of the case stands there"));
    } else if (first == INSTANT_NONE || last == INSTANT_NONE) {
        losses_add(w->losses, LOSS_GUESSED, first == INSTANT_NONE ? "first_observed" : "last_observed", none,
                   N_("the fact states one time: it stands for both"));
        *(first == INSTANT_NONE ? &first : &last) = first == INSTANT_NONE ? last : first;
    }
    return stix_observed(&w->s, id, first, last, count, taken_refs);
}

static enum error put_fact(struct stix_out *w, size_t row, json_t *all, struct diag *d) {
    const struct fact *f = &w->report->facts.at[row];
    json_t *refs = json_array();
    struct buf spelled = {.max = SHEET_ROW_MAX};
    if (f->known & (KNOWN_SRC | KNOWN_DST))
        put_traffic(w, f, refs);
    else
        tell_words(w, f);
    put_object(w, f->object, refs);
    json_t *object = observed(w, f, stix_fact_id(w, f), refs);
    put_label(object, f->event);
    fact_write(f, &spelled);
    const struct stix_fact said = {.kind = TEXT("fact"),
                                   .matter = w->report->id,
                                   .sheet = text_of(w->sheet),
                                   .fact = buf_as_text(&spelled),
                                   .row = row};
    enum error result = stix_extend(object, &stix_fact_members, &said, d);
    json_add_text(all, stix_id_text(object));
    stix_put(w, object, w->report->tlp);
    buf_free(&spelled);
    return result;
}

/* ---- all of them */

static struct stix_id id_in_case(const struct stix_out *w, const char *type, const char *what, struct text more) {
    struct text name = arena_format(w->arena, "%.*s\n%s\n%.*s", TEXT_ARG(w->report->id), what, TEXT_ARG(more));
    return stix_id_of(type, name);
}

static enum error put_grouping(struct stix_out *w, json_t *taken_refs, struct diag *d) {
    const struct report *r = w->report;
    const struct stix_facts said = {.kind = TEXT("facts"),
                                    .matter = r->id,
                                    .sheet = text_of(w->sheet),
                                    .from = stix_sound(w, "from", r->from),
                                    .to = stix_sound(w, "to", r->to),
                                    .from_mail = stix_sound(w, "from_mail", r->from_mail),
                                    .severity = r->severity,
                                    .action = r->action,
                                    .own_number = r->own_number,
                                    .rows = r->facts.count,
                                    .states = {(void *)(uintptr_t)r->states.at, r->states.count},
                                    .sectors = {(void *)(uintptr_t)r->sectors.at, r->sectors.count}};
    w->facts = id_in_case(w, "grouping", "facts", text_of(w->sheet));
    json_t *object = stix_object(&w->s, "grouping", w->facts);
    json_put_text_if(object, "name", stix_sound(w, "title", r->title));
    json_put_text_if(object, "description", stix_sound(w, "text", r->text));
    json_put_text_if(object, "lang", stix_sound(w, "lang", r->lang));
    json_put_text(object, "context", TEXT("suspicious-activity"));
    json_put(object, "object_refs", taken_refs);
    enum error result = stix_extend(object, &stix_facts_members, &said, d);
    stix_put(w, object, r->tlp);
    return result;
}

enum error stix_put_facts(struct stix_out *w, struct diag *d) {
    const struct report *r = w->report;
    json_t *refs = json_array();
    enum error result = OK;
    if (stix_sound(w, "to", r->to).size) stix_author(&w->s, r->to);
    w->s.author = (struct stix_id){{0}};
    if (stix_sound(w, "from", r->from).size) stix_author(&w->s, r->from);
    for (size_t i = 0; i < r->facts.count && !result; i++) result = put_fact(w, i, refs, d);
    if (!result && !r->facts.count && w->s.author.at[0]) json_add_text(refs, text_of(w->s.author.at));
    if (!result && json_array_size(refs)) return put_grouping(w, refs, d);
    if (!result && !r->said_count)
        losses_add(w->losses, LOSS_DROPPED, "title", r->title, N_("there is nothing that a grouping could be about"));
    json_decref(refs);
    return result;
}

/* ---- findings */

struct answered { /* what all of them share */
    instant time;
    enum tlp tlp;
    struct text author;
};

static struct answered answered_of(const struct stix_out *w) {
    const struct report *r = w->report;
    struct answered a = {w->s.created, r->tlp, r->findings_author};
    for (size_t i = 0; i < r->said_count; i++) {
        const struct report_said *s = &r->said[i];
        if (!text_is(s->kind, "answer") || !text_equal(s->author, a.author)) continue;
        if (s->time > a.time) a.time = s->time;
        if (s->tlp > a.tlp) a.tlp = s->tlp;
    }
    return a;
}

static json_t *about(struct stix_out *w, const struct answered *a, const char *type, struct stix_id id,
                     struct stix_id subject) {
    char time[STIX_TIME_MAX];
    json_t *object = stix_object(&w->s, type, id), *refs = json_array();
    json_put_text(object, "modified", stix_time(a->time, time));
    json_add_text(refs, text_of(subject.at));
    json_put(object, "object_refs", refs);
    return object;
}

static enum error put_finding(struct stix_out *w, const struct answered *a, size_t row, struct diag *d) {
    const struct fact *f = &w->report->facts.at[row];
    const struct finding *g = &w->report->findings[row];
    char address[IP_TEXT_MAX];
    struct stix_id subject = stix_fact_id(w, f), id = id_in_case(w, "note", subject.at, a->author);
    json_t *object = about(w, a, "note", id, subject);
    struct text note = stix_sound(w, "note", g->note), name = text_of(finding_name(g->word));
    struct text content = arena_format(w->arena, "%s: %s%s%.*s", name.at, finding_meaning(g->word),
                                       note.size ? "\n" : "", TEXT_ARG(note));
    const struct stix_finding said = {.kind = TEXT("finding"),
                                      .matter = w->report->id,
                                      .sheet = text_of(w->sheet),
                                      .finding = name,
                                      .upstream = g->has_upstream ? ip_write(g->upstream, address) : (struct text){0},
                                      .note = note,
                                      .row = row,
                                      .count = g->count == FINDING_NO_COUNT ? MEMBER_NO_NUMBER : g->count,
                                      .first_seen = g->first_seen,
                                      .last_seen = g->last_seen};
    json_put_text(object, "abstract", name);
    json_put_text(object, "content", content);
    enum error result = stix_extend(object, &stix_finding_members, &said, d);
    stix_put(w, object, a->tlp);
    return result;
}

static enum error put_standing(struct stix_out *w, const struct answered *a, struct findings all, struct diag *d) {
    static const char *const words[] = {
        [BODY_AGREE] = "agree", [BODY_DISAGREE] = "disagree", [BODY_NEUTRAL] = "neutral"};
    struct finding_totals totals = findings_total(all);
    struct stix_total list[FINDING_COUNT];
    struct buf explanation = {.max = 1024};
    size_t count = 0;
    for (int word = 0; word < FINDING_COUNT; word++) {
        if (!totals.of[word]) continue;
        const char *name = finding_name((enum finding_word)word);
        buf_format(&explanation, "%s%s: %llu", count ? ", " : "", name, (unsigned long long)totals.of[word]);
        list[count++] = (struct stix_total){text_of(name), totals.of[word]};
    }
    const struct stix_standing said = {TEXT("standing"), w->report->id, text_of(w->sheet), {list, count}};
    struct stix_id subject = w->report->said_count ? stix_id_of("grouping", w->report->id) : w->facts;
    json_t *object = about(w, a, "opinion", id_in_case(w, "opinion", "standing", a->author), subject);
    json_put_text(object, "opinion", text_of(words[findings_opinion(all)]));
    json_put_text(object, "explanation", buf_as_text(&explanation));
    enum error result = stix_extend(object, &stix_standing_members, &said, d);
    stix_put(w, object, a->tlp);
    buf_free(&explanation);
    return result;
}

enum error stix_put_findings(struct stix_out *w, struct diag *d) {
    const struct report *r = w->report;
    struct finding *given;
    size_t count = 0;
    enum error result = OK;
    if (!r->findings) return OK;
    struct answered a = answered_of(w);
    given = ARENA_ARRAY(w->arena, struct finding, r->facts.count);
    w->s.author = (struct stix_id){{0}};
    w->s.tlp = a.tlp;
    if (a.author.size) stix_author(&w->s, a.author);
    for (size_t i = 0; i < r->facts.count && !result; i++) {
        if (r->findings[i].word == FINDING_COUNT) continue;
        given[count++] = r->findings[i];
        result = put_finding(w, &a, i, d);
    }
    return result || !count ? result : put_standing(w, &a, (struct findings){given, count}, d);
}
