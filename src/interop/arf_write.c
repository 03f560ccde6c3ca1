/* Reports as mails: a feedback report (ARF, RFC 5965) a source, or a letter with X-ARF attached.
 *
 * The same report gives the same bytes: boundaries and Message-Ids follow from it, dates are given.  All that a fact is
 * goes along in a field of parley's own, which others pass over. */
#include <gmime/gmime.h>
#include <pthread.h>

#include "base/codec.h"
#include "base/map.h"
#include "interop/mail.h"
#include "interop/xarf.h"

enum { ROWS_SHOWN = 20 };

struct writing {
    const struct report *r;
    const struct case_writing *how;
    char id[SHA256_HEX]; /* from which boundary and Message-Id follow */
};

struct source { /* what one mail reports */
    struct text name;
    const struct fact **at;
    size_t count, room;
};

static pthread_once_t started = PTHREAD_ONCE_INIT;

/* ---- words for people */

static void put_fact(const struct fact *f, struct buf *out) {
    char room[IP_TEXT_MAX];
    buf_string(out, "  ");
    buf_instant_or_dash(out, f->first);
    buf_string(out, "  ");
    buf_instant_or_dash(out, f->last);
    if (f->known & KNOWN_SRC) buf_format(out, "  %.*s", TEXT_ARG(ip_write(f->src, room)));
    if (f->known & KNOWN_SRC_PORT) buf_format(out, " (%u)", f->src_port);
    if (f->known & (KNOWN_DST | KNOWN_DST_PORT)) buf_string(out, " ->");
    if (f->known & KNOWN_DST) buf_format(out, " %.*s", TEXT_ARG(ip_write(f->dst, room)));
    if (f->known & KNOWN_DST_PORT) buf_format(out, " (%u)", f->dst_port);
    if (f->object.size) buf_string(out, "  ");
    buf_line(out, f->object);
    if (f->protocol.size) buf_format(out, "  %.*s", TEXT_ARG(f->protocol));
    if (f->event.size) buf_format(out, "  %.*s", TEXT_ARG(f->event));
    if (f->count != SHEET_NO_COUNT) buf_format(out, "  x%llu", (unsigned long long)f->count);
    buf_char(out, '\n');
}

static void put_words(const struct writing *w, const struct source *s, struct buf *out) {
    const struct report *r = w->r;
    if (r->tlp != TLP_NONE)
        buf_format(out,
                   _("This mail is marked TLP:%s (first.org/tlp): please pass it on only as that level allows.\n\n"),
                   tlp_name(r->tlp));
    buf_lines(out, r->title);
    buf_char(out, '\n');
    if (r->text.size) buf_char(out, '\n');
    buf_lines(out, r->text);
    if (r->text.size) buf_char(out, '\n');
    buf_format(out, "\n%s\n\n", _("What we saw (times are UTC; ports in brackets):"));
    for (size_t i = 0; i < s->count && i < ROWS_SHOWN; i++) put_fact(s->at[i], out);
    if (s->count > ROWS_SHOWN)
        buf_format(out, _n("  … and %zu more\n", "  … and %zu more\n", s->count - ROWS_SHOWN), s->count - ROWS_SHOWN);
    buf_string(out, "\n");
    if (r->from_mail.size)
        buf_format(out, _("Reported by %.*s. Please answer to %.*s and leave the subject as it is.\n"),
                   TEXT_ARG(r->from), TEXT_ARG(r->from_mail));
    else
        buf_format(out, _("Reported by %.*s.\n"), TEXT_ARG(r->from));
    buf_format(out, "%s\n",
               _("The origin of traffic is not its author: we ask you to check what your own records show."));
}

/* `[TLP:AMBER] Logins [5b2c4c0e]`: an answer that keeps the subject is found again. */
static struct text subject(const struct writing *w) {
    const struct report *r = w->r;
    struct text id = text_sub(r->id, text_behind_last(r->id, '/'), r->id.size);
    struct buf line = {.max = 2048};
    struct text done;
    if (r->tlp != TLP_NONE) buf_format(&line, "[TLP:%s] ", tlp_name(r->tlp));
    buf_line(&line, r->title);
    if (id.size == 36) buf_format(&line, " [%.*s]", 8, id.at);
    done = arena_text(w->how->arena, buf_as_text(&line));
    buf_free(&line);
    return done;
}

