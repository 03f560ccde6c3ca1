/* Members of a value. */
#include <string.h>

#include "json/fields.h"
#include "json/fields_number.h"

struct walk {
    const struct json_asked *asked;
    struct json_members *out;
    char *room;
    size_t left;
    char path[JSON_PATH_MAX];
};

static enum json_kind kind_of(const json_t *value) {
    switch (json_typeof(value)) {
    case JSON_OBJECT: return JSON_KIND_OBJECT;
    case JSON_ARRAY: return JSON_KIND_LIST;
    case JSON_STRING: return JSON_KIND_TEXT;
    case JSON_INTEGER: return JSON_KIND_INTEGER;
    case JSON_REAL: return JSON_KIND_REAL;
    case JSON_TRUE: return JSON_KIND_TRUE;
    case JSON_FALSE: return JSON_KIND_FALSE;
    case JSON_NULL: break;
    }
    return JSON_KIND_NULL;
}

static bool put(struct walk *w, unsigned which, const json_t *value) {
    struct json_member m = {.which = which, .kind = kind_of(value), .text = json_as_text(value)};
    if (w->out->count == JSON_MEMBERS_MAX) return false;
    if (m.kind == JSON_KIND_INTEGER || m.kind == JSON_KIND_REAL) {
        if (w->left < JSON_NUMBER_MAX) return false;
        if (m.kind == JSON_KIND_REAL) {
            m.text = json_real_text(json_real_value(value), w->room);
        } else {
            int size = snprintf(w->room, JSON_NUMBER_MAX, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
            m.text = (struct text){w->room, (size_t)size};
        }
        w->room += m.text.size;
        w->left -= m.text.size;
    }
    w->out->at[w->out->count++] = m;
    return true;
}

static bool walk_in(struct walk *w, json_t *value, const struct json_path *around, struct json_answer answer);

/* `around` NULL: the outermost object. */
static bool walk_member(struct walk *w, json_t *value, struct text name, bool item, const struct json_path *around) {
    struct json_path path = {.item = item, .depth = around ? around->depth + 1 : 0, .ends = around ? around->ends : 0};
    size_t before = around ? around->name.size : 0, dots = 0, dot = around != NULL;
    if (before + dot + name.size > sizeof w->path || path.depth > JSON_PATH_DEPTH_MAX) return true;
    for (size_t i = 0; i < before; i++) dots += w->path[i] == '.';
    if (dot) w->path[before] = '.';
    if (dot && dots < 32) path.ends |= UINT32_C(1) << dots;
    memcpy(w->path + before + dot, name.at, name.size);
    path.name = (struct text){w->path, before + dot + name.size};
    struct json_answer answer = w->asked->find(w->asked->of, &path);
    if (answer.which != JSON_NOT_ASKED && !put(w, answer.which, value)) return false;
    return walk_in(w, value, &path, answer);
}

static bool walk_in(struct walk *w, json_t *value, const struct json_path *around, struct json_answer answer) {
    if (json_is_object(value) && answer.into_object) {
        const char *key;
        json_t *member;
        json_object_foreach(value, key, member) if (!walk_member(w, member, text_of(key), false, around)) return false;
    }
    if (json_is_array(value) && answer.into_list)
        for (size_t i = 0; i < json_array_size(value); i++) {
            char number[24];
            int size = snprintf(number, sizeof number, "%zu", i);
            if (!walk_member(w, json_array_get(value, i), (struct text){number, (size_t)size}, true, around))
                return false;
        }
    return true;
}

bool json_members_of(json_t *object, const struct json_asked *asked, char *room, size_t size,
                     struct json_members *out) {
    struct walk w = {.asked = asked, .out = out, .room = room, .left = size};
    out->count = 0;
    return walk_in(&w, object, NULL, (struct json_answer){JSON_NOT_ASKED, true, false});
}
