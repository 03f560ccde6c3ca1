/* dossier: writes a portable extract of a case, which opens only what was chosen and which anybody can verify. */
#include "desk/dossier.h"
#include "base/os.h"
#include "claim/claim.h"
#include "cli/sheets.h"
#include "cli/speech.h"
#include "desk/erasures.h"
#include "desk/gate.h"
#include "dossier/verify.h"
#include "note/fingerprint.h"

enum { HASH_PREFIX_MIN = 8 };

struct extracting {
    const char *out, *cover;
    struct words messages, attachments, facts;
    bool all, yes;
    struct dossier_choice choice;
    size_t said_room, attachment_room;
};

/* ---- choosing */

static void add_said(struct speech *s, struct extracting *x, const struct said *said) {
    struct dossier_choice *c = &x->choice;
    for (size_t i = 0; i < c->said_count; i++)
        if (c->said[i] == said) return;
    c->said = arena_grow(&s->cli->arena, c->said, c->said_count, &x->said_room, sizeof *c->said);
    c->said[c->said_count++] = said;
}

static void add_attachment(struct speech *s, struct extracting *x, const struct said *said,
                           const struct attach *attach) {
    struct dossier_choice *c = &x->choice;
    add_said(s, x, said);
    for (size_t i = 0; i < c->attachment_count; i++)
        if (sha256_equal(c->attachments[i].attach->sealed, attach->sealed)) return;
    c->attachments =
        arena_grow(&s->cli->arena, c->attachments, c->attachment_count, &x->attachment_room, sizeof *c->attachments);
    c->attachments[c->attachment_count++] = (struct dossier_attachment){said, attach};
}

static bool of_case(const struct speech *s, const struct said *said) {
    return text_equal(said->message.head.matter, s->matter->name);
}

/* All but what its sender erased: that is gone, and the dossier itself says so. */
static void add_whole_case(struct speech *s, struct extracting *x) {
    struct erasures gone;
    erasures_gather(s->talk, &s->cli->arena, &gone);
    for (size_t i = 0; i < s->talk->said_count; i++) {
        const struct said *said = &s->talk->said[i];
        if (!of_case(s, said)) continue;
        add_said(s, x, said);
        for (size_t k = 0; k < said->message.head.attach_count && x->all; k++)
            if (!erasure_of(&gone, said->entry->party, said->message.head.attach[k].sealed))
                add_attachment(s, x, said, &said->message.head.attach[k]);
    }
}

/* Messages of other cases are refused: what is opened by mistake can't be closed again. */
static enum error find_message(struct speech *s, struct text id, const struct said **out) {
    enum error result = talk_find_said(s->talk, id, out, &s->cli->diag);
    if (!result && (*out)->message.head.matter.size && !of_case(s, *out))
        result = fail(&s->cli->diag, ERR_USAGE, _("the message %.*s is of another case"), TEXT_ARG(id));
    return result;
}

static bool hash_starts(struct sha256 sha, struct text prefix) {
    char hex[SHA256_HEX];
    return prefix.size >= HASH_PREFIX_MIN && text_starts(sha256_hex(&sha, hex), prefix);
}

/* ID:ROLE, or the SHA-256 of an attachment, sealed or plain. */
static enum error choose_attachment(struct speech *s, struct extracting *x, const char *typed) {
    struct text role = text_of(typed), id;
    const struct said *one = NULL;
    bool by_role = text_cut(&role, ':', &id);
    size_t before = x->choice.attachment_count;
    enum error result = by_role ? find_message(s, id, &one) : OK;
    if (result) return result;
    for (size_t i = 0; i < s->talk->said_count; i++) {
        const struct said *said = &s->talk->said[i];
        if (by_role ? said != one : !of_case(s, said)) continue;
        for (size_t k = 0; k < said->message.head.attach_count; k++) {
            const struct attach *a = &said->message.head.attach[k];
            if (by_role ? text_equal(a->role, role) : hash_starts(a->sealed, role) || hash_starts(a->plain, role))
                add_attachment(s, x, said, a);
        }
    }
    if (x->choice.attachment_count > before) return OK;
    return fail(&s->cli->diag, ERR_MISSING, _("the case has no attachment %s; expected ID:ROLE, or a SHA-256"), typed);
}

static bool rows_meet(struct row_set a, struct row_set b) {
    for (size_t i = 0, k = 0; i < a.count && k < b.count;) {
        if (a.at[i].last < b.at[k].first)
            i++;
        else if (b.at[k].last < a.at[i].first)
            k++;
        else
            return true;
    }
    return false;
}

