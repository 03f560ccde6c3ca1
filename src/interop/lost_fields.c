#include "interop/lost_fields.h"

#include <stdlib.h>

static size_t slot_of(struct text name) {
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (size_t i = 0; i < name.size; i++) hash = (hash ^ (unsigned char)name.at[i]) * 16777619U;
    return hash % LOST_FIELDS_SLOTS;
}

void lost_fields_add(struct lost_fields *l, struct text name, struct text value) {
    name = text_first_whole(name, LOST_NAME_MAX);
    if (!l->at) l->at = ARENA_ARRAY(l->arena, struct lost_field, LOST_FIELDS_SLOTS);
    size_t at = slot_of(name);
    while (l->at[at].count && !text_equal(l->at[at].name, name)) at = (at + 1) % LOST_FIELDS_SLOTS;
    if (!l->at[at].count) {
        if (l->count == LOST_FIELDS_MAX) {
            l->others++;
            return;
        }
        l->count++;
        l->at[at].name = arena_text(l->arena, name);
        l->at[at].value = arena_text(l->arena, text_first_whole(value, LOSS_VALUE_MAX));
    }
    l->at[at].count++;
}

static int by_name(const void *a, const void *b) {
    const struct lost_field *x = a, *y = b;
    return text_compare(x->name, y->name);
}

void lost_fields_end(struct lost_fields *l, struct losses *out, const char *why) {
    struct lost_field *list = ARENA_ARRAY(l->arena, struct lost_field, l->count);
    size_t count = 0;
    for (size_t i = 0; l->at && i < LOST_FIELDS_SLOTS; i++)
        if (l->at[i].count) list[count++] = l->at[i];
    if (count) qsort(list, count, sizeof *list, by_name);
    for (size_t i = 0; i < count; i++)
        losses_add_many(out, LOSS_DROPPED, list[i].name.at, list[i].value, why, list[i].count);
    losses_add_many(out, LOSS_DROPPED, "*", (struct text){0}, N_("fields of more names than are told apart"),
                    l->others);
}
