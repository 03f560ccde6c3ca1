/* Pages of 1,000 objects of the TAXII server, over HTTP on loopback, from a store of 1,000, 100,000 and 1,000,000
 * objects: all of a small one, and in large ones parts at the front, in the middle and at the end.
 * The measure is reading the same pages from a store of 1,000 objects: a flat server takes the same time. */
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os.h"
#include "bench.h"
#include "stix/stix.h"
#include "web/taxii.h"

enum { PAGE = 1000, PAGES = 50, SIZES = 3, BATCH = 10000, PATH = 128 };
static const uint64_t sizes[SIZES] = {1000, 100000, 1000000};

struct served { /* one store, and the process that serves it */
    char store[PATH], access[PATH], url[PATH], secret[TAXII_SECRET_SIZE + 1];
    uint64_t size;
    uint8_t key[TAXII_KEY_SIZE];
    pid_t server;
    int pipe;
    CURL *curl;
    struct curl_slist *headers;
    struct buf answer;
};
struct kit {
    char folder[64];
    struct served of[SIZES];
};

static json_t *object_of(uint64_t n) {
    char name[32];
    snprintf(name, sizeof name, "%llu.example", (unsigned long long)n);
    struct stix s = stix_begin(1772366400 * INSTANT_SECOND, TLP_AMBER, (struct text){0});
    json_t *object = stix_object(&s, "indicator", stix_id_of("indicator", text_of(name)));
    json_put_text(object, "pattern_type", TEXT("stix"));
    json_put_text(object, "pattern", TEXT("[domain-name:value = 'login.example']"));
    json_put_text(object, "valid_from", TEXT("2026-03-01T12:00:00.000Z"));
    json_put_text(object, "name", text_of(name));
    stix_free(&s);
    return object;
}

static void fill(struct served *v) {
    struct taxii_store *store;
    bench_need(!taxii_store_open(v->store, v->key, &store, NULL), "opening a store");
    for (uint64_t i = 0; i < v->size; i++) {
        if (i % BATCH == 0) bench_need(!taxii_store_begin(store, NULL), "beginning");
        json_t *object = object_of(i);
        bench_need(!taxii_store_put(store, TAXII_FACTS, object, false, 0, NULL), "adding an object");
        json_decref(object);
        if (i % BATCH == BATCH - 1 || i + 1 == v->size) bench_need(!taxii_store_commit(store, NULL), "committing");
    }
    taxii_store_close(store);
}

static void told(void *state, const char *url) {
    const struct served *v = state;
    bench_need(write(v->pipe, url, strlen(url) + 1) > 0, "telling the address");
}
static bool tick(void *state) {
    (void)state;
    return getppid() != 1;
}

static size_t take(char *at, size_t size, size_t count, void *into) {
    buf_bytes(into, bytes_of(at, size * count));
    return size * count;
}

static void serve(struct served *v) {
    struct random random = random_system();
    int ends[2];
    char line[128];
    bench_need(!pipe(ends) && !taxii_access_add(v->access, TEXT("bench"), &random, v->secret, NULL), "preparing");
    v->pipe = ends[1];
    v->server = fork();
    if (!v->server) {
        const struct taxii_options o = {.listen = "127.0.0.1:0",
                                        .store = v->store,
                                        .store_key = v->key,
                                        .access = v->access,
                                        .title = "bench",
                                        .random = &random,
                                        .told = told,
                                        .tick = tick,
                                        .state = v};
        _exit((int)taxii_run(&o, NULL));
    }
    bench_need(read(ends[0], v->url, sizeof v->url) > 0, "starting the server");
    close(ends[0]);
    close(ends[1]);
    *strstr(v->url, "/taxii2/") = 0;
    snprintf(line, sizeof line, "Authorization: Bearer %s", v->secret);
    v->curl = curl_easy_init();
    v->headers = curl_slist_append(NULL, line);
    curl_easy_setopt(v->curl, CURLOPT_HTTPHEADER, v->headers);
    curl_easy_setopt(v->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(v->curl, CURLOPT_WRITEDATA, &v->answer);
}

/* As many pages whatever the size: spread over the whole store. */
static void read_pages(struct served *v) {
    char url[256];
    uint64_t pages = v->size / PAGE;
    for (uint64_t i = 0; i < PAGES; i++) {
        uint64_t page = pages > 1 ? i * (pages - 1) / (PAGES - 1) : 0;
        snprintf(url, sizeof url, "%s/parley/collections/facts/objects/?next=%llu", v->url,
                 (unsigned long long)page * PAGE);
        curl_easy_setopt(v->curl, CURLOPT_URL, url);
        buf_clear(&v->answer);
        bench_need(curl_easy_perform(v->curl) == CURLE_OK, "reading a page");
        bench_need(v->answer.size > PAGE * 300 && !memcmp(v->answer.at, "{\"objects\":[", 12), "a whole page");
        bench_keep(v->answer.size);
    }
}

static void smallest(void *of) { read_pages(&((struct kit *)of)->of[0]); }
static void middle(void *of) { read_pages(&((struct kit *)of)->of[1]); }
static void largest(void *of) { read_pages(&((struct kit *)of)->of[2]); }

/* What the server itself took: on a busy machine the time above says less. */
static void tell_cpu(const struct served *v) {
    struct rusage used;
    bench_need(wait4(v->server, NULL, 0, &used) == v->server, "waiting for a server");
    double seconds = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                     (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    fprintf(stderr, "%llu objects: %.3f s of CPU of the server in all rounds\n", (unsigned long long)v->size, seconds);
}

int main(void) {
    static const struct way ways[] = {
        {"of 1,000 objects", smallest}, {"of 100,000 objects", middle}, {"of 1,000,000 objects", largest}};
    static struct kit k;
    strcpy(k.folder, "/tmp/bench-taxii-XXXXXX");
    bench_need(mkdtemp(k.folder), "making a folder");
    for (size_t i = 0; i < SIZES; i++) {
        struct served *v = &k.of[i];
        v->size = sizes[i];
        v->answer.max = 64 << 20;
        snprintf(v->store, sizeof v->store, "%s/objects-%zu", k.folder, i);
        snprintf(v->access, sizeof v->access, "%s/access-%zu", k.folder, i);
        fill(v);
        serve(v);
    }
    bench_compare("TAXII, pages of 1,000 objects", (double)PAGES * PAGE, "objects", ways, COUNT(ways), &k);
    for (size_t i = 0; i < SIZES; i++) {
        kill(k.of[i].server, SIGTERM);
        tell_cpu(&k.of[i]);
        curl_easy_cleanup(k.of[i].curl);
        curl_slist_free_all(k.of[i].headers);
        buf_free(&k.of[i].answer);
    }
    bench_need(!os_remove_tree(k.folder, NULL), "removing the folder");
    return 0;
}
