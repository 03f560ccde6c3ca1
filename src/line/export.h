/* The journal of systemd, as `journalctl -o export` writes it, made into what `journalctl -o json` would: a line a
 * record.
 *
 *     __CURSOR=s=…            a field and its value, on a line
 *     MESSAGE                 a field whose value holds line ends or no UTF-8: behind the line its size, in 8 bytes
 * with ⟨size⟩⟨value⟩             the lowest first, the value, and a line end an empty line ends the record
 *
 * Source: "Journal Export Format" (systemd.io/JOURNAL_EXPORT_FORMATS).  A value that is not UTF-8, or holds NUL, is a
 * list of its bytes; of a field that comes again the first value counts.  A record too long for a line is a line too
 * long. Limits: EXPORT_FIELDS_MAX fields (more: too long); names of EXPORT_NAME_MAX.  What comes out is a function of
 * the bytes alone, however they come in.  Nothing is held but one record. */
#ifndef PARLEY_LINE_EXPORT_H
#define PARLEY_LINE_EXPORT_H

#include "base/buf.h"

enum { EXPORT_FIELDS_MAX = 256, EXPORT_NAME_MAX = 64, EXPORT_NAMES_BYTES = 8192 };

enum export_place { EXPORT_LINE, EXPORT_SIZE, EXPORT_VALUE, EXPORT_VALUE_END, EXPORT_OUT };
struct journal_export {
    enum export_place place;
    struct buf field; /* what is read of a line, or of a value */
    struct buf json;
    bool too_long;
    uint64_t left; /* of a value; of its size, bytes that were read */
    uint64_t size;
    size_t given; /* of `json` */
    char name[EXPORT_NAME_MAX];
    size_t name_size;
    struct text names[EXPORT_FIELDS_MAX]; /* of the record, views of the room */
    size_t count, names_size;
    char room[EXPORT_NAMES_BYTES];
};
struct journal_export *export_new(void);
void export_free(struct journal_export *e); /* NULL is fine */
void export_restart(struct journal_export *e);

enum export_step { EXPORT_MORE, EXPORT_RECORD, EXPORT_WRONG };
/* Takes bytes off `in`, and puts bytes of a record's line at the front of `out`, which has room for out_size and moves.
 * EXPORT_RECORD: the line is whole, and nothing behind the record was taken.  EXPORT_WRONG: *why says what was
 * expected, untranslated. */
enum export_step export_step(struct journal_export *e, struct text *in, char **out, size_t *out_size, const char **why);

#endif
