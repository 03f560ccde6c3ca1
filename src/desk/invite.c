/* Invitations out and in.  Which secret is a record's is asked of its origin, so that nothing else has to remember. */
#include "desk/invite.h"

#include <string.h>

#include "base/codec.h"
#include "base/secret.h"
#include "message/message.h"

static const char *const common_file = "invitation.key";

static const char *file_of(struct desk *k, struct text party) {
    return arena_format(&k->arena, "invitation-%.*s.key", TEXT_ARG(party)).at;
}

static const char *peer_path(struct desk *k, struct text party) {
    return home_path(&k->home, &k->arena, "desk/peers/%.*s", TEXT_ARG(party));
}

/* ---- secrets */

struct start { /* a record of one's own, that is there or is to be */
    struct channel_name name;
    struct text written, origin;
    uint8_t secret[CHANNEL_SECRET_SIZE];
    struct link_channel channel;
    bool there; /* `channel` is that of the record */
};

static enum error read_secret(struct desk *k, const char *file, uint8_t out[static CHANNEL_SECRET_SIZE],
                              struct diag *d) {
    struct buf secret = {.max = KEYRING_SECRET_MAX};
    enum error result = keyring_get(k->keyring, file, &secret, d);
    if (!result && secret.size != CHANNEL_SECRET_SIZE)
        result = fail(d, ERR_INPUT, _("the secret in %s has another size"), file);
    if (!result) memcpy(out, secret.at, CHANNEL_SECRET_SIZE);
    buf_wipe(&secret);
    return result;
}

static enum error make_secret(struct desk *k, const char *file, uint8_t out[static CHANNEL_SECRET_SIZE],
                              struct diag *d) {
    if (keyring_has(k->keyring, file)) return read_secret(k, file, out, d);
    random_fill(k->random, out, CHANNEL_SECRET_SIZE);
    return keyring_put(k->keyring, file, bytes_of(out, CHANNEL_SECRET_SIZE), k->random, d);
}

static struct text origin_of(struct desk *k, const struct start *s) {
    return channel_origin(s->written, s->secret, &k->arena);
}

/* The secret behind the origin of a record that is open. */
static enum error find_secret(struct desk *k, struct start *s, struct diag *d) {
    const char *files[] = {file_of(k, s->name.to), common_file};
    for (size_t i = 0; i < COUNT(files); i++) {
        if (!keyring_has(k->keyring, files[i])) continue;
        enum error result = read_secret(k, files[i], s->secret, d);
        if (result || text_equal(origin_of(k, s), s->channel.own_origin)) return result;
    }
    return fail(d, ERR_MISSING, _("the secret of the record to %.*s is not on this desk"), TEXT_ARG(s->name.to));
}

static enum error check_party(struct desk *k, struct text party, struct diag *d) {
    if (!party_name_valid(party))
        return fail(d, ERR_INPUT, _("expected the host name of a party, found “%.*s”"), TEXT_ARG(party));
    if (text_equal(party, k->home.party)) return fail(d, ERR_INPUT, _("this is the party of this home itself"));
    return OK;
}

/* `alone`: where the record is not open yet, its secret is to be that party's alone. */
static enum error start_of(struct desk *k, struct text party, bool alone, struct start *s, struct diag *d) {
    *s = (struct start){.name = {k->home.party, party, 1, false}};
    enum error result = check_party(k, party, d);
    if (!result) result = desk_link(k, d);
    if (result) return result;
    result = desk_channel(k, party, false, &s->channel, d);
    if (result && result != ERR_MISSING) return result;
    s->there = result == OK;
    if (s->there) s->name.number = s->channel.number;
    s->written = channel_name_write(&s->name, &k->arena);
    const char *file = file_of(k, party);
    if (s->there)
        result = find_secret(k, s, d);
    else
        result = make_secret(k, alone || keyring_has(k->keyring, file) ? file : common_file, s->secret, d);
    if (!result) s->origin = origin_of(k, s);
    return result;
}

/* ---- the first proposal */

/* Nobody else can be asked to sign before there is a channel in which drafts are cleared. */
static enum error needs_no_clearance(const struct card *c, struct diag *d) {
    for (size_t i = 0; i < c->clearance_count; i++)
        if (names_have(c->clearances[i].kinds, TEXT("proposal")) && c->clearances[i].tlp <= TLP_AMBER)
            return fail(d, ERR_NO,
                        _("one's own card asks for a second signature on proposals, and a first proposal bears one: "
                          "accept the invitation of the other side and propose in the channel"));
    return OK;
}

static struct text short_title(struct text proposal) {
    struct text line = text_sub(proposal, 0, text_find(proposal, '\n'));
    size_t size = line.size < 100 ? line.size : 100;
    while (size < line.size && size && (line.at[size] & 0xc0) == 0x80) size--; /* not inside a character */
    return text_trim(text_sub(line, 0, size));
}

