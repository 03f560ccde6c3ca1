/* Sessions of address translators (NAT, CGNAT), as CSV with a header or as JSON: the inside host, what the outside sees
 * of it, and from when to when.
 *
 *     start,end,inside_ip,inside_port,outside_ip,outside_port,dst_ip,dst_port,proto
 *     2026-03-01T06:55:40Z,2026-03-01T06:58:00Z,10.0.0.9,51000,192.0.2.17,4242,198.51.100.1,22,tcp
 *
 * The source is the outside address, as the other side sees it, and the inside host is its upstream.  A record that
 * gives out a block of ports does not tell who used which, so it shows nobody; but whose they were it tells a check. No
 * session is an event by itself. */
#include "line/readers.h"
#include "line/record.h"

static const struct column columns[] = {
    {"time", FIELD_FIRST},
    {"ts", FIELD_FIRST},
    {"timestamp", FIELD_FIRST},
    {"start", FIELD_FIRST},
    {"start_time", FIELD_FIRST},
    {"first", FIELD_FIRST},
    {"first_seen", FIELD_FIRST},
    {"created", FIELD_FIRST},
    {"end", FIELD_LAST},
    {"end_time", FIELD_LAST},
    {"last", FIELD_LAST},
    {"last_seen", FIELD_LAST},
    {"deleted", FIELD_LAST},
    {"duration", FIELD_DURATION},
    {"src", FIELD_SRC},
    {"src_ip", FIELD_SRC},
    {"inside", FIELD_SRC},
    {"inside_ip", FIELD_SRC},
    {"internal_ip", FIELD_SRC},
    {"private_ip", FIELD_SRC},
    {"local_ip", FIELD_SRC},
    {"subscriber_ip", FIELD_SRC},
    {"original_src_ip", FIELD_SRC},
    {"orig_src_ip", FIELD_SRC},
    {"src_port", FIELD_SRC_PORT},
    {"inside_port", FIELD_SRC_PORT},
    {"internal_port", FIELD_SRC_PORT},
    {"private_port", FIELD_SRC_PORT},
    {"local_port", FIELD_SRC_PORT},
    {"original_src_port", FIELD_SRC_PORT},
    {"orig_src_port", FIELD_SRC_PORT},
    {"outside", FIELD_OUTSIDE},
    {"outside_ip", FIELD_OUTSIDE},
    {"external_ip", FIELD_OUTSIDE},
    {"public_ip", FIELD_OUTSIDE},
    {"nat_ip", FIELD_OUTSIDE},
    {"nat_src_ip", FIELD_OUTSIDE},
    {"translated_ip", FIELD_OUTSIDE},
    {"translated_src_ip", FIELD_OUTSIDE},
    {"xlate_src_ip", FIELD_OUTSIDE},
    {"outside_port", FIELD_OUTSIDE_PORT},
    {"external_port", FIELD_OUTSIDE_PORT},
    {"public_port", FIELD_OUTSIDE_PORT},
    {"nat_port", FIELD_OUTSIDE_PORT},
    {"nat_src_port", FIELD_OUTSIDE_PORT},
    {"translated_port", FIELD_OUTSIDE_PORT},
    {"translated_src_port", FIELD_OUTSIDE_PORT},
    {"xlate_src_port", FIELD_OUTSIDE_PORT},
    {"port_block_end", FIELD_PORT_BLOCK_LAST},
    {"port_end", FIELD_PORT_BLOCK_LAST},
    {"block_end", FIELD_PORT_BLOCK_LAST},
    {"port_block_size", FIELD_PORT_BLOCK_SIZE},
    {"block_size", FIELD_PORT_BLOCK_SIZE},
    {"port_count", FIELD_PORT_BLOCK_SIZE},
    {"port_block_start", FIELD_PORT_BLOCK},
    {"port_start", FIELD_PORT_BLOCK},
    {"block_start", FIELD_PORT_BLOCK},
    {"dst", FIELD_DST},
    {"dst_ip", FIELD_DST},
    {"destination_ip", FIELD_DST},
    {"remote_ip", FIELD_DST},
    {"dst_port", FIELD_DST_PORT},
    {"destination_port", FIELD_DST_PORT},
    {"remote_port", FIELD_DST_PORT},
    {"user", FIELD_USER},
    {"username", FIELD_USER},
    {"subscriber", FIELD_USER},
    {"proto", FIELD_PROTOCOL},
    {"protocol", FIELD_PROTOCOL},
};

enum error nat_head(struct text line, struct columns *out, struct diag *d) {
    struct columns c;
    if (record_is_json(line)) return OK;
    enum error result = fields_head(line, columns, COUNT(columns), true, &c, d);
    if (result) return result;
    if (!columns_have(&c, FIELD_OUTSIDE))
        return fail(d, ERR_INPUT, _("expected a column with the outside address, as outside_ip, found none"));
    *out = c;
    return OK;
}

enum reason nat_parse(struct reader *r, struct text line, struct observation *out) {
    static const struct record_form form = {columns, COUNT(columns), false, NULL, NULL, NULL};
    enum reason reason = record_parse(r, line, &form, out);
    out->traffic = record_is_read(reason);
    return reason;
}

/* A flow's header may have all of its names, too, but for the outside. */
unsigned nat_detect(struct text line) {
    struct columns c = {0};
    if (!record_is_json(line)) return nat_head(line, &c, NULL) || !columns_have(&c, FIELD_SRC) ? 0 : 1003;
    for (size_t i = 0; i < COUNT(columns); i++) {
        char name[40];
        size_t size = strlen(columns[i].name);
        if (columns[i].field != FIELD_OUTSIDE || size + 2 > sizeof name) continue;
        name[0] = name[size + 1] = '"';
        memcpy(name + 1, columns[i].name, size);
        if (text_search(line, (struct text){name, size + 2}) != SIZE_MAX) return 8;
    }
    return 0;
}
