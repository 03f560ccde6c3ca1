#include "seal/header.h"

#include <string.h>

#include "base/codec.h"

static const char version[] = "age-encryption.org/v1\n";
enum { BODY_COLUMNS = 64 };

static struct sha256 mac_of(struct text maced, const uint8_t file_key[static SEAL_FILE_KEY_SIZE]) {
    uint8_t key[32];
    hkdf_sha256(bytes_of(file_key, SEAL_FILE_KEY_SIZE), (struct bytes){NULL, 0}, bytes_from_text(TEXT("header")), key,
                sizeof key);
    return hmac_sha256(bytes_of(key, sizeof key), bytes_from_text(maced));
}

bool header_mac_holds(const struct header *h, const uint8_t file_key[static SEAL_FILE_KEY_SIZE]) {
    return sha256_equal(mac_of(h->maced, file_key), h->mac);
}

size_t header_size(struct text t) {
    size_t at = text_search(t, TEXT("\n---"));
    if (at == SIZE_MAX) return 0;
    size_t end = at + 1 + text_find(text_sub(t, at + 1, t.size), '\n');
    return end < t.size ? end + 1 : 0;
}

static bool argument_valid(struct text t) {
    for (size_t i = 0; i < t.size; i++)
        if (t.at[i] < 33 || t.at[i] > 126) return false;
    return t.size > 0;
}

static bool read_arguments(struct text line, struct stanza *s) {
    struct text argument;
    for (bool more = true; more; s->argument_count++) {
        more = text_cut(&line, ' ', &argument);
        if (!more) argument = line;
        if (!argument_valid(argument)) return false;
        if (s->argument_count < STANZA_ARGUMENTS_MAX) s->arguments[s->argument_count] = argument;
    }
    return true;
}

/* Body lines: full lines of 64 columns, then one shorter, perhaps empty. */
static bool read_body(struct text *t, struct arena *a, struct stanza *s) {
    struct buf body = {.max = STANZA_BODY_MAX};
    struct text line = {0};
    bool good;
    do good = text_line(t, &line) && line.size <= BODY_COLUMNS && base64_read(line, &body, BASE64_RAW);
    while (good && line.size == BODY_COLUMNS);
    if (good) s->body = arena_bytes(a, buf_as_bytes(&body));
    buf_free(&body);
    return good;
}

enum error header_read(struct text t, struct arena *a, struct header *out, struct diag *d) {
    struct header h = {0};
    struct text rest = t, line = {0};
    size_t room = 0;
    if (!text_skip(&rest, text_of(version)))
        return fail(d, ERR_INPUT, _("not an age v1 file: expected “age-encryption.org/v1”"));
    while (text_starts(rest, TEXT("->"))) {
        struct stanza s = {0};
        if (h.count == SEAL_STANZAS_MAX)
            return fail(d, ERR_INPUT, _("more than %d stanzas in an age header"), SEAL_STANZAS_MAX);
        if (!text_skip(&rest, TEXT("-> ")) || !text_line(&rest, &line) || !read_arguments(line, &s) ||
            !read_body(&rest, a, &s))
            return fail(d, ERR_INPUT, _("stanza %zu of an age header is malformed"), h.count + 1);
        h.stanzas = arena_grow(a, h.stanzas, h.count, &room, sizeof s);
        h.stanzas[h.count++] = s;
    }
    h.maced = text_sub(t, 0, t.size - rest.size + 3);
    if (!h.count || !text_skip(&rest, TEXT("--- ")) || !text_line(&rest, &line) || rest.size ||
        !base64_read_exact(line, h.mac.at, SHA256_SIZE, BASE64_RAW))
        return fail(d, ERR_INPUT, _("expected a line “--- ” with the MAC at the end of an age header"));
    *out = h;
    return OK;
}

void header_begin(struct buf *out) { buf_string(out, version); }

void header_stanza(struct buf *out, const struct text *arguments, size_t count, struct bytes body) {
    struct buf lines = {.max = STANZA_BODY_MAX * 2};
    buf_string(out, "->");
    for (size_t i = 0; i < count; i++) buf_format(out, " %.*s", TEXT_ARG(arguments[i]));
    buf_char(out, '\n');
    buf_base64(&lines, body, BASE64_RAW);
    struct text rest = buf_as_text(&lines);
    for (; rest.size >= BODY_COLUMNS; rest = text_sub(rest, BODY_COLUMNS, rest.size))
        buf_format(out, "%.*s\n", BODY_COLUMNS, rest.at);
    buf_text(out, rest);
    buf_char(out, '\n');
    buf_free(&lines);
}

void header_end(struct buf *out, size_t from, const uint8_t file_key[static SEAL_FILE_KEY_SIZE]) {
    buf_string(out, "---");
    struct sha256 mac = mac_of(text_sub(buf_as_text(out), from, out->size), file_key);
    buf_char(out, ' ');
    buf_base64(out, sha256_bytes(&mac), BASE64_RAW);
    buf_char(out, '\n');
}
