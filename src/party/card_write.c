/* Card to text: the one spelling of a card. */
#include "party/card.h"

static void names_write(struct names list, char between, struct buf *out) {
    for (size_t i = 0; i < list.count; i++) {
        if (i) buf_char(out, between);
        buf_text(out, list.at[i]);
    }
}

static void each(const char *word, struct names list, struct buf *out) {
    for (size_t i = 0; i < list.count; i++) buf_format(out, "%s %.*s\n", word, TEXT_ARG(list.at[i]));
}

static void lines(const char *word, const struct card_line *list, size_t count, struct buf *out) {
    for (size_t i = 0; i < count; i++)
        buf_format(out, "%s %.*s %.*s\n", word, TEXT_ARG(list[i].department), TEXT_ARG(list[i].value));
}

void card_write(const struct card *c, struct buf *out) {
    buf_format(out, "parley card v1\nparty %.*s\nserial ", TEXT_ARG(c->party));
    buf_u64(out, c->serial);
    buf_char(out, '\n');
    if (c->previous.size) buf_format(out, "previous %.*s\n", TEXT_ARG(c->previous));
    buf_format(out, "root %.*s\n", TEXT_ARG(c->root));
    each("mirror", c->mirrors, out);
    for (size_t i = 0; i < c->log_count; i++)
        buf_format(out, "log %.*s %.*s\n", TEXT_ARG(c->logs[i].origin), TEXT_ARG(c->logs[i].key));
    each("tls", c->tls, out);
    each("url", c->urls, out);
    for (size_t i = 0; i < c->neutral_count; i++)
        buf_format(out, "neutral %.*s %.*s %.*s\n", TEXT_ARG(c->neutrals[i].name), TEXT_ARG(c->neutrals[i].tls),
                   TEXT_ARG(c->neutrals[i].url));
    lines("department", c->departments, c->department_count, out);
    lines("remit", c->remits, c->remit_count, out);
    lines("languages", c->languages, c->language_count, out);
    lines("hours", c->hours, c->hours_count, out);
    lines("holiday", c->holidays, c->holiday_count, out);
    for (size_t i = 0; i < c->about_count; i++)
        buf_format(out, "about %.*s %.*s %.*s\n", TEXT_ARG(c->abouts[i].department), TEXT_ARG(c->abouts[i].key),
                   TEXT_ARG(c->abouts[i].value));
    lines("recipient", c->recipients, c->recipient_count, out);
    for (size_t i = 0; i < c->officer_count; i++) {
        const struct officer *o = &c->officers[i];
        buf_format(out, "officer %.*s %.*s ", TEXT_ARG(o->name), TEXT_ARG(o->department));
        names_write(o->roles, ',', out);
        buf_format(out, " %.*s\n", TEXT_ARG(o->key));
    }
    for (size_t i = 0; i < c->clearance_count; i++) {
        const struct clearance *rule = &c->clearances[i];
        buf_string(out, "clearance ");
        names_write(rule->kinds, ',', out);
        buf_format(out, " %s %llu ", tlp_name(rule->tlp), (unsigned long long)rule->number);
        names_write(rule->roles, ',', out);
        buf_char(out, '\n');
    }
    if (c->date.size) buf_format(out, "date %.*s\n", TEXT_ARG(c->date));
}
