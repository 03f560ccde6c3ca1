#include "line/user.h"

/* The first row of the format that fits: `before` is the program's own word and stands before anything of a stranger's,
 * so its first place counts; of `after` the last one does. */
static const struct place {
    const char *format, *before, *after; /* an empty `after` is the end of the line */
    bool address;                        /* one more word, an address, stands before `after` */
} places[] = {
    {"sshd", " by authenticating user ", " port ", true},
    {"sshd", " by invalid user ", " port ", true},
    {"sshd", " from authenticating user ", " port ", true},
    {"sshd", " from invalid user ", " port ", true},
    {"sshd", "Disconnecting authenticating user ", " port ", true},
    {"sshd", "Disconnecting invalid user ", " port ", true},
    {"sshd", "Disconnected from user ", " port ", true},
    {"sshd", " for invalid user ", " from ", false},
    {"sshd", " for illegal user ", " from ", false},
    {"sshd", "Invalid user ", " from ", false},
    {"sshd", "Illegal user ", " from ", false},
    {"sshd", ": User ", " from ", false},
    {"sshd", " for ", " from ", false},
    {"sshd", " user=", "", false},
    {"error", " user \"", "\" was not found", false},
    {"error", " user \"", "\": ", false},
    {"error", " user ", " not found", false},
    {"error", " user ", ": authentication failure", false},
    {"error", " user ", ": authorization failure", false},
    {"error", " user ", ": password mismatch", false},
    {"error", "Authorization of user ", " failed", false},
    {"error", "Digest: user `", "'", false},
    {"error", "Digest: user ", ": ", false},
};

static bool is_access(const struct format *f) {
    return text_is(text_of(f->name), "combined") || text_is(text_of(f->name), "common");
}

bool line_tells_user(const struct format *f) {
    for (size_t i = 0; i < COUNT(places); i++)
        if (text_is(text_of(f->name), places[i].format)) return true;
    return is_access(f);
}

/* `HOST IDENT USER [TIME] "…`: the user holds no quote. */
static struct text user_of_access(struct text line) {
    struct text word;
    size_t end = text_find(line, '"');
    while (end && line.at[end - 1] != '[') end--;
    struct text t = text_sub(line, 0, end);
    if (end < 2 || !text_cut(&t, ' ', &word) || !text_cut(&t, ' ', &word) || t.size < 2) return (struct text){0};
    t.size -= 2;
    return text_is(t, "-") ? (struct text){0} : t;
}

static size_t search_last(struct text t, struct text needle) {
    if (!needle.size) return t.size;
    for (size_t at = t.size; at >= needle.size; at--)
        if (!memcmp(t.at + at - needle.size, needle.at, needle.size)) return at - needle.size;
    return SIZE_MAX;
}

static bool find_place(const struct place *p, struct text line, struct text *out) {
    size_t at = text_search(line, text_of(p->before));
    if (at == SIZE_MAX) return false;
    struct text t = text_sub(line, at + strlen(p->before), line.size);
    size_t end = search_last(t, text_of(p->after));
    if (end == SIZE_MAX) return false;
    if (p->address) {
        while (end && t.at[end - 1] != ' ') end--;
        if (end) end--;
    }
    *out = text_sub(t, 0, end);
    return true;
}

struct text line_user(const struct format *f, struct text line) {
    struct text out = {0};
    if (line.size && line.at[line.size - 1] == '\r') line.size--;
    if (is_access(f)) return user_of_access(line);
    for (size_t i = 0; i < COUNT(places); i++)
        if (text_is(text_of(f->name), places[i].format) && find_place(&places[i], line, &out)) break;
    return out;
}
