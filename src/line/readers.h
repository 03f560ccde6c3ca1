/* The functions behind the table of formats: one file each. */
#ifndef PARLEY_LINE_READERS_H
#define PARLEY_LINE_READERS_H

#include "line/formats.h"

unsigned sshd_detect(struct text line);
enum reason sshd_parse(struct reader *r, struct text line, struct observation *out);

unsigned combined_detect(struct text line);
unsigned common_detect(struct text line);
enum reason combined_parse(struct reader *r, struct text line, struct observation *out);

unsigned error_detect(struct text line);
enum reason error_parse(struct reader *r, struct text line, struct observation *out);

unsigned eve_detect(struct text line);
enum reason eve_parse(struct reader *r, struct text line, struct observation *out);

unsigned jsonl_detect(struct text line);
enum reason jsonl_parse(struct reader *r, struct text line, struct observation *out);

/* Lines of both are read by fields_parse. */
unsigned csv_detect(struct text line);
enum error csv_head(struct text line, struct columns *out, struct diag *d);
unsigned flow_detect(struct text line);
enum error flow_head(struct text line, struct columns *out, struct diag *d);

#endif
