#include "scan/set.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static struct text without_packing(struct text t) {
    static const char *const ends[] = {".gz", ".zst", ".xz"};
    for (size_t i = 0; i < COUNT(ends); i++)
        if (text_ends(t, text_of(ends[i])) && t.size > strlen(ends[i])) return text_sub(t, 0, t.size - strlen(ends[i]));
    return t;
}

/* Where the last folder of a path ends. */
static size_t folder_size(struct text path) {
    size_t at = path.size;
    while (at && path.at[at - 1] != '/') at--;
    return at;
}

/* The first `count` digits of a text as a number; the rest stays. */
static uint64_t take_digits(struct text *t, size_t count) {
    uint64_t number = 0;
    size_t at = 0;
    for (; at < t->size && count; at++) {
        if (!is_digit(t->at[at])) continue;
        number = number * 10 + (uint64_t)(t->at[at] - '0');
        count--;
    }
    *t = text_sub(*t, at, t->size);
    return number;
}

/* `.1` after a letter, or `-20260301`, `.2026-03-01` and the like: a number alone may as well tell hosts apart. */
static void cut_rotation(struct text *name, struct log_name *out) {
    enum { DAY_DIGITS = 8, PART_DIGITS = 12 };
    size_t at = name->size, digits = 0;
    for (; at && (is_digit(name->at[at - 1]) || name->at[at - 1] == '-'); at--) digits += is_digit(name->at[at - 1]);
    if (!digits || !is_digit(name->at[name->size - 1])) return;
    bool dot = at && (name->at[at - 1] == '.' || name->at[at - 1] == '_');
    bool day = digits >= DAY_DIGITS && (dot || name->at[at] == '-');
    bool number =
        digits <= 3 && at >= 2 && name->at[at - 1] == '.' && !is_digit(name->at[at - 2]) && name->at[at] != '-';
    struct text written = text_sub(*name, at, name->size);
    if (dot) at--;
    if (!at || (!day && !number)) return;
    *name = text_sub(*name, 0, at);
    out->rank = day ? 0 : 1;
    if (day) out->day = take_digits(&written, DAY_DIGITS);
    if (day) out->part = take_digits(&written, PART_DIGITS);
    if (number) out->number = take_digits(&written, 3);
}

struct log_name log_name_read(struct text path) {
    struct log_name out = {.rank = 2};
    size_t folder = folder_size(path);
    struct text name = without_packing(text_sub(path, folder, path.size));
    cut_rotation(&name, &out);
    out.source = text_sub(path, 0, folder + name.size);
    return out;
}

struct text log_stem(struct text path) {
    struct text source = log_name_read(path).source;
    return text_sub(source, folder_size(source), source.size);
}

static int order_of(uint64_t a, uint64_t b) { return (a > b) - (a < b); }

int log_name_order(const struct log_name *a, const struct log_name *b) {
    if (a->rank != b->rank) return a->rank - b->rank;
    if (a->day != b->day) return order_of(a->day, b->day);
    if (a->part != b->part) return order_of(a->part, b->part);
    return order_of(b->number, a->number);
}

bool log_follows(const char *older, const char *newer) {
    struct log_name a = log_name_read(text_of(older)), b = log_name_read(text_of(newer));
    return text_equal(a.source, b.source) && log_name_order(&a, &b) < 0;
}

bool log_lacks(const char *older, const char *newer) {
    struct log_name a = log_name_read(text_of(older)), b = log_name_read(text_of(newer));
    if (!text_equal(a.source, b.source) || a.rank != 1) return false;
    return b.rank == 2 ? a.number > 1 : b.rank == 1 && a.number > b.number + 1;
}
