#include "cli/joint.h"

#include <stdio.h>

/* ---- counting */

static enum error missing_at_cut(struct cli *c, const struct joint_options *o, const char *name) {
    if (o->state.at) return c->diag.code;
    return fail(&c->diag, ERR_MISSING,
                _("at the last cut that both records confirm there is no case “%s”: run `parley sync` first, or name a "
                  "cut with --at"),
                name);
}

enum error joint_take(struct cli *c, struct joint_options *o, struct joint_facts *out) {
    struct desk *k = NULL;
    struct talk *t = NULL;
    const struct matter *m;
    struct talk_at at;
    if (o->send && !o->state.at) o->state.shared = true;
    enum error result = cli_talk_at(c, &o->state, &at);
    if (!result) result = cli_open_desk(c, &k);
    if (!result) result = talk_open_case(k, text_of(c->words.at[0]), &at, &t, &m, &c->diag);
    if (result == ERR_MISSING && k && o->send) result = missing_at_cut(c, o, c->words.at[0]);
    if (!result) result = joint_facts(t, m, text_of(o->sheet), &c->arena, out, &c->diag);
    talk_close(t);
    desk_close(k);
    return result;
}

/* ---- sending */

static struct text basis_line(struct cli *c, const struct origins *o) {
    char date[INSTANT_TEXT_MAX];
    const struct territory_meta *m = &o->table->meta;
    return arena_format(&c->arena, "%s by %s; basis %.*s; table %.*s of %.*s", origins_unit_name(o->options.unit),
                        o->options.by == ORIGINS_BY_AS ? "as" : "country", TEXT_ARG(m->basis), TEXT_ARG(m->name),
                        TEXT_ARG(instant_write(m->date, date)));
}

/* The department of theirs that the case is with. */
static struct text their_department(const struct talk *t, const struct matter *m) {
    const struct head *opening = m->opening->statement->head;
    return m->opener == t->own ? opening->to : opening->from;
}

/* Whether a document counts the same findings of the same sheet by the same table: it may be of another cut. */
static bool says_the_same(const struct origins_document *of, const struct origins *o) {
    char sheet[SHA256_HEX], table[SHA256_HEX], findings[SHA256_HEX];
    return of->has_cut && of->by == o->options.by && of->unit == o->options.unit &&
           text_equal(of->cut.matter, o->options.cut->matter) && text_equal(of->sheet, sha256_hex(&o->sheet, sheet)) &&
           text_equal(of->table, sha256_hex(&o->table->meta.hash, table)) &&
           text_equal(of->findings, sha256_hex(&o->options.findings, findings));
}

/* What is to be sent: where the other side has sent the same of an earlier cut, that very document, recomputed. */
static enum error choose_bytes(struct speech *s, const struct origins *o, bool any_cut, struct buf *out,
                               const struct said **sent) {
    struct diag *d = &s->cli->diag;
    struct joint_document *all;
    size_t count = 0;
    char hex[SHA256_HEX];
    enum error result = joint_documents(s->talk, s->matter, &all, &count, d);
    origins_write(o, out);
    struct sha256 sha = sha256_of(buf_as_bytes(out));
    for (size_t i = 0; i < count && !result && !*sent; i++) {
        struct origins_document of;
        if (text_equal(all[i].document, sha256_hex(&sha, hex))) *sent = all[i].by[s->talk->own];
        if (!any_cut || *sent || joint_open(s->talk, &all[i], &of, NULL) || !says_the_same(&of, o)) continue;
        *sent = all[i].by[s->talk->own];
        if (*sent) break;
        buf_clear(out);
        result = joint_recount(s->talk, &of, o->table, out, d);
        break;
    }
    return result ? result : buf_check(out, d);
}

struct sending {
    struct bytes bytes;
    struct text basis, sheet, table, to;
    enum tlp tlp;
};

static enum error send_one(struct speech *s, const struct sending *what) {
    struct cli *c = s->cli;
    struct dialogue d = DIALOGUE_EMPTY;
    char hex[SHA256_HEX];
    struct sha256 sha = sha256_of(what->bytes);
    d.document = arena_text(&c->arena, sha256_hex(&sha, hex));
    d.basis = what->basis;
    d.sheet = what->sheet;
    d.table = what->table;
    struct say_attach attach = {ROLE_ORIGINS, TEXT("application/json"), TEXT("origins.json"), what->bytes};
    return speech_say(s, &(struct say){.kind = KIND_ORIGINS,
                                       .to = what->to,
                                       .tlp = what->tlp,
                                       .attach = &attach,
                                       .attach_count = 1,
                                       .body = say_dialogue,
                                       .what = &d});
}

