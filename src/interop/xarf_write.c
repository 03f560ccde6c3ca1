/* A report as X-ARF: one object a fact; several of them in an array. */
#include "base/codec.h"
#include "interop/xarf.h"
#include "line/host.h"

static const char in_sheet[] = N_("it stands in the fact sheet in `evidence` alone");

/* ---- what a fact says */

struct text xarf_url_host(struct text url) {
    size_t at = text_search(url, TEXT("://"));
    if (at == SIZE_MAX) return (struct text){0};
    struct text host = text_sub(url, at + 3, url.size);
    for (size_t i = 0; i < host.size; i++)
        if (host.at[i] == '/' || host.at[i] == '?' || host.at[i] == '#') host.size = i;
    host = text_sub(host, text_behind_last(host, '@'), host.size);
    if (host.size && host.at[0] == '[') {
        size_t end = text_find(host, ']');
        return end < host.size ? text_sub(host, 1, end) : (struct text){0};
    }
    return text_first(host, text_find(host, ':'));
}

struct text xarf_source(const struct fact *f, struct arena *a) {
    char room[IP_TEXT_MAX];
    struct text value;
    if (f->known & KNOWN_SRC) return arena_text(a, ip_write(f->src, room));
    if (object_is(f->object, "url", &value)) return xarf_url_host(value);
    if (object_is(f->object, "domain", &value) || object_is(f->object, "mail", &value)) return value;
    return (struct text){0};
}

static void put_time(json_t *o, const char *name, instant i) { json_put(o, name, json_from_instant(i)); }

static void put_times(json_t *o, const struct fact *f, const struct xarf_type *type, struct losses *l) {
    instant first = f->first;
    if (f->last != INSTANT_NONE || first != INSTANT_NONE)
        put_time(o, "timestamp", f->last != INSTANT_NONE ? f->last : first);
    if (f->last != INSTANT_NONE) put_time(o, "last_seen", f->last);
    if (first == INSTANT_NONE && type->needs & XARF_CONNECTION && f->last != INSTANT_NONE) {
        losses_add(l, LOSS_GUESSED, "first_seen", (struct text){0},
                   N_("the schema asks for it, and the fact has none: it is the last one"));
        first = f->last;
    }
    if (first != INSTANT_NONE) put_time(o, "first_seen", first);
}

static void put_ports(json_t *o, const struct fact *f, const struct xarf_type *type, struct losses *l) {
    uint16_t port = f->known & KNOWN_SRC_PORT ? f->src_port : 0;
    struct ip address;
    bool asked = type->needs & XARF_CONNECTION && ip_read(json_text(o, "source_identifier"), &address);
    if (port || asked) json_put_u64(o, "source_port", port ? port : 1);
    if (!port && asked)
        losses_add(l, LOSS_GUESSED, "source_port", TEXT("1"),
                   N_("the schema asks for it beside an address, and the fact has none"));
    if (!port && !asked && f->known & KNOWN_SRC_PORT) losses_add(l, LOSS_AS_WORDS, "source_port", TEXT("0"), in_sheet);
    if (f->known & KNOWN_DST_PORT && f->dst_port) json_put_u64(o, "destination_port", f->dst_port);
    if (f->known & KNOWN_DST_PORT && !f->dst_port)
        losses_add(l, LOSS_AS_WORDS, "destination_port", TEXT("0"), in_sheet);
}

static bool one_of(struct text t, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (text_is(t, words[i])) return true;
    return false;
}

/* The lists of the schemas; what is in none of them stands in the sheet. */
static void put_protocol(json_t *o, const struct fact *f, const struct xarf_type *type, struct losses *l) {
    static const char *const carriers[] = {"tcp", "udp", "icmp"};
    struct text mail, protocol = f->protocol;
    if (type->needs & XARF_SERVICE) {
        json_put_text(o, "service", protocol.size ? protocol : TEXT("unknown"));
        if (!protocol.size)
            losses_add(l, LOSS_GUESSED, "service", TEXT("unknown"),
                       N_("the schema asks for it, and the fact has none"));
    } else if (type->needs & XARF_MESSAGE) {
        bool smtp = object_is(f->object, "mail", &mail) && f->known & KNOWN_SRC_PORT && f->src_port;
        json_put_text(o, "protocol", smtp ? TEXT("smtp") : TEXT("other"));
    } else if (one_of(protocol, carriers, COUNT(carriers))) {
        json_put_text(o, "protocol", protocol);
        return;
    } else if (type->needs & XARF_CONNECTION) {
        json_put_text(o, "protocol", TEXT("tcp"));
        losses_add(l, LOSS_GUESSED, "protocol", TEXT("tcp"),
                   N_("the schema asks for one of its list, and the fact has none of them"));
    }
    if (protocol.size && !(type->needs & XARF_SERVICE)) losses_add(l, LOSS_AS_WORDS, "protocol", protocol, in_sheet);
}

