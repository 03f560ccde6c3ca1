/* Identities and recipients: their text forms. */
#include <sodium.h>
#include <string.h>

#include "base/secret.h"
#include "seal/bech32.h"
#include "seal/identity.h"

enum error seal_recipient_read(struct text t, struct seal_recipient *out, struct diag *d) {
    struct seal_recipient r;
    if (t.size && t.at[0] == 'A') return fail(d, ERR_INPUT, _("an age recipient is written in lower case"));
    if (!bech32_read(t, TEXT("age"), r.key, sizeof r.key))
        return fail(d, ERR_INPUT, _("expected an age recipient “age1…”"));
    *out = r;
    return OK;
}

void seal_recipient_write(const struct seal_recipient *r, struct buf *out) {
    bech32_write(TEXT("age"), bytes_of(r->key, sizeof r->key), out);
}

static struct seal_identity *finish(struct seal_identity *i) {
    crypto_scalarmult_base(i->recipient.key, i->secret);
    return i;
}

struct seal_identity *seal_identity_new(struct random *r) {
    struct seal_identity *i = secret_new(sizeof *i);
    random_fill(r, i->secret, sizeof i->secret);
    return finish(i);
}

enum error seal_identity_read(struct text t, struct seal_identity **out, struct diag *d) {
    struct seal_identity *i = secret_new(sizeof *i);
    bool upper = t.size && t.at[0] == 'A';
    if (!upper || !bech32_read(t, TEXT("age-secret-key-"), i->secret, sizeof i->secret)) {
        secret_free(i);
        return fail(d, ERR_INPUT, _("expected an age identity “AGE-SECRET-KEY-1…”"));
    }
    *out = finish(i);
    return OK;
}

void seal_identity_write(const struct seal_identity *i, struct buf *out) {
    size_t from = out->size;
    bech32_write(TEXT("age-secret-key-"), bytes_of(i->secret, sizeof i->secret), out);
    for (size_t at = from; at < out->size; at++)
        if (out->at[at] >= 'a' && out->at[at] <= 'z') out->at[at] = (uint8_t)(out->at[at] - 32);
}

struct seal_recipient seal_identity_recipient(const struct seal_identity *i) {
    return i->recipient;
}

void seal_identity_free(struct seal_identity *i) { secret_free(i); }

/* ---- files of keys: one a line, `#` comments, empty lines */

/* The next line that holds a key; false at the end. */
static bool key_line(struct text *t, struct text *line, uint64_t *number) {
    while (t->size) {
        ++*number;
        if (!text_line(t, line)) {
            *line = *t;
            t->size = 0;
        }
        if (line->size && line->at[line->size - 1] == '\r') line->size--;
        if (line->size && line->at[0] != '#') return true;
    }
    return false;
}

enum error seal_identities_read(struct text t, struct seal_identity **out, size_t room, size_t *count, struct diag *d) {
    struct text line;
    uint64_t number = 0;
    size_t before = *count;
    while (key_line(&t, &line, &number)) {
        if (*count == room) return fail_at(d, number, ERR_LIMIT, _("more than %zu identities"), room);
        struct diag why = {0};
        enum error result = seal_identity_read(line, &out[*count], &why);
        if (result) return fail_at(d, number, result, "%s", why.text);
        ++*count;
    }
    return *count > before ? OK : fail(d, ERR_INPUT, _("expected an age identity, found none"));
}

enum error seal_recipients_read(struct text t, struct seal_recipient *out, size_t room, size_t *count, struct diag *d) {
    struct text line;
    uint64_t number = 0;
    size_t before = *count;
    while (key_line(&t, &line, &number)) {
        if (*count == room) return fail_at(d, number, ERR_LIMIT, _("more than %zu recipients"), room);
        struct diag why = {0};
        enum error result = seal_recipient_read(line, &out[*count], &why);
        if (result) return fail_at(d, number, result, "%s", why.text);
        ++*count;
    }
    return *count > before ? OK : fail(d, ERR_INPUT, _("expected an age recipient, found none"));
}
