/* fsck: recomputes from the bytes all that this home keeps; names each fault, and what would mend it; mends it. */
#include "cli/retention.h"
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
    bool repairs;
    const char *from;          /* a folder that is asked instead of counterparties; NULL: none */
    struct link_repair repair; /* then report is that of afterwards */
    struct fault *mended;
    size_t mended_count, mended_room;
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

static void add_mended(struct checking *w, const struct fault *f) {
    w->mended = arena_grow(&w->cli->arena, w->mended, w->mended_count, &w->mended_room, sizeof *w->mended);
    w->mended[w->mended_count++] = *f;
}

/* It is derived: what is wrong in it is mended by deleting it. */
static enum error forget_index(struct checking *w, struct text party, bool drill, size_t before, struct diag *d) {
    enum error result = index_forget(w->desk, party, drill, d);
    for (size_t i = before; i < w->count && !result; i++) add_mended(w, &w->faults[i]);
    if (result) return result;
    w->index.faults -= w->count - before;
    w->count = before;
    return OK;
}

static enum error check_index(struct text party, bool drill, void *state, struct diag *d) {
    struct checking *w = state;
    struct diag why = {0};
    size_t before = w->count;
    enum error result = w->closed ? OK : index_check(w->desk, party, drill, &w->index, &why);
    if (!result && w->repairs && w->count > before) result = forget_index(w, party, drill, before, &why);
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

static json_t *faults_json(const struct fault *list, size_t count, bool mend) {
    json_t *faults = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct fault *f = &list[i];
        json_t *one = json_object();
        json_put_text(one, "kind", text_of(fault_word(f->kind)));
        if (f->where.size) put_text(one, "record", f->where);
        put_text(one, "what", f->what);
        if (mend) json_put_text(one, "mend", text_of(gettext(fault_mend(f->kind, f->side))));
        json_add(faults, one);
    }
    return faults;
}

static json_t *troubles_json(const struct checking *w) {
    json_t *list = json_array();
    for (size_t i = 0; i < w->repair.troubles.count; i++) {
        struct text t = w->repair.troubles.at[i];
        json_add(list, json_from_text(json_is_text(t) ? t : text_of(_("(not legible)"))));
    }
    return list;
}

static void print_json(const struct checking *w) {
    struct buf out = {.max = (size_t)1 << 28};
    json_t *report = json_object();
    json_put(report, "checked", checked_json(w));
    json_put_u64(report, "fault_count", fault_count(w));
    json_put(report, "faults", faults_json(w->faults, w->count, true));
    if (w->repairs) {
        json_put(report, "mended", faults_json(w->mended, w->mended_count, false));
        json_put(report, "troubles", troubles_json(w));
        json_put_u64(report, "put_back", w->repair.put_back);
    }
    json_canonical(report, &out);
    json_decref(report);
    printf("%.*s\n", TEXT_ARG(buf_as_text(&out)));
    buf_free(&out);
}

static struct text where_of(const struct fault *f) { return f->where.size ? f->where : text_of(_("the database")); }

static void print_repair(const struct checking *w) {
    for (size_t i = 0; i < w->mended_count; i++)
        printf(_("mended: %.*s: %.*s\n"), TEXT_ARG(where_of(&w->mended[i])),
               TEXT_ARG(cli_shown(w->cli, w->mended[i].what)));
    for (size_t i = 0; i < w->repair.troubles.count; i++)
        printf(_("in the way: %.*s\n"), TEXT_ARG(cli_shown(w->cli, w->repair.troubles.at[i])));
    if (w->repair.put_back)
        printf(_("channels put back: %llu; nothing is signed in them any more, and `parley status` says what to do\n"),
               number(w->repair.put_back));
}

static void print(const struct checking *w) {
    const struct fsck *c = &w->report.checked;
    print_repair(w);
    for (size_t i = 0; i < w->count; i++) {
        const struct fault *one = &w->faults[i];
        struct text where = where_of(one);
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

static bool is_left(const struct checking *w, const struct fault *f) {
    for (size_t i = 0; i < w->report.count; i++) {
        const struct fault *after = &w->report.faults[i];
        if (after->kind == f->kind && text_equal(after->where, f->where) && text_equal(after->what, f->what))
            return true;
    }
    return false;
}

static enum error repair(struct checking *w) {
    struct cli *c = w->cli;
    enum error result = link_repair(w->desk->link, w->from, c->now, &c->arena, &w->repair, &c->diag);
    if (result) return result;
    w->report = w->repair.after;
    for (size_t i = 0; i < w->repair.before.count; i++)
        if (!is_left(w, &w->repair.before.faults[i])) add_mended(w, &w->repair.before.faults[i]);
    return OK;
}

static enum error check(struct checking *w) {
    struct cli *c = w->cli;
    enum error result = desk_link(w->desk, &c->diag);
    if (!result) result = w->repairs ? repair(w) : link_fsck(w->desk->link, &c->arena, &w->report, &c->diag);
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
    struct retain_options retain = {0};
    bool retains = false;
    const struct option_row rows[] = {
        {"--repair", OPTION_FLAG, &w.repairs, NULL, N_("mend what can be, by what is here and what the others hold")},
        {"--from", OPTION_WORD, &w.from, "FOLDER",
         N_("with --repair: ask a folder with a record, as another holds it, instead of the counterparty")},
        {"--retain", OPTION_FLAG, &retains, NULL,
         N_("check nothing: erase what is past the days of retention that the terms state")},
        {"--dry-run", OPTION_FLAG, &retain.dry_run, NULL,
         N_("with --retain: say what would be erased, and erase nothing")},
        {"--as-of", OPTION_WORD, &retain.as_of, "TIME", N_("with --dry-run: what would be at this time")},
        {"--yes", OPTION_FLAG, &retain.yes, NULL, N_("with --retain: erase without being asked")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (!result && w.from && !w.repairs) result = cli_usage(c, _("--from goes with --repair"));
    if (!result && retains && w.repairs)
        result = cli_usage(c, _("--retain and --repair are two things: one at a time"));
    if (!result && !retains && (retain.dry_run || retain.yes))
        result = cli_usage(c, _("--dry-run and --yes go with --retain"));
    if (!result && retain.as_of && !retain.dry_run)
        result = cli_usage(c, _("--as-of goes with --retain --dry-run: nothing is erased before its time"));
    if (!result) result = cli_open_desk(c, &w.desk);
    if (!result) result = retains ? cli_retain(c, w.desk, &retain) : check(&w);
    desk_close(w.desk);
    return result;
}
