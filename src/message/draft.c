#include "message/draft.h"

#include "base/codec.h"

void draft_write(const struct draft *draft, struct buf *out) {
    buf_format(out, "parley draft v1\nparty %.*s\n", TEXT_ARG(draft->party));
    if (draft->drill) buf_string(out, "drill\n");
    buf_string(out, "made ");
    buf_instant(out, draft->made);
    buf_char(out, '\n');
    for (size_t i = 0; i < draft->recipients.count; i++)
        buf_format(out, "recipient %.*s\n", TEXT_ARG(draft->recipients.at[i]));
    if (draft->refused.at != INSTANT_NONE) {
        buf_string(out, "refused ");
        buf_instant(out, draft->refused.at);
        buf_format(out, " %.*s ", TEXT_ARG(draft->refused.by));
        buf_base64(out, bytes_from_text(draft->refused.reason), BASE64_PADDED);
        buf_char(out, '\n');
    }
    buf_char(out, '\n');
    buf_bytes(out, draft->message.whole);
}

static enum error expected(struct diag *d, const char *line) {
    return fail(d, ERR_INPUT, _("not a draft: expected a line “%s”"), line);
}

static bool take(struct text *t, const char *word, struct text *value) {
    struct text rest = *t, line, first;
    if (!text_line(&rest, &line) || !text_cut(&line, ' ', &first) || !text_is(first, word)) return false;
    *value = line;
    *t = rest;
    return true;
}

/* One spelling for one time. */
static bool read_time(struct text t, instant *out) {
    char again[INSTANT_TEXT_MAX];
    return instant_read(t, out) && text_equal(instant_write(*out, again), t);
}

static bool read_refusal(struct text line, struct arena *a, struct draft_refusal *out) {
    struct text time;
    struct buf reason = {.max = DRAFT_REASON_MAX};
    bool good = text_cut(&line, ' ', &time) && read_time(time, &out->at) && text_cut(&line, ' ', &out->by) &&
                card_word_valid(out->by) && base64_read(line, &reason, BASE64_PADDED) &&
                text_is_note_text(buf_as_text(&reason));
    if (good) out->reason = arena_text(a, buf_as_text(&reason));
    buf_free(&reason);
    return good;
}

static bool read_recipients(struct text *rest, struct arena *a, struct names *out) {
    struct text *list = ARENA_ARRAY(a, struct text, SEAL_RECIPIENTS_MAX), value;
    size_t count = 0;
    while (take(rest, "recipient", &value)) {
        struct seal_recipient r;
        if (count == SEAL_RECIPIENTS_MAX || names_have((struct names){list, count}, value) ||
            seal_recipient_read(value, &r, NULL))
            return false;
        list[count++] = value;
    }
    *out = (struct names){list, count};
    return true;
}

enum error draft_read(struct bytes whole, struct arena *a, struct draft *out, struct diag *d) {
    struct draft draft = {.refused = {.at = INSTANT_NONE}};
    struct text rest = text_from_bytes(whole), value;
    if (whole.size > DRAFT_MAX_BYTES)
        return fail(d, ERR_LIMIT, _("a draft of more than %d bytes"), (int)DRAFT_MAX_BYTES);
    if (!text_skip(&rest, TEXT("parley draft v1\n"))) return expected(d, "parley draft v1");
    if (!take(&rest, "party", &draft.party) || !key_name_valid(draft.party)) return expected(d, "party");
    draft.drill = text_skip(&rest, TEXT("drill\n"));
    if (!take(&rest, "made", &value) || !read_time(value, &draft.made)) return expected(d, "made");
    if (!read_recipients(&rest, a, &draft.recipients)) return expected(d, "recipient");
    if (take(&rest, "refused", &value) && !read_refusal(value, a, &draft.refused)) return expected(d, "refused");
    if (!text_skip(&rest, TEXT("\n"))) return fail(d, ERR_INPUT, _("not a draft: expected an empty line"));
    enum error result = message_read(bytes_from_text(rest), a, &draft.message, d);
    if (!result) *out = draft;
    return result;
}
