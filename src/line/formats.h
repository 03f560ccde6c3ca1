/* Log formats: a table of names, and what each makes of a line.
 *
 * A line is its bytes without the LF; a CR at its end is not part of it.  What a line holds was written by strangers:
 * user names, paths and agents say nothing of the source, which is read where only the program that writes the log
 * can have put it.
 * Limits: LINE_MAX bytes a line.  Nothing is allocated per line.  Ownership: see observation.h. */
#ifndef PARLEY_LINE_FORMATS_H
#define PARLEY_LINE_FORMATS_H

#include "line/combined.h"
#include "line/logins.h"
#include "line/observation.h"
#include "line/syslog.h"
#include "json/fields.h"

enum { LINE_BYTES_MAX = 1 << 18, DETECT_LINES = 100, KEPT_ROW_MAX = 8192 };

struct reader;
struct where;

struct field_map; /* see line/map.h */

enum { COLUMNS_MAX = 64, KEPT_MAX = 16 };
struct columns { /* of a file with a header: which column each field is, in the order of the file */
    size_t count;
    uint8_t field[COLUMNS_MAX];
    char separator;
    const struct field_map *map; /* what the user said of the columns; NULL: nothing */
};

struct format {
    const char *name, *summary; /* the summary is untranslated */
    bool has_header;            /* the first line that is no comment names the columns */
    bool years;                 /* its stamps may lack the year */
    bool keeps_port;            /* a source port is part of what is alleged, not just of one connection */
    /* How sure a line makes one that the file is of this format: 0 for not at all. */
    unsigned (*detect)(struct text line);
    /* Reads the header; NULL without one.  `out->map` is looked at, and stays. */
    enum error (*head)(struct text line, struct columns *out, struct diag *d);
    /* Writes *out whatever the reason: its time where that could be read, its addresses where they could. */
    enum reason (*parse)(struct reader *r, struct text line, struct observation *out);
    /* Reads a line that begins with `#` and may say what the columns of those behind it are; NULL: it never does. */
    void (*note)(struct text line, struct columns *io);
};
extern const struct format line_formats[];
extern const size_t line_format_count;

const struct format *format_find(struct text name);
/* Of files that no format fits: none of their lines can be read.  It is not in the table. */
extern const struct format line_unknown;
/* Whether its stamps are those of own.h: a program's own log. */
bool format_is_own_log(const struct format *f);
/* The line that evidence is of: that which a line of `kept` holds, and any other itself. */
struct text kept_line(const struct format *f, struct text line);
/* The format of a file by its first lines: `sample` ends where a line ends or the file does.  NULL: none fits. */
const struct format *format_detect(struct text sample);

struct rules;

struct reader_program { /* the program of the line before, and which rules are about it */
    bool set, known;
    uint8_t size;
    char name[62];
    uint64_t sections;
};

/* What the lines of a part say of the columns of the next one. */
void columns_lines(const struct format *f, struct text part, struct columns *io);

/* What a line says beside its observation. */
struct beside {
    unsigned known; /* a set of enum known: of `outside` and its port */
    struct ip outside;
    uint16_t outside_port;
    bool port_block, none;                        /* none: the line counts no event */
    uint64_t block_first, block_last, block_size; /* 0: not said */
    instant duration;                             /* INSTANT_NONE: not said */
    struct text kept[KEPT_MAX];                   /* views, while the line is read */
};

/* What reads the lines of one part of a file. */
struct reader {
    struct stamper stamper;
    struct syslog_names tags;
    struct visit_search search; /* its sift is what lines are searched with */
    const struct format *format;
    struct columns columns;
    struct text event;         /* asserted for every line with a subject; empty: none */
    bool no_nul;               /* who starts it has seen that no line holds a NUL */
    const struct rules *rules; /* set after reader_start; NULL: none but those that are no files */
    struct reader_program program;
    struct beside beside;
    char object[OBJECT_MAX];
    const struct where *where;    /* which observations are meant; NULL: all.  Set after reader_start */
    struct json_names json_names; /* of formats that are JSON */
    struct logins logins;         /* of the line that was read last; `asked` is set after reader_start, and stays */
    char scratch[OBJECT_MAX + 16384];
};
void reader_start(struct reader *r, const struct format *f, const struct columns *columns,
                  const struct stamp_options *o, struct chain chain, struct text event);
/* One line of the reader's format.  REASON_FACT: *out is an observation with a time, an event and a subject. */
enum reason reader_line(struct reader *r, struct text line, struct observation *out);

#endif
