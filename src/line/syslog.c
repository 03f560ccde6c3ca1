#include "line/syslog.h"

#include "base/digits.h"

static bool skip_token(struct text *t, struct text *token) {
    while (t->size && t->at[0] == ' ') *t = text_sub(*t, 1, t->size);
    size_t end = text_find(*t, ' ');
    *token = text_sub(*t, 0, end);
    *t = text_sub(*t, end, t->size);
    return token->size > 0;
}

/* `sshd[13709]:`, `[sshd]:`, `[sshd]`, `/usr/sbin/sshd:`: the name in it; false where it can't be a tag. */
static bool read_tag(struct text tag, bool bare, struct text *program) {
    bool marked = tag.at[0] == '[' || tag.at[tag.size - 1] == ':' || tag.at[tag.size - 1] == ']';
    if (!marked && !bare) return false;
    if (tag.at[tag.size - 1] == ':') tag.size--;
    if (tag.size && tag.at[0] == '[') tag = text_sub(tag, 1, tag.size);
    for (size_t i = 0; i < tag.size; i++)
        if (tag.at[i] == '[' || tag.at[i] == ']') tag.size = i;
    for (size_t i = tag.size; i-- > 0 && tag.at[0] == '/';)
        if (tag.at[i] == '/') {
            tag = text_sub(tag, i + 1, tag.size);
            break;
        }
    *program = tag;
    return tag.size > 0;
}

/* `[123]:`, which spaces set apart from the name before it, as fail2ban does. */
static bool is_pid(struct text tag) {
    size_t i = 1;
    while (i < tag.size && tag.at[i] >= '0' && tag.at[i] <= '9') i++;
    return tag.at[0] == '[' && i > 1 && i < tag.size && tag.at[i] == ']';
}

/* What stands behind `names`, where a line begins with them: `123]: message`. */
static bool read_same_names(const struct syslog_names *names, struct text t, struct syslog *out) {
    if (!names->size || t.size < (size_t)names->size + WORD_SIZE || !text_same(t.at, names->bytes, names->size))
        return false;
    const char *pid = t.at + names->size;
    size_t digits = word_digits(word_at(pid));
    struct text message = text_sub(t, names->size + digits, t.size);
    if (digits == WORD_SIZE || !text_skip(&message, TEXT("]: "))) return false;
    if (text_starts(message, TEXT("[ID "))) return false;
    out->program = text_sub(t, names->program_at, (size_t)names->size - 1);
    out->message = message;
    return true;
}

/* Whether what stands before the `[` of a tag, which is read by itself, says what the program is. */
static void keep_names(struct syslog_names *names, struct text t, struct text program) {
    size_t end = (size_t)(program.at - t.at) + program.size, size = end + 1;
    names->size = 0;
    if (size > sizeof names->bytes || end >= t.size || t.at[end] != '[') return;
    memcpy(names->bytes, t.at, size);
    names->size = (uint8_t)size;
    names->program_at = (uint8_t)(program.at - t.at);
}

/* The host, which may be missing, and the tag.  A host is no tag: it has neither brackets nor a colon at its end. */
static enum reason read_names(struct syslog_names *names, struct text t, struct syslog *out) {
    if (read_same_names(names, t, out)) return REASON_FACT;
    struct text token, rest = t, next;
    if (!skip_token(&rest, &token)) return REASON_FORM;
    if (!read_tag(token, false, &out->program)) {
        if (!skip_token(&rest, &next)) return REASON_FORM;
        if (is_pid(next))
            out->program = token;
        else if (!read_tag(next, true, &out->program))
            return REASON_FORM;
    }
    text_skip(&rest, TEXT(" "));
    struct text solaris = rest, inside;
    if (text_skip(&solaris, TEXT("[ID ")) && text_cut(&solaris, ']', &inside)) {
        text_skip(&solaris, TEXT(" "));
        rest = solaris;
    }
    keep_names(names, t, out->program);
    out->message = rest;
    return REASON_FACT;
}

/* `-`, or elements in brackets, whose values are quoted (RFC 5424, 6.3). */
static bool skip_structured(struct text *t) {
    bool quoted = false, inside = false;
    size_t i = 0;
    if (text_skip(t, TEXT("-"))) return true;
    for (; i < t->size && (inside || t->at[i] == '['); i++) {
        char c = t->at[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted)
            inside = c != ']';
    }
    if (!i || inside || i > t->size) return false;
    *t = text_sub(*t, i, t->size);
    return true;
}

/* HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA [MSG] */
static enum reason read_5424(struct text t, struct syslog *out) {
    struct text host, pid, id;
    if (!skip_token(&t, &host) || !skip_token(&t, &out->program) || !skip_token(&t, &pid) || !skip_token(&t, &id))
        return REASON_FORM;
    if (!text_skip(&t, TEXT(" ")) || !skip_structured(&t)) return REASON_FORM;
    text_skip(&t, TEXT(" "));
    text_skip(&t, TEXT("\xef\xbb\xbf"));
    out->message = t;
    return REASON_FACT;
}

enum reason syslog_read(struct stamper *s, struct syslog_names *names, struct text line, struct syslog *out) {
    struct text t = line;
    bool rfc5424 = stamp_skip_priority(&t) && text_skip(&t, TEXT("1 "));
    bool iso = t.size && t.at[0] >= '0' && t.at[0] <= '9', tai = t.size && t.at[0] == '@';
    out->stamped = false;
    /* RFC 5424 knows no classic stamps, and who chains years over a part of a file passes over such lines. */
    enum reason reason = iso || rfc5424 ? stamp_iso(s, &t, &out->stamp)
                         : tai          ? stamp_tai64n(&t, &out->stamp)
                                        : stamp_classic(s, &t, &out->stamp);
    if (reason) return reason == REASON_STAMP && !iso && !rfc5424 && !stamp_is_classic(t) ? REASON_FORM : reason;
    out->stamped = true;
    if (!t.size || t.at[0] != ' ') return REASON_FORM;
    return rfc5424 ? read_5424(text_sub(t, 1, t.size), out) : read_names(names, text_sub(t, 1, t.size), out);
}

void syslog_unfold(struct text *message, uint64_t *count) {
    struct text t = *message, number;
    uint64_t times;
    if (!t.size || t.at[0] != 'm' || !text_skip(&t, TEXT("message repeated ")) || !text_cut(&t, ' ', &number) ||
        !text_u64(number, &times))
        return;
    if (!times || times > UINT32_MAX || !text_skip(&t, TEXT("times: [ ")) || !text_ends(t, TEXT("]"))) return;
    *message = text_sub(t, 0, t.size - 1);
    *count = times;
}
