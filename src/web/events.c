/* What the page is told without asking. */
#include <string.h>

#include "base/os.h"
#include "web/server.h"

enum { AGAIN_SECONDS = 5 };

/* ---- those who listen */

static ssize_t read_events(void *state, uint64_t at, char *out, size_t room) {
    struct exchange *x = state;
    (void)at;
    if (!x->pending.size) {
        x->waiting = true;
        MHD_suspend_connection(x->connection);
        return 0;
    }
    size_t size = x->pending.size < room ? x->pending.size : room;
    memcpy(out, x->pending.at, size);
    memmove(x->pending.at, x->pending.at + size, x->pending.size - size);
    x->pending.size -= size;
    return (ssize_t)size;
}

enum MHD_Result events_answer(struct exchange *x) {
    struct MHD_Response *r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_events, x, NULL);
    if (!r) return MHD_NO;
    x->streams = true;
    x->pending.max = WEB_PENDING_MAX;
    buf_string(&x->pending, ": here\n\n");
    answer_headers(r, "text/event-stream");
    enum MHD_Result result = MHD_queue_response(x->connection, MHD_HTTP_OK, r);
    MHD_destroy_response(r);
    return result;
}

static void tell_one(struct exchange *x, const char *name, struct text data) {
    if (x->pending.size + data.size + 100 > WEB_PENDING_MAX) { /* it does not read: it must look again at everything */
        buf_clear(&x->pending);
        buf_string(&x->pending, "event: lost\ndata: {}\n\n");
        return;
    }
    buf_format(&x->pending, "event: %s\ndata: ", name);
    buf_line(&x->pending, data);
    buf_string(&x->pending, "\n\n");
    if (!x->waiting) return;
    x->waiting = false;
    MHD_resume_connection(x->connection);
}

void events_tell(struct server *s, const char *name, struct text data) {
    for (struct exchange *x = s->exchanges; x; x = x->next)
        if (x->streams) tell_one(x, name, data);
}

/* ---- what changes, as a command tells it line by line */

static int follow(const void *with) {
    const struct web_desk *desk = with;
    const char *none[] = {NULL};
    const struct web_line line = {.command = desk->follow, .words = none, .language = "", .follows = true};
    return desk->run(desk->state, &line);
}

static void tell_lines(struct server *s) {
    struct text rest = buf_as_text(&s->follower.printed), line;
    size_t size = rest.size;
    while (text_line(&rest, &line)) {
        bool begins = text_is(line, "{}");
        if (!begins) events_tell(s, "change", line);
        if (begins && s->follower_ended) events_tell(s, "lost", line); /* what came meanwhile was not told */
        s->follower_ended = s->follower_ended && !begins;
    }
    memmove(s->follower.printed.at, s->follower.printed.at + (size - rest.size), rest.size);
    s->follower.printed.size = rest.size;
}

void events_look(struct server *s) {
    const struct web_desk *desk = &s->options->desk;
    bool anybody = false;
    for (struct exchange *x = s->exchanges; x; x = x->next) anybody = anybody || x->streams;
    if (!anybody || !s->session.secret.at[0]) {
        child_end(&s->follower);
        return;
    }
    if (!s->follower.process) {
        if (os_now() < s->follow_again) return;
        s->follow_again = os_now() + AGAIN_SECONDS * INSTANT_SECOND;
        if (child_start(&s->follower, follow, desk, WEB_PENDING_MAX, NULL)) return;
    }
    bool ended = child_look(&s->follower);
    if (s->follower.printed.size) tell_lines(s);
    if (!ended) return;
    events_tell(s, "ended", TEXT("{}"));
    s->follower_ended = true;
    child_end(&s->follower);
}
