/* X-ARF to reports: an object, an array of them, or one a line; version 3 is read as what it would be in version 4.
 *
 * Reports of one reporter with the same words, one behind the other, become one report of all their facts. */
#include "base/codec.h"
#include "interop/foreign.h"
#include "interop/lost_fields.h"
#include "interop/xarf.h"
#include "line/host.h"
#include "line/stamp.h"
#include "vocab/rsit.h"

static const char no_place[] = N_("parley has no place for it");
enum { PATH_MAX_BYTES = 200, TITLE_MAX = 200 };

/* ---- the members that are read */

#define FIELDS(X)                                                                                                      \
    X(VERSION, "xarf_version")                                                                                         \
    X(ID, "report_id")                                                                                                 \
    X(TIME, "timestamp")                                                                                               \
    X(REPORTER, "reporter")                                                                                            \
    X(SENDER, "sender")                                                                                                \
    X(SOURCE, "source_identifier")                                                                                     \
    X(SRC_PORT, "source_port")                                                                                         \
    X(CATEGORY, "category")                                                                                            \
    X(TYPE, "type")                                                                                                    \
    X(DST, "destination_ip")                                                                                           \
    X(DST_PORT, "destination_port")                                                                                    \
    X(SERVICE_PORT, "service_port")                                                                                    \
    X(PROTOCOL, "protocol")                                                                                            \
    X(FIRST, "first_seen")                                                                                             \
    X(LAST, "last_seen")                                                                                               \
    X(URL, "url")                                                                                                      \
    X(INFRINGING, "infringing_url")                                                                                    \
    X(HASH, "file_hash")                                                                                               \
    X(DOMAIN, "domain")                                                                                                \
    X(MAIL, "smtp_from")                                                                                               \
    X(ATTEMPTS, "attempt_count")                                                                                       \
    X(REQUESTS, "total_requests")                                                                                      \
    X(TAGS, "tags")                                                                                                    \
    X(DESCRIPTION, "description")                                                                                      \
    X(EVIDENCE, "evidence")
enum field {
#define X(code, name) XARF_F_##code,
    FIELDS(X)
#undef X
        XARF_F_COUNT
};
static const char *const names[] = {
#define X(code, name) name,
    FIELDS(X)
#undef X
};

struct reading {
    const struct case_reading *how;
    struct lost_fields lost;
    struct collect facts; /* of the report under way */
    struct report now;    /* {0}: none */
    bool open;
    struct report *at;
    size_t count, room;
};

struct one { /* report of the file */
    struct reading *r;
    json_t *object;
    json_t *from_sheet; /* what the sheet in its evidence says, where it is taken; else NULL */
    const json_t *value[XARF_F_COUNT];
    struct fact fact;
    struct report about;
    bool version3;
};

static struct text text_in(const struct one *o, enum field f) { return json_as_text(o->value[f]); }
static struct text kept(const struct one *o, struct text t) { return arena_text(o->r->how->arena, t); }
static void lose(const struct one *o, enum loss_kind kind, enum field f, const char *why) {
    losses_add(o->r->how->losses, kind, names[f], text_in(o, f), why);
}

static struct text shown(const json_t *value, struct arena *a) {
    if (json_is_string(value)) return json_as_text(value);
    if (json_is_integer(value)) return arena_format(a, "%lld", (long long)json_integer_value(value));
    return (struct text){0};
}

static size_t field_of(const char *key) {
    size_t i = 0;
    while (i < COUNT(names) && strcmp(names[i], key) != 0) i++;
    return i;
}

static void take_members(struct one *o) {
    const char *key;
    json_t *value;
    json_object_foreach(o->object, key, value) {
        size_t i = field_of(key);
        if (i < COUNT(names)) o->value[i] = value;
    }
}

/* What is no member that is read, nor follows from the fact in the sheet. */
static void lose_members(struct one *o) {
    const char *key;
    json_t *value;
    json_object_foreach(o->object, key, value) {
        if (field_of(key) == COUNT(names) && !json_object_get(o->from_sheet, key))
            lost_fields_add(&o->r->lost, text_of(key), shown(value, o->r->how->arena));
    }
}

/* ---- times, ports, numbers */

