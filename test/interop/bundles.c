/* Writes all STIX of a home into a folder, for a validator that is not ours:
 *
 *     bundles HOME FOLDER
 *
 * That is the body of each message that the home can open, of either side and of every kind, and the export of each
 * case with each of its sheets.  A file is named by the hash of its bytes.  Exit status 1: a home without its keys'
 * passphrase, or one that is damaged; 3: what is held was not written. */
#include <stdio.h>
#include <string.h>

#include "base/os.h"
#include "base/random.h"
#include "desk/case_report.h"
#include "interop/case_format.h"

static enum error save(const char *folder, struct bytes content, struct diag *d) {
    char path[OS_PATH_MAX], name[SHA256_HEX + 8];
    struct sha256 sha = sha256_of(content);
    sha256_hex(&sha, name);
    strcat(name, ".json");
    return os_write_part(os_path(path, folder, name), 0, content, 0644, d); /* a sync a file would take long */
}

static enum error save_case(struct talk *t, const struct case_view *v, const struct case_sheet *sheet,
                            const char *folder, struct diag *d) {
    struct losses losses = losses_in(&t->arena);
    const struct case_writing how = {&t->arena, &losses, t->desk->now};
    struct buf file = {.max = CASE_FORMAT_BYTES_MAX};
    struct report report;
    enum error result = case_report(v, sheet, &report, d);
    if (result == ERR_MISSING && sheet) return OK; /* it was never fetched, or was erased */
    if (!result) result = case_format_named(TEXT("stix"))->write(&report, &how, &file, d);
    if (!result) result = save(folder, buf_as_bytes(&file), d);
    buf_free(&file);
    return result;
}

static enum error save_talk(struct talk *t, void *state, bool *keep, struct diag *d) {
    const char *folder = state;
    enum error result = OK;
    (void)keep;
    for (size_t i = 0; i < t->said_count && !result; i++)
        if (t->said[i].understood) result = save(folder, bytes_from_text(t->said[i].message.body), d);
    for (size_t i = 0; i < t->state.matter_count && !result; i++) {
        struct case_view v;
        result = case_view(t, &t->state.matters[i], &v, d);
        if (!result && !v.sheet_count) result = save_case(t, &v, NULL, folder, d);
        for (size_t k = 0; !result && k < v.sheet_count; k++) result = save_case(t, &v, &v.sheets[k], folder, d);
    }
    return result;
}

static enum error no_passphrase(void *state, const char *folder, struct buf *out, struct diag *d) {
    (void)state, (void)out;
    return fail(d, ERR_NO_KEY, "%s: its keys have a passphrase", folder);
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    struct random random = random_system();
    struct diag d = {0};
    struct desk *k = NULL;
    size_t count = 0;
    struct desk_options o = {.home = argv[1], .passphrase = {.ask = no_passphrase}, .random = &random, .now = os_now()};
    struct opener opener;
    enum error result = desk_open(&o, &k, &d);
    if (!result) result = desk_link(k, &d);
    if (!result) result = desk_opener(k, &opener, &d);
    int status = result ? 1 : 0;
    if (!result && talk_each(k, &(struct talk_at){.as_of = o.now}, save_talk, argv[2], &count, &d)) status = 3;
    if (status) fprintf(stderr, "%s: %s\n", argv[1], d.text);
    desk_close(k);
    return status;
}