/* RFC 3986, appendix A: what may stand in a URI as it is; brackets only around an address. */
static bool stands_in_uri(struct text url, size_t i, size_t authority) {
    static const char others[] = "-._~:/?#@!$&'()*+,;=";
    char c = url.at[i], digit;
    if (c == '[' || c == ']') return i < authority;
    if (c == '%') {
        for (size_t k = i + 1; k < i + 3; k++) {
            digit = k < url.size ? url.at[k] : 0;
            if (!strchr("0123456789abcdefABCDEF", digit ? digit : '-')) return false;
        }
        return true;
    }
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr(others, c));
}

static void put_url(json_t *o, const char *name, struct text url, struct losses *l) {
    struct buf uri = {.max = 3 * OBJECT_MAX};
    struct text host = xarf_url_host(url);
    size_t authority = host.size ? (size_t)(host.at - url.at) + host.size + 1 : 0;
    for (size_t i = 0; i < url.size; i++)
        if (stands_in_uri(url, i, authority))
            buf_char(&uri, url.at[i]);
        else
            buf_format(&uri, "%%%02X", (unsigned)(unsigned char)url.at[i]);
    if (uri.size != url.size)
        losses_add(l, LOSS_AS_WORDS, name, url,
                   N_("what no URI may hold is written as %XX; as it was, it stands in the sheet"));
    json_put_text(o, name, buf_as_text(&uri));
    buf_free(&uri);
}

static void put_object(json_t *o, const struct fact *f, const struct xarf_type *type, struct losses *l) {
    struct text value;
    if (object_is(f->object, "url", &value))
        put_url(o, type->needs & XARF_INFRINGING ? "infringing_url" : "url", value, l);
    else if (object_is(f->object, "domain", &value))
        json_put_text(o, "domain", value);
    else if (object_is(f->object, "sha256", &value))
        json_put_text(o, "file_hash", f->object);
    else if (object_is(f->object, "mail", &value))
        json_put_text(o, "smtp_from", value);
    else if (f->object.size)
        losses_add(l, LOSS_AS_WORDS, "object", f->object, in_sheet);
}

static void put_type(json_t *o, const struct fact *f, const struct xarf_type *type, struct losses *l) {
    struct text event = f->event.size ? f->event : text_of(type->event);
    json_put_text(o, "category", text_of(type->category));
    json_put_text(o, "type", text_of(type->type));
    if (type->member) json_put_text(o, type->member, type->value ? text_of(type->value) : event);
    if (type->needs & XARF_NEAR)
        losses_add(l, LOSS_GUESSED, "type", text_of(type->type),
                   N_("the nearest type that X-ARF has; the tag `rsit:` says the event"));
}

void xarf_put_fact(json_t *o, const struct fact *f, const struct xarf_type *type, struct arena *a, struct losses *l) {
    char room[IP_TEXT_MAX];
    json_put_text(o, "source_identifier", xarf_source(f, a));
    put_type(o, f, type, l);
    put_times(o, f, type, l);
    put_ports(o, f, type, l);
    put_protocol(o, f, type, l);
    put_object(o, f, type, l);
    if (f->known & KNOWN_DST) json_put_text(o, "destination_ip", ip_write(f->dst, room));
    if (text_is(text_of(type->type), "login_attack") && f->count != SHEET_NO_COUNT)
        json_put_u64(o, "attempt_count", f->count);
    else if (f->count != 1)
        losses_add(l, LOSS_AS_WORDS, "count", (struct text){0}, in_sheet);
}

/* ---- who says it */

struct writing {
    const struct report *r;
    const struct case_writing *how;
    struct text org, contact, domain, description;
};