static instant time_in(const struct one *o, enum field f) {
    static const struct stamp_options utc = {.until = INSTANT_NONE};
    struct text t = text_in(o, f);
    struct stamper s;
    struct stamp stamp;
    if (!o->value[f]) return INSTANT_NONE;
    stamper_start(&s, &utc, (struct chain){0});
    if (!stamp_iso(&s, &t, &stamp) && !t.size) return stamp.at;
    lose(o, LOSS_DROPPED, f, N_("no time that can be read"));
    return INSTANT_NONE;
}

static bool port_in(const struct one *o, enum field f, uint16_t *out) {
    const json_t *v = o->value[f];
    if (!v) return false;
    if (json_is_integer(v) && json_integer_value(v) >= 0 && json_integer_value(v) <= UINT16_MAX) {
        *out = (uint16_t)json_integer_value(v);
        return true;
    }
    if (port_read(json_as_text(v), out)) return true;
    lose(o, LOSS_DROPPED, f, N_("no port that can be read"));
    return false;
}

static void take_times(struct one *o) {
    struct fact *f = &o->fact;
    instant at = time_in(o, XARF_F_TIME);
    o->about.created = at;
    f->first = time_in(o, XARF_F_FIRST);
    f->last = time_in(o, XARF_F_LAST);
    if (f->first == INSTANT_NONE)
        f->first = f->last != INSTANT_NONE && (at == INSTANT_NONE || f->last < at) ? f->last : at;
    if (f->last == INSTANT_NONE) f->last = at != INSTANT_NONE && at >= f->first ? at : f->first;
    if (f->last >= f->first) return;
    lose(o, LOSS_DROPPED, XARF_F_LAST, N_("it was seen last before it was seen first"));
    f->last = f->first;
}

static void take_ports(struct one *o) {
    struct fact *f = &o->fact;
    uint16_t service = 0;
    bool has = port_in(o, XARF_F_SERVICE_PORT, &service);
    if (port_in(o, XARF_F_SRC_PORT, &f->src_port)) f->known |= KNOWN_SRC_PORT;
    if (port_in(o, XARF_F_DST_PORT, &f->dst_port)) f->known |= KNOWN_DST_PORT;
    if (!has) return;
    if (!(f->known & KNOWN_SRC_PORT)) {
        f->src_port = service;
        f->known |= KNOWN_SRC_PORT;
    } else if (f->src_port != service) {
        lose(o, LOSS_DROPPED, XARF_F_SERVICE_PORT, no_place);
    }
}

static void take_count(struct one *o) {
    const enum field fields[] = {XARF_F_ATTEMPTS, XARF_F_REQUESTS};
    bool taken = false;
    for (size_t i = 0; i < COUNT(fields); i++) {
        const json_t *v = o->value[fields[i]];
        json_int_t n = v && json_is_integer(v) ? json_integer_value(v) : 0;
        if (!v) continue;
        if (n < 1 || n > (json_int_t)SHEET_COUNT_MAX || taken) {
            losses_add(o->r->how->losses, LOSS_DROPPED, names[fields[i]], shown(v, o->r->how->arena), no_place);
            continue;
        }
        o->fact.count = (uint64_t)n;
        taken = true;
    }
}

/* ---- who and what */

static void take_protocol(struct one *o) {
    char room[PROTOCOL_MAX];
    struct text t = text_in(o, XARF_F_PROTOCOL), protocol;
    if (!o->value[XARF_F_PROTOCOL]) return;
    if (protocol_read(t, room, &protocol))
        o->fact.protocol = kept(o, protocol);
    else
        lose(o, LOSS_DROPPED, XARF_F_PROTOCOL, N_("no protocol that can be read"));
}

/* The first that there is: a fact has one object. */
static void take_object(struct one *o) {
    static const struct {
        enum field field;
        const char *kind;
    } rows[] = {{XARF_F_URL, "url"},
                {XARF_F_INFRINGING, "url"},
                {XARF_F_HASH, NULL},
                {XARF_F_DOMAIN, "domain"},
                {XARF_F_MAIL, "mail"}};
    struct text *object = &o->fact.object;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct text value = text_in(o, rows[i].field);
        if (!o->value[rows[i].field]) continue;
        if (object->size) {
            lose(o, LOSS_DROPPED, rows[i].field, N_("a fact has one object, and it has another one"));
            continue;
        }
        if (rows[i].kind)
            *object = object_of(o->r->how->arena, rows[i].kind, value);
        else if (object_holds(value))
            *object = kept(o, value);
        if (!object->size) lose(o, LOSS_DROPPED, rows[i].field, N_("no object that a sheet can hold"));
    }
}

