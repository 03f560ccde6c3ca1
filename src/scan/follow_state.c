/* Where a follow stands, as a text: see follow.h. */
#include "scan/follow_state.h"

#include <string.h>

/* ---- writing */

static void put_log(const struct followed *l, struct buf *out) {
    enum { YEARS = 10000 };
    struct chain chain = followed_chain(l);
    const uint64_t numbers[] = {l->number.device,
                                l->number.number,
                                l->offset,
                                l->lines,
                                l->skipping,
                                (uint64_t)chain.position,
                                (uint64_t)(chain.years + YEARS)};
    buf_text(out, TEXT("log "));
    for (size_t i = 0; i < COUNT(numbers); i++) buf_format(out, "%llu ", (unsigned long long)numbers[i]);
    char hex[SHA256_HEX];
    buf_format(out, "%s %zu %s %s\n", l->format ? l->format->name : "-", l->head_size, sha256_hex(&l->head, hex).at,
               l->name);
}

void follow_state_write(const struct follow_state *s, struct buf *out) {
    char hex[SHA256_HEX], time[INSTANT_TEXT_MAX];
    buf_format(out, "parley follow v1\nasked %s\nout %llu\nnewest %s\n", sha256_hex(&s->asked, hex).at,
               (unsigned long long)s->out_size, s->newest == INSTANT_NONE ? "-" : instant_write(s->newest, time).at);
    if (s->kept_size) buf_format(out, "kept %llu\n", (unsigned long long)s->kept_size);
    if (s->rejects_size) buf_format(out, "rejects %llu\n", (unsigned long long)s->rejects_size);
    for (size_t i = 0; i < s->log_count; i++) put_log(&s->logs[i], out);
    for (size_t i = 0; i < s->open_count; i++) {
        buf_format(out, "open %d ", s->open[i].keeps_port);
        fact_write(&s->open[i].fact, out);
        buf_char(out, '\n');
    }
    buf_text(out, TEXT("end\n"));
}

/* ---- reading */

struct state_reading {
    struct text rest, line;
    uint64_t number;
    struct diag *diag;
};

static enum error refuse(const struct state_reading *r, const char *expected) {
    return fail_at(r->diag, r->number, ERR_INPUT, "%s", expected);
}

static bool next_line(struct state_reading *r) {
    r->number++;
    return text_line(&r->rest, &r->line);
}

static enum error read_head(struct state_reading *r, struct follow_state *out) {
    if (!next_line(r) || !text_is(r->line, "parley follow v1")) return refuse(r, _("expected “parley follow v1”"));
    if (!next_line(r) || !text_skip(&r->line, TEXT("asked ")) || !sha256_read_hex(r->line, &out->asked))
        return refuse(r, _("expected “asked” and a SHA-256"));
    if (!next_line(r) || !text_skip(&r->line, TEXT("out ")) || !text_u64(r->line, &out->out_size) ||
        out->out_size > INT64_MAX)
        return refuse(r, _("expected “out” and a number of bytes"));
    out->newest = INSTANT_NONE;
    if (!next_line(r) || !text_skip(&r->line, TEXT("newest ")) ||
        (!text_is(r->line, "-") && !instant_read(r->line, &out->newest)))
        return refuse(r, _("expected “newest” and a time"));
    return OK;
}

static enum error read_log(struct state_reading *r, struct arena *a, struct followed *l) {
    enum { NUMBERS = 7, YEARS = 10000 };
    uint64_t numbers[NUMBERS], head;
    struct text word, hash;
    const char *expected = _("expected seven numbers, a format, the size and hash of its start, and a name");
    for (size_t i = 0; i < NUMBERS; i++)
        if (!text_cut(&r->line, ' ', &word) || !text_u64(word, &numbers[i])) return refuse(r, expected);
    if (!text_cut(&r->line, ' ', &word)) return refuse(r, expected);
    l->format = text_is(word, "-") ? NULL : format_find(word);
    if (!l->format && !text_is(word, "-")) return refuse(r, _("expected the name of a format"));
    if (!text_cut(&r->line, ' ', &word) || !text_u64(word, &head) || !text_cut(&r->line, ' ', &hash) ||
        !sha256_read_hex(hash, &l->head) || !r->line.size || text_find(r->line, 0) < r->line.size)
        return refuse(r, expected);
    if (head > FOLLOW_HEAD_MAX || head > numbers[2] || numbers[2] > INT64_MAX || numbers[4] > 1 || numbers[5] > 366 ||
        numbers[6] > 2 * YEARS)
        return refuse(r, _("expected numbers within their bounds"));
    l->number = (struct file_number){numbers[0], numbers[1]};
    l->offset = numbers[2];
    l->lines = numbers[3];
    l->skipping = numbers[4];
    l->chain = (struct chain){(int32_t)numbers[5], (int32_t)numbers[6] - YEARS};
    l->head_size = (size_t)head;
    l->name = arena_string(a, r->line);
    l->file = -1;
    return OK;
}

static enum error read_open(struct state_reading *r, struct arena *a, struct follow_open *out) {
    struct text word;
    if (!text_cut(&r->line, ' ', &word) || word.size != 1 || (word.at[0] != '0' && word.at[0] != '1'))
        return refuse(r, _("expected 0 or 1, and a fact"));
    out->keeps_port = word.at[0] == '1';
    enum error result = fact_read(r->line, a, &out->fact, r->diag);
    if (result && r->diag) r->diag->line = r->number;
    if (result) return result;
    bool timed = out->fact.first != INSTANT_NONE && out->fact.last != INSTANT_NONE;
    return timed && out->fact.count != SHEET_NO_COUNT ? OK : refuse(r, _("expected a fact with its times and count"));
}

/* The sizes of the other files: each once at most, before any log. */
static bool takes_size(struct state_reading *r, struct follow_state *out) {
    uint64_t *size = NULL;
    if (out->log_count) return false;
    if (text_skip(&r->line, TEXT("kept "))) size = &out->kept_size;
    if (!size && text_skip(&r->line, TEXT("rejects "))) size = &out->rejects_size;
    return size && !*size && text_u64(r->line, size) && *size <= INT64_MAX;
}

enum error follow_state_read(struct text t, struct arena *a, struct follow_state *out, struct diag *d) {
    struct state_reading r = {.rest = t, .diag = d};
    struct follow_state s = {0};
    size_t log_room = 0, open_room = 0;
    enum error result = read_head(&r, &s);
    while (!result && next_line(&r) && !text_is(r.line, "end")) {
        if (takes_size(&r, &s)) continue;
        if (text_skip(&r.line, TEXT("log ")) && !s.open_count && s.log_count < FOLLOW_LOGS_MAX) {
            s.logs = arena_grow(a, s.logs, s.log_count, &log_room, sizeof *s.logs);
            result = read_log(&r, a, &s.logs[s.log_count++]);
        } else if (text_skip(&r.line, TEXT("open ")) && s.open_count < SHEET_ROWS_MAX) {
            s.open = arena_grow(a, s.open, s.open_count, &open_room, sizeof *s.open);
            result = read_open(&r, a, &s.open[s.open_count++]);
        } else {
            result = refuse(&r, _("expected “log”, “open” or “end”"));
        }
    }
    if (!result && (!text_is(r.line, "end") || r.rest.size)) result = refuse(&r, _("expected the end: cut off?"));
    if (!result) *out = s;
    return result;
}
