/* territory: compile a table of address ranges, show what one says of itself, look addresses up. */
#include <string.h>

#include "base/os.h"
#include "cli/speak.h"
#include "scan/table.h"
#include "territory/special.h"

enum { TABLE_BYTES_MAX = INT32_MAX, ADDRESSES_MAX_BYTES = 256 << 20 };

/* Dates and credits stand in the words of the compiler's user, else in the comments of the sources. */
struct compiling {
    const char *out, *name, *date, *basis;
    struct words credits;
};

/* ---- show */

static json_t *sources_json(const struct territory_meta *m) {
    json_t *list = json_array();
    for (size_t i = 0; i < m->source_count; i++) {
        char hex[SHA256_HEX];
        json_t *one = json_object();
        json_put_text(one, "name", m->sources[i].name);
        json_put_text(one, "sha256", sha256_hex(&m->sources[i].hash, hex));
        json_put_u64(one, "rows", m->sources[i].rows);
        json_add(list, one);
    }
    return list;
}

static json_t *table_json(const struct territory *t) {
    char hex[SHA256_HEX], time[INSTANT_TEXT_MAX];
    json_t *table = json_object(), *credits = json_array();
    json_put_text(table, "name", t->meta.name);
    json_put_text(table, "hash", sha256_hex(&t->meta.hash, hex));
    json_put_text(table, "date", instant_write(t->meta.date, time));
    json_put_text(table, "basis", t->meta.basis);
    json_put(table, "sources", sources_json(&t->meta));
    for (size_t i = 0; i < t->meta.credit_count; i++) json_add_text(credits, t->meta.credits[i]);
    json_put(table, "credits", credits);
    json_put_u64(table, "ranges4", t->count4);
    json_put_u64(table, "ranges6", t->count6);
    json_put_u64(table, "countries", territory_countries(t));
    json_put_u64(table, "networks", t->network_count);
    return table;
}

static void print_field(const char *name) {
    cli_pad(stdout, text_of(name), 12);
    fputs("  ", stdout);
}

static void print_table(struct cli *c, const struct territory *t) {
    char hex[SHA256_HEX], time[INSTANT_TEXT_MAX];
    const struct territory_meta *m = &t->meta;
    print_field(_("name"));
    printf("%.*s\n", TEXT_ARG(cli_shown(c, m->name)));
    print_field(_("hash"));
    printf("%s\n", sha256_hex(&m->hash, hex).at);
    print_field(_("date"));
    printf("%.*s\n", TEXT_ARG(instant_write(m->date, time)));
    print_field(_("age in days"));
    printf("%lld\n", (long long)((c->now - m->date) / INSTANT_DAY));
    print_field(_("basis"));
    printf("%.*s\n", TEXT_ARG(cli_shown(c, m->basis)));
    for (size_t i = 0; i < m->source_count; i++) {
        print_field(_("source"));
        printf("%s  %llu  %.*s\n", sha256_hex(&m->sources[i].hash, hex).at, (unsigned long long)m->sources[i].rows,
               TEXT_ARG(cli_shown(c, m->sources[i].name)));
    }
    for (size_t i = 0; i < m->credit_count; i++) {
        print_field(_("credit"));
        printf("%.*s\n", TEXT_ARG(cli_shown(c, m->credits[i])));
    }
    print_field(_("ranges"));
    printf(_("%zu of IPv4, %zu of IPv6\n"), t->count4, t->count6);
    print_field(_("countries"));
    printf("%llu\n", (unsigned long long)territory_countries(t));
    print_field(_("networks"));
    printf("%zu\n", t->network_count);
}

struct listing {
    struct cli *c;
    json_t *list;
};

static enum error list_one(void *of, const char *file, const struct territory *t) {
    struct listing *l = of;
    char time[INSTANT_TEXT_MAX];
    if (l->c->json) {
        json_t *one = table_json(t);
        json_put_text(one, "file", text_of(file));
        json_add(l->list, one);
        return OK;
    }
    printf("%.*s  %.*s  %.*s  %.*s\n", TEXT_ARG(cli_shown(l->c, text_of(file))),
           TEXT_ARG(cli_shown(l->c, t->meta.basis)), TEXT_ARG(instant_write(t->meta.date, time)),
           TEXT_ARG(cli_shown(l->c, t->meta.name)));
    return OK;
}

