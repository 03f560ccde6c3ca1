/* What a claimant discloses, honestly or not: what is taken of it, and why the rest is not. */
#include "both.h"

#include "../fact/shown_evidence.h"
#include "claim/from_fact.h"
#include "desk/case_view.h"
#include "desk/say.h"

struct dispute { /* a claim of North about four facts, of which South has asked for all */
    struct both b;
    struct shown shown;
    struct claim claim;
    struct text matter;
};

static struct text say_to(struct dispute *w, struct talk *t, const struct say *what) {
    struct said_at at;
    must(&w->b.k, say(t, what, &at, &w->b.k.diag));
    struct text matter = arena_text(&w->b.k.arena, at.matter);
    talk_close(t);
    return matter;
}

/* `root`: NULL, or what the claim says in place of the root of its evidence. */
static void begin_dispute(struct dispute *w, const char *seed, const struct sha256 *root) {
    struct say_attach facts = {ROLE_FACTS, TEXT("text/csv"), TEXT("facts.csv"), {0}};
    struct row_range all = {0, 3};
    char hex[SHA256_HEX];
    open_both(&w->b, seed);
    struct kit *k = &w->b.k;
    shown_make(&w->shown);
    must(k, claim_from_fact(buf_as_bytes(&w->shown.sheet), &w->shown.evidence, &k->arena, &w->claim, &k->diag));
    w->claim.title = TEXT("Guessed passwords");
    if (root) w->claim.evidence_root = arena_text(&k->arena, sha256_hex(root, hex));
    facts.plain = buf_as_bytes(&w->shown.sheet);
    w->matter = say_to(w, look(&w->b, w->b.north, "cert.south.example"),
                       &(struct say){.kind = KIND_CLAIM,
                                     .to = TEXT("incident"),
                                     .tlp = TLP_AMBER,
                                     .attach = &facts,
                                     .attach_count = 1,
                                     .body = say_claim,
                                     .what = &w->claim});
    rest(&w->b);
    struct ask ask = {.sheet = w->claim.sheet, .rows = {&all, 1}};
    say_to(w, look(&w->b, w->b.south, "cert.north.example"),
           &(struct say){.kind = KIND_ASK, .matter = w->matter, .tlp = TLP_NONE, .body = say_ask, .what = &ask});
    rest(&w->b);
}

static void end_dispute(struct dispute *w) {
    shown_free(&w->shown);
    end(&w->b.k);
}

/* North sends whatever it likes: nothing on the way looks into it. */
static void disclose_bytes(struct dispute *w, struct text sheet, struct text file) {
    struct say_attach attach = {ROLE_EVIDENCE, TEXT("text/plain"), TEXT("evidence.txt"), bytes_from_text(file)};
    struct row_range first = {0, 0};
    struct disclose says = {.sheet = sheet, .rows = {&first, 1}};
    say_to(w, look(&w->b, w->b.north, "cert.south.example"),
           &(struct say){.kind = KIND_DISCLOSE,
                         .matter = w->matter,
                         .tlp = TLP_NONE,
                         .attach = &attach,
                         .attach_count = file.size ? 1 : 0,
                         .body = say_disclose,
                         .what = &says});
}

static struct text disclosure_of(struct dispute *w, const struct evidence *e, uint64_t row, const uint64_t *lines,
                                 size_t count) {
    struct chosen chosen = {row, lines, count};
    struct buf out = {.max = 1 << 20};
    must(&w->b.k, disclosure_write(e, &chosen, 1, &out, &w->b.k.diag));
    struct text t = arena_text(&w->b.k.arena, buf_as_text(&out));
    buf_free(&out);
    return t;
}

static struct talk *view(struct dispute *w, struct case_view *out) {
    const struct matter *m;
    struct talk *t = look(&w->b, w->b.south, "cert.north.example");
    must(&w->b.k, talk_find_matter(t, w->matter, &m, &w->b.k.diag));
    must(&w->b.k, case_view(t, m, out, &w->b.k.diag));
    return t;
}

/* Whose desk prints the case is not to be seen: with lines disclosed, verified and not. */
static void check_same_paper(struct dispute *w, struct talk *south, const struct case_view *v) {
    const struct matter *m;
    struct case_view other;
    struct buf pages[2] = {{.max = 1 << 22}, {.max = 1 << 22}};
    struct talk *north = look(&w->b, w->b.north, "cert.south.example");
    must(&w->b.k, talk_find_matter(north, w->matter, &m, &w->b.k.diag));
    must(&w->b.k, case_view(north, m, &other, &w->b.k.diag));
    case_html(v, false, &pages[south->own]);
    case_html(&other, false, &pages[north->own]);
    assert_true(pages[0].size && !pages[0].failed);
    assert_true(text_equal(buf_as_text(&pages[0]), buf_as_text(&pages[1])));
    assert_true(text_search(buf_as_text(&pages[0]), TEXT("Lines that were disclosed, each verified")) != SIZE_MAX);
    talk_close(north);
    for (unsigned i = 0; i < 2; i++) buf_free(&pages[i]);
}

static struct text changed(struct dispute *w, struct text t, const char *from, const char *to) {
    size_t at = text_search(t, text_of(from));
    assert_true(at != SIZE_MAX);
    return arena_format(&w->b.k.arena, "%.*s%s%.*s", (int)at, t.at, to, (int)(t.size - at - strlen(from)),
                        t.at + at + strlen(from));
}

