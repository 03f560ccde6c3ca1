/* Origins as people read them: tables, bars, one rank in a sentence, and what stands above and below all counts. */
#include "cli/origins_print.h"

#include "base/map.h"
#include "cli/origin_words.h"
#include "finding/finding.h"

/* ---- what stands above and below all counts */

/* The names of the fields are as wide as the language makes them. */
static void print_field(const char *name) {
    const char *const names[] = {_("sheet"), _("unit counted"), _("total"), _("period"),
                                 _("table"), _("case"),         _("cut")};
    size_t width = 0;
    for (size_t i = 0; i < COUNT(names); i++)
        if (text_columns(text_of(names[i])) > width) width = text_columns(text_of(names[i]));
    cli_pad(stdout, text_of(name), width + 2);
}

static void print_table_line(struct cli *c, const struct origins *o, const char *label) {
    char hex[SHA256_HEX], time[INSTANT_TEXT_MAX];
    const struct territory_meta *m = &o->table->meta;
    print_field(label);
    printf("%.*s, ", TEXT_ARG(cli_shown(c, m->name)));
    printf(_("basis %.*s, of %.*s, %s\n"), TEXT_ARG(cli_shown(c, m->basis)), TEXT_ARG(instant_write(m->date, time)),
           sha256_hex(&m->hash, hex).at);
}

static void print_cut(struct cli *c, const struct origins_cut *cut) {
    print_field(_("case"));
    printf("%.*s\n", TEXT_ARG(cli_shown(c, cut->matter)));
    print_field(_("cut"));
    printf("%.*s %llu, %.*s %llu\n", TEXT_ARG(cut->parties[0]), (unsigned long long)cut->sizes[0],
           TEXT_ARG(cut->parties[1]), (unsigned long long)cut->sizes[1]);
}

static void print_head(struct cli *c, const struct asked *q) {
    char hex[SHA256_HEX], first[INSTANT_TEXT_MAX], last[INSTANT_TEXT_MAX];
    const struct origins *o = &q->of[0];
    const uint64_t *total = o->total.counts;
    if (o->options.cut) print_cut(c, o->options.cut);
    print_field(_("sheet"));
    printf("%s\n", sha256_hex(&o->sheet, hex).at);
    print_field(_("unit counted"));
    printf("%s\n", origin_unit_word(o->options.unit));
    print_field(_("total"));
    printf(_("sources: %llu, events: %llu, targets: %llu; facts: %llu\n"), (unsigned long long)total[ORIGINS_SOURCES],
           (unsigned long long)total[ORIGINS_EVENTS], (unsigned long long)total[ORIGINS_TARGETS],
           (unsigned long long)o->total.facts);
    if (o->total.first != INSTANT_NONE && o->total.last != INSTANT_NONE) {
        print_field(_("period"));
        printf("%.*s/%.*s\n", TEXT_ARG(instant_write(o->total.first, first)),
               TEXT_ARG(instant_write(o->total.last, last)));
    }
    for (size_t i = 0; i < q->count; i++) {
        const char letter[] = {(char)('A' + i), 0};
        print_table_line(c, &q->of[i], q->count > 1 ? letter : _("table"));
    }
    putchar('\n');
}

/* Each caveat that holds by any of the tables, with the letters of those by which it does. */
static void print_caveats(const struct asked *q) {
    putchar('\n');
    for (unsigned i = 0; i < CAVEAT_COUNT; i++) {
        char letters[2 * TABLES_MAX + 1] = "";
        size_t holds = 0;
        for (size_t t = 0; t < q->count; t++) {
            if (!(q->of[t].caveats & 1u << i)) continue;
            if (holds) letters[2 * holds - 1] = ' ';
            letters[2 * holds] = (char)('A' + t);
            holds++;
        }
        if (!holds) continue;
        printf("* %s", gettext(origins_caveats[i].sentence));
        if (holds < q->count) printf(" (%s)", letters);
        putchar('\n');
    }
}