static enum error write_proposal(struct desk *k, const struct start *s, struct text proposal, struct text lang,
                                 struct buf *out, struct diag *d) {
    char uuid[37], hex[33];
    uint8_t id[16];
    const struct home *h = &k->home;
    random_uuid(k->random, uuid);
    random_fill(k->random, id, sizeof id);
    hex_write(bytes_of(id, sizeof id), hex);
    struct head head = {.record = s->origin,
                        .id = text_of(hex),
                        .own = 1, /* the card stands before it */
                        .kind = TEXT("proposal"),
                        .matter = arena_format(&k->arena, "%.*s/%s", TEXT_ARG(h->party), uuid),
                        .from = arena_format(&k->arena, "%.*s/%.*s", TEXT_ARG(h->party), TEXT_ARG(h->department)),
                        .by = h->officer,
                        .to = s->name.to,
                        .tlp = TEXT("AMBER"),
                        .lang = lang.size ? lang : h->lang};
    struct dialogue says = DIALOGUE_EMPTY;
    struct buf body = {.max = MESSAGE_MAX_BYTES};
    struct signer *officer = NULL;
    says.title = short_title(proposal);
    says.text = proposal;
    says.about = TEXT("dialogue");
    enum error result = dialogue_write(&says, &head, k->now, &body, d);
    if (!result) result = desk_officer(k, h->officer, &officer, d);
    if (!result) result = message_sign(&head, buf_as_text(&body), &(const struct signer *){officer}, 1, out, d);
    signer_free(officer);
    buf_free(&body);
    return result;
}

static enum error open_alone(struct desk *k, struct start *s, struct text proposal, struct text lang, struct diag *d) {
    struct link_opening o = {.own = s->name};
    struct card card;
    struct buf note = {.max = MESSAGE_MAX_BYTES};
    enum error result = own_card_load(k, &card, d);
    if (!result) result = needs_no_clearance(&card, d);
    if (!result) result = write_proposal(k, s, proposal, lang, &note, d);
    if (!result) result = own_card_with_log(k, s->origin, &o.own_card, &card, d);
    memcpy(o.own_secret, s->secret, sizeof o.own_secret);
    o.proposal = buf_as_bytes(&note);
    if (!result) result = link_open_channel(k->link, &o, k->now, d);
    secret_wipe(o.own_secret, sizeof o.own_secret);
    buf_free(&note);
    if (!result) result = desk_channel(k, s->name.to, false, &s->channel, d);
    s->there = !result;
    return result;
}

/* What stands in entry 1 of one's own record, where that is a first proposal. */
static enum error first_proposal(struct desk *k, const struct start *s, struct bytes *out, struct diag *d) {
    struct bytes *leaves;
    size_t count;
    struct entry e;
    struct message m;
    struct buf blob = {.max = MESSAGE_MAX_BYTES};
    enum error result = link_leaves(k->link, s->origin, 0, &k->arena, &leaves, &count, d);
    if (result || count < 2 || entry_read(leaves[1], &k->arena, &e, NULL) || e.blob_count != 1) return result;
    result = link_blob(k->link, s->origin, e.blobs[0].sha, MESSAGE_MAX_BYTES, &blob, d);
    struct bytes whole = result ? bytes_of(NULL, 0) : arena_bytes(&k->arena, buf_as_bytes(&blob));
    if (!result && message_read(whole, &k->arena, &m, NULL) == OK) *out = whole;
    buf_free(&blob);
    return result == ERR_MISSING || result == ERR_LIMIT ? OK : result;
}

/* ---- out */

static enum error invite_party(struct desk *k, struct text party, struct text proposal, struct text lang,
                               struct invitation *i, struct diag *d) {
    struct start s;
    enum error result = start_of(k, party, true, &s, d);
    if (!result && proposal.size && !s.there) result = open_alone(k, &s, proposal, lang, d);
    if (!result && s.there) result = first_proposal(k, &s, &i->proposal, d);
    if (!result && proposal.size && !i->proposal.size)
        result = fail(d, ERR_CONFLICT, _("the channel with %.*s is open already: `parley propose` speaks in it"),
                      TEXT_ARG(party));
    if (!result && s.there) i->channel = s.written;
    memcpy(i->secret, s.secret, sizeof i->secret);
    secret_wipe(s.secret, sizeof s.secret);
    return result;
}

enum error invite(struct desk *k, struct text party, struct text proposal, struct text lang, struct buf *out,
                  struct diag *d) {
    struct invitation i = {.party = k->home.party};
    enum error result =
        party.size ? invite_party(k, party, proposal, lang, &i, d) : make_secret(k, common_file, i.secret, d);
    if (!result) result = own_card_sign(k, &i.card_note, &i.card, d);
    if (!result) invitation_write(&i, out);
    secret_wipe(i.secret, sizeof i.secret);
    return result ? result : buf_check(out, d);
}

/* ---- in */

