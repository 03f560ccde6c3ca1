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

enum error invitation_read(struct bytes b, struct arena *a, struct invitation *out, struct diag *d) {
    struct invitation i = {0};
    struct text rest = text_from_bytes(b), value;
    struct channel_name name;
    if (b.size > INVITATION_MAX_BYTES)
        return fail(d, ERR_LIMIT, _("an invitation of more than %d bytes"), INVITATION_MAX_BYTES);
    if (!text_skip(&rest, TEXT("parley invitation v1\n"))) return expected(d, "parley invitation v1");
    if (!take(&rest, "party", &i.party) || !party_name_valid(i.party)) return expected(d, "party");
    if (!take(&rest, "secret", &value) || !hex_read(value, i.secret, sizeof i.secret)) return expected(d, "secret");
    if (take(&rest, "channel", &i.channel)) {
        enum error result = channel_name_read(i.channel, &name, d);
        if (result) return result;
        if (!text_equal(name.from, i.party))
            return fail(d, ERR_INPUT, _("the channel is not one of %.*s"), TEXT_ARG(i.party));
    }
    if (!take(&rest, "card", &value) || !decode(value, a, &i.card_note)) return expected(d, "card");
    if (take(&rest, "proposal", &value) && !decode(value, a, &i.proposal)) return expected(d, "proposal");
    if (rest.size) return fail(d, ERR_INPUT, _("the invitation goes on after its last line"));
    enum error result = card_read(i.card_note, a, &i.card, d);
    if (result) return result;
    if (!text_equal(i.card.party, i.party))
        return fail(d, ERR_INPUT, _("the card in the invitation is of another party"));
    *out = i;
    return OK;
}
