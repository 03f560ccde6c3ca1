#include "claim/checklist.h"

#include "vocab/rsit.h"

_Static_assert(CHECK_COUNT <= 64, "a set of items is one word");
#define BIT(code) (UINT64_C(1) << CHECK_##code)

static const struct {
    const char *name, *meaning;
} items[CHECK_COUNT] = {
#define X(code, name, meaning) [CHECK_##code] = {name, meaning},
    CHECK_LIST(X)
#undef X
};

const char *check_name(enum check what) { return items[what].name; }
const char *check_meaning(enum check what) { return items[what].meaning; }

#define X(code, name, meaning) | BIT(code)
static const uint64_t of_facts = 0 CHECK_FACTS(X), of_claim = 0 CHECK_CLAIM(X);
#undef X

/* ---- what each class asks for */

static const uint64_t of_every_claim =
    BIT(TIMES) | BIT(SPAN) | BIT(EVENT) | BIT(EVENTS) | BIT(SUMMARY) | BIT(EVIDENCE) | BIT(CLOCK);
#define CONNECTION (BIT(SOURCE) | BIT(SOURCE_PORT) | BIT(TARGET) | BIT(TARGET_PORT) | BIT(PROTOCOL))

static const struct {
    const char *class_value; /* of the RSIT, or a word of words_claim_class */
    uint64_t asks;
} classes[] = {
    {"abusive-content", BIT(REACH)},
    {"malicious-code", BIT(TRACE) | BIT(FOUND_HOW)},
    {"information-gathering", CONNECTION},
    {"intrusion-attempts", CONNECTION | BIT(UPSTREAM)},
    {"intrusions", BIT(SOURCE) | BIT(SOURCE_PORT) | BIT(TARGET) | BIT(UPSTREAM) | BIT(ACCOUNTS) | BIT(TAKEN)},
    {"availability", BIT(SOURCE) | BIT(TARGET) | BIT(TARGET_PORT) | BIT(PROTOCOL) | BIT(SPOOFING) | BIT(USUAL)},
    {"information-content-security", BIT(SOURCE) | BIT(TARGET) | BIT(UPSTREAM) | BIT(TAKEN)},
    {"fraud", BIT(REACH) | BIT(FOUND_HOW)},
    {"vulnerable", BIT(ANY_PLACE) | BIT(FOUND_HOW)},
    {"influence-campaign", BIT(ACCOUNT_OR_PLACE) | BIT(STATES) | BIT(COORDINATION) | BIT(AUTHORSHIP)},
    {"monitoring-of-persons", BIT(TRACE) | BIT(STATES) | BIT(LEGAL_BASIS) | BIT(PROTECTION) | BIT(AUTHORSHIP)},
    {"critical-infrastructure", BIT(SECTORS) | BIT(STATES) | BIT(SEVERITY) | BIT(EFFECT)},
};

static uint64_t asked_of(struct text class_value) {
    for (size_t i = 0; i < COUNT(classes); i++)
        if (text_is(class_value, classes[i].class_value)) return classes[i].asks;
    return 0;
}

/* ---- what is there */

static bool begins(const struct fact *f, const char *scheme) { return text_starts(f->object, text_of(scheme)); }

static uint64_t there_in(const struct fact *f) {
    bool timed = f->first != INSTANT_NONE && f->last != INSTANT_NONE;
    bool address = f->known & (KNOWN_SRC | KNOWN_DST), place = begins(f, "url:") || begins(f, "domain:");
    const struct {
        bool holds;
        uint64_t item;
    } all[] = {
        {timed, BIT(TIMES)},
        {!timed || f->last - f->first <= INSTANT_DAY, BIT(SPAN)},
        {f->event.size, BIT(EVENT)},
        {f->count != SHEET_NO_COUNT, BIT(EVENTS)},
        {f->known & KNOWN_SRC, BIT(SOURCE)},
        {f->known & KNOWN_SRC_PORT, BIT(SOURCE_PORT)},
        {(f->known & KNOWN_DST) || f->object.size, BIT(TARGET)},
        {f->known & KNOWN_DST_PORT, BIT(TARGET_PORT)},
        {f->protocol.size, BIT(PROTOCOL)},
        {place || address, BIT(ANY_PLACE)},
        {place || begins(f, "mail:") || begins(f, "account:"), BIT(REACH)},
        {place || begins(f, "account:"), BIT(ACCOUNT_OR_PLACE)},
        {place || address || begins(f, "sha256:"), BIT(TRACE)},
    };
    uint64_t there = 0;
    for (size_t i = 0; i < COUNT(all); i++)
        if (all[i].holds) there |= all[i].item;
    return there;
}

