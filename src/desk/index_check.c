/* An index as it is kept, against one that is made anew from the records: fsck's part of the desk. */
#include "desk/index_parts.h"

struct checking {
    struct index_check *check;
    struct text party;
    struct index *kept, *anew;
};

static void tell(const struct checking *w, struct text what) {
    w->check->faults++;
    w->check->tell(w->check->state, w->party, what);
}

/* ---- rows */

static enum error pass(void *state, uint64_t low, struct bytes plain, struct diag *d) {
    (void)state, (void)low, (void)plain, (void)d;
    return OK;
}

/* Whether each row opens: what does not is made anew by whoever comes across it. */
static enum error read_rows(struct checking *w, struct desk *k, bool drill, bool *sound, struct diag *d) {
    struct rows *rows = NULL;
    struct diag why = {0};
    enum error result = index_rows_open(k, w->party, drill, false, &rows, &why);
    for (int kind = ROW_META; kind <= ROW_SAID && !result; kind++)
        result = rows_each(rows, (enum row_kind)kind, 0, pass, NULL, &why);
    rows_close(rows);
    *sound = !result;
    if (result == ERR_INPUT) tell(w, text_of(why.text));
    if (result && result != ERR_INPUT && d) *d = why;
    return result == ERR_INPUT ? OK : result;
}

/* ---- cases */

static const struct case_brief *find(const struct case_brief *list, size_t count, struct text name) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(list[i].name, name)) return &list[i];
    return NULL;
}

static enum error write_state(struct index *x, const struct case_brief *b, struct buf *out, struct diag *d) {
    json_t *state = NULL;
    enum error result = index_case_json(x, b, x->desk->now, &state, d);
    if (result) return result;
    json_canonical(state, out);
    json_decref(state);
    state = brief_json(b, x->parties, x->own, x->desk->now);
    json_canonical(state, out);
    json_decref(state);
    return buf_check(out, d);
}

/* `kept`: NULL where the index does not know the case. */
static enum error compare_case(struct checking *w, const struct case_brief *kept, const struct case_brief *anew,
                               struct diag *d) {
    struct buf one = {.max = (size_t)1 << 30}, other = {.max = (size_t)1 << 30}, words = {.max = 1024};
    struct diag why = {0};
    enum error result = write_state(w->anew, anew, &one, d);
    bool same = !result && kept && write_state(w->kept, kept, &other, &why) == OK &&
                text_equal(buf_as_text(&one), buf_as_text(&other));
    if (!result && !same) {
        buf_format(&words, _("case %.*s: its state is not that of the records"), TEXT_ARG(anew->name));
        tell(w, buf_as_text(&words));
    }
    w->check->cases++;
    buf_free(&one);
    buf_free(&other);
    buf_free(&words);
    return result;
}

static enum error compare(struct checking *w, struct diag *d) {
    struct case_brief *kept, *anew;
    size_t kept_count, count;
    struct index_view a = index_view(w->kept), b = index_view(w->anew);
    enum error result = index_briefs(w->kept, &kept, &kept_count, d);
    if (!result) result = index_briefs(w->anew, &anew, &count, d);
    for (size_t i = 0; i < (result ? 0 : count) && !result; i++)
        result = compare_case(
            w,
            i < kept_count && text_equal(kept[i].name, anew[i].name) ? &kept[i] : find(kept, kept_count, anew[i].name),
            &anew[i], d);
    if (!result && (kept_count != count || a.messages != b.messages || a.closed != b.closed))
        tell(w, text_of(_("it counts other cases or messages than the records have")));
    return result;
}

enum error index_check(struct desk *k, struct text party, bool drill, struct index_check *c, struct diag *d) {
    struct checking w = {.check = c, .party = party};
    bool sound = false;
    struct index_progress quiet = {0};
    enum error result = read_rows(&w, k, drill, &sound, d);
    if (result || !sound) return result == ERR_MISSING ? OK : result;
    result = index_open(k, party, drill, quiet, &w.kept, d);
    if (!result) result = index_open_anew(k, party, drill, &w.anew, d);
    if (!result) result = compare(&w, d);
    index_close(w.kept);
    index_close(w.anew);
    return result;
}
