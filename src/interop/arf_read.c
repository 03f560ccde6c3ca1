/* Mails to reports: feedback reports (ARF, RFC 5965), X-ARF that is attached, and fact sheets.
 *
 * In: a mail, or a mailbox.  What is neither of the three is no report, and told.  A fact sheet speaks for its mail,
 * then X-ARF, then a feedback report. */
#include <gmime/gmime.h>
#include <pthread.h>

#include "interop/lost_fields.h"
#include "interop/mail.h"
#include "line/host.h"

static const char no_place[] = N_("parley has no place for it");

struct reading {
    const struct case_reading *how;
    struct lost_fields lost;
    struct report *at;
    size_t count, room;
};

struct one { /* mail */
    struct reading *r;
    size_t parts;
    struct report about;
    struct text words;    /* the first text for people */
    struct text original; /* whom the mail complained about names as its author */
    instant original_date;
    bool fed, json, sheet; /* what was found */
    struct mail_fields feedback;
    struct sheet facts;
    struct reports reports;
};

static pthread_once_t started = PTHREAD_ONCE_INIT;

/* ---- small steps into libgmime */

static struct text kept(const struct one *o, const char *t) {
    struct text text = text_of(t);
    return json_is_text(text) ? arena_text(o->r->how->arena, text) : (struct text){0};
}

static instant instant_of(const char *date) {
    GDateTime *at = date ? g_mime_utils_header_decode_date(date) : NULL;
    instant i = INSTANT_NONE;
    if (!at) return i;
    gint64 seconds = g_date_time_to_unix(at);
    if (seconds > -62135596800 && seconds < 253402300800) i = seconds * INSTANT_SECOND;
    g_date_time_unref(at);
    return i;
}

/* An address alone, of a header that may have many and names. */
static struct text address_of(const struct one *o, const char *header) {
    struct text found = {0};
    InternetAddressList *list = header ? internet_address_list_parse(NULL, header) : NULL;
    if (list && internet_address_list_length(list)) {
        InternetAddress *first = internet_address_list_get_address(list, 0);
        if (INTERNET_ADDRESS_IS_MAILBOX(first))
            found = kept(o, internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first)));
    }
    if (list) g_object_unref(list);
    return found;
}

/* What a part holds, decoded. */
static struct text content_of(const struct one *o, GMimePart *part) {
    GMimeDataWrapper *wrapper = g_mime_part_get_content(part);
    GMimeStream *stream = g_mime_stream_mem_new();
    struct text content = {0};
    if (wrapper && g_mime_data_wrapper_write_to_stream(wrapper, stream) >= 0) {
        GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
        content = arena_text(o->r->how->arena, (struct text){(const char *)bytes->data, bytes->len});
    }
    g_object_unref(stream);
    return content;
}

static void lose(struct one *o, const char *field, struct text value) {
    lost_fields_add(&o->r->lost, text_of(field), value);
}

/* ---- the parts */

static void take_original(struct one *o, GMimeObject *headers) {
    const char *from = g_mime_object_get_header(headers, "From"), *date = g_mime_object_get_header(headers, "Date");
    o->original = address_of(o, from);
    o->original_date = instant_of(date);
    lose(o, "message/rfc822", (struct text){0});
}

static void take_headers(struct one *o, struct text t) {
    struct mail_fields f;
    mail_fields_read(t, o->r->how->arena, &f);
    if (f.count) {
        o->original = address_of(o, arena_string(o->r->how->arena, mail_field(&f, "From")));
        o->original_date = instant_of(arena_string(o->r->how->arena, mail_field(&f, "Date")));
    }
    lose(o, "text/rfc822-headers", (struct text){0});
}

static void take_words(struct one *o, GMimeObject *part) {
    char *text = o->words.size ? NULL : g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    if (text && json_is_text(text_of(text)))
        o->words = arena_text(o->r->how->arena, text_trim(text_first(text_of(text), MAIL_TEXT_MAX)));
    else
        lose(o, "text/plain", (struct text){0});
    g_free(text);
}

static enum error take_json(struct one *o, struct text t, struct diag *d) {
    struct reports more = {0};
    enum error result = xarf_case_read(bytes_from_text(t), o->r->how, &more, d);
    if (!result && o->json) lose(o, "X-ARF", (struct text){0}); /* a mail is read for one of them */
    if (result || o->json) return result;
    o->reports = more;
    o->json = true;
    return OK;
}

