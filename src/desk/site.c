#include "desk/site.h"

#include <stdio.h>

#include "base/os.h"
#include "party/profile.h"
#include "stix/stix.h"

#define MANIFEST "manifest.json"
#define MANIFEST_KIND "parley site v1"
enum { PAGE_MAX = 64 << 20, DIGITS = 16 };

static bool has_file(const struct site *s, struct text path) {
    for (size_t i = 0; i < s->count; i++)
        if (text_equal(s->at[i].path, path)) return true;
    return false;
}

enum error site_add(struct site *s, struct text path, struct text title, struct buf *taken, struct diag *d) {
    enum error result = buf_check(taken, d);
    if (!result && has_file(s, path))
        result =
            fail(d, ERR_CONFLICT,
                 _("%.*s would be written twice: a dossier has the name of a file of the site, or two prove the same "
                   "statement; give it another name, or leave one out"),
                 TEXT_ARG(path));
    if (!result) {
        s->at = arena_grow(s->arena, s->at, s->count, &s->room, sizeof *s->at);
        s->at[s->count++] = (struct site_file){arena_text(s->arena, path), arena_text(s->arena, title),
                                               arena_bytes(s->arena, buf_as_bytes(taken))};
    }
    buf_free(taken);
    return result;
}

static enum error add_bytes(struct site *s, struct text path, struct bytes content, struct diag *d) {
    struct buf copy = {.max = content.size};
    buf_bytes(&copy, content);
    return site_add(s, path, (struct text){0}, &copy, d);
}

static enum error add_json(struct site *s, struct text path, json_t *taken, struct diag *d) {
    struct buf page = {.max = PAGE_MAX};
    json_canonical(taken, &page);
    buf_char(&page, '\n');
    json_decref(taken);
    return site_add(s, path, (struct text){0}, &page, d);
}

/* "statements/0011223344556677/" and a name below it. */
static struct text place(struct site *s, const char *folder, struct text sha, const char *name) {
    return arena_format(s->arena, "%s/%.*s/%s", folder, DIGITS, sha.at, name);
}

/* ---- the card */

static enum error add_security_txt(struct site *s, const struct card *c, instant now, struct diag *left_out,
                                   struct diag *d) {
    struct buf page = {.max = PAGE_MAX};
    instant expires = INSTANT_NONE;
    enum error result = security_txt_write(c, (struct text){0}, &page, &expires, left_out);
    if (!result && expires != INSTANT_NONE && expires < now)
        result = fail(left_out, ERR_NO, _("by the card it has expired"));
    if (!result) return site_add(s, TEXT(".well-known/security.txt"), (struct text){0}, &page, d);
    buf_free(&page);
    return OK;
}

/* The party, and its departments, as organisations. */
static enum error add_identity(struct site *s, const struct card *c, instant made, struct diag *d) {
    struct stix bundle = stix_begin(made, TLP_CLEAR, (struct text){0});
    struct buf page = {.max = PAGE_MAX};
    for (size_t i = 0; i < c->department_count; i++)
        stix_author(&bundle,
                    arena_format(s->arena, "%.*s/%.*s", TEXT_ARG(c->party), TEXT_ARG(c->departments[i].department)));
    stix_author(&bundle, c->party);
    stix_add(&bundle, stix_tlp_marking(TLP_CLEAR));
    stix_write(&bundle, &page);
    buf_char(&page, '\n');
    stix_free(&bundle);
    return site_add(s, TEXT("identity.json"), (struct text){0}, &page, d);
}

/* The day of the card: what is published does not change while the card does not. */
static instant day_of(const struct card *c, instant now) {
    char written[64];
    instant made;
    snprintf(written, sizeof written, "%.*sT00:00:00Z", TEXT_ARG(c->date));
    return instant_read(text_of(written), &made) ? made : now;
}

enum error site_card(struct site *s, const struct card *c, struct bytes note, instant now, struct diag *left_out,
                     struct diag *d) {
    struct buf page = {.max = PAGE_MAX}, text = {.max = PAGE_MAX};
    site_card_page(c, &page);
    rfc2350_write(c, (struct text){0}, &text);
    enum error result = add_bytes(s, TEXT("card.txt"), note, d);
    if (!result) result = add_identity(s, c, day_of(c, now), d);
    if (!result) result = add_security_txt(s, c, now, left_out, d);
    if (!result) result = site_add(s, TEXT("rfc2350.txt"), (struct text){0}, &text, d);
    if (!result) result = site_add(s, TEXT("card.html"), text_of(_("Who we are, and how to reach us")), &page, d);
    buf_free(&page);
    buf_free(&text);
    return result;
}

