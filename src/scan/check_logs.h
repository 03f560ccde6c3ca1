/* Log files against a fact sheet: each thread of a scan has a check of its own, and what they saw is put together.
 *
 * Files of one source (see set.h) are one source of records.  A source is named by its file, without folders, and its
 * format, as in "auth.log (sshd)": what is said of coverage goes to the other side. */
#ifndef PARLEY_SCAN_CHECK_LOGS_H
#define PARLEY_SCAN_CHECK_LOGS_H

#include "fact/sheet.h"
#include "finding/check.h"
#include "scan/scan.h"
#include "scan/set.h"

struct check_logs_options {
    struct scan_options scan; /* `line` and `state` are not looked at */
    struct check_options check;
    struct random *random; /* keys hash tables; no outcome depends on it */
};

struct logs_checked { /* in the arena */
    struct sheet sheet;
    struct sha256 sheet_hash;
    struct scan_report report;
    struct checked checked; /* one finding a row; coverage in the order of the paths */
};

/* `sheet` is the file of a sheet, and must live as long as what comes out.  Errors are those of sheet_read, scan_files
 * and check_stamp. */
enum error check_logs(struct bytes sheet, const char *const *names, size_t count, const struct check_logs_options *o,
                      struct arena *a, struct logs_checked *out, struct diag *d) MUST_USE;

#endif