static enum error take_sheet(struct one *o, struct text t, struct diag *d) {
    struct sheet sheet;
    enum error result = sheet_read(bytes_from_text(t), o->r->how->arena, &sheet, d);
    if (!result && o->sheet) lose(o, "fact sheet", (struct text){0});
    if (!result && !o->sheet) o->facts = sheet;
    o->sheet = o->sheet || !result;
    return result;
}

static struct text type_of(const struct one *o, GMimeContentType *type) {
    char *mime = g_mime_content_type_get_mime_type(type);
    struct text t = mime ? kept(o, mime) : (struct text){0};
    g_free(mime);
    return t;
}

static enum error take_part(struct one *o, GMimeObject *part, struct diag *d) {
    GMimeContentType *type = g_mime_object_get_content_type(part);
    if (!GMIME_IS_PART(part)) return OK;
    if (g_mime_content_type_is_type(type, "message", "feedback-report") && !o->fed) {
        mail_fields_read(content_of(o, GMIME_PART(part)), o->r->how->arena, &o->feedback);
        o->fed = true;
        return OK;
    }
    if (g_mime_content_type_is_type(type, "text", "rfc822-headers")) {
        take_headers(o, content_of(o, GMIME_PART(part)));
        return OK;
    }
    struct text content = content_of(o, GMIME_PART(part));
    if (sheet_case_seen(bytes_from_text(content))) return take_sheet(o, content, d);
    if (xarf_case_seen(bytes_from_text(text_first(content, 8192)))) return take_json(o, content, d);
    if (GMIME_IS_TEXT_PART(part) && g_mime_content_type_is_type(type, "text", "plain"))
        take_words(o, part);
    else
        lose(o, "part", type_of(o, type));
    return OK;
}

static enum error walk(struct one *o, GMimeObject *part, unsigned level, struct diag *d) {
    enum error result = OK;
    if (++o->parts > MAIL_PARTS_MAX) return fail(d, ERR_LIMIT, _("a mail of more than %d parts"), MAIL_PARTS_MAX);
    if (level > MAIL_LEVELS_MAX)
        return fail(d, ERR_LIMIT, _("a mail whose parts are in each other more than %d levels deep"), MAIL_LEVELS_MAX);
    if (GMIME_IS_MULTIPART(part)) {
        int count = g_mime_multipart_get_count(GMIME_MULTIPART(part));
        for (int i = 0; i < count && !result; i++)
            result = walk(o, g_mime_multipart_get_part(GMIME_MULTIPART(part), i), level + 1, d);
    } else if (GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
        if (inner && o->fed)
            take_original(o, GMIME_OBJECT(inner));
        else if (inner && g_mime_message_get_mime_part(inner))
            result = walk(o, g_mime_message_get_mime_part(inner), level + 1, d);
    } else {
        result = take_part(o, part, d);
    }
    return result;
}

/* ---- the fields of a feedback report */

static void take_time(struct one *o, struct fact *f) {
    static const char *const fields[] = {"Arrival-Date", "Received-Date"};
    struct arena *a = o->r->how->arena;
    for (size_t i = 0; i < COUNT(fields) && f->first == INSTANT_NONE; i++)
        f->first = instant_of(arena_string(a, mail_field(&o->feedback, fields[i])));
    if (f->first == INSTANT_NONE && o->original_date != INSTANT_NONE) {
        f->first = o->original_date;
        losses_add(o->r->how->losses, LOSS_GUESSED, "Arrival-Date", (struct text){0},
                   N_("the report has none: it is the date that the mail complained about gives itself"));
    }
    f->last = f->first;
}

static void take_source(struct one *o, struct fact *f) {
    struct text ip = mail_field(&o->feedback, "Source-IP"), port = mail_field(&o->feedback, "Source-Port");
    if (ip.size && !host_read(ip, &f->src))
        f->known |= KNOWN_SRC;
    else if (ip.size)
        losses_add(o->r->how->losses, LOSS_DROPPED, "Source-IP", ip, N_("no address"));
    if (port.size && port_read(port, &f->src_port))
        f->known |= KNOWN_SRC_PORT;
    else if (port.size)
        losses_add(o->r->how->losses, LOSS_DROPPED, "Source-Port", port, N_("no port that can be read"));
}

static void take_event(struct one *o, struct fact *f) {
    struct text type = mail_field(&o->feedback, "Feedback-Type"), number = mail_field(&o->feedback, "Incidents");
    struct losses *l = o->r->how->losses;
    bool near = false;
    uint64_t count;
    f->event = mail_event(type, &near);
    if (!f->event.size) f->event = o->r->how->event;
    if (near)
        losses_add(l, LOSS_GUESSED, "event", f->event, N_("RSIT has no event for this type"));
    else if (!mail_event(type, &near).size)
        losses_add(l, LOSS_DROPPED, "Feedback-Type", type, N_("no type of ARF that parley knows"));
    if (text_u64(number, &count) && count && count <= SHEET_COUNT_MAX)
        f->count = count;
    else if (number.size)
        losses_add(l, LOSS_DROPPED, "Incidents", number, N_("no count"));
}

