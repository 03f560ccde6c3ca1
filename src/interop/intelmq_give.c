/* From a report to IntelMQ's events: an event each fact. */
#include "interop/foreign.h"
#include "interop/intelmq.h"
#include "vocab/rsit.h"

static struct text number_text(struct arena *a, uint64_t n) {
    return n == SHEET_NO_COUNT ? TEXT("unknown") : arena_format(a, "%llu", (unsigned long long)n);
}

static struct text ip_text(struct arena *a, struct ip ip) {
    char at[IP_TEXT_MAX];
    return arena_text(a, ip_write(ip, at));
}

static void give_object(struct text object, struct intelmq_event *e) {
    static const struct {
        const char *kind;
        enum intelmq_field to;
    } rows[] = {{"url", INTELMQ_SRC_URL},         {"domain", INTELMQ_SRC_FQDN},  {"sha256", INTELMQ_SHA256},
                {"account", INTELMQ_SRC_ACCOUNT}, {"mail", INTELMQ_SRC_ACCOUNT}, {"mail", INTELMQ_MAIL}};
    struct text value;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (object_is(object, rows[i].kind, &value)) e->value[rows[i].to] = value;
}

static void give_times(struct arena *a, const struct fact *f, struct intelmq_event *e) {
    e->value[INTELMQ_FIRST] = foreign_time_text(a, f->first, "");
    if (f->last == f->first) return;
    e->value[INTELMQ_LAST] = f->last == INSTANT_NONE ? TEXT("unknown") : foreign_time_text(a, f->last, "");
}

static void give_fact(struct arena *a, const struct fact *f, struct intelmq_event *e) {
    const struct rsit_type *type = rsit_find(f->event);
    if (f->known & KNOWN_SRC) e->value[INTELMQ_SRC_IP] = ip_text(a, f->src);
    if (f->known & KNOWN_DST) e->value[INTELMQ_DST_IP] = ip_text(a, f->dst);
    if (f->known & KNOWN_SRC_PORT) e->value[INTELMQ_SRC_PORT] = number_text(a, f->src_port);
    if (f->known & KNOWN_DST_PORT) e->value[INTELMQ_DST_PORT] = number_text(a, f->dst_port);
    if (f->count != 1) e->value[INTELMQ_COUNT] = number_text(a, f->count);
    if (f->evidence != SHEET_NO_COUNT) e->value[INTELMQ_EVIDENCE] = number_text(a, f->evidence);
    e->value[foreign_transport(f->protocol) ? INTELMQ_TRANSPORT : INTELMQ_APPLICATION] = f->protocol;
    give_times(a, f, e);
    give_object(f->object, e);
    if (!type) return;
    e->value[INTELMQ_TYPE] = text_of(type->value);
    e->value[INTELMQ_CLASS] = text_of(type->class_value);
}

/* IntelMQ takes the levels of TLP 1.0 alone, so the one between two of them is the more restricted; `extra.tlp` has it
 * as it is. */
static void give_level(enum tlp level, struct intelmq_event *e) {
    static const char *const words[TLP_COUNT] = {"WHITE", "GREEN", "AMBER", "RED", "RED"};
    if (level == TLP_NONE) return;
    e->value[INTELMQ_TLP] = text_of(words[level]);
    if (level == TLP_AMBER_STRICT) e->value[INTELMQ_TLP2] = text_of(tlp_name(level));
}

static void tell_losses(const struct report *r, struct losses *l) {
    static const char why[] = N_("an event of IntelMQ has no place for it");
    static const struct text none = {0};
    losses_add_many(l, LOSS_DROPPED, "message", none, why, r->said_count);
    losses_add_many(l, LOSS_DROPPED, "coverage", none, why, r->coverage_count);
    losses_add_many(l, LOSS_DROPPED, "state", r->states.count ? r->states.at[0] : none, why, r->states.count);
    losses_add_many(l, LOSS_DROPPED, "sector", r->sectors.count ? r->sectors.at[0] : none, why, r->sectors.count);
    if (r->action.size) losses_add(l, LOSS_DROPPED, "action", r->action, why);
    if (r->from_mail.size) losses_add(l, LOSS_DROPPED, "from_mail", r->from_mail, why);
    for (size_t i = 0; r->findings && i < r->facts.count; i++) {
        const struct finding *f = &r->findings[i];
        if (f->word == FINDING_COUNT) continue;
        if (f->note.size) losses_add(l, LOSS_DROPPED, "finding.note", f->note, why);
        if (f->has_upstream) losses_add(l, LOSS_DROPPED, "finding.upstream_ip", none, why);
    }
}

void intelmq_give(const struct report *r, const struct case_writing *how,
                  void (*put)(void *to, const struct intelmq_event *e), void *to) {
    struct intelmq_event about = {{{0}}};
    instant observed = r->changed != INSTANT_NONE ? r->changed : r->created != INSTANT_NONE ? r->created : how->now;
    about.value[INTELMQ_FEED] = TEXT("parley");
    about.value[INTELMQ_PROVIDER] = r->from;
    about.value[INTELMQ_TO] = r->to;
    about.value[INTELMQ_CASE] = r->id;
    about.value[INTELMQ_TITLE] = r->title;
    about.value[INTELMQ_COMMENT] = r->text;
    about.value[INTELMQ_LANG] = r->lang;
    about.value[INTELMQ_SEVERITY] = r->severity;
    about.value[INTELMQ_NUMBER] = r->own_number;
    about.value[INTELMQ_OBSERVED] = foreign_time_text(how->arena, observed, "");
    give_level(r->tlp, &about);
    for (size_t i = 0; i < r->facts.count; i++) {
        struct intelmq_event e = about;
        give_fact(how->arena, &r->facts.at[i], &e);
        if (r->findings && r->findings[i].word != FINDING_COUNT)
            e.value[INTELMQ_FINDING] = text_of(finding_name(r->findings[i].word));
        put(to, &e);
    }
    tell_losses(r, how->losses);
}
