/* A secret in a file, as keys for other programs' servers are kept: its first line. */
#ifndef PARLEY_CLI_KEY_FILE_H
#define PARLEY_CLI_KEY_FILE_H

#include "cli/cli.h"

/* Without what ends the line (LF or CR LF) and blanks around it; may be empty.  A view into the command's arena. */
enum error key_file_line(struct cli *c, const char *path, struct text *out) MUST_USE;

#endif
