/* The report as a page for browsers and paper: what is proved, what is not, and how much stays closed. */
#include "dossier/report_html.h"
#include "finding/html.h"
#include "message/frame.h"
#include "settlement/html.h"

static const char style[] =
    ".opened td:nth-child(2){overflow-wrap:anywhere;width:18%}.opened td:nth-child(4){width:24%}"
    ".opened ul{margin:4px 0 0}";

/* ---- the head */

static enum tlp most_restricted(const struct dossier_report *r) {
    enum tlp most = TLP_NONE;
    for (size_t i = 0; i < r->message_count; i++) {
        const struct proved_message *m = &r->messages[i];
        enum tlp level = m->verdict && !m->verdict->why ? m->verdict->tlp : TLP_NONE, stated;
        if (tlp_read(m->message->head.tlp, &stated) && stated > level) level = stated;
        if (level > most) most = level;
    }
    return most;
}

static struct text title_of(const struct message *m, struct arena *a) {
    struct text title = {0}, text = {0};
    if (frame_read(m, FRAME_ANY_KIND, NULL, a, NULL, &title, &text, NULL)) return (struct text){0};
    return title;
}

static const struct proved_message *opening_of(const struct dossier_report *r, const struct matter *m) {
    for (size_t i = 0; i < r->message_count; i++)
        if (r->messages[i].verdict == m->opening) return &r->messages[i];
    return NULL;
}

struct text cover_title(struct cover *c, const struct matter *m) {
    const struct proved_message *opening = opening_of(c->report, m);
    return opening ? title_of(opening->message, c->arena) : (struct text){0};
}

/* The title of the one case that was chosen: a first proposal, which is not sealed, is in every dossier. */
static struct text title_of_all(struct cover *c) {
    const struct matter_state *s = &c->report->state;
    const struct matter *chosen = NULL;
    for (size_t i = 0; i < s->matter_count; i++) {
        const struct proved_message *opening = opening_of(c->report, &s->matters[i]);
        if (opening && !opening->sealed) continue;
        if (chosen) return (struct text){0};
        chosen = &s->matters[i];
    }
    return chosen ? cover_title(c, chosen) : (struct text){0};
}

static struct text on_each_sheet(struct cover *c, const char *level, struct sha256 file) {
    const struct dossier_report *r = c->report;
    char as_of[INSTANT_TEXT_MAX], hex[SHA256_HEX];
    return arena_format(c->arena, "TLP:%s · %.*s · %.*s · %s %.*s · SHA-256 %.*s", level, TEXT_ARG(r->parties[0]),
                        TEXT_ARG(r->parties[1]), _("as of"), TEXT_ARG(instant_write(r->state.as_of, as_of)),
                        TEXT_ARG(sha256_hex(&file, hex)));
}

/* ---- what is proved */

static uint64_t attachments(const struct dossier_report *r, enum attached_state state) {
    uint64_t count = 0;
    for (size_t i = 0; i < r->message_count; i++)
        for (size_t k = 0; k < r->messages[i].attachment_count; k++)
            count += r->messages[i].attachments[k].state == state;
    return count;
}

static void put_roots(struct cover *c) {
    const struct dossier_report *r = c->report;
    html_start(c->out, "dl", "class=\"pairs\"");
    for (unsigned p = 0; p < 2; p++)
        html_pair(c->out, arena_string(c->arena, r->parties[p]),
                  r->fingerprints[p].size ? r->fingerprints[p] : text_of(_("no record of this party is in it")));
    html_end(c->out, "dl");
}

static void put_receipts(struct cover *c, const struct proved_record *of) {
    for (size_t i = 0; i < of->receipt_count; i++) {
        html_start(c->out, "div", NULL);
        html_instant(c->out, of->receipts[i].stamp);
        html_end(c->out, "div");
    }
    if (!of->receipt_count) buf_markup(c->out, text_of(_("no receipt of the other side for this size")));
}

static void put_witnesses(struct cover *c, const struct dossier_report *r, const struct proved_record *of) {
    if (!r->quorum.named) return;
    for (size_t i = 0; i < of->cosigned_count; i++) {
        html_start(c->out, "div", NULL);
        buf_format(c->out, "%s ", _("cosigned by a witness of the terms at"));
        html_instant(c->out, of->cosigned[i].stamp);
        html_end(c->out, "div");
    }
    bool met = of->cosigned_count >= r->quorum.needed;
    html_start(c->out, "div", NULL);
    buf_markup(c->out, text_of(met ? _("the quorum of the terms' witnesses is met")
                                   : _("the quorum of the terms' witnesses is not met at this size")));
    html_end(c->out, "div");
}

