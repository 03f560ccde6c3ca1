#include "desk/enrol.h"

#include "base/os.h"
#include "base/secret.h"
#include "desk/roots.h"
#include "message/message.h"
#include "node/tls.h"
#include "note/fingerprint.h"
#include "record/channel.h"

enum { IDENTITY_NAME_MAX = 128 };

struct text enrol_fingerprint(struct bytes request, char out[static 36]) {
    _Static_assert(FINGERPRINT_SIZE == 36, "the header says so");
    return fingerprint_write(text_from_bytes(request), out);
}

/* ---- the request */

static enum error repeat(void *state, const char *folder, struct buf *out, struct diag *d) {
    (void)folder;
    buf_text(out, *(const struct text *)state);
    return buf_check(out, d);
}

static enum error make_tls(struct desk *k, const struct enrol_wanted *w, struct text *pin, struct diag *d) {
    struct buf key = {.max = TLS_PEM_MAX}, certificate = {.max = TLS_PEM_MAX};
    struct sha256 spki;
    char hex[SHA256_HEX];
    enum error result = tls_make(w->home.officer, w->now, &key, &certificate, d);
    if (!result) result = tls_spki(buf_as_bytes(&certificate), &spki, d);
    if (!result) result = keyring_put(k->keyring, "tls.key", buf_as_bytes(&key), w->random, d);
    if (!result)
        result = os_write_new(home_path(&k->home, &k->arena, "desk/tls.crt"), buf_as_bytes(&certificate), 0600, d);
    if (!result) *pin = arena_text(&k->arena, sha256_hex(&spki, hex));
    buf_wipe(&key);
    buf_free(&certificate);
    return result;
}

/* An identity of its own, for the answer alone: nobody else is to read what it holds. */
static enum error make_recipient(struct desk *k, struct text *recipient, struct diag *d) {
    struct seal_identity *identity = seal_identity_new(k->random);
    struct seal_recipient to = seal_identity_recipient(identity);
    struct buf secret = {.max = KEYRING_SECRET_MAX}, out = {.max = 256};
    seal_identity_write(identity, &secret);
    seal_recipient_write(&to, &out);
    enum error result = keyring_put(k->keyring, "enrolment.key", buf_as_bytes(&secret), k->random, d);
    if (!result) *recipient = arena_text(&k->arena, buf_as_text(&out));
    buf_wipe(&secret);
    buf_free(&out);
    seal_identity_free(identity);
    return result;
}

static enum error sign_request(struct desk *k, struct enrolment *e, struct buf *out, struct diag *d) {
    struct signer *officer = NULL;
    struct buf text = {.max = ENROLMENT_MAX_BYTES};
    enrolment_write(e, &text);
    enum error result = buf_check(&text, d);
    if (!result) result = desk_officer(k, k->home.officer, &officer, d);
    if (!result) result = note_sign(buf_as_text(&text), (const struct signer *const[]){officer}, 1, out, d);
    signer_free(officer);
    buf_free(&text);
    return result;
}

static enum error fill(struct desk *k, const struct enrol_wanted *w, struct buf *request, struct diag *d) {
    struct enrolment e = {.party = k->home.party, .department = k->home.department};
    enum error result = desk_make_officer(k, k->home.officer, &e.key, d);
    if (!result) result = make_recipient(k, &e.recipient, d);
    if (!result) result = make_tls(k, w, &e.tls, d);
    return result ? result : sign_request(k, &e, request, d);
}

enum error enrol_request(const struct enrol_wanted *w, struct buf *request, struct diag *d) {
    char folder[OS_PATH_MAX];
    struct desk *k = NULL;
    struct text passphrase = w->passphrase;
    const struct desk_options o = {
        .home = w->home.path, .passphrase = {repeat, &passphrase}, .random = w->random, .now = w->now};
    if (!party_name_valid(w->home.party)) return fail(d, ERR_INPUT, _("expected a host name as the party's name"));
    if (!card_word_valid(w->home.department) || !card_word_valid(w->home.officer))
        return fail(d, ERR_INPUT, _("department and officer: expected at most 64 of a-z, 0-9, “-”, “.” and “_”"));
    enum error result = home_create(&w->home, d);
    if (!result) result = keyring_create(os_path(folder, w->home.path, "desk"), w->passphrase, w->random, d);
    if (!result) result = desk_open(&o, &k, d);
    if (!result) result = fill(k, w, request, d);
    desk_close(k);
    return result;
}

