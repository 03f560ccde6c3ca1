/* TAXII: a client walks everything while objects are added, and misses and repeats nothing; queries, media types,
 * names.
 *
 * The server runs in a process of its own; this one adds to its store and asks by libcurl. */
#include "unit.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os.h"
#include "stix/stix.h"
#include "web/taxii.h"
#include "web/taxii_guests.h"

enum { OBJECTS = 1200, KINDS = 3, KNOCKS = 400 };

struct kit {
    char folder[64], store_path[128], access[128], url[128], secret[TAXII_SECRET_SIZE + 1];
    uint8_t key[TAXII_KEY_SIZE];
    struct taxii_store *store;
    pid_t server;
    int pipe;
    CURL *curl;
    struct curl_slist *headers;
    uint64_t made;
    struct buf answer, head;
};

/* ---- objects */

static json_t *object_of(uint64_t n, unsigned version) {
    static const char *const types[KINDS] = {"indicator", "note", "url"};
    const char *type = types[n % KINDS];
    char name[32], time[STIX_TIME_MAX];
    snprintf(name, sizeof name, "%llu", (unsigned long long)n);
    struct stix_id id = stix_id_of(type, text_of(name));
    struct stix s = stix_begin((1772366400 + (instant)version) * INSTANT_SECOND, TLP_NONE, (struct text){0});
    json_t *object = n % KINDS == 2 ? json_object() : stix_object(&s, type, id);
    if (n % KINDS == 2) json_put_text(object, "type", text_of(type));
    json_put_text(object, "id", text_of(id.at));
    json_put_text(object, "value", text_of(name));
    if (n % KINDS != 2) json_put_text(object, "created", stix_time(1772366400 * INSTANT_SECOND, time));
    stix_free(&s);
    return object;
}

/* All at one time by the clock, as a batch is. */
static void add(struct kit *k, enum taxii_collection c, uint64_t count) {
    assert_int_equal(taxii_store_begin(k->store, NULL), OK);
    for (uint64_t i = 0; i < count; i++) {
        json_t *object = object_of(k->made++, 0);
        assert_int_equal(taxii_store_put(k->store, c, object, false, 1772366400 * INSTANT_SECOND, NULL), OK);
        assert_int_equal(taxii_store_put(k->store, c, object, false, 1772366400 * INSTANT_SECOND, NULL), OK); /* once */
        json_decref(object);
    }
    assert_int_equal(taxii_store_commit(k->store, NULL), OK);
}

/* ---- the server */

static void told(void *state, const char *url) {
    const struct kit *k = state;
    assert_true(write(k->pipe, url, strlen(url) + 1) > 0);
}
static bool tick(void *state) {
    (void)state;
    return getppid() != 1;
}

_Noreturn static void run_server(struct kit *k) {
    struct random random = random_system();
    const struct taxii_options o = {.listen = "127.0.0.1:0",
                                    .store = k->store_path,
                                    .store_key = k->key,
                                    .access = k->access,
                                    .title = "cert.north.example",
                                    .drafts = true,
                                    .random = &random,
                                    .told = told,
                                    .tick = tick,
                                    .state = k};
    _exit((int)taxii_run(&o, NULL));
}

static size_t take(char *at, size_t size, size_t count, void *into) {
    buf_bytes(into, bytes_of(at, size * count));
    return size * count;
}

