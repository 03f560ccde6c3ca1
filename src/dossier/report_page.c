/* The report as a page that people read. */
#include "dossier/verify.h"

/* ---- small things */

static void write_list(struct names names, struct buf *out) {
    for (size_t i = 0; i < names.count; i++) {
        if (i) buf_string(out, ", ");
        buf_line(out, names.at[i]);
    }
}

static void write_number(uint64_t n, struct buf *out) { buf_u64(out, n); }

/* ---- what is proved */

static void write_parties(const struct dossier_report *r, struct buf *out) {
    buf_format(out, "%s\n", _("Roots, by the fingerprints that were given"));
    for (unsigned i = 0; i < 2; i++) {
        buf_format(out, "  %.*s  ", TEXT_ARG(r->parties[i]));
        buf_format(out, "%.*s\n", TEXT_ARG(r->fingerprints[i]));
    }
}

static void write_receipts(const struct proved_record *of, struct buf *out) {
    if (!of->receipt_count) buf_format(out, "    %s\n", _("no receipt of the other side for this size"));
    for (size_t i = 0; i < of->receipt_count; i++) {
        buf_format(out, "    %s ", _("held by the other side since"));
        buf_instant(out, of->receipts[i].stamp);
        buf_char(out, '\n');
    }
}

static void write_witnesses(const struct dossier_report *r, const struct proved_record *of, struct buf *out) {
    if (!r->quorum.named) return;
    for (size_t i = 0; i < of->cosigned_count; i++) {
        buf_format(out, "    %s ", _("cosigned by a witness of the terms at"));
        buf_instant(out, of->cosigned[i].stamp);
        buf_format(out, ", %.*s\n", TEXT_ARG(of->cosigned[i].key));
    }
    bool met = of->cosigned_count >= r->quorum.needed;
    buf_format(out,
               met ? _("    witnesses of the terms: %zu of %llu have cosigned, %llu must: met\n")
                   : _("    witnesses of the terms: %zu of %llu have cosigned, %llu must: not met at this size\n"),
               of->cosigned_count, (unsigned long long)r->quorum.named, (unsigned long long)r->quorum.needed);
}

static void write_records(const struct dossier_report *r, struct buf *out) {
    buf_format(out, "\n%s\n", _("Records, whole from their first entry"));
    for (unsigned i = 0; i < 2; i++)
        for (size_t g = 0; g < r->channel.view.parties[i].count; g++) {
            const struct proved_record *of = &r->records[i][g];
            buf_format(out, "  %.*s\n    ", TEXT_ARG(of->channel));
            buf_format(out, _("entries: %llu, signed by the log of their party; cards: %llu, none left out"),
                       (unsigned long long)of->size, (unsigned long long)of->cards);
            buf_char(out, '\n');
            write_receipts(of, out);
            write_witnesses(r, of, out);
        }
}

static void write_attachment(const struct proved_attachment *of, struct buf *out) {
    static const char *const states[] = {
        [ATTACHED_CLOSED] = N_("closed"), [ATTACHED_OPEN] = N_("open"), [ATTACHED_ERASED] = N_("erased by its sender")};
    char hex[SHA256_HEX];
    buf_format(out, "      %.*s “", TEXT_ARG(of->attach->role));
    buf_line(out, of->attach->name);
    buf_format(out, "” %s, SHA-256 %.*s\n", gettext(states[of->state]), TEXT_ARG(sha256_hex(&of->attach->plain, hex)));
    if (of->flaw.size) {
        buf_string(out, "      ! ");
        buf_line(out, of->flaw);
        buf_char(out, '\n');
    }
    if (of->note.size) {
        buf_string(out, "        ");
        buf_line(out, of->note);
        buf_char(out, '\n');
    }
}

static void write_worth(const struct proved_message *of, struct buf *out) {
    buf_string(out, "    ");
    if (of->flaw.size) {
        buf_format(out, "! %s: ", _("not understood"));
        buf_line(out, of->flaw);
    } else if (!of->verdict) {
        buf_format(out, "! %s", _("outside of the cut"));
    } else if (of->verdict->why) {
        buf_format(out, "! %s: %s", _("does not count"), gettext(void_words(of->verdict->why)));
    } else {
        buf_format(out, "%s; ", _("counts"));
        if (of->verdict->delivered == INSTANT_NONE)
            buf_string(out, _("not delivered by what is here"));
        else
            buf_format(out, "%s ", _("delivered"));
        buf_instant(out, of->verdict->delivered);
    }
    buf_char(out, '\n');
}

static void write_seal(const struct proved_message *of, struct buf *out) {
    const char *seal =
        !of->sealed ? _("signed and not sealed")
        : of->to_addressee
            ? _("sealed to the addressee, who could open it")
            : _("! not sealed to just those whom the cards name: not shown that the addressee could open it");
    buf_format(out, "    %s\n", seal);
}

