/* origins: from where the sources, events and targets of a fact sheet come, by one table or by several. */
#include <string.h>

#include "base/map.h"
#include "base/os.h"
#include "cli/joint.h"
#include "finding/finding.h"
#include "scan/table.h"
#include "territory/origins.h"

enum { TABLES_MAX = 8, BAR_COLUMNS = 24 };

struct asking {
    struct words tables;
    const char *by, *unit, *rank, *findings;
    struct joint_options joint;
};

struct asked {
    const struct asking *typed;
    struct origins_options options;
    struct sha256 hash; /* of the sheet */
    struct sheet sheet;
    struct table tables[TABLES_MAX];
    struct origins of[TABLES_MAX];
    size_t count; /* of tables that are open */
};

/* ---- how things are written */

static struct text label_of(const struct origins *o, const struct origin *row) {
    static const char *const others[] = {"", N_("not placed by the table"), N_("special-purpose addresses"),
                                         N_("facts without a source")};
    if (row->kind != ORIGIN_PLACED) return text_of(gettext(others[row->kind]));
    if (row->as) return territory_as_name(o->table, row->as);
    return text_of(dgettext("iso_3166", iso3166_name(row->country)));
}

static struct text code_of(struct cli *c, const struct origin *row) {
    char name[ORIGIN_NAME_MAX];
    return row->kind == ORIGIN_PLACED ? arena_text(&c->arena, origin_name(row, name)) : TEXT("-");
}

static struct text number(struct cli *c, uint64_t n) { return arena_format(&c->arena, "%llu", (unsigned long long)n); }

static struct text rank_text(struct cli *c, const struct origin *row) {
    return row && row->rank ? number(c, row->rank) : TEXT("-");
}

static struct text share_text(struct cli *c, const struct origin *row) {
    unsigned tenths = (unsigned)(row->share_ppm * 1000 / ORIGINS_MILLION);
    return arena_format(&c->arena, "%u.%u %%", tenths / 10, tenths % 10);
}

/* Blocks in eighths of a column; what is there at all can be seen. */
static struct text bar(struct cli *c, uint64_t share, uint64_t longest) {
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    struct buf out = {.max = 4 * BAR_COLUMNS + 4};
    uint64_t length = longest ? share * BAR_COLUMNS * 8 / longest : 0;
    if (!length && share) length = 1;
    for (uint64_t i = 0; i < length / 8; i++) buf_string(&out, "█");
    buf_string(&out, eighths[length % 8]);
    struct text drawn = arena_text(&c->arena, buf_as_text(&out));
    buf_free(&out);
    return drawn;
}

static const char *unit_word(enum origins_unit unit) {
    static const char *const words[] = {N_("sources"), N_("events"), N_("targets")};
    return gettext(words[unit]);
}

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
    printf("%s\n", unit_word(o->options.unit));
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

enum { PLAIN_COLUMNS = 8, SPLIT_COLUMNS = PLAIN_COLUMNS + 4 };

static void print_bars(struct cli *c, const struct asked *q) {
    const struct origins *o = &q->of[0];
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
        for (size_t i = 0; i < COUNT(heads); i++) cells[PLAIN_COLUMNS - 1 + i] = text_of(heads[i]);
    }
    grid_row(&t, cells);
    for (size_t i = 0; i < o->count; i++) {
        const struct origin *row = &o->at[i];
        cells[0] = rank_text(c, row);
        cells[1] = code_of(c, row);
        cells[2] = label_of(o, row);
        for (size_t u = 0; u < ORIGINS_UNITS; u++) cells[3 + u] = number(c, row->counts[u]);
        cells[6] = share_text(c, row);
        if (split) findings_cells(c, row, cells + PLAIN_COLUMNS - 1);
        cells[last] = bar(c, row->share_ppm, longest);
        grid_row(&t, cells);
    }
    t.right &= ~(1u << last);
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
        at[1] = text_of(unit_word(q->options.unit));
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
        cells[1] = label_of(&q->of[t], row);
    }
}

/* How far two opinions on the same facts agree. */
static void print_agreement(const struct asked *q, const struct line *lines, size_t count) {
    for (size_t t = 1; t < q->count; t++) {
        size_t differ = 0, ranked = 0;
        for (size_t i = 0; i < count; i++) {
            const struct origin *a = lines[i].rows[0], *b = lines[i].rows[t];
            if (!(a && a->rank) && !(b && b->rank)) continue;
            ranked++;
            differ += !a || !b || a->rank != b->rank;
        }
        printf(_n("%c and A give different ranks to %zu of %zu origin.\n",
                  "%c and A give different ranks to %zu of %zu origins.\n", ranked),
               (char)('A' + t), differ, ranked);
    }
}

