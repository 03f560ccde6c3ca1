#include "cli/address_lists.h"

#include "cli/speak.h"

static struct text base_name(const char *path) {
    struct text name = text_of(path), folder;
    while (text_cut(&name, '/', &folder)) continue;
    return name;
}

enum error cli_address_list(struct cli *c, const struct words *files, struct address_list *out) {
    struct buf all = {.max = ADDRESS_LIST_MAX_BYTES}, names = {.max = 1 << 16};
    enum error result = OK;
    for (size_t i = 0; i < files->count && !result; i++) {
        struct bytes file;
        struct address_list alone; /* read by itself first, so that what is wrong is told with its file and line */
        result = cli_file(c, files->at[i], ADDRESS_LIST_MAX_BYTES, &file);
        if (!result) result = address_list_read(file, &c->arena, &alone, &c->diag);
        diag_where(&c->diag, result ? files->at[i] : NULL);
        buf_bytes(&all, file);
        if (file.size && file.at[file.size - 1] != '\n') buf_char(&all, '\n');
        if (i) buf_string(&names, ", ");
        buf_line(&names, base_name(files->at[i]));
    }
    if (!result) result = buf_check(&all, &c->diag);
    if (!result) result = address_list_read(buf_as_bytes(&all), &c->arena, out, &c->diag);
    if (!result) out->name = arena_text(&c->arena, buf_as_text(&names));
    buf_free(&all);
    buf_free(&names);
    return result;
}
