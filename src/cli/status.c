/* status: the home, whether its node runs, and how each channel stands. */
#include <stdlib.h>

#include "base/os.h"
#include "cli/cli.h"
#include "cli/speak.h"
#include "desk/compared.h"
#include "desk/own_card.h"
#include "desk/successor.h"
#include "note/fingerprint.h"

enum { SKEW_TOLD_SECONDS = 5 };

struct seen { /* of one channel */
    const struct link_channel *channel;
    struct link_proof *found; /* against either record of it */
    size_t contradictions, proofs;
    struct text command; /* that begins a successor, where one is needed; empty: none is */
    struct compared compared;
    char number[SAFETY_NUMBER_SIZE]; /* that of the roots as they are now; empty: one is not known */
};

static enum error look(struct cli *c, struct desk *desk, const struct link_channel *channel, struct seen *out) {
    struct text origins[] = {channel->own_origin, channel->their_origin};
    size_t room = 0;
    *out = (struct seen){.channel = channel};
    enum error result = compared_last(desk, channel->party, &out->compared, &c->diag);
    if (channel->own_root.size && channel->their_root.size)
        safety_number_write(desk->home.party, channel->own_root, channel->party, channel->their_root, out->number);
    for (size_t i = 0; i < COUNT(origins) && !result; i++) {
        struct link_proof *list;
        size_t count = 0;
        if (origins[i].size) result = link_contradictions(desk->link, origins[i], &c->arena, &list, &count, &c->diag);
        for (size_t n = 0; n < count && !result; n++) {
            out->found = arena_grow(&c->arena, out->found, out->contradictions, &room, sizeof *out->found);
            out->found[out->contradictions++] = list[n];
            out->proofs += list[n].proves;
        }
    }
    return result;
}

/* ---- for programs */

/* With the notes that contradict each other: who shows them to others needs nothing else. */
static json_t *found_json(const struct seen *s, struct text own) {
    json_t *list = json_array();
    for (size_t i = 0; i < s->contradictions; i++) {
        json_t *o = json_object();
        json_put_text(o, "record", s->found[i].origin);
        json_put_text(o, "of", text_equal(s->found[i].origin, s->channel->own_origin) ? own : s->channel->party);
        json_put(o, "found_at", json_from_instant(s->found[i].found_at));
        json_put_bool(o, "proves", s->found[i].proves);
        if (json_is_text(s->found[i].text)) json_put_text(o, "text", s->found[i].text);
        json_add(list, o);
    }
    return list;
}

static json_t *witnesses_json(const struct link_channel *of) {
    static const char *const words[2] = {[SIDE_OWN] = "own", [SIDE_THEIRS] = "theirs"};
    json_t *o = json_object();
    json_put_u64(o, "named", of->witnesses);
    json_put_u64(o, "quorum", of->quorum);
    for (enum side side = SIDE_OWN; side <= SIDE_THEIRS; side++) {
        json_t *record = json_object();
        json_put_u64(record, "size", of->witnessed_size[side]);
        json_put(record, "at", json_from_instant(of->witnessed_at[side]));
        json_put(o, words[side], record);
    }
    json_put_text_if(o, "trouble", of->witness_trouble);
    return o;
}

static long skew_of(const struct link_channel *of) {
    char digits[32];
    snprintf(digits, sizeof digits, "%.*s", TEXT_ARG(of->skew));
    return strtol(digits, NULL, 10);
}

