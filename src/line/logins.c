#include "line/logins.h"

#include <string.h>

#include "line/map.h"
#include "line/readers.h"
#include "line/rules.h"

void logins_add(struct logins *l, struct text name) {
    if (!l->asked || !name.size || text_is(name, "-")) return;
    for (size_t i = 0; i < l->count; i++)
        if (text_equal(l->at[i], name)) return;
    if (l->count == LOGINS_MAX || name.size > sizeof l->room - l->size) {
        l->more = true;
        return;
    }
    memcpy(l->room + l->size, name.at, name.size);
    l->at[l->count++] = (struct text){l->room + l->size, name.size};
    l->size += name.size;
}

/* ---- words around */

/* The first row of the program's that fits: `before` is the program's own word and stands before anything of a
 * stranger's, so its first place counts; of `after` the last one does. */
enum owner { OF_SSHD, OF_ERROR, OF_POSTFIX, OF_DOVECOT, OF_EXIM, OF_LIGHTTPD, OWNERS };
static const char *const owners[OWNERS] = {
    [OF_SSHD] = "sshd",       [OF_ERROR] = "error", [OF_POSTFIX] = "postfix",
    [OF_DOVECOT] = "dovecot", [OF_EXIM] = "exim",   [OF_LIGHTTPD] = "lighttpd",
};
struct place {
    enum owner of;
    const char *before, *after; /* an empty `after` is the end */
    bool first;                 /* the message begins with `before` */
    bool address;               /* one more word, an address, stands before `after` */
};
static const struct place places[] = {
    {OF_SSHD, " by authenticating user ", " port ", false, true},
    {OF_SSHD, " by invalid user ", " port ", false, true},
    {OF_SSHD, " from authenticating user ", " port ", false, true},
    {OF_SSHD, " from invalid user ", " port ", false, true},
    {OF_SSHD, "Disconnecting authenticating user ", " port ", false, true},
    {OF_SSHD, "Disconnecting invalid user ", " port ", false, true},
    {OF_SSHD, "Disconnected from user ", " port ", false, true},
    {OF_SSHD, " for invalid user ", " from ", false, false},
    {OF_SSHD, " for illegal user ", " from ", false, false},
    {OF_SSHD, "Invalid user ", " from ", false, false},
    {OF_SSHD, "Illegal user ", " from ", false, false},
    {OF_SSHD, "User ", " from ", true, false},
    {OF_SSHD, " for ", " from ", false, false},
    {OF_SSHD, " user=", "", false, false},
    {OF_ERROR, " user \"", "\" was not found", false, false},
    {OF_ERROR, " user \"", "\": ", false, false},
    {OF_ERROR, " user ", " not found", false, false},
    {OF_ERROR, " user ", ": authentication failure", false, false},
    {OF_ERROR, " user ", ": authorization failure", false, false},
    {OF_ERROR, " user ", ": password mismatch", false, false},
    {OF_ERROR, "Authorization of user ", " failed", false, false},
    {OF_ERROR, "Digest: user `", "'", false, false},
    {OF_ERROR, "Digest: user ", ": ", false, false},
    {OF_POSTFIX, ", sasl_username=", "", false, false},
    {OF_DOVECOT, " user=<", ">, method=", false, false},
    {OF_DOVECOT, " user=<", ">, rip=", false, false},
    {OF_DOVECOT, " user=<", ">", false, false},
    {OF_EXIM, "(set_id=", ")", false, false},
    {OF_LIGHTTPD, " username: ", " IP: ", false, false},
    {OF_LIGHTTPD, " auth failed for  ", " : wrong password", false, false},
};

static size_t search_last(struct text t, struct text needle) {
    if (!needle.size) return t.size;
    for (size_t at = t.size; at >= needle.size; at--)
        if (!memcmp(t.at + at - needle.size, needle.at, needle.size)) return at - needle.size;
    return SIZE_MAX;
}

static bool find_place(const struct place *p, struct text t, struct text *out) {
    const struct text before = text_of(p->before);
    size_t at = p->first ? (text_starts(t, before) ? 0 : SIZE_MAX) : text_search(t, before);
    if (at == SIZE_MAX) return false;
    t = text_sub(t, at + before.size, t.size);
    size_t end = search_last(t, text_of(p->after));
    if (end == SIZE_MAX) return false;
    if (p->address) {
        while (end && t.at[end - 1] != ' ') end--;
        if (end) end--;
    }
    *out = text_sub(t, 0, end);
    return true;
}