/* What the marks of the rows mean, as far as any row has them. */
static void print_marks(const struct asked *q, bool by_number) {
    unsigned marks = 0;
    for (size_t t = 0; t < q->count; t++)
        for (size_t i = 0; i < q->of[t].count; i++) marks |= q->of[t].at[i].marks;
    for (unsigned i = 0; i < MARK_COUNT; i++)
        if (marks & 1u << i) {
            if (by_number) printf("  %u", i + 1);
            printf("  %s: %s\n", gettext(origin_marks[i].word), gettext(origin_marks[i].sentence));
        }
}

static void print_lists(const struct asked *q) {
    struct buf page = {.max = 1 << 20};
    for (unsigned relays = 2; relays-- > 0;) {
        if (!(relays ? q->options.relays : q->options.shared)) continue;
        origins_put_list(&q->of[0], relays, &page);
        buf_char(&page, '\n');
    }
    for (size_t t = 0; q->options.below && t < q->count; t++) {
        origins_put_few(&q->of[t], &page);
        if (q->count > 1) buf_format(&page, " (%c)", (int)('A' + t));
        buf_char(&page, '\n');
    }
    if (page.size) fwrite(page.at, 1, page.size, stdout);
    buf_free(&page);
}

static void print_credits(struct cli *c, const struct asked *q) {
    for (size_t t = 0; t < q->count; t++)
        for (size_t i = 0; i < q->of[t].table->meta.credit_count; i++) {
            const struct territory_meta *m = &q->of[t].table->meta;
            printf(_("Data of the table %.*s: %.*s\n"), TEXT_ARG(cli_shown(c, m->name)),
                   TEXT_ARG(cli_shown(c, m->credits[i])));
        }
}

/* ---- one table */

/* Events by what findings say of them: for, against, silent, not answered. */
static void findings_cells(struct cli *c, const struct origin *row, struct text cells[4]) {
    uint64_t sums[4] = {0};
    for (unsigned i = 0; i < FINDING_COUNT; i++) sums[finding_class_of((enum finding_word)i)] += row->findings[i];
    sums[3] = row->findings[ORIGINS_NO_FINDING];
    for (size_t i = 0; i < 4; i++) cells[i] = number(c, sums[i]);
}

/* What a terminal has room for: names and bars share what numbers leave. */
struct fit {
    size_t name, bar;
    bool by_number;
};

static struct fit fit_to(const struct text *heads, size_t count, size_t width) {
    enum { GAP = 2, LEAST = 5, CODE = 8, NAME_LEAST = 10, NAME = 16, BAR_LEAST = 4, BAR = 24, MARKS = 24 };
    struct fit f = {SIZE_MAX, BAR, false};
    size_t used = GAP * count;
    if (!width) return f;
    for (size_t i = 0; i < count; i++) {
        size_t columns = text_columns(heads[i]), least = i == 1 ? CODE : i == 2 || i == count - 2 ? 0 : LEAST;
        used += columns > least ? columns : least;
    }
    f.by_number = used + MARKS + NAME + BAR_LEAST > width;
    if (!f.by_number) used += MARKS - LEAST;
    size_t left = used + NAME_LEAST < width ? width - used : NAME_LEAST;
    f.bar = left > 2 * BAR ? BAR : left / 3;
    if (f.bar < BAR_LEAST) f.bar = 0;
    f.name = left - f.bar;
    return f;
}

enum { PLAIN_COLUMNS = 9, SPLIT_COLUMNS = PLAIN_COLUMNS + 4 };

