/* Programs that log through syslog or the journal, or to a file of their own, read by rules (rules.h).
 *
 * Format `syslog` reads lines of all of them, sshd's included; the format of one service its lines alone.  How a line
 * begins says what carries it:
 *
 *     Jun 21 16:47:48 host program[1]: message        and the other forms of syslog.h
 *     {"__REALTIME_TIMESTAMP":"…","MESSAGE":"…",…}    the journal
 *     Sat Jul 20 21:34:49 2013 message                vsftpd's own log
 *
 * None of it is a stranger's text; what the message holds may be. */
#include <string.h>

#include "line/journal.h"
#include "line/own.h"
#include "line/readers.h"
#include "line/rules.h"
#include "line/syslog.h"

struct carried {
    struct stamp stamp;
    bool stamped;
    struct text program, message; /* views of the line, or of the reader's scratch */
};

static bool is_weekday(struct text t) {
    static const char names[] = "MonTueWedThuFriSatSun";
    if (t.size < 4 || t.at[3] != ' ') return false;
    for (size_t i = 0; i < 7; i++)
        if (!memcmp(t.at, names + 3 * i, 3)) return true;
    return false;
}

/* vsftpd's own log: its lines name no program. */
static enum reason read_vsftpd(struct reader *r, struct text line, struct carried *out) {
    enum reason reason = stamp_apache(&r->stamper, &line, &out->stamp);
    if (reason) return reason;
    out->stamped = true;
    if (!text_skip(&line, TEXT(" "))) return REASON_FORM;
    out->program = TEXT("vsftpd");
    out->message = line;
    return REASON_FACT;
}

static enum reason read_journal(struct reader *r, struct text line, struct carried *out) {
    struct journal j;
    _Static_assert(PROTOCOL_MAX + JOURNAL_ROOM <= sizeof r->scratch, "there is room");
    enum reason reason = journal_read(line, &r->json_names, r->scratch + PROTOCOL_MAX, &j);
    out->stamp.at = j.at;
    out->stamped = j.at != INSTANT_NONE;
    out->program = j.program;
    out->message = j.message;
    return reason;
}

static enum reason read_syslog(struct reader *r, struct text line, struct carried *out) {
    struct syslog s;
    enum reason reason = syslog_read(&r->stamper, &r->tags, line, &s);
    out->stamped = s.stamped;
    if (s.stamped) out->stamp = s.stamp;
    if (reason) return reason;
    out->program = s.program;
    out->message = s.message;
    return REASON_FACT;
}

/* The service's lines in syslog, and those of its own log. */
static enum reason read_own(struct reader *r, struct text line, struct carried *out) {
    const char *service = r->format->name;
    enum reason reason = line.at[0] == '[' ? REASON_FORM : read_syslog(r, line, out);
    if (!reason && rules_own_name(service, out->program)) return REASON_FACT;
    out->program = text_of(service);
    return own_read(&r->stamper, line, &out->stamp, &out->stamped, &out->message);
}

static enum reason read_carrier(struct reader *r, struct text line, struct carried *out) {
    if (line.at[0] == '{') return read_journal(r, line, out);
    if (is_weekday(line)) return read_vsftpd(r, line, out);
    return read_syslog(r, line, out);
}

/* The service whose lines alone are read; NULL: all. */
static const char *service_of(const struct reader *r) {
    return strcmp(r->format->name, "syslog") ? r->format->name : NULL;
}

/* Which sections are about a program: the same as for the line before, most of the time.  sshd's own rules are not in
 * a file. */
static void find_sections(struct reader *r, struct text program, bool only_users) {
    struct reader_program *p = &r->program;
    if (p->set && text_equal(program, (struct text){p->name, p->size})) return;
    p->sections =
        strcmp(r->format->name, "log") ? rules_for_program(r->rules, service_of(r), program) : rules_for_logs(r->rules);
    if (only_users) p->sections &= r->rules->of_users;
    p->known = rules_are_about(r->rules, p->sections, program);
    p->set = program.size && program.size <= sizeof p->name;
    p->size = (uint8_t)(p->set ? program.size : 0);
    if (p->set) memcpy(p->name, program.at, program.size);
}

enum reason service_users_rules(struct reader *r, struct text program, struct text message, struct observation *out) {
    if (!r->rules->of_users) return REASON_RULE;
    find_sections(r, program, true);
    if (!r->program.sections) return REASON_RULE;
    syslog_unfold(&message, &out->count);
    return rules_apply(r->rules, r->program.sections, message, r->scratch, out);
}

enum reason service_format_rules(struct reader *r, struct text message, struct observation *out) {
    if (!r->rules->of_formats) return REASON_RULE;
    if (!r->program.set) r->program.sections = rules_for_format(r->rules, r->format->name);
    r->program.set = true;
    return r->program.sections ? rules_apply(r->rules, r->program.sections, message, r->scratch, out) : REASON_RULE;
}

