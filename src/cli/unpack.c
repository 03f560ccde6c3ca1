/* unpack: takes archives that the other side packed; the last part that was missing sets the exchange going. */
#include "cli/carried.h"
#include "cli/speak.h"

static enum error tell(struct cli *c, const char *path, const struct link_unpacked *u, json_t *list) {
    if (c->json) {
        json_t *said = json_object();
        json_put_text(said, "file", text_of(path));
        json_put_u64(said, "part", u->part);
        json_put_u64(said, "held", u->held);
        if (u->parts) json_put_u64(said, "parts", u->parts);
        if (u->whole) carried_put_taken(said, &u->row);
        json_add(list, said);
    } else if (u->whole) {
        carried_tell_taken(&u->row);
    } else if (u->parts) {
        printf(_("%s: part %u is put aside; %u of %u are there\n"), path, u->part, u->held, u->parts);
    } else {
        printf(_("%s: part %u is put aside; the last one is not there yet\n"), path, u->part);
    }
    return OK;
}

enum error cli_unpack(struct cli *c) {
    struct desk *desk = NULL;
    json_t *list = json_array();
    enum error result = cli_options(c, NULL, 0, 1, SIZE_MAX);
    if (!result) result = cli_open_desk(c, &desk);
    if (!result) result = desk_link(desk, &c->diag);
    for (size_t i = 0; i < c->words.count && !result; i++) {
        struct link_unpacked u;
        result = link_unpack(desk->link, c->words.at[i], c->now, &c->arena, &u, &c->diag);
        if (result) diag_where(&c->diag, c->words.at[i]);
        if (!result) result = tell(c, c->words.at[i], &u, list);
    }
    desk_close(desk);
    if (result || !c->json) {
        json_decref(list);
        return result;
    }
    json_t *whole = json_object();
    json_put(whole, "files", list);
    return cli_print_json(c, whole);
}
