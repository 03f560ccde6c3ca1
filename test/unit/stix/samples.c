/* Writes one bundle of every form into the folder given, for a validator that is not ours. */
#include <stdio.h>
#include <string.h>

#include "base/os.h"
#include "stix/body.h"

static int failed;

static void save(const char *folder, const char *name, struct buf *out) {
    struct diag d;
    char path[OS_PATH_MAX];
    if (os_write(os_path(path, folder, name), buf_as_bytes(out), 0644, &d)) {
        fprintf(stderr, "%s: %s\n", d.where, d.text);
        failed = 1;
    }
    buf_free(out);
}

static void body(const char *folder, const char *kind, const char *matter, enum body_opinion opinion, enum tlp tlp) {
    struct buf out = {.max = BODY_MAX_BYTES};
    struct diag d;
    char name[80];
    json_t *extension = json_object();
    json_put_u64(extension, "rows", 3);
    json_put_text_if(extension, "about", text_is(text_of(kind), "proposal") ? TEXT("terms") : (struct text){0});
    struct body b = {.kind = text_of(kind),
                     .title = TEXT("A title"),
                     .text = TEXT("A text.\n"),
                     .lang = TEXT("fr"),
                     .author = TEXT("cert.north.example/incident"),
                     .matter = text_of(matter),
                     .tlp = tlp,
                     .created = 1772366400 * INSTANT_SECOND,
                     .opinion = opinion,
                     .extension = extension};
    if (body_write(&b, &out, &d)) {
        fprintf(stderr, "%s: %s\n", kind, d.text);
        failed = 1;
    }
    snprintf(name, sizeof name, "%s-%d.json", kind, opinion);
    save(folder, name, &out);
}

static void objects(const char *folder) {
    struct stix s = stix_begin(1772366400 * INSTANT_SECOND, TLP_GREEN, TEXT("en"));
    struct ip source = ip_from_v4(0xc0000211), target;
    json_t *refs = json_array();
    bool known = ip_read(TEXT("2001:db8::1"), &target);
    stix_author(&s, TEXT("cert.north.example"));
    json_t *made[] = {
        stix_traffic(&s, &(struct stix_traffic){.first = s.created,
                                                .last = s.created,
                                                .source = &source,
                                                .target = known ? &target : NULL,
                                                .source_port = 40000,
                                                .target_port = 22,
                                                .protocol = TEXT("tcp")}),
        stix_domain(TEXT("www.south.example")),
        stix_url(TEXT("https://www.south.example/login")),
        stix_mail_address(TEXT("a@south.example")),
        stix_account(TEXT("root")),
        stix_file_sha256(TEXT("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")),
        stix_autonomous_system(64496, TEXT("Example network")),
    };
    for (size_t i = 0; i < COUNT(made); i++) {
        json_add_text(refs, stix_id_text(made[i]));
        stix_add(&s, made[i]);
    }
    stix_add(&s, stix_observed(&s, stix_id_of("observed-data", TEXT("1")), s.created, s.created, 5000000000, refs));
    stix_add(&s, stix_extension_definition());
    for (int level = 0; level < TLP_COUNT; level++) stix_add(&s, stix_tlp_marking((enum tlp)level));
    struct buf out = {.max = 1 << 20};
    stix_write(&s, &out);
    stix_free(&s);
    save(folder, "objects.json", &out);
}

int main(int argc, char **argv) {
    static const char matter[] = "cert.north.example/0b0e9b6c-6f5c-4a47-8f0e-5d6a3f1c2b01";
    if (argc != 2) return 2;
    body(argv[1], "claim", matter, BODY_NO_OPINION, TLP_AMBER_STRICT);
    body(argv[1], "inquiry", matter, BODY_NO_OPINION, TLP_RED);
    body(argv[1], "proposal", matter, BODY_NO_OPINION, TLP_CLEAR);
    body(argv[1], "check-in", "", BODY_NO_OPINION, TLP_NONE);
    for (int o = BODY_AGREE; o <= BODY_NEUTRAL; o++) body(argv[1], "answer", matter, (enum body_opinion)o, TLP_AMBER);
    objects(argv[1]);
    return failed;
}
