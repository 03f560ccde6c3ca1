#include "desk/say.h"

#include <string.h>

#include "base/codec.h"
#include "claim/claim.h"
#include "desk/case_view.h"
#include "desk/compared.h"
#include "desk/draft.h"
#include "desk/gate.h"
#include "desk/limits.h"
#include "desk/possible.h"
#include "desk/saying.h"
#include "desk/successor.h"
#include "finding/answer.h"
#include "matter/dialogue.h"
#include "message/recipients.h"
#include "party/officers.h"
#include "settlement/settlement.h"

#define X(name, type)                                                                                                  \
    enum error say_##name(const void *what, const struct head *h, instant created, struct buf *out, struct diag *d) {  \
        return name##_write((const type *)what, h, created, out, d);                                                   \
    }
SAY_BODIES(X)
#undef X

/* ---- the head */

static struct text random_id(struct talk *t) {
    uint8_t id[16];
    char hex[2 * sizeof id + 1];
    random_fill(t->desk->random, id, sizeof id);
    hex_write(bytes_of(id, sizeof id), hex);
    return arena_text(&t->arena, text_of(hex));
}

static struct text new_matter(struct talk *t) {
    char uuid[37];
    random_uuid(t->desk->random, uuid);
    return arena_format(&t->arena, "%.*s/%s", TEXT_ARG(t->desk->home.party), uuid);
}

/* In a case, the department that the other side speaks with or was spoken to, or passed it on to; else the whole party.
 */
static struct text default_to(const struct saying *s) {
    struct talk *t = s->talk;
    const struct matter *m = matter_find(&t->state, s->what->matter);
    return m ? case_addressee(t, m) : t->parties[1 - t->own];
}

static bool has_department(const struct card *c, struct text id) {
    for (size_t i = 0; i < c->department_count; i++)
        if (text_equal(c->departments[i].department, id)) return true;
    return false;
}

static enum error address(struct saying *s, struct diag *d) {
    struct talk *t = s->talk;
    struct text party = t->parties[1 - t->own], to = s->what->to, department = {0};
    if (!to.size) to = default_to(s);
    if (text_find(to, '/') == to.size && !text_equal(to, party))
        to = arena_format(&t->arena, "%.*s/%.*s", TEXT_ARG(party), TEXT_ARG(to));
    department = to;
    if (!text_skip(&department, party)) return fail(d, ERR_USAGE, _("%.*s is not %.*s"), TEXT_ARG(to), TEXT_ARG(party));
    s->head.to = to;
    if (text_skip(&department, TEXT("/")) && !has_department(s->theirs, department))
        return fail(d, ERR_USAGE, _("%.*s has no department %.*s; `parley card show %.*s` lists them"), TEXT_ARG(party),
                    TEXT_ARG(department), TEXT_ARG(party));
    return OK;
}

static enum error begin_head(struct saying *s, struct diag *d) {
    struct talk *t = s->talk;
    const struct home *home = &t->desk->home;
    const struct link_channel *c = talk_channel(t);
    const struct say *what = s->what;
    bool opens = kind_rules[what->kind].opens;
    s->head =
        (struct head){.record = c->own_origin,
                      .id = what->id.size ? what->id : random_id(t),
                      .own = c->own_size,
                      .read = c->their_size,
                      .kind = text_of(kind_rules[what->kind].name),
                      .matter = opens && !what->matter.size ? new_matter(t) : what->matter,
                      .from = arena_format(&t->arena, "%.*s/%.*s", TEXT_ARG(home->party), TEXT_ARG(home->department)),
                      .by = what->by.size ? what->by : home->officer,
                      .tlp = what->tlp == TLP_NONE ? TEXT("") : text_of(tlp_name(what->tlp)),
                      .lang = what->lang.size ? what->lang : home->lang};
    if (!s->head.lang.size) s->head.lang = TEXT("en");
    return address(s, d);
}

/* ---- seal */

static enum error seal_one(struct saying *s, struct bytes plain, struct bytes *out, struct diag *d) {
    struct buf sealed = {.max = plain.size + plain.size / 4 + (1 << 20)};
    enum error result = message_seal(plain, s->recipients, s->talk->desk->random, &sealed, d);
    if (!result) *out = arena_bytes(&s->talk->arena, buf_as_bytes(&sealed));
    buf_free(&sealed);
    return result;
}

