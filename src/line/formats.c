#include "line/formats.h"

#include <string.h>

#include "line/fields.h"
#include "line/readers.h"
#include "line/where.h"

const struct format line_formats[] = {
    {"sshd", N_("OpenSSH's server, through syslog; taken to listen on port 22"), false, true, false, sshd_detect, NULL,
     sshd_parse, NULL},
    {"syslog", N_("the system's log, or the journal as JSON: programs that rules are about, and sshd"), false, true,
     false, syslog_detect, NULL, service_parse, NULL},
    {"postfix", N_("Postfix, through syslog"), false, true, false, postfix_detect, NULL, service_parse, NULL},
    {"dovecot", N_("Dovecot, through syslog or in its own log"), false, true, false, dovecot_detect, NULL,
     service_parse, NULL},
    {"vsftpd", N_("vsftpd, through syslog or in its own log"), false, true, false, vsftpd_detect, NULL, service_parse,
     NULL},
    {"proftpd", N_("ProFTPD, through syslog or in its own log"), false, true, false, proftpd_detect, NULL,
     service_parse, NULL},
    {"recidive", N_("the bans in fail2ban's own log"), false, true, false, recidive_detect, NULL, service_parse, NULL},
    {"iptables", N_("what iptables or nftables logs of packets, through the kernel"), false, true, false,
     iptables_detect, NULL, service_parse, NULL},
    {"asterisk", N_("Asterisk, through syslog or in its own log"), false, true, false, asterisk_detect, NULL,
     own_log_parse, NULL},
    {"bitwarden", N_("Bitwarden's own log"), false, true, false, bitwarden_detect, NULL, own_log_parse, NULL},
    {"exim", N_("Exim, through syslog or in its own log"), false, true, false, exim_detect, NULL, own_log_parse, NULL},
    {"gitlab", N_("GitLab's application.log"), false, true, false, gitlab_detect, NULL, own_log_parse, NULL},
    {"lighttpd", N_("lighttpd's error log"), false, true, false, lighttpd_detect, NULL, own_log_parse, NULL},
    {"monit", N_("Monit, through syslog or in its own log"), false, true, false, monit_detect, NULL, own_log_parse,
     NULL},
    {"mysqld", N_("MySQL and MariaDB, through syslog or in their own log"), false, true, false, mysqld_detect, NULL,
     own_log_parse, NULL},
    {"named", N_("BIND, through syslog or in its own log"), false, true, false, named_detect, NULL, own_log_parse,
     NULL},
    {"openwebmail", N_("Open WebMail's own log"), false, true, false, openwebmail_detect, NULL, own_log_parse, NULL},
    {"roundcube", N_("Roundcube, through syslog or in its own log"), false, true, false, roundcube_detect, NULL,
     own_log_parse, NULL},
    {"squid", N_("Squid's access.log"), false, true, false, squid_detect, NULL, own_log_parse, NULL},
    {"stunnel", N_("stunnel's own log"), false, true, false, stunnel_detect, NULL, own_log_parse, NULL},
    {"log", N_("a program's own log: a time, and a message that rules of one's own are about"), false, true, false,
     log_detect, NULL, own_log_parse, NULL},
    {"combined", N_("the access log of Apache or nginx, with referer and agent"), false, false, false, combined_detect,
     NULL, combined_parse, NULL},
    {"common", N_("the access log of a web server in the Common Log Format"), false, false, false, common_detect, NULL,
     combined_parse, NULL},
    {"error", N_("the error log of Apache or nginx"), false, true, false, error_detect, NULL, error_parse, NULL},
    {"eve", N_("Suricata's EVE, one JSON object a line"), false, false, false, eve_detect, NULL, eve_parse, NULL},
    {"fast", N_("Suricata's fast.log, one alert a line"), false, false, false, fast_detect, NULL, fast_parse, NULL},
    {"zeek", N_("Zeek's logs, as it writes them or as JSON"), false, false, false, zeek_detect, NULL, zeek_parse,
     zeek_note},
    {"cowrie", N_("the honeypot Cowrie, one JSON object a line"), false, false, false, cowrie_detect, NULL,
     cowrie_parse, NULL},
    {"heralding", N_("the honeypot Heralding: sessions as JSON or CSV, attempts as CSV"), true, false, false,
     heralding_detect, heralding_head, heralding_parse, NULL},
    {"nfdump", N_("flows as nfdump prints them, as CSV or one JSON object a line"), true, false, false, nfdump_detect,
     nfdump_head, nfdump_parse, NULL},
    {"nat", N_("sessions of an address translator, as CSV or one JSON object a line"), true, false, false, nat_detect,
     nat_head, nat_parse, NULL},
    {"mapped", N_("CSV or one JSON object a line, with columns as --map names them"), true, false, false, mapped_detect,
     mapped_head, mapped_parse, NULL},
    {"kept", N_("lines that facts --follow --evidence kept, with what they say"), false, false, false, kept_detect,
     NULL, kept_parse, NULL},
    {"csv", N_("facts as CSV, with the column names of a fact sheet"), true, false, true, csv_detect, csv_head,
     fields_parse, NULL},
    {"flow", N_("flow or translation records as CSV"), true, false, false, flow_detect, flow_head, fields_parse, NULL},
    {"jsonl", N_("flow or session records, one JSON object a line"), false, false, false, jsonl_detect, NULL,
     jsonl_parse, NULL},
};
const size_t line_format_count = COUNT(line_formats);