/* Those of the home, by the names they are opened with. */
static enum error show_all(struct cli *c) {
    struct listing l = {c, json_array()};
    enum error result = table_each(c->home, list_one, &l, &c->diag);
    if (!result && c->json) result = cli_print_json(c, json_incref(l.list));
    json_decref(l.list);
    return result;
}

static enum error show(struct cli *c) {
    struct table table;
    enum error result = cli_options(c, NULL, 0, 0, 1);
    if (!result && !c->words.count) return show_all(c);
    if (!result) result = table_open(c->home, c->words.at[0], &table, &c->diag);
    if (result) return result;
    if (c->json)
        result = cli_print_json(c, table_json(&table.of));
    else
        print_table(c, &table.of);
    table_close(&table);
    return result;
}

/* ---- lookup */

struct found {
    struct ip address;
    struct territory_range range;
    struct text as_name;
    const struct special *special;
};

static json_t *found_json(const struct found *f) {
    char address[IP_TEXT_MAX];
    json_t *one = json_object();
    const char *country = iso3166_name(f->range.place.country);
    json_put_text(one, "address", ip_write(f->address, address));
    if (country) json_put_text(one, "country", (struct text){f->range.place.country.at, 2});
    if (country) json_put_text(one, "country_name", text_of(country));
    if (!country_is_none(f->range.place.code)) json_put_text(one, "code", (struct text){f->range.place.code.at, 2});
    if (f->range.place.as) json_put_u64(one, "as", f->range.place.as);
    json_put_text_if(one, "as_name", f->as_name);
    json_put_text(one, "start", ip_write(f->range.start, address));
    json_put_text(one, "end", ip_write(f->range.end, address));
    if (f->special) json_put_text(one, "special", text_of(f->special->name));
    return one;
}

static void print_found(struct cli *c, const struct found *f) {
    char address[IP_TEXT_MAX];
    struct country of = f->range.place.country;
    const char *country = iso3166_name(of);
    printf("%.*s\t", TEXT_ARG(ip_write(f->address, address)));
    if (country) printf("%.2s\t%s", of.at, dgettext("iso_3166", country));
    if (!country && !country_is_none(f->range.place.code))
        printf("%.2s\t%s", f->range.place.code.at, _("a code of the sources that is no country"));
    else if (!country)
        printf("-\t%s", f->special ? gettext(f->special->name) : _("no territory"));
    printf("\t%.*s-", TEXT_ARG(ip_write(f->range.start, address)));
    printf("%.*s", TEXT_ARG(ip_write(f->range.end, address)));
    if (f->range.place.as) printf("\tAS%u\t%.*s", f->range.place.as, TEXT_ARG(cli_shown(c, f->as_name)));
    putchar('\n');
}

static enum error look_up(struct cli *c, const struct territory *t, struct text typed, uint64_t line, json_t *list) {
    struct found f;
    if (!ip_read(typed, &f.address))
        return fail_at(&c->diag, line, ERR_INPUT, _("expected an IP address, found “%.*s”"),
                       (int)(typed.size < 60 ? typed.size : 60), typed.at);
    f.range = territory_range_of(t, f.address);
    f.as_name = territory_as_name(t, f.range.place.as);
    f.special = special_find(f.address);
    if (c->json)
        json_add(list, found_json(&f));
    else
        print_found(c, &f);
    return OK;
}

/* Addresses from standard input, one a line. */
static enum error look_up_lines(struct cli *c, const struct territory *t, json_t *list) {
    struct buf content = {.max = ADDRESSES_MAX_BYTES};
    enum error result = os_read("-", ADDRESSES_MAX_BYTES, &content, &c->diag);
    struct text left = buf_as_text(&content), line;
    for (uint64_t i = 1; !result && left.size; i++) {
        if (!text_line(&left, &line)) line = left, left = (struct text){0};
        result = look_up(c, t, line, i, list);
    }
    buf_free(&content);
    return result;
}

