#include "cli/taxii_pull.h"

#include <string.h>

#include "base/codec.h"
#include "cli/key_file.h"
#include "cli/speak.h"
#include "interop/foreign.h"
#include "node/client.h"

#define PLACE "taxii+"
#define MEDIA_TYPE "application/taxii+json;version=2.1"

enum { HEADER_MAX = 8192, AUTHORITIES_MAX = 1 << 20, WHOLE_SECONDS = 600, WORDS_SHOWN = 200, REFUSAL_MAX = 1 << 16 };

struct pull { /* one collection, while it is read */
    struct cli *c;
    struct client *client;
    struct response response;
    struct text objects, manifest; /* paths, which end in a slash */
    struct text query;             /* the user's own, without its question mark */
    struct text after;             /* "next=…" or "added_after=…"; empty: from the start */
    struct buf all;                /* objects, as text: JSON in memory takes many times as much */
    uint64_t bytes;                /* of all answers */
};

bool taxii_is_place(const char *word) { return text_starts(text_of(word), TEXT(PLACE)); }

/* ---- who asks */

static bool is_header(struct text t) {
    for (size_t i = 0; i < t.size; i++)
        if (t.at[i] < ' ' || t.at[i] == 127) return false;
    return t.size > 0 && t.size < HEADER_VALUE_MAX;
}

static enum error read_key(struct cli *c, const char *path, struct text *out) {
    struct text whole = {0};
    struct buf header = {.max = HEADER_MAX};
    enum error result = key_file_line(c, path, &whole);
    if (result) return result;
    bool said = text_starts(whole, TEXT("Bearer ")) || text_starts(whole, TEXT("Basic "));
    bool named = !said && text_find(whole, ':') < whole.size;
    buf_string(&header, said ? "" : named ? "Basic " : "Bearer ");
    if (named)
        buf_base64(&header, bytes_from_text(whole), BASE64_PADDED);
    else
        buf_text(&header, whole);
    if (whole.size && is_header(buf_as_text(&header)))
        *out = arena_text(&c->arena, buf_as_text(&header));
    else
        result = fail(&c->diag, ERR_INPUT, _("expected a secret, or NAME:SECRET, on the first line of %s"), path);
    buf_wipe(&header);
    return result;
}

/* ---- where */

static bool is_loopback(struct text url) {
    static const char *const hosts[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};
    for (size_t i = 0; i < COUNT(hosts); i++) {
        struct text rest = url;
        uint64_t port;
        /* Behind the colon a port alone: `http://127.0.0.1:x@elsewhere.example` leads elsewhere. */
        if (text_skip(&rest, text_of(hosts[i])) &&
            (!rest.size || (text_skip(&rest, TEXT(":")) && text_u64(rest, &port))))
            return true;
    }
    return false;
}

/* Takes the address apart: the server, the collection, the query. */
static enum error read_place(struct pull *p, const char *word, struct text *url) {
    struct cli *c = p->c;
    struct text rest = text_of(word), path;
    text_skip(&rest, TEXT(PLACE));
    size_t scheme = text_search(rest, TEXT("://")), question = text_find(rest, '?');
    if (question < rest.size) p->query = text_sub(rest, question + 1, rest.size);
    rest = text_sub(rest, 0, question);
    size_t host = scheme == SIZE_MAX ? rest.size : scheme + 3;
    path = text_sub(rest, host, rest.size);
    size_t slash = text_find(path, '/');
    *url = text_sub(rest, 0, host + slash);
    path = text_sub(path, slash, path.size);
    while (path.size && path.at[path.size - 1] == '/') path.size--;
    if (text_ends(path, TEXT("/objects"))) path.size -= strlen("/objects");
    if (text_search(path, TEXT("/collections/")) == SIZE_MAX)
        return cli_usage(c, _("expected taxii+https://HOST/ROOT/collections/ID/, found “%s”"), word);
    if (!text_starts(*url, TEXT("https://")) && !is_loopback(*url))
        return cli_usage(c, _("expected taxii+https://…; taxii+http:// is for this machine alone"));
    p->objects = arena_format(&c->arena, "%.*s/objects/", TEXT_ARG(path));
    p->manifest = arena_format(&c->arena, "%.*s/manifest/", TEXT_ARG(path));
    return OK;
}

static enum error begin(struct pull *p, const char *key_file, const char *authorities, const char *word) {
    struct cli *c = p->c;
    struct client_options o = {.anybody = true, .accept = TEXT(MEDIA_TYPE), .whole_s = WHOLE_SECONDS};
    enum error result = read_place(p, word, &o.url);
    o.encrypted = text_starts(o.url, TEXT("https://"));
    if (!result && key_file) result = read_key(c, key_file, &o.authorization);
    if (!result && authorities) result = cli_file(c, authorities, AUTHORITIES_MAX, &o.authorities);
    return result ? result : client_open(&o, &p->client, &c->diag);
}

/* ---- pages */