static void put_contact(json_t *o, const char *name, const struct writing *w) {
    json_t *who = json_object();
    json_put_text(who, "org", w->org);
    json_put_text(who, "contact", w->contact);
    json_put_text(who, "domain", w->domain);
    json_put(o, name, who);
}

static bool is_host_name(struct text t) {
    struct ip address;
    return text_find(t, '.') < t.size && host_read(t, &address) == REASON_NAME;
}

static void set_contact(struct writing *w) {
    struct arena *a = w->how->arena;
    struct text host, mail = w->r->from_mail;
    w->org = w->r->from.size ? text_first(w->r->from, text_find(w->r->from, '/')) : TEXT("unknown");
    w->domain = is_host_name(w->org) ? w->org : TEXT("unknown.invalid");
    if (mail.size && !is_host_name(w->org)) {
        host = text_sub(mail, text_behind_last(mail, '@'), mail.size);
        if (is_host_name(host)) w->domain = host;
    }
    w->contact = mail.size ? mail : arena_format(a, "abuse@%.*s", TEXT_ARG(w->domain));
    if (!mail.size)
        losses_add(w->how->losses, LOSS_GUESSED, "reporter.contact", w->contact,
                   N_("the schema asks for a mail address, and the card of who reports has none"));
}

static void set_description(struct writing *w) {
    const struct report *r = w->r;
    struct text whole =
        r->text.size ? arena_format(w->how->arena, "%.*s\n\n%.*s", TEXT_ARG(r->title), TEXT_ARG(r->text)) : r->title;
    w->description = text_first_whole(whole, XARF_DESCRIPTION_MAX);
    if (w->description.size < whole.size)
        losses_add(w->how->losses, LOSS_DROPPED, "description", text_sub(whole, w->description.size, whole.size),
                   N_("a description has at most 1000 characters"));
}

/* ---- one report */

