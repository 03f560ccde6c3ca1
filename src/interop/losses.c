#include "interop/losses.h"

static const char *const names[] = {[LOSS_DROPPED] = NC_("loss", "dropped"),
                                    [LOSS_GUESSED] = NC_("loss", "guessed"),
                                    [LOSS_AS_WORDS] = NC_("loss", "as-words")};

const char *loss_name(enum loss_kind kind) { return names[kind]; }

static struct loss *find(struct losses *l, enum loss_kind kind, struct text field, const char *why) {
    for (size_t i = 0; i < l->count; i++)
        if (l->at[i].kind == kind && l->at[i].why == why && text_equal(l->at[i].field, field)) return &l->at[i];
    return NULL;
}

void losses_add_many(struct losses *l, enum loss_kind kind, const char *field, struct text value, const char *why,
                     uint64_t count) {
    static const char others[] = N_("there were more kinds of losses than are listed");
    struct loss *known;
    if (!count) return;
    known = find(l, kind, text_of(field), why);
    if (!known && l->count >= LOSSES_MAX) {
        kind = LOSS_DROPPED, field = "*", why = others, value = (struct text){0};
        known = find(l, kind, text_of(field), why);
    }
    if (!known) {
        l->at = arena_grow(l->arena, l->at, l->count, &l->room, sizeof *l->at);
        known = &l->at[l->count++];
        *known =
            (struct loss){kind, text_of(field), arena_text(l->arena, text_first_whole(value, LOSS_VALUE_MAX)), why, 0};
    }
    known->count += count;
}

void losses_add(struct losses *l, enum loss_kind kind, const char *field, struct text value, const char *why) {
    losses_add_many(l, kind, field, value, why, 1);
}

void losses_page(const struct losses *l, struct buf *out) {
    for (size_t i = 0; i < l->count; i++) {
        const struct loss *s = &l->at[i];
        buf_format(out, "%s: ", word_shown("loss", loss_name(s->kind)));
        buf_line(out, s->field);
        if (s->count > 1) buf_format(out, " × %llu", (unsigned long long)s->count);
        if (s->value.size) buf_string(out, " = ");
        buf_line(out, s->value);
        buf_format(out, " (%s)\n", gettext(s->why));
    }
}

json_t *losses_json(const struct losses *l) {
    json_t *list = json_array();
    for (size_t i = 0; i < l->count; i++) {
        json_t *one = json_object();
        json_put_text(one, "loss", text_of(loss_name(l->at[i].kind)));
        json_put_text(one, "field", l->at[i].field);
        if (json_is_text(l->at[i].value)) json_put_text_if(one, "value", l->at[i].value);
        json_put_text(one, "why", text_of(l->at[i].why));
        json_put_u64(one, "count", l->at[i].count);
        json_add(list, one);
    }
    return list;
}