static uint64_t there_in_claim(const struct claim *c) {
    return (c->summary.size ? BIT(SUMMARY) : 0) | (c->evidence_root.size ? BIT(EVIDENCE) : 0) |
           (c->states.count ? BIT(STATES) : 0) | (c->sectors.count ? BIT(SECTORS) : 0) |
           (c->severity.size ? BIT(SEVERITY) : 0);
}

static void count_fact(uint64_t asked, uint64_t there, struct checklist_item *counts) {
    for (uint64_t left = asked & of_facts; left; left &= left - 1) {
        struct checklist_item *k = &counts[__builtin_ctzll(left)];
        k->facts++;
        k->lacking += !(there >> k->what & 1u);
    }
}

void checklist_of(const struct claim *c, struct sheet s, struct checklist *out) {
    struct checklist_item counts[CHECK_COUNT] = {0};
    uint64_t by_claim = of_every_claim | asked_of(c->class), asked = by_claim, there = there_in_claim(c);
    for (enum check k = 0; k < CHECK_COUNT; k++) counts[k].what = k;
    for (size_t i = 0; i < s.count; i++) {
        const struct rsit_type *type = rsit_find(s.at[i].event);
        uint64_t of_fact = by_claim | (type ? asked_of(text_of(type->class_value)) : 0);
        count_fact(of_fact, there_in(&s.at[i]), counts);
        asked |= of_fact;
    }
    *out = (struct checklist){0};
    for (enum check k = 0; k < CHECK_COUNT; k++) {
        if (!(asked >> k & 1u)) continue;
        bool fact = of_facts >> k & 1u, claim = of_claim >> k & 1u;
        bool met = fact ? !counts[k].lacking : there >> k & 1u;
        counts[k].state = !fact && !claim ? CHECK_IN_WORDS : met ? CHECK_MET : CHECK_MISSING;
        out->missing += counts[k].state == CHECK_MISSING;
        out->at[out->count++] = counts[k];
    }
}

/* ---- as others see it */

json_t *checklist_json(const struct checklist *l) {
    static const char *const states[] = {
        [CHECK_MET] = "met", [CHECK_MISSING] = "missing", [CHECK_IN_WORDS] = "in words"};
    json_t *array = json_array();
    for (size_t i = 0; i < l->count; i++) {
        const struct checklist_item *k = &l->at[i];
        json_t *object = json_object();
        json_put_text(object, "item", text_of(check_name(k->what)));
        json_put_text(object, "state", text_of(states[k->state]));
        if (k->facts) json_put_u64(object, "facts", k->facts);
        if (k->lacking) json_put_u64(object, "lacking", k->lacking);
        json_add(array, object);
    }
    return array;
}

static void write_row(struct buf *out, const char *class_value, uint64_t asks) {
    const char *before = "";
    buf_format(out, "| `%s` | ", class_value);
    for (enum check k = 0; k < CHECK_COUNT; k++) {
        if (!(asks >> k & 1u)) continue;
        buf_format(out, "%s`%s`", before, items[k].name);
        before = ", ";
    }
    buf_string(out, " |\n");
}

void checklist_write_page(struct buf *out) {
    buf_format(out, "| %s | %s |\n|---|---|\n", _("class"), _("what it asks for"));
    write_row(out, "*", of_every_claim);
    for (size_t i = 0; i < COUNT(classes); i++) write_row(out, classes[i].class_value, classes[i].asks);
    buf_format(out, "\n| %s | %s | %s |\n|---|---|---|\n", _("item"), _("of"), _("meaning"));
    for (enum check k = 0; k < CHECK_COUNT; k++) {
        bool fact = of_facts >> k & 1u, claim = of_claim >> k & 1u;
        buf_format(out, "| `%s` | %s | %s |\n", items[k].name,
                   fact    ? _("each fact")
                   : claim ? _("the claim")
                           : _("in words"),
                   gettext(items[k].meaning));
    }
}
