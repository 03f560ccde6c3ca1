/* What a request asks for: its query and its media types. */
#include <strings.h>

#include "web/taxii.h"

struct taxii_filter taxii_filter_all(void) {
    return (struct taxii_filter){.added_after = INSTANT_NONE, .limit = TAXII_LIMIT_MAX};
}

/* ---- lists: `a,b,c` */

static enum error take_list(struct text value, struct text *list, size_t *count, struct diag *d) {
    while (value.size) {
        size_t end = text_find(value, ',');
        if (*count == TAXII_MATCH_MAX)
            return fail(d, ERR_INPUT, _("expected at most %d values to match"), TAXII_MATCH_MAX);
        if (end) list[(*count)++] = text_sub(value, 0, end);
        value = text_sub(value, end < value.size ? end + 1 : end, value.size);
    }
    return OK;
}

static enum error take_ids(struct taxii_filter *f, struct text value, struct diag *d) {
    return take_list(value, f->ids, &f->id_count, d);
}
static enum error take_types(struct taxii_filter *f, struct text value, struct diag *d) {
    return take_list(value, f->types, &f->type_count, d);
}

static enum error take_versions(struct taxii_filter *f, struct text value, struct diag *d) {
    struct text list[TAXII_MATCH_MAX];
    size_t count = 0;
    instant ignored;
    enum error result = take_list(value, list, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        if (text_is(list[i], "all"))
            f->versions |= TAXII_ALL;
        else if (text_is(list[i], "first"))
            f->versions |= TAXII_FIRST;
        else if (text_is(list[i], "last"))
            f->versions |= TAXII_LAST;
        else if (!instant_read(list[i], &ignored))
            result = fail(d, ERR_INPUT, _("match[version]: expected first, last, all or a time, found “%.*s”"),
                          TEXT_ARG(list[i]));
        else if (f->at_count < TAXII_MATCH_MAX)
            f->at[f->at_count++] = list[i];
    }
    return result;
}

/* All objects are of STIX 2.1. */
static enum error take_specifications(struct taxii_filter *f, struct text value, struct diag *d) {
    struct text list[TAXII_MATCH_MAX];
    size_t count = 0;
    bool fits = false;
    enum error result = take_list(value, list, &count, d);
    for (size_t i = 0; i < count; i++) fits = fits || text_is(list[i], "2.1");
    if (!result && !fits) f->nothing = true;
    return result;
}

/* ---- where the page begins, and its size */

static enum error take_added_after(struct taxii_filter *f, struct text value, struct diag *d) {
    if (instant_read(value, &f->added_after)) return OK;
    return fail(d, ERR_INPUT, _("added_after: expected a time as 2026-03-01T12:00:00.000000Z, found “%.*s”"),
                TEXT_ARG(value));
}

static enum error take_limit(struct taxii_filter *f, struct text value, struct diag *d) {
    uint64_t limit = 0;
    if (!text_u64(value, &limit) || !limit)
        return fail(d, ERR_INPUT, _("limit: expected a positive number, found “%.*s”"), TEXT_ARG(value));
    f->limit = limit < TAXII_LIMIT_MAX ? limit : TAXII_LIMIT_MAX;
    return OK;
}

static enum error take_next(struct taxii_filter *f, struct text value, struct diag *d) {
    uint64_t after = 0;
    if (text_u64(value, &after) && after <= INT64_MAX) {
        f->after = after;
        return OK;
    }
    return fail(d, ERR_INPUT, _("next: expected what an answer gave, found “%.*s”"), TEXT_ARG(value));
}

static const struct {
    const char *name;
    enum error (*take)(struct taxii_filter *f, struct text value, struct diag *d);
} arguments[] = {
    {"added_after", take_added_after},
    {"limit", take_limit},
    {"next", take_next},
    {"match[id]", take_ids},
    {"match[type]", take_types},
    {"match[version]", take_versions},
    {"match[spec_version]", take_specifications},
};

enum error taxii_query_take(struct taxii_filter *f, struct text name, struct text value, struct diag *d) {
    for (size_t i = 0; i < COUNT(arguments); i++)
        if (text_is(name, arguments[i].name)) return arguments[i].take(f, value, d);
    if (text_starts(name, TEXT("match[")))
        return fail(d, ERR_INPUT, _("expected match[id], [type], [version] or [spec_version], found “%.*s”"),
                    TEXT_ARG(name));
    return OK;
}

/* ---- media types (RFC 9110, 8.3.1, 12.5.1) */

static bool same_word(struct text a, const char *word) {
    return a.size == strlen(word) && !strncasecmp(a.at, word, a.size);
}

static bool cut_part(struct text *rest, char c, struct text *part) {
    if (!rest->size) return false;
    size_t end = text_find(*rest, c);
    *part = text_trim(text_sub(*rest, 0, end));
    *rest = text_sub(*rest, end < rest->size ? end + 1 : end, rest->size);
    return true;
}

static bool is_zero(struct text weight) {
    for (size_t i = 0; i < weight.size; i++)
        if (weight.at[i] != '0' && weight.at[i] != '.') return false;
    return weight.size > 0;
}

/* One media type with its parameters: of TAXII, and of version 2.1 or without one. */
static bool is_taxii(struct text one, bool range) {
    struct text type, parameter;
    bool fits = true;
    if (!cut_part(&one, ';', &type)) return false;
    bool any = range && (same_word(type, "*/*") || same_word(type, "application/*"));
    if (!any && !same_word(type, "application/taxii+json")) return false;
    while (cut_part(&one, ';', &parameter)) {
        struct text value = parameter, name;
        if (!text_cut(&value, '=', &name)) continue;
        if (value.size > 1 && value.at[0] == '"') value = text_sub(value, 1, value.size - 1);
        if (same_word(name, "version")) fits = fits && text_is(value, "2.1");
        if (same_word(name, "q") && is_zero(value)) fits = false;
    }
    return fits;
}

bool taxii_accepts(struct text accept) {
    struct text one;
    if (!text_trim(accept).size) return true;
    while (cut_part(&accept, ',', &one))
        if (is_taxii(one, true)) return true;
    return false;
}

bool taxii_is_content(struct text type) { return is_taxii(type, false); }
