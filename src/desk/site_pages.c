/* The pages of a site, for browsers and paper. */
#include "base/html.h"
#include "desk/site.h"
#include "party/profile.h"
#include "territory/origins.h"

static void open_page(struct buf *out, struct text title, const char *name) {
    html_open(out, &(struct html_page){.title = title, .tlp = tlp_name(TLP_CLEAR), .name = name});
}

static void put_link(struct buf *out, struct text path, struct text words) {
    buf_string(out, "<li><a href=\"");
    buf_markup(out, path);
    buf_string(out, "\">");
    html_others(out, words);
    buf_string(out, "</a></li>\n");
}

void site_index_page(const struct site *s, struct buf *out) {
    open_page(out, s->party, "site");
    html_start(out, "ul", NULL);
    for (size_t i = 0; i < s->count; i++)
        if (s->at[i].title.size) put_link(out, s->at[i].path, s->at[i].title);
    html_end(out, "ul");
    html_text(out, "p", "class=\"quiet\"", text_of(_("manifest.json names every file with its SHA-256.")));
    html_close(out);
}

/* ---- the card */

static void put_lines(struct buf *out, const char *term, struct text department, const struct card_line *list,
                      size_t count) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(list[i].department, department)) html_pair(out, term, list[i].value);
}

static void put_abouts(struct buf *out, const struct card *c, struct text department) {
    for (size_t i = 0; i < c->about_count; i++) {
        const struct about_key *key = about_find(c->abouts[i].key);
        if (text_equal(c->abouts[i].department, department)) html_pair(out, key ? key->title : "", c->abouts[i].value);
    }
}

static void put_department(struct buf *out, const struct card *c, const struct card_line *department) {
    struct text id = department->department;
    html_text(out, "h2", NULL, department->value.size ? department->value : id);
    html_start(out, "dl", "class=\"pairs\"");
    html_pair(out, _("name in parley"), id);
    put_lines(out, _("remit"), id, c->remits, c->remit_count);
    put_lines(out, _("languages"), id, c->languages, c->language_count);
    put_lines(out, _("hours"), id, c->hours, c->hours_count);
    put_lines(out, _("holiday"), id, c->holidays, c->holiday_count);
    put_abouts(out, c, id);
    html_end(out, "dl");
}

void site_card_page(const struct card *c, struct buf *out) {
    open_page(out, c->party, "card");
    html_start(out, "dl", "class=\"pairs\"");
    html_pair_format(out, _("card"), _("%llu of %.*s"), (unsigned long long)c->serial, TEXT_ARG(c->date));
    put_abouts(out, c, TEXT("*"));
    html_end(out, "dl");
    for (size_t i = 0; i < c->department_count; i++) put_department(out, c, &c->departments[i]);
    html_start(out, "ul", NULL);
    put_link(out, TEXT("card.txt"), text_of(_("the card as it is signed")));
    put_link(out, TEXT("card.json"), text_of(_("for programs")));
    put_link(out, TEXT("rfc2350.txt"), text_of(_("as a document by RFC 2350")));
    put_link(out, TEXT("identity.json"), text_of(_("in STIX 2.1")));
    html_end(out, "ul");
    html_close(out);
}

/* ---- a joint statement */

void site_statement_page(const struct publication *p, struct buf *out) {
    struct arena a = {0};
    struct buf proof = {.max = 1 << 20};
    open_page(out,
              arena_format(&a, _("Joint statement of %.*s and %.*s"), TEXT_ARG(p->talk->parties[0]),
                           TEXT_ARG(p->talk->parties[1])),
              "statement");
    for (size_t i = 0; i < p->statement.text_count; i++) {
        buf_string(out, "<section lang=\"");
        buf_markup(out, p->statement.texts[i].lang);
        buf_string(out, "\">\n");
        html_lines(out, NULL, p->statement.texts[i].lines);
        html_end(out, "section");
    }
    html_text(out, "h2", NULL, text_of(_("How anybody verifies it")));
    publication_proof(p, &proof);
    html_start(out, "pre", "class=\"command\"");
    for (struct text rest = buf_as_text(&proof), line; text_line(&rest, &line);) {
        buf_markup(out, line);
        buf_char(out, '\n');
    }
    html_end(out, "pre");
    html_start(out, "ul", NULL);
    put_link(out, p->dossier_name, text_of(_("the dossier")));
    put_link(out, TEXT("statement.json"), text_of(_("for programs")));
    put_link(out, TEXT("stix.json"), text_of(_("in STIX 2.1")));
    html_end(out, "ul");
    html_close(out);
    buf_free(&proof);
    arena_free(&a);
}

/* ---- origins */

static void put_row(struct buf *out, const struct origins_row *r) {
    html_start(out, "tr", NULL);
    if (r->rank)
        html_format(out, "td", "class=\"number\"", "%llu", (unsigned long long)r->rank);
    else
        html_text(out, "td", NULL, (struct text){0});
    html_text(out, "td", NULL, r->name);
    for (enum origins_unit u = 0; u < ORIGINS_UNITS; u++)
        html_format(out, "td", "class=\"number\"", "%llu", (unsigned long long)r->counts[u]);
    html_end(out, "tr");
}

static void put_rows(struct buf *out, const struct origins_document *o) {
    html_table(out, NULL);
    html_start(out, "tr", NULL);
    html_column(out, NULL, _("rank"));
    html_column(out, NULL, o->by == ORIGINS_BY_AS ? _("network") : _("country"));
    for (enum origins_unit u = 0; u < ORIGINS_UNITS; u++)
        html_column(out, "class=\"number\"", gettext(origins_unit_name(u)));
    html_end(out, "tr");
    html_table_body(out);
    for (size_t i = 0; i < o->row_count; i++) put_row(out, &o->rows[i]);
    html_table_end(out);
}

/* The caveats of each row stand in the document itself; what holds of all of them is said here, above the counts. */
void site_origins_page(const struct talk *t, const struct origins_document *o, struct text sha, struct buf *out) {
    struct arena a = {0};
    open_page(out,
              arena_format(&a, _("Origins, as %.*s and %.*s both counted them"), TEXT_ARG(t->parties[0]),
                           TEXT_ARG(t->parties[1])),
              "origins");
    html_text(
        out, "p", NULL,
        text_of(_("Where an address is registered or placed says neither who sat behind it nor on whose behalf: a "
                  "computer may be used by others without its owner's knowledge.")));
    html_start(out, "dl", "class=\"pairs\"");
    html_pair(out, _("ranked by"), text_of(gettext(origins_unit_name(o->unit))));
    html_pair(out, _("basis"), o->basis);
    html_pair_format(out, _("table"), "%.*s, %.*s", TEXT_ARG(o->table_name), TEXT_ARG(o->table_date));
    html_pair(out, _("SHA-256 of the table"), o->table);
    html_pair(out, _("SHA-256 of the facts"), o->sheet);
    html_pair(out, _("SHA-256 of the document"), sha);
    html_end(out, "dl");
    put_rows(out, o);
    html_start(out, "ul", NULL);
    put_link(out, TEXT("origins.json"), text_of(_("the document that both computed, with the caveats of each row")));
    html_end(out, "ul");
    html_close(out);
    arena_free(&a);
}
