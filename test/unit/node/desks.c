/* Desks on other machines: whose certificate counts, for how long, and what each may ask for. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/os.h"
#include "node/desks.h"
#include "node/tls.h"
#include "note/note.h"
#include "seal/seal.h"

enum { OFFICERS = 3 };

static const char *const names[OFFICERS] = {"au.auditor", "an.analyst", "b.lead"};
static const struct text roles[OFFICERS] = {TEXT("auditor"), TEXT("analyst"), TEXT("lead")};

struct kit {
    char folder[64];
    struct arena arena;
    struct random random;
    struct diag diag;
    struct signer *root, *officers[OFFICERS];
    struct text pins[OFFICERS];
    struct channel_name name;
    uint8_t secret[CHANNEL_SECRET_SIZE];
    struct text origin, log;
    struct engine *engine;
};

static void must(struct kit *k, enum error result) {
    if (result) fprintf(stderr, "%s: %s (%s)\n", error_name(result), k->diag.text, k->diag.where);
    assert_int_equal(result, OK);
}

static struct text vkey(struct kit *k, const struct signer *s) {
    struct buf out = {.max = VKEY_TEXT_MAX};
    vkey_write(signer_vkey(s), &out);
    struct text copy = arena_text(&k->arena, buf_as_text(&out));
    buf_free(&out);
    return copy;
}

static struct bytes sign(struct kit *k, const struct buf *text, const struct signer *by) {
    struct buf note = {.max = CARD_MAX_BYTES};
    must(k, note_sign(buf_as_text(text), &by, 1, &note, &k->diag));
    struct bytes copy = arena_bytes(&k->arena, buf_as_bytes(&note));
    buf_free(&note);
    return copy;
}

/* A card with the first `count` officers. */
static struct bytes card_of(struct kit *k, struct bytes before, size_t count, struct node_link *l) {
    struct officer officers[OFFICERS];
    struct node_public node;
    struct card_log log = {k->origin, k->log};
    char hex[SHA256_HEX];
    struct sha256 id = sha256_of(before);
    struct buf text = {.max = CARD_MAX_BYTES};
    if (l) {
        must(k, link_public(l, &k->arena, &node, &k->diag));
    } else {
        must(k, engine_public(k->engine, &k->arena, &node, &k->diag));
    }
    for (size_t i = 0; i < count; i++)
        officers[i] = (struct officer){text_of(names[i]), TEXT("incident"), vkey(k, k->officers[i]), {&roles[i], 1}};
    struct card_line department = {TEXT("incident"), TEXT("Incident response")};
    struct card c = {.party = TEXT("cert.north.example"),
                     .serial = before.size ? 1 : 0,
                     .previous = before.size ? sha256_hex(&id, hex) : TEXT(""),
                     .root = vkey(k, k->root),
                     .mirrors = {&node.mirror, 1},
                     .logs = &log,
                     .log_count = 1,
                     .departments = &department,
                     .department_count = 1,
                     .officers = officers,
                     .officer_count = count};
    card_write(&c, &text);
    struct bytes note = sign(k, &text, k->root);
    buf_free(&text);
    return note;
}

/* A desk that asks, signed by one officer; `pin` is any hash. */
static struct bytes request_of(struct kit *k, size_t officer, const struct signer *by, struct text party) {
    struct seal_identity *identity = seal_identity_new(&k->random);
    struct seal_recipient to = seal_identity_recipient(identity);
    struct buf text = {.max = ENROLMENT_MAX_BYTES}, recipient = {.max = 256};
    seal_recipient_write(&to, &recipient);
    const struct enrolment e = {.party = party,
                                .department = TEXT("incident"),
                                .key = vkey(k, k->officers[officer]),
                                .tls = k->pins[officer],
                                .recipient = buf_as_text(&recipient)};
    enrolment_write(&e, &text);
    struct bytes note = sign(k, &text, by);
    buf_free(&text);
    buf_free(&recipient);
    seal_identity_free(identity);
    return note;
}

