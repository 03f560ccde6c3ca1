/* Text sources to rows. */
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "territory/rows.h"

void rows_free(struct rows *r) {
    arena_free(&r->arena);
    *r = (struct rows){0};
}

enum error rows_add(struct rows *r, struct ip start, struct ip end, const struct row_says *says, struct diag *d) {
    if (ip_is_v4(start) != ip_is_v4(end)) return fail(d, ERR_INPUT, _("a range's ends are of two address families"));
    if (ip_compare(start, end) > 0) return fail(d, ERR_INPUT, _("a range ends before it starts"));
    if (r->count >= TERRITORY_RANGES_MAX)
        return fail(d, ERR_LIMIT, _("more than %d ranges"), (int)TERRITORY_RANGES_MAX);
    r->at = arena_grow(&r->arena, r->at, r->count, &r->room, sizeof *r->at);
    r->at[r->count++] = (struct territory_row){
        .start = address_of(start),
        .end = address_of(end),
        .as_name = says->as_name.size ? arena_text(&r->arena, says->as_name) : (struct text){0},
        .place = {says->country, says->as, says->code},
        .country_is_said = says->country_is_said,
        .as_is_said = says->as_is_said,
    };
    return OK;
}

/* Remembers the first spellings of codes that are no country. */
static void remember_code(struct rows *r, struct text code) {
    size_t used = strlen(r->codes);
    if (!code.size || code.size > 8 || used + code.size + 2 > sizeof r->codes) return;
    struct text left = text_of(r->codes), one;
    while (text_cut(&left, ' ', &one))
        if (text_equal(one, code)) return;
    memcpy(r->codes + used, code.at, code.size);
    r->codes[used + code.size] = ' ';
    r->codes[used + code.size + 1] = 0;
}

void rows_country(struct rows *r, struct text code, struct row_says *says) {
    if (!code.size) return;
    says->country_is_said = true;
    if (iso3166_read(code, &says->country)) return;
    says->country = (struct country){{0, 0}};
    if (territory_code_is(code)) says->code = (struct country){{code.at[0], code.at[1]}};
    r->unassigned++;
    remember_code(r, code);
}

/* `# Key: value`, as IPFire's export has it. */
static void read_comment(struct rows *r, struct text line) {
    const struct {
        struct text key;
        struct text *value;
    } keys[] = {{TEXT("Generated:"), &r->date}, {TEXT("Vendor:"), &r->vendor}, {TEXT("License:"), &r->license}};
    line = text_trim(text_sub(line, 1, line.size));
    for (size_t i = 0; i < COUNT(keys); i++)
        if (text_skip(&line, keys[i].key) && text_is_note_text(line) && line.size < TERRITORY_LINE_MAX / 2)
            *keys[i].value = arena_text(&r->arena, text_trim(line));
}

static enum error read_address(struct text t, struct ip *out, uint64_t line, struct diag *d) {
    uint64_t number;
    if (ip_read(t, out)) return OK;
    if (text_u64(t, &number) && number <= UINT32_MAX) {
        *out = ip_from_v4((uint32_t)number);
        return OK;
    }
    return fail_at(d, line, ERR_INPUT, _("expected an address, or an IPv4 address as a number, found “%.*s”"),
                   (int)(t.size < 60 ? t.size : 60), t.at);
}

static enum error read_as(struct text number, struct text name, struct row_says *says, uint64_t line, struct diag *d) {
    uint64_t as;
    if (!number.size) return OK;
    if (!text_u64(number, &as) || as > UINT32_MAX)
        return fail_at(d, line, ERR_INPUT, _("expected the number of an AS, found “%.*s”"),
                       (int)(number.size < 60 ? number.size : 60), number.at);
    if (name.size > TERRITORY_AS_NAME_MAX || !text_is_note_text(name) || text_find(name, '\n') < name.size)
        return fail_at(d, line, ERR_INPUT, _("expected the name of an AS in one line of at most %d bytes of UTF-8"),
                       TERRITORY_AS_NAME_MAX);
    says->as_is_said = true;
    says->as = (uint32_t)as;
    says->as_name = name;
    return OK;
}

/* The forms of a text source: which field is what; 0: absent (fields 0 and 1 are the range). */
static const struct form { size_t fields, country, as, as_name; } forms[] = {{5, 2, 3, 4}, {3, 2, 0, 0}, {4, 0, 2, 3}};

static const struct form *form_of(size_t fields) {
    for (size_t i = 0; i < COUNT(forms); i++)
        if (forms[i].fields == fields) return &forms[i];
    return NULL;
}

static enum error read_row(struct rows *r, const struct form *form, const struct text *fields, uint64_t line,
                           struct diag *d) {
    struct ip start, end;
    struct row_says says = {0};
    enum error result = read_address(fields[0], &start, line, d);
    if (!result) result = read_address(fields[1], &end, line, d);
    if (!result && form->as) result = read_as(fields[form->as], fields[form->as_name], &says, line, d);
    if (result) return result;
    if (form->country) rows_country(r, fields[form->country], &says);
    result = rows_add(r, start, end, &says, d);
    if (result && d) d->line = line;
    return result;
}

enum error rows_read(struct rows *r, struct text source, uint64_t *added, struct diag *d) {
    const struct form *form = NULL;
    const size_t before = r->count;
    uint64_t line = 0;
    enum { FIELDS_MAX = 5 };
    while (source.size) {
        if (source.at[0] == '#') {
            struct text comment = source;
            if (!text_line(&source, &comment)) source = (struct text){0};
            read_comment(r, comment);
            line++;
            continue;
        }
        struct text fields[FIELDS_MAX];
        size_t count;
        struct arena unquoted = {0};
        enum error result = csv_row(&source, &unquoted, fields, FIELDS_MAX, &count, &line, d);
        bool head = !result && !form && count == FIELDS_MAX && text_is(fields[0], "start");
        if (!result && !form) form = form_of(count);
        if (!result && (!form || form->fields != count))
            result = fail_at(
                d, line, ERR_INPUT,
                _("expected start,end,country or start,end,asn,as_name or the canonical form, found %zu fields"),
                count);
        if (!result && !head) result = read_row(r, form, fields, line, d);
        arena_free(&unquoted);
        if (result) return result;
    }
    *added = r->count - before;
    return OK;
}

/* "Thu, 25 Jun 2026 04:33:59 GMT" (RFC 5322 with the zone's name, as HTTP prints it). */
static bool read_http_date(struct text t, instant *out) {
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char whole[40], name[4];
    unsigned day, year, hour, minute, second;
    int read = 0;
    if (t.size >= sizeof whole) return false;
    memcpy(whole, t.at, t.size);
    whole[t.size] = 0;
    if (sscanf(whole, "%*3[A-Za-z], %2u %3[A-Za-z] %4u %2u:%2u:%2u GMT%n", &day, name, &year, &hour, &minute, &second,
               &read) != 6 ||
        (size_t)read != t.size)
        return false;
    const char *found = strlen(name) == 3 ? strstr(months, name) : NULL;
    if (!found || (found - months) % 3) return false;
    return instant_from_civil(year, (unsigned)(found - months) / 3 + 1, day, hour, minute, second, out);
}

bool territory_read_date(struct text t, instant *out) {
    char whole[INSTANT_TEXT_MAX];
    if (t.size == 10) {
        memcpy(whole, t.at, 10);
        memcpy(whole + 10, "T00:00:00Z", 10);
        return instant_read((struct text){whole, 20}, out);
    }
    return instant_read(t, out) || read_http_date(t, out);
}
