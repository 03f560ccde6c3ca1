#include "message/message.h"

#include <string.h>

#include "base/secret.h"
#include "seal/padme.h"

enum error message_sign(const struct head *h, struct text body, const struct signer *const *signers, size_t count,
                        struct buf *out, struct diag *d) {
    struct buf text = {.max = MESSAGE_MAX_BYTES};
    head_write(h, &text);
    buf_text(&text, body);
    buf_char(&text, '\n');
    enum error result = buf_check(&text, d);
    if (!result) result = note_sign(buf_as_text(&text), signers, count, out, d);
    buf_free(&text);
    return result;
}

enum error message_read(struct bytes whole, struct arena *a, struct message *out, struct diag *d) {
    struct message m = {.whole = whole};
    if (whole.size > MESSAGE_MAX_BYTES)
        return fail(d, ERR_LIMIT, _("a message of more than %d bytes"), MESSAGE_MAX_BYTES);
    enum error result = note_read(whole, a, &m.note, d);
    if (result) return result;
    struct text rest = m.note.text;
    result = head_read(&rest, a, &m.head, d);
    if (result) return result;
    if (!rest.size || rest.at[rest.size - 1] != '\n' || text_find(rest, '\n') != rest.size - 1)
        return fail(d, ERR_INPUT, _("expected the body of a message on one line"));
    m.body = text_sub(rest, 0, rest.size - 1);
    m.identity = sha256_of(bytes_from_text(m.note.text));
    *out = m;
    return OK;
}

static enum error read_recipients(struct names names, struct seal_recipient *out, struct diag *d) {
    for (size_t i = 0; i < names.count; i++) {
        enum error result = seal_recipient_read(names.at[i], &out[i], d);
        if (result) return result;
    }
    return OK;
}

enum error message_seal(struct bytes plain, struct names recipients, struct random *r, struct buf *out,
                        struct diag *d) {
    struct seal_recipient to[SEAL_RECIPIENTS_MAX];
    struct buf padded = {.max = plain.size + plain.size / 4 + 64};
    if (!recipients.count) return fail(d, ERR_INPUT, _("nobody to seal to: the department has no age recipient"));
    if (recipients.count > SEAL_RECIPIENTS_MAX)
        return fail(d, ERR_LIMIT, _("more than %d recipients"), SEAL_RECIPIENTS_MAX);
    enum error result = read_recipients(recipients, to, d);
    buf_bytes(&padded, plain);
    padme_pad(&padded, 0);
    if (!result) result = buf_check(&padded, d);
    struct sealer sealer = {.recipients = to, .count = recipients.count};
    if (!result) result = seal_bytes(&sealer, buf_as_bytes(&padded), r, out, d);
    buf_wipe(&padded);
    return result;
}

enum error message_unseal(struct bytes sealed, const struct opener *with, uint64_t known_size, struct buf *plain,
                          uint8_t file_key[static SEAL_FILE_KEY_SIZE], struct diag *d) {
    size_t from = plain->size;
    enum error result = seal_open_bytes(with, sealed, plain, file_key, d);
    if (result) return result;
    struct bytes padded = bytes_of(plain->at + from, plain->size - from);
    uint64_t size = known_size == UINT64_MAX ? padme_content(padded) : known_size;
    if (!padme_is(padded, size)) {
        plain->size = from;
        return fail(d, ERR_INPUT, _("what was sealed is not padded as it must be"));
    }
    plain->size = from + (size_t)size;
    return OK;
}

struct names message_signers(const struct message *m, const struct card *c, struct arena *a) {
    struct text *keys = ARENA_ARRAY(a, struct text, c->officer_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < c->officer_count; i++) {
        struct vkey key;
        if (vkey_read(c->officers[i].key, &key, NULL)) continue;
        if (note_verify(&m->note, &key, 1, NULL, NULL) == OK) keys[count++] = c->officers[i].key;
    }
    return (struct names){keys, count};
}
