#include "disk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

struct disk_sector {
    size_t number;
    uint8_t was[DISK_SECTOR];
};
struct disk_name {
    char path[DISK_PATH_MAX];
    struct disk_file *file;
};
struct disk_change { /* of a name: the file that it has from then on, or NULL */
    struct disk_name name;
};

struct disk_copy {
    char path[DISK_PATH_MAX];
    uint8_t *at;
    size_t size;
    bool folder;
};

static struct disk *disks[DISKS_MAX];

static void *grow(void *at, size_t count, size_t *room, size_t item) {
    if (count < *room) return at;
    *room = *room ? *room * 2 : 16;
    void *more = realloc(at, *room * item);
    ASSERT(more);
    return more;
}

/* ---- files */

void disk_forget_shared(struct disk_file *f) {
    for (size_t i = 0; i < f->shared_count; i++) free(f->shared[i]);
    free((void *)f->shared);
    f->shared = NULL;
    f->shared_count = 0;
}

static void let_go(struct disk_file *f) {
    if (f->names || f->opened) return;
    disk_forget_shared(f);
    free(f->at);
    free(f->changed);
    free(f->is_changed);
    free(f);
}

void disk_open(struct disk_file *f) { f->opened++; }

void disk_close(struct disk_file *f) {
    f->opened--;
    let_go(f);
}

/* Remembers a sector as it was synced, the first time that it changes since. */
static void remember(struct disk_file *f, size_t sector) {
    if (sector >= f->is_changed_room) {
        size_t room = (sector + 1) * 2;
        f->is_changed = realloc(f->is_changed, room);
        ASSERT(f->is_changed);
        memset(f->is_changed + f->is_changed_room, 0, room - f->is_changed_room);
        f->is_changed_room = room;
    }
    if (f->is_changed[sector]) return;
    f->is_changed[sector] = 1;
    f->changed = grow(f->changed, f->changed_count, &f->changed_room, sizeof *f->changed);
    struct disk_sector *s = &f->changed[f->changed_count++];
    size_t at = sector * DISK_SECTOR, left = at < f->size ? f->size - at : 0;
    memset(s->was, 0, sizeof s->was);
    s->number = sector;
    if (left) memcpy(s->was, f->at + at, left < DISK_SECTOR ? left : DISK_SECTOR);
}

static void remember_range(struct disk_file *f, size_t from, size_t to) {
    for (size_t sector = from / DISK_SECTOR; sector * DISK_SECTOR < to; sector++) remember(f, sector);
}

static void resize(struct disk_file *f, size_t size) {
    if (size > f->room) {
        f->room = size * 2;
        f->at = realloc(f->at, f->room);
        ASSERT(f->at);
    }
    if (size > f->size) memset(f->at + f->size, 0, size - f->size);
    f->size = size;
}

void disk_write(struct disk_file *f, const void *from, size_t size, size_t at) {
    remember_range(f, at, at + size);
    if (at + size > f->size) resize(f, at + size);
    if (size) memcpy(f->at + at, from, size);
}

size_t disk_read(const struct disk_file *f, void *to, size_t size, size_t at) {
    size_t left = at < f->size ? f->size - at : 0, got = left < size ? left : size;
    if (got) memcpy(to, f->at + at, got);
    return got;
}

void disk_truncate(struct disk_file *f, size_t size) {
    if (size < f->size) remember_range(f, size, f->size);
    resize(f, size);
}

static void all_is_synced(struct disk_file *f) {
    for (size_t i = 0; i < f->changed_count; i++) f->is_changed[f->changed[i].number] = 0;
    f->changed_count = 0;
    f->synced_size = f->size;
}

void disk_sync(struct disk *d, struct disk_file *f) {
    d->syncs++;
    if (!d->drops_syncs) all_is_synced(f);
}

/* ---- names */

static struct disk_name *find_name(struct disk_name *list, size_t count, const char *path) {
    for (size_t i = 0; i < count; i++)
        if (!strcmp(list[i].path, path)) return &list[i];
    return NULL;
}

struct disk_file *disk_find(struct disk *d, const char *path) {
    struct disk_name *name = find_name(d->now, d->now_count, path);
    return name ? name->file : NULL;
}

static void set_name(struct disk_name **list, size_t *count, size_t *room, const char *path, struct disk_file *f) {
    struct disk_name *name = find_name(*list, *count, path);
    struct disk_file *before = name ? name->file : NULL;
    if (f) f->names++;
    if (f && !name) {
        *list = grow(*list, *count, room, sizeof **list);
        name = &(*list)[(*count)++];
        ASSERT(strlen(path) < DISK_PATH_MAX);
        strcpy(name->path, path);
    }
    if (f)
        name->file = f;
    else if (name)
        *name = (*list)[--*count];
    if (before) {
        before->names--;
        let_go(before);
    }
}

