#include "cli/misp_server.h"

#include "cli/key_file.h"
#include "cli/speak.h"
#include "interop/foreign.h"
#include "interop/misp.h"
#include "node/client.h"

#define PLACE "misp+"

enum { AUTHORITIES_MAX = 1 << 20, WHOLE_SECONDS = 600, WORDS_SHOWN = 200, REFUSAL_MAX = 1 << 16 };

struct talk_with { /* one server, open */
    struct client *client;
    struct response response;
};

static bool is_key(struct text key) {
    bool fits = key.size > 0 && key.size <= HEADER_VALUE_MAX;
    for (size_t i = 0; i < key.size && fits; i++) fits = key.at[i] > ' ' && key.at[i] < 127;
    return fits;
}

static enum error read_key(struct cli *c, const struct misp_server *s, struct text *out) {
    struct text line = {0};
    if (!s->key_file) return cli_usage(c, _("a MISP server asks for a key: --key-file is needed"));
    enum error result = key_file_line(c, s->key_file, &line);
    if (!result && !is_key(line))
        result = fail(&c->diag, ERR_INPUT, _("expected a key on the first line of %s"), s->key_file);
    if (!result) *out = line;
    return result;
}

static enum error begin(struct cli *c, const struct misp_server *s, struct text url, struct talk_with *out) {
    struct client_options o = {
        .url = url, .anybody = true, .encrypted = true, .accept = TEXT("application/json"), .whole_s = WHOLE_SECONDS};
    *out = (struct talk_with){.response = {.body = {.max = JSON_MAX_BYTES}}};
    enum error result = read_key(c, s, &o.authorization);
    if (!result && s->authorities) result = cli_file(c, s->authorities, AUTHORITIES_MAX, &o.authorities);
    return result ? result : client_open(&o, &out->client, &c->diag);
}

static void end(struct talk_with *t) {
    client_close(t->client);
    response_free(&t->response);
}

static enum error ask(struct cli *c, struct talk_with *t, const char *method, struct text path, struct bytes body) {
    struct remote *server = client_remote(t->client);
    const struct request q = {.method = text_of(method),
                              .path = path,
                              .content_type = body.size ? TEXT("application/json") : (struct text){0},
                              .body = body};
    if (path.size > REQUEST_PATH_MAX - 1) return fail(&c->diag, ERR_USAGE, _("the address is too long"));
    return server->call(server, &q, &t->response, &c->diag);
}

/* What the server says for people, as one line. */
static struct text words_of(struct cli *c, const struct response *r) {
    json_t *said = NULL;
    struct buf line = {.max = 4096};
    struct text words = {0};
    if (r->body.size <= REFUSAL_MAX && !json_read(buf_as_bytes(&r->body), &said, NULL)) {
        words = json_text(said, "message");
        if (!words.size) words = json_text(said, "name");
    }
    buf_line(&line, text_first(words, WORDS_SHOWN));
    words = arena_text(&c->arena, buf_as_text(&line));
    buf_free(&line);
    json_decref(said);
    return words;
}

static enum error refused(struct cli *c, const struct response *r) {
    struct text words = words_of(c, r);
    if (r->status == 401 || r->status == 403)
        return fail(&c->diag, ERR_NO_KEY, _("the MISP server does not let this key do that (%u): %.*s"), r->status,
                    TEXT_ARG(words));
    return fail(&c->diag, ERR_NETWORK, _("the MISP server refused it (%u): %.*s"), r->status, TEXT_ARG(words));
}

/* ---- sending */

static bool is_there_already(struct cli *c, const struct response *r) {
    static const struct text words = TEXT("already exists");
    return r->status != 200 && text_search(words_of(c, r), words) != SIZE_MAX;
}

static struct text place_of(struct cli *c, const struct misp_server *s, const struct response *r, const char *uuid) {
    json_t *answer = NULL;
    struct text id = text_of(uuid), url = text_of(s->url);
    uint64_t number;
    while (url.size && url.at[url.size - 1] == '/') url.size--;
    const struct bytes body = buf_as_bytes(&r->body);
    if (!foreign_check_values(body, NULL) && !json_read(body, &answer, NULL)) {
        struct text said = json_text(json_child(answer, "Event"), "id");
        if (text_u64(said, &number)) id = said;
    }
    struct text place = arena_format(&c->arena, "%.*s/events/view/%.*s", TEXT_ARG(url), TEXT_ARG(id));
    json_decref(answer);
    return place;
}

enum error misp_send(struct cli *c, const struct misp_server *s, const struct report *r, struct bytes event,
                     struct text *place, bool *updated) {
    struct talk_with t;
    char uuid[37];
    misp_event_uuid(r, &c->arena, uuid);
    *updated = false;
    enum error result = begin(c, s, text_of(s->url), &t);
    if (!result) result = ask(c, &t, "POST", TEXT("/events/add"), event);
    if (!result && is_there_already(c, &t.response)) {
        *updated = true;
        result = ask(c, &t, "POST", arena_format(&c->arena, "/events/edit/%s", uuid), event);
    }
    if (!result && t.response.status != 200) result = refused(c, &t.response);
    if (!result) *place = place_of(c, s, &t.response, uuid);
    diag_where(&c->diag, result ? s->url : NULL);
    end(&t);
    return result;
}

/* ---- fetching */

bool misp_is_place(const char *word) { return text_starts(text_of(word), TEXT(PLACE)); }

/* {"last":"7d","returnFormat":"json","tags":"tlp:green"} */
static struct bytes search_of(struct cli *c, struct text query) {
    json_t *wish = json_object();
    struct buf out = {.max = 4096};
    while (query.size) {
        struct text value, key;
        if (!text_cut(&query, '&', &value)) value = query, query = (struct text){0};
        if (text_cut(&value, '=', &key) && json_is_text(value))
            json_put_text(wish, arena_string(&c->arena, key), value);
    }
    json_put_text(wish, "returnFormat", TEXT("json"));
    json_canonical(wish, &out);
    struct bytes body = arena_bytes(&c->arena, buf_as_bytes(&out));
    buf_free(&out);
    json_decref(wish);
    return body;
}

enum error misp_fetch(struct cli *c, const struct misp_server *s, const char *word, struct bytes *out) {
    struct talk_with t;
    struct text url = text_of(word), path, query = {0};
    text_skip(&url, TEXT(PLACE));
    size_t at = text_search(url, TEXT("/events/"));
    if (at == SIZE_MAX || !json_is_text(url))
        return cli_usage(c, _("expected misp+https://…/events/view/ID or …/events/restSearch?last=7d"));
    path = text_sub(url, at, url.size);
    url = text_sub(url, 0, at);
    bool search = text_starts(path, TEXT("/events/restSearch"));
    if (search) {
        query = path;
        if (!text_cut(&query, '?', &path)) path = query, query = (struct text){0};
    }
    enum error result = begin(c, s, url, &t);
    if (!result) result = ask(c, &t, search ? "POST" : "GET", path, search ? search_of(c, query) : (struct bytes){0});
    if (!result && t.response.status != 200) result = refused(c, &t.response);
    if (!result) *out = arena_bytes(&c->arena, buf_as_bytes(&t.response.body));
    diag_where(&c->diag, result ? word : NULL);
    end(&t);
    return result;
}
