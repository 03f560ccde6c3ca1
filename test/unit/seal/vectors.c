/* Every CCTV age vector that concerns X25519, scrypt, the header, its MAC, armor and the payload.  Vectors of recipient
 * types that this version lacks (hybrid…, tag…) are left out, by name. */
#include "unit.h"

#include <stdio.h>
#include <zlib.h>

#include "base/os.h"
#include "base/secret.h"
#include "seal/seal.h"

enum { VECTOR_MAX = 64 << 20, IDENTITIES_MAX = 16 };

struct vector {
    struct text expect, payload, passphrase;
    struct seal_identity *identities[IDENTITIES_MAX];
    size_t identity_count;
    bool compressed, armored, known;
    struct bytes file;
};

static void read_line(struct vector *v, struct text line) {
    struct text key;
    assert_true(text_cut(&line, ':', &key) && text_skip(&line, TEXT(" ")));
    if (text_is(key, "expect")) v->expect = line;
    if (text_is(key, "payload")) v->payload = line;
    if (text_is(key, "passphrase")) v->passphrase = line;
    if (text_is(key, "armored")) v->armored = true;
    if (text_is(key, "compressed")) v->compressed = true;
    if (text_is(key, "identity") && seal_identity_read(line, &v->identities[v->identity_count], NULL) == OK)
        v->identity_count++;
}

static void read_vector(struct bytes b, struct vector *v, struct buf *inflated) {
    struct text t = text_from_bytes(b), line;
    while (text_line(&t, &line) && line.size) read_line(v, line);
    v->file = bytes_from_text(t);
    if (!v->compressed) return;
    uLongf size = VECTOR_MAX;
    uint8_t *room = buf_extend(inflated, VECTOR_MAX);
    assert_non_null(room);
    assert_int_equal(uncompress(room, &size, v->file.at, v->file.size), Z_OK);
    v->file = bytes_of(room, size);
}

static const char *layer_word(enum seal_layer layer) {
    static const char *const words[] = {"success",  "armor failure", "header failure",
                                        "no match", "HMAC failure",  "payload failure"};
    return words[layer];
}

/* Text before the armor makes it no armor for a reader that is not told to expect one. */
static bool as_expected(const struct vector *v, enum seal_layer layer) {
    return text_is(v->expect, layer_word(layer)) ||
           (v->armored && text_is(v->expect, "armor failure") && layer == SEAL_HEADER);
}

static bool run(const char *name, struct bytes b) {
    struct vector v = {0};
    struct buf inflated = {.max = VECTOR_MAX}, plain = {.max = VECTOR_MAX};
    read_vector(b, &v, &inflated);
    struct opener with = {.identities = v.identities, .count = v.identity_count, .passphrase = v.passphrase};
    enum seal_layer layer;
    struct diag d = {0};
    struct bytes rest = v.file;
    enum error result = seal_open_stream(&with, seal_source_bytes(&rest), seal_sink_buf(&plain), NULL, &layer, &d);
    bool good = as_expected(&v, layer) && (result == OK) == (layer == SEAL_NO_LAYER);
    if (v.payload.size) {
        struct sha256 hash = sha256_of(buf_as_bytes(&plain));
        char hex[SHA256_HEX];
        good = good && text_equal(sha256_hex(&hash, hex), v.payload);
    }
    if (!good) print_error("%s: expected %.*s, found %s (%s)\n", name, TEXT_ARG(v.expect), layer_word(layer), d.text);
    for (size_t i = 0; i < v.identity_count; i++) seal_identity_free(v.identities[i]);
    buf_free(&inflated);
    buf_free(&plain);
    return good;
}

static bool left_out(struct text name) {
    static const char *const types[] = {"hybrid", "mlkem", "tag", "p256", "armor_hybrid"};
    for (size_t i = 0; i < COUNT(types); i++)
        if (text_starts(name, text_of(types[i]))) return true;
    return false;
}

static void every_vector_gives_what_it_says(void **state) {
    (void)state;
    const char *folder = getenv("PARLEY_AGE_VECTORS");
    if (!folder) {
        print_message("skipped: PARLEY_AGE_VECTORS does not name a folder with the CCTV age vectors\n");
        skip();
    }
    struct buf names = {.max = 1 << 20}, file = {.max = VECTOR_MAX};
    assert_int_equal(os_list(folder, &names, NULL), OK);
    size_t count = 0, wrong = 0;
    for (const char *name = (const char *)names.at; name < (const char *)names.at + names.size;
         name += strlen(name) + 1) {
        char path[OS_PATH_MAX];
        if (left_out(text_of(name)) || strchr(name, '.')) continue;
        buf_clear(&file);
        assert_int_equal(os_read(os_path(path, folder, name), VECTOR_MAX, &file, NULL), OK);
        count++;
        wrong += !run(name, buf_as_bytes(&file));
    }
    print_message("%zu vectors, %zu differ\n", count, wrong);
    buf_free(&names);
    buf_free(&file);
    assert_true(count > 100);
    assert_int_equal(wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_vector_gives_what_it_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
