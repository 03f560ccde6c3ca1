/* The functions behind the table of formats: one file each. */
#ifndef PARLEY_LINE_READERS_H
#define PARLEY_LINE_READERS_H

#include "line/formats.h"

unsigned sshd_detect(struct text line);
enum reason sshd_parse(struct reader *r, struct text line, struct observation *out);
bool is_sshd(struct text program);
/* What one of its messages says. */
enum reason sshd_message(struct text message, struct observation *out);

/* Lines of programs that rules are about, through syslog, the journal or a log of their own. */
unsigned syslog_detect(struct text line);
unsigned postfix_detect(struct text line);
unsigned dovecot_detect(struct text line);
unsigned vsftpd_detect(struct text line);
unsigned proftpd_detect(struct text line);
unsigned recidive_detect(struct text line);
unsigned iptables_detect(struct text line);
/* Programs that have logs of their own, of a time and a message. */
unsigned asterisk_detect(struct text line);
unsigned bitwarden_detect(struct text line);
unsigned exim_detect(struct text line);
unsigned gitlab_detect(struct text line);
unsigned lighttpd_detect(struct text line);
unsigned monit_detect(struct text line);
unsigned mysqld_detect(struct text line);
unsigned named_detect(struct text line);
unsigned openwebmail_detect(struct text line);
unsigned roundcube_detect(struct text line);
unsigned squid_detect(struct text line);
unsigned stunnel_detect(struct text line);
unsigned log_detect(struct text line);
/* What rules of users say of a program's message; REASON_RULE: nothing. */
enum reason service_users_rules(struct reader *r, struct text program, struct text message, struct observation *out);
/* What rules of users say of a line of the reader's format, a web server's. */
enum reason service_format_rules(struct reader *r, struct text message, struct observation *out);
/* The same of programs that have a log of their own, too (own.h). */
enum reason own_log_parse(struct reader *r, struct text line, struct observation *out);
enum reason service_parse(struct reader *r, struct text line, struct observation *out);

unsigned fast_detect(struct text line);
enum reason fast_parse(struct reader *r, struct text line, struct observation *out);

unsigned combined_detect(struct text line);
unsigned common_detect(struct text line);
enum reason combined_parse(struct reader *r, struct text line, struct observation *out);

unsigned error_detect(struct text line);
enum reason error_parse(struct reader *r, struct text line, struct observation *out);

unsigned eve_detect(struct text line);
enum reason eve_parse(struct reader *r, struct text line, struct observation *out);
/* The event that a category of Suricata's classification.config tells of; NULL: none. */
const char *eve_category_event(struct text category);

unsigned jsonl_detect(struct text line);
enum reason jsonl_parse(struct reader *r, struct text line, struct observation *out);

unsigned zeek_detect(struct text line);
enum reason zeek_parse(struct reader *r, struct text line, struct observation *out);
void zeek_note(struct text line, struct columns *io);

unsigned cowrie_detect(struct text line);
enum reason cowrie_parse(struct reader *r, struct text line, struct observation *out);

unsigned heralding_detect(struct text line);
enum error heralding_head(struct text line, struct columns *out, struct diag *d);
enum reason heralding_parse(struct reader *r, struct text line, struct observation *out);

unsigned nfdump_detect(struct text line);
enum error nfdump_head(struct text line, struct columns *out, struct diag *d);
enum reason nfdump_parse(struct reader *r, struct text line, struct observation *out);

unsigned kept_detect(struct text line);
enum reason kept_parse(struct reader *r, struct text line, struct observation *out);

unsigned nat_detect(struct text line);
enum error nat_head(struct text line, struct columns *out, struct diag *d);
enum reason nat_parse(struct reader *r, struct text line, struct observation *out);

unsigned mapped_detect(struct text line);
enum error mapped_head(struct text line, struct columns *out, struct diag *d);
enum reason mapped_parse(struct reader *r, struct text line, struct observation *out);

/* Lines of both are read by fields_parse. */
unsigned csv_detect(struct text line);
enum error csv_head(struct text line, struct columns *out, struct diag *d);
unsigned flow_detect(struct text line);
enum error flow_head(struct text line, struct columns *out, struct diag *d);

#endif
