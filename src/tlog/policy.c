#include "tlog/policy.h"

#include <string.h>

enum { WORDS_MAX = 3 + POLICY_VOTERS_MAX }; /* in a line: group, name, need, members */

struct reading {
    struct policy_log logs[POLICY_LOGS_MAX];
    size_t log_count;
    struct policy_voter voters[POLICY_VOTERS_MAX];
    size_t voter_count;
    bool has_quorum;
    size_t quorum;
    uint64_t line;
    struct diag *diag;
};

static size_t find(const struct reading *r, struct text name) {
    for (size_t i = 0; i < r->voter_count; i++)
        if (text_equal(r->voters[i].name, name)) return i;
    return POLICY_NONE;
}

static enum error read_key(struct reading *r, struct text t, bool cosigns, struct vkey *out) {
    struct diag why;
    if (vkey_read(t, out, &why)) return fail_at(r->diag, r->line, ERR_INPUT, "%s", why.text);
    if (key_cosigns(out->type) != cosigns)
        return fail_at(r->diag, r->line, ERR_INPUT,
                       cosigns ? _("expected a key of type 4 or 6, found type %d")
                               : _("expected a key of type 1, found type %d"),
                       (int)out->type);
    return OK;
}

static enum error duplicate_key(struct reading *r) {
    return fail_at(r->diag, r->line, ERR_INPUT, _("this key is listed already"));
}

static bool same_key(const struct vkey *a, const struct vkey *b) {
    return !memcmp(a->public, b->public, KEY_PUBLIC_SIZE);
}

/* ---- a function for each kind of line; words[0] is the kind */

static enum error read_log(struct reading *r, const struct text *words, size_t count) {
    struct policy_log log = {.url = count > 2 ? words[2] : TEXT("")};
    enum error result = read_key(r, words[1], false, &log.key);
    if (result) return result;
    for (size_t i = 0; i < r->log_count; i++)
        if (same_key(&r->logs[i].key, &log.key)) return duplicate_key(r);
    if (r->log_count == POLICY_LOGS_MAX)
        return fail_at(r->diag, r->line, ERR_LIMIT, _("more than %d logs"), POLICY_LOGS_MAX);
    r->logs[r->log_count++] = log;
    return OK;
}

static enum error define(struct reading *r, const struct policy_voter *v) {
    if (text_is(v->name, "none") || find(r, v->name) != POLICY_NONE)
        return fail_at(r->diag, r->line, ERR_INPUT, _("the name “%.*s” is taken"), TEXT_ARG(v->name));
    if (r->voter_count == POLICY_VOTERS_MAX)
        return fail_at(r->diag, r->line, ERR_LIMIT, _("more than %d witnesses and groups"), POLICY_VOTERS_MAX);
    r->voters[r->voter_count++] = *v;
    return OK;
}

static enum error read_witness(struct reading *r, const struct text *words, size_t count) {
    struct policy_voter v = {.name = words[1], .url = count > 3 ? words[3] : TEXT(""), .group = POLICY_NONE};
    enum error result = read_key(r, words[2], true, &v.key);
    if (result) return result;
    for (size_t i = 0; i < r->voter_count; i++)
        if (!r->voters[i].need && same_key(&r->voters[i].key, &v.key)) return duplicate_key(r);
    return define(r, &v);
}

static bool read_need(struct text t, size_t members, size_t *out) {
    uint64_t number = 0;
    if (text_is(t, "any"))
        number = 1;
    else if (text_is(t, "all"))
        number = members;
    else if (!text_u64(t, &number))
        return false;
    *out = (size_t)number;
    return number >= 1 && number <= members;
}

static enum error read_group(struct reading *r, const struct text *words, size_t count) {
    struct policy_voter v = {.name = words[1], .url = TEXT(""), .group = POLICY_NONE};
    size_t own = r->voter_count;
    if (!read_need(words[2], count - 3, &v.need))
        return fail_at(r->diag, r->line, ERR_INPUT, _("expected all, any or a number from 1 to that of the members"));
    enum error result = define(r, &v);
    for (size_t i = 3; i < count && !result; i++) {
        size_t member = find(r, words[i]);
        if (member == POLICY_NONE || member == own)
            result = fail_at(r->diag, r->line, ERR_INPUT, _("“%.*s” is not defined above"), TEXT_ARG(words[i]));
        else if (r->voters[member].group != POLICY_NONE)
            result = fail_at(r->diag, r->line, ERR_INPUT, _("“%.*s” is in a group already"), TEXT_ARG(words[i]));
        else
            r->voters[member].group = own;
    }
    return result;
}

