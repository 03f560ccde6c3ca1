/* facts --follow: facts of logs that are still written to, as their windows close. */
#include <string.h>
#include <time.h>

#include "base/os.h"
#include "cli/facts_options.h"
#include "cli/speak.h"
#include "scan/follow.h"

enum error cli_follow_options(struct cli *c, const struct follow_typed *t, const char *sheet, instant *slack) {
    *slack = SCAN_SLACK;
    if (t->slack && !instant_length_read(text_of(t->slack), slack))
        return cli_usage(c, _("--slack: expected a length as 5m, 30s or 0, found “%s”"), t->slack);
    if (!t->follow) {
        if (t->state || t->once) return cli_usage(c, _("--state and --once are for --follow"));
        return OK;
    }
    if (t->state && !strcmp(sheet, "-"))
        return cli_usage(c, _("--state says how much of the facts is there: give them a file with -o"));
    return OK;
}

static void tell(struct cli *c, const struct follow_told *told) {
    struct buf page = {.max = 1 << 16};
    const struct {
        const char *name;
        uint64_t number;
    } rows[] = {{_("lines"), told->lines},
                {_("facts that closed"), told->rows},
                {_("lines later than the slack allows"), told->late},
                {_("logs rotated"), told->rotated},
                {_("logs cut off"), told->truncated},
                {_("rests of old logs that were not found"), told->lost}};
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].number || i < 2) buf_format(&page, "%s: %llu\n", rows[i].name, (unsigned long long)rows[i].number);
    for (int i = 0; i < REASON_COUNT; i++)
        if (i != REASON_FACT && told->counts[i])
            buf_format(&page, "  %9llu  %s\n", (unsigned long long)told->counts[i], gettext(reasons[i].sentence));
    if (!c->quiet) fwrite(page.at, 1, page.size, stderr);
    buf_free(&page);
}

/* A line of JSON: what was read since the start, told whenever there is more of it. */
static enum error tell_json(struct cli *c, const struct follow_told *told, bool end) {
    json_t *report = json_object(), *list = json_array();
    char now[INSTANT_TEXT_MAX];
    json_put_text(report, "at", instant_write(os_now(), now));
    json_put_bool(report, "end", end);
    json_put_u64(report, "lines", told->lines);
    json_put_u64(report, "facts", told->rows);
    json_put_u64(report, "late", told->late);
    json_put_u64(report, "rotated", told->rotated);
    json_put_u64(report, "truncated", told->truncated);
    json_put_u64(report, "lost", told->lost);
    for (int i = 0; i < REASON_COUNT; i++) {
        if (i == REASON_FACT || !told->counts[i]) continue;
        json_t *reason = json_object();
        json_put_text(reason, "reason", text_of(reasons[i].name));
        json_put_u64(reason, "count", told->counts[i]);
        json_add(list, reason);
    }
    json_put(report, "reasons", list);
    enum error result = cli_print_json(c, report);
    fflush(stdout);
    return result;
}

/* What is lost is told when it is seen to be. */
static void tell_lost(const struct cli *c, const struct follow_told *told, uint64_t *lost) {
    if (told->lost != *lost && !c->quiet)
        fprintf(stderr, "%s\n", _("the rest of a log that was rotated or cut off is not found: lines may be missing"));
    *lost = told->lost;
}

static void wait_a_second(void) {
    const struct timespec second = {.tv_sec = 1};
    nanosleep(&second, NULL);
}

static enum error follow_all(struct cli *c, struct follow *f, bool once) {
    struct progress progress;
    uint64_t lost = 0, lines = 0;
    enum error result = OK;
    const struct follow_told *told = follow_told(f);
    progress_start(&progress, c);
    for (bool more = true; !result && more;) {
        result = follow_step(f, &c->diag);
        tell_lost(c, told, &lost);
        progress_tell(&progress, _("lines: %llu, facts that closed: %llu"), (unsigned long long)told->lines,
                      (unsigned long long)told->rows);
        more = told->busy || !once;
        if (!result && c->json && told->lines != lines) result = tell_json(c, told, false);
        lines = told->lines;
        if (!result && !told->busy && more) wait_a_second();
    }
    progress_end(&progress);
    if (!result) tell(c, told);
    return !result && c->json ? tell_json(c, told, true) : result;
}

enum error cli_follow(struct cli *c, const struct follow_options *o, bool once) {
    struct follow *f = NULL;
    enum error result = follow_new(c->words.at, c->words.count, o, &f, &c->diag);
    if (!result) result = follow_all(c, f, once);
    follow_free(f);
    return result;
}
