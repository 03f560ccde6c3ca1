/* A disk in memory, one a party: what was not synced is lost, kept or torn when the power fails.
 *
 * What programs wrote stands at once, for whoever reads; what would stand after a loss of power is what was synced, and
 * of the sectors changed since then any.  Names (a file that was made, renamed, removed) wait for a sync of their
 * folder; a front of those that wait may have gone through.  SQLite reaches a disk by the VFS of vfs.c, base/os.h by
 * the system calls of calls.c; a path is /sim/<number of the disk>/…. Two parts of the program share the disks, so they
 * are the simulator's own state; each is used by one thread at a time. */
#ifndef PARLEY_SIM_DISK_H
#define PARLEY_SIM_DISK_H

#include <stddef.h>

#include "rng.h"

enum { DISK_SECTOR = 512, DISKS_MAX = 64, DISK_PATH_MAX = 256 };
#define DISK_ROOT "/sim/"

struct disk_file {
    uint8_t *at; /* as programs see it */
    size_t size, room, synced_size;
    struct disk_sector *changed; /* since the last sync, as they were then */
    size_t changed_count, changed_room;
    uint8_t *is_changed; /* a byte a sector */
    size_t is_changed_room;
    bool folder;
    unsigned names, opened; /* references */
    void **shared;          /* the shared memory of SQLite's WAL index */
    size_t shared_count;
};

enum disk_fault {
    DISK_FINE,
    DISK_DIES,       /* from now on nothing is written or read */
    DISK_FAILS,      /* once: EIO */
    DISK_SYNC_FAILS, /* once: EIO of the next sync, and of what was to be synced, some is lost */
    DISK_IS_FULL,    /* ENOSPC, for as long as `full_for` */
};
enum disk_rule { DISK_KEEPS_ALL, DISK_LOSES_ALL, DISK_TEARS }; /* what a crash does to what was not synced */

struct disk {
    struct disk_name *now;
    size_t now_count, now_room;
    struct disk_name *durable;
    size_t durable_count, durable_room;
    struct disk_change *waiting; /* changes of names, not synced yet */
    size_t waiting_count, waiting_room;
    struct disk_copy *copies; /* a backup: each file as it stood */
    size_t copy_count;
    enum disk_fault fault;
    uint64_t fault_after;   /* operations; 0: none */
    unsigned full_for;      /* operations that fail for want of space */
    bool dead, drops_syncs; /* the last: a bug that is planted on purpose */
    uint64_t operations, syncs;
};

void disk_format(unsigned number); /* makes the disk, empty */
void disk_destroy(unsigned number);
struct disk *disk_at(unsigned number);
/* The disk that holds a path, or NULL. */
struct disk *disk_of_path(const char *path);
/* The power comes back: what was synced, and what chance left of the rest. */
void disk_power_on(unsigned number, enum disk_rule rule, struct rng *r);
/* Takes a backup, as a snapshot of all files at one moment; puts it in the place of what is there: false without one.
 */
void disk_back_up(unsigned number);
bool disk_restore(unsigned number);
/* Plans a fault `after` operations that change something. */
void disk_plan(struct disk *d, enum disk_fault fault, uint64_t after, unsigned full_for);
/* Before a sync, beside disk_step: 0, or the errno. */
int disk_sync_step(struct disk *d, struct disk_file *f);

/* Before each operation that changes something: 0, or the errno of what goes wrong. */
int disk_step(struct disk *d, bool needs_space);

struct disk_file *disk_find(struct disk *d, const char *path);
struct disk_file *disk_make(struct disk *d, const char *path, bool folder);
void disk_unlink(struct disk *d, const char *path);
void disk_link(struct disk *d, struct disk_file *f, const char *path);
void disk_open(struct disk_file *f);
void disk_close(struct disk_file *f);
void disk_write(struct disk_file *f, const void *from, size_t size, size_t at);
size_t disk_read(const struct disk_file *f, void *to, size_t size, size_t at);
void disk_truncate(struct disk_file *f, size_t size);
void disk_sync(struct disk *d, struct disk_file *f);
/* Makes names in a folder durable. */
void disk_sync_names(struct disk *d, const char *folder);
void disk_forget_shared(struct disk_file *f);

#endif
