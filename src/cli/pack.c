/* pack: what the other side has not receipted of one's own record, in an archive that is carried, or several. */
#include "cli/carried.h"
#include "cli/facts_options.h"
#include "cli/speak.h"

struct packing {
    struct carried_wish which;
    struct pack_wish how;
    const char *part_size;
};

static void tell(const struct pack_wish *w, const struct pack_report *r) {
    carried_tell_written(&r->record);
    if (r->from) printf(_("begins at entry %llu: what comes before it was receipted\n"), (unsigned long long)r->from);
    if (!w->part_bytes)
        printf("%s\n", w->path);
    else
        for (unsigned i = 1; i <= r->parts; i++) printf("%s.%u\n", w->path, i);
}

static enum error tell_json(struct cli *c, const struct pack_wish *w, const struct pack_report *r) {
    json_t *said = json_object(), *files = json_array();
    carried_put_written(said, &r->record);
    json_put_u64(said, "from", r->from);
    for (unsigned i = 1; i <= r->parts; i++)
        json_add(files, w->part_bytes ? json_from_text(text_of(arena_format(&c->arena, "%s.%u", w->path, i).at))
                                      : json_from_text(text_of(w->path)));
    json_put(said, "files", files);
    return cli_print_json(c, said);
}

static enum error write_pack(struct cli *c, struct desk *desk, const struct packing *p) {
    struct link_channel at;
    struct pack_report report;
    struct text origin;
    enum error result = carried_origin(c, desk, text_of(c->words.at[0]), &p->which, &at, &origin);
    if (!result) result = link_pack(desk->link, origin, &p->how, &report, &c->diag);
    if (result) return result;
    carried_warn(c, &at, p->which.theirs, &report.record);
    if (c->json) return tell_json(c, &p->how, &report);
    tell(&p->how, &report);
    return OK;
}

enum error cli_pack(struct cli *c) {
    struct packing p = {0};
    struct desk *desk = NULL;
    size_t part_bytes = 0;
    const struct option_row rows[] = {
        {"-o", OPTION_WORD, &p.how.path, "FILE", N_("the archive; with --part-size FILE.1, FILE.2, …")},
        {"--part-size", OPTION_WORD, &p.part_size, "SIZE", N_("in parts of so much, as 25M; any order will do")},
        {"--whole", OPTION_FLAG, &p.how.whole, NULL, N_("all of the record (else: what they have not receipted)")},
        {"--theirs", OPTION_FLAG, &p.which.theirs, NULL,
         N_("what is held of their record, whole, for who has lost it (else: one's own record)")},
        {"--drill", OPTION_FLAG, &p.which.drill, NULL, N_("of the drill channel")},
        {"--generation", OPTION_NUMBER, &p.which.generation, "N", N_("of the channel of that number (else: the last)")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 1);
    if (!result && !p.how.path) return cli_usage(c, _("name the archive with -o"));
    if (!result && p.part_size) result = cli_bytes(c, "--part-size", p.part_size, PACK_PART_BYTES_MIN, &part_bytes);
    p.how.part_bytes = part_bytes;
    if (!result) result = cli_open_desk(c, &desk);
    if (!result) result = write_pack(c, desk, &p);
    desk_close(desk);
    return result;
}