static enum error read_quorum(struct reading *r, const struct text *words, size_t count) {
    (void)count;
    if (r->has_quorum) return fail_at(r->diag, r->line, ERR_INPUT, _("a second quorum"));
    r->has_quorum = true;
    r->quorum = find(r, words[1]);
    if (r->quorum == POLICY_NONE && !text_is(words[1], "none"))
        return fail_at(r->diag, r->line, ERR_INPUT, _("“%.*s” is not defined above"), TEXT_ARG(words[1]));
    return OK;
}

/* ---- lines */

static const struct {
    const char *kind;
    size_t least, most; /* words, the kind included */
    enum error (*read)(struct reading *r, const struct text *words, size_t count);
    const char *form;
} kinds[] = {
    {"log", 2, 3, read_log, "log <vkey> [<url>]"},
    {"witness", 3, 4, read_witness, "witness <name> <vkey> [<url>]"},
    {"group", 4, WORDS_MAX, read_group, "group <name> all|any|<k> <name>…"},
    {"quorum", 2, 2, read_quorum, "quorum <name>|none"},
};

static bool is_space(char c) { return c == ' ' || c == '\t'; }

/* Takes the next word off the front; false at the end. */
static bool take_word(struct text *t, struct text *word) {
    size_t from = 0, to;
    while (from < t->size && is_space(t->at[from])) from++;
    for (to = from; to < t->size && !is_space(t->at[to]);) to++;
    *word = text_sub(*t, from, to);
    *t = text_sub(*t, to, t->size);
    return to > from;
}

static enum error read_line(struct reading *r, struct text line) {
    struct text words[WORDS_MAX], word;
    size_t count = 0;
    while (take_word(&line, &word)) {
        if (!count && word.at[0] == '#') return OK;
        if (count == WORDS_MAX) return fail_at(r->diag, r->line, ERR_LIMIT, _("more than %d words"), WORDS_MAX);
        words[count++] = word;
    }
    if (!count) return OK;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (!text_is(words[0], kinds[i].kind)) continue;
        if (count >= kinds[i].least && count <= kinds[i].most) return kinds[i].read(r, words, count);
        return fail_at(r->diag, r->line, ERR_INPUT, _("expected “%s”"), kinds[i].form);
    }
    return fail_at(r->diag, r->line, ERR_INPUT, _("expected log, witness, group or quorum, found “%.*s”"),
                   (int)(words[0].size < 64 ? words[0].size : 64), words[0].at);
}

static bool has_valid_octets(struct text t) {
    for (size_t i = 0; i < t.size; i++) {
        unsigned char c = (unsigned char)t.at[i];
        if (c == 0x7f || (c < ' ' && c != '\t')) return false;
    }
    return true;
}

static enum error read_lines(struct reading *r, struct text t) {
    struct text line;
    for (r->line = 1; text_line(&t, &line); r->line++) {
        if (!has_valid_octets(line)) return fail_at(r->diag, r->line, ERR_INPUT, _("a control character"));
        enum error result = read_line(r, line);
        if (result) return result;
    }
    if (t.size) return fail_at(r->diag, r->line, ERR_INPUT, _("the last line does not end"));
    if (!r->has_quorum) return fail(r->diag, ERR_INPUT, _("a policy without a quorum"));
    return OK;
}

static void *copy(struct arena *a, const void *at, size_t count, size_t size) {
    void *out = arena_take(a, count, size);
    if (count) memcpy(out, at, count * size);
    return out;
}

enum error policy_read(struct text t, struct arena *a, struct policy *out, struct diag *d) {
    struct reading r = {.diag = d};
    if (t.size > POLICY_MAX_BYTES) return fail(d, ERR_LIMIT, _("a policy of more than %d bytes"), POLICY_MAX_BYTES);
    enum error result = read_lines(&r, t);
    if (result) return result;
    *out = (struct policy){.logs = copy(a, r.logs, r.log_count, sizeof *r.logs),
                           .log_count = r.log_count,
                           .voters = copy(a, r.voters, r.voter_count, sizeof *r.voters),
                           .voter_count = r.voter_count,
                           .quorum = r.quorum};
    return OK;
}

/* ---- writing */

static void write_key(const struct vkey *key, struct text url, struct buf *out) {
    vkey_write(key, out);
    if (url.size) buf_format(out, " %.*s", TEXT_ARG(url));
    buf_char(out, '\n');
}

