/* claim --to mailto:…: writes a mail for one's own mail program, and keeps the case on one's own side. */
#include "cli/claim_mail.h"

#include <string.h>

#include "desk/case_report.h"
#include "desk/gate.h"
#include "desk/mailed.h"
#include "desk/nudge.h"
#include "desk/own_card.h"
#include "matter/clearance.h"

static const char scheme[] = "mailto:";

bool claim_mail_is(const char *to) { return to && text_starts(text_of(to), TEXT(scheme)); }

struct mailing {
    struct speech *s;
    struct claim_mail *m;
    struct card card;
    struct report report;
    struct losses losses;
    const struct case_format *format;
    const char *lang;
};

/* What only a channel can carry. */
static enum error check_options(struct speech *s, const struct claiming *q, const struct claim_mail *m,
                                const struct case_format **format) {
    struct cli *c = s->cli;
    const bool named = m->format != NULL;
    if (s->draft || s->drill || q->evidence || q->attach.count)
        return cli_usage(c, _("--draft, --drill, --evidence and --attach are for a channel, not for a mail"));
    if (named && strcmp(m->format, "arf") != 0 && strcmp(m->format, "xarf") != 0)
        return cli_usage(c, _("--format: of a mail it is arf or xarf"));
    if (c->json && (!m->out || !strcmp(m->out, "-"))) return cli_usage(c, _("--json tells of a file: -o is needed"));
    *format = case_format_named(named && !strcmp(m->format, "arf") ? TEXT("arf") : TEXT("xarf-mail"));
    return OK;
}

/* A mail carries no signature, so a rule that asks for a second one can't be met by it. */
static enum error check_clearance(const struct mailing *x, struct text officer, struct diag *d) {
    const struct head head = {.kind = TEXT("claim"), .from = x->report.from, .by = officer};
    uint64_t missing;
    if (!clearance_author(&x->card, &head))
        return fail(d, ERR_NO, _("%.*s is no officer of %.*s by your card"), TEXT_ARG(officer), TEXT_ARG(head.from));
    if (!clearance_unmet(&x->card, &head, x->report.tlp, (struct names){0}, &missing)) return OK;
    return fail(d, ERR_NO, _("by your card a claim at TLP:%s needs another signature, and a mail carries none"),
                tlp_name(x->report.tlp));
}

/* A mail can be read by whoever carries it. */
static enum error pass_gate(struct cli *c, const struct claim_mail *m, enum tlp level) {
    struct text question = arena_format(
        &c->arena, _("This is TLP:%s, and a mail can be read by all who carry it. Write it?"), gate_level_name(level));
    return cli_pass_gate(c, level, m->yes, question);
}

static enum error fill_report(struct mailing *x, const char *to, enum tlp tlp, const struct claim *claim,
                              struct bytes sheet) {
    struct cli *c = x->s->cli;
    const struct home *home = &x->s->desk->home;
    char id[37];
    struct report *r = &x->report;
    *r = REPORT_EMPTY;
    random_uuid(&c->random, id);
    r->id = arena_format(&c->arena, "%.*s/%s", TEXT_ARG(home->party), id);
    r->from = arena_format(&c->arena, "%.*s/%.*s", TEXT_ARG(home->party), TEXT_ARG(home->department));
    r->from_mail = x->m->from ? text_of(x->m->from) : card_mail(&x->card, home->department, &c->arena);
    r->to = text_of(to + strlen(scheme));
    r->title = claim->title;
    r->text = claim->summary;
    r->lang = x->s->lang ? text_of(x->s->lang) : home->lang;
    r->tlp = tlp;
    r->created = c->now;
    r->severity = claim->severity;
    r->own_number = claim->own_number;
    r->states = (struct names){claim->states.at, claim->states.count};
    r->sectors = (struct names){claim->sectors.at, claim->sectors.count};
    if (!json_is_text(r->title) || !json_is_text(r->text) || text_find(r->lang, '\n') < r->lang.size)
        return cli_usage(c, _("title, text and language are UTF-8, the last of one line"));
    if (x->m->from && nudge_check_address(r->from_mail, &c->diag)) return ERR_USAGE;
    if (nudge_check_address(r->to, &c->diag)) return ERR_USAGE;
    return sheet_read(sheet, &c->arena, &r->facts, &c->diag);
}