/* ---- admitting */

static enum error put_on_card(struct desk *k, const struct enrolment *e, struct names roles, struct diag *d) {
    struct card card;
    const struct officer added = {.name = e->name, .department = e->department, .key = e->key, .roles = roles};
    enum error result = own_card_load(k, &card, d);
    for (size_t i = 0; i < card.officer_count && !result; i++) {
        const struct officer *o = &card.officers[i];
        if (!text_equal(o->name, e->name) || !text_equal(o->department, e->department)) continue;
        if (!text_equal(o->key, e->key))
            return fail(d, ERR_CONFLICT, _("the card names another key of the officer %.*s: choose another name"),
                        TEXT_ARG(e->name));
        if (!roles.count) return OK;
        card.officers[i].roles = roles;
        return own_card_save(k, &card, d);
    }
    if (!result && !roles.count)
        result = fail(d, ERR_USAGE, _("%.*s is not on the card yet: --roles says what they may do"), TEXT_ARG(e->name));
    if (!result) result = own_card_add_officer(k, &card, &added, d);
    return result ? result : own_card_save(k, &card, d);
}

/* All identities of the department, the oldest first: what was sealed to an old one must open there, too. */
static enum error read_identities(struct desk *k, struct text department, struct text *list, size_t *count,
                                  struct diag *d) {
    enum error result = OK;
    for (*count = 0; *count < ENROLMENT_IDENTITIES_MAX && !result; ++*count) {
        struct text name = arena_format(&k->arena, "department-%.*s.%zu.key", TEXT_ARG(department), *count);
        struct buf secret = {.max = KEYRING_SECRET_MAX};
        if (!keyring_has(k->keyring, name.at)) break;
        result = keyring_get(k->keyring, name.at, &secret, d);
        if (!result) list[*count] = text_trim(arena_text(&k->arena, buf_as_text(&secret)));
        buf_wipe(&secret);
    }
    if (result || *count) return result;
    return fail(d, ERR_NO_KEY, _("this desk has no identity of the department %.*s, and can't pass one on"),
                TEXT_ARG(department));
}

static enum error seal_answer(struct desk *k, const struct enrolment_answer *w, struct text recipient, struct buf *out,
                              struct diag *d) {
    struct buf plain = {.max = ENROLMENT_ANSWER_MAX_BYTES};
    enrolment_answer_write(w, &plain);
    enum error result = buf_check(&plain, d);
    if (!result) result = message_seal(buf_as_bytes(&plain), (struct names){&recipient, 1}, k->random, out, d);
    buf_wipe(&plain);
    return result;
}

static void wipe(struct text *secrets, size_t count) {
    for (size_t i = 0; i < count; i++) secret_wipe((void *)(uintptr_t)secrets[i].at, secrets[i].size);
}

static enum error answer_to(struct desk *k, const struct enrolment *e, struct text node, struct buf *answer,
                            struct diag *d) {
    struct enrolment_answer w = {.node = node};
    struct text *secrets = ARENA_ARRAY(&k->arena, struct text, ENROLMENT_IDENTITIES_MAX);
    size_t count = 0;
    enum error result = own_card_signed(k, &w.card_note, &w.card, d);
    if (!result) result = read_identities(k, e->department, secrets, &count, d);
    w.identities = (struct names){secrets, count};
    if (!result) result = seal_answer(k, &w, e->recipient, answer, d);
    wipe(secrets, count);
    return result;
}

enum error enrol_admit(struct desk *k, struct bytes request, struct names roles, struct text node, struct buf *answer,
                       struct diag *d) {
    struct enrolment e;
    enum error result = enrolment_read(request, &k->arena, &e, d);
    if (!result && !text_equal(e.party, k->home.party))
        result = fail(d, ERR_INPUT, _("this desk would be one of %.*s"), TEXT_ARG(e.party));
    if (!result && !text_starts(node, TEXT("https://")))
        result = fail(d, ERR_USAGE, _("expected the node's address as https://host:7444"));
    if (!result) result = answer_to(k, &e, node, answer, d);
    if (!result) result = put_on_card(k, &e, roles, d);
    if (!result) result = desk_link(k, d);
    return result ? result : link_admit_desk(k->link, request, d);
}