static void write_group(const struct policy *p, size_t group, struct buf *out) {
    const struct policy_voter *v = &p->voters[group];
    buf_format(out, "group %.*s %zu", TEXT_ARG(v->name), v->need);
    for (size_t i = 0; i < group; i++)
        if (p->voters[i].group == group) buf_format(out, " %.*s", TEXT_ARG(p->voters[i].name));
    buf_char(out, '\n');
}

void policy_write(const struct policy *p, struct buf *out) {
    for (size_t i = 0; i < p->log_count; i++) {
        buf_string(out, "log ");
        write_key(&p->logs[i].key, p->logs[i].url, out);
    }
    for (size_t i = 0; i < p->voter_count; i++) {
        const struct policy_voter *v = &p->voters[i];
        if (v->need) {
            write_group(p, i, out);
        } else {
            buf_format(out, "witness %.*s ", TEXT_ARG(v->name));
            write_key(&v->key, v->url, out);
        }
    }
    struct text quorum = p->quorum == POLICY_NONE ? TEXT("none") : p->voters[p->quorum].name;
    buf_format(out, "quorum %.*s\n", TEXT_ARG(quorum));
}

/* ---- judging */

bool policy_met(const struct policy *p, const bool *cosigned) {
    size_t votes[POLICY_VOTERS_MAX] = {0};
    ASSERT(p->voter_count <= POLICY_VOTERS_MAX);
    if (p->quorum == POLICY_NONE) return true;
    for (size_t i = 0; i < p->voter_count; i++) { /* members stand before their group */
        const struct policy_voter *v = &p->voters[i];
        bool agrees = v->need ? votes[i] >= v->need : cosigned[i];
        if (i == p->quorum) return agrees;
        if (agrees && v->group != POLICY_NONE) votes[v->group]++;
    }
    return false;
}

/* The earliest time at which a witness cosigned.  Each signature that is by its name and id must verify. */
static enum error stamp_of(const struct note *note, const struct vkey *key, instant *stamp, struct diag *d) {
    *stamp = INSTANT_NONE;
    for (size_t i = 0; i < note->signature_count; i++) {
        const struct note_signature *s = &note->signatures[i];
        instant at;
        if (s->id != key->id || !text_equal(s->name, key->name)) continue;
        enum error result = cosignature_verify(s, key, note->text, &at, d);
        if (result) return result;
        if (*stamp == INSTANT_NONE || at < *stamp) *stamp = at;
    }
    return OK;
}

static enum error judge(const struct policy *p, struct arena *a, struct witnessed *w, struct diag *d) {
    instant *stamps = ARENA_ARRAY(a, instant, p->voter_count);
    bool cosigned[POLICY_VOTERS_MAX] = {false};
    ASSERT(p->voter_count <= POLICY_VOTERS_MAX);
    for (size_t i = 0; i < p->voter_count; i++) {
        stamps[i] = INSTANT_NONE;
        if (p->voters[i].need) continue;
        enum error result = stamp_of(&w->checkpoint.note, &p->voters[i].key, &stamps[i], d);
        if (result) return result;
        cosigned[i] = stamps[i] != INSTANT_NONE;
    }
    w->stamps = stamps;
    return policy_met(p, cosigned) ? OK
                                   : fail(d, ERR_NO, _("the checkpoint lacks the cosignatures that are asked for"));
}

enum error policy_open(const struct policy *p, struct bytes whole, struct arena *a, struct witnessed *out,
                       struct diag *d) {
    struct vkey keys[POLICY_LOGS_MAX];
    size_t count = 0;
    struct note note;
    struct checkpoint at;
    struct witnessed w;
    if (whole.size > CHECKPOINT_MAX_BYTES)
        return fail(d, ERR_LIMIT, _("a checkpoint of more than %d bytes"), CHECKPOINT_MAX_BYTES);
    enum error result = note_read(whole, a, &note, d);
    if (!result) result = checkpoint_read(note.text, &at, d);
    if (result) return result;
    ASSERT(p->log_count <= POLICY_LOGS_MAX);
    for (size_t i = 0; i < p->log_count; i++)
        if (text_equal(p->logs[i].key.name, at.origin)) keys[count++] = p->logs[i].key;
    result = checkpoint_open(whole, at.origin, keys, count, a, &w.checkpoint, d);
    if (!result) result = judge(p, a, &w, d);
    if (!result) *out = w;
    return result;
}