static enum error refused(struct pull *p, json_t *said) {
    struct buf line = {.max = 1024};
    struct text words = json_text(said, "description");
    unsigned status = p->response.status;
    buf_line(&line, text_first(words.size ? words : json_text(said, "title"), WORDS_SHOWN));
    enum error code = status == 401 || status == 403 ? ERR_NO_KEY : status == 404 ? ERR_MISSING : ERR_NETWORK;
    enum error result =
        fail(&p->c->diag, code, _("the TAXII server answers %u: %.*s"), status, TEXT_ARG(buf_as_text(&line)));
    buf_free(&line);
    return result;
}

static enum error get(struct pull *p, struct text path, json_t **out) {
    struct remote *server = client_remote(p->client);
    const char *separator = p->query.size ? "&" : "", *more = p->after.size ? "&" : "";
    struct text whole = arena_format(&p->c->arena, "%.*s?%.*s%slimit=%d%s%.*s", TEXT_ARG(path), TEXT_ARG(p->query),
                                     separator, TAXII_PULL_LIMIT, more, TEXT_ARG(p->after));
    const struct request q = {.method = TEXT("GET"), .path = whole};
    json_t *said = NULL;
    if (whole.size > REQUEST_PATH_MAX - 1) return fail(&p->c->diag, ERR_USAGE, _("the address is too long"));
    enum error result = server->call(server, &q, &p->response, &p->c->diag);
    if (result) return result;
    const struct bytes body = buf_as_bytes(&p->response.body);
    bool good = p->response.status == 200;
    p->bytes += body.size;
    if (p->bytes > JSON_MAX_BYTES)
        return fail(&p->c->diag, ERR_LIMIT, _("more than %d bytes: match[type]= or added_after= ask for less"),
                    JSON_MAX_BYTES);
    if (good) result = foreign_check_values(body, &p->c->diag);
    if (good && !result) result = json_read(body, &said, &p->c->diag);
    if (!good && body.size <= REFUSAL_MAX && json_read(body, &said, NULL)) said = NULL;
    if (!good) result = refused(p, said);
    if (result)
        json_decref(said);
    else
        *out = said;
    return result;
}

/* What others may give as `next` may hold anything. */
static struct text argument(struct pull *p, const char *name, struct text value) {
    struct buf out = {.max = REQUEST_PATH_MAX};
    buf_format(&out, "%s=", name);
    for (size_t i = 0; i < value.size; i++) {
        char c = value.at[i];
        bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~", c));
        buf_format(&out, plain ? "%c" : "%%%02X", (unsigned char)c);
    }
    struct text made = arena_text(&p->c->arena, buf_as_text(&out));
    buf_free(&out);
    return made;
}

/* A server that says that there is more and gives no `next` is asked by the time at which the last one was added, which
 * the manifest of the same page has (TAXII 2.1, 3.5). */
static enum error go_on(struct pull *p, struct text next) {
    json_t *page = NULL;
    enum error result = OK;
    if (next.size) {
        p->after = argument(p, "next", next);
        return OK;
    }
    result = get(p, p->manifest, &page);
    const json_t *list = json_list(page, "objects");
    size_t count = json_array_size(list);
    struct text last = count ? json_text(json_array_get(list, count - 1), "date_added") : (struct text){0};
    if (!result && !last.size)
        result = fail(&p->c->diag, ERR_NETWORK, _("the TAXII server says that there is more, and not from where on"));
    if (!result) p->after = argument(p, "added_after", last);
    json_decref(page);
    return result;
}

static enum error take_page(struct pull *p, bool *more) {
    json_t *page = NULL, *one;
    size_t i;
    enum error result = get(p, p->objects, &page);
    if (result) return result;
    json_array_foreach(json_list(page, "objects"), i, one) {
        if (p->all.size) buf_char(&p->all, ',');
        json_canonical(one, &p->all);
    }
    *more = json_bool(page, "more");
    if (*more) result = go_on(p, json_text(page, "next"));
    json_decref(page);
    return result;
}

static enum error take_all(struct pull *p) {
    bool more = true;
    enum error result = OK;
    for (unsigned pages = 0; more && !result; pages++)
        result = pages < TAXII_PULL_PAGES_MAX
                     ? take_page(p, &more)
                     : fail(&p->c->diag, ERR_LIMIT, _("more than %d pages"), TAXII_PULL_PAGES_MAX);
    return result;
}

static enum error write_envelope(struct pull *p, struct bytes *out) {
    struct buf file = {.max = JSON_MAX_BYTES + 64};
    buf_string(&file, "{\"objects\":[");
    buf_text(&file, buf_as_text(&p->all));
    buf_string(&file, "]}");
    enum error result = buf_check(&p->all, &p->c->diag);
    if (!result) result = buf_check(&file, &p->c->diag);
    if (!result) *out = arena_bytes(&p->c->arena, buf_as_bytes(&file));
    buf_free(&file);
    return result;
}

enum error taxii_pull(struct cli *c, const char *key_file, const char *authorities, const char *word,
                      struct bytes *out) {
    struct pull p = {.c = c, .all.max = JSON_MAX_BYTES, .response = {.body = {.max = JSON_MAX_BYTES}}};
    enum error result = begin(&p, key_file, authorities, word);
    if (!result) result = take_all(&p);
    if (!result) result = write_envelope(&p, out);
    diag_where(&c->diag, result ? word : NULL);
    buf_free(&p.all);
    client_close(p.client);
    response_free(&p.response);
    return result;
}
