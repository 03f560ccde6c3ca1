/* fsck: recomputes from the bytes all that this home's node keeps; names each fault, and what would mend it. */
#include "cli/cli.h"
#include "desk/desk.h"
#include "json/json.h"

static unsigned long long number(uint64_t value) { return (unsigned long long)value; }

static json_t *checked_json(const struct fsck *f) {
    json_t *object = json_object();
    json_put_u64(object, "records", f->records);
    json_put_u64(object, "entries", f->entries);
    json_put_u64(object, "hashes", f->hashes);
    json_put_u64(object, "checkpoints", f->checkpoints);
    json_put_u64(object, "receipts", f->receipts);
    json_put_u64(object, "blobs", f->blobs);
    json_put_u64(object, "blob_bytes", f->blob_bytes);
    return object;
}

/* What a damaged database says of itself need be no text. */
static void put_text(json_t *object, const char *key, struct text value) {
    json_put_text(object, key, json_is_text(value) ? value : text_of(_("(not legible)")));
}

static void print_json(const struct link_fsck *f) {
    struct buf out = {.max = (size_t)1 << 28};
    json_t *report = json_object(), *faults = json_array();
    for (size_t i = 0; i < f->count; i++) {
        json_t *one = json_object();
        json_put_text(one, "kind", text_of(fault_word(f->faults[i].kind)));
        if (f->faults[i].where.size) put_text(one, "record", f->faults[i].where);
        put_text(one, "what", f->faults[i].what);
        json_put_text(one, "mend", text_of(gettext(fault_mend(f->faults[i].kind, f->faults[i].side))));
        json_add(faults, one);
    }
    json_put(report, "checked", checked_json(&f->checked));
    json_put_u64(report, "fault_count", f->checked.faults);
    json_put(report, "faults", faults);
    json_canonical(report, &out);
    json_decref(report);
    printf("%.*s\n", TEXT_ARG(buf_as_text(&out)));
    buf_free(&out);
}

static void print(struct cli *cli, const struct link_fsck *f) {
    const struct fsck *c = &f->checked;
    for (size_t i = 0; i < f->count; i++) {
        const struct fault *one = &f->faults[i];
        struct text where = one->where.size ? one->where : text_of(_("the database"));
        printf("%.*s: %.*s\n    ", TEXT_ARG(where), TEXT_ARG(cli_shown(cli, one->what)));
        printf(_("what would mend it: %s\n"), gettext(fault_mend(one->kind, one->side)));
    }
    printf(_("checked: records: %llu, entries: %llu, hashes: %llu, checkpoints: %llu, receipts: %llu, blobs: %llu, "
             "their bytes: %llu\n"),
           number(c->records), number(c->entries), number(c->hashes), number(c->checkpoints), number(c->receipts),
           number(c->blobs), number(c->blob_bytes));
    if (c->faults)
        printf(_("faults: %llu\n"), number(c->faults));
    else
        printf("%s\n", _("no faults"));
}

static enum error check(struct cli *c, struct desk *desk) {
    struct link_fsck report;
    enum error result = desk_link(desk, &c->diag);
    if (!result) result = link_fsck(desk->link, &c->arena, &report, &c->diag);
    if (result) return result;
    if (c->json)
        print_json(&report);
    else
        print(c, &report);
    return report.checked.faults ? ERR_NO : OK;
}

enum error cli_fsck(struct cli *c) {
    struct desk *desk = NULL;
    enum error result = cli_options(c, NULL, 0, 0, 0);
    if (!result) result = cli_open_desk(c, &desk);
    if (!result) result = check(c, desk);
    desk_close(desk);
    return result;
}