/* OWNERS: none has a row. */
static enum owner owner_of(struct text program) {
    if (is_sshd(program)) return OF_SSHD;
    for (enum owner of = OF_POSTFIX; of < OWNERS; of++)
        if (text_is(program, owners[of]) || rules_own_name(owners[of], program)) return of;
    return OWNERS;
}

static void add_placed(struct logins *l, enum owner of, struct text t) {
    struct text name;
    for (size_t i = 0; i < COUNT(places); i++)
        if (places[i].of == of && find_place(&places[i], t, &name)) {
            logins_add(l, name);
            return;
        }
}

/* ---- lines of web servers */

/* `HOST IDENT USER [TIME] "…`: the user holds no quote. */
static struct text user_of_access(struct text line) {
    struct text word;
    size_t end = text_find(line, '"');
    while (end && line.at[end - 1] != '[') end--;
    struct text t = text_sub(line, 0, end);
    if (end < 2 || !text_cut(&t, ' ', &word) || !text_cut(&t, ' ', &word) || t.size < 2) return (struct text){0};
    t.size -= 2;
    return t;
}

static bool is_access(const struct format *f) { return !strcmp(f->name, "combined") || !strcmp(f->name, "common"); }

/* ---- messages */

static bool cut_behind(struct text *t, struct text word) {
    size_t at = text_search(*t, word);
    if (at != SIZE_MAX) *t = text_sub(*t, at + word.size, t->size);
    return at != SIZE_MAX;
}

/* PAM, in whatever program: `authentication failure; logname=… ruser=… rhost=…  user=…`.  Some servers put who tried to
 * log in as the remote user. */
static bool add_pam(struct logins *l, struct text t) {
    static const struct text remote = TEXT(" ruser="), host = TEXT(" rhost="), user = TEXT(" user=");
    if (!cut_behind(&t, TEXT("authentication failure;"))) return false;
    if (cut_behind(&t, remote) && !text_starts(t, host)) {
        size_t end = search_last(t, host);
        if (end == SIZE_MAX) return false;
        logins_add(l, text_sub(t, 0, end));
        t = text_sub(t, end, t.size);
    }
    if (!cut_behind(&t, host)) return false;
    if (cut_behind(&t, user)) logins_add(l, t);
    return true;
}

static void add_told(struct reader *r, struct text program, struct text message, uint64_t sections) {
    struct text name;
    if (add_pam(&r->logins, message)) return;
    enum owner of = owner_of(program);
    if (of != OWNERS) add_placed(&r->logins, of, message);
    if (sections && rules_user(r->rules, sections, message, &name)) logins_add(&r->logins, name);
}

void logins_of_line(struct reader *r, struct text line) {
    const struct logins *l = &r->logins;
    if (l->message.size) add_told(r, l->program, l->message, l->sections);
    if (is_access(r->format)) logins_add(&r->logins, user_of_access(line));
    if (!strcmp(r->format->name, "error")) add_placed(&r->logins, OF_ERROR, line);
}

/* ---- formats */

static bool rules_name_users(const char *service) {
    for (size_t i = 0; i < rules_own_count; i++)
        if (!strcmp(rules_own[i].service, service) &&
            text_search(text_of(rules_own[i].text), TEXT("<USER>")) != SIZE_MAX)
            return true;
    return false;
}

static bool is_column(unsigned field) { return field == FIELD_USER || field == FIELD_OBJECT || field == FIELD_ACCOUNT; }

/* Of JSON there is no header: whatever is not in a line, it does not name. */
static bool columns_tell(const struct columns *c) {
    bool told = !c->count && !c->map;
    for (size_t i = 0; i < c->count; i++) told = told || is_column(c->field[i]);
    for (size_t i = 0; c->map && i < c->map->count; i++) told = told || is_column(c->map->rows[i].field);
    return told;
}

bool logins_are_told(const struct format *f, const struct columns *c) {
    static const char *const headed[] = {"csv", "flow", "heralding", "nat", "mapped"};
    static const char *const names[] = {"combined", "common", "syslog", "log", "zeek", "cowrie", "jsonl"};
    for (size_t i = 0; i < COUNT(headed); i++)
        if (!strcmp(f->name, headed[i])) return columns_tell(c);
    for (size_t i = 0; i < COUNT(names); i++)
        if (!strcmp(f->name, names[i])) return true;
    for (enum owner of = 0; of < OWNERS; of++)
        if (!strcmp(f->name, owners[of])) return true;
    return rules_name_users(f->name);
}
