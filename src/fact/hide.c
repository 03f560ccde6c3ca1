#include "fact/hide.h"

#include "base/codec.h"
#include "base/hash.h"
#include "base/secret.h"
#include "line/user.h"

enum { TOKEN_BYTES = 10, TOKEN_MAX = 80, NEEDLES_MAX = 3, RUN_MAX = 64 };

bool hide_read(struct text list, unsigned *what) {
    static const char *const names[] = {"user", "dst_ip", "object"};
    unsigned found = 0;
    for (bool more = true; more;) {
        struct text word;
        more = text_cut(&list, ',', &word);
        if (!more) word = list;
        unsigned bit = 0;
        for (unsigned i = 0; i < COUNT(names); i++)
            if (text_is(word, names[i])) bit = 1U << i;
        if (!bit || (found & bit)) return false;
        found |= bit;
    }
    *what = found;
    return true;
}

/* ---- tokens */

static struct sha256 hashed(const struct hide *hide, struct text field, struct text value) {
    const struct bytes parts[] = {bytes_from_text(TEXT("parley hidden v1\n")), bytes_from_text(field),
                                  bytes_of("\n", 1), bytes_from_text(value)};
    return hmac_sha256_of_parts(bytes_of(hide->key, sizeof hide->key), parts, COUNT(parts));
}

static struct text write_hex(const char *start, const uint8_t *at, size_t count, char out[static TOKEN_MAX]) {
    static const char digits[] = "0123456789abcdef";
    size_t size = strlen(start);
    memcpy(out, start, size);
    for (size_t i = 0; i < count; i++) {
        out[size++] = digits[at[i] >> 4];
        out[size++] = digits[at[i] & 15];
    }
    return (struct text){out, size};
}

static struct text token_of(const struct hide *hide, struct text field, struct text value, char out[static TOKEN_MAX]) {
    struct sha256 h = hashed(hide, field, value);
    return write_hex(text_is(field, "line") ? "hidden-line-" : "hidden-", h.at, TOKEN_BYTES, out);
}

static const uint8_t token_network[8] = {0x01};

static struct ip token_address(const struct hide *hide, struct ip a) {
    char text[IP_TEXT_MAX];
    struct ip out = {0};
    struct sha256 h = hashed(hide, TEXT("dst_ip"), ip_write(a, text));
    memcpy(out.at, token_network, 8);
    memcpy(out.at + 8, h.at, 8);
    return out;
}

bool hidden_is_address(struct ip a) { return !memcmp(a.at, token_network, sizeof token_network); }

bool hidden_is_object(struct text object) {
    struct text kind;
    return text_cut(&object, ':', &kind) && text_starts(object, TEXT("hidden-"));
}

/* ---- lines */

