#include "scan/timezone.h"

#include <string.h>

#include "base/os.h"

static const char folder[] = "/usr/share/zoneinfo";

/* `Area/City`: no way out of the folder. */
static bool is_name(struct text t) {
    if (!t.size || t.size > 255 || t.at[0] == '/' || t.at[0] == '.') return false;
    for (size_t i = 0; i < t.size; i++) {
        char c = t.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && !strchr("+-_/.", c ? c : '*')) return false;
        if (c == '.' && t.at[i - 1] == '/') return false;
    }
    return true;
}

enum error timezone_load(struct text name, struct arena *a, struct zone *out, struct diag *d) {
    char path[OS_PATH_MAX];
    struct buf file = {.max = ZONE_BYTES_MAX};
    if (zone_fixed(name, out)) return OK;
    if (!is_name(name)) return fail(d, ERR_USAGE, _("no such time zone: expected a name as Europe/Paris, or +01:00"));
    os_path(path, folder, arena_string(a, name));
    if (!os_exists(path) || os_is_folder(path))
        return fail(d, ERR_USAGE, _("no such time zone: “%.*s” is not in %s"), TEXT_ARG(name), folder);
    enum error result = os_read(path, ZONE_BYTES_MAX, &file, d);
    if (!result) result = zone_read(buf_as_bytes(&file), a, out, d);
    if (result) diag_where(d, path);
    buf_free(&file);
    return result;
}
