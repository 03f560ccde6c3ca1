/* calendar: what is due and the meetings to come, for a calendar program to read. */
#include "base/os.h"
#include "cli/speak.h"
#include "desk/duty.h"
#include "desk/gate.h"

struct calendar {
    bool theirs, details, yes;
    struct buf out;
};

/* With details what stands in a case is seen by whoever sees the calendar. */
static enum error pass(const struct calendar *l, const struct matter *m, struct diag *d) {
    if (!l->details) return OK;
    return gate_pass(&(struct gate){.level = m->tlp, .to = GATE_HOUSE, .agreed = l->yes}, d);
}

static enum error add(struct talk *t, void *state, bool *keep, struct diag *d) {
    struct calendar *l = state;
    struct duty *list;
    size_t count;
    (void)keep;
    if (t->state.channel.drill) return OK;
    enum error result = duty_list(t, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        if (list[i].due == INSTANT_NONE || (list[i].party == 1 - t->own && !l->theirs)) continue;
        result = pass(l, list[i].matter, d);
        if (!result) duty_item(t, &list[i], l->details, &l->out);
    }
    return result;
}

enum error cli_calendar(struct cli *c) {
    struct calendar l = {.out = {.max = (size_t)1 << 26}};
    const char *path = NULL;
    struct desk *k = NULL;
    size_t channels;
    const struct option_row rows[] = {
        {"-o", OPTION_WORD, &path, "FILE", N_("write it there (else to standard output)")},
        {"--theirs", OPTION_FLAG, &l.theirs, NULL, N_("also what the other side owes")},
        {"--details", OPTION_FLAG, &l.details, NULL,
         N_("titles and cases, which the calendar's other readers then see")},
        {"--yes", OPTION_FLAG, &l.yes, NULL,
         N_("with --details: agree that what is TLP:RED stands in the calendar, too")},
    };
    struct talk_at at = {.as_of = c->now};
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (!result && l.yes && !l.details) result = cli_usage(c, _("--yes goes with --details"));
    if (!result) result = cli_open_desk(c, &k);
    if (!result) {
        ical_begin(TEXT("parley"), &l.out);
        result = talk_each(k, &at, add, &l, &channels, &c->diag);
        ical_end(&l.out);
    }
    if (!result && path && strcmp(path, "-") != 0) {
        result = buf_check(&l.out, &c->diag);
        if (!result) result = os_write(path, buf_as_bytes(&l.out), 0600, &c->diag);
    } else if (!result) {
        result = cli_print(c, &l.out);
    }
    buf_free(&l.out);
    desk_close(k);
    return result;
}
