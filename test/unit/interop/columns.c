/* Every column of a fact through every format: its value comes back to the bit, or a loss names its field. */
#include "unit.h"

#include "trial.h"

enum column { FIRST, LAST, SRC, SRC_PORT, DST, DST_PORT, OBJECT, PROTOCOL, EVENT, COUNT_OF, EVIDENCE, COLUMNS };
static const char *const column_names[COLUMNS] = {"first_seen", "last_seen", "src_ip",  "src_port",
                                                  "dst_ip",     "dst_port",  "object",  "protocol",
                                                  "event",      "count",     "evidence"};

/* A row of a sheet, with one column changed. */
static const char *const base[COLUMNS] = {"2026-03-01T06:55:46Z",
                                          "2026-03-01T06:58:00Z",
                                          "192.0.2.17",
                                          "40000",
                                          "203.0.113.5",
                                          "22",
                                          "",
                                          "tcp",
                                          "brute-force",
                                          "12",
                                          "7"};
static const struct {
    enum column column;
    const char *value;
} changes[] = {{FIRST, ""},
               {FIRST, "0001-01-01T00:00:00Z"},
               {FIRST, "2026-03-01T06:58:00Z"},
               {LAST, ""},
               {LAST, "9999-12-31T23:59:59Z"},
               {SRC, ""},
               {SRC, "2001:db8::1"},
               {SRC, "255.255.255.255"},
               {SRC_PORT, ""},
               {SRC_PORT, "0"},
               {SRC_PORT, "65535"},
               {DST, ""},
               {DST, "2001:db8::ffff:1"},
               {DST_PORT, ""},
               {DST_PORT, "0"},
               {DST_PORT, "65535"},
               {OBJECT, ""},
               {OBJECT, "url:https://login.example/a?b=c"},
               {OBJECT, "url:hxxp nothing"},
               {OBJECT, "domain:www.north.example"},
               {OBJECT, "account:root"},
               {OBJECT, "account:someone@south.example"},
               {OBJECT, "mail:billing@north.example"},
               {OBJECT, "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
               {PROTOCOL, ""},
               {PROTOCOL, "udp"},
               {PROTOCOL, "ipv6-icmp"},
               {PROTOCOL, "ipv6"},
               {PROTOCOL, "ssh"},
               {PROTOCOL, "x.y+z"},
               {EVENT, ""},
               {EVENT, "other"},
               {EVENT, "c2-server"},
               {EVENT, "malware-distribution"},
               {COUNT_OF, "1"},
               {COUNT_OF, ""},
               {COUNT_OF, "9007199254740991"},
               {EVIDENCE, ""},
               {EVIDENCE, "1"},
               {EVIDENCE, "9007199254740991"}};

static bool read_row(const char *const row[COLUMNS], struct trial *t, struct sheet *out) {
    struct buf file = {.max = 4096};
    buf_string(&file, "# parley facts v1\n");
    for (int c = 0; c < COLUMNS; c++) buf_format(&file, "%s%s", c ? "," : "", column_names[c]);
    for (int c = 0; c < COLUMNS; c++) buf_format(&file, "%s%s", c ? "," : "\n", row[c]);
    buf_char(&file, '\n');
    bool good = !sheet_read(arena_bytes(&t->arena, buf_as_bytes(&file)), &t->arena, out, &t->diag);
    buf_free(&file);
    return good;
}

static bool same(const struct fact *a, const struct fact *b, enum column c) {
    static const unsigned bits[COLUMNS] = {
        [SRC] = KNOWN_SRC, [SRC_PORT] = KNOWN_SRC_PORT, [DST] = KNOWN_DST, [DST_PORT] = KNOWN_DST_PORT};
    if ((a->known & bits[c]) != (b->known & bits[c])) return false;
    bool known = a->known & bits[c];
    switch (c) {
    case FIRST: return a->first == b->first;
    case LAST: return a->last == b->last;
    case SRC: return !known || !memcmp(&a->src, &b->src, sizeof a->src);
    case SRC_PORT: return !known || a->src_port == b->src_port;
    case DST: return !known || !memcmp(&a->dst, &b->dst, sizeof a->dst);
    case DST_PORT: return !known || a->dst_port == b->dst_port;
    case OBJECT: return text_equal(a->object, b->object);
    case PROTOCOL: return text_equal(a->protocol, b->protocol);
    case EVENT: return text_equal(a->event, b->event);
    case COUNT_OF: return a->count == b->count;
    case EVIDENCE: return a->evidence == b->evidence;
    case COLUMNS: break;
    }
    return false;
}

static bool is_told(const struct trial *t, const char *field) {
    for (enum loss_kind k = 0; k < LOSS_COUNT; k++)
        if (trial_lost(t, k, field)) return true;
    return false;
}

static void show(const char *format, const char *const row[COLUMNS], const struct trial *t) {
    struct buf losses = {.max = 1 << 16};
    losses_page(&t->losses, &losses);
    print_message("%s:", format);
    for (int c = 0; c < COLUMNS; c++) print_message(" %s=%s", column_names[c], row[c]);
    print_message("\n%.*s", TEXT_ARG(buf_as_text(&losses)));
    buf_free(&losses);
}

static unsigned try_row(const struct case_format *f, const char *const row[COLUMNS]) {
    struct trial *t = trial_new();
    struct report r = REPORT_EMPTY;
    const struct case_writing writing = {&t->arena, &t->losses, 1772438400 * INSTANT_SECOND};
    const struct case_reading reading = {.arena = &t->arena, .losses = &t->losses};
    assert_true(read_row(row, t, &r.facts));
    r.id = TEXT("cert.north.example/5b2c4c0e-3f0f-4a6c-9c8e-5d6a2f7f3b11");
    r.title = TEXT("Logins");
    r.tlp = TLP_GREEN;
    r.from = TEXT("cert.north.example/abuse");
    r.to = TEXT("cert.south.example/abuse");
    r.created = r.changed = writing.now;
    unsigned faults = 0;
    if (f->write(&r, &writing, &t->out, &t->diag)) { /* refused aloud: it has nobody to report */
        assert_true(!(r.facts.at[0].known & KNOWN_SRC) && t->diag.text[0]);
        trial_end(t);
        return 0;
    }
    assert_int_equal(f->read(buf_as_bytes(&t->out), &reading, &t->got, &t->diag), OK);
    const struct sheet got = t->got.count ? t->got.at[0].facts : (struct sheet){0};
    faults = t->got.count != 1 || got.count != 1;
    for (enum column c = 0; c < COLUMNS && !faults; c++)
        faults = !same(&r.facts.at[0], &got.at[0], c) && !is_told(t, column_names[c]);
    if (faults) show(f->name, row, t);
    trial_end(t);
    return faults;
}

static void every_column_comes_back_or_is_told(void **state) {
    unsigned faults = 0;
    (void)state;
    for (size_t f = 0; f < case_format_count; f++)
        for (size_t i = 0; i < COUNT(changes); i++) {
            const char *row[COLUMNS];
            memcpy(row, base, sizeof row);
            row[changes[i].column] = changes[i].value;
            faults += try_row(&case_formats[f], row);
        }
    assert_int_equal(faults, 0);
}

/* ---- what others state and a fact can't hold */

#define OBSERVED(first, last)                                                                                          \
    "[{\"type\":\"domain-name\",\"spec_version\":\"2.1\",\"id\":\"domain-name--33fe3b22-0201-47cf-85d0-"               \
    "97c02164528d\","                                                                                                  \
    "\"value\":\"bad.example\"},{\"type\":\"observed-data\",\"spec_version\":\"2.1\",\"id\":"                          \
    "\"observed-data--33fe3b22-0201-47cf-85d0-97c02164528d\",\"created\":\"2026-03-01T09:00:00.000Z\",\"modified\":"   \
    "\"2026-03-01T09:00:00.000Z\",\"first_observed\":\"" first "\",\"last_observed\":\"" last                          \
    "\",\"number_observed\":1,\"object_refs\":[\"domain-name--33fe3b22-0201-47cf-85d0-97c02164528d\"]}]"
#define IODEF(first, last)                                                                                             \
    "<IODEF-Document version=\"2.00\" xmlns=\"urn:ietf:params:xml:ns:iodef-2.0\"><Incident purpose=\"reporting\">"     \
    "<IncidentID name=\"north\">1</IncidentID><GenerationTime>2026-03-02T00:00:00Z</GenerationTime><EventData>"        \
    "<StartTime>" first "</StartTime><EndTime>" last "</EndTime><Flow><System category=\"source\"><Node>"              \
    "<Address "                                                                                                        \
    "category=\"ipv4-addr\">192.0.2.17</Address></Node></System></Flow></EventData></Incident></IODEF-Document>"
#define F "2026-03-01T06:55:46.5Z"
#define L "2026-03-01T06:58:00.25Z"

static const struct {
    const char *format, *file, *first, *last;
} fractions[] = {
    {"stix", OBSERVED(F, L), "observed-data.first_observed", "observed-data.last_observed"},
    {"iodef", IODEF(F, L), "StartTime", "EndTime"},
    {"intelmq", "{\"time.source\":\"" F "\",\"extra.last_seen\":\"" L "\",\"source.ip\":\"192.0.2.17\"}\n",
     "time.source", "extra.last_seen"},
    {"intelmq-csv", "time.source,extra.last_seen,source.ip\n" F "," L ",192.0.2.17\n", "time.source",
     "extra.last_seen"},
    {"csv", "first_seen,last_seen,src_ip\n" F "," L ",192.0.2.17\n", "first_seen", "last_seen"},
    {"misp",
     "{\"Attribute\":[{\"type\":\"ip-src\",\"value\":\"192.0.2.17\",\"first_seen\":\"" F "\",\"last_seen\":\"" L
     "\"}]}",
     "first_seen", "last_seen"},
    {"xarf",
     "{\"xarf_version\":\"4.0.0\",\"report_id\":\"33fe3b22-0201-47cf-85d0-97c02164528d\",\"timestamp\":\"" L
     "\",\"category\":\"connection\",\"type\":\"login_attack\",\"source_identifier\":\"192.0.2.17\",\"first_seen\":\"" F
     "\",\"last_seen\":\"" L "\"}",
     "first_seen", "last_seen"},
};

static void fractions_of_seconds_are_told_by_field(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(fractions); i++) {
        struct trial *t = trial_new();
        const struct case_reading how = {.arena = &t->arena, .losses = &t->losses};
        const struct case_format *f = case_format_named(text_of(fractions[i].format));
        print_message("%s\n", f->name);
        assert_int_equal(f->read(bytes_from_text(text_of(fractions[i].file)), &how, &t->got, &t->diag), OK);
        assert_int_equal(t->got.at[0].facts.count, 1);
        const struct fact *got = &t->got.at[0].facts.at[0];
        assert_true(got->first % INSTANT_SECOND == 0 && got->last - got->first == 134 * INSTANT_SECOND);
        assert_true(trial_lost(t, LOSS_DROPPED, fractions[i].first));
        assert_true(trial_lost(t, LOSS_DROPPED, fractions[i].last));
        trial_end(t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_column_comes_back_or_is_told),
                                       cmocka_unit_test(fractions_of_seconds_are_told_by_field)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