static void change_name(struct disk *d, const char *path, struct disk_file *f) {
    d->waiting = grow(d->waiting, d->waiting_count, &d->waiting_room, sizeof *d->waiting);
    struct disk_name *change = &d->waiting[d->waiting_count++].name;
    ASSERT(strlen(path) < DISK_PATH_MAX);
    strcpy(change->path, path);
    change->file = f;
    if (f) f->names++; /* of the change itself */
    set_name(&d->now, &d->now_count, &d->now_room, path, f);
}

struct disk_file *disk_make(struct disk *d, const char *path, bool folder) {
    struct disk_file *f = calloc(1, sizeof *f);
    ASSERT(f);
    f->folder = folder;
    change_name(d, path, f);
    return f;
}

void disk_link(struct disk *d, struct disk_file *f, const char *path) { change_name(d, path, f); }
void disk_unlink(struct disk *d, const char *path) { change_name(d, path, NULL); }

static bool is_in(const char *path, const char *folder) {
    const char *slash = strrchr(path, '/');
    size_t size = strlen(folder);
    return slash && (size_t)(slash - path) == size && !memcmp(path, folder, size);
}

static void settle_change(struct disk *d, const struct disk_change *c) {
    set_name(&d->durable, &d->durable_count, &d->durable_room, c->name.path, c->name.file);
}

static void drop_change(struct disk_change *c) {
    if (!c->name.file) return;
    c->name.file->names--;
    let_go(c->name.file);
}

void disk_sync_names(struct disk *d, const char *folder) {
    size_t kept = 0;
    d->syncs++;
    if (d->drops_syncs) return;
    for (size_t i = 0; i < d->waiting_count; i++) {
        if (!is_in(d->waiting[i].name.path, folder)) {
            d->waiting[kept++] = d->waiting[i];
            continue;
        }
        settle_change(d, &d->waiting[i]);
        drop_change(&d->waiting[i]);
    }
    d->waiting_count = kept;
}

/* ---- faults */

void disk_plan(struct disk *d, enum disk_fault fault, uint64_t after, unsigned full_for) {
    d->fault = fault;
    d->fault_after = after;
    d->full_for = full_for;
}

int disk_step(struct disk *d, bool needs_space) {
    if (d->dead) return EIO;
    d->operations++;
    if (d->fault == DISK_FINE) return 0;
    if (d->fault_after && --d->fault_after) return 0;
    if (d->fault == DISK_SYNC_FAILS) return 0; /* it waits for a sync */
    if (d->fault == DISK_IS_FULL) {
        if (d->full_for && --d->full_for) return needs_space ? ENOSPC : 0;
        d->fault = DISK_FINE;
        return 0;
    }
    d->dead = d->fault == DISK_DIES;
    d->fault = DISK_FINE;
    return EIO;
}

/* What could not be written is forgotten, as Linux does: whoever reads finds what was there before. */
static void lose_some(struct disk_file *f, struct rng *r) {
    size_t kept = 0;
    for (size_t i = 0; i < f->changed_count; i++) {
        const struct disk_sector *s = &f->changed[i];
        size_t at = s->number * DISK_SECTOR, left = at < f->size ? f->size - at : 0;
        if (rng_chance(r, 500)) {
            f->changed[kept++] = *s;
            continue;
        }
        if (left) memcpy(f->at + at, s->was, left < DISK_SECTOR ? left : DISK_SECTOR);
        f->is_changed[s->number] = 0;
    }
    f->changed_count = kept;
}

int disk_sync_step(struct disk *d, struct disk_file *f) {
    if (d->dead || d->fault != DISK_SYNC_FAILS || d->fault_after) return 0;
    struct rng r = {d->operations};
    d->fault = DISK_FINE;
    lose_some(f, &r);
    return EIO;
}

/* Each sector as it was or as it is; the size between the two. */
static void tear(struct disk_file *f, enum disk_rule rule, struct rng *r) {
    size_t size = f->size;
    for (size_t i = 0; i < f->changed_count; i++) {
        const struct disk_sector *s = &f->changed[i];
        size_t at = s->number * DISK_SECTOR;
        if (rule == DISK_TEARS && rng_chance(r, 500)) continue;
        if (at + DISK_SECTOR > f->size) resize(f, at + DISK_SECTOR);
        memcpy(f->at + at, s->was, DISK_SECTOR);
    }
    bool old = rule == DISK_LOSES_ALL || (rule == DISK_TEARS && rng_chance(r, 500));
    resize(f, old ? f->synced_size : size);
    all_is_synced(f);
}

