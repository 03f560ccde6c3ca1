/* What was told, in a file of the desk: canonical JSON, written anew as a whole. */
#include "desk/notice.h"

enum { MEMORY_MAX = 64 << 20 };

static const char *memory_path(struct desk *k) { return home_path(&k->home, &k->arena, "desk/notices"); }

void notice_seen(struct notice_memory *m, struct text origin, uint64_t size) {
    uint64_t **place =
        (uint64_t **)map_put(&m->seen, map_has(&m->seen, origin) ? origin : arena_text(&m->arena, origin));
    if (!*place) *place = ARENA_NEW(&m->arena, uint64_t);
    **place = size;
}

static bool take_all(struct notice_memory *m, json_t *object) {
    const char *name;
    json_t *value, *seen = json_child(object, "seen"), *told = json_list(object, "told");
    size_t i;
    if (!seen || !told) return false;
    json_object_foreach(seen, name, value) {
        if (!json_is_integer(value) || json_integer_value(value) < 0) return false;
        notice_seen(m, text_of(name), (uint64_t)json_integer_value(value));
    }
    json_array_foreach(told, i, value) {
        if (!json_is_string(value)) return false;
        map_put(&m->told, arena_text(&m->arena, json_as_text(value)));
    }
    return true;
}

enum error notice_recall(struct desk *k, struct notice_memory *out, struct diag *d) {
    const char *path = memory_path(k);
    struct buf file = {.max = MEMORY_MAX};
    json_t *object = NULL;
    *out = (struct notice_memory){.fresh = true};
    out->seen.arena = out->told.arena = out->active.arena = &out->arena;
    if (!os_exists(path)) return OK;
    enum error result = os_read(path, MEMORY_MAX, &file, d);
    if (!result) result = json_read(buf_as_bytes(&file), &object, d);
    if (!result && !take_all(out, object))
        result = fail(d, ERR_INPUT, _("expected what was told before; without this file all is told anew"));
    if (result) diag_where(d, path);
    out->fresh = false;
    json_decref(object);
    buf_free(&file);
    if (result) notice_forget(out);
    return result;
}

enum error notice_remember(struct desk *k, const struct notice_memory *m, bool whole, struct diag *d) {
    json_t *object = json_object(), *seen = json_object(), *told = json_array();
    struct buf file = {.max = MEMORY_MAX};
    struct arena work = {0};
    size_t most = m->seen.count > m->told.count ? m->seen.count : m->told.count;
    struct text *names = ARENA_ARRAY(&work, struct text, most + 1);
    void **things = ARENA_ARRAY(&work, void *, most + 1);
    map_list(&m->seen, names, things);
    for (size_t i = 0; i < m->seen.count; i++)
        json_put_u64(seen, arena_string(&work, names[i]), *(const uint64_t *)things[i]);
    map_list(&m->told, names, NULL);
    for (size_t i = 0; i < m->told.count; i++)
        if (!whole || map_has(&m->active, names[i])) json_add_text(told, names[i]);
    json_put(object, "seen", seen);
    json_put(object, "told", told);
    json_canonical(object, &file);
    json_decref(object);
    enum error result = buf_check(&file, d);
    if (!result) result = os_write(memory_path(k), buf_as_bytes(&file), 0600, d);
    buf_free(&file);
    arena_free(&work);
    return result;
}

void notice_mark(struct notice_memory *m, const struct notice *n) {
    if (n->origin.size)
        notice_seen(m, n->origin, n->index + 1);
    else
        map_put(&m->told, arena_text(&m->arena, n->key));
}

void notice_forget(struct notice_memory *m) { arena_free(&m->arena); }
