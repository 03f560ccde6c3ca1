/* STIX 2.1 objects: builders for the types that parley writes, and the ids that repeat.
 *
 * Source: OASIS STIX Version 2.1 (2021-06-10): common properties 3.2, bundles 8, deterministic ids of observables 2.9.
 * Shapes: an object is a json_t; builders return a new reference, which stix_add (or json_add) takes over.
 * Times are printed with milliseconds, as STIX asks for `created` and `modified`.
 * Texts must be well-formed (json_is_text). */
#ifndef PARLEY_STIX_STIX_H
#define PARLEY_STIX_STIX_H

#include "base/hash.h"
#include "base/instant.h"
#include "base/ip.h"
#include "vocab/tlp.h"
#include "json/json.h"

/* parley's own extension of STIX objects, and the namespace of its UUIDs of version 5.  Fixed for ever. */
#define STIX_PARLEY_EXTENSION "extension-definition--c70fd111-9802-4232-84dc-ca72387d6f38"
#define STIX_PARLEY_NAMESPACE "b95e5423-5d6e-4a83-a867-b71b1084e7e6"
/* The namespace of the ids of observables (STIX 2.1, section 2.9). */
#define STIX_OBSERVABLE_NAMESPACE "00abedb4-aa42-466c-9c01-fed23315a9b7"

enum { STIX_ID_MAX = 96, STIX_TIME_MAX = 32 };

struct stix_id { /* "note--7f2c…", NUL-terminated */
    char at[STIX_ID_MAX];
};

/* RFC 9562, version 5: `namespace` is a UUID's 36 characters. */
void stix_uuid5(const char *namespace, struct bytes name, char out[static 37]);
/* The id of an object of parley's that must come out the same wherever it is computed: type and a name of the thing. */
struct stix_id stix_id_of(const char *type, struct text name);
/* The id of an observable: `properties` are those that contribute to it (STIX 2.1, section 2.9). */
struct stix_id stix_observable_id(const char *type, const json_t *properties);
/* "2026-03-01T12:00:00.000Z" */
struct text stix_time(instant i, char out[static STIX_TIME_MAX]);
/* Milliseconds are kept; what is finer is cut.  False for anything that is no STIX timestamp. */
bool stix_read_time(struct text t, instant *out);

/* A bundle under construction: what its objects have in common, and the objects. */
struct stix {
    json_t *objects;       /* an array; owned */
    json_t *ids;           /* of those in it, as members of an object; owned */
    instant created;       /* also `modified` */
    struct stix_id author; /* created_by_ref; empty: none */
    enum tlp tlp;          /* marks every object; TLP_NONE: none */
    struct text lang;      /* RFC 5646; empty: none */
};

struct stix stix_begin(instant created, enum tlp tlp, struct text lang);
void stix_free(struct stix *s);
/* Takes an object in, unless one with its id is there already (then it is dropped): observables repeat. */
void stix_add(struct stix *s, json_t *taken);
/* A new object with the common properties of domain objects: type, spec_version, id, created, modified and, where set,
 * created_by_ref, lang and object_marking_refs. */
json_t *stix_object(const struct stix *s, const char *type, struct stix_id id);
/* Appends {"type":"bundle","id":…,"objects":[…]} in canonical JSON; the bundle's id follows from its content. */
void stix_write(const struct stix *s, struct buf *out);

/* Adds the identity of a party or a department (identity_class organization) and makes it the author. */
void stix_author(struct stix *s, struct text name);
/* The definition of parley's extension, who made it, and the marking of a TLP level, for those who don't have them. */
json_t *stix_extension_definition(void);
json_t *stix_extension_author(void);
json_t *stix_tlp_marking(enum tlp level);

/* Observables (SCO), with the ids that section 2.9 prescribes: equal things have equal ids everywhere. */
json_t *stix_address(struct ip a);
json_t *stix_domain(struct text name);
json_t *stix_url(struct text url);
json_t *stix_mail_address(struct text address);
json_t *stix_account(struct text login);
json_t *stix_file_sha256(struct text hex);
json_t *stix_autonomous_system(uint32_t number, struct text name);
struct stix_traffic {
    instant first, last;              /* INSTANT_NONE: unknown */
    const struct ip *source, *target; /* NULL: unknown; at least one is known */
    int32_t source_port, target_port; /* -1: unknown */
    struct text protocol;             /* "tcp"; empty: unknown */
};
/* The traffic; adds the addresses to the bundle, too. */
json_t *stix_traffic(struct stix *s, const struct stix_traffic *t);
/* observed-data about observables of the bundle; `count` is cut to 999,999,999, as STIX asks. */
json_t *stix_observed(const struct stix *s, struct stix_id id, instant first, instant last, uint64_t count,
                      json_t *taken_refs);

/* Reading. */
struct text stix_id_text(const json_t *object);
bool stix_is(const json_t *object, const char *type);
/* The first object of a type in a bundle from `*at` on, which moves past it; NULL where there is none left. */
json_t *stix_find(const json_t *bundle, const char *type, size_t *at);
/* parley's extension of an object; NULL where it has none. */
json_t *stix_extension(const json_t *object);

#endif