enum error invite_compare(struct desk *k, const struct invitation *i, char out[static SAFETY_NUMBER_SIZE],
                          struct diag *d) {
    struct bytes note;
    struct card own;
    enum error result = check_party(k, i->party, d);
    if (!result) result = own_card_signed(k, &note, &own, d);
    if (!result) safety_number_write(own.party, own.root, i->party, i->card.root, out);
    return result;
}

enum error invite_peer(struct desk *k, struct text party, struct invitation *out, struct diag *d) {
    struct buf file = {.max = 1 << 20};
    enum error result = check_party(k, party, d);
    if (result) return result;
    const char *path = peer_path(k, party);
    if (!os_exists(path))
        return fail(d, ERR_MISSING, _("no invitation of %.*s was accepted; `parley peers` lists whose were"),
                    TEXT_ARG(party));
    result = os_read(path, 1 << 20, &file, d);
    if (!result) result = invitation_read(arena_bytes(&k->arena, buf_as_bytes(&file)), &k->arena, out, d);
    diag_where(d, result ? path : NULL);
    buf_free(&file);
    return result;
}

/* A one-sided start names whom it is for; else anyone may have got the file. */
static enum error check_addressee(struct desk *k, const struct invitation *i, struct diag *d) {
    struct channel_name name;
    enum error result = i->channel.size ? channel_name_read(i->channel, &name, d) : OK;
    if (result || !i->channel.size || text_equal(name.to, k->home.party)) return result;
    return fail(d, ERR_INPUT, _("this invitation is for %.*s, and this home is that of %.*s"), TEXT_ARG(name.to),
                TEXT_ARG(k->home.party));
}

static enum error check_root(struct desk *k, const struct invitation *i, struct diag *d) {
    struct invitation before;
    char was[FINGERPRINT_SIZE], now[FINGERPRINT_SIZE];
    enum error result = invite_peer(k, i->party, &before, NULL);
    if (result == ERR_MISSING) return OK;
    if (result) return invite_peer(k, i->party, &before, d);
    if (text_equal(before.card.root, i->card.root)) return OK;
    fingerprint_write(before.card.root, was);
    fingerprint_write(i->card.root, now);
    return fail(d, ERR_CONFLICT,
                _("the root of %.*s is another than the one that was accepted (it was %s, it is %s): nothing was "
                  "changed.  Ask them, over a way that you trust, whether and why they changed it; if they did, the "
                  "channel goes on as a successor, once both sides have compared again"),
                TEXT_ARG(i->party), was, now);
}

static enum error check_digits(struct desk *k, const struct invitation *i, struct text digits, struct diag *d) {
    char number[SAFETY_NUMBER_SIZE];
    enum error result = invite_compare(k, i, number, d);
    if (result || digits_equal(digits, text_of(number))) return result;
    return fail(d, ERR_NO,
                _("this is not the safety number with %.*s: run `parley compare` here and have them run it there, read "
                  "both to each other over a telephone, and accept only where they are the same; if they are not, "
                  "someone changed an invitation on its way"),
                TEXT_ARG(i->party));
}

static enum error open_both(struct desk *k, const struct invitation *i, struct diag *d) {
    struct start s;
    struct card card;
    enum error result = start_of(k, i->party, false, &s, d);
    struct link_opening o = {.theirs_known = true, .their_root = i->card.root, .their_card = i->card_note};
    if (!result) result = own_card_with_log(k, s.origin, &o.own_card, &card, d);
    if (result) return result;
    o.own = s.name;
    memcpy(o.own_secret, s.secret, sizeof o.own_secret);
    memcpy(o.their_secret, i->secret, sizeof o.their_secret);
    result = link_open_channel(k->link, &o, k->now, d);
    secret_wipe(&s.secret, sizeof s.secret);
    secret_wipe(o.own_secret, sizeof o.own_secret);
    secret_wipe(o.their_secret, sizeof o.their_secret);
    return result;
}

enum error invite_accept(struct desk *k, struct bytes file, struct text digits, struct diag *d) {
    struct invitation i;
    enum error result = invitation_read(file, &k->arena, &i, d);
    if (!result) result = check_party(k, i.party, d);
    if (!result) result = check_addressee(k, &i, d);
    if (!result) result = check_root(k, &i, d);
    if (!result) result = check_digits(k, &i, digits, d);
    if (!result) result = open_both(k, &i, d);
    return result ? result : os_write(peer_path(k, i.party), file, 0600, d);
}

enum error invite_proposal(const struct invitation *i, struct arena *a, struct message *m, struct dialogue *out,
                           struct diag *d) {
    if (!i->proposal.size) return fail(d, ERR_MISSING, _("the invitation carries no proposal"));
    enum error result = message_read(i->proposal, a, m, d);
    if (!result && !message_signers(m, &i->card, a).count)
        result = fail(d, ERR_SIGNATURE, _("no officer of the card in the invitation signed its proposal"));
    return result ? result : dialogue_from_message(m, a, out, d);
}
