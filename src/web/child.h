/* A command in a process of its own: what it prints, what it says, how it ended. */
#ifndef PARLEY_WEB_CHILD_H
#define PARLEY_WEB_CHILD_H

#include <sys/types.h>

#include "base/buf.h"

struct child {
    pid_t process; /* 0: none runs */
    int output, told;
    struct buf printed; /* standard output */
    struct buf said;    /* standard error; its last part where it is much */
    int status;         /* once it has ended: as a shell says it */
    bool too_much;      /* it printed more than fits, and was ended */
};
/* Starts `run` in a process of its own, with nothing on standard input; what it returns is the exit status. */
enum error child_start(struct child *c, int (*run)(const void *with), const void *with, size_t output_max,
                       struct diag *d) MUST_USE;
/* Takes what is there to read, without waiting.  True: it has ended, and all was read. */
bool child_look(struct child *c);
/* Ends it where it runs, and forgets what it printed. */
void child_end(struct child *c);
/* Lets it end by itself, unheard: its process, which is to be waited for.  0: it does not run. */
pid_t child_leave(struct child *c);

#endif
