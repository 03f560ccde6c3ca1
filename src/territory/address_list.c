/* Lines to ranges, and addresses to the ranges that hold them. */
#include "territory/address_list.h"

#include <stdlib.h>

#include "json/json.h"

/* The first `bits` of the 128 are those of the block, and all others of its first address must be 0. */
static bool cut_block(struct ip address, unsigned bits, struct listed *out) {
    out->first = out->last = address;
    for (unsigned bit = bits; bit < 128; bit++) {
        uint8_t one = (uint8_t)(0x80 >> bit % 8);
        if (address.at[bit / 8] & one) return false;
        out->last.at[bit / 8] |= one;
    }
    return true;
}

static bool read_block(struct text t, struct listed *out) {
    struct text address;
    struct ip ip;
    uint64_t bits;
    if (!text_cut(&t, '/', &address) || !ip_read(address, &ip) || !text_u64(t, &bits)) return false;
    unsigned before = ip_is_v4(ip) ? 96 : 0;
    return bits <= 128 - before && cut_block(ip, before + (unsigned)bits, out);
}

static bool read_range(struct text t, struct listed *out) {
    struct text first;
    if (!text_cut(&t, '-', &first) || !ip_read(first, &out->first) || !ip_read(t, &out->last)) return false;
    return ip_is_v4(out->first) == ip_is_v4(out->last) && ip_compare(out->first, out->last) <= 0;
}

static bool read_place(struct text t, struct listed *out) {
    if (ip_read(t, &out->first)) {
        out->last = out->first;
        return true;
    }
    return read_block(t, out) || read_range(t, out);
}

/* The other lines of Tor's list, of which each exit has some. */
static bool is_passed_over(struct text line) {
    static const struct text heads[] = {TEXT("#"), TEXT(";"), TEXT("ExitNode "), TEXT("Published "),
                                        TEXT("LastStatus ")};
    for (size_t i = 0; i < COUNT(heads); i++)
        if (text_starts(line, heads[i])) return true;
    return !line.size;
}

static struct text take_word(struct text *rest) {
    size_t end = 0;
    while (end < rest->size && !memchr(" \t,;", rest->at[end], 4)) end++;
    struct text word = text_sub(*rest, 0, end);
    *rest = text_trim(text_sub(*rest, end, rest->size));
    while (rest->size && memchr(",;#", rest->at[0], 3)) *rest = text_trim(text_sub(*rest, 1, rest->size));
    return word;
}

/* Two addresses in a line are no address and its words: one of them would be lost. */
static bool read_entry(struct text line, struct text *place, struct listed *out) {
    struct text rest = line, more;
    struct listed other;
    *place = take_word(&rest);
    out->words = rest;
    if (!read_place(*place, out)) return false;
    more = take_word(&rest);
    return text_find(line, ',') == line.size || !read_place(more, &other);
}

static enum error read_line(struct text line, uint64_t number, struct listed *out, struct diag *d) {
    struct text rest = line;
    bool tor = text_skip(&rest, TEXT("ExitAddress "));
    struct text place;
    *out = (struct listed){0};
    if (!read_entry(rest, &place, out))
        return fail_at(
            d, number, ERR_INPUT,
            _("expected an address, a block as 192.0.2.0/24 or a range as 192.0.2.0-192.0.2.9, found “%.*s”"),
            TEXT_ARG(text_first(place, 60)));
    if (tor) out->words = TEXT("Tor exit");
    if (out->words.size > ADDRESS_LIST_WORDS_MAX || !text_is_note_text(out->words))
        return fail_at(d, number, ERR_INPUT, _("expected words of at most %d bytes of UTF-8"), ADDRESS_LIST_WORDS_MAX);
    return OK;
}

static int by_first(const void *a, const void *b) {
    const struct listed *x = a, *y = b;
    int order = ip_compare(x->first, y->first);
    if (!order) order = ip_compare(y->last, x->last);
    return order ? order : text_compare(x->words, y->words);
}