struct grid origins_grid(struct cli *c, struct asked *q, size_t table, size_t width) {
    const struct origins *o = &q->of[table];
    bool split = o->options.words != NULL;
    size_t last = split ? SPLIT_COLUMNS - 1 : PLAIN_COLUMNS - 1;
    uint64_t longest = 0;
    for (size_t i = 0; i < o->count; i++)
        if (o->at[i].share_ppm > longest) longest = o->at[i].share_ppm;
    struct grid t = grid_new(&c->arena, last + 1);
    t.right = 1u | 0xfff8u; /* numbers; code and name are left */
    struct text cells[SPLIT_COLUMNS] = {text_of(_("rank")),    text_of(_("origin")), {0},
                                        text_of(_("sources")), text_of(_("events")), text_of(_("targets")),
                                        text_of(_("share"))};
    if (split) {
        const char *const heads[] = {_("supported"), _("refuted"), _("silent"), _("unanswered")};
        for (size_t i = 0; i < COUNT(heads); i++) cells[PLAIN_COLUMNS - 2 + i] = text_of(heads[i]);
    }
    cells[last] = text_of(_("marks"));
    const struct fit fit = fit_to(cells, last + 1, width);
    q->by_number = fit.by_number;
    grid_row(&t, cells);
    for (size_t i = 0; i < o->count; i++) {
        const struct origin *row = &o->at[i];
        cells[0] = rank_text(c, row);
        cells[1] = code_of(c, row);
        cells[2] = cut_to(c, origin_label(o, row), fit.name);
        for (size_t u = 0; u < ORIGINS_UNITS; u++) cells[3 + u] = number(c, row->counts[u]);
        cells[6] = share_text(c, row);
        if (split) findings_cells(c, row, cells + PLAIN_COLUMNS - 2);
        cells[last - 1] = bar(c, row->share_ppm, longest, fit.bar);
        cells[last] = marks_text(c, row, fit.by_number);
        grid_row(&t, cells);
    }
    t.right &= ~(3u << (last - 1));
    return t;
}

static void print_bars(struct cli *c, struct asked *q) {
    struct grid t = origins_grid(c, q, 0, terminal_columns());
    grid_print(&t, stdout);
}

/* ---- several tables */

struct line { /* an origin as each table has it; NULL where it has none */
    struct text name;
    const struct origin *rows[TABLES_MAX];
};

/* In the order of the first table; what it lacks follows in the order of the others. */
static struct line *merge(struct cli *c, const struct asked *q, size_t *count) {
    size_t room = 0;
    for (size_t t = 0; t < q->count; t++) room += q->of[t].count;
    struct line *lines = ARENA_ARRAY(&c->arena, struct line, room + 1);
    struct map seen = {.arena = &c->arena};
    *count = 0;
    for (size_t t = 0; t < q->count; t++)
        for (size_t i = 0; i < q->of[t].count; i++) {
            char name[ORIGIN_NAME_MAX];
            struct text kept = arena_text(&c->arena, origin_name(&q->of[t].at[i], name));
            void **at = map_put(&seen, kept);
            if (!*at) {
                lines[*count].name = kept;
                *at = &lines[(*count)++];
            }
            ((struct line *)*at)->rows[t] = &q->of[t].at[i];
        }
    return lines;
}

static struct text difference(struct cli *c, const struct origin *first, const struct origin *other) {
    if (!first || !other || !first->rank || !other->rank) return TEXT("-");
    if (first->rank == other->rank) return TEXT("=");
    bool lower = other->rank > first->rank;
    uint64_t places = lower ? other->rank - first->rank : first->rank - other->rank;
    return arena_format(&c->arena, "%c%llu", lower ? '+' : '-', (unsigned long long)places);
}

/* Of each table its rank, count and share; from the second on also how many places its rank lies from A's. */
enum { OF_TABLE = 4, NAME_COLUMNS = 2 };

static void side_heads(struct cli *c, const struct asked *q, struct text *cells) {
    cells[0] = text_of(_("origin"));
    for (size_t t = 0; t < q->count; t++) {
        struct text *at = cells + NAME_COLUMNS + t * OF_TABLE;
        char letter = (char)('A' + t);
        at[0] = arena_format(&c->arena, "%c: %s", letter, _("rank"));
        at[1] = text_of(origin_unit_word(q->options.unit));
        at[2] = text_of(_("share"));
        at[3] = t ? arena_format(&c->arena, "%c-A", letter) : (struct text){0};
    }
}

