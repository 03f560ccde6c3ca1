#include "cli/facts_options.h"

#include <string.h>

#include "base/codec.h"
#include "base/os.h"
#include "cli/speak.h"
#include "line/where.h"

static enum error read_where(struct cli *c, const char *typed, struct facts_options *out) {
    struct where *where = ARENA_NEW(&c->arena, struct where);
    struct bytes file = bytes_from_text(text_of(typed));
    const char *place = typed && typed[0] == '@' ? typed + 1 : "--where";
    if (!typed) return OK;
    enum error result = typed[0] == '@' ? cli_file(c, place, WHERE_BYTES_MAX, &file) : OK;
    if (!result) result = where_read(text_from_bytes(file), &c->arena, where, &c->diag);
    if (result) {
        diag_where(&c->diag, place);
        return result;
    }
    out->scan.where = where;
    out->scan.asks_user = where->asks_user;
    return OK;
}

static const char *key_path(struct cli *c, const struct choice *typed, const char *sheet) {
    if (typed->hide_key) return typed->hide_key;
    return arena_format(&c->arena, "%s.hide-key", sheet).at;
}

static enum error read_key(struct cli *c, const char *path, struct hide *out) {
    struct bytes file;
    enum error result = cli_file(c, path, 256, &file);
    struct text t = text_from_bytes(file), line;
    if (result) return result;
    if (!text_line(&t, &line)) line = t;
    if (hex_read(line, out->key, sizeof out->key)) return OK;
    result = fail(&c->diag, ERR_INPUT, _("expected a key of %d lower-case hexadecimal digits"), 2 * HIDE_KEY_SIZE);
    diag_where(&c->diag, path);
    return result;
}

static enum error read_hide(struct cli *c, const struct choice *typed, const char *sheet, struct hide *out) {
    if (!typed->hide) return typed->hide_key ? cli_usage(c, _("--hide-key is for what --hide names")) : OK;
    if (!hide_read(text_of(typed->hide), &out->what))
        return cli_usage(c, _("--hide: expected some of user,dst_ip,object, found “%s”"), typed->hide);
    if (!typed->hide_key && !strcmp(sheet, "-"))
        return cli_usage(c,
                         _("--hide keeps its key beside the sheet: give the sheet a file with -o, or the key one with "
                           "--hide-key"));
    if (typed->hide_key && os_exists(typed->hide_key)) return read_key(c, typed->hide_key, out);
    random_fill(&c->random, out->key, sizeof out->key);
    return OK;
}

enum error cli_choice(struct cli *c, const struct choice *typed, const char *sheet, struct facts_options *out) {
    enum error result = read_where(c, typed->where, out);
    return result ? result : read_hide(c, typed, sheet, &out->hide);
}

enum error cli_keep_hide_key(struct cli *c, const struct choice *typed, const char *sheet, const struct hide *hide) {
    struct buf line = {.max = 256};
    if (!hide->what || (typed->hide_key && os_exists(typed->hide_key))) return OK;
    buf_hex(&line, bytes_of(hide->key, sizeof hide->key));
    buf_char(&line, '\n');
    enum error result = os_write(key_path(c, typed, sheet), buf_as_bytes(&line), 0600, &c->diag);
    buf_wipe(&line);
    return result;
}

enum error cli_bytes(struct cli *c, const char *option, const char *typed, size_t least, size_t *bytes) {
    static const struct {
        char name;
        unsigned shift;
    } units[] = {{'K', 10}, {'M', 20}, {'G', 30}};
    struct text number = text_of(typed);
    unsigned shift = 0;
    uint64_t count;
    for (size_t i = 0; i < COUNT(units); i++)
        if (number.size && number.at[number.size - 1] == units[i].name) shift = units[i].shift;
    if (shift) number.size--;
    if (!text_u64(number, &count) || count > (SIZE_MAX / 2) >> shift)
        return cli_usage(c, _("%s: expected a size as 512M or 2G, found “%s”"), option, typed);
    *bytes = (size_t)count << shift;
    return *bytes >= least ? OK : cli_usage(c, _("%s: at least %zuM are needed"), option, least >> 20);
}