static void put_record(struct cover *c, const struct dossier_report *r, const struct proved_record *of) {
    char hex[SHA256_HEX];
    struct buf *out = c->out;
    buf_string(out, "<tr><th scope=\"row\">");
    html_others(out, of->channel);
    buf_format(out, "<br><code>%.*s</code></th>", TEXT_ARG(sha256_hex(&of->root, hex)));
    buf_format(out, "<td class=\"number\">%llu</td><td class=\"number\">%llu</td><td class=\"number\">%llu</td><td>",
               (unsigned long long)of->size, (unsigned long long)of->cards, (unsigned long long)of->closed);
    put_receipts(c, of);
    put_witnesses(c, r, of);
    buf_string(out, "</td></tr>\n");
}

static void put_records(struct cover *c) {
    const struct dossier_report *r = c->report;
    html_text(c->out, "h2", NULL, text_of(_("Records, whole from their first entry")));
    html_table(c->out, NULL);
    buf_string(c->out, "<tr>");
    html_column(c->out, NULL, _("record, and the root of its tree"));
    html_column(c->out, "class=\"number\"", _("entries"));
    html_column(c->out, "class=\"number\"", _("cards"));
    html_column(c->out, "class=\"number\"", _("closed"));
    html_column(c->out, NULL, _("held by the other side since"));
    buf_string(c->out, "</tr>");
    html_table_body(c->out);
    for (unsigned p = 0; p < 2; p++)
        for (size_t g = 0; g < r->channel.view.parties[p].count; g++) put_record(c, r, &r->records[p][g]);
    html_table_end(c->out);
}

static void put_proved(struct cover *c) {
    static const char *const proved[] = {
        N_("Both records are whole up to these sizes, and signed by the logs that the parties' cards name; no card is "
           "left out."),
        N_("What a receipt covers was held by the other side at that time. Held is not read."),
        N_("Each opened message stands at its place in its record, and bears the signatures that are named beside it."),
        N_("What is said to be sealed to its addressee, the addressee could open."),
        N_("Facts and lines that are shown are those to which a claim had committed before, where it says so."),
    };
    html_text(c->out, "h2", NULL, text_of(_("What is proved")));
    html_start(c->out, "ul", NULL);
    for (size_t i = 0; i < COUNT(proved); i++) html_text(c->out, "li", NULL, text_of(gettext(proved[i])));
    html_end(c->out, "ul");
}

/* ---- what is not */

static void put_closed(struct cover *c) {
    const struct dossier_report *r = c->report;
    html_text(c->out, "h2", NULL, text_of(_("How much is open, and how much stays closed")));
    html_start(c->out, "dl", "class=\"pairs\"");
    html_pair_format(c->out, _("Messages"), _("open: %zu, closed: %llu"), r->message_count,
                     (unsigned long long)r->closed_messages);
    html_pair_format(c->out, _("Attachments"), _("open: %llu, closed: %llu, erased: %llu"),
                     (unsigned long long)attachments(r, ATTACHED_OPEN), (unsigned long long)r->closed_attachments,
                     (unsigned long long)attachments(r, ATTACHED_ERASED));
    html_end(c->out, "dl");
}

static void put_unproved(struct cover *c) {
    static const char *const unproved[] = {
        N_("What closed messages and attachments say. What hangs on them is not decided here."),
        N_("That what a party states is true, or that what nobody answered is false."),
        N_("That an address tells who acted: the origin of traffic is not its author."),
        N_("That a message was read, or that something erased is gone on the other side."),
        N_("That who held an officer's key was that officer."),
    };
    html_text(c->out, "h2", NULL, text_of(_("What is not proved")));
    html_start(c->out, "ul", NULL);
    for (size_t i = 0; i < COUNT(unproved); i++) html_text(c->out, "li", NULL, text_of(gettext(unproved[i])));
    html_end(c->out, "ul");
}

static void put_contradictions(struct cover *c) {
    const struct channel_verdict *v = &c->report->state.channel;
    if (!v->contradiction_count) return;
    html_start(c->out, "div", "class=\"note bad whole\"");
    html_text(c->out, "h2", "class=\"attn\"", text_of(_("Contradictions")));
    for (size_t i = 0; i < v->contradiction_count; i++)
        html_format(c->out, "p", NULL, "%.*s, %s %llu: %s", TEXT_ARG(entry_channel(v, v->contradictions[i])),
                    _("entry"), (unsigned long long)v->contradictions[i]->index,
                    _("what it says to have seen is not in this dossier: it is false, or entries were left out"));
    html_end(c->out, "div");
}

/* ---- cases */

static void put_sheet(struct cover *c, const struct matter *m, const struct sheet_state *s) {
    const struct meaning *meaning = &s->message->statement->meaning;
    uint64_t totals[FINDING_COUNT] = {0};
    if (s->message->kind == KIND_INQUIRY) return;
    for (size_t i = 0; i < s->standing.answered; i++) totals[s->standing.findings[i].word]++;
    html_start(c->out, "figure", NULL);
    html_format(c->out, "p", NULL,
                _n("%s by the findings of %.*s, %zu of %llu fact answered",
                   "%s by the findings of %.*s, %zu of %llu facts answered", meaning->rows),
                gettext(standing_word_text(s->standing.word)), TEXT_ARG(c->report->parties[1 - m->opener]),
                s->standing.answered, (unsigned long long)meaning->rows);
    finding_bar(c->out, totals, meaning->rows);
    html_format(c->out, "p", "class=\"quiet fine\"", "%s %.*s", _("fact sheet"), TEXT_ARG(meaning->sheet));
    html_end(c->out, "figure");
}