static void side_cells(struct cli *c, const struct asked *q, const struct line *line, struct text *cells) {
    for (size_t t = q->count; t-- > 0;) {
        const struct origin *row = line->rows[t];
        struct text *at = cells + NAME_COLUMNS + t * OF_TABLE;
        at[0] = rank_text(c, row);
        at[1] = number(c, row ? row->counts[q->options.unit] : 0);
        at[2] = row ? share_text(c, row) : TEXT("-");
        at[3] = t ? difference(c, line->rows[0], row) : (struct text){0};
        if (!row) continue;
        cells[0] = code_of(c, row);
        cells[1] = origin_label(&q->of[t], row);
    }
}

/* How far two opinions on the same facts agree. */
static void put_agreement(const struct asked *q, const struct line *lines, size_t count, struct buf *out) {
    for (size_t t = 1; t < q->count; t++) {
        size_t differ = 0, ranked = 0;
        for (size_t i = 0; i < count; i++) {
            const struct origin *a = lines[i].rows[0], *b = lines[i].rows[t];
            if (!(a && a->rank) && !(b && b->rank)) continue;
            ranked++;
            differ += !a || !b || a->rank != b->rank;
        }
        buf_format(out,
                   _n("%c and A give different ranks to %zu of %zu origin.\n",
                      "%c and A give different ranks to %zu of %zu origins.\n", ranked),
                   (char)('A' + t), differ, ranked);
    }
}

struct grid origins_side_by_side(struct cli *c, const struct asked *q) {
    size_t count;
    const struct line *lines = merge(c, q, &count);
    struct grid t = grid_new(&c->arena, NAME_COLUMNS + q->count * OF_TABLE);
    struct text *cells = ARENA_ARRAY(&c->arena, struct text, t.count);
    t.right = ~3u;
    side_heads(c, q, cells);
    grid_row(&t, cells);
    for (size_t i = 0; i < count; i++) {
        side_cells(c, q, &lines[i], cells);
        grid_row(&t, cells);
    }
    return t;
}

void origins_agreement(struct cli *c, const struct asked *q, struct buf *out) {
    size_t count;
    const struct line *lines = merge(c, q, &count);
    put_agreement(q, lines, count, out);
}

static void print_side_by_side(struct cli *c, const struct asked *q) {
    struct buf agreement = {.max = 1 << 16};
    struct grid t = origins_side_by_side(c, q);
    grid_print(&t, stdout);
    origins_agreement(c, q, &agreement);
    printf("\n%.*s", TEXT_ARG(buf_as_text(&agreement)));
    buf_free(&agreement);
}

/* ---- one rank */

static void print_rank_row(struct cli *c, const struct origins *o, const struct origin *row) {
    char name[ORIGIN_NAME_MAX];
    struct text marks = marks_text(c, row, false), share = share_text(c, row),
                unit = text_of(origin_unit_word(o->options.unit));
    printf(_("%.*s: rank %llu of %llu by %.*s (%llu, %.*s), by the table %.*s"), TEXT_ARG(origin_name(row, name)),
           (unsigned long long)row->rank, (unsigned long long)o->ranked, TEXT_ARG(unit),
           (unsigned long long)row->counts[o->options.unit], TEXT_ARG(share),
           TEXT_ARG(cli_shown(c, o->table->meta.name)));
    if (marks.size) printf("; %.*s", TEXT_ARG(marks));
    putchar('\n');
}

struct spread { /* of the ranks of one origin, over all units and tables */
    uint64_t best, worst;
    bool absent; /* by some table it has none */
};

