/* Ids, times, and the bundle. */
#include "stix/stix.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

enum { UUID_SIZE = 16, UUID_TEXT = 36, SHA1_SIZE = 20 };

/* A UUID's 36 characters to its bytes; ours to get right. */
static void read_uuid(const char *t, uint8_t out[static UUID_SIZE]) {
    size_t size = 0;
    for (size_t i = 0; i < UUID_TEXT; i++) {
        if (t[i] == '-') continue;
        unsigned byte;
        int taken = sscanf(t + i, "%2x", &byte);
        ASSERT(taken == 1 && size < UUID_SIZE);
        out[size++] = (uint8_t)byte;
        i++;
    }
    ASSERT(size == UUID_SIZE);
}

static void write_uuid(const uint8_t u[static UUID_SIZE], char out[static UUID_TEXT + 1]) {
    size_t at = 0;
    for (size_t i = 0; i < UUID_SIZE; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out[at++] = '-';
        snprintf(out + at, 3, "%02x", u[i]);
        at += 2;
    }
}

/* SHA-1 because version 5 is made of it; nothing rests on its strength. */
void stix_uuid5(const char *namespace, struct bytes name, char out[static 37]) {
    uint8_t space[UUID_SIZE], digest[SHA1_SIZE];
    read_uuid(namespace, space);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    ASSERT(context);
    int done = EVP_DigestInit_ex(context, EVP_sha1(), NULL) && EVP_DigestUpdate(context, space, sizeof space) &&
               EVP_DigestUpdate(context, name.at, name.size) && EVP_DigestFinal_ex(context, digest, NULL);
    EVP_MD_CTX_free(context);
    ASSERT(done);
    digest[6] = (uint8_t)((digest[6] & 0x0f) | 0x50);
    digest[8] = (uint8_t)((digest[8] & 0x3f) | 0x80);
    write_uuid(digest, out);
}

static struct stix_id id_in(const char *namespace, const char *type, struct bytes name) {
    char uuid[UUID_TEXT + 1];
    struct stix_id id;
    stix_uuid5(namespace, name, uuid);
    snprintf(id.at, sizeof id.at, "%s--%s", type, uuid);
    return id;
}

struct stix_id stix_id_of(const char *type, struct text name) {
    return id_in(STIX_PARLEY_NAMESPACE, type, bytes_from_text(name));
}

struct stix_id stix_observable_id(const char *type, const json_t *properties) {
    struct buf canonical = {.max = JSON_MAX_BYTES};
    json_canonical(properties, &canonical);
    ASSERT(!canonical.failed);
    struct stix_id id = id_in(STIX_OBSERVABLE_NAMESPACE, type, buf_as_bytes(&canonical));
    buf_free(&canonical);
    return id;
}

struct text stix_time(instant i, char out[static STIX_TIME_MAX]) {
    instant within = i % INSTANT_SECOND, millis = (within + (within < 0 ? INSTANT_SECOND : 0)) / 1000;
    char whole[INSTANT_TEXT_MAX];
    struct text seconds = instant_write(i - within - (within < 0 ? INSTANT_SECOND : 0), whole);
    ASSERT(seconds.size);
    int size = snprintf(out, STIX_TIME_MAX, "%.*s.%03" PRId64 "Z", (int)seconds.size - 1, whole, millis);
    return (struct text){out, (size_t)size};
}

bool stix_read_time(struct text t, instant *out) {
    instant read;
    if (!instant_read(t, &read)) return false;
    instant within = read % 1000;
    *out = read - within - (within < 0 ? 1000 : 0);
    return true;
}

struct stix stix_begin(instant created, enum tlp tlp, struct text lang) {
    return (struct stix){.objects = json_array(), .ids = json_object(), .created = created, .tlp = tlp, .lang = lang};
}

void stix_free(struct stix *s) {
    json_decref(s->objects);
    json_decref(s->ids);
    s->objects = s->ids = NULL;
}

void stix_add(struct stix *s, json_t *taken) {
    const char *id = json_string_value(json_object_get(taken, "id"));
    if (id && json_object_get(s->ids, id)) {
        json_decref(taken);
        return;
    }
    if (id) json_put_bool(s->ids, id, true);
    json_add(s->objects, taken);
}

json_t *stix_object(const struct stix *s, const char *type, struct stix_id id) {
    char time[STIX_TIME_MAX];
    json_t *object = json_object();
    json_put_text(object, "type", text_of(type));
    json_put_text(object, "spec_version", TEXT("2.1"));
    json_put_text(object, "id", text_of(id.at));
    json_put_text(object, "created", stix_time(s->created, time));
    json_put_text(object, "modified", stix_time(s->created, time));
    json_put_text_if(object, "created_by_ref", text_of(s->author.at));
    json_put_text_if(object, "lang", s->lang);
    if (s->tlp != TLP_NONE) {
        json_t *marks = json_array();
        json_add_text(marks, text_of(tlp_marking_id(s->tlp)));
        json_put(object, "object_marking_refs", marks);
    }
    return object;
}

void stix_write(const struct stix *s, struct buf *out) {
    struct buf objects = {.max = out->max};
    json_canonical(s->objects, &objects);
    struct sha256 content = sha256_of(buf_as_bytes(&objects));
    struct stix_id id = id_in(STIX_PARLEY_NAMESPACE, "bundle", sha256_bytes(&content));
    if (objects.failed) out->failed = true;
    /* The members in canonical order: id, objects, type. */
    buf_format(out, "{\"id\":\"%s\",\"objects\":", id.at);
    buf_bytes(out, buf_as_bytes(&objects));
    buf_string(out, ",\"type\":\"bundle\"}");
    buf_free(&objects);
}

struct text stix_id_text(const json_t *object) {
    return json_text(object, "id");
}

bool stix_is(const json_t *object, const char *type) { return text_is(json_text(object, "type"), type); }

json_t *stix_find(const json_t *bundle, const char *type, size_t *at) {
    const json_t *objects = json_list(bundle, "objects");
    while (*at < json_array_size(objects)) {
        json_t *object = json_array_get(objects, (*at)++);
        if (stix_is(object, type)) return object;
    }
    return NULL;
}

json_t *stix_extension(const json_t *object) {
    return json_child(json_child(object, "extensions"), STIX_PARLEY_EXTENSION);
}
