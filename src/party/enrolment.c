#include "party/enrolment.h"

#include "base/codec.h"
#include "note/note.h"
#include "seal/seal.h"

static bool take(struct text *t, const char *word, struct text *value) {
    struct text rest = *t, line, first;
    if (!text_line(&rest, &line) || !text_cut(&line, ' ', &first) || !text_is(first, word)) return false;
    *value = line;
    *t = rest;
    return true;
}

static enum error expected(struct diag *d, const char *line) {
    return fail(d, ERR_INPUT, _("not an enrolment: expected a line “%s”"), line);
}

/* ---- the request */

void enrolment_write(const struct enrolment *e, struct buf *out) {
    buf_format(out, "parley desk v1\nparty %.*s\nofficer %.*s\ndepartment %.*s\ntls %.*s\nrecipient %.*s\n",
               TEXT_ARG(e->party), TEXT_ARG(e->key), TEXT_ARG(e->department), TEXT_ARG(e->tls), TEXT_ARG(e->recipient));
}

/* `<party>/officer/<name>`, an Ed25519 key. */
static bool read_officer(struct enrolment *e, struct vkey *key) {
    if (vkey_read(e->key, key, NULL) || key->type != KEY_ED25519) return false;
    e->name = key->name;
    return text_skip(&e->name, e->party) && text_skip(&e->name, TEXT("/officer/")) && card_word_valid(e->name);
}

static enum error read_lines(struct text rest, struct enrolment *e, struct vkey *key, struct diag *d) {
    struct sha256 pin;
    struct seal_recipient recipient;
    if (!text_skip(&rest, TEXT("parley desk v1\n"))) return expected(d, "parley desk v1");
    if (!take(&rest, "party", &e->party) || !key_name_valid(e->party)) return expected(d, "party");
    if (!take(&rest, "officer", &e->key) || !read_officer(e, key)) return expected(d, "officer");
    if (!take(&rest, "department", &e->department) || !card_word_valid(e->department)) return expected(d, "department");
    if (!take(&rest, "tls", &e->tls) || !sha256_read_hex(e->tls, &pin)) return expected(d, "tls");
    if (!take(&rest, "recipient", &e->recipient) || seal_recipient_read(e->recipient, &recipient, NULL))
        return expected(d, "recipient");
    return rest.size ? fail(d, ERR_INPUT, _("the enrolment goes on after its last line")) : OK;
}

enum error enrolment_read(struct bytes note, struct arena *a, struct enrolment *out, struct diag *d) {
    struct enrolment e = {0};
    struct note n;
    struct vkey key;
    if (note.size > ENROLMENT_MAX_BYTES)
        return fail(d, ERR_LIMIT, _("an enrolment of more than %d bytes"), (int)ENROLMENT_MAX_BYTES);
    enum error result = note_read(note, a, &n, d);
    if (!result) result = read_lines(n.text, &e, &key, d);
    if (!result) result = note_verify(&n, &key, 1, NULL, d);
    if (!result) *out = e;
    return result;
}

/* ---- the answer */

void enrolment_answer_write(const struct enrolment_answer *w, struct buf *out) {
    buf_format(out, "parley desk answer v1\nnode %.*s\ncard ", TEXT_ARG(w->node));
    buf_base64(out, w->card_note, BASE64_PADDED);
    buf_char(out, '\n');
    for (size_t i = 0; i < w->identities.count; i++) buf_format(out, "identity %.*s\n", TEXT_ARG(w->identities.at[i]));
}

static bool decode(struct text t, struct arena *a, struct bytes *out) {
    struct buf decoded = {.max = CARD_MAX_BYTES};
    bool good = base64_read(t, &decoded, BASE64_PADDED);
    if (good) *out = arena_bytes(a, buf_as_bytes(&decoded));
    buf_free(&decoded);
    return good;
}

static bool read_identities(struct text *rest, struct arena *a, struct names *out) {
    struct text *list = ARENA_ARRAY(a, struct text, ENROLMENT_IDENTITIES_MAX), value;
    size_t count = 0;
    while (take(rest, "identity", &value)) {
        struct seal_identity *identity = NULL;
        if (count == ENROLMENT_IDENTITIES_MAX || seal_identity_read(value, &identity, NULL)) return false;
        seal_identity_free(identity);
        list[count++] = value;
    }
    *out = (struct names){list, count};
    return count > 0;
}

enum error enrolment_answer_read(struct bytes plain, struct arena *a, struct enrolment_answer *out, struct diag *d) {
    struct enrolment_answer w = {0};
    struct text rest = text_from_bytes(plain), value;
    if (plain.size > ENROLMENT_ANSWER_MAX_BYTES)
        return fail(d, ERR_LIMIT, _("an answer of more than %d bytes"), (int)ENROLMENT_ANSWER_MAX_BYTES);
    /* No note is around it, which would hold text alone. */
    if (!text_is_note_text(rest)) return fail(d, ERR_INPUT, _("not an enrolment: it holds what is no text"));
    if (!text_skip(&rest, TEXT("parley desk answer v1\n"))) return expected(d, "parley desk answer v1");
    if (!take(&rest, "node", &w.node) || !text_starts(w.node, TEXT("https://"))) return expected(d, "node");
    if (!take(&rest, "card", &value) || !decode(value, a, &w.card_note)) return expected(d, "card");
    if (!read_identities(&rest, a, &w.identities)) return expected(d, "identity");
    if (rest.size) return fail(d, ERR_INPUT, _("the answer goes on after its last line"));
    enum error result = card_read(w.card_note, a, &w.card, d);
    if (!result) *out = w;
    return result;
}
