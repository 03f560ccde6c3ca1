/* Origins in the cells of tables and the words of sentences. */
#include "cli/origin_words.h"

struct text code_of(struct cli *c, const struct origin *row) {
    char name[ORIGIN_NAME_MAX];
    if (!country_is_none(row->code)) return arena_text(&c->arena, (struct text){row->code.at, 2});
    return row->kind == ORIGIN_PLACED ? arena_text(&c->arena, origin_name(row, name)) : TEXT("-");
}

struct text number(struct cli *c, uint64_t n) {
    return arena_format(&c->arena, "%llu", (unsigned long long)n);
}

struct text rank_text(struct cli *c, const struct origin *row) {
    return row && row->rank ? number(c, row->rank) : TEXT("-");
}

struct text share_text(struct cli *c, const struct origin *row) {
    unsigned tenths = (unsigned)(row->share_ppm * 1000 / ORIGINS_MILLION);
    return arena_format(&c->arena, "%u.%u %%", tenths / 10, tenths % 10);
}

struct text bar(struct cli *c, uint64_t share, uint64_t longest, size_t columns) {
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    struct buf out = {.max = 4 * columns + 4};
    uint64_t length = longest ? share * columns * 8 / longest : 0;
    if (!length && share && columns) length = 1;
    for (uint64_t i = 0; i < length / 8; i++) buf_string(&out, "█");
    buf_string(&out, eighths[length % 8]);
    struct text drawn = arena_text(&c->arena, buf_as_text(&out));
    buf_free(&out);
    return drawn;
}

const char *origin_unit_word(enum origins_unit unit) { return gettext(origins_unit_name(unit)); }

struct text cut_to(struct cli *c, struct text t, size_t columns) {
    if (text_columns(t) <= columns) return t;
    size_t end = t.size;
    while (end &&
           ((end < t.size && ((uint8_t)t.at[end] & 0xc0) == 0x80) || text_columns(text_sub(t, 0, end)) >= columns))
        end--;
    return arena_format(&c->arena, "%.*s…", TEXT_ARG(text_sub(t, 0, end)));
}

struct text marks_text(struct cli *c, const struct origin *row, bool by_number) {
    struct buf out = {.max = 1024};
    for (unsigned i = 0; i < MARK_COUNT; i++) {
        if (!(row->marks & 1u << i)) continue;
        if (out.size) buf_string(&out, by_number ? " " : ", ");
        if (by_number)
            buf_format(&out, "%u", i + 1);
        else
            buf_string(&out, gettext(origin_marks[i].word));
    }
    struct text written = arena_text(&c->arena, buf_as_text(&out));
    buf_free(&out);
    return written;
}

/* Ranks as words, as one says them. */
struct text ordinal(struct cli *c, uint64_t rank) {
    static const char *const words[] = {N_("first"), N_("second"),  N_("third"),  N_("fourth"), N_("fifth"),
                                        N_("sixth"), N_("seventh"), N_("eighth"), N_("ninth"),  N_("tenth")};
    if (rank <= COUNT(words)) return text_of(gettext(words[rank - 1]));
    return arena_format(&c->arena, _("no. %llu"), (unsigned long long)rank);
}
