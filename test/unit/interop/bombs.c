/* Files that are made to take all time or memory: each format refuses them, or takes them with losses told, within
 * bounds that the system holds.  Each is read in a process of its own. */
#include "unit.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trial.h"

enum { SECONDS_MAX = 20, RSS_MAX_KIB = 2 << 20, LARGE = 100 << 20, DEEP = 100000, PARTS = 10000, TAGS = 5 << 20 };

static void many(struct buf *out, const char *what, size_t count) {
    size_t size = strlen(what);
    for (size_t i = 0; i < count; i++) buf_bytes(out, bytes_of(what, size));
}

static void entities(struct buf *out) {
    buf_string(out, "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY e0 \"lol\">");
    for (int i = 1; i < 12; i++) {
        buf_format(out, "<!ENTITY e%d \"", i);
        for (int k = 0; k < 10; k++) buf_format(out, "&e%d;", i - 1);
        buf_string(out, "\">");
    }
    buf_string(out, "]><IODEF-Document xmlns=\"urn:ietf:params:xml:ns:iodef-2.0\">&e11;</IODEF-Document>");
}
static void external(struct buf *out) {
    buf_string(out, "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><IODEF-Document "
                    "xmlns=\"urn:ietf:params:xml:ns:iodef-2.0\">&x;</IODEF-Document>");
}
static void deep_xml(struct buf *out) {
    buf_string(out, "<IODEF-Document xmlns=\"urn:ietf:params:xml:ns:iodef-2.0\">");
    many(out, "<a>", DEEP);
}
static void many_tags(struct buf *out) {
    buf_string(out, "<IODEF-Document xmlns=\"urn:ietf:params:xml:ns:iodef-2.0\" version=\"2.00\">");
    many(out, "<a/>", TAGS);
    buf_string(out, "</IODEF-Document>");
}
static void deep_json(struct buf *out) { many(out, "{\"objects\":[", DEEP); }
static void long_string(struct buf *out) {
    buf_string(out, "{\"type\":\"bundle\",\"Event\":{\"info\":\"");
    memset(buf_extend(out, LARGE), 'a', LARGE);
    buf_string(out, "\"}}");
}
static void invalid_utf8(struct buf *out) {
    buf_string(out, "{\"type\":\"bundle\",\"id\":\"\xff\xfe\xc0\xaf\",\"objects\":[]}");
}
static void mail_parts(struct buf *out) {
    buf_string(out, "From: a@north.example\nMIME-Version: 1.0\nContent-Type: multipart/report; "
                    "report-type=feedback-report; boundary=b\n\n");
    many(out, "--b\n\nx\n", PARTS);
    buf_string(out, "--b--\n");
}

static const struct {
    const char *name;
    void (*make)(struct buf *out);
    const char *must; /* the format that must refuse it; NULL: every one of JSON or XML may say so in its way */
} bombs[] = {{"entities", entities, "iodef"},         {"external entity", external, "iodef"},
             {"deep XML", deep_xml, "iodef"},         {"many tags", many_tags, "iodef"},
             {"deep JSON", deep_json, "stix"},        {"100 MiB string", long_string, "stix"},
             {"invalid UTF-8", invalid_utf8, "stix"}, {"10,000 parts", mail_parts, "arf"}};

_Noreturn static void read_it(const struct case_format *f, struct bytes file) {
    const struct rlimit cpu = {SECONDS_MAX, SECONDS_MAX};
    struct trial *t = trial_new();
    const struct case_reading how = {.arena = &t->arena, .losses = &t->losses};
    setrlimit(RLIMIT_CPU, &cpu);
    enum error result = f->read(file, &how, &t->got, &t->diag);
    _exit(result == OK ? 0 : t->diag.text[0] ? 1 : 2);
}

static void what_is_made_to_take_all_ends_in_bounds(void **state) {
    (void)state;
    for (size_t b = 0; b < COUNT(bombs); b++) {
        struct buf file = {.max = LARGE + 4096};
        bombs[b].make(&file);
        assert_false(file.failed);
        for (size_t i = 0; i < case_format_count; i++) {
            int status;
            struct rusage used;
            pid_t child = fork();
            if (!child) read_it(&case_formats[i], buf_as_bytes(&file));
            assert_int_equal(wait4(child, &status, 0, &used), child);
            bool good = WIFEXITED(status) && WEXITSTATUS(status) < 2 && used.ru_maxrss < RSS_MAX_KIB;
            bool refused = WIFEXITED(status) && WEXITSTATUS(status) == 1;
            bool must = bombs[b].must && !strcmp(bombs[b].must, case_formats[i].name);
            if (!good || (must && !refused))
                print_message("%s, %s: status %x, %ld KiB\n", bombs[b].name, case_formats[i].name, (unsigned)status,
                              used.ru_maxrss);
            assert_true(good);
            assert_true(refused || !must);
        }
        buf_free(&file);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_made_to_take_all_ends_in_bounds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
