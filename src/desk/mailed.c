#include "desk/mailed.h"

#include <stdlib.h>

#include "desk/own_card.h"
#include "message/message.h"
#include "message/recipients.h"

enum { MAILED_MAX = JSON_MAX_BYTES, MAILED_SEALED_MAX = MAILED_MAX + (MAILED_MAX >> 3) };

static const struct word words[] = {
    {NC_("mailed", "written"), N_("the mail was written, to be sent by one's own mail program")},
    {NC_("mailed", "answered"), N_("an answer came")},
    {NC_("mailed", "bounced"), N_("it could not be delivered")},
    {NC_("mailed", "closed"), N_("nothing more is expected")},
};
const struct word_list words_mailed = {words, COUNT(words)};

static const char *path_of(struct desk *k, struct text id) {
    return home_path(&k->home, &k->arena, "desk/mailed/%.*s", TEXT_ARG(id));
}

/* ---- as JSON */

json_t *mailed_json(const struct mailed *m, bool with_mail) {
    json_t *o = json_object(), *steps = json_array();
    json_put_text(o, "id", m->id);
    if (m->error) {
        json_put_text_if(o, "why", m->why);
        json_decref(steps);
        return o;
    }
    json_put_text(o, "title", m->title);
    json_put_text(o, "to", m->to);
    json_put_text(o, "format", m->format);
    json_put_text(o, "tlp", text_of(tlp_name(m->tlp)));
    json_put_u64(o, "facts", m->facts);
    for (size_t i = 0; i < m->step_count; i++) {
        json_t *step = json_object();
        json_put(step, "time", json_from_instant(m->steps[i].time));
        json_put_text(step, "word", m->steps[i].word);
        json_put_text(step, "by", m->steps[i].by);
        json_put_text_if(step, "text", m->steps[i].text);
        json_add(steps, step);
    }
    json_put(o, "steps", steps);
    if (with_mail) json_put_text(o, "mail", m->mail);
    return o;
}

static struct text member(struct desk *k, const json_t *o, const char *name) {
    return arena_text(&k->arena, json_text(o, name));
}

static enum error from_json(struct desk *k, const json_t *o, struct mailed *out, struct diag *d) {
    const json_t *list = json_list(o, "steps");
    size_t count = json_array_size(list);
    struct mailed_step *steps = ARENA_ARRAY(&k->arena, struct mailed_step, count);
    for (size_t i = 0; i < count; i++) {
        const json_t *step = json_array_get(list, i);
        steps[i] =
            (struct mailed_step){INSTANT_NONE, member(k, step, "word"), member(k, step, "text"), member(k, step, "by")};
        (void)instant_read(json_text(step, "time"), &steps[i].time);
    }
    out->title = member(k, o, "title");
    out->to = member(k, o, "to");
    out->format = member(k, o, "format");
    out->mail = member(k, o, "mail");
    out->steps = steps;
    out->step_count = count;
    bool whole = tlp_read(json_text(o, "tlp"), &out->tlp) && json_u64(o, "facts", &out->facts) && count &&
                 text_equal(json_text(o, "id"), out->id);
    return whole ? OK : fail(d, ERR_INPUT, _("the claim that was mailed can't be read"));
}

/* ---- keeping */

enum error mailed_keep(struct desk *k, const struct mailed *m, struct diag *d) {
    struct card card;
    struct head head = {
        .from = arena_format(&k->arena, "%.*s/%.*s", TEXT_ARG(k->home.party), TEXT_ARG(k->home.department))};
    struct buf plain = {.max = MAILED_MAX}, sealed = {.max = MAILED_SEALED_MAX};
    json_t *o = mailed_json(m, true);
    json_canonical(o, &plain);
    json_decref(o);
    enum error result = buf_check(&plain, d);
    if (!result) result = own_card_load(k, &card, d);
    if (!result)
        result = message_seal(buf_as_bytes(&plain), message_recipients(&head, NULL, &card, &k->arena), k->random,
                              &sealed, d);
    if (!result) result = os_make_folders(home_path(&k->home, &k->arena, "desk/mailed"), 0700, d);
    if (!result) result = os_write(path_of(k, m->id), buf_as_bytes(&sealed), 0600, d);
    buf_wipe(&plain);
    buf_free(&sealed);
    return result;
}

enum error mailed_step(struct desk *k, struct mailed *m, const struct mailed_step *step, struct diag *d) {
    struct mailed_step *steps = ARENA_ARRAY(&k->arena, struct mailed_step, m->step_count + 1);
    if (m->step_count) memcpy(steps, m->steps, m->step_count * sizeof *steps);
    steps[m->step_count] = *step;
    m->steps = steps;
    m->step_count++;
    return mailed_keep(k, m, d);
}

/* ---- reading */

static void open_one(struct desk *k, const struct opener *with, struct mailed *out) {
    struct diag why = {0};
    uint8_t key[SEAL_FILE_KEY_SIZE];
    struct buf sealed = {.max = MAILED_SEALED_MAX}, plain = {.max = MAILED_SEALED_MAX};
    json_t *o = NULL;
    out->error = os_read(path_of(k, out->id), MAILED_SEALED_MAX, &sealed, &why);
    if (!out->error) out->error = message_unseal(buf_as_bytes(&sealed), with, UINT64_MAX, &plain, key, &why);
    if (!out->error) out->error = json_read(buf_as_bytes(&plain), &o, &why);
    if (!out->error) out->error = from_json(k, o, out, &why);
    out->why = arena_text(&k->arena, text_of(out->error ? why.text : ""));
    json_decref(o);
    buf_free(&sealed);
    buf_wipe(&plain);
}

static int newest_first(const void *a, const void *b) {
    const struct mailed *x = a, *y = b;
    instant p = x->step_count ? x->steps[0].time : INSTANT_NONE, q = y->step_count ? y->steps[0].time : INSTANT_NONE;
    return p != q ? (p < q) - (p > q) : text_compare(x->id, y->id);
}

enum error mailed_list(struct desk *k, struct mailed **out, size_t *count, struct diag *d) {
    const char *folder = home_path(&k->home, &k->arena, "desk/mailed");
    struct buf names = {.max = 1 << 24};
    struct mailed *list = NULL;
    struct opener with;
    size_t room = 0;
    *count = 0;
    *out = NULL;
    if (!os_is_folder(folder)) return OK;
    enum error result = os_list(folder, &names, d);
    if (!result) result = desk_opener(k, &with, d);
    struct text rest = buf_as_text(&names), name;
    while (!result && text_cut(&rest, '\0', &name)) {
        if (name.size != 36) continue; /* what os_write left behind is none */
        list = arena_grow(&k->arena, list, *count, &room, sizeof *list);
        list[*count] = (struct mailed){.id = arena_text(&k->arena, name)};
        open_one(k, &with, &list[(*count)++]);
    }
    if (*count) qsort(list, *count, sizeof *list, newest_first);
    buf_free(&names);
    *out = list;
    return result;
}

enum error mailed_find(struct desk *k, struct text id, struct mailed *out, struct diag *d) {
    struct mailed *list, *found = NULL;
    size_t count;
    enum error result = mailed_list(k, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        if (!id.size || !text_starts(list[i].id, id)) continue;
        if (found) return fail(d, ERR_USAGE, _("several mailed claims begin with %.*s"), TEXT_ARG(id));
        found = &list[i];
    }
    if (result) return result;
    if (!found) return fail(d, ERR_MISSING, _("no claim that was mailed begins with %.*s"), TEXT_ARG(id));
    if (found->error) return fail(d, found->error, "%.*s", TEXT_ARG(found->why));
    *out = *found;
    return OK;
}