static enum error keep(const struct mailing *x, struct text officer, const struct buf *mail) {
    struct cli *c = x->s->cli;
    const struct report *r = &x->report;
    const struct mailed_step first = {c->now, TEXT("written"), {0}, officer};
    const struct mailed kept = {.id = text_sub(r->id, text_behind_last(r->id, '/'), r->id.size),
                                .title = r->title,
                                .to = r->to,
                                .format = text_of(x->format->name),
                                .mail = buf_as_text(mail),
                                .tlp = r->tlp,
                                .facts = r->facts.count,
                                .steps = &first,
                                .step_count = 1};
    return mailed_keep(x->s->desk, &kept, &c->diag);
}

static enum error tell(struct mailing *x) {
    struct cli *c = x->s->cli;
    struct text id = text_sub(x->report.id, text_behind_last(x->report.id, '/'), x->report.id.size);
    enum error result = exchanged_losses(c, &x->m->told, &x->losses);
    if (result) return result;
    if (c->json) {
        json_t *object = json_object();
        json_put_text(object, "id", id);
        json_put_text(object, "file", text_of(x->m->told.file));
        json_put_text(object, "format", text_of(x->format->name));
        json_put_text(object, "to", x->report.to);
        json_put_u64(object, "facts", x->report.facts.count);
        json_put(object, "losses", losses_json(&x->losses));
        return cli_print_json(c, object);
    }
    if (!c->quiet)
        fprintf(stderr,
                _("The mail is written, not sent: hand it to your mail program.  It is kept as %.8s: `parley mailed` "
                  "lists what was mailed, `parley mailed %.8s answered` notes what came of it.\n"),
                id.at, id.at);
    return OK;
}

/* The sentences around the claim are in its language, where there is a translation. */
static enum error write_mail(struct mailing *x, struct buf *out) {
    struct cli *c = x->s->cli;
    const struct case_writing how = {&c->arena, &x->losses, c->now};
    const char *before = cli_speak(&c->arena, arena_string(&c->arena, x->report.lang));
    enum error result = x->format->write(&x->report, &how, out, &c->diag);
    cli_speak(&c->arena, before);
    return result ? result : buf_check(out, &c->diag);
}

enum error claim_mail(struct speech *s, const struct claiming *q, struct claim_mail *m, const char *to, enum tlp tlp,
                      struct claim *claim, struct bytes sheet) {
    struct cli *c = s->cli;
    struct mailing x = {.s = s, .m = m, .losses = losses_in(&c->arena)};
    struct buf mail = {.max = CASE_FORMAT_BYTES_MAX};
    enum error result = check_options(s, q, m, &x.format);
    if (!result) result = cli_open_desk(c, &s->desk);
    if (!result) result = own_card_load(s->desk, &x.card, &c->diag);
    if (!result) result = waiver_claim(c, &q->waiver, &x.card, sheet, &claim->summary);
    if (!result) result = fill_report(&x, to, tlp, claim, sheet);
    struct text officer = result ? (struct text){0} : s->officer ? text_of(s->officer) : s->desk->home.officer;
    if (!result) result = check_clearance(&x, officer, &c->diag);
    if (!result) result = pass_gate(c, m, tlp);
    if (!result) result = write_mail(&x, &mail);
    if (!result) result = keep(&x, officer, &mail);
    if (!result) result = exchanged_write(c, &m->told, m->out, &mail);
    if (!result) result = tell(&x);
    buf_wipe(&mail);
    speech_end(s);
    return result;
}
