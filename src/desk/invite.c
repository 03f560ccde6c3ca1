/* Invitations out and in.  Which secret is a record's is asked of its origin, so that nothing else has to remember. */
#include "desk/invite.h"

#include <string.h>

#include "base/codec.h"
#include "base/secret.h"
#include "desk/compared.h"
#include "message/message.h"
#include "party/officers.h"

static const char *const common_file = "invitation.key";

static const char *file_of(struct desk *k, struct text party) {
    return arena_format(&k->arena, "invitation-%.*s.key", TEXT_ARG(party)).at;
}

static const char *numbered_file(struct desk *k, const struct channel_name *n) {
    return arena_format(&k->arena, "invitation-%.*s%s.%llu.key", TEXT_ARG(n->to), n->drill ? ".drill" : "",
                        (unsigned long long)n->number)
        .at;
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

/* The secret behind the origin of a record that is open: one of those in the keyring. */
static enum error find_secret(struct desk *k, struct start *s, struct diag *d) {
    struct buf names = {.max = 1 << 20};
    bool found = false;
    enum error result = os_list(home_path(&k->home, &k->arena, "desk"), &names, d);
    for (size_t at = 0; !result && !found && at < names.size; at += strlen((const char *)names.at + at) + 1) {
        struct text name = text_of((const char *)names.at + at);
        if (!text_starts(name, TEXT("invitation")) || !text_ends(name, TEXT(".key"))) continue;
        result = read_secret(k, name.at, s->secret, d);
        found = !result && text_equal(origin_of(k, s), s->channel.own_origin);
    }
    buf_free(&names);
    if (result || found) return result;
    return fail(d, ERR_MISSING, _("the secret of the record to %.*s is not on this desk"), TEXT_ARG(s->name.to));
}

static enum error check_party(struct desk *k, struct text party, struct diag *d) {
    if (!party_name_valid(party))
        return fail(d, ERR_INPUT, _("expected the host name of a party, found “%.*s”"), TEXT_ARG(party));
    if (text_equal(party, k->home.party)) return fail(d, ERR_INPUT, _("this is the party of this home itself"));
    return OK;
}

struct which { /* record of one's own */
    struct text party;
    bool drill;
    uint64_t number; /* 0: the last one, or the first that is to be */
};

/* A drill needs nothing that the two parties do not have: its records share the secrets of the channel beside it. */
static enum error secret_beside(struct desk *k, struct start *s, struct diag *d) {
    struct start real = {.name = {s->name.from, s->name.to, 1, false}};
    enum error result = successor_find(k, s->name.to, false, 0, &real.channel, NULL);
    if (result == ERR_MISSING || (!result && !real.channel.their_origin.size))
        return fail(d, ERR_MISSING, _("a drill begins beside a channel, and there is none with %.*s yet"),
                    TEXT_ARG(s->name.to));
    if (result) return fail(d, result, _("the channels could not be read"));
    real.name.number = real.channel.number;
    real.written = real.channel.own_name;
    result = find_secret(k, &real, d);
    memcpy(s->secret, real.secret, sizeof s->secret);
    secret_wipe(real.secret, sizeof real.secret);
    return result;
}

/* `alone`: where a first record is not open yet, its secret is to be that party's alone. */
static enum error secret_of(struct desk *k, bool alone, struct start *s, struct diag *d) {
    const char *file = file_of(k, s->name.to);
    if (s->there) return find_secret(k, s, d);
    if (s->name.number > 1) return make_secret(k, numbered_file(k, &s->name), s->secret, d);
    if (s->name.drill) return secret_beside(k, s, d);
    return make_secret(k, alone || keyring_has(k->keyring, file) ? file : common_file, s->secret, d);
}

static enum error start_of(struct desk *k, struct which w, bool alone, struct start *s, struct diag *d) {
    *s = (struct start){.name = {k->home.party, w.party, w.number ? w.number : 1, w.drill}};
    enum error result = check_party(k, w.party, d);
    if (result) return result;
    result = successor_find(k, w.party, w.drill, w.number, &s->channel, d);
    if (result && result != ERR_MISSING) return result;
    s->there = result == OK;
    if (s->there) s->name.number = s->channel.number;
    s->written = channel_name_write(&s->name, &k->arena);
    result = secret_of(k, alone, s, d);
    if (!result) s->origin = origin_of(k, s);
    return result;
}

/* ---- the first proposal */

/* Nobody else can be asked to sign before there is a channel in which drafts are cleared. */
static enum error needs_no_clearance(const struct home *h, const struct card *c, struct diag *d) {
    enum error result = officer_may_sign(c, h->officer, h->department, d);
    if (result) return result;
    if (officer_part(c, h->officer, h->department) == PART_DRAFTS)
        return fail(d, ERR_NO, _("%.*s drafts, and there is no channel yet in which it could be cleared"),
                    TEXT_ARG(h->officer));
    for (size_t i = 0; i < c->clearance_count; i++)
        if (names_have(c->clearances[i].kinds, TEXT("proposal")) && c->clearances[i].tlp <= TLP_AMBER)
            return fail(d, ERR_NO,
                        _("one's own card asks for a second signature on proposals, and a first proposal bears one: "
                          "accept the invitation of the other side and propose in the channel"));
    return OK;
}

static struct text short_title(struct text proposal) {
    struct text line = text_sub(proposal, 0, text_find(proposal, '\n'));
    return text_trim(text_first_whole(line, 100));
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
    if (!result) result = needs_no_clearance(&k->home, &card, d);
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

/* ---- the proposed sizes of a successor, kept so that a crossing invitation with others is not accepted beside them */

static const char *proposed_path(struct desk *k, const struct channel_name *n) {
    return home_path(&k->home, &k->arena, "desk/successors/%.*s%s.%llu", TEXT_ARG(n->to), n->drill ? ".drill" : "",
                     (unsigned long long)n->number);
}

static enum error keep_proposed(struct desk *k, const struct channel_name *n,
                                const struct entry_follows lines[static 2], struct diag *d) {
    struct buf file = {.max = 4096};
    for (unsigned i = 0; i < 2; i++) {
        follows_write(&lines[i], &file);
        buf_char(&file, '\n');
    }
    enum error result = os_make_folders(home_path(&k->home, &k->arena, "desk/successors"), 0700, d);
    if (!result) result = os_write(proposed_path(k, n), buf_as_bytes(&file), 0600, d);
    buf_free(&file);
    return result;
}

/* ERR_MISSING where nothing was proposed. */
static enum error read_proposed(struct desk *k, const struct channel_name *n, struct entry_follows out[static 2],
                                struct diag *d) {
    struct buf file = {.max = 4096};
    const char *path = proposed_path(k, n);
    if (!os_exists(path)) return fail(d, ERR_MISSING, _("no successor was proposed"));
    enum error result = os_read(path, 4096, &file, d);
    struct text rest = result ? TEXT("") : arena_text(&k->arena, buf_as_text(&file)), line;
    for (unsigned i = 0; i < 2 && !result; i++)
        if (!text_line(&rest, &line) || !follows_read(line, &out[i]))
            result = fail(d, ERR_INPUT, _("expected two lines with a channel, a size and a root"));
    diag_where(d, result ? path : NULL);
    buf_free(&file);
    return result;
}

/* ---- out */

/* One that was opened here by accepting theirs, and that they have not opened: it is this one that they need. */
static bool is_under_way(const struct link_channel *c) {
    return c->number > 1 && c->state == CHANNEL_OPEN && !c->their_size;
}

static enum error say_successor(struct desk *k, const struct start *s, const struct invite_wish *w,
                                const struct link_channel *before, struct invitation *i, struct diag *d) {
    enum error result = ERR_MISSING;
    if (!w->at) result = read_proposed(k, &s->name, i->follows, d);
    if (result == ERR_MISSING) result = successor_propose(k, before, w->at, i->follows, d);
    if (!result) result = keep_proposed(k, &s->name, i->follows, d);
    return result;
}

static enum error invite_successor(struct desk *k, const struct invite_wish *w, struct start *s, struct invitation *i,
                                   struct diag *d) {
    struct link_channel before;
    enum error result = successor_find(k, w->party, w->drill, 0, &before, d);
    if (!result && before.state == CHANNEL_OFFERED)
        result = fail(d, ERR_NO, _("%.*s has not accepted the channel yet: there is nothing to go on from"),
                      TEXT_ARG(w->party));
    if (result) return result;
    bool under_way = is_under_way(&before);
    result = start_of(k, (struct which){w->party, w->drill, before.number + !under_way}, true, s, d);
    if (!result)
        result = under_way ? successor_lines(k, &before, i->follows, d) : say_successor(k, s, w, &before, i, d);
    if (result) return result;
    if (under_way && w->at)
        return fail(
            d, ERR_CONFLICT,
            _("the successor is open here already, as they proposed it: without --at its invitation is written"));
    i->channel = s->written;
    i->follows_count = 2;
    return OK;
}

/* Opens one's own record of a drill: all that it needs of theirs is known from the channel beside it. */
static enum error open_drill(struct desk *k, struct start *s, struct diag *d) {
    struct link_opening o = {.own = s->name, .theirs_known = true};
    struct link_channel real;
    struct invitation theirs;
    struct card card;
    enum error result = successor_find(k, s->name.to, false, 0, &real, d);
    if (!result) result = invite_peer(k, s->name.to, &theirs, d);
    if (!result) result = own_card_with_log(k, s->origin, &o.own_card, &card, d);
    if (result) return result;
    o.their_root = real.their_root;
    o.their_card = real.their_card;
    memcpy(o.own_secret, s->secret, sizeof o.own_secret);
    memcpy(o.their_secret, theirs.secret, sizeof o.their_secret);
    result = link_open_channel(k->link, &o, k->now, d);
    secret_wipe(o.own_secret, sizeof o.own_secret);
    if (!result) result = successor_find(k, s->name.to, true, s->name.number, &s->channel, d);
    s->there = !result;
    return result;
}

static enum error invite_record(struct desk *k, const struct invite_wish *w, struct start *s, struct invitation *i,
                                struct diag *d) {
    enum error result = start_of(k, (struct which){w->party, w->drill, 0}, true, s, d);
    if (!result && w->drill && !s->there) result = open_drill(k, s, d);
    if (!result && w->proposal.size && !s->there) result = open_alone(k, s, w->proposal, w->lang, d);
    if (!result && s->there) result = first_proposal(k, s, &i->proposal, d);
    if (!result && w->proposal.size && !i->proposal.size)
        result = fail(d, ERR_CONFLICT, _("the channel with %.*s is open already: `parley propose` speaks in it"),
                      TEXT_ARG(w->party));
    if (!result && s->there) i->channel = s->written;
    if (!result && s->there && s->name.number > 1) {
        result = successor_lines(k, &s->channel, i->follows, d);
        i->follows_count = 2;
    }
    return result;
}

static enum error invite_party(struct desk *k, const struct invite_wish *w, struct invitation *i, struct diag *d) {
    struct start s = {0};
    enum error result = w->successor ? invite_successor(k, w, &s, i, d) : invite_record(k, w, &s, i, d);
    memcpy(i->secret, s.secret, sizeof i->secret);
    secret_wipe(s.secret, sizeof s.secret);
    return result;
}

enum error invite_as(struct desk *k, const struct invite_wish *w, struct buf *out, struct diag *d) {
    struct invitation i = {.party = k->home.party};
    enum error result = desk_has_node(k, d);
    if (!result) result = w->party.size ? invite_party(k, w, &i, d) : make_secret(k, common_file, i.secret, d);
    if (!result) result = own_card_sign(k, &i.card_note, &i.card, d);
    if (!result) invitation_write(&i, out);
    secret_wipe(i.secret, sizeof i.secret);
    return result ? result : buf_check(out, d);
}

enum error invite(struct desk *k, struct text party, struct text proposal, struct text lang, struct buf *out,
                  struct diag *d) {
    return invite_as(k, &(struct invite_wish){.party = party, .proposal = proposal, .lang = lang}, out, d);
}

/* ---- comparing */

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

/* One that names a record names whom it is for; else anyone may have got the file. */
static enum error check_addressee(struct desk *k, const struct invitation *i, struct diag *d) {
    if (!i->channel.size || text_equal(i->name.to, k->home.party)) return OK;
    return fail(d, ERR_INPUT, _("this invitation is for %.*s, and this home is that of %.*s"), TEXT_ARG(i->name.to),
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
                  "channel goes on as a successor, once both sides have compared again: parley invite --to %.*s "
                  "--successor -o FILE"),
                TEXT_ARG(i->party), was, now, TEXT_ARG(i->party));
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

/* ---- successors */

static enum error other_sizes(struct desk *k, const struct invitation *i, const struct link_channel *before,
                              const struct entry_follows own[static 2], bool open, struct diag *d) {
    struct cut ours = successor_cut(k, before, own), theirs = successor_cut(k, before, i->follows);
    const char *drill = i->name.drill ? " --drill" : "";
    if (open)
        return fail(d, ERR_CONFLICT,
                    _("this successor is open here at the sizes %llu,%llu, and the invitation names %llu,%llu: they "
                      "write one that fits with: parley invite --to %.*s --successor%s --at %llu,%llu -o FILE"),
                    (unsigned long long)ours.of[0], (unsigned long long)ours.of[1], (unsigned long long)theirs.of[0],
                    (unsigned long long)theirs.of[1], TEXT_ARG(k->home.party), drill, (unsigned long long)ours.of[0],
                    (unsigned long long)ours.of[1]);
    return fail(d, ERR_CONFLICT,
                _("one's own invitation names the sizes %llu,%llu, and theirs %llu,%llu: of two that crossed only one "
                  "can count.  Let them accept yours; or take theirs with: parley invite --to %.*s --successor%s --at "
                  "%llu,%llu -o FILE, then accept theirs"),
                (unsigned long long)ours.of[0], (unsigned long long)ours.of[1], (unsigned long long)theirs.of[0],
                (unsigned long long)theirs.of[1], TEXT_ARG(i->party), drill, (unsigned long long)theirs.of[0],
                (unsigned long long)theirs.of[1]);
}

/* A home that holds nothing of the old records can follow nothing of them. */
static enum error begin_anew(struct desk *k, const struct invitation *i, struct diag *d) {
    if (!i->follows[0].at.size && !i->follows[1].at.size) return OK;
    return fail(d, ERR_MISSING,
                _("the invitation follows records of which this home holds nothing.  Accept in the home that has them, "
                  "or restore its backup; if they are lost, %.*s can go on without them: parley invite --to %.*s "
                  "--successor --at 0,0 -o FILE"),
                TEXT_ARG(i->party), TEXT_ARG(k->home.party));
}

static enum error check_open_successor(struct desk *k, const struct invitation *i, const struct link_channel *there,
                                       struct diag *d) {
    struct entry_follows own[2];
    enum error result = successor_lines(k, there, own, d);
    if (result || successor_same(own, i->follows)) return result;
    return other_sizes(k, i, there, own, true, d);
}

static enum error check_successor(struct desk *k, const struct invitation *i, struct diag *d) {
    struct link_channel last;
    struct entry_follows own[2];
    struct channel_name name = {k->home.party, i->party, i->name.number, i->name.drill};
    enum error result = successor_find(k, i->party, i->name.drill, 0, &last, d);
    if (result == ERR_MISSING) return begin_anew(k, i, d);
    if (result) return result;
    if (last.number == i->name.number) return check_open_successor(k, i, &last, d);
    if (last.number != i->name.number - 1)
        return fail(d, ERR_CONFLICT,
                    _("the invitation is for channel number %llu, and the last one here is number %llu"),
                    (unsigned long long)i->name.number, (unsigned long long)last.number);
    result = read_proposed(k, &name, own, d);
    if (!result && !successor_same(own, i->follows)) return other_sizes(k, i, &last, own, false, d);
    if (result && result != ERR_MISSING) return result;
    return successor_check(k, &last, i->follows, d);
}

/* A drill is spoken in by those who have compared already: the same root needs no second telephone call. */
static enum error check_drill(struct desk *k, const struct invitation *i, struct diag *d) {
    struct link_channel real;
    enum error result = successor_find(k, i->party, false, 0, &real, NULL);
    if (result == ERR_MISSING || (!result && !real.their_root.size))
        return fail(d, ERR_MISSING, _("a drill begins beside a channel, and there is none with %.*s yet"),
                    TEXT_ARG(i->party));
    if (result) return fail(d, result, _("the channels could not be read"));
    if (text_equal(real.their_root, i->card.root)) return OK;
    return fail(d, ERR_CONFLICT, _("the drill is signed by another root than the one that was accepted of %.*s"),
                TEXT_ARG(i->party));
}

/* ---- in */

static enum error open_both(struct desk *k, const struct invitation *i, struct diag *d) {
    struct start s;
    struct card card;
    struct which which = {i->party, i->name.drill, i->channel.size ? i->name.number : 0};
    enum error result = start_of(k, which, false, &s, d);
    struct link_opening o = {.theirs_known = true,
                             .their_root = i->card.root,
                             .their_card = i->card_note,
                             .follows = i->follows,
                             .follows_count = i->follows_count};
    if (!result && s.there && s.channel.state == CHANNEL_FOLLOWED)
        result = fail(d, ERR_CONFLICT, _("a successor took the place of this channel"));
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

bool invite_needs_number(const struct invitation *i) { return !i->name.drill; }

/* Who accepts says that people compared. */
static enum error keep_compared(struct desk *k, const struct invitation *i, struct diag *d) {
    char number[SAFETY_NUMBER_SIZE];
    enum error result = invite_compare(k, i, number, d);
    return result ? result
                  : compared_add(k, i->party, &(struct compared){.time = k->now, .number = text_of(number)}, d);
}

enum error invite_accept(struct desk *k, struct bytes file, struct text digits, struct diag *d) {
    struct invitation i;
    enum error result = desk_has_node(k, d);
    if (!result) result = invitation_read(file, &k->arena, &i, d);
    if (!result) result = check_party(k, i.party, d);
    if (!result) result = check_addressee(k, &i, d);
    if (!result && !i.follows_count && !i.name.drill) result = check_root(k, &i, d);
    if (!result) result = i.name.drill ? check_drill(k, &i, d) : check_digits(k, &i, digits, d);
    if (!result && i.follows_count) result = check_successor(k, &i, d);
    if (!result) result = open_both(k, &i, d);
    if (result || i.name.drill) return result;
    result = os_write(peer_path(k, i.party), file, 0600, d);
    return result ? result : keep_compared(k, &i, d);
}

enum error invite_proposal(const struct invitation *i, struct arena *a, struct message *m, struct dialogue *out,
                           struct diag *d) {
    if (!i->proposal.size) return fail(d, ERR_MISSING, _("the invitation carries no proposal"));
    enum error result = message_read(i->proposal, a, m, d);
    if (!result && !message_signers(m, &i->card, a).count)
        result = fail(d, ERR_SIGNATURE, _("no officer of the card in the invitation signed its proposal"));
    return result ? result : dialogue_from_message(m, a, out, d);
}
