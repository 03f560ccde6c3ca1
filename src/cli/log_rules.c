/* Rules of one's own: the files that --rules names, and those in the folder `rules` of the home. */
#include "base/os.h"
#include "cli/logs.h"
#include "line/rules.h"

static enum error read_file(struct cli *c, struct log_options *typed, const char *path, struct rules *out) {
    struct buf file = {.max = RULES_BYTES_MAX};
    enum error result = os_read(path, RULES_BYTES_MAX, &file, &c->diag);
    if (!result) result = rules_read(out, buf_as_text(&file), NULL, &c->arena, &c->diag);
    if (!result) cli_log_input(c, typed, INPUT_RULES, path, buf_as_bytes(&file));
    if (result) diag_where(&c->diag, path);
    buf_free(&file);
    return result;
}

/* In the order of their names. */
static enum error read_home(struct cli *c, struct log_options *typed, struct rules *out) {
    char folder[OS_PATH_MAX], path[OS_PATH_MAX];
    struct buf names = {.max = 1 << 20};
    struct text rest, name;
    os_path(folder, c->home, "rules");
    if (!os_is_folder(folder)) return OK;
    enum error result = os_list(folder, &names, &c->diag);
    rest = buf_as_text(&names);
    while (!result && text_cut(&rest, 0, &name))
        if (text_ends(name, TEXT(".rules"))) result = read_file(c, typed, os_path(path, folder, name.at), out);
    buf_free(&names);
    return result;
}

enum error cli_log_rules(struct cli *c, struct log_options *typed, struct scan_options *out) {
    struct rules *rules = ARENA_NEW(&c->arena, struct rules);
    enum error result = OK;
    for (size_t i = 0; !result && i < typed->rules.count; i++) result = read_file(c, typed, typed->rules.at[i], rules);
    if (!result) result = read_home(c, typed, rules);
    if (result) return result;
    rules_add_own(rules, &c->arena);
    out->rules = rules;
    return OK;
}