static void take_object(struct one *o, struct fact *f) {
    struct arena *a = o->r->how->arena;
    struct text from = address_of(o, arena_string(a, mail_field(&o->feedback, "Original-Mail-From")));
    if (!from.size) from = o->original;
    if (from.size) f->object = object_of(a, "mail", from);
    for (size_t i = 0; i < o->feedback.count; i++) {
        struct text domain = o->feedback.at[i].value;
        if (!mail_name_is(o->feedback.at[i].name, "Reported-Domain")) continue;
        if (f->object.size)
            lose(o, "Reported-Domain", domain);
        else
            f->object = object_of(a, "domain", domain);
    }
}

/* Fields that become something; others are told. */
static bool is_taken(struct text name) {
    static const char *const taken[] = {"Feedback-Type",      "Version",      "User-Agent",      "Source-IP",
                                        "Source-Port",        "Arrival-Date", "Received-Date",   "Incidents",
                                        "Original-Mail-From", "Reported-URI", "Reported-Domain", MAIL_FACT_FIELD};
    for (size_t i = 0; i < COUNT(taken); i++)
        if (mail_name_is(name, taken[i])) return true;
    return false;
}

static struct text uri_in(struct text value) {
    size_t end = text_find(value, ' ');
    value = text_first(value, end);
    return value.size > 2 && value.at[0] == '<' ? text_sub(value, 1, value.size - 1) : value;
}

/* One fact of who sent it, and one more for each address in it that is reported. */
static void take_foreign(struct one *o, struct collect *facts) {
    struct fact f = fact_unknown(), uri;
    take_time(o, &f);
    take_source(o, &f);
    take_event(o, &f);
    take_object(o, &f);
    uri = f;
    if (f.known & KNOWN_SRC || f.object.size) collect_fact(facts, &f, "feedback-report");
    for (size_t i = 0; i < o->feedback.count; i++) {
        if (!mail_name_is(o->feedback.at[i].name, "Reported-URI")) continue;
        uri.object = object_of(o->r->how->arena, "url", uri_in(o->feedback.at[i].value));
        uri.count = 1;
        if (uri.object.size)
            collect_fact(facts, &uri, "Reported-URI");
        else
            lose(o, "Reported-URI", o->feedback.at[i].value);
    }
}

static enum error take_feedback(struct one *o, struct diag *d) {
    struct reading *r = o->r;
    struct collect facts = collect_in(r->how->arena, r->how->losses);
    bool own = false;
    for (size_t i = 0; i < o->feedback.count; i++) {
        const struct mail_field *field = &o->feedback.at[i];
        struct fact f;
        bool fact = mail_name_is(field->name, MAIL_FACT_FIELD);
        if (fact && mail_fact_read(field->value, r->how->arena, &f)) {
            collect_fact(&facts, &f, MAIL_FACT_FIELD);
            own = true;
        } else if (fact || !is_taken(field->name)) {
            lost_fields_add(&r->lost, field->name, field->value);
        }
    }
    if (!own) take_foreign(o, &facts);
    return collect_end(&facts, &o->facts, d);
}

/* ---- a mail */

static enum error add(struct reading *r, const struct report *report, struct diag *d) {
    if (r->count == CASE_FORMAT_REPORTS_MAX)
        return fail(d, ERR_LIMIT, _("more than %d reports in one file"), CASE_FORMAT_REPORTS_MAX);
    r->at = arena_grow(r->how->arena, r->at, r->count, &r->room, sizeof *r->at);
    r->at[r->count++] = *report;
    return OK;
}

static void raise_level(struct report *r, enum tlp level) {
    if (level > r->tlp) r->tlp = level;
}

/* Of several the most restricted one counts. */
static void take_level(struct one *o, struct text t) {
    enum tlp level = TLP_NONE;
    char upper[16];
    struct text word = t;
    text_skip(&word, TEXT("TLP:"));
    word = text_trim(word);
    for (size_t i = 0; i < word.size && i < sizeof upper; i++)
        upper[i] = (char)(word.at[i] >= 'a' && word.at[i] <= 'z' ? word.at[i] & ~32 : word.at[i]);
    struct text name = {upper, word.size < sizeof upper ? word.size : 0};
    if (text_is(name, "WHITE")) level = TLP_CLEAR; /* as TLP 1.0 called it */
    if (level == TLP_NONE && !tlp_read(name, &level)) lose(o, MAIL_TLP_HEADER, t);
    raise_level(&o->about, level);
}

