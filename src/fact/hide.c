#include "fact/hide.h"

#include "base/codec.h"
#include "base/hash.h"
#include "base/secret.h"

enum { TOKEN_BYTES = 10, TOKEN_MAX = HIDDEN_TOKEN_MAX, NEEDLES_MAX = LOGINS_MAX + 1, RUN_MAX = 64 };

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

static struct sha256 hashed(struct hidden *h, const struct hide *hide, struct text field, struct text value) {
    const struct bytes parts[] = {bytes_from_text(TEXT("parley hidden v1\n")), bytes_from_text(field),
                                  bytes_of("\n", 1), bytes_from_text(value)};
    if (!h->keyed) hmac_key_make(&h->key, bytes_of(hide->key, sizeof hide->key));
    h->keyed = true;
    return hmac_with_key(&h->key, parts, COUNT(parts));
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

static uint64_t hash_of(const void *at, size_t size) {
    const uint8_t *bytes = at;
    uint64_t hash = size;
    for (size_t i = 0; i < size; i++) hash = (hash ^ bytes[i]) * UINT64_C(0x9e3779b97f4a7c15);
    return hash >> 32;
}

static struct text token_of(struct hidden *h, const struct hide *hide, struct text field, struct text value,
                            char out[static TOKEN_MAX]) {
    char key[HIDDEN_VALUE_MAX];
    const size_t size = field.size + 1 + value.size;
    struct hidden_token *known = NULL;
    if (size <= sizeof key) {
        memcpy(key, field.at, field.size);
        key[field.size] = '\n';
        memcpy(key + field.size + 1, value.at, value.size);
        known = &h->tokens[hash_of(key, size) % HIDDEN_TOKENS];
        if (known->size == size && !memcmp(known->value, key, size)) {
            memcpy(out, known->token, known->token_size);
            return (struct text){out, known->token_size};
        }
    }
    struct sha256 hash = hashed(h, hide, field, value);
    struct text token = write_hex(text_is(field, "line") ? "hidden-line-" : "hidden-", hash.at, TOKEN_BYTES, out);
    if (!known) return token;
    known->size = (uint8_t)size;
    known->token_size = (uint8_t)token.size;
    memcpy(known->value, key, size);
    memcpy(known->token, token.at, token.size);
    return token;
}

static const uint8_t token_network[8] = {0x01};

static const struct hidden_address *address_of(struct hidden *h, const struct hide *hide, struct ip a) {
    struct hidden_address *known = &h->addresses[hash_of(a.at, sizeof a.at) % HIDDEN_ADDRESSES];
    if (known->set && !ip_compare(known->of, a)) return known;
    *known = (struct hidden_address){.set = true, .of = a};
    struct text of = ip_write(a, known->of_text);
    struct sha256 hash = hashed(h, hide, TEXT("dst_ip"), of);
    memcpy(known->token.at, token_network, 8);
    memcpy(known->token.at + 8, hash.at, 8);
    known->of_size = (uint8_t)of.size;
    known->token_size = (uint8_t)ip_write(known->token, known->token_text).size;
    return known;
}

bool hidden_is_address(struct ip a) { return !memcmp(a.at, token_network, sizeof token_network); }

bool hidden_is_object(struct text object) {
    struct text kind;
    return text_cut(&object, ':', &kind) && text_starts(object, TEXT("hidden-"));
}

/* ---- lines */

struct needle {
    struct text value, token;
    size_t next; /* where it stands next; SIZE_MAX: nowhere */
    char room[TOKEN_MAX];
    bool found;
};
struct hiding {
    struct needle needles[NEEDLES_MAX];
    size_t count;
    const struct hidden_address *address; /* NULL: none */
    size_t address_next, address_size;    /* a size of 0: it may stand there, where it can't be told */
    bool address_unsure, address_found, unsure;
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
static size_t v6_size(struct ip hidden, struct text line, size_t at, bool *unsure) {
    size_t size = 0, colons = 0;
    struct ip found;
    *unsure = false;
    if (at && in_run(line.at[at - 1])) return 0;
    for (; at + size < line.size && in_run(line.at[at + size]) && size <= RUN_MAX; size++)
        colons += line.at[at + size] == ':';
    if (colons < 2) return 0;
    *unsure = size > RUN_MAX;
    for (size_t end = size; end > 1; end--) {
        bool edge = end == size || line.at[at + end] == ':' || line.at[at + end] == '.';
        if (edge && ip_read(text_sub(line, at, at + end), &found) && !ip_compare(found, hidden)) return end;
    }
    return 0;
}

/* Where a value stands by itself from `from` on. */
static size_t next_of(struct text line, size_t from, struct text value, bool (*of_word)(char c)) {
    while (value.size && from < line.size) {
        size_t more = text_search(text_sub(line, from, line.size), value);
        if (more == SIZE_MAX) break;
        if (stands(line, from + more, value, of_word)) return from + more;
        from += more + 1;
    }
    return SIZE_MAX;
}

/* Of an IPv6 address, in whatever way it is written: it begins where a run does, and there is a colon in it. */
static void next_v6(struct hiding *h, struct text line, size_t from) {
    const struct hidden_address *a = h->address;
    const struct text of = {a->of_text, a->of_size};
    for (size_t at = from; at < line.size;) {
        size_t colon = at + text_find(text_sub(line, at, line.size), ':'), start = colon;
        if (colon == line.size) break;
        while (start && in_run(line.at[start - 1])) start--;
        at = colon + 1;
        while (at < line.size && in_run(line.at[at])) at++;
        if (start < from) continue;
        bool unsure = false;
        size_t size = stands(line, start, of, in_run) ? of.size : v6_size(a->of, line, start, &unsure);
        if (!size && !unsure) continue;
        h->address_next = start;
        h->address_size = size;
        h->address_unsure = unsure;
        return;
    }
}

static void next_address(struct hiding *h, struct text line, size_t from) {
    const struct hidden_address *a = h->address;
    h->address_next = SIZE_MAX;
    if (!a) return;
    h->address_size = a->of_size;
    h->address_unsure = false;
    if (ip_is_v4(a->of))
        h->address_next = next_of(line, from, (struct text){a->of_text, a->of_size}, is_digit);
    else
        next_v6(h, line, from);
}

/* The needle that stands first, of several the first; NULL where the address does, or nothing. */
static struct needle *first_needle(struct hiding *h) {
    struct needle *first = NULL;
    size_t at = h->address_next == SIZE_MAX ? SIZE_MAX : h->address_next + 1;
    for (size_t i = 0; i < h->count; i++)
        if (h->needles[i].next < at) {
            first = &h->needles[i];
            at = first->next;
        }
    return first;
}

static void find_all(struct hiding *h, struct text line, size_t from, bool start) {
    for (size_t i = 0; i < h->count; i++)
        if (start || (h->needles[i].next < from))
            h->needles[i].next = next_of(line, from, h->needles[i].value, is_letter);
    if (start || h->address_next < from) next_address(h, line, from);
}

/* The bytes of the line that are done with. */
static size_t take_address(struct hiding *h, struct text line, struct buf *out) {
    const struct hidden_address *a = h->address;
    h->unsure = h->unsure || h->address_unsure;
    h->address_found = h->address_found || h->address_size;
    if (h->address_size) buf_text(out, (struct text){a->token_text, a->token_size});
    if (!h->address_size) buf_char(out, line.at[h->address_next]);
    return h->address_size ? h->address_size : 1;
}

static bool replace_all(struct hiding *h, struct text line, struct buf *out) {
    size_t at = 0;
    buf_clear(out);
    find_all(h, line, 0, true);
    for (;;) {
        struct needle *needle = first_needle(h);
        size_t next = needle ? needle->next : h->address_next;
        if (next == SIZE_MAX) break;
        buf_text(out, text_sub(line, at, next));
        if (needle) {
            needle->found = true;
            buf_text(out, needle->token);
            at = next + needle->value.size;
        } else {
            at = next + take_address(h, line, out);
        }
        find_all(h, line, at, false);
    }
    buf_text(out, text_sub(line, at, line.size));
    bool all = !h->address || h->address_found;
    for (size_t i = 0; i < h->count; i++) all = all && h->needles[i].found;
    return all && !h->unsure && !out->failed;
}

/* ---- observations */

static struct text add_needle(struct hiding *hiding, const struct hide *hide, struct hidden *h, struct text field,
                              struct text value) {
    struct needle *n = &hiding->needles[hiding->count];
    n->value = value;
    n->found = false;
    n->token = token_of(h, hide, field, value, n->room);
    for (size_t i = 0; i < hiding->count; i++) /* an account that is the user, too */
        if (text_equal(hiding->needles[i].value, value) && text_equal(hiding->needles[i].token, n->token))
            return n->token;
    hiding->count++;
    return n->token;
}

static void hide_object(struct hiding *h, const struct hide *hide, struct hidden *out) {
    struct text kind, value = out->observation.object;
    bool account = text_starts(value, TEXT("account:"));
    if (!value.size || text_starts(value, TEXT("sha256:"))) return;
    if (!(hide->what & (account ? HIDE_OBJECT | HIDE_USER : HIDE_OBJECT))) return;
    if (!text_cut(&value, ':', &kind)) return;
    struct text token = add_needle(h, hide, out, account ? TEXT("user") : kind, value);
    memcpy(out->object, kind.at, kind.size);
    out->object[kind.size] = ':';
    memcpy(out->object + kind.size + 1, token.at, token.size);
    out->observation.object = (struct text){out->object, kind.size + 1 + token.size};
}

static void hide_address(struct hiding *h, const struct hide *hide, struct hidden *out) {
    if (!(hide->what & HIDE_DST) || !(out->observation.known & KNOWN_DST)) return;
    h->address = address_of(out, hide, out->observation.dst);
    out->observation.dst = h->address->token;
}

static void hide_users(struct hiding *h, const struct hide *hide, struct hidden *out, const struct logins *l) {
    for (size_t i = 0; hide->what & HIDE_USER && i < l->count; i++) add_needle(h, hide, out, TEXT("user"), l->at[i]);
    h->unsure = h->unsure || (hide->what & HIDE_USER && l->more);
}

void hidden_make(struct hidden *h, const struct hide *hide, const struct logins *l, const struct observation *o,
                 struct text line) {
    enum { GROWS_BY = TOKEN_MAX }; /* a value of one byte becomes a token */
    struct hiding hiding;
    hiding.count = 0;
    hiding.address = NULL;
    hiding.address_found = hiding.unsure = false;
    h->observation = *o;
    h->text.max = (size_t)GROWS_BY * (LINE_BYTES_MAX + 1);
    hide_users(&hiding, hide, h, l);
    hide_object(&hiding, hide, h);
    hide_address(&hiding, hide, h);
    h->whole = !replace_all(&hiding, line, &h->text);
    h->whole_count += h->whole;
    if (h->whole) {
        char room[TOKEN_MAX];
        h->text.failed = false;
        buf_clear(&h->text);
        buf_text(&h->text, token_of(h, hide, TEXT("line"), line, room));
    }
    h->line = buf_as_text(&h->text);
}

void hidden_free(struct hidden *h) {
    buf_wipe(&h->text);
    secret_wipe(&h->key, sizeof h->key);
    secret_wipe(h->tokens, sizeof h->tokens);
}