/* ---- parts */

static GMimeObject *new_part(const char *type, const char *subtype, struct text content,
                             GMimeContentEncoding encoding) {
    GMimePart *part = g_mime_part_new_with_type(type, subtype);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(content.at, content.size);
    GMimeDataWrapper *wrapper = g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
    g_mime_part_set_content(part, wrapper);
    g_mime_part_set_content_encoding(part, encoding);
    g_object_unref(wrapper);
    g_object_unref(stream);
    return GMIME_OBJECT(part);
}

static GMimeObject *new_words(const struct writing *w, const struct source *s) {
    struct buf words = {.max = MAIL_BYTES_MAX / 4};
    put_words(w, s, &words);
    GMimeObject *part = new_part("text", "plain", buf_as_text(&words), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    g_mime_object_set_content_type_parameter(part, "charset", "utf-8");
    buf_free(&words);
    return part;
}

static GMimeMultipart *new_multipart(const struct writing *w, const char *subtype) {
    GMimeMultipart *parts = g_mime_multipart_new_with_subtype(subtype);
    struct text boundary = arena_format(w->how->arena, "parley-%.24s", w->id);
    g_mime_multipart_set_boundary(parts, boundary.at);
    return parts;
}

static void add_part(GMimeMultipart *parts, GMimeObject *part) {
    g_mime_multipart_add(parts, part);
    g_object_unref(part);
}

static void set_id(struct writing *w, struct text source) {
    char created[INSTANT_TEXT_MAX];
    struct bytes parts[] = {bytes_from_text(TEXT("parley/mail/v1\n")),
                            bytes_from_text(w->r->id),
                            bytes_from_text(TEXT("\n")),
                            bytes_from_text(instant_write(w->how->now, created)),
                            bytes_from_text(TEXT("\n")),
                            bytes_from_text(source)};
    struct sha256 h = sha256_of_parts(parts, COUNT(parts));
    sha256_hex(&h, w->id);
}

static GMimeMessage *new_mail(const struct writing *w) {
    const struct report *r = w->r;
    struct arena *a = w->how->arena;
    GMimeMessage *m = g_mime_message_new(FALSE);
    GDateTime *date = g_date_time_new_from_unix_utc(w->how->now / INSTANT_SECOND);
    struct text party = text_first(r->from, text_find(r->from, '/'));
    bool mail_from = text_find(r->from_mail, '@') < r->from_mail.size;
    const char *from = mail_from ? arena_string(a, r->from_mail) : "unknown@unknown.invalid";
    if (!mail_from)
        losses_add(w->how->losses, LOSS_GUESSED, "From", text_of(from),
                   N_("the card of who reports has no mail address: put your own before you send it"));
    g_mime_message_add_mailbox(m, GMIME_ADDRESS_TYPE_FROM, arena_string(a, r->from), from);
    if (text_find(r->to, '@') < r->to.size)
        g_mime_message_add_mailbox(m, GMIME_ADDRESS_TYPE_TO, NULL, arena_string(a, r->to));
    else
        losses_add(w->how->losses, LOSS_DROPPED, "to", r->to, N_("no mail address: the mail has no `To`"));
    g_mime_message_set_subject(m, subject(w).at, "utf-8");
    if (date) g_mime_message_set_date(m, date);
    if (date) g_date_time_unref(date);
    g_mime_message_set_message_id(
        m, arena_format(a, "%.32s@%.*s", w->id, TEXT_ARG(party.size ? party : TEXT("unknown.invalid"))).at);
    if (r->tlp != TLP_NONE) g_mime_object_append_header(GMIME_OBJECT(m), MAIL_TLP_HEADER, tlp_name(r->tlp), NULL);
    if (r->lang.size) g_mime_object_append_header(GMIME_OBJECT(m), "Content-Language", arena_string(a, r->lang), NULL);
    return m;
}

static void put_mail(GMimeMessage *m, struct buf *out) {
    GMimeStream *stream = g_mime_stream_mem_new();
    g_mime_object_write_to_stream(GMIME_OBJECT(m), NULL, stream);
    GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    buf_bytes(out, bytes_of(bytes->data, bytes->len));
    if (!bytes->len || bytes->data[bytes->len - 1] != '\n') buf_char(out, '\n');
    g_object_unref(stream);
}

/* ---- a feedback report */

static void put_date(const char *name, instant i, struct buf *out) {
    GDateTime *at = i == INSTANT_NONE ? NULL : g_date_time_new_from_unix_utc(i / INSTANT_SECOND);
    char *text = at ? g_mime_utils_header_format_date(at) : NULL;
    if (text) buf_format(out, "%s: %s\n", name, text);
    g_free(text);
    if (at) g_date_time_unref(at);
}

/* Field values are ASCII on one line: what is not is left to parley's own field. */
static bool is_plain(struct text t) {
    for (size_t i = 0; i < t.size; i++)
        if (t.at[i] <= ' ' || t.at[i] > '~') return false;
    return t.size && t.size < 900;
}

static void put_objects(const struct source *s, struct buf *out) {
    bool mail = false;
    for (size_t i = 0; i < s->count; i++) {
        struct text value;
        if (object_is(s->at[i]->object, "url", &value) && is_plain(value))
            buf_format(out, "Reported-URI: %.*s\n", TEXT_ARG(value));
        else if (object_is(s->at[i]->object, "domain", &value) && is_plain(value))
            buf_format(out, "Reported-Domain: %.*s\n", TEXT_ARG(value));
        else if (object_is(s->at[i]->object, "mail", &value) && is_plain(value) && !mail) {
            buf_format(out, "Original-Mail-From: <%.*s>\n", TEXT_ARG(value));
            mail = true;
        }
    }
}

static void put_feedback(const struct writing *w, const struct source *s, struct buf *out) {
    static const char why[] =
        N_("ARF knows few types, one source and one time; the rest stands in `" MAIL_FACT_FIELD "`");
    const struct fact *f = s->at[0];
    uint64_t incidents = 0;
    instant last = INSTANT_NONE;
    char room[IP_TEXT_MAX];
    for (size_t i = 0; i < s->count; i++) {
        uint64_t count = s->at[i]->count == SHEET_NO_COUNT ? 1 : s->at[i]->count;
        incidents = incidents > SHEET_COUNT_MAX - count ? SHEET_COUNT_MAX : incidents + count;
        if (s->at[i]->last > last) last = s->at[i]->last;
        if (s->at[i]->first > last) last = s->at[i]->first;
    }
    buf_format(out, "Feedback-Type: %s\nUser-Agent: parley/%s\nVersion: 1\n", mail_feedback_type(f->event),
               PARLEY_VERSION);
    put_date("Arrival-Date", last, out);
    if (f->known & KNOWN_SRC) buf_format(out, "Source-IP: %.*s\n", TEXT_ARG(ip_write(f->src, room)));
    if (f->known & KNOWN_SRC_PORT && s->count == 1) buf_format(out, "Source-Port: %u\n", f->src_port);
    buf_format(out, "Incidents: %llu\n", (unsigned long long)incidents);
    put_objects(s, out);
    for (size_t i = 0; i < s->count; i++) mail_fact_write(s->at[i], out);
    losses_add_many(w->how->losses, LOSS_AS_WORDS, "fact", (struct text){0}, why, s->count);
}

static enum error write_source(struct writing *w, const struct source *s, bool mailbox, struct buf *out,
                               struct diag *d) {
    struct buf feedback = {.max = MAIL_BYTES_MAX / 2}, headers = {.max = 4096};
    struct text value;
    if (!object_is(s->at[0]->object, "mail", &value) || !is_plain(value)) value = TEXT("");
    set_id(w, s->name);
    GMimeMultipart *parts = new_multipart(w, "report");
    GMimeMessage *m = new_mail(w);
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(parts), "report-type", "feedback-report");
    put_feedback(w, s, &feedback);
    buf_format(&headers, "From: <%.*s>\n", TEXT_ARG(value));
    add_part(parts, new_words(w, s));
    add_part(parts, new_part("message", "feedback-report", buf_as_text(&feedback), GMIME_CONTENT_ENCODING_7BIT));
    add_part(parts, new_part("text", "rfc822-headers", buf_as_text(&headers), GMIME_CONTENT_ENCODING_7BIT));
    g_mime_message_set_mime_part(m, GMIME_OBJECT(parts));
    if (mailbox) buf_string(out, "From parley@localhost Thu Jan  1 00:00:00 1970\n");
    put_mail(m, out);
    if (mailbox) buf_char(out, '\n');
    g_object_unref(parts);
    g_object_unref(m);
    enum error result = buf_check(&feedback, d);
    buf_free(&feedback);
    buf_free(&headers);
    return result ? result : buf_check(out, d);
}