static enum reason unknown_parse(struct reader *r, struct text line, struct observation *out) {
    (void)r;
    (void)line;
    (void)out;
    return REASON_FORM;
}
const struct format line_unknown = {"unknown", N_("no log"), false, false, false, NULL, NULL, unknown_parse, NULL};

const struct format *format_find(struct text name) {
    for (size_t i = 0; i < line_format_count; i++)
        if (text_is(name, line_formats[i].name)) return &line_formats[i];
    return NULL;
}

bool format_is_own_log(const struct format *f) { return f->parse == own_log_parse; }

/* Room for a line as long as one may be, and what stands before it. */
static size_t line_max(const struct format *f) { return LINE_BYTES_MAX + (f->parse == kept_parse ? KEPT_ROW_MAX : 0); }

static struct text without_cr(struct text line) {
    if (line.size && line.at[line.size - 1] == '\r') line.size--;
    return line;
}

static bool next_line(struct text *sample, struct text *line) {
    if (!sample->size) return false;
    if (!text_line(sample, line)) {
        *line = *sample;
        *sample = (struct text){0};
    }
    *line = without_cr(*line);
    return true;
}

static void add_scores(struct text line, uint64_t *scores) {
    if (!line.size || line.size > LINE_BYTES_MAX) return;
    for (size_t i = 0; i < line_format_count; i++)
        if (line.at[0] != '#' || line_formats[i].note) scores[i] += line_formats[i].detect(line);
}

const struct format *format_detect(struct text sample) {
    uint64_t scores[COUNT(line_formats)] = {0};
    struct text line;
    for (size_t n = 0; n < DETECT_LINES && next_line(&sample, &line); n++) add_scores(line, scores);
    size_t best = 0;
    for (size_t i = 1; i < line_format_count; i++)
        if (scores[i] > scores[best]) best = i;
    return scores[best] ? &line_formats[best] : NULL;
}

void columns_lines(const struct format *f, struct text part, struct columns *io) {
    struct text line;
    while (f->note && text_line(&part, &line))
        if (line.size && line.at[0] == '#') f->note(without_cr(line), io);
}

void reader_start(struct reader *r, const struct format *f, const struct columns *columns,
                  const struct stamp_options *o, struct chain chain, struct text event) {
    stamper_start(&r->stamper, o, chain);
    r->tags.size = 0;
    visit_search_start(&r->search, sift_best());
    r->format = f;
    r->columns = columns ? *columns : (struct columns){0};
    r->event = event;
    r->no_nul = false;
    r->rules = NULL;
    r->program.set = false;
    r->where = NULL;
    json_names_start(&r->json_names);
    r->logins.asked = false;
}

/* A line that is passed over has its stamp read all the same, as chain_lines does: the years of later ones hang on it.
 */
static enum reason passed_over(struct reader *r, struct text line, enum reason reason, struct observation *out) {
    struct stamp s;
    if (r->format->years) {
        if (format_is_own_log(r->format))
            stamp_skip_before(&line, NULL);
        else
            stamp_skip_priority(&line);
        if (!stamp_classic(&r->stamper, &line, &s)) out->first = out->last = s.at;
    }
    return reason;
}

/* What a format's own reading has not noted yet. */
static void note_logins(struct reader *r, struct text line, const struct observation *o) {
    static const struct text account = TEXT("account:");
    logins_of_line(r, line);
    if (text_starts(o->object, account)) logins_add(&r->logins, text_sub(o->object, account.size, o->object.size));
}

/* What is said of every fact holds here for all formats. */
static enum reason settle(struct reader *r, enum reason reason, struct text line, struct observation *out) {
    bool subject = (out->known & (KNOWN_SRC | KNOWN_DST)) || out->object.size;
    if (reasons[reason].verdict == VERDICT_REJECT) return reason;
    if (r->event.size && subject && reason != REASON_COMMENT && reason != REASON_ZERO) reason = REASON_FACT;
    if (reason != REASON_FACT) return reason;
    if (out->first == INSTANT_NONE) return REASON_STAMP;
    if (!subject) return REASON_SUBJECT;
    if (r->logins.asked) note_logins(r, line, out);
    if (r->where && !where_holds(r->where, &r->logins, line, out)) return REASON_WHERE;
    if (r->event.size) out->event = r->event;
    return out->event.size ? REASON_FACT : REASON_EVENT;
}

static enum reason read_note(struct reader *r, struct text line) {
    if (r->format->note) r->format->note(line, &r->columns);
    return REASON_COMMENT;
}

enum reason reader_line(struct reader *r, struct text line, struct observation *out) {
    *out = (struct observation){.first = INSTANT_NONE, .last = INSTANT_NONE, .count = 1};
    logins_clear(&r->logins);
    line = without_cr(line);
    if (!line.size) return REASON_EMPTY;
    if (line.at[0] == '#') return read_note(r, line);
    if (line.size > line_max(r->format)) return passed_over(r, line, REASON_LONG, out);
    if (!r->no_nul && memchr(line.at, 0, line.size)) return passed_over(r, line, REASON_NUL, out);
    return settle(r, r->format->parse(r, line, out), line, out);
}
