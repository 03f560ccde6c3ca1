/* Scanning log files: bytes in, one call a line.
 *
 * Files are read from their start to their end, in the order given; logs_find in set.h finds and orders them; `-` is
 * standard input; what is compressed with gzip, zstd or xz is recognised and read as what it holds.  Several threads
 * parse, each its own part of a file, cut where a line ends; nothing that comes out depends on their number.  Files are
 * read, not mapped: one that is cut short while it is read ends there. Limits: SCAN_FILES_MAX files; lines of
 * LINE_BYTES_MAX bytes (longer ones are counted, and passed over).  Memory: a part of SCAN_PART_SIZE a thread and an
 * eighth of that beside it, and one part more. */
#ifndef PARLEY_SCAN_SCAN_H
#define PARLEY_SCAN_SCAN_H

#include "base/hash.h"
#include "line/formats.h"

#define SCAN_SLACK (5 * 60 * INSTANT_SECOND) /* where the user says nothing */
enum { SCAN_PART_SIZE = 1 << 19, SCAN_THREADS_MAX = 64, SCAN_FILES_MAX = 65536, SCAN_TEXT_MAX = 4096 };
#define SCAN_REJECTS_BYTES_MAX ((size_t)1 << 30) /* of rejects that are kept, each with SCAN_REJECT_BYTES beside it */
enum { SCAN_REJECT_BYTES = 128 };

struct scanned { /* one line, while the call lasts */
    enum reason reason;
    const struct observation *observation; /* its time where it could be read; the rest for REASON_FACT */
    const struct format *format;
    const struct logins *logins; /* with asks_user */
    struct text line;
    size_t file;
    uint64_t part, line_number; /* parts count through all files; lines from 0 within their part */
};

struct scan_progress {
    uint64_t bytes, lines; /* read so far */
    uint64_t taken, size;  /* of the files as they are on the disk; a size of 0: not known */
};

struct scan_options {
    struct stamp_options stamps;
    const struct format *format; /* NULL: by content */
    const struct field_map *map; /* for formats whose columns the user names; NULL: none */
    bool takes_any;              /* the lines of a file that no format fits are counted as such: else ERR_INPUT */
    struct text event;
    const struct rules *rules; /* NULL: parley's own */
    const struct where *where; /* which observations are meant; NULL: all */
    bool asks_user;            /* so that each format must tell where users stand: else ERR_USAGE */
    const struct sift *sift;   /* for tests; NULL: the widest that the processor has */
    unsigned threads;          /* 1 to SCAN_THREADS_MAX */
    instant slack;             /* events that stand out of order by more are told loudly */
    bool hash_files;           /* what each file holds, unpacked, as it is read */
    bool keep_rejects;         /* ERR_LIMIT past `rejects_bytes_max` of them (0: SCAN_REJECTS_BYTES_MAX) */
    size_t rejects_bytes_max;  /* for tests */
    /* Called for each line from several threads, each with its own number from 0.  An error ends the scan. */
    enum error (*line)(void *state, unsigned thread, const struct scanned *s, struct diag *d);
    void *state;
    /* Called now and then by one thread at a time; NULL: not at all. */
    void (*progress)(void *state, const struct scan_progress *p);
    void *progress_state;
};

struct line_at {
    size_t file;
    uint64_t line;    /* from 1 within the file */
    struct text text; /* its first bytes, at most SCAN_TEXT_MAX */
};
struct scan_file {
    const char *name;
    const struct format *format; /* NULL: nothing in it */
    uint64_t lines, bytes;
    bool continues;     /* the years go on from the file before: it is of the same source, and older */
    bool cut;           /* the last line has no LF, and was read all the same; or the compressed data ends too soon */
    uint64_t cut_at;    /* the byte at which the compressed data ends too soon; 0: it does not */
    struct sha256 hash; /* of its bytes, unpacked; where `hashed` */
    bool hashed;
};
struct scan_reject {
    enum reason reason;
    struct line_at at;
};
struct scan_part { /* where the lines of a part stand: a line of it is number first_line + line_number of its file */
    size_t file;
    uint64_t first_line; /* from 1 */
};
struct scan_order {          /* events that are earlier than the one before them: see order.h */
    uint64_t within, beyond; /* by up to the slack, by more */
    instant most_within, most_beyond;
    struct line_at example; /* the first beyond it */
};
struct scan_report { /* in the arena */
    struct scan_file *files;
    size_t file_count;
    const struct scan_part *parts;
    uint64_t part_count;
    uint64_t lines, bytes, twice; /* twice: see struct observation */
    struct scan_order order;
    bool zoneless; /* some time named no zone, and was read in that of the options */
    uint64_t counts[REASON_COUNT];
    struct line_at examples[REASON_COUNT]; /* the first line of each reason that counted any */
    struct scan_reject *rejects;           /* with keep_rejects: all, in input order */
    size_t reject_count;
};
/* Errors of opening and reading name the file; ERR_INPUT where no format fits; ERR_USAGE where a stamp lacks its year
 * and the options don't give it. */
enum error scan_files(const char *const *names, size_t count, const struct scan_options *o, struct arena *a,
                      struct scan_report *out, struct diag *d) MUST_USE;

#endif