/* ---- which sources there are */

struct sources {
    struct map known;
    struct source **at;
    size_t count, room;
};

static struct sources sources_of(const struct writing *w) {
    struct arena *a = w->how->arena;
    struct sources all = {.known = {.arena = a}};
    size_t without = 0;
    for (size_t i = 0; i < w->r->facts.count; i++) {
        const struct fact *f = &w->r->facts.at[i];
        struct text name = xarf_source(f, a);
        if (!name.size) {
            without++;
            continue;
        }
        struct source **place = (struct source **)map_put(&all.known, name);
        if (!*place) {
            *place = ARENA_NEW(a, struct source);
            (*place)->name = name;
            all.at = arena_grow(a, all.at, all.count, &all.room, sizeof(struct source *));
            all.at[all.count++] = *place;
        }
        struct source *s = *place;
        s->at = arena_grow(a, s->at, s->count, &s->room, sizeof *s->at);
        s->at[s->count++] = f;
    }
    losses_add_many(w->how->losses, LOSS_DROPPED, "fact", (struct text){0},
                    N_("it has no source that could be reported"), without);
    return all;
}

static void lose_around(const struct report *r, struct losses *l) {
    static const char why[] = N_("a mail to report abuse has no place for it");
    if (r->severity.size) losses_add(l, LOSS_DROPPED, "severity", r->severity, why);
    if (r->action.size) losses_add(l, LOSS_DROPPED, "action", r->action, why);
    if (r->own_number.size) losses_add(l, LOSS_DROPPED, "own_number", r->own_number, why);
    losses_add_many(l, LOSS_DROPPED, "state", (struct text){0}, why, r->states.count);
    losses_add_many(l, LOSS_DROPPED, "sector", (struct text){0}, why, r->sectors.count);
    losses_add_many(l, LOSS_DROPPED, "message", (struct text){0}, why, r->said_count);
    if (r->findings) losses_add_many(l, LOSS_DROPPED, "finding", (struct text){0}, why, r->facts.count);
}