/* What shows a fact: the claim that commits to it, and each disclosure that names it.  A disclosure is one blob, which
 * opens as a whole: what else it shows is told. */
static enum error choose_fact(struct speech *s, struct extracting *x, const char *typed) {
    struct cli *c = s->cli;
    struct row_set rows = {0};
    struct buf also = {.max = 1 << 20};
    const struct sheet_state *sheet;
    enum error result = cli_sheet(c, s->matter, NULL, &sheet);
    if (!result && !sheet) return cli_usage(c, _("--fact: the case has no facts"));
    if (!result) result = cli_rows(c, "--fact", typed, sheet->message->statement->meaning.rows, &rows);
    if (result) return result;
    add_said(s, x, talk_said(s->talk, sheet->message));
    size_t before = x->choice.attachment_count;
    const struct said_by *opener = &s->matter->said[s->matter->opener];
    for (size_t i = 0; i < opener->count; i++) {
        const struct said *said = opener->at[i]->kind == KIND_DISCLOSE ? talk_said(s->talk, opener->at[i]) : NULL;
        struct disclose shows;
        if (!said || disclose_from_message(&said->message, &c->arena, &shows, NULL)) continue;
        if (!text_equal(shows.sheet, sheet->message->statement->meaning.sheet) || !rows_meet(shows.rows, rows))
            continue;
        for (size_t k = 0; k < said->message.head.attach_count; k++)
            if (text_is(said->message.head.attach[k].role, ROLE_EVIDENCE))
                add_attachment(s, x, said, &said->message.head.attach[k]);
        buf_string(&also, also.size ? ", " : "");
        row_set_write(shows.rows, &also);
    }
    if (x->choice.attachment_count == before)
        result = fail(&c->diag, ERR_MISSING, _("--fact: no line of the fact %s was disclosed"), typed);
    else if (!c->quiet)
        fprintf(stderr, _("The disclosures that show it open as a whole: facts %.*s\n"), TEXT_ARG(buf_as_text(&also)));
    buf_free(&also);
    return result;
}

static enum error choose(struct speech *s, struct extracting *x) {
    enum error result = OK;
    if ((!x->messages.count && !x->facts.count) || x->all) add_whole_case(s, x);
    for (size_t i = 0; i < x->facts.count && !result; i++) result = choose_fact(s, x, x->facts.at[i]);
    for (size_t i = 0; i < x->messages.count && !result; i++) {
        const struct said *said;
        result = find_message(s, text_of(x->messages.at[i]), &said);
        if (!result) add_said(s, x, said);
    }
    for (size_t i = 0; i < x->attachments.count && !result; i++) result = choose_attachment(s, x, x->attachments.at[i]);
    return result;
}

/* ---- telling */

static size_t attached_count(const struct dossier_choice *c) {
    size_t count = 0;
    for (size_t i = 0; i < c->said_count; i++) count += c->said[i]->message.head.attach_count;
    return count;
}

static enum tlp most_restricted(const struct talk *t, const struct dossier_choice *c) {
    enum tlp most = TLP_NONE;
    for (size_t i = 0; i < c->said_count; i++) {
        enum tlp level = gate_level(t, c->said[i]);
        if (level > most) most = level;
    }
    return most;
}

/* A dossier opens to whoever holds it, for ever. */
static enum error pass_gate(struct speech *s, const struct extracting *x) {
    struct cli *c = s->cli;
    enum tlp level = most_restricted(s->talk, &x->choice);
    struct text question = arena_format(
        &c->arena, _("This is TLP:%s, and the dossier opens to whoever holds it. Write it?"), gate_level_name(level));
    return cli_pass_gate(c, level, x->yes, question);
}

static enum error tell_json(struct cli *c, const struct extracting *x, const struct talk_root *roots, size_t count) {
    json_t *object = json_object(), *list = json_array();
    json_put_text(object, "file", text_of(x->out));
    json_put_u64(object, "messages", x->choice.said_count);
    json_put_u64(object, "attachments", x->choice.attachment_count - x->choice.left_closed);
    for (size_t i = 0; i < count; i++) {
        char digits[FINGERPRINT_SIZE];
        json_t *one = json_object();
        json_put_text(one, "party", roots[i].party);
        json_put_text(one, "fingerprint", fingerprint_write(roots[i].root, digits));
        json_add(list, one);
    }
    json_put(object, "roots", list);
    return cli_print_json(c, object);
}