static void print_side_by_side(struct cli *c, const struct asked *q) {
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
    grid_print(&t, stdout);
    putchar('\n');
    print_agreement(q, lines, count);
}

/* ---- one rank */

static void print_rank(struct cli *c, const struct origins *o, struct text name) {
    const struct origin *row = origins_find(o, name);
    struct text unit = text_of(unit_word(o->options.unit));
    const struct text table = o->table->meta.name;
    if (!row) {
        printf(_("%.*s: no rank by %.*s, by the table %.*s\n"), TEXT_ARG(name), TEXT_ARG(unit), TEXT_ARG(table));
        return;
    }
    struct text share = share_text(c, row);
    struct text label = label_of(o, row);
    printf(_("%.*s %.*s: rank %llu of %llu by %.*s (%llu, %.*s), by the table %.*s\n"), TEXT_ARG(name), TEXT_ARG(label),
           (unsigned long long)row->rank, (unsigned long long)o->ranked, TEXT_ARG(unit),
           (unsigned long long)row->counts[o->options.unit], TEXT_ARG(share), TEXT_ARG(table));
}

static bool any_has(const struct asked *q, struct text name) {
    for (size_t t = 0; t < q->count; t++)
        if (origins_find(&q->of[t], name)) return true;
    return false;
}

/* ---- printing */

static json_t *one_json(const struct asked *q, size_t t) {
    return q->typed->rank ? origins_rank_json(&q->of[t], text_of(q->typed->rank)) : origins_json(&q->of[t]);
}

/* One table gives the object that is signed, several a list of such. */
static enum error print_json(struct cli *c, const struct asked *q) {
    if (q->count == 1) return cli_print_json(c, one_json(q, 0));
    json_t *list = json_array();
    for (size_t t = 0; t < q->count; t++) json_add(list, one_json(q, t));
    return cli_print_json(c, list);
}

static enum error print(struct cli *c, const struct asked *q) {
    const struct text rank = text_of(q->typed->rank);
    enum error missing = q->typed->rank && !any_has(q, rank) ? ERR_NO : OK;
    if (c->json) {
        enum error result = print_json(c, q);
        return result ? result : missing;
    }
    print_head(c, q);
    if (q->typed->rank)
        for (size_t t = 0; t < q->count; t++) print_rank(c, &q->of[t], rank);
    else if (q->count > 1)
        print_side_by_side(c, q);
    else
        print_bars(c, q);
    print_caveats(q);
    print_credits(c, q);
    return missing;
}

/* ---- what was typed */

static enum error read_options(struct cli *c, const struct asking *typed, struct origins_options *o) {
    struct text by = text_of(typed->by ? typed->by : "country"), rank = text_of(typed->rank);
    struct country country;
    uint64_t as;
    if (!text_is(by, "country") && !text_is(by, "as"))
        return cli_usage(c, _("--by: expected country or as, found “%s”"), typed->by);
    o->by = text_is(by, "as") ? ORIGINS_BY_AS : ORIGINS_BY_COUNTRY;
    if (typed->unit && !origins_unit_read(text_of(typed->unit), &o->unit))
        return cli_usage(c, _("--unit: expected sources, events or targets, found “%s”"), typed->unit);
    if (typed->rank && o->by == ORIGINS_BY_COUNTRY && !iso3166_read(rank, &country))
        return cli_usage(c, _("--rank: expected the two letters of a country, found “%s”"), typed->rank);
    if (typed->rank && o->by == ORIGINS_BY_AS && (!text_skip(&rank, TEXT("AS")) || !text_u64(rank, &as)))
        return cli_usage(c, _("--rank: expected an AS as AS64500, found “%s”"), typed->rank);
    if (!typed->tables.count) return cli_usage(c, _("--territory is needed: by which table origins are told"));
    if (typed->tables.count > TABLES_MAX) return cli_usage(c, _("more than %d tables"), (int)TABLES_MAX);
    return OK;
}

