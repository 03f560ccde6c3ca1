/* Commands: each in a process of its own, at most WEB_CALLS_MAX at once. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/os.h"
#include "web/server.h"
#include "json/json.h"

/* ---- starting */

struct starting {
    const struct web_desk *desk;
    struct web_line line;
};

static int run_line(const void *with) {
    const struct starting *q = with;
    return q->desk->run(q->desk->state, &q->line);
}

static enum error start(struct exchange *x, struct diag *d) {
    const struct starting q = {
        &x->server->options->desk,
        {.command = x->command, .words = x->call.words, .count = x->call.count, .language = x->language}};
    enum error result = child_start(&x->child, run_line, &q, WEB_OUTPUT_MAX, d);
    if (!result) x->server->running++;
    call_close(&x->call);
    return result;
}

static void take_argument(struct exchange *x, const char *name, char *out, size_t room) {
    const char *value = MHD_lookup_connection_value(x->connection, MHD_GET_ARGUMENT_KIND, name);
    if (value && strlen(value) < room && text_shown(text_of(value))) strcpy(out, value);
}

static enum error begin(struct exchange *x, struct diag *d) {
    const struct web_desk *desk = &x->server->options->desk;
    if (!x->rest.size || x->rest.size >= WEB_NAME_MAX) return fail(d, ERR_MISSING, _("no such command"));
    memcpy(x->command, x->rest.at, x->rest.size);
    take_argument(x, "job", x->job, sizeof x->job);
    take_argument(x, "language", x->language, sizeof x->language);
    if (!desk->prints(desk->state, x->command, NULL))
        return fail(d, ERR_MISSING, _("the page has no command “%s”"), x->command);
    enum error result = call_read(buf_as_bytes(&x->body), &x->arena, &x->call, d);
    if (!result) x->type = desk->prints(desk->state, x->command, x->call.words);
    return result;
}

/* ---- ending */

/* What went wrong, as the command said it last, without its own name. */
static struct text reason(const struct exchange *x) {
    struct text said = text_trim(buf_as_text(&x->child.said)), line;
    while (said.size && said.at[said.size - 1] == '\n') said.size--;
    for (struct text rest = said; text_line(&rest, &line);) said = rest;
    size_t name = strlen(x->command);
    if (text_skip(&said, TEXT("parley ")) && said.size > name + 2 && !memcmp(said.at, x->command, name))
        said = text_sub(said, name + 2, said.size);
    return said;
}

static enum MHD_Result answer_end(struct exchange *x) {
    static const unsigned by_status[] = {MHD_HTTP_OK, MHD_HTTP_CONFLICT, MHD_HTTP_BAD_REQUEST,
                                         MHD_HTTP_SERVICE_UNAVAILABLE, MHD_HTTP_UNPROCESSABLE_CONTENT};
    const struct child *c = &x->child;
    if (c->too_much) return answer_status(x, MHD_HTTP_INSUFFICIENT_STORAGE, _("more than the page can take"));
    if (!c->status || (c->status == 1 && c->printed.size)) /* a no that says more */
        return answer_bytes(x, MHD_HTTP_OK, x->type, buf_as_bytes(&c->printed));
    struct buf words = {.max = 1 << 16};
    buf_line(&words, reason(x));
    if (!words.size) buf_string(&words, _("the command ended without a word"));
    buf_char(&words, 0);
    unsigned status = c->status < (int)COUNT(by_status) ? by_status[c->status] : MHD_HTTP_INTERNAL_SERVER_ERROR;
    enum MHD_Result result = answer_status(x, status, (const char *)words.at);
    buf_free(&words);
    return result;
}

static void wait_for_it(struct exchange *x) {
    x->waiting = true;
    MHD_suspend_connection(x->connection);
}

enum MHD_Result run_answer(struct exchange *x) {
    struct diag d = {0};
    if (x->type) return answer_end(x); /* it has ended, or could not begin */
    enum error result = begin(x, &d);
    if (!result && x->server->running == WEB_CALLS_MAX) {
        x->queued = true;
        wait_for_it(x);
        return MHD_YES;
    }
    if (!result) result = start(x, &d);
    if (result) return answer_fault(x, result, &d);
    wait_for_it(x);
    return MHD_YES;
}

/* ---- while they run */

/* Lines of progress begin with a record separator; they are told, and are no reason. */
static void tell_progress(struct exchange *x) {
    struct buf rest = {.max = x->child.said.max};
    struct text said = buf_as_text(&x->child.said), line;
    if (text_find(said, '\x1e') == said.size) return;
    while (text_line(&said, &line)) {
        if (!text_skip(&line, TEXT("\x1e"))) {
            buf_text(&rest, line);
            buf_char(&rest, '\n');
            continue;
        }
        struct buf data = {.max = 1 << 16};
        json_t *object = json_object();
        json_put_text(object, "job", text_of(x->job));
        json_put_text(object, "text", json_is_text(line) ? line : TEXT("?"));
        json_canonical(object, &data);
        json_decref(object);
        events_tell(x->server, "progress", buf_as_text(&data));
        buf_free(&data);
    }
    buf_text(&rest, said);
    buf_free(&x->child.said);
    x->child.said = rest;
}

static void wake(struct exchange *x) {
    x->waiting = false;
    MHD_resume_connection(x->connection);
}

static void start_queued(struct exchange *x) {
    struct diag d = {0};
    x->queued = false;
    if (!start(x, &d)) return;
    x->child.status = 3;
    x->child.said.max = sizeof d.text;
    buf_string(&x->child.said, d.text);
    wake(x);
}

static void reap(struct server *s) {
    for (size_t i = 0; i < COUNT(s->left); i++) {
        if (!s->left[i] || !waitpid(s->left[i], NULL, WNOHANG)) continue;
        s->left[i] = 0;
        s->running--;
    }
}

void run_look(struct server *s) {
    reap(s);
    for (struct exchange *x = s->exchanges; x; x = x->next) {
        if (!x->waiting || x->queued || x->streams) continue;
        bool ended = child_look(&x->child);
        tell_progress(x);
        if (!ended) continue;
        s->running--;
        wake(x);
    }
    /* The list begins with the newest: who waits longest is the last. */
    for (struct exchange *oldest = NULL; s->running < WEB_CALLS_MAX; oldest = NULL) {
        for (struct exchange *x = s->exchanges; x; x = x->next)
            if (x->queued) oldest = x;
        if (!oldest) break;
        start_queued(oldest);
    }
}

/* The browser has gone away.  A command that says something must not stop half-way; one that works long writes of its
 * progress, and ends where nobody listens. */
void run_end(struct exchange *x) {
    pid_t process = child_leave(&x->child);
    pid_t *at = x->server->left;
    while (process && *at) at++; /* there are as many places as commands that run at once */
    if (process) *at = process;
    call_close(&x->call);
}

void run_stop(struct server *s) {
    for (size_t i = 0; i < COUNT(s->left); i++)
        if (s->left[i] && kill(s->left[i], SIGTERM) == 0 && waitpid(s->left[i], NULL, 0) > 0) s->left[i] = 0;
}
