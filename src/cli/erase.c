/* erase: deletes attachments of one's own earlier messages, and says why; or drops what the other side has erased. */
#include "cli/speech.h"
#include "desk/erasures.h"

enum { HASH_PREFIX_MIN = 8 };

struct erasing {
    const char *reason;
    bool theirs, yes;
    struct erasures erasures;
    const struct said *only; /* one message was named; NULL: a case was */
    struct sha256 *sealed;
    struct text *names; /* the same, hex */
    const struct said **of;
    size_t count, room;
    struct dialogue says;
};

/* ---- choosing */

static bool concerns(const struct speech *s, const struct erasing *q, const struct said *said) {
    if (q->only) return said == q->only;
    return text_equal(said->message.head.matter, s->matter->name);
}

static bool hash_starts(struct sha256 sha, struct text prefix) {
    char hex[SHA256_HEX];
    return prefix.size >= HASH_PREFIX_MIN && text_starts(sha256_hex(&sha, hex), prefix);
}

static enum error may_erase(struct speech *s, const struct erasing *q, const struct said *said,
                            const struct attach *a) {
    const struct talk *t = s->talk;
    struct diag *d = &s->cli->diag;
    const struct erasure *before = erasure_of(&q->erasures, said->entry->party, a->sealed);
    struct buf words = {.max = 8192};
    if (said->entry->party != t->own)
        return fail(d, ERR_USAGE, _("“%.*s” was attached by the other side: each erases only its own"),
                    TEXT_ARG(cli_shown(s->cli, a->name)));
    if (said->entry->generation + 1 != t->channel_count)
        return fail(d, ERR_USAGE, _("“%.*s” stands in a record that has ended: nothing in it can be erased any more"),
                    TEXT_ARG(cli_shown(s->cli, a->name)));
    if (!before) return OK;
    erasure_words(before, &words);
    fail(d, ERR_USAGE, _("“%.*s” is gone already: %.*s"), TEXT_ARG(cli_shown(s->cli, a->name)),
         TEXT_ARG(buf_as_text(&words)));
    buf_free(&words);
    return ERR_USAGE;
}

static void add(struct speech *s, struct erasing *q, const struct said *said, const struct attach *a) {
    struct arena *arena = &s->cli->arena;
    char hex[SHA256_HEX];
    size_t room = q->room;
    for (size_t i = 0; i < q->count; i++)
        if (sha256_equal(q->sealed[i], a->sealed)) return;
    q->sealed = arena_grow(arena, q->sealed, q->count, &room, sizeof *q->sealed);
    room = q->room;
    q->names = arena_grow(arena, q->names, q->count, &room, sizeof *q->names);
    room = q->room;
    q->of = arena_grow(arena, q->of, q->count, &room, sizeof *q->of);
    q->room = room;
    q->sealed[q->count] = a->sealed;
    q->names[q->count] = arena_text(arena, sha256_hex(&a->sealed, hex));
    q->of[q->count++] = said;
}

/* ROLE, ID:ROLE, or a SHA-256, sealed or plain.  A role alone must be that of one message. */
static enum error choose(struct speech *s, struct erasing *q, const char *typed) {
    struct text role = text_of(typed), id = {0};
    const struct said *first = NULL;
    enum error result = OK;
    text_cut(&role, ':', &id);
    for (size_t i = 0; i < s->talk->said_count && !result; i++) {
        const struct said *said = &s->talk->said[i];
        if (!concerns(s, q, said) || !text_starts(said->message.head.id, id)) continue;
        for (size_t k = 0; k < said->message.head.attach_count && !result; k++) {
            const struct attach *a = &said->message.head.attach[k];
            if (!text_equal(a->role, role) &&
                (id.size || (!hash_starts(a->sealed, role) && !hash_starts(a->plain, role))))
                continue;
            if (first && first != said)
                return fail(&s->cli->diag, ERR_USAGE, _("several messages attach %s: name one, as %.8s:%s or %.8s:%s"),
                            typed, first->message.head.id.at, typed, said->message.head.id.at, typed);
            first = said;
            result = may_erase(s, q, said, a);
            if (!result) add(s, q, said, a);
        }
    }
    if (result || first) return result;
    return fail(&s->cli->diag, ERR_MISSING, _("there is no attachment %s; expected a role, ID:ROLE, or a SHA-256"),
                typed);
}

/* A case, or a message. */
static enum error find(struct speech *s, struct erasing *q, const char *typed) {
    enum error result = speech_in(s, typed);
    if (result != ERR_MISSING || !s->desk) return result;
    struct diag missing = s->cli->diag;
    speech_end(s);
    s->cli->diag = (struct diag){0};
    result = speech_about(s, typed, &q->only);
    if (result == ERR_MISSING) s->cli->diag = missing;
    if (!result) s->matter = matter_find(&s->talk->state, q->only->message.head.matter);
    return result;
}