struct needle {
    struct text value, token;
    char room[TOKEN_MAX];
    bool found;
};
struct hiding {
    struct needle needles[NEEDLES_MAX];
    size_t count;
    bool address, address_found, unsure; /* unsure: an address may stand where it can't be told */
    struct ip dst;
    struct text dst_text, dst_token;
    char dst_room[IP_TEXT_MAX], token_room[IP_TEXT_MAX];
};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c); }
static bool in_run(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

/* Whether a value stands there by itself, not within a longer word. */
static bool stands(struct text line, size_t at, struct text value, bool (*of_word)(char c)) {
    size_t end = at + value.size;
    if (!value.size || end > line.size || memcmp(line.at + at, value.at, value.size)) return false;
    bool open = at && of_word(line.at[at - 1]) && of_word(value.at[0]);
    return !open && !(end < line.size && of_word(line.at[end]) && of_word(value.at[value.size - 1]));
}

/* The size of the hidden IPv6 address that begins there, where the characters of one begin; 0: none does.  A port or a
 * full stop may stand right behind it. */
static size_t v6_size(struct hiding *h, struct text line, size_t at) {
    size_t size = 0, colons = 0;
    struct ip found;
    if (at && in_run(line.at[at - 1])) return 0;
    for (; at + size < line.size && in_run(line.at[at + size]) && size <= RUN_MAX; size++)
        colons += line.at[at + size] == ':';
    if (colons < 2) return 0;
    h->unsure = h->unsure || size > RUN_MAX;
    for (size_t end = size; end > 1; end--) {
        bool edge = end == size || line.at[at + end] == ':' || line.at[at + end] == '.';
        if (edge && ip_read(text_sub(line, at, at + end), &found) && !ip_compare(found, h->dst)) return end;
    }
    return 0;
}

/* The size of what is hidden there, and its token. */
static size_t hidden_at(struct hiding *h, struct text line, size_t at, struct text *token) {
    for (size_t i = 0; i < h->count; i++) {
        struct needle *n = &h->needles[i];
        if (!stands(line, at, n->value, is_letter)) continue;
        n->found = true;
        *token = n->token;
        return n->value.size;
    }
    if (!h->address) return 0;
    size_t size = 0;
    if (stands(line, at, h->dst_text, ip_is_v4(h->dst) ? is_digit : in_run)) size = h->dst_text.size;
    if (!size && !ip_is_v4(h->dst)) size = v6_size(h, line, at);
    h->address_found = h->address_found || size;
    *token = h->dst_token;
    return size;
}

static bool replace_all(struct hiding *h, struct text line, struct buf *out) {
    bool all = !h->address;
    buf_clear(out);
    for (size_t at = 0; at < line.size;) {
        struct text token;
        size_t size = hidden_at(h, line, at, &token);
        if (size) buf_text(out, token);
        if (!size) buf_char(out, line.at[at]);
        at += size ? size : 1;
    }
    all = all || h->address_found;
    for (size_t i = 0; i < h->count; i++) all = all && h->needles[i].found;
    return all && !h->unsure && !out->failed;
}

/* ---- observations */

static struct text add_needle(struct hiding *h, const struct hide *hide, struct text field, struct text value) {
    struct needle *n = &h->needles[h->count++];
    n->value = value;
    n->token = token_of(hide, field, value, n->room);
    return n->token;
}

static void hide_object(struct hiding *h, const struct hide *hide, struct hidden *out) {
    struct text kind, value = out->observation.object;
    bool account = text_starts(value, TEXT("account:"));
    if (!value.size || text_starts(value, TEXT("sha256:"))) return;
    if (!(hide->what & (account ? HIDE_OBJECT | HIDE_USER : HIDE_OBJECT))) return;
    if (!text_cut(&value, ':', &kind)) return;
    struct text token = add_needle(h, hide, account ? TEXT("user") : kind, value);
    memcpy(out->object, kind.at, kind.size);
    out->object[kind.size] = ':';
    memcpy(out->object + kind.size + 1, token.at, token.size);
    out->observation.object = (struct text){out->object, kind.size + 1 + token.size};
}

static void hide_address(struct hiding *h, const struct hide *hide, struct hidden *out) {
    if (!(hide->what & HIDE_DST) || !(out->observation.known & KNOWN_DST)) return;
    h->address = true;
    h->dst = out->observation.dst;
    h->dst_text = ip_write(h->dst, h->dst_room);
    out->observation.dst = token_address(hide, h->dst);
    h->dst_token = ip_write(out->observation.dst, h->token_room);
}

static void hide_user(struct hiding *h, const struct hide *hide, const struct format *f, struct text line) {
    struct text user = hide->what & HIDE_USER ? line_user(f, line) : (struct text){0};
    if (user.size) add_needle(h, hide, TEXT("user"), user);
}

void hidden_make(struct hidden *h, const struct hide *hide, const struct format *f, const struct observation *o,
                 struct text line) {
    enum { GROWS_BY = TOKEN_MAX }; /* a value of one byte becomes a token */
    struct hiding hiding = {0};
    h->observation = *o;
    h->text.max = (size_t)GROWS_BY * (LINE_BYTES_MAX + 1);
    hide_user(&hiding, hide, f, line);
    hide_object(&hiding, hide, h);
    hide_address(&hiding, hide, h);
    h->whole = !replace_all(&hiding, line, &h->text);
    h->whole_count += h->whole;
    if (h->whole) {
        char room[TOKEN_MAX];
        h->text.failed = false;
        buf_clear(&h->text);
        buf_text(&h->text, token_of(hide, TEXT("line"), line, room));
    }
    h->line = buf_as_text(&h->text);
}

void hidden_free(struct hidden *h) { buf_wipe(&h->text); }