static int start(void **state) {
    struct kit *k = calloc(1, sizeof *k);
    struct random random = random_system();
    int ends[2];
    k->answer.max = k->head.max = 64 << 20;
    strcpy(k->folder, "/tmp/taxii-XXXXXX");
    if (!mkdtemp(k->folder) || pipe(ends)) return -1;
    snprintf(k->store_path, sizeof k->store_path, "%s/objects", k->folder);
    snprintf(k->access, sizeof k->access, "%s/access", k->folder);
    memset(k->key, 7, sizeof k->key);
    k->pipe = ends[1];
    if (taxii_access_add(k->access, TEXT("siem"), &random, k->secret, NULL)) return -1;
    k->server = fork();
    if (!k->server) run_server(k);
    if (read(ends[0], k->url, sizeof k->url) <= 0) return -1;
    close(ends[0]);
    close(ends[1]);
    *strstr(k->url, "/taxii2/") = 0;
    if (taxii_store_open(k->store_path, k->key, &k->store, NULL)) return -1;
    char line[128];
    snprintf(line, sizeof line, "Authorization: Bearer %s", k->secret);
    k->curl = curl_easy_init();
    k->headers = curl_slist_append(curl_slist_append(NULL, line), "Accept: application/taxii+json;version=2.1");
    curl_easy_setopt(k->curl, CURLOPT_HTTPHEADER, k->headers);
    curl_easy_setopt(k->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(k->curl, CURLOPT_WRITEDATA, &k->answer);
    curl_easy_setopt(k->curl, CURLOPT_HEADERFUNCTION, take);
    curl_easy_setopt(k->curl, CURLOPT_HEADERDATA, &k->head);
    curl_easy_setopt(k->curl, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(k->curl, CURLOPT_TCP_NODELAY, 1L);
    *state = k;
    return 0;
}

static int stop(void **state) {
    struct kit *k = *state;
    kill(k->server, SIGTERM);
    waitpid(k->server, NULL, 0);
    taxii_store_close(k->store);
    curl_easy_cleanup(k->curl);
    curl_slist_free_all(k->headers);
    buf_free(&k->answer);
    buf_free(&k->head);
    int result = os_remove_tree(k->folder, NULL) ? -1 : 0;
    free(k);
    return result;
}

static long get(struct kit *k, const char *path, json_t **out) {
    char url[1024];
    long status = 0;
    snprintf(url, sizeof url, "%s%s", k->url, path);
    curl_easy_setopt(k->curl, CURLOPT_URL, url);
    buf_clear(&k->answer);
    buf_clear(&k->head);
    assert_int_equal(curl_easy_perform(k->curl), CURLE_OK);
    curl_easy_getinfo(k->curl, CURLINFO_RESPONSE_CODE, &status);
    assert_int_equal(json_read(buf_as_bytes(&k->answer), out, NULL), OK);
    return status;
}

/* ---- walking */

struct walk {
    const char *collection, *part, *match;
    bool by_time; /* by the time of the last object, not by next */
};

/* The value of X-TAXII-Date-Added-Last, whose characters need no escape in a URL but the colons, which may stand. */
static void last_added(struct kit *k, char out[static 64]) {
    size_t at = text_search(buf_as_text(&k->head), TEXT("X-TAXII-Date-Added-Last: "));
    assert_true(at != SIZE_MAX);
    snprintf(out, 64, "%.*s", TAXII_TIME_SIZE, (const char *)k->head.at + at + strlen("X-TAXII-Date-Added-Last: "));
}

static void see(json_t *seen, const char *id) {
    assert_null(json_object_get(seen, id)); /* nothing twice */
    json_put_bool(seen, id, true);
}

/* Walks to the end by pages of that size, adding objects after some of them; all ids that came. */
static json_t *walk(struct kit *k, const struct walk *w, unsigned limit, enum taxii_collection c, unsigned adds) {
    json_t *seen = json_object(), *page, *one;
    char path[512], from[96] = "", time[64];
    size_t i;
    for (unsigned pages = 0;; pages++) {
        snprintf(path, sizeof path, "/parley/collections/%s/%s/?limit=%u%s%s", w->collection, w->part, limit, w->match,
                 from);
        assert_int_equal(get(k, path, &page), 200);
        assert_true(json_array_size(json_list(page, "objects")) <= limit);
        json_array_foreach(json_list(page, "objects"), i, one) see(seen, json_string_value(json_object_get(one, "id")));
        bool more = json_bool(page, "more");
        if (more && w->by_time) {
            last_added(k, time);
            snprintf(from, sizeof from, "&added_after=%s", time);
        } else if (more) {
            snprintf(from, sizeof from, "&next=%s", json_string_value(json_object_get(page, "next")));
        }
        json_decref(page);
        if (!more) return seen;
        if (adds && pages % 3 == 0) {
            add(k, c, 5);
            adds--;
        }
    }
}

static void all_is_walked_whatever_the_page(void **state) {
    struct kit *k = *state;
    static const unsigned limits[] = {1, 7, 100, 999, 1000};
    static const struct walk ways[] = {{"ours", "objects", "", false},
                                       {"ours", "manifest", "", true},
                                       {"ours", "objects", "&match%5Btype%5D=url,note,indicator", true}};
    add(k, TAXII_OURS, OBJECTS);
    for (size_t i = 0; i < COUNT(limits); i++)
        for (size_t w = 0; w < COUNT(ways); w++) {
            if (limits[i] == 1 && w == 2) continue; /* for the time it takes */
            json_t *seen = walk(k, &ways[w], limits[i], TAXII_OURS, 4);
            assert_int_equal(json_object_size(seen), k->made);
            json_decref(seen);
        }
    json_t *seen = walk(k, &(struct walk){"ours", "objects", "&match%5Btype%5D=note", false}, 10, TAXII_OURS, 0);
    assert_int_equal(json_object_size(seen), (k->made + 1) / KINDS);
    json_decref(seen);
    seen = walk(k, &(struct walk){"theirs", "objects", "", false}, 10, TAXII_THEIRS, 0);
    assert_int_equal(json_object_size(seen), 0);
    json_decref(seen);
}

/* Every collection that is read, each by each way, at sampled sizes of pages; what one adds is not another's. */
static void every_collection_is_walked_in_every_way(void **state) {
    struct kit *k = *state;
    static const enum taxii_collection which[] = {TAXII_THEIRS, TAXII_FINDINGS, TAXII_FACTS};
    static const char *const names[] = {"theirs", "findings", "facts"};
    static const char *const parts[] = {"objects", "manifest"};
    static const struct {
        const char *match;
        unsigned share; /* of KINDS */
    } filters[] = {{"", KINDS},
                   {"&match%5Btype%5D=url", 1},
                   {"&match%5Btype%5D=note,indicator", 2},
                   {"&match%5Bversion%5D=all", KINDS},
                   {"&match%5Bspec_version%5D=2.1", KINDS}};
    static const unsigned limits[] = {2, 31, 64, 500, 1000};
    for (size_t c = 0; c < COUNT(which); c++) {
        uint64_t begun = k->made;
        add(k, which[c], 120); /* a multiple of KINDS, as what is added on the way is in the end */
        for (size_t n = 0; n < 2 * COUNT(filters) * 2; n++) {
            const struct walk w = {names[c], parts[n & 1], filters[n / 2 % COUNT(filters)].match,
                                   n >= 2 * COUNT(filters)};
            json_t *seen = walk(k, &w, limits[n % COUNT(limits)], which[c], KINDS);
            size_t held = (size_t)(k->made - begun), share = held * filters[n / 2 % COUNT(filters)].share / KINDS;
            /* Of a filter, how many of what was added last fit depends on where its kinds began. */
            assert_true(json_object_size(seen) + KINDS > share && json_object_size(seen) < share + KINDS);
            if (filters[n / 2 % COUNT(filters)].share == KINDS) assert_int_equal(json_object_size(seen), held);
            json_decref(seen);
        }
        assert_int_equal(taxii_store_clear(k->store, NULL), OK);
    }
}

static size_t count_of(struct kit *k, const char *path, const char *member) {
    json_t *page;
    assert_int_equal(get(k, path, &page), 200);
    size_t count = json_array_size(json_list(page, member));
    json_decref(page);
    return count;
}

static void versions_are_told_apart(void **state) {
    struct kit *k = *state;
    char path[256], id[STIX_ID_MAX];
    uint64_t n = 999 * KINDS;
    assert_int_equal(taxii_store_begin(k->store, NULL), OK);
    for (unsigned v = 0; v < 4; v++) {
        json_t *object = object_of(n, v);
        snprintf(id, sizeof id, "%s", json_string_value(json_object_get(object, "id")));
        assert_int_equal(taxii_store_put(k->store, TAXII_FACTS, object, false, 0, NULL), OK);
        json_decref(object);
    }
    assert_int_equal(taxii_store_commit(k->store, NULL), OK);
    const struct {
        const char *query;
        size_t count;
    } rows[] = {{"", 1},
                {"?match%5Bversion%5D=all", 4},
                {"?match%5Bversion%5D=first", 1},
                {"?match%5Bversion%5D=first,last", 2},
                {"?match%5Bversion%5D=2026-03-01T12:00:02.000Z", 1},
                {"?match%5Bversion%5D=2026-03-01T13:00:02.000Z", 0},
                {"?match%5Bspec_version%5D=2.0", 0},
                {"?match%5Bspec_version%5D=2.1,2.0", 1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("%s\n", rows[i].query);
        snprintf(path, sizeof path, "/parley/collections/facts/objects/%s/%s", id, rows[i].query);
        assert_int_equal(count_of(k, path, "objects"), rows[i].count);
        snprintf(path, sizeof path, "/parley/collections/facts/manifest/%s", rows[i].query);
        assert_int_equal(count_of(k, path, "objects"), rows[i].count);
    }
    snprintf(path, sizeof path, "/parley/collections/facts/objects/%s/versions/", id);
    assert_int_equal(count_of(k, path, "versions"), 4);
    snprintf(path, sizeof path, "/parley/collections/facts/objects/?match%%5Bid%%5D=%s,note--1", id);
    assert_int_equal(count_of(k, path, "objects"), 1);
}

static void what_is_cleared_does_not_confuse_who_goes_on(void **state) {
    struct kit *k = *state;
    json_t *page;
    char path[128], next[32];
    add(k, TAXII_THEIRS, 20);
    assert_int_equal(get(k, "/parley/collections/theirs/objects/?limit=15", &page), 200);
    snprintf(next, sizeof next, "%s", json_string_value(json_object_get(page, "next")));
    json_decref(page);
    assert_int_equal(taxii_store_clear(k->store, NULL), OK);
    k->made -= 20;
    add(k, TAXII_THEIRS, 20); /* the same ones, anew */
    snprintf(path, sizeof path, "/parley/collections/theirs/objects/?next=%s", next);
    assert_int_equal(count_of(k, path, "objects"), 20);
}

static void hostile_ids_are_no_objects(void **state) {
    struct kit *k = *state;
    json_t *object = object_of(1, 0);
    json_put_text(object, "id", TEXT("note--\"x\""));
    assert_int_equal(taxii_store_begin(k->store, NULL), OK);
    uint64_t before = taxii_store_count(k->store);
    assert_int_equal(taxii_store_put(k->store, TAXII_OURS, object, false, 0, NULL), OK);
    assert_int_equal(taxii_store_count(k->store), before);
    taxii_store_undo(k->store);
    json_decref(object);
}

static void a_store_of_another_key_is_made_anew(void **state) {
    struct kit *k = *state;
    char path[160];
    struct taxii_store *s;
    uint8_t other[TAXII_KEY_SIZE] = {9};
    snprintf(path, sizeof path, "%s/other", k->folder);
    assert_int_equal(taxii_store_open(path, k->key, &s, NULL), OK);
    assert_int_equal(taxii_store_begin(s, NULL), OK);
    json_t *object = object_of(1, 0);
    assert_int_equal(taxii_store_put(s, TAXII_OURS, object, false, 0, NULL), OK);
    json_decref(object);
    assert_int_equal(taxii_store_commit(s, NULL), OK);
    taxii_store_close(s);
    assert_int_equal(taxii_store_open(path, other, &s, NULL), OK);
    assert_int_equal(taxii_store_count(s), 0);
    taxii_store_close(s);
    assert_int_equal(os_write(path, bytes_of("no database", 11), 0600, NULL), OK);
    assert_int_equal(taxii_store_open(path, other, &s, NULL), OK);
    taxii_store_close(s);
}

/* ---- media types and names */

static void media_types_are_read_as_http_has_them(void **state) {
    (void)state;
    assert_true(taxii_accepts((struct text){0}));
    assert_true(taxii_accepts(TEXT("application/taxii+json;version=2.1")));
    assert_true(taxii_accepts(TEXT("text/html, Application/TAXII+json; Version=\"2.1\";q=0.3")));
    assert_true(taxii_accepts(TEXT("application/taxii+json")));
    assert_true(taxii_accepts(TEXT("*/*")));
    assert_false(taxii_accepts(TEXT("application/taxii+json;version=2.0")));
    assert_false(taxii_accepts(TEXT("application/taxii+json;version=2.1;q=0.0")));
    assert_false(taxii_accepts(TEXT("application/json, text/*")));
    assert_true(taxii_is_content(TEXT("application/taxii+json;version=2.1")));
    assert_false(taxii_is_content(TEXT("*/*")));
    assert_false(taxii_is_content((struct text){0}));
}

static void who_is_let_in_has_the_secret(void **state) {
    struct kit *k = *state;
    struct random random = random_system();
    char who[TAXII_NAME_MAX + 1], header[256], secret[TAXII_SECRET_SIZE + 1];
    snprintf(header, sizeof header, "bearer %s", k->secret);
    assert_true(taxii_access_admits(k->access, text_of(header), who));
    assert_string_equal(who, "siem");
    header[10] ^= 1;
    assert_false(taxii_access_admits(k->access, text_of(header), who));
    assert_false(taxii_access_admits(k->access, TEXT("Basic siem"), who));
    assert_false(taxii_access_admits(k->access, TEXT("Bearer "), who));
    assert_false(taxii_access_admits(k->access, (struct text){0}, who));
    assert_int_equal(taxii_access_add(k->access, TEXT("a b"), &random, secret, NULL), ERR_USAGE);
    assert_int_equal(taxii_access_add(k->access, TEXT("soar"), &random, secret, NULL), OK);
    assert_int_equal(taxii_access_remove(k->access, TEXT("soar"), NULL), OK);
    assert_int_equal(taxii_access_remove(k->access, TEXT("soar"), NULL), ERR_MISSING);
    snprintf(header, sizeof header, "Bearer %s", secret);
    assert_false(taxii_access_admits(k->access, text_of(header), who));
}

/* ---- connections */

static int knock(const struct kit *k) {
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)atoi(strrchr(k->url, ':') + 1)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(s >= 0);
    assert_int_equal(connect(s, (const struct sockaddr *)&at, sizeof at), 0);
    return s;
}

static void idle_strangers_keep_nobody_out(void **state) {
    struct kit *k = *state;
    static int strangers[KNOCKS];
    size_t open = 0;
    for (size_t i = 0; i < KNOCKS; i++) {
        strangers[i] = knock(k);
        if (i % 2) assert_int_equal(send(strangers[i], "GET ", 4, MSG_NOSIGNAL), 4);
    }
    curl_easy_setopt(k->curl, CURLOPT_FRESH_CONNECT, 1L);
    for (unsigned i = 0; i < 20; i++) assert_int_equal(count_of(k, "/taxii2/", "api_roots"), 1);
    curl_easy_setopt(k->curl, CURLOPT_FRESH_CONNECT, 0L);
    for (size_t i = 0; i < KNOCKS; i++) {
        struct pollfd at = {.fd = strangers[i], .events = POLLIN};
        open += poll(&at, 1, 0) == 0;
        close(strangers[i]);
    }
    assert_true(open <= GUEST_STRANGERS_OF_ADDRESS_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_walked_whatever_the_page),
        cmocka_unit_test(every_collection_is_walked_in_every_way),
        cmocka_unit_test(versions_are_told_apart),
        cmocka_unit_test(what_is_cleared_does_not_confuse_who_goes_on),
        cmocka_unit_test(hostile_ids_are_no_objects),
        cmocka_unit_test(a_store_of_another_key_is_made_anew),
        cmocka_unit_test(media_types_are_read_as_http_has_them),
        cmocka_unit_test(who_is_let_in_has_the_secret),
        cmocka_unit_test(idle_strangers_keep_nobody_out),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
