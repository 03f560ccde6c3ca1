/* What the TAXII server answers, by method and path. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/os.h"
#include "stix/stix.h"
#include "web/taxii_server.h"

#define MEDIA_TYPE "application/taxii+json;version=2.1"
#define OBJECT_TYPE "application/stix+json;version=2.1"

/* ---- answering */

struct reply {
    unsigned status;
    struct buf body;
    struct taxii_page page; /* its times go into the header where it has any */
};

static enum MHD_Result send_reply(struct taxii_ask *a, struct reply *r) {
    char time[TAXII_TIME_SIZE + 1];
    if (r->body.failed || !r->body.size) buf_free(&r->body);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        r->body.size, r->body.at, r->body.size ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (!response) {
        buf_free(&r->body);
        return MHD_NO;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, MEDIA_TYPE);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (r->status == MHD_HTTP_UNAUTHORIZED) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE,
                                "Basic realm=\"parley\", charset=\"UTF-8\"");
        MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer realm=\"parley\"");
    }
    if (r->page.count) {
        MHD_add_response_header(response, "X-TAXII-Date-Added-First", taxii_time(r->page.first_added, time).at);
        MHD_add_response_header(response, "X-TAXII-Date-Added-Last", taxii_time(r->page.last_added, time).at);
    }
    guest_enter(&a->server->guests, taxii_guest(a->connection), GUEST_ANSWER, r->body.size);
    enum MHD_Result result = MHD_queue_response(a->connection, r->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result send_json(struct taxii_ask *a, unsigned status, json_t *taken) {
    struct reply r = {.status = status, .body.max = TAXII_PAGE_BYTES};
    json_canonical(taken, &r.body);
    json_decref(taken);
    return send_reply(a, &r);
}

enum MHD_Result taxii_answer_error(struct taxii_ask *a, unsigned status, const char *title, const char *why) {
    char number[8];
    json_t *object = json_object();
    snprintf(number, sizeof number, "%u", status);
    json_put_text(object, "title", text_of(title));
    if (why && json_is_text(text_of(why))) json_put_text_if(object, "description", text_of(why));
    json_put_text(object, "http_status", text_of(number));
    return send_json(a, status, object);
}

static enum MHD_Result not_found(struct taxii_ask *a) {
    return taxii_answer_error(a, MHD_HTTP_NOT_FOUND, _("not found"), NULL);
}

/* What went wrong on our side, or was asked for wrongly. */
static enum MHD_Result answer_fault(struct taxii_ask *a, enum error code, const struct diag *d) {
    unsigned status = code == ERR_INPUT || code == ERR_USAGE ? MHD_HTTP_BAD_REQUEST : (unsigned)error_http_status(code);
    return taxii_answer_error(a, status, gettext(error_sentence(code)), d->text);
}

static const char *header(struct taxii_ask *a, const char *name) {
    return MHD_lookup_connection_value(a->connection, MHD_HEADER_KIND, name);
}

/* ---- what there is */

static const struct {
    const char *alias, *title, *meaning;
} collections[TAXII_COLLECTIONS] = {
    [TAXII_THEIRS] = {"theirs", N_("What they claimed"), N_("claims of the other sides, with their facts")},
    [TAXII_OURS] = {"ours", N_("What we claimed"), N_("one's own claims, with their facts")},
    [TAXII_FINDINGS] = {"findings", N_("Findings"), N_("what either side found of a fact, and opinions on claims")},
    [TAXII_FACTS] = {"facts", N_("Facts"), N_("facts of all claims: observed data and observables")},
    [TAXII_DRAFTS] = {"drafts", N_("Drafts"), N_("what is added here becomes drafts of claims, and is never sent")},
};

static void collection_id(enum taxii_collection c, char out[static 37]) {
    struct text name = text_of(collections[c].alias);
    stix_uuid5(STIX_PARLEY_NAMESPACE, bytes_from_text(name), out);
}

static bool find_collection(struct text id, enum taxii_collection *out) {
    for (int c = 0; c < TAXII_COLLECTIONS; c++) {
        char uuid[37];
        collection_id((enum taxii_collection)c, uuid);
        if (!text_is(id, uuid) && !text_is(id, collections[c].alias)) continue;
        *out = (enum taxii_collection)c;
        return true;
    }
    return false;
}

static json_t *collection_json(const struct taxii_ask *a, enum taxii_collection c) {
    char id[37];
    json_t *object = json_object(), *types = json_array();
    collection_id(c, id);
    json_put_text(object, "id", text_of(id));
    json_put_text(object, "title", text_of(gettext(collections[c].title)));
    json_put_text(object, "description", text_of(gettext(collections[c].meaning)));
    json_put_text(object, "alias", text_of(collections[c].alias));
    json_put_bool(object, "can_read", c != TAXII_DRAFTS);
    json_put_bool(object, "can_write", c == TAXII_DRAFTS && a->server->options->drafts);
    json_add_text(types, TEXT(OBJECT_TYPE));
    json_put(object, "media_types", types);
    return object;
}

struct asked { /* the parts of a path below a collection */
    enum taxii_collection collection;
    struct text object;
};

static enum MHD_Result answer_discovery(struct taxii_ask *a) {
    json_t *object = json_object(), *roots = json_array();
    json_put_text(object, "title", text_of(a->server->options->title));
    json_put_text(object, "description", TEXT("parley " PARLEY_VERSION));
    json_put_text(object, "default", TEXT("/parley/"));
    json_add_text(roots, TEXT("/parley/"));
    json_put(object, "api_roots", roots);
    return send_json(a, MHD_HTTP_OK, object);
}

static enum MHD_Result answer_root(struct taxii_ask *a) {
    json_t *object = json_object(), *versions = json_array();
    json_put_text(object, "title", text_of(a->server->options->title));
    json_add_text(versions, TEXT(MEDIA_TYPE));
    json_put(object, "versions", versions);
    json_put_u64(object, "max_content_length", TAXII_BODY_MAX);
    return send_json(a, MHD_HTTP_OK, object);
}

static enum MHD_Result answer_collections(struct taxii_ask *a) {
    json_t *object = json_object(), *list = json_array();
    for (int c = 0; c < TAXII_COLLECTIONS; c++) json_add(list, collection_json(a, (enum taxii_collection)c));
    json_put(object, "collections", list);
    return send_json(a, MHD_HTTP_OK, object);
}

static enum MHD_Result answer_status(struct taxii_ask *a, struct text id) {
    struct reply r = {.status = MHD_HTTP_OK, .body.max = TAXII_PAGE_BYTES};
    struct taxii_store *store = NULL;
    struct diag d = {0};
    enum error result = taxii_take_store(a->server, &store, &d);
    if (!result) result = taxii_store_status(store, id, &r.body, &d);
    taxii_give_store(a->server, store);
    if (!result) return send_reply(a, &r);
    buf_free(&r.body);
    return result == ERR_MISSING ? not_found(a) : answer_fault(a, result, &d);
}

/* ---- pages */

struct asking { /* reading a query */
    struct taxii_filter filter;
    enum error result;
    struct diag diag;
};

static enum MHD_Result take_argument(void *state, enum MHD_ValueKind kind, const char *name, const char *value) {
    struct asking *q = state;
    (void)kind;
    q->result = taxii_query_take(&q->filter, text_of(name), text_of(value), &q->diag);
    return q->result ? MHD_NO : MHD_YES;
}

struct paging {
    struct buf *out;
    bool begun;
};

static void comma(struct paging *p) {
    if (p->begun) buf_char(p->out, ',');
    p->begun = true;
}

static bool put_object(void *state, const struct taxii_row *row) {
    struct paging *p = state;
    if (p->begun && p->out->size + row->object.size > TAXII_PAGE_BYTES) return false;
    comma(p);
    buf_bytes(p->out, row->object);
    return true;
}

/* Ids and versions are of canonical JSON: what must be escaped is not in them (checked as they are written). */
static bool put_manifest(void *state, const struct taxii_row *row) {
    struct paging *p = state;
    char time[TAXII_TIME_SIZE + 1];
    comma(p);
    buf_format(p->out,
               "{\"date_added\":\"%s\",\"id\":\"%.*s\",\"media_type\":\"" OBJECT_TYPE "\",\"version\":\"%.*s\"}",
               taxii_time(row->added, time).at, TEXT_ARG(row->id), TEXT_ARG(row->version));
    return true;
}

static bool put_version(void *state, const struct taxii_row *row) {
    struct paging *p = state;
    comma(p);
    buf_format(p->out, "\"%.*s\"", TEXT_ARG(row->version));
    return true;
}

enum resource { RESOURCE_OBJECTS, RESOURCE_MANIFEST, RESOURCE_VERSIONS };
static const struct {
    const char *member;
    bool (*put)(void *state, const struct taxii_row *row);
} resources[] = {
    [RESOURCE_OBJECTS] = {"objects", put_object},
    [RESOURCE_MANIFEST] = {"objects", put_manifest},
    [RESOURCE_VERSIONS] = {"versions", put_version},
};

static enum error read_page(struct taxii_ask *a, const struct asked *of, const struct taxii_filter *f,
                            enum resource what, struct reply *r, struct diag *d) {
    struct paging p = {.out = &r->body};
    struct taxii_store *store = NULL;
    bool there = true;
    buf_format(&r->body, "{\"%s\":[", resources[what].member);
    enum error result = taxii_take_store(a->server, &store, d);
    if (!result && of->object.size) result = taxii_store_has(store, of->collection, of->object, &there, d);
    if (!result && !there) result = fail(d, ERR_MISSING, _("there is no such object"));
    if (!result) result = taxii_store_page(store, of->collection, f, resources[what].put, &p, &r->page, d);
    taxii_give_store(a->server, store);
    buf_char(&r->body, ']');
    if (!r->page.count && !r->page.more) { /* what is empty is left out */
        buf_clear(&r->body);
        buf_string(&r->body, "{\"more\":false}");
        return result;
    }
    buf_format(&r->body, ",\"more\":%s", r->page.more ? "true" : "false");
    if (r->page.more) buf_format(&r->body, ",\"next\":\"%llu\"", (unsigned long long)r->page.last);
    buf_char(&r->body, '}');
    return result ? result : buf_check(&r->body, d);
}

static enum MHD_Result answer_page(struct taxii_ask *a, const struct asked *of, enum resource what) {
    struct reply r = {.status = MHD_HTTP_OK, .body.max = 2 * TAXII_PAGE_BYTES + (64 << 20)};
    struct asking q = {.filter = taxii_filter_all()};
    if (of->collection == TAXII_DRAFTS)
        return taxii_answer_error(a, MHD_HTTP_FORBIDDEN, _("this collection is not to be read"), NULL);
    MHD_get_connection_values(a->connection, MHD_GET_ARGUMENT_KIND, take_argument, &q);
    if (q.result) return answer_fault(a, q.result, &q.diag);
    if (of->object.size) {
        q.filter.ids[0] = of->object;
        q.filter.id_count = 1;
        q.filter.type_count = 0;
    }
    if (what == RESOURCE_VERSIONS) q.filter.versions = TAXII_ALL;
    if (!q.filter.versions && !q.filter.at_count) q.filter.versions = TAXII_LAST;
    enum error result = read_page(a, of, &q.filter, what, &r, &q.diag);
    if (!result) return send_reply(a, &r);
    buf_free(&r.body);
    return result == ERR_MISSING ? not_found(a) : answer_fault(a, result, &q.diag);
}

/* ---- adding */

static json_t *detail_of(const json_t *object) {
    json_t *detail = json_object();
    struct text version = json_text(object, "modified");
    if (!version.size) version = json_text(object, "created");
    json_put_text(detail, "id", json_text(object, "id"));
    json_put_text_if(detail, "version", version);
    return detail;
}

static bool is_object(const json_t *object) {
    return json_text(object, "id").size && json_text(object, "type").size &&
           text_is(json_text(object, "spec_version"), "2.1");
}

static json_t *status_json(const char *id, const json_t *objects) {
    char time[TAXII_TIME_SIZE + 1];
    json_t *status = json_object(), *pendings = json_array(), *one;
    size_t i;
    json_array_foreach(objects, i, one) json_add(pendings, detail_of(one));
    json_put_text(status, "id", text_of(id));
    json_put_text(status, "status", TEXT("pending"));
    json_put_text(status, "request_timestamp", taxii_time(os_now_precise(), time));
    json_put_u64(status, "total_count", json_array_size(objects));
    json_put_u64(status, "success_count", 0);
    json_put_u64(status, "failure_count", 0);
    json_put_u64(status, "pending_count", json_array_size(objects));
    json_put(status, "pendings", pendings);
    return status;
}

static enum MHD_Result take_objects(struct taxii_ask *a, const json_t *objects) {
    struct reply r = {.status = MHD_HTTP_ACCEPTED, .body.max = TAXII_PAGE_BYTES};
    struct taxii_store *store = NULL;
    struct random random = random_system();
    struct diag d = {0};
    char id[37];
    random_uuid(&random, id);
    json_t *status = status_json(id, objects);
    json_canonical(status, &r.body);
    json_decref(status);
    enum error result = buf_check(&r.body, &d);
    if (!result) result = taxii_take_store(a->server, &store, &d);
    if (!result) result = taxii_store_take(store, text_of(id), buf_as_bytes(&r.body), buf_as_bytes(&a->body), &d);
    taxii_give_store(a->server, store);
    if (!result) return send_reply(a, &r);
    buf_free(&r.body);
    return answer_fault(a, result, &d);
}

static enum MHD_Result add_body(struct taxii_ask *a) {
    json_t *envelope = NULL, *objects, *one;
    struct diag d = {0};
    bool fits = true;
    size_t i;
    if (json_read(buf_as_bytes(&a->body), &envelope, &d))
        return taxii_answer_error(a, MHD_HTTP_BAD_REQUEST, _("this is no JSON"), d.text);
    objects = json_list(envelope, "objects");
    json_array_foreach(objects, i, one) fits = fits && is_object(one);
    enum MHD_Result result =
        json_array_size(objects) && fits
            ? take_objects(a, objects)
            : taxii_answer_error(a, MHD_HTTP_UNPROCESSABLE_CONTENT, _("this can't be taken"),
                                 _("expected an envelope with objects of STIX 2.1, each with id and type"));
    json_decref(envelope);
    return result;
}

static enum MHD_Result answer_add(struct taxii_ask *a, const struct asked *of) {
    const char *type = header(a, MHD_HTTP_HEADER_CONTENT_TYPE);
    if (of->collection != TAXII_DRAFTS || !a->server->options->drafts)
        return taxii_answer_error(a, MHD_HTTP_FORBIDDEN, _("nothing can be added to this collection"), NULL);
    if (!taxii_is_content(text_of(type)))
        return taxii_answer_error(a, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, _("another media type"),
                                  _("expected application/taxii+json;version=2.1"));
    if (a->too_large || json_values_end(buf_as_bytes(&a->body), TAXII_VALUES_MAX) < a->body.size)
        return taxii_answer_error(a, MHD_HTTP_CONTENT_TOO_LARGE, _("larger than the limit"), NULL);
    pthread_mutex_lock(&a->server->adding); /* one at a time has its JSON in memory */
    enum MHD_Result result = add_body(a);
    pthread_mutex_unlock(&a->server->adding);
    return result;
}

/* ---- paths */

static bool take_part(struct text *path, struct text *part) {
    while (text_skip(path, TEXT("/"))) continue;
    size_t end = text_find(*path, '/');
    *part = text_sub(*path, 0, end);
    *path = text_sub(*path, end, path->size);
    return part->size > 0;
}

static enum MHD_Result wrong_method(struct taxii_ask *a) {
    return taxii_answer_error(a, MHD_HTTP_METHOD_NOT_ALLOWED, _("this method is not for that"), NULL);
}

static enum MHD_Result answer_objects(struct taxii_ask *a, struct asked *of, struct text rest) {
    struct text part;
    bool get = !strcmp(a->method, "GET");
    if (!take_part(&rest, &of->object)) {
        if (!strcmp(a->method, "POST")) return answer_add(a, of);
        return get ? answer_page(a, of, RESOURCE_OBJECTS) : wrong_method(a);
    }
    if (!take_part(&rest, &part)) {
        if (!strcmp(a->method, "DELETE"))
            return taxii_answer_error(a, MHD_HTTP_FORBIDDEN, _("what was said can't be deleted"), NULL);
        return get ? answer_page(a, of, RESOURCE_OBJECTS) : wrong_method(a);
    }
    if (!text_is(part, "versions") || take_part(&rest, &part)) return not_found(a);
    return get ? answer_page(a, of, RESOURCE_VERSIONS) : wrong_method(a);
}

static enum MHD_Result answer_collection(struct taxii_ask *a, struct text rest) {
    struct asked of = {0};
    struct text part;
    bool get = !strcmp(a->method, "GET");
    if (!take_part(&rest, &part)) return get ? answer_collections(a) : wrong_method(a);
    if (!find_collection(part, &of.collection)) return not_found(a);
    if (!take_part(&rest, &part))
        return get ? send_json(a, MHD_HTTP_OK, collection_json(a, of.collection)) : wrong_method(a);
    if (text_is(part, "objects")) return answer_objects(a, &of, rest);
    if (!text_is(part, "manifest") || take_part(&rest, &part)) return not_found(a);
    return get ? answer_page(a, &of, RESOURCE_MANIFEST) : wrong_method(a);
}

static enum MHD_Result answer_path(struct taxii_ask *a, struct text rest) {
    struct text part, id;
    bool get = !strcmp(a->method, "GET");
    if (!take_part(&rest, &part)) return not_found(a);
    if (text_is(part, "taxii2"))
        return take_part(&rest, &part) ? not_found(a) : get ? answer_discovery(a) : wrong_method(a);
    if (!text_is(part, "parley")) return not_found(a);
    if (!take_part(&rest, &part)) return get ? answer_root(a) : wrong_method(a);
    if (text_is(part, "collections")) return answer_collection(a, rest);
    if (!text_is(part, "status") || !take_part(&rest, &id) || take_part(&rest, &part)) return not_found(a);
    return get ? answer_status(a, id) : wrong_method(a);
}

bool taxii_admits(struct taxii_ask *a) {
    return taxii_access_admits(a->server->options->access, text_of(header(a, MHD_HTTP_HEADER_AUTHORIZATION)), a->who);
}

enum MHD_Result taxii_answer(struct taxii_ask *a, const char *path) {
    const char *accept = header(a, MHD_HTTP_HEADER_ACCEPT);
    if (!a->admitted) return taxii_answer_error(a, MHD_HTTP_UNAUTHORIZED, _("a name and its secret are needed"), NULL);
    if (!taxii_accepts(text_of(accept)))
        return taxii_answer_error(a, MHD_HTTP_NOT_ACCEPTABLE, _("another media type"),
                                  _("expected application/taxii+json;version=2.1"));
    if (header(a, MHD_HTTP_HEADER_RANGE))
        return taxii_answer_error(a, MHD_HTTP_RANGE_NOT_SATISFIABLE, _("TAXII 2.1 has no ranges: limit and next page"),
                                  NULL);
    return answer_path(a, text_of(path));
}