static void take_source(struct one *o) {
    struct text source = text_in(o, XARF_F_SOURCE), url, mail;
    struct fact *f = &o->fact;
    if (text_find(source, '%') == source.size && !host_read(source, &f->src)) {
        f->known |= KNOWN_SRC;
        return;
    }
    if (!source.size || (object_is(f->object, "url", &url) && text_equal(xarf_url_host(url), source))) return;
    if (object_is(f->object, "domain", &url) && text_equal(url, source)) return;
    if (object_is(f->object, "mail", &mail) && text_equal(mail, source)) return;
    if (f->object.size) {
        lose(o, LOSS_DROPPED, XARF_F_SOURCE, N_("no address; and the fact has another object"));
        return;
    }
    f->object = object_of(o->r->how->arena, text_search(source, TEXT("://")) < source.size ? "url" : "domain", source);
    if (!f->object.size) lose(o, LOSS_DROPPED, XARF_F_SOURCE, N_("no address and no domain"));
}

static void take_destination(struct one *o) {
    if (!o->value[XARF_F_DST]) return;
    if (!host_read(text_in(o, XARF_F_DST), &o->fact.dst))
        o->fact.known |= KNOWN_DST;
    else
        lose(o, LOSS_DROPPED, XARF_F_DST, N_("no address"));
}

static void take_event(struct one *o) {
    const struct xarf_type *t = xarf_type_read(text_in(o, XARF_F_CATEGORY), text_in(o, XARF_F_TYPE));
    if (o->fact.event.size) return; /* by its tag */
    if (!t) {
        o->fact.event = o->r->how->event;
        lose(o, LOSS_DROPPED, XARF_F_TYPE, N_("no type of X-ARF that parley knows"));
        return;
    }
    o->fact.event = text_of(t->event);
    if (t->needs & XARF_NEAR) {
        if (o->r->how->event.size) o->fact.event = o->r->how->event;
        losses_add(o->r->how->losses, LOSS_GUESSED, "event", o->fact.event, N_("RSIT has no event for this type"));
    }
}

static bool take_tag(struct one *o, struct text tag) {
    struct arena *a = o->r->how->arena;
    enum tlp level;
    char *upper;
    if (text_skip(&tag, TEXT("rsit:"))) {
        const struct rsit_type *type = rsit_find(tag);
        if (type) o->fact.event = text_of(type->value);
        return type != NULL;
    }
    if (text_skip(&tag, TEXT("parley:"))) {
        o->about.id = arena_text(a, tag);
        return true;
    }
    if (!text_skip(&tag, TEXT("tlp:"))) return false;
    upper = arena_string(a, tag);
    for (char *c = upper; *c; c++)
        if (*c >= 'a' && *c <= 'z') *c = (char)(*c - ('a' - 'A'));
    if (!tlp_read(text_of(upper), &level)) return false;
    if (level > o->about.tlp) o->about.tlp = level; /* of several the most restricted one */
    return true;
}

static void take_tags(struct one *o) {
    const json_t *tags = o->value[XARF_F_TAGS];
    for (size_t i = 0; i < json_array_size(tags); i++) {
        struct text tag = json_as_text(json_array_get(tags, i));
        if (!take_tag(o, tag)) lost_fields_add(&o->r->lost, TEXT("tags[]"), tag);
    }
}

static void take_contacts(struct one *o) {
    const json_t *reporter = o->value[XARF_F_REPORTER], *sender = o->value[XARF_F_SENDER];
    struct text org = json_text(reporter, "org"), domain = json_text(reporter, "domain");
    if (o->version3) return; /* they are there already */
    o->about.from = kept(o, org.size ? org : domain);
    o->about.from_mail = kept(o, json_text(reporter, "contact"));
    if (domain.size && org.size && !text_equal(org, domain))
        lost_fields_add(&o->r->lost, TEXT("reporter.domain"), domain);
    if (sender && (!reporter || !json_equal(sender, reporter)))
        lost_fields_add(&o->r->lost, TEXT("sender"), json_text(sender, "org"));
}

