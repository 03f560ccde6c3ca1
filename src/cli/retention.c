#include "cli/retention.h"

#include "cli/speak.h"
#include "desk/retention.h"

struct retaining {
    struct cli *cli;
    struct desk *desk;
    const struct retain_options *options;
    instant as_of;
    json_t *erased, *left;
    uint64_t past, kept, theirs, dropped, drafts;
};

static unsigned long long number(uint64_t value) { return (unsigned long long)value; }

/* ---- what is past */

static json_t *retained_json(const struct talk *t, const struct retained *r) {
    char time[INSTANT_TEXT_MAX], hex[SHA256_HEX];
    json_t *one = json_object();
    json_put_text(one, "party", t->parties[1 - t->own]);
    if (r->matter) json_put_text(one, "case", r->matter->name);
    json_put_text(one, "message", r->said->message.head.id);
    json_put_text(one, "role", r->attach->role);
    json_put_text(one, "name", r->attach->name);
    json_put_text(one, "blob", sha256_hex(&r->attach->sealed, hex));
    json_put_text(one, "last", instant_write(r->last, time));
    json_put_u64(one, "days", r->days);
    if (r->word != RETENTION_PAST) json_put_text(one, "why", text_of(gettext(retention_words(r->word))));
    return one;
}

static void print_retained(const struct retaining *w, const struct talk *t, const struct retained *r) {
    char time[INSTANT_TEXT_MAX];
    struct text where = r->matter ? r->matter->name : t->parties[1 - t->own];
    printf(_("%.*s: %.*s (%.*s) of message %.8s, nothing said since %.*s; days agreed on: %llu"), TEXT_ARG(where),
           TEXT_ARG(cli_shown(w->cli, r->attach->name)), TEXT_ARG(r->attach->role), r->said->message.head.id.at,
           TEXT_ARG(instant_write(r->last, time)), number(r->days));
    if (r->word != RETENTION_PAST) printf(_("; left: %s"), gettext(retention_words(r->word)));
    putchar('\n');
}

static enum error list_talk(struct talk *t, void *state, bool *keep, struct diag *d) {
    struct retaining *w = state;
    struct retention r;
    (void)keep;
    enum error result = retention_gather(t, w->as_of, &t->arena, &r, d);
    if (result) return result;
    for (size_t i = 0; i < r.count; i++) {
        bool past = r.own[i].word == RETENTION_PAST;
        w->past += past;
        w->kept += !past;
        json_add(past ? w->erased : w->left, retained_json(t, &r.own[i]));
        if (!w->cli->json) print_retained(w, t, &r.own[i]);
    }
    w->theirs += r.theirs;
    return OK;
}

/* ---- erasing */

static void note_said(void *state, const struct said_at *at) {
    struct retaining *w = state;
    w->drafts += at->draft;
}

static enum error erase_talk(struct talk *t, void *state, bool *keep, struct diag *d) {
    struct retaining *w = state;
    struct retention r;
    (void)keep;
    enum error result = retention_gather(t, w->as_of, &t->arena, &r, d);
    if (!result && r.agreed) result = retention_erase(t, &r, note_said, w, d);
    for (size_t i = 0; r.agreed && i < t->channel_count && !result; i++) {
        uint64_t dropped = 0;
        if (!t->channels[i].their_origin.size) continue;
        result = link_drop_erased(w->desk->link, t->channels[i].own_origin, &dropped, d);
        w->dropped += dropped;
    }
    return result;
}

/* ---- all of it */

static enum error confirm(struct retaining *w) {
    struct cli *c = w->cli;
    if (!w->past || w->options->yes) return OK;
    if (!cli_can_ask()) return cli_usage(c, _("there is no terminal to ask on: --yes erases without being asked"));
    fprintf(stderr, "%s\n", _("The records keep naming these by their hashes.  Here they are gone for good."));
    return cli_confirm(c, _("Erase them (yes or no)"));
}

static enum error report(struct retaining *w) {
    if (w->cli->json) {
        char time[INSTANT_TEXT_MAX];
        json_t *object = json_object();
        json_put_text(object, "as_of", instant_write(w->as_of, time));
        json_put_bool(object, "dry_run", w->options->dry_run);
        json_put(object, w->options->dry_run ? "past" : "erased", json_incref(w->erased));
        json_put(object, "left", json_incref(w->left));
        json_put_u64(object, "theirs", w->theirs);
        json_put_u64(object, "dropped", w->dropped);
        json_put_u64(object, "drafts", w->drafts);
        return cli_print_json(w->cli, object);
    }
    if (w->options->dry_run)
        printf(_("past the days of the terms: %llu; left for now: %llu; nothing was erased\n"), number(w->past),
               number(w->kept));
    else
        printf(_("erased: %llu; left for now: %llu; dropped, as the other side had erased it: %llu\n"), number(w->past),
               number(w->kept), number(w->dropped));
    if (w->drafts)
        printf(_("drafts that wait for other officers to clear them, and erase then: %llu\n"), number(w->drafts));
    if (w->theirs)
        printf(_("attached by others, past the days of the terms, and theirs to erase: %llu\n"), number(w->theirs));
    return OK;
}

enum error cli_retain(struct cli *c, struct desk *desk, const struct retain_options *o) {
    struct retaining w = {
        .cli = c, .desk = desk, .options = o, .as_of = c->now, .erased = json_array(), .left = json_array()};
    size_t count;
    enum error result = cli_time(c, "--as-of", o->as_of, &w.as_of);
    struct talk_at at = {.as_of = w.as_of};
    if (!result) result = desk_link(desk, &c->diag);
    if (!result) result = talk_each(desk, &at, list_talk, &w, &count, &c->diag);
    if (!result && !o->dry_run) result = confirm(&w);
    if (!result && !o->dry_run) result = talk_each(desk, &at, erase_talk, &w, &count, &c->diag);
    if (!result) result = report(&w);
    json_decref(w.erased);
    json_decref(w.left);
    return result;
}
