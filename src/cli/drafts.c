/* drafts: what is written and signed, and waits for another officer's signature. */
#include <string.h>

#include "base/os.h"
#include "cli/speak.h"
#include "desk/draft.h"

/* ---- list */

struct looked { /* at a draft, in the channel that it is for */
    struct talk *talk;
    struct draft_view view;
    struct text trouble;
};

struct talks { /* those that drafts are for, each opened once */
    struct talk **at;
    size_t count, room;
};

static enum error talk_of(struct cli *c, struct desk *k, struct talks *talks, const struct kept_draft *kept,
                          struct talk **out, struct diag *d) {
    for (size_t i = 0; i < talks->count && !kept->error; i++) {
        struct talk *t = talks->at[i];
        if (!text_equal(t->parties[1 - t->own], kept->draft.party) || talk_channel(t)->drill != kept->draft.drill)
            continue;
        *out = t;
        return OK;
    }
    enum error result = draft_talk(k, kept, out, d);
    if (result) return result;
    talks->at = arena_grow(&c->arena, talks->at, talks->count, &talks->room, sizeof *talks->at);
    talks->at[talks->count++] = *out;
    return OK;
}

static void look(struct cli *c, struct desk *k, struct talks *talks, const struct kept_draft *kept,
                 struct looked *out) {
    struct diag why = {0};
    enum error result = talk_of(c, k, talks, kept, &out->talk, &why);
    if (!result) result = draft_look(out->talk, kept, &out->view, &why);
    out->trouble = arena_text(&c->arena, text_of(result ? why.text : ""));
}

static json_t *one_json(const struct kept_draft *kept, const struct looked *l) {
    if (!l->trouble.size) return draft_json(l->talk, kept, &l->view);
    json_t *o = json_object();
    json_put_text(o, "id", kept->id);
    json_put_text(o, "trouble", l->trouble);
    return o;
}

static struct text short_id(struct text id) { return text_first(id, 8); }

static void add_row(struct cli *c, struct grid *t, const struct kept_draft *kept, const struct looked *l) {
    char made[INSTANT_TEXT_MAX];
    struct buf missing = {.max = 1 << 16};
    if (l->trouble.size) {
        const struct text row[] = {short_id(kept->id),      TEXT(""), TEXT(""), TEXT(""), TEXT(""), TEXT(""),
                                   cli_shown(c, l->trouble)};
        grid_row(t, row);
        return;
    }
    const struct head *head = &kept->draft.message.head;
    if (kept->draft.refused.at != INSTANT_NONE) buf_format(&missing, "%s; ", _("sent back"));
    draft_missing(&l->view, &missing);
    const struct text row[] = {
        short_id(kept->id),
        text_of(word_shown("kind", kind_rules[l->view.kind].name)),
        cli_shown(c, head->by),
        cli_shown(c, head->to),
        text_of(tlp_name(l->view.level)),
        arena_text(&c->arena, instant_write(kept->draft.made, made)),
        cli_shown(c, buf_as_text(&missing)),
    };
    grid_row(t, row);
    buf_free(&missing);
}

static enum error list(struct cli *c, struct desk *k) {
    struct kept_draft *all;
    size_t count;
    json_t *object = json_object(), *rows = json_array();
    struct talks talks = {0};
    struct grid t = grid_new(&c->arena, 7);
    const struct text titles[] = {text_of(_("DRAFT")), text_of(_("KIND")),    text_of(_("BY")),     text_of(_("TO")),
                                  TEXT("TLP"),         text_of(_("WRITTEN")), text_of(_("MISSING"))};
    enum error result = draft_list(k, &all, &count, &c->diag);
    if (!result) grid_row(&t, titles);
    for (size_t i = 0; !result && i < count; i++) {
        struct looked l = {0};
        look(c, k, &talks, &all[i], &l);
        if (c->json)
            json_add(rows, one_json(&all[i], &l));
        else
            add_row(c, &t, &all[i], &l);
    }
    for (size_t i = 0; i < talks.count; i++) talk_close(talks.at[i]);
    json_put(object, "drafts", rows);
    if (!result && c->json) return cli_print_json(c, object);
    json_decref(object);
    if (!result && count) grid_print(&t, stdout);
    if (!result && !count && !c->quiet) fprintf(stderr, "%s\n", _("There are no drafts."));
    return result;
}

