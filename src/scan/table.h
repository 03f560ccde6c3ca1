/* Files of territory tables: their sources, and the tables that commands are told to look into.
 *
 * Ownership: a struct table maps its file and holds memory; table_close ends both, and with them everything that `of`
 * points to. */
#ifndef PARLEY_SCAN_TABLE_H
#define PARLEY_SCAN_TABLE_H

#include "territory/compile.h"

/* Reads one source, text or MMDB (found out by its look); "-" is text from standard input.  `out` gets the hash of the
 * file, its rows and its name without folders; r->date and the like are those of this file. */
enum error table_read_source(const char *path, struct rows *r, struct territory_source *out, struct diag *d) MUST_USE;

struct table {
    struct bytes file;
    struct territory of; /* prepared for looking up */
    struct arena arena;
};
/* A table by its path, or else by the name of a file in <home>/territory, with or without its `.table`.  ERR_MISSING
 * says where it was sought; ERR_PROOF where its content is not that of its hash. */
enum error table_open(const char *home, const char *typed, struct table *out, struct diag *d) MUST_USE;
/* The table of that hash in <home>/territory; ERR_MISSING where it is not there. */
enum error table_find(const char *home, struct sha256 hash, struct table *out, struct diag *d) MUST_USE;
/* Calls `each` for every table in <home>/territory, in the order of their files' names, until it returns an error; what
 * is no table is passed over.  Whether the content is that of its hash, table_open finds out. */
enum error table_each(const char *home, enum error (*each)(void *of, const char *file, const struct territory *t),
                      void *of, struct diag *d) MUST_USE;
void table_close(struct table *t);

#endif