static void put_matter(struct cover *c, const struct matter *m) {
    struct text title = cover_title(c, m);
    html_text(c->out, "h3", NULL, title.size ? title : m->name);
    struct buf line = {.max = 4096};
    buf_format(&line, "%s", gettext(state_word_text(m->sort)));
    if (m->inadmissible) buf_format(&line, ", %s", _("inadmissible: a claim without a fact"));
    if (m->lapsed) buf_format(&line, ", %s", _("a deadline lapsed"));
    if (m->opening->kind == KIND_PROPOSAL) buf_format(&line, ", %s", gettext(proposal_word_text(m->proposal.word)));
    html_format(c->out, "p", NULL, "%.*s: %.*s", TEXT_ARG(m->name), TEXT_ARG(buf_as_text(&line)));
    buf_free(&line);
    for (size_t i = 0; i < m->sheet_count; i++) put_sheet(c, m, &m->sheets[i]);
    for (size_t i = 0; i < m->settled_count; i++)
        html_format(c->out, "p", NULL, "%s %.*s", _("both agreed to the text"), TEXT_ARG(m->settled[i]));
}

static void put_cases(struct cover *c) {
    const struct matter_state *s = &c->report->state;
    struct buf cut = {.max = 1 << 16};
    html_text(c->out, "h2", NULL, text_of(_("Cases, by the opened messages alone")));
    for (size_t i = 0; i < s->matter_count; i++) put_matter(c, &s->matters[i]);
    buf_format(&cut, "%s ", _("at the cut"));
    for (size_t g = 0; g < s->channel.generations; g++)
        buf_format(&cut, "%s%llu, %llu", g ? "; " : "", (unsigned long long)s->channel.cuts[g].of[0],
                   (unsigned long long)s->channel.cuts[g].of[1]);
    buf_format(&cut, " %s ", _("as of"));
    buf_instant(&cut, s->as_of);
    html_text(c->out, "p", "class=\"quiet fine\"", buf_as_text(&cut));
    buf_free(&cut);
}

/* ---- how to check it */

static void put_foot(struct cover *c, struct bytes file, struct sha256 hash) {
    const struct dossier_report *r = c->report;
    char hex[SHA256_HEX];
    html_start(c->out, "div", "class=\"note whole\"");
    html_text(c->out, "p", NULL,
              text_of(_("This page proves nothing by itself: the file does. Whoever has it checks it offline, with "
                        "fingerprints from both parties:")));
    html_start(c->out, "pre", "class=\"log\"");
    buf_string(c->out, "parley verify FILE");
    for (unsigned p = 0; p < 2; p++) {
        if (!r->fingerprints[p].size) continue;
        buf_string(c->out, " --root '");
        buf_markup(c->out, r->parties[p]);
        buf_char(c->out, '=');
        buf_markup(c->out, r->fingerprints[p]);
        buf_char(c->out, '\'');
    }
    html_end(c->out, "pre");
    html_format(c->out, "p", "class=\"fine\"", _("The file has %zu bytes; its SHA-256 is %.*s"), file.size,
                TEXT_ARG(sha256_hex(&hash, hex)));
    html_end(c->out, "div");
}

void dossier_report_html(const struct dossier_report *r, struct bytes file, bool all_rows, struct buf *out) {
    struct arena a = {0};
    struct cover c = {.report = r, .arena = &a, .out = out, .all_rows = all_rows};
    struct sha256 hash = sha256_of(file);
    enum tlp most = most_restricted(r);
    const char *level = tlp_name(most == TLP_NONE ? TLP_CLEAR : most);
    struct text title = title_of_all(&c);
    c.above = on_each_sheet(&c, level, hash);
    html_open(out, &(struct html_page){.title = title.size ? title : text_of(_("Dossier")),
                                       .above = arena_format(&a, "%s · %.*s · %.*s%s", _("Dossier"),
                                                             TEXT_ARG(r->parties[0]), TEXT_ARG(r->parties[1]),
                                                             r->state.channel.drill ? _(" (drill)") : ""),
                                       .tlp = level,
                                       .style = {style, finding_style, minutes_style},
                                       .name = "dossier"});
    finding_shapes(out);
    html_format(out, "p", NULL, "%s %s", _("The dossier holds."),
                _("It was checked by these fingerprints, which whoever checked it had from the parties:"));
    put_roots(&c);
    put_contradictions(&c);
    put_closed(&c);
    put_proved(&c);
    put_unproved(&c);
    put_records(&c);
    put_cases(&c);
    cover_messages(&c);
    cover_facts(&c);
    put_foot(&c, file, hash);
    html_close(out);
    arena_free(&a);
}