static enum error lookup(struct cli *c) {
    struct table table;
    enum error result = cli_options(c, NULL, 0, 2, SIZE_MAX);
    if (!result) result = table_open(c->home, c->words.at[0], &table, &c->diag);
    if (result) return result;
    json_t *list = json_array();
    if (c->words.count == 2 && !strcmp(c->words.at[1], "-")) {
        result = look_up_lines(c, &table.of, list);
    } else {
        for (size_t i = 1; !result && i < c->words.count; i++)
            result = look_up(c, &table.of, text_of(c->words.at[i]), 0, list);
    }
    if (!result && c->json) {
        json_t *whole = json_object();
        json_put(whole, "table", table_json(&table.of));
        json_put(whole, "addresses", json_incref(list));
        result = cli_print_json(c, whole);
    }
    json_decref(list);
    table_close(&table);
    return result;
}

/* ---- compile */

/* A table's name is one word: else that of the file that is written. */
static struct text table_name(struct cli *c, const struct compiling *o) {
    if (o->name) return text_of(o->name);
    const char *slash = strrchr(o->out, '/');
    struct text name = text_of(slash ? slash + 1 : o->out);
    if (text_ends(name, TEXT(".table"))) name.size -= sizeof ".table" - 1;
    return text_is(name, "-") ? TEXT("table") : arena_text(&c->arena, name);
}

static void add_credit(struct territory_meta *m, struct text credit) {
    for (size_t i = 0; i < m->credit_count; i++)
        if (text_equal(m->credits[i], credit)) return;
    if (m->credit_count < TERRITORY_SOURCES_MAX) m->credits[m->credit_count++] = credit;
}

/* What the comments of a source say of it.  The table is as old as the oldest of its sources. */
static enum error take_comments(struct cli *c, const struct rows *r, struct territory_meta *m) {
    instant date;
    if (r->date.size && !territory_read_date(r->date, &date))
        return fail(&c->diag, ERR_INPUT, _("expected a date, found “%.*s”; --date states it"),
                    (int)(r->date.size < 60 ? r->date.size : 60), r->date.at);
    if (r->date.size && (m->date == INSTANT_NONE || date < m->date)) m->date = date;
    if (r->vendor.size && r->license.size)
        add_credit(m, arena_format(&c->arena, "%.*s, %.*s", TEXT_ARG(r->vendor), TEXT_ARG(r->license)));
    return OK;
}

static enum error read_sources(struct cli *c, const struct compiling *o, struct rows *r, struct territory_meta *m) {
    if (c->words.count > TERRITORY_SOURCES_MAX)
        return cli_usage(c, _("more than %d sources"), (int)TERRITORY_SOURCES_MAX);
    for (size_t i = 0; i < c->words.count; i++) {
        enum error result = table_read_source(c->words.at[i], r, &m->sources[m->source_count++], &c->diag);
        if (!result && !o->date) result = take_comments(c, r, m);
        if (result) return result;
    }
    return OK;
}

static enum error state(struct cli *c, const struct compiling *o, struct territory_meta *m) {
    *m = (struct territory_meta){.date = INSTANT_NONE, .basis = text_of(o->basis ? o->basis : "unstated")};
    m->name = table_name(c, o);
    if (o->date && !territory_read_date(text_of(o->date), &m->date))
        return cli_usage(c, _("--date: expected a date as 2026-06-25, found “%s”"), o->date);
    if (!territory_basis_is(m->basis))
        return cli_usage(c, _("--basis: expected registry, geolocation, routed or unstated, found “%s”"), o->basis);
    if (o->credits.count > TERRITORY_SOURCES_MAX)
        return cli_usage(c, _("more than %d credits"), (int)TERRITORY_SOURCES_MAX);
    for (size_t i = 0; i < o->credits.count; i++) add_credit(m, text_of(o->credits.at[i]));
    return OK;
}

