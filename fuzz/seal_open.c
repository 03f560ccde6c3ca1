/* Any bytes as an age file, an identity file and a recipient file: opened or refused, and nothing reaches the sink
 * unless the header's MAC holds; a header that was read is written again byte for byte, up to its MAC. */
#include <string.h>

#include "seal/header.h"

static const uint8_t file_key[SEAL_FILE_KEY_SIZE] = "YELLOW SUBMARINE";

static void same_header(struct text t) {
    struct arena a = {0};
    struct header h;
    size_t size = header_size(t);
    if (size && header_read(text_sub(t, 0, size), &a, &h, NULL) == OK) {
        struct buf out = {.max = size};
        bool whole = true;
        header_begin(&out);
        for (size_t i = 0; i < h.count; i++) {
            const struct stanza *s = &h.stanzas[i];
            whole = whole && s->argument_count <= STANZA_ARGUMENTS_MAX;
            if (whole) header_stanza(&out, s->arguments, s->argument_count, s->body);
        }
        ASSERT(!whole || text_starts(h.maced, buf_as_text(&out)));
        buf_free(&out);
    }
    arena_free(&a);
}

static void key_files(struct text t) {
    struct seal_identity *identities[4];
    struct seal_recipient recipients[4];
    size_t count = 0, to = 0;
    (void)(seal_identities_read(t, identities, COUNT(identities), &count, NULL) == OK);
    (void)(seal_recipients_read(t, recipients, COUNT(recipients), &to, NULL) == OK);
    for (size_t i = 0; i < count; i++) seal_identity_free(identities[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct bytes rest = bytes_of(data, size);
    struct buf plain = {.max = size};
    struct opener with = {.file_key = file_key};
    enum seal_layer layer;
    enum error result = seal_open_stream(&with, seal_source_bytes(&rest), seal_sink_buf(&plain), NULL, &layer, NULL);
    ASSERT((result == OK) == (layer == SEAL_NO_LAYER));
    ASSERT(!plain.size || layer == SEAL_NO_LAYER || layer == SEAL_PAYLOAD || layer == SEAL_ARMOR);
    buf_free(&plain);
    same_header(text_from_bytes(bytes_of(data, size)));
    key_files(text_from_bytes(bytes_of(data, size)));
    return 0;
}