static enum error attach_all(struct saying *s, struct diag *d) {
    struct talk *t = s->talk;
    const struct say *what = s->what;
    struct channel_limits limits;
    enum error result = limits_in_force(t, &limits, d);
    if (!result && what->attach_count > MESSAGE_ATTACH_MAX)
        result = fail(d, ERR_LIMIT, _("more than %d attachments"), MESSAGE_ATTACH_MAX);
    if (result) return result;
    s->head.attach = ARENA_ARRAY(&t->arena, struct attach, what->attach_count);
    s->head.attach_count = what->attach_count;
    s->blobs = ARENA_ARRAY(&t->arena, struct bytes, 1 + what->attach_count);
    for (size_t i = 0; i < what->attach_count && !result; i++) {
        const struct say_attach *a = &what->attach[i];
        result = seal_one(s, a->plain, &s->blobs[1 + i], d);
        if (!result && s->blobs[1 + i].size > limits.blob_bytes_max)
            result = fail(d, ERR_LIMIT, _("not sent: “%.*s” is %zu bytes sealed, and the other side takes %llu"),
                          TEXT_ARG(a->name), s->blobs[1 + i].size, (unsigned long long)limits.blob_bytes_max);
        if (result) break;
        s->head.attach[i] = (struct attach){.role = text_of(a->role),
                                            .sealed = sha256_of(s->blobs[1 + i]),
                                            .sealed_size = s->blobs[1 + i].size,
                                            .plain = sha256_of(a->plain),
                                            .plain_size = a->plain.size,
                                            .media_type = a->media_type,
                                            .name = a->name};
    }
    return result;
}

static enum error sign(struct saying *s, struct diag *d) {
    struct talk *t = s->talk;
    struct buf body = {.max = MESSAGE_MAX_BYTES}, note = {.max = MESSAGE_MAX_BYTES};
    struct signer *officer = NULL;
    enum error result = s->what->body(s->what->what, &s->head, t->desk->now, &body, d);
    if (!result) result = desk_officer(t->desk, s->head.by, &officer, d);
    if (!result)
        result = message_sign(&s->head, buf_as_text(&body), (const struct signer *const[]){officer}, 1, &note, d);
    if (!result) s->note = arena_bytes(&t->arena, buf_as_bytes(&note));
    if (!result) result = message_read(s->note, &t->arena, &s->message, d);
    signer_free(officer);
    buf_free(&body);
    buf_free(&note);
    return result;
}

/* ---- asking the rules */

/* An entry erases what its message says: the sealed SHA-256 of attachments, in hex. */
static struct names erased_by(const struct saying *s) {
    struct dialogue says;
    bool erases = text_is(s->head.kind, kind_rules[KIND_ERASE].name);
    if (!erases || dialogue_from_message(&s->message, &s->talk->arena, &says, NULL)) return (struct names){0};
    return (struct names){says.blobs.at, says.blobs.count};
}

/* All that stands, and one entry more in one's own record. */
static struct channel_view imagine(struct saying *s, struct arena *a) {
    struct talk *t = s->talk;
    struct channel_view v = t->verified.view;
    struct party_view *own = &v.parties[t->own];
    struct record_view *records = ARENA_ARRAY(a, struct record_view, own->count);
    memcpy(records, own->records, own->count * sizeof *records);
    struct record_view *last = &records[own->count - 1];
    struct leaf *leaves = ARENA_ARRAY(a, struct leaf, last->count + 1);
    memcpy(leaves, last->leaves, last->count * sizeof *leaves);
    struct text *attachments = ARENA_ARRAY(a, struct text, s->head.attach_count);
    for (size_t i = 0; i < s->head.attach_count; i++) {
        char hex[SHA256_HEX];
        attachments[i] = arena_text(a, sha256_hex(&s->head.attach[i].sealed, hex));
    }
    leaves[last->count++] = (struct leaf){.time = t->desk->now,
                                          .seen = {talk_channel(t)->their_size, true},
                                          .attachments = {attachments, s->head.attach_count},
                                          .erase = erased_by(s),
                                          .has_message = true,
                                          .blob_ok = true};
    last->leaves = leaves;
    own->records = records;
    return v;
}

/* The statements that there are, and this one. */
static const struct statement *with_mine(const struct talk *t, const struct statement *mine, struct arena *a) {
    struct statement *all = ARENA_ARRAY(a, struct statement, t->statement_count + 1);
    if (t->statement_count) memcpy(all, t->statements, t->statement_count * sizeof *all);
    all[t->statement_count] = *mine;
    return all;
}

