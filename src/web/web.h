/* The desk's page: an HTTP server on loopback for the browser of one person.
 *
 * The page's interface is the command line: POST /api/run/COMMAND runs a command with the words and options of its JSON
 * body (call.h) in a process of its own, which inherits the keys that this one holds open, and answers with what the
 * command prints.  So nothing is hidden beside the interface, and what a command can't do, the page can't.
 *
 *     GET  /                       the page; also below /today, /case/…: the page reads its own address
 *     GET  /page/NAME              what the page is made of; no secret needed
 *     GET  /open?key=KEY           once: leads to the page with the session's secret behind `#`
 *     POST /api/run/COMMAND        runs it; ?job=NAME names it in the events
 *     GET  /api/session            whose desk it is, and until when its keys are open
 *     GET  /api/events             a stream (text/event-stream): changes of records, progress of jobs
 *     GET  /api/openapi.json       all of that for programs
 *     POST /api/lock, /api/unlock  forgets the keys; takes {"passphrase": …} and gives a new secret
 *
 * Everything below /api but /api/unlock needs the header `Parley-Session: SECRET`.  There are no cookies, which would
 * be sent to every other port of this machine; a page of another origin can't set the header, and the Host of a request
 * must be this server's own, so that no name that an attacker makes point at loopback reaches it.
 *
 * Limits: WEB_BODY_MAX bytes of a request, WEB_OUTPUT_MAX of an answer, WEB_CALLS_MAX commands at once, the others
 * wait; WEB_CONNECTIONS_MAX connections. */
#ifndef PARLEY_WEB_WEB_H
#define PARLEY_WEB_WEB_H

#include "base/buf.h"
#include "base/instant.h"
#include "base/random.h"

enum {
    WEB_BODY_MAX = 64 << 20,
    WEB_OUTPUT_MAX = 512 << 20,
    WEB_CALLS_MAX = 4,
    WEB_CONNECTIONS_MAX = 64,
    WEB_IDLE_SECONDS = 120
};

struct web_file { /* of the page, built into the program */
    const char *name, *type;
    const uint8_t *at;
    size_t size;
};

extern const struct web_file web_page_files[]; /* made by console/build.mjs */
extern const size_t web_page_file_count;

struct web_line { /* a command line: run in a process of its own, whose standard output is the answer */
    const char *command;
    const char **words; /* all that follows the command, NULL last */
    size_t count;
    const char *language; /* "fr": for what people read; empty: that of the desk */
    bool follows;         /* its output is a stream of lines, one an event, until it is ended */
};

struct web_desk { /* what the server asks of who opened it */
    /* Runs it and returns its exit status; called in a process of its own. */
    int (*run)(void *state, const struct web_line *line);
    /* NULL: there is no such command for the page; else the media type of what it prints. */
    const char *(*prints)(void *state, const char *command, const char *const *words);
    enum error (*lock)(void *state, struct diag *d);
    enum error (*unlock)(void *state, struct text passphrase, struct diag *d);
    /* Appends JSON. */
    enum error (*session)(void *state, struct buf *out, struct diag *d);
    enum error (*openapi)(void *state, struct buf *out, struct diag *d);
    /* The command whose lines are the events; its first is {}, once it can tell what changes. */
    const char *follow;
    void *state;
};

struct web_options {
    const char *listen; /* "127.0.0.1:0"; only loopback is taken */
    instant open_for;   /* without a request for so long, the keys are forgotten */
    const struct web_file *files;
    size_t file_count;
    struct random *random;
    struct web_desk desk;
    /* The link was made: at the start, and anew at each SIGUSR1. */
    void (*told)(void *state, const char *link);
};
/* Runs until SIGTERM or SIGINT, which it blocks and takes for the whole process.  The process must have no threads. */
enum error web_run(const struct web_options *o, struct diag *d) MUST_USE;

#endif