/* A UUID that follows from the case and the fact, so that the same gives the same bytes. */
static struct text report_id(const struct writing *w, struct text row) {
    struct bytes parts[] = {bytes_from_text(TEXT("parley/xarf/v1\n")), bytes_from_text(w->r->id),
                            bytes_from_text(TEXT("\n")), bytes_from_text(row)};
    struct sha256 h = sha256_of_parts(parts, COUNT(parts));
    char hex[SHA256_HEX];
    h.at[6] = (uint8_t)(0x40 | (h.at[6] & 0x0f));
    h.at[8] = (uint8_t)(0x80 | (h.at[8] & 0x3f));
    sha256_hex(&h, hex);
    return arena_format(w->how->arena, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

static void put_tag(json_t *tags, struct arena *a, const char *name, struct text value) {
    struct buf tag = {.max = 256};
    buf_format(&tag, "%s:", name);
    for (size_t i = 0; i < value.size; i++)
        buf_char(&tag, value.at[i] >= 'A' && value.at[i] <= 'Z' ? (char)(value.at[i] + ('a' - 'A')) : value.at[i]);
    json_add_text(tags, arena_text(a, buf_as_text(&tag)));
    buf_free(&tag);
}

static void put_tags(json_t *o, const struct writing *w, const struct fact *f) {
    json_t *tags = json_array();
    struct text id = text_sub(w->r->id, text_behind_last(w->r->id, '/'), w->r->id.size);
    if (w->r->tlp != TLP_NONE) put_tag(tags, w->how->arena, "tlp", text_of(tlp_name(w->r->tlp)));
    if (f->event.size) put_tag(tags, w->how->arena, "rsit", f->event);
    if (id.size == 36) put_tag(tags, w->how->arena, "parley", id); /* the UUID of a case */
    if (json_array_size(tags))
        json_put(o, "tags", tags);
    else
        json_decref(tags);
}

static void put_evidence(json_t *o, struct bytes sheet) {
    json_t *list = json_array(), *item = json_object();
    char hex[SHA256_HEX];
    struct sha256 h = sha256_of(sheet);
    struct buf payload = {.max = 2 * XARF_SHEET_MAX}, hash = {.max = 128};
    buf_base64(&payload, sheet, BASE64_PADDED);
    buf_format(&hash, "sha256:%s", sha256_hex(&h, hex).at);
    json_put_text(item, "content_type", TEXT(XARF_SHEET_MEDIA));
    json_put_text(item, "description", TEXT("the fact, as a fact sheet of parley: a table with one row"));
    json_put_text(item, "payload", buf_as_text(&payload));
    json_put_text(item, "hash", buf_as_text(&hash));
    json_put_u64(item, "size", sheet.size);
    json_add(list, item);
    json_put(o, "evidence", list);
    buf_free(&payload);
    buf_free(&hash);
}

static enum error write_fact(const struct writing *w, const struct fact *f, struct buf *out, struct diag *d) {
    struct arena *a = w->how->arena;
    struct buf sheet = {.max = XARF_SHEET_MAX};
    json_t *o = json_object();
    enum error result = sheet_write((struct sheet){f, 1}, &sheet, d);
    instant made = w->r->created != INSTANT_NONE ? w->r->created : w->how->now;
    if (!result) {
        json_put_text(o, "xarf_version", TEXT(XARF_VERSION));
        json_put_text(o, "report_id", report_id(w, buf_as_text(&sheet)));
        put_contact(o, "reporter", w);
        put_contact(o, "sender", w);
        xarf_put_fact(o, f, xarf_type_of(f), a, w->how->losses);
        if (!json_object_get(o, "timestamp")) {
            put_time(o, "timestamp", made);
            if (xarf_type_of(f)->needs & XARF_CONNECTION) put_time(o, "first_seen", made);
            losses_add(w->how->losses, LOSS_GUESSED, "timestamp", (struct text){0},
                       N_("the fact has no time: it is that of the report"));
        }
        json_put_text_if(o, "description", w->description);
        put_tags(o, w, f);
        put_evidence(o, buf_as_bytes(&sheet));
        json_canonical(o, out);
        result = buf_check(out, d);
    }
    json_decref(o);
    buf_free(&sheet);
    return result;
}

/* ---- the whole */

static void lose_around(const struct report *r, struct losses *l) {
    static const char why[] = N_("an X-ARF report is of one fact, and has no place for it");
    const struct {
        const char *field;
        struct text value;
    } rows[] = {{"to", r->to},
                {"lang", r->lang},
                {"severity", r->severity},
                {"action", r->action},
                {"own_number", r->own_number}};
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].value.size) losses_add(l, LOSS_DROPPED, rows[i].field, rows[i].value, why);
    losses_add_many(l, LOSS_DROPPED, "state", (struct text){0}, why, r->states.count);
    losses_add_many(l, LOSS_DROPPED, "sector", (struct text){0}, why, r->sectors.count);
    losses_add_many(l, LOSS_DROPPED, "message", (struct text){0}, why, r->said_count);
    if (r->findings) losses_add_many(l, LOSS_DROPPED, "finding", (struct text){0}, why, r->facts.count);
}

static bool has_source(const struct fact *f) {
    struct text v;
    return f->known & KNOWN_SRC || object_is(f->object, "domain", &v) || object_is(f->object, "mail", &v) ||
           (object_is(f->object, "url", &v) && xarf_url_host(v).size);
}

enum error xarf_case_write(const struct report *r, const struct case_writing *how, struct buf *out, struct diag *d) {
    struct writing w = {.r = r, .how = how};
    enum error result = OK;
    size_t sources = 0, written = 0;
    for (size_t i = 0; i < r->facts.count; i++) sources += has_source(&r->facts.at[i]);
    if (!sources)
        return fail(d, ERR_INPUT,
                    _("X-ARF reports a source: an address, a URL, a domain or a sender; no fact here has one"));
    set_contact(&w);
    set_description(&w);
    lose_around(r, how->losses);
    losses_add_many(how->losses, LOSS_DROPPED, "fact", (struct text){0}, N_("it has no source that X-ARF could report"),
                    r->facts.count - sources);
    if (sources > 1) buf_string(out, "[\n");
    for (size_t i = 0; i < r->facts.count && !result; i++) {
        if (!has_source(&r->facts.at[i])) continue;
        if (written++) buf_string(out, ",\n");
        result = write_fact(&w, &r->facts.at[i], out, d);
    }
    buf_string(out, sources > 1 ? "\n]\n" : "\n");
    return result ? result : buf_check(out, d);
}