static void write_message(const struct dossier_report *r, const struct proved_message *of, struct buf *out) {
    const struct head *head = &of->message->head;
    buf_format(out, "  %.*s, %s ", TEXT_ARG(entry_channel(&r->verdict, of->entry)), _("entry"));
    write_number(of->entry->index, out);
    buf_string(out, ": ");
    buf_line(out, head->kind);
    if (head->matter.size) buf_string(out, ", ");
    buf_line(out, head->matter);
    buf_format(out, "\n    %s ", _("from"));
    buf_line(out, head->from);
    buf_format(out, " %s ", _("to"));
    buf_line(out, head->to);
    buf_format(out, "; %s ", _("signed by"));
    write_list(of->signed_by, out);
    buf_char(out, '\n');
    write_worth(of, out);
    write_seal(of, out);
    for (size_t i = 0; i < of->attachment_count; i++) write_attachment(&of->attachments[i], out);
}

static void write_messages(const struct dossier_report *r, struct buf *out) {
    buf_format(out, "\n%s\n", _("Messages opened"));
    if (!r->message_count) buf_format(out, "  %s\n", _("none"));
    for (size_t i = 0; i < r->message_count; i++) write_message(r, &r->messages[i], out);
}

/* ---- how the cases stand */

static void write_sheet(const struct dossier_report *r, const struct matter *m, const struct sheet_state *s,
                        struct buf *out) {
    const struct meaning *meaning = &s->message->statement->meaning;
    if (s->message->kind == KIND_INQUIRY) return;
    buf_format(out, "    %s %.*s: ", _("fact sheet"), TEXT_ARG(meaning->sheet));
    buf_format(out,
               _n("%s by the findings of %.*s, %zu of %llu fact answered",
                  "%s by the findings of %.*s, %zu of %llu facts answered", meaning->rows),
               gettext(standing_word_text(s->standing.word)), TEXT_ARG(r->parties[1 - m->opener]), s->standing.answered,
               (unsigned long long)meaning->rows);
    buf_char(out, '\n');
}

static void write_matter(const struct dossier_report *r, const struct matter *m, struct buf *out) {
    buf_string(out, "  ");
    buf_line(out, m->name);
    buf_format(out, ": %s", gettext(state_word_text(m->sort)));
    if (m->inadmissible) buf_format(out, ", %s", _("inadmissible: a claim without a fact"));
    if (m->lapsed) buf_format(out, ", %s", _("a deadline lapsed"));
    buf_char(out, '\n');
    if (m->opening->kind == KIND_PROPOSAL) buf_format(out, "    %s\n", gettext(proposal_word_text(m->proposal.word)));
    for (size_t i = 0; i < m->sheet_count; i++) write_sheet(r, m, &m->sheets[i], out);
    for (size_t i = 0; i < m->settled_count; i++)
        buf_format(out, "    %s %.*s\n", _("both agreed to the text"), TEXT_ARG(m->settled[i]));
}

static void write_cut(const struct dossier_report *r, struct buf *out) {
    buf_format(out, "  %s ", _("at the cut"));
    for (size_t g = 0; g < r->state.channel.generations; g++) {
        if (g) buf_string(out, "; ");
        buf_format(out, "%llu, %llu", (unsigned long long)r->state.channel.cuts[g].of[0],
                   (unsigned long long)r->state.channel.cuts[g].of[1]);
    }
    buf_format(out, " %s ", _("as of"));
    buf_instant(out, r->state.as_of);
    buf_char(out, '\n');
}

static void write_cases(const struct dossier_report *r, struct buf *out) {
    buf_format(out, "\n%s\n", _("Cases, by the opened messages alone"));
    write_cut(r, out);
    for (size_t i = 0; i < r->state.matter_count; i++) write_matter(r, &r->state.matters[i], out);
}

static void write_contradictions(const struct dossier_report *r, struct buf *out) {
    const struct channel_verdict *c = &r->state.channel;
    if (!c->contradiction_count) return;
    buf_format(out, "\n%s\n", _("Contradictions"));
    for (size_t i = 0; i < c->contradiction_count; i++) {
        buf_format(out, "  %.*s, %s ", TEXT_ARG(entry_channel(c, c->contradictions[i])), _("entry"));
        write_number(c->contradictions[i]->index, out);
        buf_format(out, ": %s\n",
                   _("what it says to have seen is not in this dossier: it is false, or entries were left out"));
    }
}

static void write_closed(const struct dossier_report *r, struct buf *out) {
    buf_format(out, "\n%s\n  ", _("Not checked"));
    buf_format(out, _("closed messages: %llu, closed attachments: %llu; what hangs on them is not decided here"),
               (unsigned long long)r->closed_messages, (unsigned long long)r->closed_attachments);
    buf_char(out, '\n');
}

void dossier_report_page(const struct dossier_report *r, struct buf *out) {
    buf_format(out, "%s\n\n", _("The dossier holds."));
    write_parties(r, out);
    write_records(r, out);
    write_messages(r, out);
    write_cases(r, out);
    write_contradictions(r, out);
    write_closed(r, out);
}