/* ---- a joint statement */

static json_t *statement_stix(const struct publication *p, struct stix *bundle) {
    char time[STIX_TIME_MAX];
    json_t *refs = json_array();
    const struct text *parties = p->talk->parties;
    for (unsigned i = 0; i < 2; i++) json_add_text(refs, text_of(stix_id_of("identity", parties[i]).at));
    json_t *report = stix_object(bundle, "report", stix_id_of("report", p->sha));
    struct text name =
        arena_format(&p->talk->arena, "Joint statement of %.*s and %.*s", TEXT_ARG(parties[0]), TEXT_ARG(parties[1]));
    json_put_text(report, "name", name);
    json_put_text(report, "published", stix_time(p->accepted, time));
    if (p->statement.text_count) json_put_text_if(report, "description", p->statement.texts[0].lines);
    json_put(report, "object_refs", refs);
    return report;
}

static enum error add_statement_stix(struct site *s, const struct publication *p, struct diag *d) {
    struct text lang = p->statement.text_count ? p->statement.texts[0].lang : (struct text){0};
    struct stix bundle = stix_begin(p->accepted, TLP_CLEAR, lang);
    struct buf page = {.max = PAGE_MAX};
    for (unsigned i = 0; i < 2; i++) stix_author(&bundle, p->talk->parties[i]);
    stix_add(&bundle, stix_tlp_marking(TLP_CLEAR));
    stix_add(&bundle, statement_stix(p, &bundle));
    stix_write(&bundle, &page);
    buf_char(&page, '\n');
    stix_free(&bundle);
    return site_add(s, place(s, "statements", p->sha, "stix.json"), (struct text){0}, &page, d);
}

enum error site_statement(struct site *s, const struct publication *p, struct bytes dossier, struct diag *d) {
    struct buf page = {.max = PAGE_MAX}, text = {.max = PAGE_MAX};
    struct text title = arena_format(s->arena, _("Joint statement of %.*s and %.*s"), TEXT_ARG(p->talk->parties[0]),
                                     TEXT_ARG(p->talk->parties[1]));
    site_statement_page(p, &page);
    publication_page(p, &text);
    enum error result = site_add(s, place(s, "statements", p->sha, "index.html"), title, &page, d);
    if (!result) result = site_add(s, place(s, "statements", p->sha, "statement.txt"), (struct text){0}, &text, d);
    if (!result) result = add_json(s, place(s, "statements", p->sha, "statement.json"), publication_json(p), d);
    if (!result) result = add_statement_stix(s, p, d);
    if (!result)
        result = add_bytes(s, place(s, "statements", p->sha, arena_string(s->arena, p->dossier_name)), dossier, d);
    buf_free(&page);
    buf_free(&text);
    return result;
}

/* ---- origins */

enum error site_origins(struct site *s, struct talk *t, const struct origins_document *o, struct bytes bytes,
                        struct diag *d) {
    char hex[SHA256_HEX];
    struct buf page = {.max = PAGE_MAX};
    struct sha256 hash = sha256_of(bytes);
    struct text sha = arena_text(s->arena, sha256_hex(&hash, hex));
    struct text title = arena_format(s->arena, _("Origins, as %.*s and %.*s both counted them"),
                                     TEXT_ARG(t->parties[0]), TEXT_ARG(t->parties[1]));
    site_origins_page(t, o, sha, &page);
    enum error result = site_add(s, place(s, "origins", sha, "index.html"), title, &page, d);
    buf_free(&page);
    return result ? result : add_bytes(s, place(s, "origins", sha, "origins.json"), bytes, d);
}

/* ---- the folder */

static json_t *manifest_of(const struct site *s) {
    json_t *whole = json_object(), *files = json_object();
    for (size_t i = 0; i < s->count; i++) {
        char hex[SHA256_HEX];
        struct sha256 sha = sha256_of(s->at[i].content);
        json_put_text(files, s->at[i].path.at, sha256_hex(&sha, hex));
    }
    json_put_text(whole, "$kind", TEXT(MANIFEST_KIND));
    json_put_text(whole, "party", s->party);
    json_put(whole, "files", files);
    return whole;
}