static enum error send_counted(struct speech *s, const struct origins *o, bool any_cut) {
    struct cli *c = s->cli;
    struct buf bytes = {.max = ORIGINS_MAX_BYTES};
    char hex[SHA256_HEX];
    const struct matter *m = s->matter;
    const struct said *sent = NULL;
    enum error result = choose_bytes(s, o, any_cut, &bytes, &sent);
    if (sent || result) {
        if (!result && !c->quiet)
            fprintf(stderr, _("That was sent already, in the message %.8s.\n"), sent->message.head.id.at);
        buf_free(&bytes);
        return result;
    }
    struct sending what = {.bytes = buf_as_bytes(&bytes),
                           .basis = basis_line(c, o),
                           .sheet = arena_text(&c->arena, sha256_hex(&o->sheet, hex)),
                           .to = their_department(s->talk, m),
                           .tlp = m->tlp};
    what.table = arena_text(&c->arena, sha256_hex(&o->table->meta.hash, hex));
    s->matter = NULL; /* `origins` belong to no case: the document names it */
    result = send_one(s, &what);
    s->matter = m;
    buf_free(&bytes);
    return result;
}

enum error joint_send(struct cli *c, struct joint_options *o, const struct origins *of, size_t count) {
    enum error result = OK;
    for (size_t i = 0; i < count && !result; i++) {
        struct speech s = o->speech;
        s.cli = c;
        result = speech_in(&s, of[i].options.cut->matter.at);
        if (!result) result = send_counted(&s, &of[i], !o->state.at);
        speech_end(&s);
    }
    return result;
}

/* ---- comparing with what the other side sent */

struct recounting {
    struct speech *speech;
    const struct joint_options *options;
    const struct words *tables;
    struct buf page;
    json_t *list;
    size_t same, differ, not_recounted;
};

static void put_reasons(const struct origins_compared *how, struct buf *out) {
    for (unsigned i = 0; i < ORIGINS_REASON_COUNT; i++)
        if (how->reasons & 1u << i) buf_format(out, "    %s\n", gettext(origins_reasons[i]));
}

static void put_counts(const struct origins_row *row, struct buf *out) {
    if (!row) {
        buf_pad(out, TEXT("-"), 32);
        return;
    }
    char cell[100];
    snprintf(cell, sizeof cell, "%llu / %llu / %llu", (unsigned long long)row->counts[ORIGINS_SOURCES],
             (unsigned long long)row->counts[ORIGINS_EVENTS], (unsigned long long)row->counts[ORIGINS_TARGETS]);
    buf_pad(out, text_of(cell), 32);
}

static void put_differences(const struct origins_compared *how, const struct text parties[static 2], struct buf *out) {
    put_reasons(how, out);
    buf_string(out, "    ");
    buf_pad(out, text_of(_("origin")), 18);
    for (unsigned p = 0; p < 2; p++) buf_pad(out, parties[p], 32);
    buf_format(out, "(%s / %s / %s)\n", _("sources"), _("events"), _("targets"));
    for (size_t i = 0; i < how->count; i++) {
        buf_string(out, "    ");
        buf_pad(out, how->at[i].name, 18);
        for (unsigned p = 0; p < 2; p++) put_counts(how->at[i].of[p], out);
        while (out->size && out->at[out->size - 1] == ' ') out->size--;
        buf_char(out, '\n');
    }
}

static json_t *row_json(const struct origins_row *row) {
    json_t *json;
    return row && !json_read(bytes_from_text(row->whole), &json, NULL) ? json : json_null();
}

static json_t *compared_json(const struct origins_compared *how, struct talk *t, const struct text parties[static 2]) {
    json_t *object = json_object(), *reasons = json_array(), *rows = json_array();
    for (unsigned i = 0; i < ORIGINS_REASON_COUNT; i++)
        if (how->reasons & 1u << i) json_add_text(reasons, text_of(origins_reasons[i]));
    for (size_t i = 0; i < how->count; i++) {
        json_t *row = json_object();
        json_put_text(row, "origin", how->at[i].name);
        for (unsigned p = 0; p < 2; p++) json_put(row, arena_string(&t->arena, parties[p]), row_json(how->at[i].of[p]));
        json_add(rows, row);
    }
    json_put_bool(object, "same", how->same);
    json_put(object, "reasons", reasons);
    json_put(object, "differences", rows);
    return object;
}

/* The table that the document names, or else the first that was typed: by another table one sees what differs. */
static enum error pick_table(struct recounting *r, const struct origins_document *of, struct table *out,
                             struct diag *d) {
    const char *home = r->speech->talk->desk->home.path;
    struct sha256 hash;
    enum error result = ERR_MISSING;
    ASSERT(sha256_read_hex(of->table, &hash));
    for (size_t i = 0; i < r->tables->count; i++) {
        result = table_open(home, r->tables->at[i], out, d);
        if (result || sha256_equal(out->of.meta.hash, hash)) return result;
        table_close(out);
    }
    result = table_find(home, hash, out, d);
    return result == ERR_MISSING && r->tables->count ? table_open(home, r->tables->at[0], out, d) : result;
}