static enum reason by_rules(struct reader *r, const struct carried *c, struct observation *out) {
    struct text message = c->message;
    if (!r->rules) return REASON_RULE;
    if (!service_of(r) && is_sshd(c->program)) {
        enum reason reason = service_users_rules(r, c->program, message, out);
        return reason == REASON_RULE ? sshd_message(message, out) : reason;
    }
    find_sections(r, c->program, false);
    if (!r->program.sections) return REASON_PROGRAM;
    syslog_unfold(&message, &out->count);
    enum reason reason = rules_apply(r->rules, r->program.sections, message, r->scratch, out);
    return reason == REASON_RULE && !r->program.known ? REASON_PROGRAM : reason;
}

static enum reason judge(struct reader *r, enum reason reason, const struct carried *c, struct observation *out) {
    if (c->stamped) {
        out->first = out->last = c->stamp.at;
        out->twice = c->stamp.twice;
    }
    if (!reason) reason = by_rules(r, c, out);
    if (r->logins.asked) logins_set_aside(&r->logins, c->program, c->message, r->program.set ? r->program.sections : 0);
    return reason;
}

enum reason service_parse(struct reader *r, struct text line, struct observation *out) {
    struct carried c = {0};
    enum reason reason = read_carrier(r, line, &c);
    return judge(r, reason, &c, out);
}

enum reason own_log_parse(struct reader *r, struct text line, struct observation *out) {
    struct carried c = {0};
    enum reason reason = line.at[0] == '{' ? read_journal(r, line, &c) : read_own(r, line, &c);
    return judge(r, reason, &c, out);
}

/* ---- detection */

static bool is_service(const char *service, const struct carried *c) {
    if (!strcmp(service, "iptables"))
        return text_is(c->program, "kernel") && text_search(c->message, TEXT(" SRC=")) != SIZE_MAX;
    return rules_own_name(service, c->program);
}

static bool read_any(struct text line, struct reader *r, struct carried *out) {
    static const struct stamp_options any = {.year = 2024, .until = INSTANT_NONE}; /* a leap year has all days */
    *out = (struct carried){0};
    stamper_start(&r->stamper, &any, (struct chain){0});
    json_names_start(&r->json_names);
    r->tags.size = 0;
    if (read_carrier(r, line, out)) return false;
    return !is_weekday(line) || text_starts(out->message, TEXT("[pid "));
}

/* Surer than the format of all services, where a line is this one's. */
static unsigned detect(const char *service, struct text line) {
    struct reader r;
    struct carried c;
    return read_any(line, &r, &c) && is_service(service, &c) ? 10 : 0;
}

unsigned postfix_detect(struct text line) { return detect("postfix", line); }
unsigned dovecot_detect(struct text line) { return detect("dovecot", line); }
unsigned vsftpd_detect(struct text line) { return detect("vsftpd", line); }
unsigned proftpd_detect(struct text line) { return detect("proftpd", line); }
unsigned recidive_detect(struct text line) { return detect("recidive", line); }
unsigned iptables_detect(struct text line) { return detect("iptables", line); }

/* A line of the service's own log, or one that syslog carries. */
static unsigned detect_own(const char *service, struct text line) {
    static const struct stamp_options any = {.year = 2024, .until = INSTANT_NONE};
    struct reader r;
    struct stamp stamp;
    struct text message;
    bool stamped;
    if (detect(service, line)) return 10;
    stamper_start(&r.stamper, &any, (struct chain){0});
    return !own_read(&r.stamper, line, &stamp, &stamped, &message) && own_looks_like(service, message) ? 10 : 0;
}

unsigned asterisk_detect(struct text line) { return detect_own("asterisk", line); }
unsigned bitwarden_detect(struct text line) { return detect_own("bitwarden", line); }
unsigned exim_detect(struct text line) { return detect_own("exim", line); }
unsigned gitlab_detect(struct text line) { return detect_own("gitlab", line); }
unsigned lighttpd_detect(struct text line) { return detect_own("lighttpd", line); }
unsigned monit_detect(struct text line) { return detect_own("monit", line); }
unsigned mysqld_detect(struct text line) { return detect_own("mysqld", line); }
unsigned named_detect(struct text line) { return detect_own("named", line); }
unsigned openwebmail_detect(struct text line) { return detect_own("openwebmail", line); }
unsigned roundcube_detect(struct text line) { return detect_own("roundcube", line); }
unsigned squid_detect(struct text line) { return detect_own("squid", line); }
unsigned stunnel_detect(struct text line) { return detect_own("stunnel", line); }
/* Nobody can tell: whoever wrote the rules names it. */
unsigned log_detect(struct text line) {
    (void)line;
    return 0;
}

unsigned syslog_detect(struct text line) {
    struct reader r;
    struct carried c;
    if (!read_any(line, &r, &c)) return 0;
    for (size_t i = 0; i < rules_own_count; i++)
        if (is_service(rules_own[i].service, &c)) return 9;
    return is_sshd(c.program) ? 9 : 2;
}
