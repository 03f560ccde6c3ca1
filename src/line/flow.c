/* Flow records as CSV, as exporters, firewalls and address translators write them: the first line names the columns, by
 * any of the names below; others are passed over.
 *
 *     ts,sa,sp,da,dp,pr,upstream
 *     2026-03-01T06:55:46Z,192.0.2.17,4242,198.51.100.1,22,tcp,10.0.0.9
 *
 * `upstream` is from whom the source had the traffic: the inside address of a translation, or the client of a proxy;
 * the source is then as the other side sees it.  One record is one event, whatever its packets, unless a column counts
 * flows.  No flow is an event by itself. */
#include "line/fields.h"
#include "line/readers.h"

const struct column flow_columns[] = {
    {"time", FIELD_FIRST},
    {"ts", FIELD_FIRST},
    {"timestamp", FIELD_FIRST},
    {"start", FIELD_FIRST},
    {"start_time", FIELD_FIRST},
    {"first", FIELD_FIRST},
    {"first_seen", FIELD_FIRST},
    {"date_first_seen", FIELD_FIRST},
    {"end", FIELD_LAST},
    {"te", FIELD_LAST},
    {"end_time", FIELD_LAST},
    {"last", FIELD_LAST},
    {"last_seen", FIELD_LAST},
    {"date_last_seen", FIELD_LAST},
    {"src", FIELD_SRC},
    {"src_ip", FIELD_SRC},
    {"sa", FIELD_SRC},
    {"srcaddr", FIELD_SRC},
    {"src_addr", FIELD_SRC},
    {"saddr", FIELD_SRC},
    {"source", FIELD_SRC},
    {"source_ip", FIELD_SRC},
    {"ip_src", FIELD_SRC},
    {"id_orig_h", FIELD_SRC},
    {"src_port", FIELD_SRC_PORT},
    {"sport", FIELD_SRC_PORT},
    {"sp", FIELD_SRC_PORT},
    {"srcport", FIELD_SRC_PORT},
    {"source_port", FIELD_SRC_PORT},
    {"id_orig_p", FIELD_SRC_PORT},
    {"dst", FIELD_DST},
    {"dst_ip", FIELD_DST},
    {"da", FIELD_DST},
    {"dstaddr", FIELD_DST},
    {"dst_addr", FIELD_DST},
    {"daddr", FIELD_DST},
    {"destination", FIELD_DST},
    {"destination_ip", FIELD_DST},
    {"dest_ip", FIELD_DST},
    {"ip_dst", FIELD_DST},
    {"id_resp_h", FIELD_DST},
    {"dst_port", FIELD_DST_PORT},
    {"dport", FIELD_DST_PORT},
    {"dp", FIELD_DST_PORT},
    {"dstport", FIELD_DST_PORT},
    {"destination_port", FIELD_DST_PORT},
    {"dest_port", FIELD_DST_PORT},
    {"id_resp_p", FIELD_DST_PORT},
    {"proto", FIELD_PROTOCOL},
    {"protocol", FIELD_PROTOCOL},
    {"pr", FIELD_PROTOCOL},
    {"prot", FIELD_PROTOCOL},
    {"count", FIELD_COUNT},
    {"flows", FIELD_COUNT},
    {"fl", FIELD_COUNT},
    {"events", FIELD_COUNT},
    {"user", FIELD_USER},
    {"username", FIELD_USER},
    {"user_name", FIELD_USER},
    {"upstream", FIELD_UPSTREAM},
    {"upstream_ip", FIELD_UPSTREAM},
    {"inner_src", FIELD_UPSTREAM},
    {"inner_ip", FIELD_UPSTREAM},
    {"inside", FIELD_UPSTREAM},
    {"inside_src", FIELD_UPSTREAM},
    {"orig_src", FIELD_UPSTREAM},
};
const size_t flow_column_count = COUNT(flow_columns);

enum error flow_head(struct text line, struct columns *out, struct diag *d) {
    return fields_head(line, flow_columns, flow_column_count, true, out, d);
}

unsigned flow_detect(struct text line) {
    struct columns c;
    return flow_head(line, &c, NULL) ? 0 : 1001;
}
