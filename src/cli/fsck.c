/* fsck: recomputes from the bytes all that this home's node keeps; names each fault, and what would mend it. */
#include "cli/cli.h"
#include "desk/index.h"
#include "json/json.h"

struct checking {
    struct cli *cli;
    struct desk *desk;
    struct link_fsck report; /* of the node */
    struct fault *faults;    /* all of them, the desk's too */
    size_t count, room;
    struct index_check index;
    bool closed; /* the desk's keys could not be read */
};

static unsigned long long number(uint64_t value) { return (unsigned long long)value; }

/* ---- the desk: its index, which is derived */

static void add(struct checking *w, const struct fault *f) {
    w->faults = arena_grow(&w->cli->arena, w->faults, w->count, &w->room, sizeof *w->faults);
    w->faults[w->count++] = *f;
}

static void add_index(void *state, struct text party, struct text what) {
    struct checking *w = state;
    struct arena *a = &w->cli->arena;
    add(w, &(struct fault){.kind = FAULT_DESK,
                           .where = arena_format(a, "desk/index/%.*s", TEXT_ARG(party)),
                           .what = arena_text(a, what)});
}

static enum error check_index(struct text party, bool drill, void *state, struct diag *d) {
    struct checking *w = state;
    struct diag why = {0};
    enum error result = w->closed ? OK : index_check(w->desk, party, drill, &w->index, &why);
    w->closed = w->closed || result == ERR_NO_KEY;
    if (result && result != ERR_NO_KEY && d) *d = why;
    return result == ERR_NO_KEY ? OK : result;
}

static enum error check_desk(struct checking *w) {
    size_t channels;
    w->index.tell = add_index;
    w->index.state = w;
    enum error result = desk_each(w->desk, check_index, w, &channels, &w->cli->diag);
    if (!result && w->closed && !w->cli->quiet)
        fprintf(stderr, "%s\n", _("the desk's index was not looked at: its keys are under a passphrase"));
    return result;
}

/* ---- what is told */

static json_t *checked_json(const struct checking *w) {
    const struct fsck *f = &w->report.checked;
    json_t *object = json_object();
    json_put_u64(object, "records", f->records);
    json_put_u64(object, "entries", f->entries);
    json_put_u64(object, "hashes", f->hashes);
    json_put_u64(object, "checkpoints", f->checkpoints);
    json_put_u64(object, "receipts", f->receipts);
    json_put_u64(object, "blobs", f->blobs);
    json_put_u64(object, "blob_bytes", f->blob_bytes);
    if (w->index.cases) json_put_u64(object, "cases", w->index.cases);
    return object;
}

/* What a damaged database says of itself need be no text. */
static void put_text(json_t *object, const char *key, struct text value) {
    json_put_text(object, key, json_is_text(value) ? value : text_of(_("(not legible)")));
}

static uint64_t fault_count(const struct checking *w) { return w->report.checked.faults + w->index.faults; }

static void print_json(const struct checking *w) {
    struct buf out = {.max = (size_t)1 << 28};
    json_t *report = json_object(), *faults = json_array();
    for (size_t i = 0; i < w->count; i++) {
        const struct fault *f = &w->faults[i];
        json_t *one = json_object();
        json_put_text(one, "kind", text_of(fault_word(f->kind)));
        if (f->where.size) put_text(one, "record", f->where);
        put_text(one, "what", f->what);
        json_put_text(one, "mend", text_of(gettext(fault_mend(f->kind, f->side))));
        json_add(faults, one);
    }
    json_put(report, "checked", checked_json(w));
    json_put_u64(report, "fault_count", fault_count(w));
    json_put(report, "faults", faults);
    json_canonical(report, &out);
    json_decref(report);
    printf("%.*s\n", TEXT_ARG(buf_as_text(&out)));
    buf_free(&out);
}

static void print(const struct checking *w) {
    const struct fsck *c = &w->report.checked;
    for (size_t i = 0; i < w->count; i++) {
        const struct fault *one = &w->faults[i];
        struct text where = one->where.size ? one->where : text_of(_("the database"));
        printf("%.*s: %.*s\n    ", TEXT_ARG(where), TEXT_ARG(cli_shown(w->cli, one->what)));
        printf(_("what would mend it: %s\n"), gettext(fault_mend(one->kind, one->side)));
    }
    printf(_("checked: records: %llu, entries: %llu, hashes: %llu, checkpoints: %llu, receipts: %llu, blobs: %llu, "
             "their bytes: %llu\n"),
           number(c->records), number(c->entries), number(c->hashes), number(c->checkpoints), number(c->receipts),
           number(c->blobs), number(c->blob_bytes));
    if (w->index.cases) printf(_("cases in the desk's index: %llu\n"), number(w->index.cases));
    if (fault_count(w))
        printf(_("faults: %llu\n"), number(fault_count(w)));
    else
        printf("%s\n", _("no faults"));
}

/* ---- all of it */

static enum error check(struct checking *w) {
    struct cli *c = w->cli;
    enum error result = desk_link(w->desk, &c->diag);
    if (!result) result = link_fsck(w->desk->link, &c->arena, &w->report, &c->diag);
    for (size_t i = 0; i < (result ? 0 : w->report.count); i++) add(w, &w->report.faults[i]);
    /* What is derived of a damaged record says nothing of the index. */
    if (!result && !w->report.checked.faults) result = check_desk(w);
    if (result) return result;
    if (c->json)
        print_json(w);
    else
        print(w);
    return fault_count(w) ? ERR_NO : OK;
}

enum error cli_fsck(struct cli *c) {
    struct checking w = {.cli = c};
    enum error result = cli_options(c, NULL, 0, 0, 0);
    if (!result) result = cli_open_desk(c, &w.desk);
    if (!result) result = check(&w);
    desk_close(w.desk);
    return result;
}