static enum error recount(struct recounting *r, const struct origins_document *theirs, struct origins_document *ours,
                          struct diag *d) {
    struct table table;
    struct talk *t = r->speech->talk;
    struct buf bytes = {.max = ORIGINS_MAX_BYTES};
    enum error result = pick_table(r, theirs, &table, d);
    if (result) return result;
    result = joint_recount(t, theirs, &table.of, &bytes, d);
    table_close(&table);
    if (!result) result = origins_read(buf_as_bytes(&bytes), &t->arena, ours, d);
    buf_free(&bytes);
    return result;
}

static void tell_recount(struct recounting *r, const struct joint_document *j, enum error result,
                         const struct origins_document *theirs, const struct origins_document *ours,
                         const struct diag *why) {
    struct talk *t = r->speech->talk;
    const struct text parties[2] = {t->parties[1 - t->own], t->parties[t->own]};
    struct origins_compared how = {0};
    json_t *one = json_object();
    if (!result) how = origins_compare(theirs, ours, &t->arena);
    buf_format(&r->page, "%.*s  ", TEXT_ARG(j->document));
    buf_line(&r->page, j->basis);
    buf_format(&r->page, "\n  %s\n",
               result     ? _("not recomputed:")
               : how.same ? _("the same: recomputed byte for byte")
                          : _("not the same:"));
    if (result) buf_format(&r->page, "    %s\n", why->text);
    if (!result && !how.same) put_differences(&how, parties, &r->page);
    json_put_text(one, "document", j->document);
    if (result)
        json_put_text(one, "not_recomputed", text_of(why->text));
    else
        json_put(one, "recomputed", compared_json(&how, t, parties));
    json_add(r->list, one);
    r->same += !result && how.same;
    r->differ += !result && !how.same;
    r->not_recounted += result != OK;
}

static enum error compare_one(struct recounting *r, const struct joint_document *j) {
    struct talk *t = r->speech->talk;
    struct diag why = {0};
    struct origins_document theirs = {0}, ours = {0};
    if (!j->by[1 - t->own] || !text_starts(j->document, text_of(r->options->document))) return OK;
    enum error result = joint_open(t, j, &theirs, &why);
    if (!result) result = recount(r, &theirs, &ours, &why);
    tell_recount(r, j, result, &theirs, &ours, &why);
    return OK;
}

static enum error compare_all(struct recounting *r) {
    struct cli *c = r->speech->cli;
    struct joint_document *all;
    size_t count = 0;
    enum error result = joint_documents(r->speech->talk, r->speech->matter, &all, &count, &c->diag);
    for (size_t i = 0; i < count && !result; i++) result = compare_one(r, &all[i]);
    if (!result && !(r->same + r->differ + r->not_recounted))
        result = fail(&c->diag, ERR_MISSING, _("%.*s has sent no such document of origins about this case"),
                      TEXT_ARG(r->speech->talk->parties[1 - r->speech->talk->own]));
    return result;
}

/* "The answer is no" needs no sentence of its own: the page has said why. */
static enum error no(struct cli *c) {
    c->diag.text[0] = 0;
    return ERR_NO;
}

enum error joint_compare(struct cli *c, struct joint_options *o, const struct words *tables) {
    struct speech s = {.cli = c};
    struct recounting r = {
        .speech = &s, .options = o, .tables = tables, .page = {.max = 1 << 26}, .list = json_array()};
    enum error result = speech_in(&s, c->words.at[0]);
    if (!result) result = compare_all(&r);
    if (!result) result = c->json ? cli_print_json(c, json_incref(r.list)) : cli_print_page(c, &r.page);
    if (!result && r.not_recounted)
        result = fail(&c->diag, ERR_MISSING, _("a document was not recomputed: its table is named with --territory"));
    if (!result && r.differ) result = no(c);
    buf_free(&r.page);
    json_decref(r.list);
    speech_end(&s);
    return result;
}

/* ---- what is joint */

struct joining {
    struct speech *speech;
    struct buf page;
    json_t *alike, *apart;
    struct origins_document last[2]; /* of each party, of those that are not alike */
    bool has[2];
    size_t count;
};

