#include "record/invitation.h"

#include <string.h>

#include "base/codec.h"

enum { INVITATION_MAX_BYTES = 1 << 20 };

static void base64_line(const char *word, struct bytes b, struct buf *out) {
    if (!b.size) return;
    buf_format(out, "%s ", word);
    buf_base64(out, b, BASE64_PADDED);
    buf_char(out, '\n');
}

void invitation_write(const struct invitation *i, struct buf *out) {
    buf_format(out, "parley invitation v1\nparty %.*s\nsecret ", TEXT_ARG(i->party));
    buf_hex(out, bytes_of(i->secret, sizeof i->secret));
    buf_char(out, '\n');
    if (i->channel.size) buf_format(out, "channel %.*s\n", TEXT_ARG(i->channel));
    for (size_t n = 0; n < i->follows_count; n++) {
        buf_string(out, "follows ");
        follows_write(&i->follows[n], out);
        buf_char(out, '\n');
    }
    base64_line("card", i->card_note, out);
    base64_line("proposal", i->proposal, out);
}

static bool take(struct text *t, const char *word, struct text *value) {
    struct text rest = *t, line, first;
    if (!text_line(&rest, &line) || !text_cut(&line, ' ', &first) || !text_is(first, word)) return false;
    *value = line;
    *t = rest;
    return true;
}

static bool decode(struct text t, struct arena *a, struct bytes *out) {
    struct buf decoded = {.max = INVITATION_MAX_BYTES};
    bool fits = base64_read(t, &decoded, BASE64_PADDED);
    if (fits) *out = arena_bytes(a, buf_as_bytes(&decoded));
    buf_free(&decoded);
    return fits;
}

static enum error expected(struct diag *d, const char *what) {
    return fail(d, ERR_INPUT, _("not an invitation: expected a line “%s”"), what);
}

/* A successor follows both records of the channel before it; a first channel follows nothing. */
static bool follows_both(const struct invitation *i, struct arena *a) {
    const struct channel_name *n = &i->name;
    struct text own = channel_name_write(&(struct channel_name){n->from, n->to, n->number - 1, n->drill}, a),
                theirs = channel_name_write(&(struct channel_name){n->to, n->from, n->number - 1, n->drill}, a);
    bool first = text_equal(i->follows[0].channel, own);
    return text_equal(i->follows[first ? 1 : 0].channel, theirs) && text_equal(i->follows[first ? 0 : 1].channel, own);
}

static enum error read_channel(struct text *rest, struct invitation *i, struct arena *a, struct diag *d) {
    struct text value;
    if (!take(rest, "channel", &i->channel)) return OK;
    enum error result = channel_name_read(i->channel, &i->name, d);
    if (result) return result;
    if (!text_equal(i->name.from, i->party))
        return fail(d, ERR_INPUT, _("the channel is not one of %.*s"), TEXT_ARG(i->party));
    size_t wanted = i->name.number > 1 ? 2 : 0;
    for (; i->follows_count < wanted; i->follows_count++)
        if (!take(rest, "follows", &value) || !follows_read(value, &i->follows[i->follows_count]))
            return expected(d, "follows");
    if (wanted && !follows_both(i, a))
        return fail(d, ERR_INPUT, _("the invitation does not follow the two records before its own"));
    return OK;
}

enum error invitation_read(struct bytes b, struct arena *a, struct invitation *out, struct diag *d) {
    struct invitation i = {0};
    struct text rest = text_from_bytes(b), value;
    if (b.size > INVITATION_MAX_BYTES)
        return fail(d, ERR_LIMIT, _("an invitation of more than %d bytes"), INVITATION_MAX_BYTES);
    if (!text_skip(&rest, TEXT("parley invitation v1\n"))) return expected(d, "parley invitation v1");
    if (!take(&rest, "party", &i.party) || !party_name_valid(i.party)) return expected(d, "party");
    if (!take(&rest, "secret", &value) || !hex_read(value, i.secret, sizeof i.secret)) return expected(d, "secret");
    enum error result = read_channel(&rest, &i, a, d);
    if (result) return result;
    if (!take(&rest, "card", &value) || !decode(value, a, &i.card_note)) return expected(d, "card");
    if (take(&rest, "proposal", &value) && !decode(value, a, &i.proposal)) return expected(d, "proposal");
    if (rest.size) return fail(d, ERR_INPUT, _("the invitation goes on after its last line"));
    result = card_read(i.card_note, a, &i.card, d);
    if (result) return result;
    if (!text_equal(i.card.party, i.party))
        return fail(d, ERR_INPUT, _("the card in the invitation is of another party"));
    *out = i;
    return OK;
}
