/* The functions behind the table of formats: one file each. */
#ifndef PARLEY_LINE_READERS_H
#define PARLEY_LINE_READERS_H

#include "line/formats.h"

unsigned sshd_detect(struct text line);
enum reason sshd_parse(struct reader *r, struct text line, struct observation *out);

#endif
