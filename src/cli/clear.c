/* clear: shows what another officer drafted, adds a signature and sends it; or sends it back with a reason. */
#include "cli/speak.h"
#include "desk/draft.h"

struct clearing {
    const char *officer, *refuse, *hash;
    bool yes;
};

/* What one signs is shown first, on the side of the talk: the product is what became of it. */
static enum error show(struct cli *c, struct talk *t, const struct kept_draft *kept) {
    struct draft_view view;
    struct buf page = {.max = 1 << 24}, shown = {.max = 1 << 24};
    enum error result = draft_look(t, kept, &view, &c->diag);
    if (result || c->quiet) return result;
    draft_page(t, kept, &view, &page);
    result = buf_check(&page, &c->diag);
    if (!result) buf_lines(&shown, buf_as_text(&page));
    if (!result) fwrite(shown.at, 1, shown.size, stderr);
    buf_free(&page);
    buf_free(&shown);
    return result;
}

static enum error agree(struct cli *c, const struct clearing *q) {
    if (q->yes) return OK;
    if (cli_can_ask()) return cli_confirm(c, _("Sign this, and send it?"));
    return cli_usage(c, _("nobody is there to ask: --yes signs it as it is shown"));
}

/* Ids are chosen by whoever drafts: what was looked at before is known by its hash alone. */
static enum error check_hash(struct cli *c, const struct clearing *q, const struct kept_draft *kept) {
    char hex[SHA256_HEX];
    if (!q->hash || text_is(sha256_hex(&kept->draft.message.identity, hex), q->hash)) return OK;
    return fail(&c->diag, ERR_NO, _("not signed: the draft is another one than that with the hash %s"), q->hash);
}

static enum error clear(struct cli *c, const struct clearing *q, struct desk *k, struct talk *t,
                        const struct kept_draft *kept) {
    struct said_at at;
    enum kind kind;
    struct text officer = q->officer ? text_of(q->officer) : k->home.officer;
    enum error result = check_hash(c, q, kept);
    if (result) return result;
    if (q->refuse) return draft_refuse(t, kept, officer, text_of(q->refuse), &c->diag);
    result = show(c, t, kept);
    if (!result) result = agree(c, q);
    if (!result) result = draft_clear(t, kept, officer, &at, &c->diag);
    if (result) return result;
    ASSERT(kind_read(kept->draft.message.head.kind, &kind));
    return cli_said(c, t, kind, &at);
}

enum error cli_clear(struct cli *c) {
    struct clearing q = {0};
    struct desk *k = NULL;
    struct talk *t = NULL;
    struct kept_draft kept;
    const struct option_row rows[] = {
        {"--officer", OPTION_WORD, &q.officer, "NAME", N_("who clears it, if not the officer of this home")},
        {"--refuse", OPTION_WORD, &q.refuse, "TEXT", N_("send it back with this reason, kept with the draft")},
        {"--yes", OPTION_FLAG, &q.yes, NULL, N_("sign without being asked")},
        {"--hash", OPTION_WORD, &q.hash, "SHA256", N_("only what has this hash, as `parley drafts show` printed it")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 1);
    if (!result) result = cli_open_desk(c, &k);
    if (!result) result = draft_find(k, text_of(c->words.at[0]), &kept, &c->diag);
    if (!result) result = draft_talk(k, &kept, &t, &c->diag);
    if (!result) result = clear(c, &q, k, t, &kept);
    talk_close(t);
    desk_close(k);
    return result;
}
