#include "cli/address_lists.h"

#include "cli/speak.h"

static struct text base_name(const char *path) {
    struct text name = text_of(path), folder;
    while (text_cut(&name, '/', &folder)) continue;
    return name;
}

/* As lines: what is JSON is put into them, what is wrong with the file is told with its name. */
static enum error add_file(struct cli *c, const char *path, struct buf *all, struct hasher *hasher,
                           struct listed_file *as) {
    struct bytes file, lines;
    struct buf converted = {.max = ADDRESS_LIST_MAX_BYTES};
    struct address_list alone;
    enum error result = cli_file(c, path, ADDRESS_LIST_MAX_BYTES, &file);
    if (result) return result;
    lines = file;
    if (address_list_is_json(file)) result = address_list_lines(file, &converted, &c->diag);
    if (!result && converted.size) lines = buf_as_bytes(&converted);
    if (!result) result = address_list_read(lines, &c->arena, &alone, &c->diag);
    diag_where(&c->diag, result ? path : NULL);
    buf_bytes(all, lines);
    hasher_add(hasher, file);
    if (lines.size && lines.at[lines.size - 1] != '\n') buf_char(all, '\n');
    if (file.size && file.at[file.size - 1] != '\n') hasher_add(hasher, bytes_of("\n", 1));
    *as = (struct listed_file){base_name(path), sha256_of(file)};
    buf_free(&converted);
    return result;
}

enum error cli_address_list(struct cli *c, const struct words *files, struct address_list *out) {
    struct buf all = {.max = ADDRESS_LIST_MAX_BYTES}, names = {.max = 1 << 16};
    struct listed_file *listed = ARENA_ARRAY(&c->arena, struct listed_file, files->count + 1);
    struct hasher *hasher = hasher_new();
    enum error result = OK;
    for (size_t i = 0; i < files->count && !result; i++) {
        result = add_file(c, files->at[i], &all, hasher, &listed[i]);
        if (i) buf_string(&names, ", ");
        buf_line(&names, base_name(files->at[i]));
    }
    struct sha256 hash = hasher_end(hasher);
    if (!result) result = buf_check(&all, &c->diag);
    if (!result) result = address_list_read(buf_as_bytes(&all), &c->arena, out, &c->diag);
    if (!result) {
        out->name = arena_text(&c->arena, buf_as_text(&names));
        out->hash = hash;
        out->files = listed;
        out->file_count = files->count;
    }
    buf_free(&all);
    buf_free(&names);
    return result;
}