static json_t *document_json(struct joining *g, const struct joint_document *j, const struct origins_document *of) {
    json_t *one = json_object(), *sent = json_array(), *whole, *rows = json_array();
    struct talk *t = g->speech->talk;
    for (unsigned p = 0; p < 2; p++) {
        json_t *by = json_object();
        if (!j->by[p]) {
            json_decref(by);
            continue;
        }
        json_put_text(by, "party", t->parties[p]);
        json_put_text(by, "message", j->by[p]->message.head.id);
        json_put(by, "time", json_from_instant(j->by[p]->entry->leaf->time));
        json_add(sent, by);
    }
    for (size_t i = 0; i < of->row_count; i++) json_add(rows, row_json(&of->rows[i]));
    if (json_read(bytes_from_text(of->rest), &whole, NULL)) whole = json_object();
    json_put(whole, "rows", rows);
    json_put_text(one, "document", j->document);
    json_put(one, "sent", sent);
    json_put(one, "origins", whole);
    return one;
}

static void put_rows(const struct origins_document *of, struct buf *out) {
    for (size_t i = 0; i < of->row_count; i++) {
        const struct origins_row *row = &of->rows[i];
        char rank[24] = "-";
        if (row->rank) snprintf(rank, sizeof rank, "%llu", (unsigned long long)row->rank);
        buf_string(out, "    ");
        buf_pad(out, text_of(rank), 6);
        buf_pad(out, row->name, 18);
        put_counts(row, out);
        while (out->size && out->at[out->size - 1] == ' ') out->size--;
        buf_char(out, '\n');
    }
}

/* What one side sends that is no document keeps nobody from what both have computed. */
static void put_broken(struct joining *g, const struct joint_document *j, const char *why) {
    json_t *one = json_object();
    json_put_text(one, "document", j->document);
    json_put_text(one, "broken", text_of(why));
    json_add(g->apart, one);
    buf_format(&g->page, "%.*s\n    %s\n", TEXT_ARG(j->document), why);
}

static void join_one(struct joining *g, const struct joint_document *j) {
    struct talk *t = g->speech->talk;
    struct origins_document of = {0};
    struct diag why = {0};
    bool alike = joint_alike(j);
    if (joint_open(t, j, &of, &why)) {
        put_broken(g, j, why.text);
        return;
    }
    json_add(alike ? g->alike : g->apart, document_json(g, j, &of));
    buf_format(&g->page, "%.*s  ", TEXT_ARG(j->document));
    buf_line(&g->page, j->basis);
    if (alike)
        buf_format(&g->page, "\n  %s (%s / %s / %s)\n", _("computed alike by both"), _("sources"), _("events"),
                   _("targets"));
    else
        buf_format(&g->page, _("\n  sent by %.*s alone\n"), TEXT_ARG(t->parties[j->by[0] ? 0 : 1]));
    if (alike) put_rows(&of, &g->page);
    g->count += alike;
    if (alike) return;
    unsigned party = j->by[0] ? 0 : 1;
    g->last[party] = of;
    g->has[party] = true;
}

static enum error print_joint(struct joining *g) {
    struct cli *c = g->speech->cli;
    struct talk *t = g->speech->talk;
    json_t *whole = json_object();
    bool both = g->has[0] && g->has[1];
    json_put_text(whole, "$kind", TEXT("parley joint origins v1"));
    json_put_text(whole, "case", g->speech->matter->name);
    json_put(whole, "alike", json_incref(g->alike));
    json_put(whole, "apart", json_incref(g->apart));
    if (both) {
        struct origins_compared how = origins_compare(&g->last[0], &g->last[1], &t->arena);
        json_put(whole, "last_compared", compared_json(&how, t, t->parties));
        buf_format(&g->page, "%s\n", _("What the last of each say differently:"));
        put_differences(&how, t->parties, &g->page);
    }
    if (c->json) return cli_print_json(c, whole);
    json_decref(whole);
    return cli_print_page(c, &g->page);
}

enum error joint_list(struct cli *c) {
    struct speech s = {.cli = c};
    struct joining g = {.speech = &s, .page = {.max = 1 << 26}, .alike = json_array(), .apart = json_array()};
    struct joint_document *all;
    size_t count = 0;
    enum error result = speech_in(&s, c->words.at[0]);
    if (!result) result = joint_documents(s.talk, s.matter, &all, &count, &c->diag);
    if (!result && !count && !c->json) /* to programs empty lists say it */
        result = fail(&c->diag, ERR_MISSING,
                      _("no document of origins about this case was sent: `parley origins CASE --send` sends one"));
    for (size_t i = 0; i < count && !result; i++) join_one(&g, &all[i]);
    if (!result) result = print_joint(&g);
    if (!result && !g.count) result = no(c);
    buf_free(&g.page);
    json_decref(g.alike);
    json_decref(g.apart);
    speech_end(&s);
    return result;
}