static enum error read_findings(struct cli *c, struct asked *q) {
    struct bytes file;
    struct findings findings;
    if (!q->typed->findings) return OK;
    enum error result = cli_file(c, q->typed->findings, FINDINGS_MAX_BYTES, &file);
    if (!result) result = findings_read(file, &c->arena, &findings, &c->diag);
    if (!result && findings.count && findings.at[findings.count - 1].row >= q->sheet.count)
        result = fail(&c->diag, ERR_INPUT, _("a finding of fact %llu, and the sheet has only %llu"),
                      (unsigned long long)findings.at[findings.count - 1].row, (unsigned long long)q->sheet.count);
    diag_where(&c->diag, result ? q->typed->findings : NULL);
    if (result) return result;
    enum finding_word *words = ARENA_ARRAY(&c->arena, enum finding_word, q->sheet.count + 1);
    for (size_t i = 0; i < q->sheet.count; i++) words[i] = (enum finding_word)ORIGINS_NO_FINDING;
    for (size_t i = 0; i < findings.count; i++) words[findings.at[i].row] = findings.at[i].word;
    q->options.words = words;
    q->options.findings = sha256_of(file);
    return OK;
}

static enum error read_sheet(struct cli *c, struct asked *q) {
    const char *path = c->words.at[0];
    struct bytes file = {0};
    enum error result = cli_file(c, path, SHEET_BYTES_MAX, &file);
    if (!result) result = sheet_read(file, &c->arena, &q->sheet, &c->diag);
    diag_where(&c->diag, result ? path : NULL);
    q->hash = sheet_hash(file);
    return result;
}

/* What is no file may be a case. */
static bool is_case(const struct cli *c, const struct asking *typed) {
    const struct joint_options *j = &typed->joint;
    const char *word = c->words.at[0];
    return j->send || j->compare || j->joint || (strcmp(word, "-") && !os_exists(word));
}

static enum error take_case(struct cli *c, struct asking *typed, struct asked *q) {
    struct joint_facts facts;
    if (typed->findings) return cli_usage(c, _("the findings of a case are those of its answers: not --findings"));
    enum error result = joint_take(c, &typed->joint, &facts);
    if (result == ERR_MISSING && !typed->joint.send && !os_exists(c->home))
        return fail(&c->diag, ERR_MISSING, _("there is no file %s, and no home in which to look for such a case"),
                    c->words.at[0]);
    if (result) return result;
    facts.options.by = q->options.by;
    facts.options.unit = q->options.unit;
    q->options = facts.options;
    q->sheet = facts.sheet;
    q->hash = facts.hash;
    return OK;
}

static enum error count_by_tables(struct cli *c, struct asked *q) {
    enum error result = OK;
    for (size_t i = 0; !result && i < q->typed->tables.count; i++) {
        result = table_open(c->home, q->typed->tables.at[i], &q->tables[i], &c->diag);
        if (result) break;
        q->count++;
        result = origins_count(q->sheet, q->hash, &q->tables[i].of, &q->options, &c->arena, &q->of[i], &c->diag);
    }
    return result;
}

static enum error count_and_print(struct cli *c, struct asking *typed) {
    struct asked *q = ARENA_NEW(&c->arena, struct asked);
    q->typed = typed;
    enum error result = read_options(c, typed, &q->options);
    bool of_case = is_case(c, typed);
    if (!result) result = of_case ? take_case(c, typed, q) : read_sheet(c, q);
    if (!result && !of_case) result = read_findings(c, q);
    if (!result) result = count_by_tables(c, q);
    if (!result) result = typed->joint.send ? joint_send(c, &typed->joint, q->of, q->count) : print(c, q);
    for (size_t i = 0; i < q->count; i++) table_close(&q->tables[i]);
    return result;
}

enum error cli_origins(struct cli *c) {
    struct asking typed = {0};
    const struct option_row rows[] = {
        {"--territory", OPTION_WORDS, &typed.tables, "TABLE",
         N_("a table, by its path or its name in the home; several are shown side by side")},
        {"--by", OPTION_WORD, &typed.by, "country|as", N_("countries (the default), or autonomous systems")},
        {"--unit", OPTION_WORD, &typed.unit, "UNIT", N_("what ranks: sources (the default), events or targets")},
        {"--rank", OPTION_WORD, &typed.rank, "CC", N_("the rank of this country (or AS) alone")},
        {"--findings", OPTION_WORD, &typed.findings, "FILE", N_("split the events by the findings of this sheet")},
        JOINT_ROWS(typed.joint),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 1);
    if (result) return result;
    if (typed.joint.compare + typed.joint.joint + typed.joint.send > 1)
        return cli_usage(c, _("--send, --compare and --joint exclude each other"));
    if (typed.joint.compare) return joint_compare(c, &typed.joint, &typed.tables);
    return typed.joint.joint ? joint_list(c) : count_and_print(c, &typed);
}
