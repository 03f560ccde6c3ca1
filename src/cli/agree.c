/* agree: agrees to a settlement text, byte for byte, by its SHA-256. */
#include "cli/speech.h"
#include "desk/joint.h"
#include "desk/settle.h"

/* What the text changes in the one that it supersedes, where both can be read. */
static void show_change(struct speech *s, const struct offered_text *of) {
    struct settle_change change;
    struct buf page = {.max = 1 << 24};
    if (!of->offer.supersedes.size || settle_amended(s->talk, s->matter, of, &change, NULL)) return;
    settle_change_page(&change, &page);
    fprintf(stderr, "%.*s\n", TEXT_ARG(cli_shown_lines(s->cli, buf_as_text(&page), "")));
    buf_free(&page);
}

/* What is agreed to is shown first, and a person says yes; a script says --yes. */
static enum error ask(struct speech *s, const struct offered_text *of, struct text text, bool yes) {
    struct cli *c = s->cli;
    if (!c->quiet)
        fprintf(stderr, _("The text %.*s, offered by %.*s:\n\n%.*s\n"), TEXT_ARG(of->offer.settlement),
                TEXT_ARG(cli_shown(c, of->said->message.head.from)), TEXT_ARG(cli_shown_lines(c, text, "")));
    if (!c->quiet) show_change(s, of);
    if (of->superseded && !c->quiet) fprintf(stderr, "%s\n", _("Another text that was offered supersedes it."));
    if (yes) return OK;
    if (!cli_can_ask())
        return cli_usage(c, _("there is no terminal to ask on: `parley agree CASE SHA256 --yes` agrees to the text"));
    return cli_confirm(c, _("Agree to this text (yes or no)"));
}

/* Origins that a text names are recomputed before it is signed; where that is not possible, a person says so. */
static enum error check_origins(struct speech *s, struct text text, bool unchecked) {
    struct cli *c = s->cli;
    struct minutes m;
    enum error result = minutes_read(bytes_from_text(text), &c->arena, &m, &c->diag);
    for (size_t i = 0; i < m.origins_count && !result; i++) {
        struct diag why = {0};
        enum error checked = joint_check(s->talk, m.origins[i], &why);
        if (!c->quiet && !checked)
            fprintf(stderr, _("The origins %.12s were recomputed here: the same.\n"), m.origins[i].at);
        else if (!c->quiet && unchecked)
            fprintf(stderr, _("The origins %.12s were not checked: %s\n"), m.origins[i].at,
                    cli_shown(c, text_of(why.text)).at);
        if (checked == ERR_PROOF || (checked && !unchecked))
            result = fail(&c->diag, checked, _("not agreed: the origins %.12s: %.400s%s"), m.origins[i].at, why.text,
                          checked == ERR_PROOF ? "" : _(" (--unchecked agrees without it)"));
    }
    return result;
}

static enum error agree_to(struct speech *s, const struct offered_text *of, bool yes, bool unchecked) {
    const struct talk *t = s->talk;
    struct text text;
    struct agree g = {.settlement = of->offer.settlement, .text = s->text};
    if (of->agreed[t->own]) return fail(&s->cli->diag, ERR_USAGE, _("not sent: the text is agreed to already"));
    enum error result = settle_open_text(s->talk, s->matter, of, &text, &s->cli->diag);
    if (!result) result = check_origins(s, text, unchecked);
    if (!result) result = ask(s, of, text, yes);
    if (!result)
        result = speech_say(s, &(struct say){.kind = KIND_AGREE, .tlp = TLP_NONE, .body = say_agree, .what = &g});
    if (result || s->cli->quiet || s->kept) return result;
    if (of->agreed[1 - t->own])
        fprintf(stderr, "%s\n", _("Both have agreed: the case is settled on it."));
    else
        fprintf(stderr, _("It is settled once %.*s has agreed, too.\n"), TEXT_ARG(t->parties[1 - t->own]));
    return result;
}

enum error cli_agree(struct cli *c) {
    struct speech s = {.cli = c};
    struct offered_text of;
    bool yes = false, unchecked = false;
    const struct option_row rows[] = {
        {"--yes", OPTION_FLAG, &yes, NULL,
         N_("agree without being asked; needs the SHA-256 of the text that was read")},
        {"--unchecked", OPTION_FLAG, &unchecked, NULL,
         N_("agree though origins that the text names can't be recomputed here")},
        SPEECH_ROWS(s),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 2);
    struct text sha = text_of(c->words.count > 1 && !result ? c->words.at[1] : NULL);
    /* Between reading and saying yes the other side may offer another text. */
    if (!result && yes && !sha.size) return cli_usage(c, _("--yes needs the SHA-256 of the text that was read"));
    if (!result) result = speech_text(&s, 2);
    if (!result) result = speech_in(&s, c->words.at[0]);
    if (!result) result = speech_may(&s, KIND_AGREE);
    if (!result) result = settle_find_text(s.talk, s.matter, sha, &of, &c->diag);
    if (!result) result = agree_to(&s, &of, yes, unchecked);
    speech_end(&s);
    return result;
}
