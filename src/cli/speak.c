#include "cli/speak.h"

#include <string.h>

#include "base/os.h"
#include "desk/gate.h"
#include "desk/limits.h"
#include "desk/possible.h"

enum error cli_file(struct cli *c, const char *path, size_t max, struct bytes *out) {
    struct buf whole = {.max = max};
    enum error result = os_read(path, max, &whole, &c->diag);
    if (!result) *out = arena_bytes(&c->arena, buf_as_bytes(&whole));
    buf_free(&whole);
    return result;
}

enum error cli_text(struct cli *c, const char *typed, const char *file, struct text *out) {
    struct bytes whole;
    if (typed && file) return cli_usage(c, _("the text is given twice: in words and as a file"));
    *out = text_of(typed);
    if (!file) return OK;
    enum error result = cli_file(c, file, 1 << 20, &whole);
    if (result) return result;
    struct text t = text_from_bytes(whole);
    while (t.size && (t.at[t.size - 1] == '\n' || t.at[t.size - 1] == ' ')) t.size--;
    *out = t;
    return OK;
}

enum error cli_tlp(struct cli *c, const char *typed, enum tlp *out) {
    struct text t = text_of(typed);
    if (!typed) return OK;
    text_skip(&t, TEXT("TLP:"));
    if (tlp_read(t, out)) return OK;
    return cli_usage(c, _("--tlp: expected CLEAR, GREEN, AMBER, AMBER+STRICT or RED, found “%s”"), typed);
}

enum error cli_pass_gate(struct cli *c, enum tlp level, bool agreed, struct text question) {
    struct gate gate = {level, GATE_BEARER, agreed};
    if (!agreed && gate_answer(level, gate.to) == GATE_ASKS && cli_can_ask()) {
        enum error result = cli_confirm(c, question.at);
        if (result) return result;
        gate.agreed = true;
    }
    return gate_pass(&gate, &c->diag);
}

enum error cli_time(struct cli *c, const char *option, const char *typed, instant *out) {
    if (!typed || instant_read(text_of(typed), out)) return OK;
    return cli_usage(c, _("%s: expected a time as 2026-03-01T12:00:00Z, found “%s”"), option, typed);
}

enum error cli_hours(struct cli *c, const char *option, const char *typed, uint64_t *out) {
    struct text t = text_of(typed);
    uint64_t factor = 1, value;
    if (!typed) return OK;
    if (text_ends(t, TEXT("d"))) factor = 24;
    if (text_ends(t, TEXT("d")) || text_ends(t, TEXT("h"))) t.size--;
    if (!text_u64(t, &value) || !value || value > 100000000)
        return cli_usage(c, _("%s: expected a time as 24h or 7d, found “%s”"), option, typed);
    *out = value * factor;
    return OK;
}

/* ---- saying */

json_t *cli_said_json(const struct talk *t, const struct said_at *at) {
    json_t *object = json_object();
    json_put_text_if(object, "case", at->matter);
    json_put_text(object, "id", at->id);
    if (at->draft) {
        json_put_bool(object, "draft", true);
        json_put_u64(object, "missing", at->missing);
    } else {
        json_put_u64(object, "entry", at->index);
        json_put_bool(object, "node_sends", link_is_remote(t->desk->link));
    }
    return object;
}

static void tell_draft(enum kind kind, const struct said_at *at) {
    fprintf(stderr, _("%s: kept as draft %.8s, and nothing was sent"), word_shown("kind", kind_rules[kind].name),
            at->id.at);
    for (size_t i = 0; i < at->roles.count; i++)
        fprintf(stderr, "%s%.*s", i ? ", " : _("; the card asks for a signature more, of: "),
                TEXT_ARG(at->roles.at[i]));
    fprintf(stderr, "\n");
    fprintf(stderr, _("`parley clear %.8s`, by another officer, sends it\n"), at->id.at);
}

enum error cli_said(struct cli *c, const struct talk *t, enum kind kind, const struct said_at *at) {
    bool runs = link_is_remote(t->desk->link);
    if (c->json) return cli_print_json(c, cli_said_json(t, at));
    if (at->matter.size) printf("%.*s\n", TEXT_ARG(cli_shown(c, at->matter)));
    fflush(stdout);
    if (c->quiet) return OK;
    if (at->draft) {
        tell_draft(kind, at);
        return OK;
    }
    fprintf(stderr, _("%s: message %.8s, entry %llu of the record to %.*s\n"),
            word_shown("kind", kind_rules[kind].name), at->id.at, (unsigned long long)at->index,
            TEXT_ARG(t->parties[1 - t->own]));
    if (runs)
        fprintf(stderr, "%s\n", _("queued: the node sends it"));
    else
        fprintf(stderr, _("queued: `parley sync %.*s` sends it\n"), TEXT_ARG(t->parties[1 - t->own]));
    return OK;
}

void cli_oddly(struct cli *c, struct talk *t, const struct say *s) {
    const struct matter *m = s->matter.size ? matter_find(&t->state, s->matter) : NULL;
    const char *oddly = m && !c->quiet ? say_oddly(t, m, s->kind) : NULL;
    if (oddly) fprintf(stderr, "%s\n", oddly);
}

enum error cli_say(struct cli *c, struct talk *t, const struct say *s) {
    struct said_at at;
    enum error result = say(t, s, &at, &c->diag);
    if (result) return result;
    cli_oddly(c, t, s);
    return cli_said(c, t, s->kind, &at);
}

/* ---- looking */

enum error cli_talk_at(struct cli *c, const struct state_options *o, struct talk_at *out) {
    struct talk_at at = {.shared = o->shared, .as_of = c->now};
    struct text rest = text_of(o->at), first;
    if (o->at) {
        at.given = true;
        if (o->shared) return cli_usage(c, _("--at and --shared exclude each other"));
        if (!text_cut(&rest, ',', &first) || !text_u64(first, &at.sizes.of[0]) || !text_u64(rest, &at.sizes.of[1]))
            return cli_usage(c, _("--at: expected two sizes as 12,9, found “%s”"), o->at);
    }
    enum error result = cli_time(c, "--as-of", o->as_of, &at.as_of);
    if (!result) *out = at;
    return result;
}

enum error cli_print(struct cli *c, struct buf *page) {
    enum error result = buf_check(page, &c->diag);
    if (!result) fwrite(page->at, 1, page->size, stdout);
    buf_free(page);
    return result;
}

void cli_add_drills(struct buf *page, const struct buf *drills) {
    if (!drills->size) return;
    buf_format(page, "%s%s\n", page->size ? "\n" : "", _("Drills: nothing of what follows is real."));
    buf_text(page, buf_as_text(drills));
}

enum error cli_print_page(struct cli *c, struct buf *page) {
    struct buf shown = {.max = page->max};
    enum error result = buf_check(page, &c->diag);
    if (!result) buf_lines(&shown, buf_as_text(page));
    buf_free(page);
    return result ? result : cli_print(c, &shown);
}

enum error cli_print_json(struct cli *c, json_t *taken) {
    struct buf out = {.max = (size_t)1 << 30};
    json_canonical(taken, &out);
    json_decref(taken);
    buf_char(&out, '\n');
    return cli_print(c, &out);
}