enum error arf_case_write(const struct report *r, const struct case_writing *how, struct buf *out, struct diag *d) {
    struct writing w = {.r = r, .how = how};
    enum error result = OK;
    pthread_once(&started, g_mime_init);
    lose_around(r, how->losses);
    struct sources all = sources_of(&w);
    if (!all.count)
        return fail(d, ERR_INPUT,
                    _("a mail reports a source: an address, a URL, a domain or a sender; no fact here has one"));
    for (size_t i = 0; i < all.count && !result; i++) result = write_source(&w, all.at[i], all.count > 1, out, d);
    return result;
}

/* ---- X-ARF in a letter */

enum error xarf_mail_case_write(const struct report *r, const struct case_writing *how, struct buf *out,
                                struct diag *d) {
    struct writing w = {.r = r, .how = how};
    struct buf json = {.max = MAIL_BYTES_MAX / 2};
    struct source whole = {.count = r->facts.count};
    pthread_once(&started, g_mime_init);
    enum error result = xarf_case_write(r, how, &json, d);
    if (!result) {
        whole.at = ARENA_ARRAY(how->arena, const struct fact *, r->facts.count);
        for (size_t i = 0; i < r->facts.count; i++) whole.at[i] = &r->facts.at[i];
        set_id(&w, TEXT("*"));
        GMimeMultipart *parts = new_multipart(&w, "mixed");
        GMimeMessage *m = new_mail(&w);
        GMimeObject *attached = new_part("application", "json", buf_as_text(&json), GMIME_CONTENT_ENCODING_BASE64);
        g_mime_part_set_filename(GMIME_PART(attached), "xarf.json");
        add_part(parts, new_words(&w, &whole));
        add_part(parts, attached);
        g_mime_message_set_mime_part(m, GMIME_OBJECT(parts));
        put_mail(m, out);
        g_object_unref(parts);
        g_object_unref(m);
        result = buf_check(out, d);
    }
    buf_free(&json);
    return result;
}