static void only_what_was_committed_to_is_taken(void **state) {
    (void)state;
    static const uint64_t first[] = {0}, some[] = {0, 3, 6}, again[] = {3, 4};
    struct dispute w;
    begin_dispute(&w, "disclosed", NULL);
    struct evidence *own = &w.shown.evidence, foreign;
    const uint8_t other_key[EVIDENCE_KEY_SIZE] = {9};
    struct kit *k = &w.b.k;
    must(k, evidence_build(&w.shown.facts, w.shown.hash, other_key, &k->arena, &foreign, &k->diag));
    struct text good = disclosure_of(&w, own, 0, first, 1), none = disclosure_of(&w, own, 1, NULL, 0);
    const struct {
        struct text sheet, file;
        const char *why; /* NULL: verified */
    } sent[] = {
        {w.claim.sheet, disclosure_of(&w, own, 2, some, 3), NULL},
        {w.claim.sheet, disclosure_of(&w, own, 2, again, 2), NULL},
        {w.claim.sheet, none, NULL},
        {w.claim.sheet, changed(&w, good, " text plain", " text plane"), "line "},
        {w.claim.sheet, text_sub(good, 0, good.size - 10), "cut off"},
        {w.claim.sheet, disclosure_of(&w, &foreign, 0, first, 1), "line "},
        {w.claim.sheet, changed(&w, good, "size 4", "size 5"), "4 were claimed"},
        {TEXT("0000000000000000000000000000000000000000000000000000000000000000"), good, "sheet that the case"},
        {w.claim.sheet, TEXT(""), "no evidence is attached"},
        {w.claim.sheet, TEXT("PK\x03\x04"), "parley disclosure v1"},
    };
    for (size_t i = 0; i < COUNT(sent); i++) disclose_bytes(&w, sent[i].sheet, sent[i].file);
    rest(&w.b);
    struct case_view v;
    struct talk *t = view(&w, &v);
    assert_int_equal(v.evidence.part_count, COUNT(sent));
    for (size_t i = 0; i < COUNT(sent); i++) {
        struct text why = v.evidence.parts[i].why;
        if (!sent[i].why) assert_int_equal(why.size, 0);
        if (sent[i].why) assert_true(text_search(why, text_of(sent[i].why)) != SIZE_MAX);
    }
    const struct sheet_evidence *s = v.sheets[0].evidence;
    static const uint64_t counts[] = {0, 0, 4, 0};
    for (size_t i = 0; i < COUNT(counts); i++) {
        assert_true(s->facts[i].asked);
        assert_int_equal(s->facts[i].line_count, counts[i]);
        assert_int_equal(s->facts[i].shown, i == 1 || i == 2);
    }
    assert_int_equal(s->line_count, 4);
    for (size_t i = 0; i < s->line_count; i++)
        assert_true(text_equal(s->lines[i].line, shown_line(2, s->lines[i].number)));
    check_same_paper(&w, t, &v);
    talk_close(t);
    end_dispute(&w);
}

/* The claim commits to lines, but behind other facts than those of its sheet. */
static void lines_behind_other_facts_are_not_taken(void **state) {
    (void)state;
    static const uint64_t first[] = {0};
    struct dispute w;
    struct shown made;
    shown_make(&made);
    struct fact facts[4];
    memcpy(facts, made.facts.facts, sizeof facts);
    struct gathered other = made.facts;
    other.facts = facts;
    facts[0].count++;
    struct evidence lies;
    assert_int_equal(evidence_build(&other, made.hash, evidence_key, &made.arena, &lies, NULL), OK);
    struct sha256 root = evidence_root(&lies);
    begin_dispute(&w, "other facts", &root);
    disclose_bytes(&w, w.claim.sheet, disclosure_of(&w, &lies, 0, first, 1));
    rest(&w.b);
    struct case_view v;
    struct talk *t = view(&w, &v);
    assert_int_equal(v.evidence.part_count, 1);
    assert_true(text_search(v.evidence.parts[0].why, TEXT("another fact than that of the sheet")) != SIZE_MAX);
    assert_int_equal(v.sheets[0].evidence->line_count, 0);
    talk_close(t);
    shown_free(&made);
    end_dispute(&w);
}

/* A line is bytes that others chose: on a page none of them moves the cursor, or passes for a line of the program. */
static void lines_are_cleaned_for_a_terminal(void **state) {
    (void)state;
    static const uint64_t all[] = {0, 1, 2, 3, 4, 5, 6};
    struct dispute w;
    struct buf page = {.max = 1 << 20}, bytes = {.max = 1 << 20}, shown = {.max = 1 << 20};
    begin_dispute(&w, "cleaned", NULL);
    disclose_bytes(&w, w.claim.sheet, disclosure_of(&w, &w.shown.evidence, 2, all, COUNT(all)));
    rest(&w.b);
    struct case_view v;
    struct talk *t = view(&w, &v);
    evidence_page(&v, &page);
    buf_lines(&shown, buf_as_text(&page));
    assert_true(text_equal(buf_as_text(&shown), buf_as_text(&page)));
    assert_true(text_search(buf_as_text(&page), TEXT("bytes left out")) != SIZE_MAX);
    evidence_bytes(&v, &bytes);
    assert_true(text_search(buf_as_text(&bytes), TEXT("\xff\x1b[2J\n")) != SIZE_MAX);
    talk_close(t);
    buf_free(&page);
    buf_free(&bytes);
    buf_free(&shown);
    end_dispute(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_was_committed_to_is_taken),
        cmocka_unit_test(lines_behind_other_facts_are_not_taken),
        cmocka_unit_test(lines_are_cleaned_for_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
