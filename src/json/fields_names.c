#include <string.h>

#include "json/fields_names.h"

void json_names_start(struct json_names *n) {
    n->count = n->bytes = 0;
    n->objects = 0;
    memset(n->slots, 0, sizeof n->slots);
}

static uint32_t slot_of(const struct named *name) {
    uint64_t hash = name->around * UINT64_C(31) + name->depth * 2U + name->item;
    for (size_t i = 0; i < name->text.size; i++)
        hash = (hash ^ (uint8_t)name->text.at[i]) * UINT64_C(0x9e3779b97f4a7c15) >> 7;
    return (uint32_t)hash % JSON_NAMES_SLOTS;
}

static bool is_named(const struct json_names *n, const struct json_name *a, const struct named *name) {
    return a->size == name->text.size && a->around == name->around && a->depth == name->depth &&
           a->item == name->item && text_same(n->text + a->text, name->text.at, a->size);
}

/* Puts the names around before it, from the outermost. */
static bool path_of(const struct json_names *n, const struct named *name, char room[static JSON_PATH_MAX],
                    struct json_path *out) {
    struct text parts[JSON_PATH_DEPTH_MAX + 1];
    size_t count = 0, size = 0, dots = 0;
    parts[count++] = name->text;
    for (uint16_t i = name->around; i != NAME_NONE; i = n->at[i].around) {
        if (count > JSON_PATH_DEPTH_MAX) return false;
        parts[count++] = (struct text){n->text + n->at[i].text, n->at[i].size};
    }
    *out = (struct json_path){.depth = (unsigned)count - 1, .item = name->item};
    while (count--) {
        if (size + parts[count].size + 1 > JSON_PATH_MAX) return false;
        memcpy(room + size, parts[count].at, parts[count].size);
        for (size_t end = size + parts[count].size; size < end; size++) dots += room[size] == '.';
        if (!count) break;
        if (dots < 32) out->ends |= UINT32_C(1) << dots;
        dots++;
        room[size++] = '.';
    }
    out->name = (struct text){room, size};
    return true;
}

bool json_names_ask(const struct json_names *n, const struct named *name, const struct json_asked *asked,
                    struct json_answer *out) {
    char room[JSON_PATH_MAX];
    struct json_path path;
    *out = (struct json_answer){.which = JSON_NOT_ASKED};
    if (name->around == NAME_OUTSIDE) return true;
    if (!path_of(n, name, room, &path)) return false;
    *out = asked->find(asked->of, &path);
    return true;
}

static uint16_t add(struct json_names *n, uint32_t slot, const struct named *name, const struct json_asked *asked) {
    struct json_name *new = &n->at[n->count];
    if (n->count == JSON_NAMES_MAX || name->text.size > JSON_NAME_MAX ||
        n->bytes + name->text.size > JSON_NAMES_BYTES || !text_is_utf8(name->text))
        return NAME_NONE;
    *new = (struct json_name){.text = n->bytes,
                              .size = (uint8_t)name->text.size,
                              .depth = name->depth,
                              .around = name->around,
                              .next = NAME_NONE,
                              .item = name->item};
    if (!json_names_ask(n, name, asked, &new->answer)) return NAME_NONE;
    memcpy(n->text + n->bytes, name->text.at, name->text.size);
    n->bytes = (uint16_t)(n->bytes + name->text.size);
    n->slots[slot] = (uint16_t)(n->count + 1);
    return n->count++;
}

uint16_t json_names_find(struct json_names *n, const struct named *name, const struct json_asked *asked) {
    uint32_t slot = slot_of(name);
    for (; n->slots[slot]; slot = (slot + 1) % JSON_NAMES_SLOTS)
        if (is_named(n, &n->at[n->slots[slot] - 1], name)) return (uint16_t)(n->slots[slot] - 1);
    return add(n, slot, name, asked);
}