static void make_keys(struct kit *k) {
    k->root = signer_new(TEXT("cert.north.example/root"), KEY_ED25519, &k->random);
    for (size_t i = 0; i < OFFICERS; i++) {
        char hex[SHA256_HEX];
        struct sha256 pin = sha256_of(bytes_from_text(text_of(names[i])));
        struct text name = arena_format(&k->arena, "cert.north.example/officer/%s", names[i]);
        k->officers[i] = signer_new(name, KEY_ED25519, &k->random);
        k->pins[i] = arena_text(&k->arena, sha256_hex(&pin, hex));
    }
}

/* A node with one channel, in whose record a card names the officers. */
static struct bytes begin(struct kit *k, size_t officers) {
    *k = (struct kit){.random = random_seeded(TEXT("desks"))};
    struct node_link *l;
    strcpy(k->folder, "parley-desks-XXXXXX");
    assert_non_null(mkdtemp(k->folder));
    make_keys(k);
    k->name = (struct channel_name){TEXT("cert.north.example"), TEXT("cert.south.example"), 1, false};
    k->origin = channel_origin(channel_name_write(&k->name, &k->arena), k->secret, &k->arena);
    must(k, node_create(k->folder, k->name.from, TEXT(""), &k->random, os_now(), &k->diag));
    const struct link_options o = {.folder = k->folder, .random = &k->random, .unlinked = true};
    must(k, link_open(&o, &l, &k->diag));
    must(k, link_log_key(l, k->origin, &k->arena, &k->log, &k->diag));
    struct bytes card = {0};
    if (officers) {
        card = card_of(k, (struct bytes){0}, officers, l);
        struct link_opening opening = {.own = k->name, .own_card = card};
        must(k, link_open_channel(l, &opening, os_now(), &k->diag));
    }
    link_close(l);
    must(k, engine_open(k->folder, (struct passphrase_source){0}, &k->random, &k->engine, &k->diag));
    return card;
}

static void end(struct kit *k) {
    char command[128];
    engine_close(k->engine);
    signer_free(k->root);
    for (size_t i = 0; i < OFFICERS; i++) signer_free(k->officers[i]);
    arena_free(&k->arena);
    snprintf(command, sizeof command, "rm -rf %s", k->folder);
    assert_int_equal(system(command), 0);
}

static unsigned ask(struct kit *k, struct text pin, const char *method, const char *path, const char *body) {
    struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
    const struct request q = {
        .method = text_of(method), .path = text_of(path), .body = bytes_from_text(text_of(body)), .pin = pin};
    engine_answer_remote_desk(k->engine, &q, os_now(), &r);
    unsigned status = r.status;
    response_free(&r);
    return status;
}

static void admit(struct kit *k, size_t officer) {
    must(k, desks_admit(k->engine, request_of(k, officer, k->officers[officer], k->name.from), &k->diag));
}

static void a_pin_counts_while_the_card_names_the_officer(void **state) {
    (void)state;
    struct kit k;
    struct bytes card = begin(&k, 2), *notes, next;
    size_t count;
    for (size_t i = 0; i < OFFICERS; i++) admit(&k, i);
    admit(&k, 0); /* once more is no harm */
    must(&k, desks_list(k.engine, &k.arena, &notes, &count, &k.diag));
    assert_int_equal(count, OFFICERS);
    assert_int_equal(desks_part(k.engine, k.pins[0]), PART_READS);
    assert_int_equal(desks_part(k.engine, k.pins[1]), PART_DRAFTS);
    assert_int_equal(desks_part(k.engine, k.pins[2]), PART_NONE); /* not on the card yet */
    assert_int_equal(desks_part(k.engine, TEXT("../../x")), PART_NONE);
    assert_int_equal(ask(&k, k.pins[1], "GET", "/desk/channels", ""), 200);
    /* The next card drops the analyst: a connection that is open gets no answer to its next request. */
    struct channel c;
    next = card_of(&k, card, 1, NULL);
    uint64_t index;
    must(&k, store_find_channel(k.engine->store, k.origin, &k.arena, &c, NULL, &k.diag));
    const struct entry_blob blob = {sha256_of(next), next.size};
    const struct own_entry entry = {.blobs = &blob, .contents = &next, .blob_count = 1};
    must(&k, engine_submit(k.engine, &c, &entry, os_now(), &index, &k.diag));
    assert_int_equal(desks_part(k.engine, k.pins[0]), PART_READS);
    assert_int_equal(desks_part(k.engine, k.pins[1]), PART_NONE);
    assert_int_equal(ask(&k, k.pins[1], "GET", "/desk/channels", ""), 403);
    must(&k, desks_drop(k.engine, k.pins[0], &k.diag));
    assert_int_equal(desks_part(k.engine, k.pins[0]), PART_NONE);
    assert_int_equal(desks_drop(k.engine, k.pins[0], NULL), ERR_MISSING);
    end(&k);
}

