/* Every line of the real logs: read, or counted by its reason.  The totals of lines are those of `wc -l`. */
#include "real.h"

static const struct stamp_options utc = {.until = INSTANT_NONE};

struct total { /* other reasons: none */
    const char *file, *format;
    unsigned lines, facts, rule, kind, event, comments, subject, quote;
};
static const struct total totals[] = {
    {"zeek/json/dpd.json", "zeek", 77, 0, 0, 77, 0, 0, 0, 0},
    {"zeek/json/ftp.json", "zeek", 93, 0, 0, 93, 0, 0, 0, 0},
    {"zeek/json/known_hosts.json", "zeek", 253, 0, 0, 253, 0, 0, 0, 0},
    {"zeek/json/notice.json", "zeek", 207, 0, 207, 0, 0, 0, 0, 0},
    {"zeek/json/ntlm.json", "zeek", 422, 0, 0, 422, 0, 0, 0, 0},
    {"zeek/json/rdp.json", "zeek", 4122, 0, 0, 4122, 0, 0, 0, 0},
    {"zeek/json/smtp.json", "zeek", 1188, 0, 0, 1188, 0, 0, 0, 0},
    {"zeek/json/software.json", "zeek", 376, 0, 0, 376, 0, 0, 0, 0},
    {"zeek/json/ssh.json", "zeek", 22, 2, 5, 15, 0, 0, 0, 0},
    {"zeek/tsv/dpd.log", "zeek", 86, 0, 0, 77, 0, 9, 0, 0},
    {"zeek/tsv/ftp.log", "zeek", 102, 0, 0, 93, 0, 9, 0, 0},
    {"zeek/tsv/known_hosts.log", "zeek", 262, 0, 0, 253, 0, 9, 0, 0},
    {"zeek/tsv/notice.log", "zeek", 216, 0, 207, 0, 0, 9, 0, 0},
    {"zeek/tsv/ntlm.log", "zeek", 431, 0, 0, 422, 0, 9, 0, 0},
    {"zeek/tsv/rdp.log", "zeek", 4131, 0, 0, 4122, 0, 9, 0, 0},
    {"zeek/tsv/smtp.log", "zeek", 1197, 0, 0, 1188, 0, 9, 0, 0},
    {"zeek/tsv/software.log", "zeek", 385, 0, 0, 376, 0, 9, 0, 0},
    {"zeek/tsv/ssh.log", "zeek", 31, 2, 5, 15, 0, 9, 0, 0},
    {"honeypot/heralding_first8000.ndjson", "heralding", 8000, 648, 7352, 0, 0, 0, 0, 0},
    {"honeypot/cowrie_sessions_20k.csv", "flow", 20001, 0, 0, 0, 19997, 1, 3, 0},
    {"suricata/first-org-conf-2015.alerts-only.eve.ndjson", "eve", 136, 91, 45, 0, 0, 0, 0, 0},
    {"suricata/honeypot-2018.alerts-only.eve.ndjson", "eve", 44, 39, 5, 0, 0, 0, 0, 0},
    {"suricata/wrccdc-2017.alerts-only.eve.ndjson", "eve", 161, 46, 115, 0, 0, 0, 0, 0},
    {"suricata/wrccdc-2018.alerts-only.eve.ndjson", "eve", 207, 120, 87, 0, 0, 0, 0, 0},
    {"weblogs/apache_logs", "combined", 10000, 53, 9946, 0, 0, 0, 0, 1 /* is cut off */},
};

static void count_lines(const struct total *t, unsigned counts[static REASON_COUNT], unsigned *lines) {
    static struct reader r;
    struct arena a = {0};
    struct text log = real_file(t->file, &a), rest = log, line;
    const struct format *f = format_detect(log);
    struct columns c = {0};
    if (f != format_find(text_of(t->format))) broken("%s: seen as %s", t->file, f ? f->name : "nothing");
    if (f->has_header && text_line(&rest, &line)) assert_int_equal(f->head(line, &c, NULL), OK);
    reader_start(&r, f, &c, &utc, (struct chain){0}, (struct text){0});
    while (log.size) {
        struct observation o;
        if (!text_line(&log, &line)) {
            line = log;
            log.size = 0;
        }
        counts[reader_line(&r, line, &o)]++;
        ++*lines;
    }
    arena_free(&a);
}

static void every_line_is_read_or_counted(void **state) {
    (void)state;
    real_folder();
    for (size_t i = 0; i < COUNT(totals); i++) {
        const struct total *t = &totals[i];
        unsigned counts[REASON_COUNT] = {0}, lines = 0;
        count_lines(t, counts, &lines);
        unsigned expected[REASON_COUNT] = {
            [REASON_FACT] = t->facts,  [REASON_RULE] = t->rule,        [REASON_KIND] = t->kind,
            [REASON_EVENT] = t->event, [REASON_COMMENT] = t->comments, [REASON_SUBJECT] = t->subject,
            [REASON_QUOTE] = t->quote};
        if (lines != t->lines) broken("%s: %u lines", t->file, lines);
        for (int reason = 0; reason < REASON_COUNT; reason++)
            if (counts[reason] != expected[reason])
                broken("%s: %s: %u, not %u", t->file, reasons[reason].name, counts[reason], expected[reason]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_line_is_read_or_counted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