/* Whether there is anything but a first manifest that was not finished. */
static bool holds_files(struct text names) {
    struct text name;
    while (text_cut(&names, '\0', &name))
        if (!text_starts(name, TEXT(MANIFEST ".new-"))) return true;
    return names.size > 0;
}

/* The manifest before; NULL: there is none.  A folder of somebody else's is left alone. */
static enum error old_manifest(const char *folder, json_t **out, struct diag *d) {
    char path[OS_PATH_MAX];
    struct buf names = {.max = 1 << 20}, file = {.max = PAGE_MAX};
    enum error result = OK;
    *out = NULL;
    if (!os_is_folder(folder)) return OK;
    if (!os_exists(os_path(path, folder, MANIFEST))) {
        result = os_list(folder, &names, d);
        if (!result && holds_files(buf_as_text(&names)))
            result =
                fail(d, ERR_CONFLICT, _("%s holds files and is no site of parley's; name a folder of its own"), folder);
    } else {
        result = os_read(path, PAGE_MAX, &file, d);
        if (!result) result = json_read(buf_as_bytes(&file), out, d);
        if (!result && !text_is(json_text(*out, "$kind"), MANIFEST_KIND))
            result = fail(d, ERR_CONFLICT, _("the manifest.json in %s is not one of parley's"), folder);
        if (result) json_decref(*out);
        if (result) *out = NULL;
    }
    buf_free(&names);
    buf_free(&file);
    return result;
}

/* Below the folder, and nothing that leads out of it: a manifest is a file that others may have written. */
static bool is_below(struct text path) {
    for (struct text rest = path, part; rest.size;) {
        if (!text_cut(&rest, '/', &part)) part = rest, rest = (struct text){0};
        if (!part.size || text_is(part, "..") || text_is(part, ".")) return false;
    }
    return path.size > 0;
}

static enum error remove_gone(const struct site *s, const char *folder, const json_t *old, struct diag *d) {
    const char *key;
    json_t *value, *files = json_child(old, "files");
    enum error result = OK;
    json_object_foreach(files, key, value) {
        bool there = !is_below(text_of(key));
        char path[OS_PATH_MAX];
        for (size_t i = 0; i < s->count && !there; i++) there = text_is(s->at[i].path, key);
        if (!there && !result && os_exists(os_path(path, folder, key))) result = os_remove(path, d);
    }
    return result;
}

static enum error write_file(const char *folder, const struct site_file *f, struct diag *d) {
    char path[OS_PATH_MAX], parent[OS_PATH_MAX];
    size_t slash = f->path.size;
    while (slash && f->path.at[slash - 1] != '/') slash--;
    os_path(path, folder, f->path.at);
    if (slash) {
        snprintf(parent, sizeof parent, "%s/%.*s", folder, (int)slash - 1, f->path.at);
        enum error result = os_make_folders(parent, 0755, d);
        if (result) return result;
    }
    return os_write(path, f->content, 0644, d);
}

/* A folder becomes a site before it holds files, so that one that was left halfway can be written again. */
static enum error begin_site(const struct site *s, const char *folder, struct diag *d) {
    char path[OS_PATH_MAX];
    struct buf page = {.max = PAGE_MAX};
    json_t *empty = manifest_of(&(struct site){.party = s->party});
    json_canonical(empty, &page);
    json_decref(empty);
    enum error result = buf_check(&page, d);
    if (!result) result = os_write(os_path(path, folder, MANIFEST), buf_as_bytes(&page), 0644, d);
    buf_free(&page);
    return result;
}

enum error site_write(struct site *s, const char *folder, struct diag *d) {
    struct buf index = {.max = PAGE_MAX};
    json_t *old = NULL;
    enum error result = old_manifest(folder, &old, d);
    if (!result) result = os_make_folders(folder, 0755, d);
    if (!result && !old) result = begin_site(s, folder, d);
    if (!result) {
        site_index_page(s, &index);
        result = site_add(s, TEXT("index.html"), (struct text){0}, &index, d);
    }
    if (!result) result = add_json(s, TEXT(MANIFEST), manifest_of(s), d);
    for (size_t i = 0; i < s->count && !result; i++) result = write_file(folder, &s->at[i], d);
    if (!result) result = remove_gone(s, folder, old, d);
    json_decref(old);
    return result;
}