static void nobody_enrols_for_another(void **state) {
    (void)state;
    struct kit k;
    begin(&k, 2);
    assert_int_equal(desks_admit(k.engine, request_of(&k, 0, k.officers[1], k.name.from), NULL), ERR_SIGNATURE);
    assert_int_equal(desks_admit(k.engine, request_of(&k, 0, k.officers[0], k.name.to), NULL), ERR_INPUT);
    assert_int_equal(desks_admit(k.engine, bytes_of("x", 1), NULL), ERR_INPUT);
    end(&k);
}

static void without_a_card_nobody_gets_in(void **state) {
    (void)state;
    struct kit k;
    struct kept_card card;
    begin(&k, 0);
    admit(&k, 2);
    assert_int_equal(desks_own_card(k.engine, &k.arena, &card, NULL), ERR_MISSING);
    assert_int_equal(desks_part(k.engine, k.pins[2]), PART_NONE);
    end(&k);
}

static void roles_say_what_a_desk_may_ask(void **state) {
    (void)state;
    struct kit k;
    begin(&k, OFFICERS);
    for (size_t i = 0; i < OFFICERS; i++) admit(&k, i);
    const char *hash = origin_hash(k.origin, &k.arena).at;
    const struct {
        const char *method, *path;
        enum part least; /* PART_NONE: nobody on another machine */
    } rows[] = {
        {"GET", "/desk/public", PART_READS},
        {"GET", "/desk/card", PART_READS},
        {"GET", "/desk/channels", PART_READS},
        {"GET", "/desk/drafts", PART_READS},
        {"GET", "/desk/c/%s/entries/0", PART_READS},
        {"PUT", "/desk/draft/x", PART_DRAFTS},
        {"POST", "/desk/sync", PART_DRAFTS},
        {"POST", "/desk/c/%s/submit", PART_SPEAKS},
        {"POST", "/desk/c/%s/limits", PART_SPEAKS},
        {"POST", "/desk/log-key", PART_NONE},
        {"POST", "/desk/open", PART_NONE},
        {"POST", "/desk/import", PART_NONE},
        {"GET", "/desk/fsck", PART_NONE},
        {"GET", "/desk/desks", PART_NONE},
        {"PUT", "/desk/desk", PART_NONE},
        {"POST", "/desk/drop-desk", PART_NONE},
        {"POST", "/desk/c/%s/failover", PART_NONE},
        {"POST", "/desk/c/%s/export", PART_NONE},
        {"POST", "/desk/c/%s/drop-erased", PART_NONE},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t o = 0; o < OFFICERS; o++) {
            const char *rest = strstr(rows[i].path, "%s");
            struct text path =
                rest ? arena_format(&k.arena, "%.*s%s%s", (int)(rest - rows[i].path), rows[i].path, hash, rest + 2)
                     : text_of(rows[i].path);
            bool may = rows[i].least != PART_NONE && (enum part)(PART_READS + o) >= rows[i].least;
            unsigned status = ask(&k, k.pins[o], rows[i].method, path.at, "");
            if ((status != 403) != may) fprintf(stderr, "%s %s by %s: %u\n", rows[i].method, path.at, names[o], status);
            assert_true((status != 403) == may);
        }
    end(&k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pin_counts_while_the_card_names_the_officer),
        cmocka_unit_test(nobody_enrols_for_another),
        cmocka_unit_test(without_a_card_nobody_gets_in),
        cmocka_unit_test(roles_say_what_a_desk_may_ask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
