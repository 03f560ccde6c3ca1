/* publish: writes what is public of a party into a folder that any web server can serve. */
#include <string.h>

#include "base/os.h"
#include "cli/card_words.h"
#include "cli/speak.h"
#include "desk/gate.h"
#include "desk/site.h"
#include "message/frame.h"

struct publishing {
    struct cli *cli;
    struct site site;
    struct words dossiers;
    bool *proved; /* one a dossier */
    struct bytes *files;
    size_t statements, origins, held_back; /* what is public, and tables that are more restricted than CLEAR */
    struct diag left_out;                  /* of security.txt */
};

/* ---- the card */

static enum error add_card(struct publishing *p, struct desk *k) {
    struct cli *c = p->cli;
    struct card card;
    struct bytes note;
    struct buf page = {.max = 1 << 24};
    enum error result = own_card_signed(k, &note, &card, &c->diag);
    if (result) return result;
    p->site.party = arena_text(&c->arena, card.party);
    result = site_card(&p->site, &card, note, c->now, &p->left_out, &c->diag);
    json_t *object = card_json(&card, INSTANT_NONE);
    json_canonical(object, &page);
    buf_char(&page, '\n');
    json_decref(object);
    if (!result) result = site_add(&p->site, TEXT("card.json"), (struct text){0}, &page, &c->diag);
    buf_free(&page);
    return result;
}

/* ---- joint statements, each with the dossier that proves it */

static enum error add_statement(struct publishing *p, struct talk *t, const struct matter *m) {
    struct cli *c = p->cli;
    struct publication of;
    enum error result = publication_of(t, m, &of, &c->diag);
    if (result == ERR_NO || result == ERR_MISSING) return OK;
    for (size_t i = 0; i < p->dossiers.count && !result; i++) {
        const char *slash = strrchr(p->dossiers.at[i], '/');
        struct text name = text_of(slash ? slash + 1 : p->dossiers.at[i]);
        if (p->proved[i] || publication_prove(&of, p->files[i], name, &c->diag)) continue;
        p->proved[i] = true;
        p->statements++;
        result = site_statement(&p->site, &of, p->files[i], &c->diag);
    }
    return result;
}

/* ---- origins that both computed alike */

static enum error add_origins(struct publishing *p, struct talk *t, const struct joint_document *j) {
    struct cli *c = p->cli;
    struct origins_document of;
    struct buf bytes = {.max = ORIGINS_MAX_BYTES};
    const struct attach *attach = NULL;
    if (!joint_alike(j)) return OK;
    for (unsigned i = 0; i < 2; i++) {
        if (gate_answer(gate_level(t, j->by[i]), GATE_PUBLIC) == GATE_PASSES) continue;
        p->held_back++;
        return OK;
    }
    attach = head_attachment(&j->by[t->own]->message.head, ROLE_ORIGINS, j->document);
    enum error result = joint_open(t, j, &of, &c->diag);
    if (!result && !attach) result = fail(&c->diag, ERR_MISSING, _("no document is attached"));
    if (!result) result = talk_attachment(t, attach, &bytes, &c->diag);
    if (!result) result = site_origins(&p->site, t, &of, buf_as_bytes(&bytes), &c->diag);
    if (!result) p->origins++;
    buf_free(&bytes);
    return result;
}

static enum error add_talk(struct talk *t, void *state, bool *keep, struct diag *d) {
    struct publishing *p = state;
    struct joint_document *joint;
    size_t count = 0;
    (void)keep;
    if (t->state.channel.drill) return OK;
    enum error result = joint_documents(t, NULL, &joint, &count, d);
    for (size_t i = 0; i < t->state.matter_count && !result; i++) result = add_statement(p, t, &t->state.matters[i]);
    for (size_t i = 0; i < count && !result; i++) result = add_origins(p, t, &joint[i]);
    return result;
}

/* ---- all of it */

static enum error map_dossiers(struct publishing *p) {
    struct cli *c = p->cli;
    enum error result = OK;
    p->proved = ARENA_ARRAY(&c->arena, bool, p->dossiers.count + 1);
    p->files = ARENA_ARRAY(&c->arena, struct bytes, p->dossiers.count + 1);
    for (size_t i = 0; i < p->dossiers.count && !result; i++)
        result = os_map(p->dossiers.at[i], &p->files[i], &c->diag);
    return result;
}

/* A dossier that proves nothing which may be published is a mistake of whoever typed it. */
static enum error check_dossiers(const struct publishing *p) {
    for (size_t i = 0; i < p->dossiers.count; i++)
        if (!p->proved[i])
            return fail(&p->cli->diag, ERR_NO,
                        _("%s proves no joint statement that both accepted at TLP:CLEAR; `parley statement CASE "
                          "--dossier FILE` says what is missing"),
                        p->dossiers.at[i]);
    return OK;
}

static enum error tell(struct publishing *p, const char *folder) {
    struct cli *c = p->cli;
    if (p->left_out.text[0] && !c->quiet) fprintf(stderr, _("security.txt is left out: %s\n"), p->left_out.text);
    if (p->held_back && !c->quiet)
        fprintf(stderr,
                _n("%zu table of origins is more restricted than TLP:CLEAR and left out\n",
                   "%zu tables of origins are more restricted than TLP:CLEAR and left out\n", p->held_back),
                p->held_back);
    if (!c->json) {
        printf(_("%s: files %zu, joint statements %zu, tables of origins %zu\n"), folder, p->site.count, p->statements,
               p->origins);
        return OK;
    }
    json_t *object = json_object(), *files = json_array();
    for (size_t i = 0; i < p->site.count; i++) json_add_text(files, p->site.at[i].path);
    json_put_text(object, "folder", text_of(folder));
    json_put(object, "files", files);
    json_put_u64(object, "statements", p->statements);
    json_put_u64(object, "origins", p->origins);
    json_put_u64(object, "left_out", p->held_back);
    return cli_print_json(c, object);
}

enum error cli_publish(struct cli *c) {
    struct publishing p = {.cli = c, .site.arena = &c->arena};
    struct desk *k = NULL;
    size_t channels = 0;
    const struct option_row rows[] = {
        {"--dossier", OPTION_WORDS, &p.dossiers, "FILE",
         N_("that proves a joint statement, which is published with it; may be repeated")},
    };
    struct talk_at at = {.as_of = c->now};
    enum error result = cli_options(c, rows, COUNT(rows), 1, 1);
    if (!result) result = map_dossiers(&p);
    if (!result) result = cli_open_desk(c, &k);
    if (!result) result = add_card(&p, k);
    if (!result) result = talk_each(k, &at, add_talk, &p, &channels, &c->diag);
    if (!result) result = check_dossiers(&p);
    if (!result) result = site_write(&p.site, c->words.at[0], &c->diag);
    if (!result) result = tell(&p, c->words.at[0]);
    for (size_t i = 0; p.files && i < p.dossiers.count; i++) os_unmap(p.files[i]);
    desk_close(k);
    return result;
}