/* Only the process died: what it wrote stands, and still waits for a sync. */
static void lose_shared(struct disk *d) {
    for (size_t i = 0; i < d->now_count; i++) disk_forget_shared(d->now[i].file);
}

void disk_power_on(unsigned number, enum disk_rule rule, struct rng *r) {
    struct disk *d = disks[number];
    d->dead = false;
    d->fault = DISK_FINE;
    if (rule == DISK_KEEPS_ALL) return lose_shared(d);
    size_t through = rule == DISK_LOSES_ALL ? 0 : (size_t)rng_below(r, d->waiting_count + 1);
    for (size_t i = 0; i < through; i++) settle_change(d, &d->waiting[i]);
    while (d->now_count) set_name(&d->now, &d->now_count, &d->now_room, d->now[0].path, NULL);
    for (size_t i = 0; i < d->durable_count; i++) {
        struct disk_name *n = &d->durable[i];
        tear(n->file, rule, r);
        disk_forget_shared(n->file);
        set_name(&d->now, &d->now_count, &d->now_room, n->path, n->file);
    }
    for (size_t i = 0; i < d->waiting_count; i++) drop_change(&d->waiting[i]);
    d->waiting_count = 0;
}

/* ---- backups */

static void forget_copies(struct disk *d) {
    for (size_t i = 0; i < d->copy_count; i++) free(d->copies[i].at);
    free(d->copies);
    d->copies = NULL;
    d->copy_count = 0;
}

void disk_back_up(unsigned number) {
    struct disk *d = disks[number];
    forget_copies(d);
    d->copies = calloc(d->now_count + 1, sizeof *d->copies);
    ASSERT(d->copies);
    for (size_t i = 0; i < d->now_count; i++) {
        struct disk_copy *c = &d->copies[d->copy_count++];
        const struct disk_file *f = d->now[i].file;
        strcpy(c->path, d->now[i].path);
        c->folder = f->folder;
        c->size = f->size;
        c->at = malloc(f->size + 1);
        ASSERT(c->at);
        if (f->size) memcpy(c->at, f->at, f->size);
    }
}

static void drop_names(struct disk *d) {
    while (d->now_count) set_name(&d->now, &d->now_count, &d->now_room, d->now[0].path, NULL);
    while (d->durable_count) set_name(&d->durable, &d->durable_count, &d->durable_room, d->durable[0].path, NULL);
    for (size_t i = 0; i < d->waiting_count; i++) drop_change(&d->waiting[i]);
    d->waiting_count = 0;
}

bool disk_restore(unsigned number) {
    struct disk *d = disks[number];
    if (!d->copy_count) return false;
    drop_names(d);
    for (size_t i = 0; i < d->copy_count; i++) {
        const struct disk_copy *c = &d->copies[i];
        struct disk_file *f = disk_make(d, c->path, c->folder);
        disk_write(f, c->at, c->size, 0);
        all_is_synced(f);
        settle_change(d, &d->waiting[d->waiting_count - 1]);
    }
    for (size_t i = 0; i < d->waiting_count; i++) drop_change(&d->waiting[i]);
    d->waiting_count = 0;
    return true;
}

/* ---- disks */

void disk_format(unsigned number) {
    ASSERT(number < DISKS_MAX && !disks[number]);
    disks[number] = calloc(1, sizeof *disks[number]);
    ASSERT(disks[number]);
    char mount[DISK_PATH_MAX];
    snprintf(mount, sizeof mount, DISK_ROOT "%u", number);
    disk_make(disks[number], mount, true);
    disk_sync_names(disks[number], "/sim");
}

void disk_destroy(unsigned number) {
    struct disk *d = disks[number];
    if (!d) return;
    drop_names(d);
    forget_copies(d);
    free(d->now);
    free(d->durable);
    free(d->waiting);
    free(d);
    disks[number] = NULL;
}

struct disk *disk_at(unsigned number) {
    return disks[number];
}

struct disk *disk_of_path(const char *path) {
    if (strncmp(path, DISK_ROOT, sizeof DISK_ROOT - 1) != 0) return NULL;
    unsigned long number = strtoul(path + sizeof DISK_ROOT - 1, NULL, 10);
    return number < DISKS_MAX ? disks[number] : NULL;
}