/* For each entry the nearest one before it that ends later: a look-up climbs by these. */
static void nest(struct listed *at, size_t count) {
    for (size_t i = 0; i < count; i++) {
        size_t up = i; /* an entry's number from 1 is also the place after it */
        while (up && ip_compare(at[up - 1].last, at[i].last) <= 0) up = at[up - 1].around;
        at[i].around = (uint32_t)up;
    }
}

enum error address_list_read(struct bytes b, struct arena *a, struct address_list *out, struct diag *d) {
    struct text rest = text_from_bytes(b), line;
    struct listed *all = NULL;
    size_t count = 0, room = 0;
    if (b.size > ADDRESS_LIST_MAX_BYTES)
        return fail(d, ERR_LIMIT, _("a list of more than %d bytes"), ADDRESS_LIST_MAX_BYTES);
    for (uint64_t number = 1; rest.size; number++) {
        struct listed one;
        if (!text_line(&rest, &line)) line = rest, rest = (struct text){0};
        if (text_ends(line, TEXT("\r"))) line.size--;
        line = text_trim(line);
        if (is_passed_over(line)) continue;
        enum error result = read_line(line, number, &one, d);
        if (result) return result;
        one.words = arena_text(a, one.words);
        all = arena_grow(a, all, count, &room, sizeof *all);
        all[count++] = one;
    }
    if (count) qsort(all, count, sizeof *all, by_first);
    nest(all, count);
    *out = (struct address_list){.hash = sha256_of(b), .at = all, .count = count};
    return OK;
}

/* ---- JSON */

bool address_list_is_json(struct bytes b) {
    struct text t = text_from_bytes(b);
    while (t.size && memchr(" \t\r\n", t.at[0], 4)) t = text_sub(t, 1, t.size);
    return t.size && (t.at[0] == '{' || t.at[0] == '[');
}

static struct text words_of(const json_t *object, struct text outer) {
    static const char *const names[] = {"name", "service"};
    for (size_t i = 0; i < COUNT(names); i++) {
        const json_t *value = json_object_get(object, names[i]);
        struct text words = {json_string_value(value), json_string_length(value)};
        if (words.at && words.size <= ADDRESS_LIST_WORDS_MAX && text_find(words, '\n') == words.size) return words;
    }
    return outer;
}

static void put_entries(json_t *value, struct text words, struct buf *out) {
    const char *key;
    size_t index;
    json_t *inner;
    struct listed one;
    struct text t = {json_string_value(value), json_string_length(value)};
    if (t.at && read_place(t, &one)) {
        buf_text(out, t);
        buf_char(out, ' ');
        buf_text(out, words);
        buf_char(out, '\n');
    }
    if (json_is_object(value)) words = words_of(value, words);
    json_object_foreach(value, key, inner) put_entries(inner, words, out);
    json_array_foreach(value, index, inner) put_entries(inner, words, out);
}

static enum error put_document(struct bytes b, struct buf *out, struct diag *d) {
    json_t *document;
    enum error result = json_read(b, &document, d);
    if (result) return result;
    put_entries(document, (struct text){0}, out);
    json_decref(document);
    return OK;
}

/* One document, or one a line. */
enum error address_list_lines(struct bytes json, struct buf *out, struct diag *d) {
    size_t before = out->size;
    struct text rest = text_from_bytes(json), line;
    enum error result = put_document(json, out, d);
    struct diag at_line = {0};
    bool lines = result && text_line(&rest, &line) && !put_document(bytes_from_text(line), out, NULL);
    if (lines) result = OK;
    for (uint64_t number = 2; lines && !result && rest.size; number++) {
        if (!text_line(&rest, &line)) line = rest, rest = (struct text){0};
        if (text_trim(line).size) result = put_document(bytes_from_text(line), out, &at_line);
        if (result && d) *d = at_line, d->line = number;
    }
    if (!result && out->size == before) result = fail(d, ERR_INPUT, _("no address, block or range in this JSON"));
    return result ? result : buf_check(out, d);
}

const struct listed *address_list_find(const struct address_list *l, struct ip a) {
    size_t low = 0, high = l ? l->count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ip_compare(l->at[middle].first, a) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (low && ip_compare(l->at[low - 1].last, a) < 0) low = l->at[low - 1].around;
    return low ? &l->at[low - 1] : NULL;
}
