/* What the reader and the writer of mails share; no libgmime here. */
#include "interop/mail.h"

#include <ctype.h>
#include <strings.h>

/* ---- mailboxes */

/* Whether a line `From …` begins a mail: a field follows it.  A text may have such a line, too. */
static bool begins_mail(struct text t) {
    struct text line, name;
    if (!text_line(&t, &line) || !text_line(&t, &line) || !text_cut(&line, ':', &name)) return false;
    return text_find(name, ' ') == name.size && name.size > 0;
}

bool mail_next(struct text *rest, struct text *mail) {
    struct text t = *rest, line;
    size_t end;
    if (!t.size) return false;
    if (!text_starts(t, TEXT("From "))) {
        *mail = t;
        *rest = (struct text){0};
        return true;
    }
    if (!text_line(&t, &line)) t = (struct text){0};
    for (end = 0; end < t.size; end++) {
        size_t next = text_search(text_sub(t, end, t.size), TEXT("\nFrom "));
        end = next == SIZE_MAX ? t.size : end + next;
        bool blank = end == 0 || t.at[end - 1] == '\n' || (end > 1 && t.at[end - 1] == '\r' && t.at[end - 2] == '\n');
        if (end < t.size && blank && begins_mail(text_sub(t, end + 1, t.size))) break;
    }
    if (end > t.size) end = t.size;
    *mail = text_sub(t, 0, end);
    *rest = end < t.size ? text_sub(t, end + 1, t.size) : (struct text){0};
    return true;
}

/* ---- bounds */

/* Lines that may be a boundary between parts. */
static size_t boundary_lines(struct text t) {
    size_t lines = text_starts(t, TEXT("--"));
    for (;;) {
        size_t at = text_search(t, TEXT("\n--"));
        if (at == SIZE_MAX) return lines;
        lines++;
        t = text_sub(t, at + 1, t.size);
    }
}

static size_t header_size(struct text mail) {
    size_t unix_end = text_search(mail, TEXT("\n\n")), other_end = text_search(mail, TEXT("\n\r\n"));
    size_t end = unix_end < other_end ? unix_end : other_end;
    return end < mail.size ? end : mail.size;
}

/* Levels are bounded by libgmime itself (1024), and again by who walks them. */
enum error mail_check(struct text mail, struct diag *d) {
    if (mail.size > MAIL_BYTES_MAX)
        return fail(d, ERR_LIMIT, _("a mail of %zu bytes; at most %d are read"), mail.size, MAIL_BYTES_MAX);
    if (header_size(mail) > MAIL_HEADER_MAX)
        return fail(d, ERR_LIMIT, _("a mail whose header has more than %d bytes"), MAIL_HEADER_MAX);
    if (boundary_lines(mail) > MAIL_BOUNDARIES_MAX)
        return fail(d, ERR_LIMIT, _("a mail with more than %d lines that may be between parts"), MAIL_BOUNDARIES_MAX);
    return OK;
}

/* ---- fields */

bool mail_name_is(struct text name, const char *wanted) {
    return name.size == strlen(wanted) && !strncasecmp(name.at, wanted, name.size);
}

struct text mail_field(const struct mail_fields *f, const char *name) {
    for (size_t i = 0; i < f->count; i++)
        if (mail_name_is(f->at[i].name, name)) return f->at[i].value;
    return (struct text){0};
}

static struct text chomp(struct text line) {
    while (line.size && (line.at[line.size - 1] == '\r' || line.at[line.size - 1] == '\n')) line.size--;
    return line;
}

static bool is_folded(struct text t) { return t.size && (*t.at == ' ' || *t.at == '\t'); }

static bool is_field_name(struct text t) {
    for (size_t i = 0; i < t.size; i++)
        if (t.at[i] <= ' ' || t.at[i] > '~') return false;
    return t.size > 0;
}

void mail_fields_read(struct text t, struct arena *a, struct mail_fields *out) {
    struct text line, name;
    *out = (struct mail_fields){0};
    while (t.size && out->count < MAIL_FIELDS_MAX) {
        if (!text_line(&t, &line)) line = t, t = (struct text){0};
        struct buf value = {.max = 1 << 20};
        struct text first = chomp(line);
        bool field = !is_folded(first) && text_cut(&first, ':', &name) && is_field_name(name);
        buf_text(&value, text_trim(first));
        while (is_folded(t)) {
            if (!text_line(&t, &line)) line = t, t = (struct text){0};
            buf_char(&value, ' ');
            buf_text(&value, text_trim(chomp(line)));
        }
        if (field && !value.failed) {
            out->at = arena_grow(a, out->at, out->count, &out->room, sizeof *out->at);
            out->at[out->count++] = (struct mail_field){name, text_trim(arena_text(a, buf_as_text(&value)))};
        }
        buf_free(&value);
    }
}

/* ---- a fact in a field */

void mail_fact_write(const struct fact *f, struct buf *out) {
    struct buf row = {.max = SHEET_ROW_MAX};
    size_t column = sizeof MAIL_FACT_FIELD + 1;
    fact_write(f, &row);
    buf_string(out, MAIL_FACT_FIELD ": ");
    for (size_t i = 0; i < row.size; i++) {
        unsigned char c = row.at[i];
        if (column > 72) {
            buf_string(out, "\n ");
            column = 1;
        }
        if (isalnum(c) || strchr("-.,:;/+_@", c))
            buf_char(out, (char)c), column++;
        else
            buf_format(out, "%%%02X", c), column += 3;
    }
    buf_char(out, '\n');
    buf_free(&row);
}

static int hex_digit(char c) {
    const char *digits = "0123456789ABCDEF", *found = c ? strchr(digits, c) : NULL;
    return found ? (int)(found - digits) : -1;
}

bool mail_fact_read(struct text value, struct arena *a, struct fact *out) {
    struct buf row = {.max = SHEET_ROW_MAX};
    bool good = true;
    for (size_t i = 0; i < value.size && good; i++) {
        if (value.at[i] == ' ') continue;
        if (value.at[i] != '%') {
            buf_char(&row, value.at[i]);
            continue;
        }
        int high = i + 2 < value.size ? hex_digit(value.at[i + 1]) : -1,
            low = high < 0 ? -1 : hex_digit(value.at[i + 2]);
        good = low >= 0;
        if (good) buf_char(&row, (char)(16 * high + low)), i += 2;
    }
    good = good && !row.failed && !fact_read(arena_text(a, buf_as_text(&row)), a, out, NULL);
    buf_free(&row);
    return good;
}

/* ---- what is reported */

static const struct {
    const char *type, *event;
    bool near, read_only;
} kinds[] = {
    {"abuse", "spam", false, false},
    {"fraud", "phishing", false, false},
    {"fraud", "masquerade", true, false},
    {"virus", "malware-distribution", false, false},
    {"virus", "infected-system", true, false},
    {"virus", "malware-configuration", true, false},
    {"auth-failure", "masquerade", true, true},
    {"other", "other", false, false},
    {"dmarc", "masquerade", true, true},
};

struct text mail_event(struct text feedback_type, bool *near) {
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (mail_name_is(feedback_type, kinds[i].type)) {
            *near = kinds[i].near;
            return text_of(kinds[i].event);
        }
    return (struct text){0};
}

const char *mail_feedback_type(struct text event) {
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (!kinds[i].read_only && text_is(event, kinds[i].event)) return kinds[i].type;
    return event.size ? "abuse" : "other";
}
