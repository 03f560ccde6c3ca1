#include "interop/report.h"

struct fact fact_unknown(void) {
    return (struct fact){.first = INSTANT_NONE, .last = INSTANT_NONE, .count = 1, .evidence = SHEET_NO_COUNT};
}

/* Sheets have whole seconds. */
static instant whole_second(const struct collect *c, instant i, const char *field) {
    char written[INSTANT_TEXT_MAX];
    instant rest = i == INSTANT_NONE ? 0 : i % INSTANT_SECOND;
    if (!rest) return i;
    if (field) losses_add(c->losses, LOSS_DROPPED, field, instant_write(i, written), N_("a fact has whole seconds"));
    return i - (rest < 0 ? rest + INSTANT_SECOND : rest);
}

void collect_fact(struct collect *c, const struct fact *f, const char *field) {
    struct fact kept = *f;
    const char *fault;
    kept.first = whole_second(c, kept.first, c->first);
    kept.last = whole_second(c, kept.last, c->last);
    fault = fact_fault(&kept);
    if (fault) {
        losses_add(c->losses, LOSS_DROPPED, field, f->object, fault);
        return;
    }
    if (c->count == COLLECT_FACTS_MAX) {
        c->over = true;
        return;
    }
    c->at = arena_grow(c->arena, c->at, c->count, &c->room, sizeof *c->at);
    c->at[c->count++] = kept;
}

/* `count` unknown and a number come to the number: it is the least that is known. */
static void join(struct fact *into, const struct fact *from) {
    if (into->count == SHEET_NO_COUNT)
        into->count = from->count;
    else if (from->count != SHEET_NO_COUNT && into->count <= SHEET_COUNT_MAX - from->count)
        into->count += from->count;
}

enum error collect_end(struct collect *c, struct sheet *out, struct diag *d) {
    struct fact *ordered = ARENA_ARRAY(c->arena, struct fact, c->count);
    size_t *order = NULL, count = 0;
    if (c->over) return fail(d, ERR_LIMIT, _("more than %d facts; split the file"), COLLECT_FACTS_MAX);
    enum error result = sheet_order(c->at, c->count, c->arena, &order, d);
    for (size_t i = 0; i < c->count && !result; i++) {
        const struct fact *f = &c->at[order[i]];
        if (count && fact_same(&ordered[count - 1], f))
            join(&ordered[count - 1], f);
        else
            ordered[count++] = *f;
    }
    if (!result) *out = (struct sheet){ordered, count};
    return result;
}

struct text object_of(struct arena *a, const char *kind, struct text value) {
    struct text object = arena_format(a, "%s:%.*s", kind, TEXT_ARG(value));
    return object_holds(object) ? object : (struct text){0};
}

bool object_is(struct text object, const char *kind, struct text *value) {
    struct text rest = object, before;
    if (!text_cut(&rest, ':', &before) || !text_is(before, kind)) return false;
    *value = rest;
    return true;
}

void report_lose_around(const struct report *r, struct losses *l, const char *why) {
    if (r->title.size) losses_add(l, LOSS_DROPPED, "title", r->title, why);
    if (r->text.size) losses_add(l, LOSS_DROPPED, "text", r->text, why);
    if (r->tlp != TLP_NONE) losses_add(l, LOSS_DROPPED, "tlp", text_of(tlp_name(r->tlp)), why);
    losses_add_many(l, LOSS_DROPPED, "message", (struct text){0}, why, r->said_count);
    if (r->findings) losses_add_many(l, LOSS_DROPPED, "finding", (struct text){0}, why, r->facts.count);
}
