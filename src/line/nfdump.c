/* Flows as nfdump prints them: CSV of its old column names (`-o csv` up to 1.7.1: ts,te,td,sa,da,…) and of its new ones
 * (firstSeen,duration,proto,srcAddr,…), and JSON, one object a line (`-o ndjson`; of `-o json` what jq -c '.[]' makes).
 *
 * Stamps have no zone, but are of where nfdump ran.  A translation (NSEL, NEL) has its outside as the source, and the
 * inside host as its upstream.  ICMP has no ports: nfdump writes type and code there.  What nfdump sums up at the end
 * is a comment.  No flow is an event by itself. */
#include "line/readers.h"
#include "line/record.h"

enum { KEPT_PORT = FIELD_KEPT, KEPT_FLOWS };

static const struct column columns[] = {
    {"ts", FIELD_FIRST},
    {"te", FIELD_LAST},
    {"td", FIELD_DURATION},
    {"pr", FIELD_PROTOCOL},
    {"sa", FIELD_SRC},
    {"sp", FIELD_SRC_PORT},
    {"da", FIELD_DST},
    {"dp", KEPT_PORT},
    {"fl", KEPT_FLOWS},
    {"xsa", FIELD_OUTSIDE},
    {"nsa", FIELD_OUTSIDE},
    {"xsp", FIELD_OUTSIDE_PORT},
    {"nsp", FIELD_OUTSIDE_PORT},
    {"pbstart", FIELD_PORT_BLOCK},
    {"pbend", FIELD_PORT_BLOCK_LAST},
    {"pbsize", FIELD_PORT_BLOCK_SIZE},
    {"firstseen", FIELD_FIRST},
    {"lastseen", FIELD_LAST},
    {"duration", FIELD_DURATION},
    {"proto", FIELD_PROTOCOL},
    {"srcaddr", FIELD_SRC},
    {"srcport", FIELD_SRC_PORT},
    {"dstaddr", FIELD_DST},
    {"dstport", KEPT_PORT},
    {"flows", KEPT_FLOWS},
    {"srcxip", FIELD_OUTSIDE},
    {"srcxport", FIELD_OUTSIDE_PORT},
    {"t_first", FIELD_FIRST},
    {"t_last", FIELD_LAST},
    {"first", FIELD_FIRST},
    {"last", FIELD_LAST},
    {"src4_addr", FIELD_SRC},
    {"src6_addr", FIELD_SRC},
    {"src_port", FIELD_SRC_PORT},
    {"dst4_addr", FIELD_DST},
    {"dst6_addr", FIELD_DST},
    {"dst_port", KEPT_PORT},
    {"aggr_flows", KEPT_FLOWS},
    {"src4_xlt_ip", FIELD_OUTSIDE},
    {"src6_xlt_ip", FIELD_OUTSIDE},
    {"src_xlt_port", FIELD_OUTSIDE_PORT},
    {"pblock_start", FIELD_PORT_BLOCK},
    {"pblock_end", FIELD_PORT_BLOCK_LAST},
    {"pblock_size", FIELD_PORT_BLOCK_SIZE},
};

/* A header may end with a comma. */
static struct text without_comma(struct text line) {
    line = text_trim(line);
    if (line.size && line.at[line.size - 1] == ',') line.size--;
    return line;
}

enum error nfdump_head(struct text line, struct columns *out, struct diag *d) {
    struct columns c;
    if (record_is_json(line)) return OK;
    enum error result = fields_head(without_comma(line), columns, COUNT(columns), true, &c, d);
    if (!result) *out = c;
    return result;
}

static enum reason finish(struct reader *r, struct observation *out) {
    struct text port = r->beside.kept[KEPT_PORT - FIELD_KEPT], flows = r->beside.kept[KEPT_FLOWS - FIELD_KEPT];
    enum reason reason = text_is(flows, "0") ? REASON_FACT : fields_value(r, FIELD_COUNT, flows, out);
    if (text_starts(out->protocol, TEXT("icmp")) || text_is(out->protocol, "ipv6-icmp")) {
        if (text_is(out->protocol, "icmp6")) out->protocol = TEXT("ipv6-icmp");
        out->known &= ~(unsigned)(KNOWN_SRC_PORT | KNOWN_DST_PORT);
        return reason;
    }
    return reason ? reason : fields_value(r, FIELD_DST_PORT, port, out);
}

/* The lines behind the last flow: `Summary`, a header of sums and its numbers. */
static bool is_summary(struct text line) {
    static const struct text starts[] = {TEXT("Summary"),      TEXT("flows,bytes,packets"),
                                         TEXT("Time window:"), TEXT("Total flows processed:"),
                                         TEXT("Sys:"),         TEXT("No matching flows")};
    for (size_t i = 0; i < COUNT(starts); i++)
        if (text_starts(line, starts[i])) return true;
    for (size_t i = 0; i < line.size; i++)
        if ((line.at[i] < '0' || line.at[i] > '9') && line.at[i] != ',') return false;
    return line.size > 0;
}

enum reason nfdump_parse(struct reader *r, struct text line, struct observation *out) {
    static const struct record_form form = {columns, COUNT(columns), false, NULL, NULL, finish};
    enum reason reason = record_parse(r, line, &form, out);
    if ((reason == REASON_COLUMNS || reason == REASON_STAMP) && is_summary(line)) return REASON_COMMENT;
    out->traffic = record_is_read(reason);
    return reason;
}

unsigned nfdump_detect(struct text line) {
    static const struct text heads[] = {TEXT("ts,te,td,sa,da"), TEXT("srcAddr,"), TEXT("srcXIP,")};
    struct columns c = {0};
    if (record_is_json(line))
        return text_search(line, TEXT("_addr\"")) != SIZE_MAX && text_search(line, TEXT("first\"")) != SIZE_MAX ? 9 : 0;
    if (nfdump_head(line, &c, NULL)) return 0;
    for (size_t i = 0; i < COUNT(heads); i++)
        if (text_search(line, heads[i]) != SIZE_MAX) return 1004;
    return 0;
}