/* Of the verdict what outlives the asking: why, kind and level; the card and the index of the entry; the statement. */
static const struct message_verdict *keep(struct talk *t, const struct message_verdict *m, struct statement *mine) {
    struct message_verdict *verdict = ARENA_NEW(&t->arena, struct message_verdict);
    struct entry_verdict *entry = ARENA_NEW(&t->arena, struct entry_verdict);
    *entry = (struct entry_verdict){.party = m->entry->party,
                                    .generation = m->entry->generation,
                                    .index = m->entry->index,
                                    .position = m->entry->position,
                                    .seen = m->entry->seen,
                                    .card = m->entry->card};
    *verdict = (struct message_verdict){.statement = mine,
                                        .entry = entry,
                                        .why = m->why,
                                        .kind = m->kind,
                                        .tlp = m->tlp,
                                        .read = m->read,
                                        .delivered = INSTANT_NONE};
    return verdict;
}

static enum error judge(struct saying *s, struct statement *mine, struct arena *a, const struct message_verdict **out,
                        struct diag *d) {
    struct talk *t = s->talk;
    const struct channel_view v = imagine(s, a); /* verdicts point into it */
    struct channel_verdict c;
    struct matter_state state;
    size_t generation = v.parties[t->own].count - 1;
    uint64_t index = v.parties[t->own].records[generation].count - 1;
    enum error result = channel_judge(&v, NULL, a, &c, d);
    if (result) return result;
    const struct entry_verdict *entry = channel_entry(&c, t->own, generation, index);
    ASSERT(entry);
    result = statement_from_message(&s->message, entry, &t->arena, mine, d);
    if (!result)
        result = matter_fold(&v, NULL, with_mine(t, mine, a), t->statement_count + 1, t->desk->now, a, &state, d);
    for (size_t i = 0; i < state.message_count && !result; i++) {
        const struct message_verdict *m = &state.messages[i];
        bool is_mine = m->statement->index == index && m->entry->party == t->own &&
                       sha256_equal(m->statement->identity, s->message.identity);
        if (!is_mine) continue;
        *out = keep(t, m, mine);
        return OK;
    }
    return result ? result : fail(d, ERR_INTERNAL, _("the rules pass over what is to be said"));
}

enum error saying_judge(struct saying *s, const struct message_verdict **out, struct diag *d) {
    struct arena scratch = {.max_bytes = s->talk->arena.max_bytes};
    enum error result = judge(s, ARENA_NEW(&s->talk->arena, struct statement), &scratch, out, d);
    arena_free(&scratch);
    return result;
}

enum error saying_refuse(const struct message_verdict *m, struct diag *d) {
    return m->why ? say_refuse(m->kind, m->why, d) : OK;
}

/* ---- out */

/* A successor counts once both entries 0 are there. */
static enum error successor_counts(const struct talk *t, struct diag *d) {
    size_t last = t->whole.generations - 1;
    if (!t->whole.generations || t->whole.chains[t->own].places[last].used) return OK;
    if (talk_channel(t)->their_size)
        return fail(
            d, ERR_CONFLICT,
            _("the record of %.*s begins with other lines than one's own, so that this successor does not count: "
              "ask them why"),
            TEXT_ARG(t->parties[1 - t->own]));
    return fail(
        d, ERR_USAGE,
        _("the successor channel with %.*s is not open on both sides yet: they accept `parley invite --to %.*s`, "
          "then `parley sync`"),
        TEXT_ARG(t->parties[1 - t->own]), TEXT_ARG(t->parties[1 - t->own]));
}

static enum error may_speak(const struct talk *t, struct diag *d) {
    const struct link_channel *c = talk_channel(t);
    if (c->state == CHANNEL_OPEN) {
        enum error result = compared_allows(t->desk, c->party, d);
        return result ? result : successor_counts(t, d);
    }
    if (c->state == CHANNEL_OFFERED)
        return fail(d, ERR_USAGE, _("%.*s has not accepted yet: nothing can be sealed to it"), TEXT_ARG(c->party));
    return fail(d, ERR_FROZEN, _("the channel with %.*s is %s: %.*s; it goes on with: %.*s"), TEXT_ARG(c->party),
                gettext(channel_state_word(c->state)), TEXT_ARG(c->why),
                TEXT_ARG(successor_command(c, &t->desk->arena)));
}

enum error saying_begin(struct saying *s, struct diag *d) {
    struct talk *t = s->talk;
    enum error result = may_speak(t, d);
    if (result) return result;
    s->own = talk_card(t, t->own);
    s->theirs = talk_card(t, 1 - t->own);
    if (s->theirs) return OK;
    return fail(d, ERR_USAGE, _("nothing has come from %.*s yet, and so no card to seal to: `parley sync` first"),
                TEXT_ARG(t->parties[1 - t->own]));
}

