#include "desk/index_entries.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

enum { PAGE_ENTRIES = 128, ENTRY_BYTES = 6 * 8 + SEAL_FILE_KEY_SIZE + 1 };

struct entries_page {
    struct index_entry at[PAGE_ENTRIES];
    uint64_t number;
    bool changed;
};

static void write_entry(const struct index_entry *e, struct buf *out) {
    const uint64_t numbers[] = {e->seen,   (uint64_t)e->latest, (uint64_t)e->covered, (uint64_t)e->stamp,
                                e->matter, e->signers};
    for (size_t i = 0; i < COUNT(numbers); i++) buf_be64(out, numbers[i]);
    buf_bytes(out, bytes_of(e->file_key, sizeof e->file_key));
    buf_char(out, (char)e->flags);
}

static void read_entry(struct bytes *b, struct index_entry *e) {
    uint64_t numbers[6] = {0};
    struct bytes rest = {0};
    for (size_t i = 0; i < COUNT(numbers); i++)
        if (!bytes_be64(b, &numbers[i])) return;
    if (!bytes_take(b, SEAL_FILE_KEY_SIZE + 1, &rest)) return;
    *e = (struct index_entry){.seen = numbers[0],
                              .latest = (instant)numbers[1],
                              .covered = (instant)numbers[2],
                              .stamp = (instant)numbers[3],
                              .matter = numbers[4],
                              .signers = numbers[5],
                              .flags = rest.at[SEAL_FILE_KEY_SIZE]};
    memcpy(e->file_key, rest.at, SEAL_FILE_KEY_SIZE);
}

static enum error read_page(struct index_entries *e, struct entries_page *page, struct diag *d) {
    struct buf plain = {.max = PAGE_ENTRIES * ENTRY_BYTES};
    enum error result = rows_get(e->rows, page->number, &plain, d);
    if (!result && plain.size != PAGE_ENTRIES * ENTRY_BYTES) result = fail(d, ERR_INPUT, _("the index is damaged"));
    struct bytes rest = buf_as_bytes(&plain);
    for (size_t i = 0; i < PAGE_ENTRIES; i++) {
        page->at[i] = (struct index_entry){.latest = INSTANT_NONE, .covered = INSTANT_NONE, .stamp = INSTANT_NONE};
        if (!result) read_entry(&rest, &page->at[i]);
    }
    buf_wipe(&plain);
    return result == ERR_MISSING ? OK : result;
}

static enum error make_room(struct index_entries *e, unsigned party, size_t page, struct diag *d) {
    size_t count = page + 1 < 64 ? 64 : 2 * (page + 1);
    if (page < e->page_count[party]) return OK;
    struct entries_page **more = realloc(e->pages[party], count * sizeof(struct entries_page *));
    if (!more) return fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t i = e->page_count[party]; i < count; i++) more[i] = NULL;
    e->pages[party] = more;
    e->page_count[party] = count;
    return OK;
}

enum error index_entry_at(struct index_entries *e, unsigned party, uint64_t position, bool change,
                          struct index_entry **out, struct diag *d) {
    size_t number = (size_t)(position / PAGE_ENTRIES);
    enum error result = make_room(e, party, number, d);
    if (result) return result;
    struct entries_page *page = e->pages[party][number];
    if (!page) {
        page = ARENA_NEW(e->arena, struct entries_page);
        page->number = row_number(ROW_ENTRIES, (uint64_t)party << 48 | number);
        result = read_page(e, page, d);
        if (result) return result;
        e->pages[party][number] = page;
        e->held++;
    }
    page->changed |= change;
    *out = &page->at[position % PAGE_ENTRIES];
    return OK;
}

static enum error write_page(struct index_entries *e, struct entries_page *page, struct diag *d) {
    struct buf plain = {.max = PAGE_ENTRIES * ENTRY_BYTES};
    for (size_t i = 0; i < PAGE_ENTRIES; i++) write_entry(&page->at[i], &plain);
    enum error result = buf_check(&plain, d);
    if (!result) result = rows_put(e->rows, page->number, buf_as_bytes(&plain), d);
    buf_wipe(&plain);
    if (!result) page->changed = false;
    return result;
}

enum error index_entries_put(struct index_entries *e, struct diag *d) {
    enum error result = OK;
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < e->page_count[p] && !result; i++)
            if (e->pages[p][i] && e->pages[p][i]->changed) result = write_page(e, e->pages[p][i], d);
    return result;
}

void index_entries_forget(struct index_entries *e) {
    for (unsigned p = 0; p < 2; p++) {
        for (size_t i = 0; i < e->page_count[p]; i++)
            if (e->pages[p][i]) secret_wipe(e->pages[p][i], sizeof *e->pages[p][i]);
        free(e->pages[p]);
        e->pages[p] = NULL;
        e->page_count[p] = 0;
    }
    e->held = 0;
}