/* `[TLP:AMBER] Logins`: the mark goes to the level. */
static void take_subject(struct one *o, struct text subject) {
    struct text rest = subject, mark;
    if (text_skip(&rest, TEXT("[")) && text_starts(rest, TEXT("TLP:")) && text_cut(&rest, ']', &mark)) {
        take_level(o, mark);
        subject = text_trim(rest);
    }
    o->about.title = subject;
}

static void take_envelope(struct one *o, GMimeMessage *m) {
    const char *tlp = g_mime_object_get_header(GMIME_OBJECT(m), MAIL_TLP_HEADER);
    o->about.from_mail = address_of(o, g_mime_object_get_header(GMIME_OBJECT(m), "From"));
    o->about.from = o->about.from_mail;
    o->about.to = address_of(o, g_mime_object_get_header(GMIME_OBJECT(m), "To"));
    o->about.created = instant_of(g_mime_object_get_header(GMIME_OBJECT(m), "Date"));
    o->about.id = kept(o, g_mime_message_get_message_id(m));
    if (tlp) take_level(o, kept(o, tlp));
    take_subject(o, text_trim(kept(o, g_mime_message_get_subject(m))));
}

static enum error end_mail(struct one *o, struct diag *d) {
    struct reading *r = o->r;
    enum error result = OK;
    if (o->json && !o->sheet) {
        if (o->words.size) lose(o, "text/plain", (struct text){0});
        for (size_t i = 0; i < o->reports.count && !result; i++) {
            raise_level(&o->reports.at[i], o->about.tlp);
            result = add(r, &o->reports.at[i], d);
        }
        return result;
    }
    for (size_t i = 0; i < o->reports.count; i++) raise_level(&o->about, o->reports.at[i].tlp);
    if (!o->sheet && !o->fed) {
        losses_add(r->how->losses, LOSS_DROPPED, "mail", o->about.title,
                   N_("there is no feedback report, X-ARF or fact sheet in it"));
        return OK;
    }
    if (!o->sheet) result = take_feedback(o, d);
    o->about.facts = o->facts;
    o->about.text = o->words;
    return result ? result : add(r, &o->about, d);
}

static enum error read_mail(struct reading *r, struct text mail, struct diag *d) {
    struct one o = {.r = r, .about = REPORT_EMPTY, .original_date = INSTANT_NONE};
    enum error result = mail_check(mail, d);
    if (result) return result;
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(mail.at, mail.size);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    if (!message) {
        result = fail(d, ERR_INPUT, _("expected a mail"));
    } else {
        take_envelope(&o, message);
        if (g_mime_message_get_mime_part(message)) result = walk(&o, g_mime_message_get_mime_part(message), 1, d);
        if (!result) result = end_mail(&o, d);
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
    return result;
}

bool arf_case_seen(struct bytes start) {
    struct mail_fields f;
    struct arena a = {0};
    struct text t = text_from_bytes(start), mail;
    bool seen = mail_next(&t, &mail);
    if (seen) {
        size_t end = text_search(mail, TEXT("\n\n"));
        mail_fields_read(text_first(mail, end < mail.size ? end : mail.size), &a, &f);
        seen = mail_field(&f, "From").size && (mail_field(&f, "Date").size || mail_field(&f, "MIME-Version").size ||
                                               mail_field(&f, "Subject").size || mail_field(&f, "Content-Type").size);
    }
    arena_free(&a);
    return seen;
}

enum error arf_case_read(struct bytes file, const struct case_reading *how, struct reports *out, struct diag *d) {
    struct reading r = {.how = how, .lost = lost_fields_in(how->arena)};
    struct text rest = text_from_bytes(file), mail;
    enum error result = file.size ? OK : fail(d, ERR_INPUT, _("expected a mail, found nothing"));
    pthread_once(&started, g_mime_init);
    while (!result && mail_next(&rest, &mail)) {
        result = read_mail(&r, mail, d);
        if (result && d) {
            char why[sizeof d->text];
            memcpy(why, d->text, sizeof why);
            result = fail(d, result, _("the mail at offset %zu: %s"), (size_t)(mail.at - (const char *)file.at), why);
        }
    }
    if (result) return result;
    lost_fields_end(&r.lost, how->losses, no_place);
    *out = (struct reports){r.at, r.count};
    return OK;
}
