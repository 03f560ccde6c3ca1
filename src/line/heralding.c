/* The honeypot Heralding: sessions as JSON (log_session.json) or CSV (log_session.csv), attempts to log in as CSV
 * (log_auth.csv).
 *
 * A session is as many events as it saw attempts to log in; without any it is none.  Its stamps have no zone, and are
 * of the clock where it ran.  All its protocols are of TCP.  Sessions and attempts tell the same: give one of them. */
#include "line/readers.h"
#include "line/record.h"

enum { KEPT_ATTEMPTS = FIELD_KEPT, KEPT_ENDED, KEPT_AUTH };

static const struct column columns[] = {
    {"timestamp", FIELD_FIRST},
    {"duration", FIELD_DURATION},
    {"source_ip", FIELD_SRC},
    {"source_port", FIELD_SRC_PORT},
    {"destination_ip", FIELD_DST},
    {"destination_port", FIELD_DST_PORT},
    {"num_auth_attempts", KEPT_ATTEMPTS},
    {"session_ended", KEPT_ENDED},
    {"auth_id", KEPT_AUTH},
    {"username", FIELD_USER},
};

static struct text kept(const struct reader *r, unsigned field) { return r->beside.kept[field - FIELD_KEPT]; }

enum error heralding_head(struct text line, struct columns *out, struct diag *d) {
    struct columns c;
    if (record_is_json(line)) return OK;
    enum error result = fields_head(line, columns, COUNT(columns), true, &c, d);
    if (result) return result;
    if (!columns_have(&c, KEPT_ATTEMPTS) && !columns_have(&c, KEPT_AUTH))
        return fail(d, ERR_INPUT, _("expected a column “num_auth_attempts” or “auth_id”, found none"));
    *out = c;
    return OK;
}

/* A session that goes on comes again when it has ended. */
static enum reason finish(struct reader *r, struct observation *out) {
    struct text attempts = kept(r, KEPT_ATTEMPTS), ended = kept(r, KEPT_ENDED);
    out->protocol = TEXT("tcp");
    if (text_is(ended, "false") || text_is(ended, "False")) return REASON_KIND;
    if (text_is(attempts, "0")) return REASON_RULE;
    if (!attempts.size && !kept(r, KEPT_AUTH).size) return REASON_FORM;
    out->event = TEXT("brute-force");
    return fields_value(r, FIELD_COUNT, attempts, out);
}

enum reason heralding_parse(struct reader *r, struct text line, struct observation *out) {
    static const struct record_form form = {columns, COUNT(columns), false, "auth_attempts", "username", finish};
    return record_parse(r, line, &form, out);
}

unsigned heralding_detect(struct text line) {
    struct columns c = {0};
    if (record_is_json(line)) return text_search(line, TEXT("\"num_auth_attempts\"")) != SIZE_MAX ? 12 : 0;
    return heralding_head(line, &c, NULL) ? 0 : 1005;
}
