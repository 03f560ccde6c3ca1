/* Dossiers: read, and verified by the root that they name themselves. */
#include "dossier/verify.h"
#include "note/fingerprint.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

/* Whatever root the dossier holds is vouched for, so that verification goes on. */
static size_t any_roots(const struct dossier *of, struct dossier_root *roots, struct arena *a) {
    size_t count = 0;
    for (unsigned i = 0; i < 2; i++) {
        struct text *names = ARENA_ARRAY(a, struct text, of->blobs.count);
        struct bytes **blobs = ARENA_ARRAY(a, struct bytes *, of->blobs.count);
        map_list(&of->blobs, names, (void **)blobs);
        for (size_t k = 0; k < of->blobs.count; k++) {
            struct card card;
            char digits[FINGERPRINT_SIZE];
            if (count == 16 || card_read(*blobs[k], a, &card, NULL)) continue;
            roots[count++] = (struct dossier_root){card.party, arena_text(a, fingerprint_write(card.root, digits))};
        }
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct dossier of;
    struct dossier_root roots[16];
    struct dossier_report report;
    struct diag d = {0};
    if (dossier_read(bytes_of(at, size), &a, &of, &d) == OK &&
        dossier_verify(&of, roots, any_roots(&of, roots, &a), INSTANT_NONE, &a, &report, &d) == OK) {
        struct buf page = {.max = 16 << 20};
        dossier_report_page(&report, &page);
        json_decref(dossier_report_json(&report));
        buf_free(&page);
    }
    arena_free(&a);
    return 0;
}