static json_t *channel_json(const struct seen *s, struct text own) {
    const struct link_channel *of = s->channel;
    json_t *o = json_object();
    json_put_text(o, "party", of->party);
    json_put_text(o, "channel", of->own_name);
    json_put_bool(o, "drill", of->drill);
    json_put_text(o, "state", text_of(channel_state_word(of->state)));
    json_put_text_if(o, "why", of->why);
    json_put_u64(o, "own_size", of->own_size);
    json_put_u64(o, "receipted_size", of->receipted_size);
    json_put(o, "receipted_at", json_from_instant(of->receipted_at));
    json_put_u64(o, "their_size", of->their_size);
    json_put_u64(o, "cosigned_size", of->cosigned_size);
    json_put(o, "contacted_at", json_from_instant(of->contacted_at));
    json_put(o, "tried_at", json_from_instant(of->tried_at));
    json_put_text_if(o, "trouble", of->trouble);
    if (of->skew.size) json_put(o, "their_clock_ahead_seconds", json_integer(skew_of(of)));
    if (of->witnesses) json_put(o, "witnesses", witnesses_json(of));
    json_put_u64(o, "contradictions", s->contradictions);
    json_put_u64(o, "equivocation_proofs", s->proofs);
    if (s->contradictions) json_put(o, "found", found_json(s, own));
    json_put_text_if(o, "what_to_do", s->command);
    if (s->compared.time != INSTANT_NONE) json_put(o, "compared", compared_json(&s->compared, text_of(s->number)));
    return o;
}

static enum error print_json(struct cli *c, const struct desk *desk, const struct seen *list, size_t count) {
    json_t *o = json_object(), *channels = json_array();
    json_put_text(o, "party", desk->home.party);
    json_put_text(o, "department", desk->home.department);
    json_put_text(o, "officer", desk->home.officer);
    json_put_bool(o, "node_runs", link_is_remote(desk->link));
    for (size_t i = 0; i < count; i++) json_add(channels, channel_json(&list[i], desk->home.party));
    json_put(o, "channels", channels);
    return cli_print_json(c, o);
}

/* ---- for people */

static void print_time(const char *before, instant at) {
    char written[INSTANT_TEXT_MAX];
    if (at == INSTANT_NONE)
        printf("%s%s\n", before, _("never"));
    else
        printf("%s%.*s\n", before, TEXT_ARG(instant_write(at, written)));
}

/* What people found of the safety number. */
static void print_compared(struct cli *c, const struct seen *s) {
    char at[INSTANT_TEXT_MAX];
    const struct compared *found = &s->compared;
    if (found->time == INSTANT_NONE) return;
    printf(found->differ ? _("  safety number: it differs, found %.*s by %.*s; nothing is sent")
                         : _("  safety number: compared %.*s by %.*s"),
           TEXT_ARG(instant_write(found->time, at)), TEXT_ARG(cli_shown(c, found->by)));
    if (found->how.size) printf(", %.*s", TEXT_ARG(cli_shown(c, found->how)));
    putchar('\n');
}

/* A few seconds are the way of the answer. */
static void print_skew(const struct link_channel *of) {
    long ahead = skew_of(of);
    if (ahead > -SKEW_TOLD_SECONDS && ahead < SKEW_TOLD_SECONDS) return;
    if (ahead > 0)
        printf(_n("  clocks: theirs is %ld second ahead of ours\n", "  clocks: theirs is %ld seconds ahead of ours\n",
                  ahead),
               ahead);
    else
        printf(
            _n("  clocks: theirs is %ld second behind ours\n", "  clocks: theirs is %ld seconds behind ours\n", -ahead),
            -ahead);
}

static void print_witnessed(const char *record, uint64_t size, instant at) {
    char written[INSTANT_TEXT_MAX];
    if (size)
        printf(_("  %s: witnessed to entry %llu at %.*s\n"), record, (unsigned long long)size,
               TEXT_ARG(instant_write(at, written)));
    else
        printf(_("  %s: not witnessed\n"), record);
}

/* By the quorum of the terms: fewer are no witness. */
static void print_witnesses(struct cli *c, const struct link_channel *of) {
    if (!of->witnesses) return;
    printf(_("  witnesses: %llu of %llu must cosign\n"), (unsigned long long)of->quorum,
           (unsigned long long)of->witnesses);
    print_witnessed(_("our record"), of->witnessed_size[SIDE_OWN], of->witnessed_at[SIDE_OWN]);
    print_witnessed(_("their record"), of->witnessed_size[SIDE_THEIRS], of->witnessed_at[SIDE_THEIRS]);
    if (of->witness_trouble.size)
        printf(_("  trouble with a witness: %.*s\n"), TEXT_ARG(cli_shown(c, of->witness_trouble)));
}

