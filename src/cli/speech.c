#include "cli/speech.h"

#include <string.h>

#include "base/os.h"
#include "desk/limits.h"
#include "desk/possible.h"
#include "settlement/joint_statement.h"
#include "sync/witnessed.h"

/* ---- to the channel, and back */

enum error speech_with(struct speech *s, const char *to) {
    struct talk_at now = {.as_of = s->cli->now};
    struct text party = text_sub(text_of(to), 0, text_find(text_of(to), '/'));
    enum error result = cli_open_desk(s->cli, &s->desk);
    return result ? result : talk_open(s->desk, party, s->drill, &now, &s->talk, &s->cli->diag);
}

enum error speech_in(struct speech *s, const char *matter) {
    struct talk_at now = {.as_of = s->cli->now};
    enum error result = cli_open_desk(s->cli, &s->desk);
    return result ? result : talk_open_case(s->desk, text_of(matter), &now, &s->talk, &s->matter, &s->cli->diag);
}

enum error speech_may(struct speech *s, enum kind kind) { return say_may(s->talk, s->matter, kind, &s->cli->diag); }

enum error speech_about(struct speech *s, const char *id, const struct said **said) {
    struct link_channel *list;
    struct talk_at now = {.as_of = s->cli->now};
    struct diag *d = &s->cli->diag;
    size_t count = 0;
    enum error result = cli_open_desk(s->cli, &s->desk);
    if (!result) result = desk_link(s->desk, d);
    if (!result) result = link_channels(s->desk->link, &s->desk->arena, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        if (i && text_equal(list[i].party, list[i - 1].party) && list[i].drill == list[i - 1].drill) continue;
        result = talk_open(s->desk, list[i].party, list[i].drill, &now, &s->talk, d);
        if (!result) result = talk_find_said(s->talk, text_of(id), said, d);
        if (result != ERR_MISSING) return result;
        talk_close(s->talk);
        s->talk = NULL;
        result = OK;
    }
    return result ? result : fail(d, ERR_MISSING, _("there is no message %s"), id);
}

void speech_end(struct speech *s) {
    talk_close(s->talk);
    desk_close(s->desk);
    s->talk = NULL;
    s->desk = NULL;
}

/* ---- saying it */

enum error speech_text(struct speech *s, size_t place) {
    struct cli *c = s->cli;
    const char *word = place < c->words.count ? c->words.at[place] : NULL;
    bool from_input = word && !strcmp(word, "-") && !s->text_file;
    enum error result = cli_text(c, from_input ? NULL : word, from_input ? word : s->text_file, &s->text);
    if (!result && !text_is_note_text(s->text))
        result = fail(&c->diag, ERR_INPUT, _("the text is not UTF-8 without control characters"));
    return result;
}

enum error speech_say(struct speech *s, struct say *what) {
    enum error result = cli_tlp(s->cli, s->tlp, &what->tlp);
    if (s->officer) what->by = text_of(s->officer);
    if (s->lang) what->lang = text_of(s->lang);
    if (s->matter) what->matter = s->matter->name;
    what->draft = s->draft;
    struct said_at at;
    if (!result) result = say(s->talk, what, &at, &s->cli->diag);
    if (result) return result;
    cli_oddly(s->cli, s->talk, what);
    s->kept = at.draft;
    if (s->into && s->cli->json) {
        json_add(s->into, cli_said_json(s->talk, &at));
        return OK;
    }
    return cli_said(s->cli, s->talk, what->kind, &at);
}

enum error speech_dialogue(struct speech *s, enum kind kind, struct dialogue *what) {
    what->text = s->text;
    if (s->own_number) what->own_number = text_of(s->own_number);
    return speech_say(s, &(struct say){.kind = kind, .tlp = TLP_NONE, .body = say_dialogue, .what = what});
}

enum error speech_in_case(struct speech *s, enum kind kind, struct dialogue *what) {
    enum error result = speech_text(s, 1);
    if (!result) result = speech_in(s, s->cli->words.at[0]);
    if (!result) result = speech_dialogue(s, kind, what);
    speech_end(s);
    return result;
}

/* ---- what options hold */

enum error cli_word(struct cli *c, const char *option, const char *typed, const struct word_list *list,
                    struct text *out) {
    struct text known = {0};
    *out = text_of(typed);
    if (!typed || word_find(list, *out)) return OK;
    for (size_t i = 0; i < list->count; i++)
        known = arena_format(&c->arena, "%.*s%s%s", TEXT_ARG(known), i ? ", " : "", list->at[i].name);
    return fail(&c->diag, ERR_USAGE, _("%s: expected one of %.*s; found “%s”"), option, TEXT_ARG(known), typed);
}

/* ---- an offer */