/* The line to type is the product, unless the dossier itself goes to standard output. */
static enum error tell(struct speech *s, const struct extracting *x) {
    struct cli *c = s->cli;
    struct talk_root *roots = NULL;
    size_t count = 0;
    bool piped = text_is(text_of(x->out), "-");
    enum error result = talk_roots(s->talk, &roots, &count, &c->diag);
    enum tlp level = most_restricted(s->talk, &x->choice);
    if (result) return result;
    if (!c->quiet)
        fprintf(stderr, _("Opened in it: messages %zu, attachments %zu of %zu; the most restricted level is TLP:%s.\n"),
                x->choice.said_count, x->choice.attachment_count - x->choice.left_closed, attached_count(&x->choice),
                gate_level_name(level));
    if (c->json && !piped) return tell_json(c, x, roots, count);
    if (!c->quiet) fprintf(stderr, "%s\n", _("Whoever gets it types, with fingerprints from both parties:"));
    fprintf(piped ? stderr : stdout, "parley verify %s", x->out);
    for (size_t i = 0; i < count; i++) {
        char digits[FINGERPRINT_SIZE];
        fprintf(piped ? stderr : stdout, " --root '%.*s=%.*s'", TEXT_ARG(roots[i].party),
                TEXT_ARG(fingerprint_write(roots[i].root, digits)));
    }
    fputc('\n', piped ? stderr : stdout);
    return OK;
}

/* ---- the cover */

static enum error roots_of(struct speech *s, struct dossier_root **out, size_t *count) {
    struct arena *a = &s->cli->arena;
    struct talk_root *roots = NULL;
    enum error result = talk_roots(s->talk, &roots, count, &s->cli->diag);
    if (result) return result;
    *out = ARENA_ARRAY(a, struct dossier_root, *count);
    for (size_t i = 0; i < *count; i++) {
        char digits[FINGERPRINT_SIZE];
        (*out)[i] = (struct dossier_root){roots[i].party, arena_text(a, fingerprint_write(roots[i].root, digits))};
    }
    return OK;
}

/* What the cover says is what anybody gets who verifies the file. */
static enum error write_cover(struct speech *s, const struct extracting *x, struct bytes file) {
    struct cli *c = s->cli;
    struct dossier of;
    struct dossier_report report;
    struct dossier_root *roots = NULL;
    size_t count = 0;
    struct buf page = {.max = (size_t)1 << 30};
    enum error result = roots_of(s, &roots, &count);
    if (!result) result = dossier_read(file, &c->arena, &of, &c->diag);
    if (!result) result = dossier_verify(&of, roots, count, INSTANT_NONE, &c->arena, &report, &c->diag);
    if (!result) dossier_report_html(&report, file, false, &page);
    if (!result) result = buf_check(&page, &c->diag);
    if (!result) result = os_write(x->cover, buf_as_bytes(&page), 0600, &c->diag);
    buf_free(&page);
    return result;
}

static enum error extract(struct speech *s, struct extracting *x) {
    struct diag *d = &s->cli->diag;
    struct buf file = {.max = (size_t)8 << 30};
    enum error result = choose(s, x);
    x->choice.all = x->all;
    if (!result) result = pass_gate(s, x);
    if (!result) result = talk_dossier(s->talk, &x->choice, tar_sink_buf(&file), d);
    if (!result) result = os_write(x->out, buf_as_bytes(&file), 0600, d);
    if (!result && x->cover) result = write_cover(s, x, buf_as_bytes(&file));
    buf_wipe(&file);
    return result ? result : tell(s, x);
}

enum error cli_dossier(struct cli *c) {
    struct speech s = {.cli = c};
    struct extracting x = {0};
    const struct option_row rows[] = {
        {"-o", OPTION_WORD, &x.out, "FILE", N_("where it is written; - is standard output")},
        {"--cover", OPTION_WORD, &x.cover, "FILE",
         N_("write a page for browsers and paper beside it: what it proves, and what it opens")},
        {"--message", OPTION_WORDS, &x.messages, "ID",
         N_("open this message (else: all of the case); may be repeated")},
        {"--attach", OPTION_WORDS, &x.attachments, "ID:ROLE|SHA256", N_("open this attachment; may be repeated")},
        {"--fact", OPTION_WORDS, &x.facts, "N",
         N_("open what was disclosed of this fact, and the claim that commits to it")},
        {"--all", OPTION_FLAG, &x.all, NULL, N_("open all messages and attachments of the case")},
        {"--yes", OPTION_FLAG, &x.yes, NULL, N_("agree that what is more restricted than TLP:GREEN leaves in it")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 1);
    if (!result && !x.out) result = cli_usage(c, _("-o is needed"));
    if (!result) result = speech_in(&s, c->words.at[0]);
    if (!result) result = extract(&s, &x);
    speech_end(&s);
    return result;
}