/* Its first line, where that can be one, and the rest. */
static void take_words(struct one *o) {
    struct text whole = text_in(o, XARF_F_DESCRIPTION), rest = whole, title;
    if (!text_line(&rest, &title)) title = whole, rest = (struct text){0};
    title = text_trim(title);
    while (rest.size && rest.at[0] == '\n') rest = text_sub(rest, 1, rest.size);
    if (title.size && title.size <= TITLE_MAX) {
        o->about.title = kept(o, title);
        o->about.text = kept(o, rest);
        return;
    }
    struct text category = text_in(o, XARF_F_CATEGORY), type = text_in(o, XARF_F_TYPE);
    if (type.size)
        o->about.title = arena_format(o->r->how->arena, "%.*s%s%.*s", TEXT_ARG(category), category.size ? ": " : "",
                                      TEXT_ARG(text_first(type, 64)));
    o->about.text = kept(o, whole);
}

/* ---- the evidence, of which a fact sheet of one row is understood */

/* All that is written of the fact, where it stands in the report; else NULL. */
static json_t *said_of(const struct one *o, const struct fact *f) {
    struct arena *a = o->r->how->arena;
    struct losses unasked = losses_in(a);
    json_t *said = json_object(), *value;
    const char *key;
    bool same = xarf_source(f, a).size > 0;
    if (same) xarf_put_fact(said, f, xarf_type_of(f), a, &unasked);
    json_object_foreach(said, key, value) same = same && json_equal(value, json_object_get(o->object, key));
    if (same) return said;
    json_decref(said);
    return NULL;
}

static bool take_sheet(struct one *o, const json_t *item) {
    struct text payload = json_text(item, "payload");
    struct buf file = {.max = XARF_SHEET_MAX};
    struct sheet sheet;
    bool taken = text_is(json_text(item, "content_type"), XARF_SHEET_MEDIA) && payload.size < 2 * XARF_SHEET_MAX &&
                 base64_read(payload, &file, BASE64_PADDED) && sheet_case_seen(buf_as_bytes(&file));
    if (taken) {
        struct bytes kept_file = arena_bytes(o->r->how->arena, buf_as_bytes(&file));
        taken = !sheet_read(kept_file, o->r->how->arena, &sheet, NULL) && sheet.count == 1;
        if (taken) o->from_sheet = said_of(o, &sheet.at[0]);
        taken = o->from_sheet != NULL;
        if (taken)
            o->fact = sheet.at[0];
        else
            losses_add(o->r->how->losses, LOSS_DROPPED, "evidence", (struct text){0},
                       N_("a fact sheet, but it says something else than the report"));
    }
    buf_free(&file);
    return taken;
}

static bool take_evidence(struct one *o) {
    const json_t *list = o->value[XARF_F_EVIDENCE];
    bool taken = false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (!o->version3 && !taken && take_sheet(o, item))
            taken = true;
        else
            lost_fields_add(&o->r->lost, TEXT("evidence[]"), json_text(item, "description"));
    }
    return taken;
}

/* ---- reports */

static bool same_report(const struct report *a, const struct report *b) {
    bool ids = !a->id.size || !b->id.size || text_equal(a->id, b->id);
    return ids && text_equal(a->from, b->from) && text_equal(a->from_mail, b->from_mail) &&
           text_equal(a->title, b->title) && text_equal(a->text, b->text) && a->tlp == b->tlp;
}

static enum error end_report(struct reading *r, struct diag *d) {
    if (!r->open) return OK;
    enum error result = collect_end(&r->facts, &r->now.facts, d);
    if (!result && r->count == CASE_FORMAT_REPORTS_MAX)
        result = fail(d, ERR_LIMIT, _("more than %d reports in one file"), CASE_FORMAT_REPORTS_MAX);
    if (result) return result;
    r->at = arena_grow(r->how->arena, r->at, r->count, &r->room, sizeof *r->at);
    r->at[r->count++] = r->now;
    r->facts = collect_in(r->how->arena, r->how->losses);
    r->open = false;
    return OK;
}