static enum error take_spans(struct cli *c, struct offer_options *o) {
    uint64_t hours = HOURS_NONE;
    struct offered_terms *t = &o->terms;
    enum error result = cli_hours(c, "--acknowledge-within", o->acknowledge_within, &t->acknowledge_within_hours);
    if (!result) result = cli_hours(c, "--answer-within", o->answer_within, &t->answer_within_hours);
    if (!result) result = cli_hours(c, "--check-in-every", o->check_in_every, &t->check_in_every_hours);
    if (!result) result = cli_hours(c, "--retain", o->retain, &hours);
    if (result || hours == HOURS_NONE) return result;
    if (hours % 24) return cli_usage(c, _("--retain: expected days, as 90d, found “%s”"), o->retain);
    t->retain_days = hours / 24;
    return OK;
}

static enum error take_witnesses(struct cli *c, struct offer_options *o) {
    struct text *witnesses = ARENA_ARRAY(&c->arena, struct text, o->witnesses.count);
    for (size_t i = 0; i < o->witnesses.count; i++) {
        struct channel_witness read;
        witnesses[i] = text_of(o->witnesses.at[i]);
        if (witness_line_read(witnesses[i], &read, NULL))
            return cli_usage(c, _("--witness: expected the vkey of a witness, and perhaps its address, found “%s”"),
                             o->witnesses.at[i]);
    }
    o->terms.witnesses = (struct member_list){witnesses, o->witnesses.count};
    if (o->terms.quorum != HOURS_NONE && o->terms.quorum > o->witnesses.count)
        return cli_usage(c, _("--quorum: more than there are witnesses"));
    return OK;
}

/* `fr=FILE`, or a file in the language of the home. */
static enum error read_statement(struct cli *c, const char *typed, struct minutes_text *out) {
    struct text file = text_of(typed), lang;
    struct home home;
    enum error result = OK;
    if (text_cut(&file, '=', &lang) && text_lang_valid(lang)) {
        out->lang = lang;
    } else {
        file = text_of(typed);
        result = home_open(c->home, &c->arena, &home, &c->diag);
        if (!result) out->lang = home.lang;
    }
    if (!result) result = cli_text(c, NULL, file.at, &out->lines);
    if (!result && (!out->lines.size || !text_is_note_text(out->lines)))
        result = fail(&c->diag, ERR_INPUT, _("%s is no text in UTF-8"), file.at);
    return result;
}

/* All languages are one text, under one name: who accepts it accepts each of them. */
static enum error take_statement(struct cli *c, struct offer_options *o, struct dialogue *d, struct say *what) {
    struct minutes_text *texts = ARENA_ARRAY(&c->arena, struct minutes_text, o->statements.count);
    struct joint_statement statement = {texts, o->statements.count};
    struct buf written = {.max = JOINT_STATEMENT_MAX_BYTES};
    char hex[SHA256_HEX];
    enum error result = OK;
    for (size_t i = 0; i < o->statements.count && !result; i++)
        result = read_statement(c, o->statements.at[i], &texts[i]);
    if (!result) result = joint_statement_write(&statement, &written, &c->diag);
    struct bytes plain = arena_bytes(&c->arena, buf_as_bytes(&written));
    buf_free(&written);
    if (result) return result;
    struct sha256 sha = sha256_of(plain);
    d->statement = arena_text(&c->arena, sha256_hex(&sha, hex));
    o->attach = (struct say_attach){
        .role = "text", .media_type = TEXT("text/plain"), .name = TEXT("statement.txt"), .plain = plain};
    what->attach = &o->attach;
    what->attach_count = 1;
    return OK;
}

/* What a node would not go below is not offered. */
static enum error check_sizes(struct cli *c, const struct offered_terms *t) {
    const struct {
        const char *option;
        uint64_t value;
    } sizes[] = {{"--blob-bytes", t->blob_bytes_max}, {"--total-bytes", t->total_bytes_max}};
    for (size_t i = 0; i < COUNT(sizes); i++)
        if (sizes[i].value < LIMITS_BLOB_MIN)
            return cli_usage(c, _("%s: at least %d, so that messages themselves get through"), sizes[i].option,
                             LIMITS_BLOB_MIN);
    return t->window_entries ? OK : cli_usage(c, _("--window: at least 1, or nothing could be said"));
}

enum error speech_offer(struct cli *c, struct offer_options *o, struct dialogue *d, struct say *what) {
    enum error result = take_spans(c, o);
    if (!result) result = check_sizes(c, &o->terms);
    if (!result) result = take_witnesses(c, o);
    if (!result) result = cli_time(c, "--until", o->until, &d->until);
    if (!result && d->until != INSTANT_NONE && d->until <= c->now)
        result = cli_usage(c, _("--until: %s is past"), o->until);
    if (!result && o->statements.count) result = take_statement(c, o, d, what);
    d->terms = o->terms;
    d->title = text_of(o->title);
    return result;
}
