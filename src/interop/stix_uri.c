/* Values as validators of STIX take them. */
#include <string.h>

#include "base/ip.h"
#include "interop/stix_case.h"

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/* Unreserved, sub-delims, and `:` and `@` (RFC 3986, 3.3), or what else is named. */
static bool stands(char c, const char *more) {
    return is_letter(c) || is_digit(c) || (c && (strchr("-._~!$&'()*+,;=:@", c) || strchr(more, c)));
}

static void put(struct buf *out, struct text part, const char *more) {
    for (size_t i = 0; i < part.size; i++) {
        bool encoded = part.at[i] == '%' && i + 2 < part.size && is_hex(part.at[i + 1]) && is_hex(part.at[i + 2]);
        if (encoded || stands(part.at[i], more))
            buf_char(out, part.at[i]);
        else
            buf_format(out, "%%%02X", (unsigned char)part.at[i]);
    }
}

static size_t scheme_size(struct text t) {
    size_t size = text_find(t, ':');
    if (size == t.size || !size || !is_letter(t.at[0])) return 0;
    for (size_t i = 1; i < size; i++)
        if (!is_letter(t.at[i]) && !is_digit(t.at[i]) && !strchr("+-.", t.at[i])) return 0;
    return size + 1;
}

static bool all_digits(struct text t) {
    for (size_t i = 0; i < t.size; i++)
        if (!is_digit(t.at[i])) return false;
    return true;
}

static bool is_literal(struct text host) {
    struct ip ip;
    return host.size > 2 && host.at[0] == '[' && host.at[host.size - 1] == ']' &&
           ip_read(text_sub(host, 1, host.size - 1), &ip);
}

static void put_colons_encoded(struct buf *out, struct text part) {
    struct text before;
    while (text_cut(&part, ':', &before)) {
        put(out, before, "");
        buf_string(out, "%3A");
    }
    put(out, part, "");
}

/* [userinfo@]host[:port], where the last `@` and the last `:` part them. */
static void put_authority(struct buf *out, struct text authority) {
    size_t host = text_behind_last(authority, '@'), port;
    struct text before;
    if (host) {
        struct text user = text_sub(authority, 0, host - 1);
        while (text_cut(&user, '@', &before)) {
            put(out, before, "");
            buf_string(out, "%40");
        }
        put(out, user, "");
        buf_char(out, '@');
        authority = text_sub(authority, host, authority.size);
    }
    port = text_behind_last(authority, ':');
    if (port && !all_digits(text_sub(authority, port, authority.size))) port = 0;
    before = port ? text_sub(authority, 0, port - 1) : authority;
    if (is_literal(before))
        buf_text(out, before);
    else
        put_colons_encoded(out, before);
    if (port) buf_text(out, text_sub(authority, port - 1, authority.size));
}

struct text stix_uri(struct arena *a, struct text value, bool *guessed) {
    struct buf out = {.max = 4 * OBJECT_MAX + 64};
    size_t scheme = scheme_size(value), end;
    *guessed = !scheme;
    buf_text(&out, scheme ? text_sub(value, 0, scheme) : TEXT("http:"));
    struct text rest = text_sub(value, scheme, value.size);
    if (!scheme && !text_starts(rest, TEXT("//"))) buf_string(&out, "//");
    if (text_skip(&rest, TEXT("//")) || !scheme) {
        if (scheme || out.at[out.size - 1] != '/') buf_string(&out, "//");
        for (end = 0; end < rest.size && !strchr("/?#", rest.at[end]); end++) {
        }
        put_authority(&out, text_sub(rest, 0, end));
        rest = text_sub(rest, end, rest.size);
    }
    end = text_find(rest, '#');
    put(&out, text_sub(rest, 0, end), "/?");
    if (end < rest.size) {
        buf_char(&out, '#');
        put(&out, text_sub(rest, end + 1, rest.size), "/?");
    }
    ASSERT(!out.failed);
    struct text uri = arena_text(a, buf_as_text(&out));
    buf_free(&out);
    return uri;
}

/* Parts between dots, each of the characters that are allowed, and not empty. */
static bool dotted(struct text t, const char *more, size_t least) {
    size_t parts = 0;
    for (;; parts++) {
        size_t end = text_find(t, '.');
        for (size_t i = 0; i < end; i++)
            if (!is_letter(t.at[i]) && !is_digit(t.at[i]) && (!t.at[i] || !strchr(more, t.at[i]))) return false;
        if (!end || (!strcmp(more, "-") && (t.at[0] == '-' || t.at[end - 1] == '-'))) return false;
        if (end == t.size) return parts + 1 >= least;
        t = text_sub(t, end + 1, t.size);
    }
}

bool stix_is_mail(struct text value) {
    struct text domain = value, name;
    return text_cut(&domain, '@', &name) && dotted(name, "!#$%&'*+/=?^_`{|}~-", 1) && dotted(domain, "-", 2);
}
