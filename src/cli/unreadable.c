/* unreadable: tells the other side that a message of theirs could not be opened; it stops the clock, and asks for the
 * same message anew. */
#include "cli/speech.h"

/* What an error on the way says of the message. */
static const char *reason_of(enum error e) {
    static const struct {
        enum error error;
        const char *reason;
    } reasons[] = {
        {ERR_NO_KEY, "no-identity"}, {ERR_SIGNATURE, "signature"}, {ERR_MISSING, "missing"}, {ERR_LIMIT, "too-large"}};
    for (size_t i = 0; i < COUNT(reasons); i++)
        if (reasons[i].error == e) return reasons[i].reason;
    return "seal";
}

struct unreadable {
    uint64_t entry;
    const char *reason;
};

/* Entries are named by their index in the record in which the other side speaks now. */
static bool is_theirs(const struct talk *t, const struct entry_verdict *e) {
    return e->party != t->own && e->generation + 1 == t->verified.view.parties[e->party].count;
}

/* All of their entries of which this desk understands nothing, or just the one with that index. */
static size_t find_unreadable(const struct talk *t, uint64_t index, struct unreadable *last) {
    size_t count = 0;
    for (size_t i = 0; i < t->closed_count; i++) {
        const struct closed *at = &t->closed[i];
        if (!is_theirs(t, at->entry) || (index != ENTRY_NONE && at->entry->index != index)) continue;
        *last = (struct unreadable){at->entry->index, reason_of(at->error)};
        count++;
    }
    for (size_t i = 0; i < t->said_count; i++) {
        const struct said *at = &t->said[i];
        if (at->understood || !is_theirs(t, at->entry) || (index != ENTRY_NONE && at->entry->index != index)) continue;
        *last = (struct unreadable){at->entry->index, "format"};
        count++;
    }
    return count;
}

static enum error choose(struct speech *s, uint64_t index, const char *reason, struct dialogue *d) {
    struct cli *c = s->cli;
    struct unreadable found = {.entry = index};
    size_t count = find_unreadable(s->talk, index, &found);
    if (!count && index == ENTRY_NONE) return fail(&c->diag, ERR_NO, _("every message that came opens here"));
    if (!count && !reason)
        return fail(&c->diag, ERR_USAGE, _("entry %llu opens here: say by --reason what is unreadable"),
                    (unsigned long long)index);
    if (count > 1)
        return cli_usage(c,
                         _n("%zu message can't be opened here: name the entry of one",
                            "%zu messages can't be opened here: name the entry of one", count),
                         count);
    d->entry = found.entry;
    if (!d->reason.size) d->reason = text_of(found.reason);
    return OK;
}

enum error cli_unreadable(struct cli *c) {
    struct speech s = {.cli = c};
    struct dialogue d = DIALOGUE_EMPTY;
    uint64_t index = ENTRY_NONE;
    const char *party = NULL, *reason = NULL;
    const struct option_row rows[] = {
        {"--party", OPTION_WORD, &party, "PARTY", N_("whose message it is")},
        {"--reason", OPTION_WORD, &reason, "WORD", N_("why (else: what this desk met)")},
        SPEECH_ROWS(s),
        SPEECH_DRILL(s),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 1);
    if (!result && !party) result = cli_usage(c, _("--party is needed"));
    if (!result && c->words.count && !text_u64(text_of(c->words.at[0]), &index))
        result = cli_usage(c, _("expected the index of an entry, found “%s”"), c->words.at[0]);
    if (!result) result = cli_word(c, "--reason", reason, &words_unreadable, &d.reason);
    if (!result && s.text_file) result = speech_text(&s, 1);
    if (!result) result = speech_with(&s, party);
    if (!result) result = choose(&s, index, reason, &d);
    if (!result) result = speech_dialogue(&s, KIND_UNREADABLE, &d);
    speech_end(&s);
    return result;
}