/* ---- one */

static enum error show(struct cli *c, struct talk *t, const struct kept_draft *kept) {
    struct draft_view view;
    struct buf page = {.max = 1 << 24};
    enum error result = draft_look(t, kept, &view, &c->diag);
    if (result) return result;
    if (c->json) return cli_print_json(c, draft_json(t, kept, &view));
    draft_page(t, kept, &view, &page);
    return cli_print_page(c, &page);
}

static enum error renew(struct cli *c, struct talk *t, const struct kept_draft *kept) {
    struct said_at at;
    enum kind kind;
    enum error result = draft_renew(t, kept, &at, &c->diag);
    if (result) return result;
    ASSERT(kind_read(kept->draft.message.head.kind, &kind));
    return cli_said(c, t, kind, &at);
}

/* Under names of one's own: what others named is shown, and not obeyed. */
static enum error save_one(struct cli *c, struct talk *t, const struct kept_draft *kept, size_t number) {
    const struct attach *a = &kept->draft.message.head.attach[number];
    const char *path = arena_format(&c->arena, "%s/%zu-%.*s", c->words.at[2], number + 1,
                                    (int)(card_word_valid(a->role) ? a->role.size : 0), a->role.at)
                           .at;
    struct buf plain = {.max = a->sealed_size};
    enum error result = draft_attachment(t, kept, number, &plain, &c->diag);
    if (!result) result = os_write_new(path, buf_as_bytes(&plain), 0600, &c->diag);
    if (!result) printf("%s\t%.*s\n", path, TEXT_ARG(cli_shown(c, a->name)));
    buf_wipe(&plain);
    return result;
}

/* What is attached, to be looked at before one signs. */
static enum error save(struct cli *c, struct talk *t, const struct kept_draft *kept) {
    const struct message *m = &kept->draft.message;
    const char *message = arena_format(&c->arena, "%s/message", c->words.at[2]).at;
    enum error result = os_make_folders(c->words.at[2], 0700, &c->diag);
    if (!result) result = os_write_new(message, m->whole, 0600, &c->diag);
    if (!result) printf("%s\n", message);
    for (size_t i = 0; i < m->head.attach_count && !result; i++) result = save_one(c, t, kept, i);
    return result;
}

typedef enum error run_one(struct cli *c, struct talk *t, const struct kept_draft *kept);
static const struct {
    const char *name;
    size_t words;
    run_one *run; /* NULL: list, or drop */
} verbs[] = {{"list", 1, NULL}, {"show", 2, show}, {"save", 3, save}, {"renew", 2, renew}, {"drop", 2, NULL}};

static enum error run(struct cli *c, struct desk *k, size_t verb) {
    struct kept_draft kept;
    struct talk *t = NULL;
    if (verbs[verb].words == 1) return list(c, k);
    enum error result = draft_find(k, text_of(c->words.at[1]), &kept, &c->diag);
    if (!result && !verbs[verb].run) return draft_drop(k, kept.id, &c->diag);
    if (!result) result = draft_talk(k, &kept, &t, &c->diag);
    if (!result) result = verbs[verb].run(c, t, &kept);
    talk_close(t);
    return result;
}

enum error cli_drafts(struct cli *c) {
    struct desk *k = NULL;
    size_t verb = 0;
    enum error result = cli_options(c, NULL, 0, 0, 3);
    if (result) return result;
    while (c->words.count && verb < COUNT(verbs) && strcmp(c->words.at[0], verbs[verb].name) != 0) verb++;
    if (verb == COUNT(verbs))
        return cli_usage(c, _("expected list, show, save, renew or drop, found “%s”"), c->words.at[0]);
    if (c->words.count && c->words.count != verbs[verb].words)
        return cli_usage(c, "%s", c->words.count < verbs[verb].words ? _("something is missing") : _("too many words"));
    result = cli_open_desk(c, &k);
    if (!result) result = run(c, k, verb);
    desk_close(k);
    return result;
}
