/* The objects that parley writes: identities, observables, observed data, and the definition of its extension. */
#include <stdio.h>
#include <string.h>

#include "stix/stix.h"

/* Fixed times of things that never change: parley's extension, and the markings of TLP 2.0. */
#define EXTENSION_TIME TEXT("2026-03-01T00:00:00.000Z")
#define MARKING_TIME TEXT("2022-10-01T00:00:00.000Z")

void stix_author(struct stix *s, struct text name) {
    struct stix_id id = stix_id_of("identity", name);
    s->author = (struct stix_id){{0}}; /* an identity names no author */
    json_t *identity = stix_object(s, "identity", id);
    json_object_del(identity, "lang"); /* a name is in no language */
    json_put_text(identity, "name", name);
    json_put_text(identity, "identity_class", TEXT("organization"));
    stix_add(s, identity);
    s->author = id;
}

json_t *stix_extension_definition(void) {
    json_t *object = json_object(), *types = json_array();
    json_put_text(object, "type", TEXT("extension-definition"));
    json_put_text(object, "spec_version", TEXT("2.1"));
    json_put_text(object, "id", TEXT(STIX_PARLEY_EXTENSION));
    json_put_text(object, "created", EXTENSION_TIME);
    json_put_text(object, "modified", EXTENSION_TIME);
    struct stix_id author = stix_id_of("identity", TEXT("parley"));
    json_put_text(object, "created_by_ref", text_of(author.at));
    json_put_text(object, "name", TEXT("parley"));
    json_put_text(object, "description",
                  TEXT("What a message of parley computes on: its kind, and what that kind states about facts."));
    json_put_text(object, "schema", TEXT("doc/schema/parley-extension.json of the parley sources"));
    json_put_text(object, "version", TEXT("1.0.0"));
    json_add_text(types, TEXT("property-extension"));
    json_put(object, "extension_types", types);
    return object;
}

json_t *stix_extension_author(void) {
    json_t *object = json_object();
    struct stix_id id = stix_id_of("identity", TEXT("parley"));
    json_put_text(object, "type", TEXT("identity"));
    json_put_text(object, "spec_version", TEXT("2.1"));
    json_put_text(object, "id", text_of(id.at));
    json_put_text(object, "created", EXTENSION_TIME);
    json_put_text(object, "modified", EXTENSION_TIME);
    json_put_text(object, "name", TEXT("parley"));
    json_put_text(object, "identity_class", TEXT("system"));
    return object;
}

json_t *stix_tlp_marking(enum tlp level) {
    static const char *const values[TLP_COUNT] = {"clear", "green", "amber", "amber+strict", "red"};
    char name[24];
    snprintf(name, sizeof name, "TLP:%s", tlp_name(level));
    json_t *object = json_object(), *extensions = json_object(), *extension = json_object();
    json_put_text(object, "type", TEXT("marking-definition"));
    json_put_text(object, "spec_version", TEXT("2.1"));
    json_put_text(object, "id", text_of(tlp_marking_id(level)));
    json_put_text(object, "created", MARKING_TIME);
    json_put_text(object, "name", text_of(name));
    json_put_text(extension, "extension_type", TEXT("property-extension"));
    json_put_text(extension, "tlp_2_0", text_of(values[level]));
    json_put(extensions, "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d", extension);
    json_put(object, "extensions", extensions);
    return object;
}

/* An observable whose id follows from `contributing` (taken over), which become its properties. */
static json_t *observable(const char *type, json_t *contributing) {
    struct stix_id id = stix_observable_id(type, contributing);
    json_put_text(contributing, "type", text_of(type));
    json_put_text(contributing, "spec_version", TEXT("2.1"));
    json_put_text(contributing, "id", text_of(id.at));
    return contributing;
}

static json_t *with_value(const char *type, const char *key, struct text value) {
    json_t *contributing = json_object();
    json_put_text(contributing, key, value);
    return observable(type, contributing);
}

json_t *stix_address(struct ip a) {
    char text[IP_TEXT_MAX];
    return with_value(ip_is_v4(a) ? "ipv4-addr" : "ipv6-addr", "value", ip_write(a, text));
}

json_t *stix_domain(struct text name) { return with_value("domain-name", "value", name); }
json_t *stix_url(struct text url) { return with_value("url", "value", url); }
json_t *stix_mail_address(struct text address) { return with_value("email-addr", "value", address); }
json_t *stix_account(struct text login) { return with_value("user-account", "account_login", login); }

json_t *stix_file_sha256(struct text hex) {
    json_t *contributing = json_object(), *hashes = json_object();
    json_put_text(hashes, "SHA-256", hex);
    json_put(contributing, "hashes", hashes);
    return observable("file", contributing);
}

/* The name contributes nothing to the id. */
json_t *stix_autonomous_system(uint32_t number, struct text name) {
    json_t *contributing = json_object();
    json_put_u64(contributing, "number", number);
    json_t *object = observable("autonomous-system", contributing);
    json_put_text_if(object, "name", name);
    return object;
}

static void put_time(json_t *object, const char *key, instant i) {
    char time[STIX_TIME_MAX];
    if (i != INSTANT_NONE) json_put_text(object, key, stix_time(i, time));
}

static void put_end(struct stix *s, json_t *object, const char *key, const struct ip *address) {
    if (!address) return;
    json_t *end = stix_address(*address);
    json_put_text(object, key, stix_id_text(end));
    stix_add(s, end);
}

static void put_port(json_t *object, const char *key, int32_t port) {
    if (port >= 0) json_put_u64(object, key, (uint64_t)port);
}

/* Contributing properties: start, end, src_ref, dst_ref, src_port, dst_port, protocols, extensions (STIX 2.1, 6.12). */
json_t *stix_traffic(struct stix *s, const struct stix_traffic *t) {
    ASSERT(t->source || t->target);
    json_t *traffic = json_object(), *protocols = json_array();
    bool v4 = ip_is_v4(t->source ? *t->source : *t->target);
    json_add_text(protocols, v4 ? TEXT("ipv4") : TEXT("ipv6"));
    if (t->protocol.size) json_add_text(protocols, t->protocol);
    put_time(traffic, "start", t->first);
    put_time(traffic, "end", t->last);
    put_end(s, traffic, "src_ref", t->source);
    put_end(s, traffic, "dst_ref", t->target);
    put_port(traffic, "src_port", t->source_port);
    put_port(traffic, "dst_port", t->target_port);
    json_put(traffic, "protocols", protocols);
    return observable("network-traffic", traffic);
}

json_t *stix_observed(const struct stix *s, struct stix_id id, instant first, instant last, uint64_t count,
                      json_t *taken_refs) {
    const uint64_t count_max = 999999999;
    json_t *object = stix_object(s, "observed-data", id);
    put_time(object, "first_observed", first);
    put_time(object, "last_observed", last);
    json_put_u64(object, "number_observed", count > count_max ? count_max : count);
    json_put(object, "object_refs", taken_refs);
    return object;
}