static void tell(const struct cli *c, const struct rows *r) {
    if (c->quiet) return;
    fprintf(stderr, _n("%zu row\n", "%zu rows\n", r->count), r->count);
    if (r->unassigned)
        fprintf(stderr,
                _n("%llu row has a code that is no country, and is shown as such: %s\n",
                   "%llu rows have a code that is no country, and are shown as such: %s\n", r->unassigned),
                (unsigned long long)r->unassigned, r->codes);
    if (r->overlapping)
        fprintf(stderr,
                _n("%llu range overlaps another; the smallest that holds an address speaks for it\n",
                   "%llu ranges overlap others; the smallest that holds an address speaks for it\n", r->overlapping),
                (unsigned long long)r->overlapping);
    if (r->repeated)
        fprintf(stderr,
                _n("%llu range is given twice with different values; the last one holds\n",
                   "%llu ranges are given twice with different values; the last one holds\n", r->repeated),
                (unsigned long long)r->repeated);
}

static enum error report(struct cli *c, const struct compiling *o, const struct buf *file) {
    struct territory t;
    enum error result = territory_open(buf_as_bytes(file), &t, &c->diag);
    if (result || !strcmp(o->out, "-")) return result;
    if (c->json) return cli_print_json(c, table_json(&t));
    print_table(c, &t);
    return OK;
}

static enum error compile_into(struct cli *c, const struct compiling *o, struct rows *r) {
    struct territory_meta *m = ARENA_NEW(&c->arena, struct territory_meta);
    struct buf file = {.max = TABLE_BYTES_MAX};
    enum error result = state(c, o, m);
    if (!result) result = read_sources(c, o, r, m);
    if (!result && m->date == INSTANT_NONE)
        result = cli_usage(c, _("the sources don't say of what day they are; --date does"));
    if (!result) result = territory_compile(r, m, &file, &c->diag);
    if (!result) tell(c, r);
    if (!result) result = os_write(o->out, buf_as_bytes(&file), 0644, &c->diag);
    if (!result) result = report(c, o, &file);
    buf_free(&file);
    return result;
}

static enum error compile(struct cli *c) {
    struct compiling o = {0};
    const struct option_row rows[] = {
        {"-o", OPTION_WORD, &o.out, "FILE", N_("compile: where the table goes (needed)")},
        {"--name", OPTION_WORD, &o.name, "NAME", N_("compile: the table's name, one word (else: the file's)")},
        {"--date", OPTION_WORD, &o.date, "DATE", N_("compile: the day of the data (else: as the sources say)")},
        {"--basis", OPTION_WORD, &o.basis, "BASIS", N_("compile: registry, geolocation, routed or unstated")},
        {"--credit", OPTION_WORDS, &o.credits, "TEXT", N_("compile: whom to credit, and the licence; may be repeated")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, SIZE_MAX);
    if (result) return result;
    if (!o.out) return cli_usage(c, _("-o is needed: the file that is written"));
    struct rows r = {0};
    result = compile_into(c, &o, &r);
    rows_free(&r);
    return result;
}

/* ---- the three */

/* The verb comes first, or behind `--`, as the page writes it. */
static int verb_place(const struct cli *c) {
    for (int i = 0; i + 1 < c->argc && c->argv[0][0] == '-'; i++)
        if (!strcmp(c->argv[i], "--")) return i + 1;
    return 0;
}

enum error cli_territory(struct cli *c) {
    static const struct {
        const char *name;
        enum error (*run)(struct cli *c);
    } verbs[] = {{"compile", compile}, {"show", show}, {"lookup", lookup}};
    const int at = verb_place(c);
    const char *typed = c->argc ? c->argv[at] : NULL;
    for (size_t i = 0; typed && i < COUNT(verbs); i++) {
        if (strcmp(typed, verbs[i].name)) continue;
        c->argc--;
        for (int rest = at; rest < c->argc; rest++) c->argv[rest] = c->argv[rest + 1];
        return verbs[i].run(c);
    }
    if (typed && typed[0] == '-') return compile(c); /* --help: the page has the options of all three */
    return cli_usage(c, _("expected compile, show or lookup, found “%s”"), typed ? typed : "");
}
