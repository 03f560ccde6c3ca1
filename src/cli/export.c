/* export: writes a case in a format of the neighbours' tools, and says what it could not hold. */
#include <string.h>

#include "cli/exchanged.h"
#include "cli/misp_server.h"
#include "cli/sheets.h"
#include "cli/speech.h"
#include "desk/case_report.h"
#include "desk/gate.h"

struct exporting {
    const char *format, *out, *sheet;
    bool yes;
    struct misp_server misp;
    struct text place; /* on the server */
    bool updated;
    struct exchanged told;
};

/* The sheet of the view that stands for a state. */
static const struct case_sheet *sheet_of(const struct case_view *v, const struct sheet_state *state) {
    for (size_t i = 0; i < v->sheet_count; i++)
        if (v->sheets[i].state == state) return &v->sheets[i];
    return NULL;
}

/* What leaves opens to whoever gets the file. */
static enum error pass_gate(struct cli *c, const struct exporting *x, enum tlp level) {
    struct text question =
        arena_format(&c->arena,
                     x->misp.url ? _("This is TLP:%s, and the server shows it to whom it likes. Send it?")
                                 : _("This is TLP:%s, and the file opens to whoever holds it. Write it?"),
                     gate_level_name(level));
    return cli_pass_gate(c, level, x->yes, question);
}

static enum error tell_json(struct cli *c, const struct exporting *x, const struct case_format *format,
                            const struct report *r, const struct losses *losses) {
    json_t *object = json_object();
    if (x->misp.url) {
        json_put_text(object, "place", x->place);
        json_put_bool(object, "updated", x->updated);
    } else
        json_put_text(object, "file", text_of(x->told.file));
    json_put_text(object, "format", text_of(format->name));
    json_put_u64(object, "bytes", x->told.bytes);
    json_put_u64(object, "facts", r->facts.count);
    json_put(object, "losses", losses_json(losses));
    return cli_print_json(c, object);
}

/* Where the whole bears one level, it is the most restricted one of all that may stand in it. */
static void raise_level(const struct case_format *format, struct report *r, struct losses *l) {
    enum tlp most = report_level(r);
    if (case_format_marks_parts(format) || most <= r->tlp) return;
    losses_add(l, LOSS_GUESSED, "tlp", text_of(tlp_name(most)),
               N_("the whole bears the most restricted level of what was said in the case"));
    r->tlp = most;
}

static enum error send_report(struct cli *c, struct exporting *x, const struct report *r, struct bytes event) {
    x->told.bytes = event.size;
    enum error result = misp_send(c, &x->misp, r, event, &x->place, &x->updated);
    if (!result && !c->json) printf("%.*s\n", TEXT_ARG(x->place));
    return result;
}

static enum error write_report(struct speech *s, struct exporting *x, const struct case_format *format) {
    struct cli *c = s->cli;
    struct case_view view;
    struct report report;
    const struct sheet_state *state = NULL;
    struct losses losses = losses_in(&c->arena);
    const struct case_writing how = {&c->arena, &losses, c->now};
    struct buf file = {.max = CASE_FORMAT_BYTES_MAX};
    enum error result = case_view(s->talk, s->matter, &view, &c->diag);
    if (!result) result = cli_sheet(c, s->matter, x->sheet, &state);
    if (!result) result = case_report(&view, state ? sheet_of(&view, state) : NULL, &report, &c->diag);
    if (!result) result = pass_gate(c, x, report_level(&report));
    if (!result) raise_level(format, &report, &losses);
    if (!result) result = format->write(&report, &how, &file, &c->diag);
    if (!result) result = buf_check(&file, &c->diag);
    if (!result && x->misp.url)
        result = send_report(c, x, &report, buf_as_bytes(&file));
    else if (!result)
        result = exchanged_write(c, &x->told, x->out, &file);
    buf_wipe(&file);
    if (!result) result = exchanged_losses(c, &x->told, &losses);
    return result || !c->json ? result : tell_json(c, x, format, &report, &losses);
}

enum error cli_export(struct cli *c) {
    struct speech s = {.cli = c};
    struct exporting x = {0};
    const struct word_list *formats = exchanged_words(c, true);
    const struct option_row rows[] = {
        {"--format", OPTION_WORD, &x.format, "FORMAT", N_("in which format; required but for --misp")},
        {"--misp", OPTION_WORD, &x.misp.url, "URL", N_("send it to the MISP server there, as an event")},
        MISP_ROWS(x.misp),
        {"-o", OPTION_WORD, &x.out, "FILE", N_("write it there (else to standard output)")},
        {"--sheet", OPTION_WORD, &x.sheet, "SHA256", N_("of several sheets of facts, the one (else the last)")},
        {"--yes", OPTION_FLAG, &x.yes, NULL, N_("agree that what is more restricted than TLP:GREEN leaves in it")},
        EXCHANGED_ROWS(x.told),
        {"", OPTION_MEANINGS, &formats, "--format", ""},
    };
    const struct case_format *format = NULL;
    enum error result = cli_options(c, rows, COUNT(rows), 1, 1);
    if (!result && x.misp.url && (x.format || x.out))
        result = cli_usage(c, _("--misp excludes --format and -o: an event goes to the server"));
    if (!result) result = exchanged_format(c, x.misp.url ? "misp" : x.format, true, &format);
    if (!result && c->json && !x.misp.url && (!x.out || !strcmp(x.out, "-")))
        result = cli_usage(c, _("--json tells of a file: -o is needed"));
    if (!result) result = speech_in(&s, c->words.at[0]);
    if (!result) result = write_report(&s, &x, format);
    speech_end(&s);
    return result;
}