/* ---- saying it */

static bool erases_sheet(const struct erasing *q) {
    for (size_t i = 0; i < q->count; i++)
        if (text_is(q->of[i]->message.head.kind, "claim") || text_is(q->of[i]->message.head.kind, "correct"))
            return true;
    return false;
}

static enum error confirm(struct cli *c, const struct erasing *q) {
    if (!c->quiet) {
        for (size_t i = 0; i < q->count; i++)
            fprintf(stderr, _("erases %.12s… of message %.8s (%.*s)\n"), q->names[i].at, q->of[i]->message.head.id.at,
                    TEXT_ARG(cli_shown(c, q->of[i]->message.head.kind)));
        fprintf(
            stderr, "%s\n",
            _("The record keeps naming it by its hash.  Here it is gone for good; the other side may keep its copy."));
        if (erases_sheet(q))
            fprintf(stderr, "%s\n",
                    _("A sheet that its sender erased has no deadline: nobody must answer it any more."));
    }
    if (q->yes) return OK;
    if (!cli_can_ask()) return cli_usage(c, _("there is no terminal to ask on: --yes erases without being asked"));
    return cli_confirm(c, _("Erase it (yes or no)"));
}

/* To whom it was said: the department, or, of several, all of the party. */
static struct text addressee(const struct speech *s, const struct erasing *q) {
    struct text to = q->of[0]->message.head.to;
    for (size_t i = 1; i < q->count; i++)
        if (!text_equal(to, q->of[i]->message.head.to)) return s->talk->parties[1 - s->talk->own];
    return to;
}

static enum error erase(struct speech *s, struct erasing *q) {
    struct cli *c = s->cli;
    struct say say = {.kind = KIND_ERASE, .body = say_dialogue, .what = &q->says};
    enum error result = OK;
    erasures_gather(s->talk, &c->arena, &q->erasures);
    for (size_t i = 1; i < c->words.count && !result; i++) result = choose(s, q, c->words.at[i]);
    if (!result) result = confirm(c, q);
    if (result) return result;
    q->says.blobs = (struct member_list){q->names, q->count};
    q->says.text = s->text;
    say.to = addressee(s, q);
    say.tlp = s->matter ? s->matter->tlp : TLP_NONE; /* a message in no case inherits no level */
    s->matter = NULL;
    return speech_say(s, &say);
}

/* ---- what the other side has erased */

static enum error drop_theirs(struct speech *s, const char *party) {
    struct cli *c = s->cli;
    uint64_t dropped = 0;
    enum error result = speech_with(s, party);
    for (size_t i = 0; i < (result ? 0 : s->talk->channel_count) && !result; i++) {
        uint64_t count = 0;
        result = link_drop_erased(s->desk->link, s->talk->channels[i].own_origin, &count, &c->diag);
        dropped += count;
    }
    if (result) return result;
    if (c->json) {
        json_t *object = json_object();
        json_put_u64(object, "dropped", dropped);
        return cli_print_json(c, object);
    }
    if (!c->quiet)
        fprintf(stderr, _("attachments dropped that %s had erased: %llu\n"), party, (unsigned long long)dropped);
    return OK;
}

enum error cli_erase(struct cli *c) {
    struct speech s = {.cli = c};
    struct erasing q = {.says = DIALOGUE_EMPTY};
    const struct option_row rows[] = {
        {"--reason", OPTION_WORD, &q.reason, "TEXT", N_("why, for both sides to read (needed)")},
        {"--yes", OPTION_FLAG, &q.yes, NULL, N_("erase without being asked")},
        {"--theirs", OPTION_FLAG, &q.theirs, NULL,
         N_("drop what the party that is named has erased and is still held here")},
        SPEECH_ROWS(s),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, SIZE_MAX);
    if (result) return result;
    if (q.theirs && (c->words.count > 1 || q.reason || s.text_file))
        return cli_usage(c, _("--theirs takes a party and nothing else"));
    if (q.theirs) {
        result = drop_theirs(&s, c->words.at[0]);
    } else {
        result = c->words.count > 1 ? OK : cli_usage(c, _("which attachment: a role, ID:ROLE, or a SHA-256"));
        if (!result) result = cli_text(c, q.reason, s.text_file, &s.text);
        if (!result && !s.text.size) result = cli_usage(c, _("--reason is needed: both sides read why"));
        if (!result && !text_is_note_text(s.text))
            result = fail(&c->diag, ERR_INPUT, _("the text is not UTF-8 without control characters"));
        if (!result) result = find(&s, &q, c->words.at[0]);
        if (!result) result = erase(&s, &q);
    }
    speech_end(&s);
    return result;
}