static enum error add_report(struct one *o, struct diag *d) {
    struct reading *r = o->r;
    enum error result = r->open && !same_report(&r->now, &o->about) ? end_report(r, d) : OK;
    if (result) return result;
    if (!r->open)
        r->now = o->about;
    else
        r->now.changed = o->about.created;
    if (!r->now.id.size) r->now.id = kept(o, text_in(o, XARF_F_ID));
    r->open = true;
    collect_fact(&r->facts, &o->fact, "source_identifier");
    return OK;
}

static enum error take_members4(struct one *o, struct diag *d) {
    take_members(o);
    if (!o->version3 && (!text_in(o, XARF_F_CATEGORY).size || !text_in(o, XARF_F_TYPE).size))
        return fail(d, ERR_INPUT, _("expected `category` and `type` in an X-ARF report"));
    take_tags(o);
    take_contacts(o);
    take_words(o);
    const bool whole = take_evidence(o);
    lose_members(o);
    json_decref(o->from_sheet);
    if (whole) return add_report(o, d);
    take_times(o);
    take_ports(o);
    take_count(o);
    take_protocol(o);
    take_object(o);
    take_source(o);
    take_destination(o);
    take_event(o);
    return add_report(o, d);
}

/* ---- version 3 */

static const struct {
    const char *path;
    enum field field;
} version3[] = {
    {"Report.Date", XARF_F_TIME},
    {"Report.ReportType", XARF_F_TYPE},
    {"Report.Source.IP", XARF_F_SOURCE},
    {"Report.SourceIp", XARF_F_SOURCE},
    {"Report.Source.URL", XARF_F_URL},
    {"Report.Url", XARF_F_URL},
    {"Report.Source.Port", XARF_F_SRC_PORT},
    {"Report.SourcePort", XARF_F_SRC_PORT},
    {"Report.DestinationIp", XARF_F_DST},
    {"Report.AdditionalInfo.DestinationIP", XARF_F_DST},
    {"Report.DestinationPort", XARF_F_DST_PORT},
    {"Report.AdditionalInfo.DestinationPort", XARF_F_DST_PORT},
    {"Report.Protocol", XARF_F_PROTOCOL},
    {"Report.AdditionalInfo.Protocol", XARF_F_PROTOCOL},
    {"Report.AdditionalInfo.FirstSeen", XARF_F_FIRST},
    {"Report.AdditionalInfo.LastSeen", XARF_F_LAST},
    {"Report.SmtpMailFromAddress", XARF_F_MAIL},
    {"Report.AdditionalInfo.SMTPFrom", XARF_F_MAIL},
    {"Report.AttackCount", XARF_F_ATTEMPTS},
    {"Report.AttackDescription", XARF_F_DESCRIPTION},
    {"Report.Attachment", XARF_F_EVIDENCE},
    {"Report.Samples", XARF_F_EVIDENCE},
};

static void take_leaf3(struct one *o, struct text path, json_t *value) {
    static const char *const passed[] = {"Version", "Report.ReportClass", "Report.Source.Type",
                                         "ReporterInfo.ReporterOrg", "ReporterInfo.ReporterOrgEmail"};
    for (size_t i = 0; i < COUNT(passed); i++)
        if (text_is(path, passed[i])) return;
    for (size_t i = 0; i < COUNT(version3); i++)
        if (text_is(path, version3[i].path) && !o->value[version3[i].field]) {
            o->value[version3[i].field] = value;
            return;
        }
    lost_fields_add(&o->r->lost, path, shown(value, o->r->how->arena));
}

/* As deep as JSON may be. */
static void take_members3(struct one *o, json_t *object, char *path, size_t size) {
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        size_t more = strlen(key), dot = size ? 1 : 0;
        if (size + dot + more > PATH_MAX_BYTES) {
            lost_fields_add(&o->r->lost, text_of(key), (struct text){0});
            continue;
        }
        if (dot) path[size] = '.';
        memcpy(path + size + dot, key, more);
        if (json_is_object(value))
            take_members3(o, value, path, size + dot + more);
        else
            take_leaf3(o, (struct text){path, size + dot + more}, value);
    }
}