/* ---- the answer */

static enum error unseal(struct desk *k, struct bytes sealed, struct bytes *out, struct diag *d) {
    struct buf secret = {.max = KEYRING_SECRET_MAX}, plain = {.max = sealed.size + 1024};
    struct seal_identity *identity = NULL;
    uint8_t key[SEAL_FILE_KEY_SIZE];
    if (!keyring_has(k->keyring, "enrolment.key"))
        return fail(d, ERR_NO_KEY, _("this desk has not asked to be one of a party's: `parley join request` does"));
    enum error result = keyring_get(k->keyring, "enrolment.key", &secret, d);
    if (!result) result = seal_identity_read(buf_as_text(&secret), &identity, d);
    if (!result) {
        struct seal_identity *one[] = {identity};
        const struct opener with = {.identities = one, .count = 1};
        result = message_unseal(sealed, &with, UINT64_MAX, &plain, key, d);
        secret_wipe(key, sizeof key);
    }
    if (!result) *out = arena_bytes(&k->arena, buf_as_bytes(&plain));
    seal_identity_free(identity);
    buf_wipe(&secret);
    buf_wipe(&plain);
    return result;
}

static enum error check_card(struct desk *k, const struct card *card, struct text fingerprint, struct diag *d) {
    char digits[FINGERPRINT_SIZE];
    if (!text_equal(card->party, k->home.party))
        return fail(d, ERR_INPUT, _("the answer is of %.*s"), TEXT_ARG(card->party));
    if (digits_equal(fingerprint_write(card->root, digits), fingerprint)) return OK;
    return fail(d, ERR_NO, _("the root in the answer has the fingerprint %s, and not the one that was typed"), digits);
}

/* One of the identities is that to which counterparties seal now. */
static enum error check_identities(struct desk *k, const struct enrolment_answer *w, struct diag *d) {
    bool found = false;
    for (size_t i = 0; i < w->identities.count; i++) {
        struct seal_identity *identity = NULL;
        struct buf to = {.max = 256};
        if (seal_identity_read(w->identities.at[i], &identity, NULL)) continue;
        struct seal_recipient recipient = seal_identity_recipient(identity);
        seal_recipient_write(&recipient, &to);
        for (size_t n = 0; n < w->card.recipient_count; n++)
            found = found || (text_equal(w->card.recipients[n].value, buf_as_text(&to)) &&
                              text_equal(w->card.recipients[n].department, k->home.department));
        buf_free(&to);
        seal_identity_free(identity);
    }
    return found ? OK : fail(d, ERR_INPUT, _("the answer has no identity to which the card has messages sealed"));
}

static enum error keep_identities(struct desk *k, struct names identities, struct diag *d) {
    enum error result = OK;
    for (size_t i = 0; i < identities.count && !result; i++) {
        struct text name = arena_format(&k->arena, "department-%.*s.%zu.key", TEXT_ARG(k->home.department), i);
        if (keyring_has(k->keyring, name.at)) continue;
        result = keyring_put(k->keyring, name.at, bytes_from_text(identities.at[i]), k->random, d);
    }
    return result;
}

enum error enrol_open(struct desk *k, struct bytes answer, struct text fingerprint, struct diag *d) {
    struct enrolment_answer w;
    struct bytes plain = {0};
    enum error result = unseal(k, answer, &plain, d);
    if (!result) result = enrolment_answer_read(plain, &k->arena, &w, d);
    if (!result) result = check_card(k, &w.card, fingerprint, d);
    if (!result) result = check_identities(k, &w, d);
    if (!result) result = keep_identities(k, w.identities, d);
    if (!result) result = roots_forget(k, d);
    if (!result) result = own_card_adopt(k, w.card_note, &w.card, d);
    if (!result) k->home.node = arena_text(&k->arena, w.node);
    if (plain.size) secret_wipe((void *)(uintptr_t)plain.at, plain.size);
    return result ? result : home_save(&k->home, d);
}
