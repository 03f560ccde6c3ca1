/* What a claimant says of a claim beside its facts, and what any message says beyond its text. */
#include <libintl.h>

#include "claim/claim.h"
#include "desk/case_view.h"
#include "vocab/iso3166.h"

struct wording_put { /* one label after the other, to whom it may concern */
    case_word_put *put;
    void *to;
};

static void put_word(const struct wording_put *w, const char *label, const char *list, const struct word_list *words,
                     struct text word) {
    const struct word *known = word_find(words, word);
    struct buf line = {.max = 4096};
    if (!word.size) return;
    buf_line(&line, word_text(list, word));
    if (known) buf_format(&line, ": %s", gettext(known->meaning));
    w->put(w->to, label, buf_as_text(&line));
    buf_free(&line);
}

static struct text state_name(struct text code) {
    struct country country;
    const char *name = iso3166_read(code, &country) ? iso3166_name(country) : NULL;
    return name ? text_of(dgettext("iso_3166", name)) : code;
}

static struct text sector_name(struct text word) { return word_text("sector", word); }

static void put_all(const struct wording_put *w, const char *label, const struct member_list *list,
                    struct text (*name)(struct text)) {
    const struct text *at = list->at;
    struct buf line = {.max = MESSAGE_MAX_BYTES};
    for (size_t i = 0; i < list->count; i++) {
        if (i) buf_string(&line, ", ");
        buf_line(&line, name(at[i]));
    }
    if (list->count) w->put(w->to, label, buf_as_text(&line));
    buf_free(&line);
}

void case_words_each(const struct case_view *v, case_word_put *put, void *to) {
    struct claim c;
    const struct wording_put w = {put, to};
    const struct said *s = v->matter->opening->kind == KIND_CLAIM ? talk_said(v->talk, v->matter->opening) : NULL;
    if (!s || claim_from_message(&s->message, &v->talk->arena, &c, NULL)) return;
    put_word(&w, _("Severity"), "severity", &words_severity, c.severity);
    put_word(&w, _("Class"), "claim-class", &words_claim_class, c.class);
    put_all(&w, _("States"), &c.states, state_name);
    put_all(&w, _("Sectors"), &c.sectors, sector_name);
}

static void put_line(void *to, const char *label, struct text words) {
    struct buf *out = to;
    buf_pad(out, text_of(label), 12);
    buf_text(out, words);
    buf_char(out, '\n');
}

void case_words(const struct case_view *v, struct buf *out) { case_words_each(v, put_line, out); }

json_t *said_members(const struct said *s) {
    static const char *const elsewhere[] = {"kind", "case", "extension_type", "findings"};
    struct body body;
    if (!s->understood || body_read(bytes_from_text(s->message.body), &body, NULL)) return NULL;
    json_t *members = json_deep_copy(body.extension);
    body_free(&body);
    for (size_t i = 0; i < COUNT(elsewhere); i++) (void)json_object_del(members, elsewhere[i]);
    if (json_object_size(members)) return members;
    json_decref(members);
    return NULL;
}