static enum error take_version3(struct one *o, json_t *object, struct diag *d) {
    char path[PATH_MAX_BYTES + 1];
    const json_t *who = json_child(object, "ReporterInfo");
    json_t *empty = json_object();
    o->version3 = true;
    o->object = empty;
    take_members3(o, object, path, 0);
    o->about.from = kept(o, json_text(who, "ReporterOrg"));
    o->about.from_mail = kept(o, json_text(who, "ReporterOrgEmail"));
    enum error result = take_members4(o, d);
    json_decref(empty);
    return result;
}

/* ---- the file */

static enum error take_report(struct reading *r, json_t *object, struct diag *d) {
    struct one o = {.r = r, .object = object, .fact = fact_unknown(), .about = REPORT_EMPTY};
    struct text version = json_text(object, "xarf_version"), older = json_text(object, "Version");
    if (text_starts(version, TEXT("4."))) return take_members4(&o, d);
    if (!version.size && text_starts(older, TEXT("3"))) return take_version3(&o, object, d);
    return fail(d, ERR_INPUT, _("expected an X-ARF report of version 4 or 3, found “%.*s”"),
                TEXT_ARG(version.size ? version : older));
}

static enum error take_list(struct reading *r, json_t *list, struct diag *d) {
    enum error result = OK;
    for (size_t i = 0; i < json_array_size(list) && !result; i++) {
        json_t *one = json_array_get(list, i);
        result = take_report(r, one, d);
        if (result && d) {
            char why[sizeof d->text];
            memcpy(why, d->text, sizeof why);
            result = fail(d, result, _("item %zu of the list: %s"), i, why);
        }
    }
    return result;
}

static enum error take_lines(struct reading *r, struct text rest, struct diag *d) {
    enum error result = OK;
    for (uint64_t number = 1; rest.size && !result; number++) {
        struct text line;
        json_t *one = NULL;
        if (!text_line(&rest, &line)) line = rest, rest = (struct text){0};
        if (!text_trim(line).size) continue;
        result = foreign_check_values(bytes_from_text(line), d);
        if (!result) result = json_read(bytes_from_text(line), &one, d);
        if (!result) result = take_report(r, one, d);
        if (result && d) d->line = number;
        json_decref(one);
    }
    return result;
}

/* Whether the first line is an object by itself, and there are more. */
static bool has_lines(struct text file) {
    struct text rest = file, line;
    if (!text_line(&rest, &line)) return false;
    if (line.size && line.at[line.size - 1] == '\r') line.size--;
    line = text_trim(line);
    return line.size > 1 && line.at[0] == '{' && line.at[line.size - 1] == '}';
}

static enum error take_file(struct reading *r, struct bytes file, struct diag *d) {
    json_t *whole = NULL;
    if (has_lines(text_from_bytes(file))) return take_lines(r, text_from_bytes(file), d);
    enum error result = foreign_check_values(file, d);
    if (!result) result = json_read(file, &whole, d);
    if (!result) result = json_is_array(whole) ? take_list(r, whole, d) : take_report(r, whole, d);
    json_decref(whole);
    return result;
}

bool xarf_case_seen(struct bytes start) {
    struct text t = text_from_bytes(start);
    while (t.size && (*t.at == ' ' || *t.at == '\n' || *t.at == '\r' || *t.at == '\t')) t = text_sub(t, 1, t.size);
    if (!t.size || (t.at[0] != '{' && t.at[0] != '[')) return false;
    return text_search(t, TEXT("\"xarf_version\"")) != SIZE_MAX || text_search(t, TEXT("\"ReporterInfo\"")) != SIZE_MAX;
}

enum error xarf_case_read(struct bytes file, const struct case_reading *how, struct reports *out, struct diag *d) {
    struct reading r = {.how = how, .lost = lost_fields_in(how->arena), .facts = collect_in(how->arena, how->losses)};
    enum error result = take_file(&r, file, d);
    if (!result) result = end_report(&r, d);
    if (result) return result;
    lost_fields_end(&r.lost, how->losses, no_place);
    *out = (struct reports){r.at, r.count};
    return OK;
}