static void print_channel(struct cli *c, const struct seen *s) {
    const struct link_channel *of = s->channel;
    char at[INSTANT_TEXT_MAX];
    printf("\n%.*s (%s)\n", TEXT_ARG(of->own_name), gettext(channel_state_word(of->state)));
    if (of->drill) printf("  %s\n", _("a drill: nothing in it is real"));
    if (of->why.size) printf("  %s%.*s\n", _("why: "), TEXT_ARG(cli_shown(c, of->why)));
    printf(_n("  we said: %llu entry, ", "  we said: %llu entries, ", of->own_size), (unsigned long long)of->own_size);
    if (of->receipted_size)
        printf(_("receipted %llu at %.*s\n"), (unsigned long long)of->receipted_size,
               TEXT_ARG(instant_write(of->receipted_at, at)));
    else
        printf("%s\n", _("no receipt yet"));
    printf(
        _n("  they said: %llu entry, receipted %llu\n", "  they said: %llu entries, receipted %llu\n", of->their_size),
        (unsigned long long)of->their_size, (unsigned long long)of->cosigned_size);
    print_time(_("  last contact: "), of->contacted_at);
    if (of->trouble.size) {
        print_time(_("  last attempt: "), of->tried_at);
        printf("  %s%.*s\n", _("trouble: "), TEXT_ARG(cli_shown(c, of->trouble)));
    }
    print_compared(c, s);
    print_skew(of);
    print_witnesses(c, of);
    if (s->contradictions)
        printf(_("  contradictions: %zu, of which %zu prove it by signatures\n"), s->contradictions, s->proofs);
    if (s->command.size)
        printf("  %s\n    %.*s\n", _("what to do: people ask each other what happened, then go on in a successor:"),
               TEXT_ARG(s->command));
}

static void print_page(struct cli *c, const struct desk *desk, const struct seen *list, size_t count) {
    printf(_("%.*s/%.*s, officer %.*s\n"), TEXT_ARG(desk->home.party), TEXT_ARG(desk->home.department),
           TEXT_ARG(desk->home.officer));
    printf(_("home: %s\n"), c->home);
    printf("%s\n", link_is_remote(desk->link) ? _("node: runs") : _("node: does not run; `parley serve` runs it"));
    for (size_t i = 0; i < count; i++) print_channel(c, &list[i]);
    if (!count) printf("%s\n", _("no channel is open yet"));
}

static enum error tell(struct cli *c, struct desk *desk) {
    struct link_channel *list;
    struct bytes note;
    struct card card = {0};
    size_t count = 0;
    enum error result = desk_link(desk, &c->diag);
    if (own_card_signed(desk, &note, &card, NULL)) card.root = TEXT("");
    if (!result) result = link_channels(desk->link, &c->arena, &list, &count, &c->diag);
    struct seen *seen = ARENA_ARRAY(&c->arena, struct seen, count + 1);
    for (size_t i = 0; i < count && !result; i++) {
        result = look(c, desk, &list[i], &seen[i]);
        bool last =
            i + 1 == count || !text_equal(list[i + 1].party, list[i].party) || list[i + 1].drill != list[i].drill;
        if (last && successor_needed(&list[i], card.root)) seen[i].command = successor_command(&list[i], &c->arena);
    }
    if (!result && c->json) return print_json(c, desk, seen, count);
    if (!result) print_page(c, desk, seen, count);
    return result;
}

enum error cli_status(struct cli *c) {
    struct desk *desk = NULL;
    enum error result = cli_options(c, NULL, 0, 0, 0);
    if (!result) result = cli_open_desk(c, &desk);
    if (!result) result = tell(c, desk);
    desk_close(desk);
    return result;
}