enum error saying_submit(struct saying *s, uint64_t *index, struct diag *d) {
    struct talk *t = s->talk;
    struct names erased = erased_by(s);
    struct sha256 *erase = ARENA_ARRAY(&t->arena, struct sha256, erased.count);
    struct link_submission out = {.origin = talk_channel(t)->own_origin,
                                  .blobs = s->blobs,
                                  .blob_count = 1 + s->head.attach_count,
                                  .erase = erase,
                                  .erase_count = erased.count};
    for (size_t i = 0; i < erased.count; i++)
        if (!sha256_read_hex(erased.at[i], &erase[i]))
            return fail(d, ERR_INPUT, _("expected SHA-256 in hex, found “%.*s”"), TEXT_ARG(erased.at[i]));
    enum error result = limits_hand_over(t, d);
    if (!result) result = seal_one(s, s->note, &s->blobs[0], d);
    return result ? result : link_submit(t->desk->link, &out, t->desk->now, index, d);
}

/* The level of what is said: its own, else the case's. */
static enum error pass_gate(const struct saying *s, struct diag *d) {
    const struct matter *m = matter_find(&s->talk->state, s->head.matter);
    enum tlp level = s->what->tlp != TLP_NONE ? s->what->tlp : m ? m->tlp : TLP_CLEAR;
    bool department = text_find(s->head.to, '/') < s->head.to.size;
    return gate_pass(&(struct gate){.level = level, .to = department ? GATE_DEPARTMENT : GATE_PARTY}, d);
}

static enum error compose(struct saying *s, struct diag *d) {
    enum error result = saying_begin(s, d);
    if (!result) result = begin_head(s, d);
    if (!result) result = officer_may_sign(s->own, s->head.by, s->talk->desk->home.department, d);
    if (!result) result = pass_gate(s, d);
    if (result) return result;
    s->recipients = message_recipients(&s->head, s->theirs, s->own, &s->talk->arena);
    result = attach_all(s, d);
    return result ? result : sign(s, d);
}

enum error say(struct talk *t, const struct say *what, struct said_at *out, struct diag *d) {
    struct saying s = {.talk = t, .what = what};
    const struct message_verdict *m = NULL;
    struct said_at at = {0};
    enum error result = compose(&s, d);
    if (!result) result = saying_judge(&s, &m, d);
    if (result) return result;
    const struct matter *matter = matter_find(&t->state, s.head.matter);
    bool drafts = what->draft || officer_part(s.own, s.head.by, t->desk->home.department) == PART_DRAFTS;
    at = (struct said_at){.matter = s.head.matter, .id = s.head.id};
    if (m->why == VOID_CLEARANCE || (drafts && !m->why))
        result = draft_keep(&s, m, &at, d);
    else if (!(result = say_instead(t, matter, saying_refuse(m, d), d)))
        result = saying_submit(&s, &at.index, d);
    if (!result) *out = at;
    return result;
}

/* The attachments go along as they were sealed: the signed head names their hashes. */
static enum error fetch_attachments(struct saying *s, struct diag *d) {
    struct talk *t = s->talk;
    enum error result = OK;
    s->blobs = ARENA_ARRAY(&t->arena, struct bytes, 1 + s->head.attach_count);
    for (size_t i = 0; i < s->head.attach_count && !result; i++) {
        const struct attach *a = &s->head.attach[i];
        struct buf sealed = {.max = a->sealed_size};
        result = link_blob(t->desk->link, talk_channel(t)->own_origin, a->sealed, a->sealed_size, &sealed, d);
        if (!result) s->blobs[1 + i] = arena_bytes(&t->arena, buf_as_bytes(&sealed));
        buf_free(&sealed);
    }
    return result;
}

enum error say_again(struct talk *t, const struct said *said, uint64_t *index, struct diag *d) {
    struct say what = {0};
    const struct message_verdict *m = NULL;
    struct saying s = {.talk = t, .what = &what, .head = said->message.head, .message = said->message};
    if (said->entry->party != t->own) return fail(d, ERR_USAGE, _("one can say again only what one has said"));
    s.note = said->message.whole;
    if (!kind_read(s.head.kind, &what.kind)) return fail(d, ERR_USAGE, _("a message of a kind that is not known"));
    enum error result = saying_begin(&s, d);
    if (!result) s.recipients = message_recipients(&s.head, s.theirs, s.own, &t->arena);
    if (!result) result = officer_may_sign(s.own, t->desk->home.officer, t->desk->home.department, d);
    if (!result) result = fetch_attachments(&s, d);
    if (!result) result = saying_judge(&s, &m, d);
    if (!result && m->why != VOID_RESEND) result = saying_refuse(m, d);
    return result ? result : saying_submit(&s, index, d);
}