static void widen(struct spread *s, uint64_t rank) {
    if (!s->best || rank < s->best) s->best = rank;
    if (rank > s->worst) s->worst = rank;
}

/* "second in sources, ninth in events, fifth in targets (table A, registry)" */
static struct text ranks_text(struct cli *c, const struct asked *q, size_t t, struct text name, struct spread *s) {
    const struct origins *o = &q->of[t];
    const struct origin *row = origins_find(o, name);
    struct buf out = {.max = 4096};
    for (enum origins_unit u = 0; row && u < ORIGINS_UNITS; u++) {
        uint64_t rank = origins_rank_by(o, row, u);
        if (!rank) continue;
        widen(s, rank);
        if (out.size) buf_string(&out, ", ");
        bool shared = origins_rank_is_shared(o, row, u);
        buf_format(&out, shared ? _("%.*s in %s (shared)") : _("%.*s in %s"), TEXT_ARG(ordinal(c, rank)),
                   origin_unit_word(u));
    }
    if (!out.size) {
        s->absent = true;
        buf_string(&out, o->few ? _("not among the origins that are shown") : _("not among the origins"));
    }
    struct text table = cli_shown(c, o->table->meta.name);
    if (q->count > 1)
        buf_format(&out, _(" with table %c (%.*s)"), (int)('A' + t), TEXT_ARG(table));
    else
        buf_format(&out, _(" with the table %.*s"), TEXT_ARG(table));
    struct text written = arena_text(&c->arena, buf_as_text(&out));
    buf_free(&out);
    return written;
}

/* How much a rank is worth: how far it hangs on what is counted and by which table. */
static void put_spread(struct cli *c, const struct spread *s, struct buf *out) {
    if (!s->best) return;
    if (s->best != s->worst)
        buf_format(out, _("; by measure and table it stands between %.*s and %.*s"), TEXT_ARG(ordinal(c, s->best)),
                   TEXT_ARG(ordinal(c, s->worst)));
    else
        buf_string(out, _("; no measure and no table gives it another rank"));
    if (s->absent) buf_string(out, _(", and has no rank by some table"));
}

static struct text shown_name(struct cli *c, const struct asked *q, struct text name) {
    for (size_t t = 0; t < q->count; t++) {
        const struct origin *row = origins_find(&q->of[t], name);
        if (row) return cli_shown(c, origin_label(&q->of[t], row));
    }
    return name;
}

void origins_rank_sentence(struct cli *c, const struct asked *q, struct text name, struct buf *out) {
    struct spread spread = {0};
    buf_format(out, "%.*s: ", TEXT_ARG(shown_name(c, q, name)));
    for (size_t t = 0; t < q->count; t++) {
        if (t) buf_string(out, "; ");
        buf_text(out, ranks_text(c, q, t, name, &spread));
    }
    put_spread(c, &spread, out);
    buf_char(out, '.');
}

static void print_rank(struct cli *c, const struct asked *q, struct text name) {
    struct buf line = {.max = 1 << 16};
    origins_rank_sentence(c, q, name, &line);
    printf("%.*s\n", TEXT_ARG(buf_as_text(&line)));
    for (size_t t = 0; t < q->count; t++) {
        const struct origin *row = origins_find(&q->of[t], name);
        if (row) print_rank_row(c, &q->of[t], row);
    }
    buf_free(&line);
}

/* ---- all of it */

bool origins_any_has(const struct asked *q, struct text name) {
    for (size_t t = 0; t < q->count; t++)
        if (origins_find(&q->of[t], name)) return true;
    return false;
}

void origins_print(struct cli *c, struct asked *q) {
    print_head(c, q);
    if (q->typed->rank)
        print_rank(c, q, text_of(q->typed->rank));
    else if (q->count > 1)
        print_side_by_side(c, q);
    else
        print_bars(c, q);
    print_caveats(q);
    print_marks(q, q->by_number);
    print_lists(q);
    print_credits(c, q);
}
