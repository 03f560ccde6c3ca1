/* statement: writes a joint statement for publication, with the hash of the dossier that proves it. */
#include <string.h>

#include "base/os.h"
#include "cli/speech.h"
#include "desk/publication.h"

struct publishing {
    const char *dossier, *out;
};

static enum error write_out(struct cli *c, const struct publishing *q, const struct publication *p) {
    struct buf page = {.max = 1 << 24};
    if (c->json) {
        json_t *whole = publication_json(p);
        json_canonical(whole, &page);
        json_decref(whole);
        buf_char(&page, '\n');
    } else {
        publication_page(p, &page);
    }
    enum error result = buf_check(&page, &c->diag);
    if (!result) result = os_write(q->out ? q->out : "-", buf_as_bytes(&page), 0644, &c->diag);
    buf_free(&page);
    if (!result && p->opens_unsealed && !c->quiet)
        fprintf(stderr, "%s\n",
                _("The dossier also shows the first proposal of the channel, which is not TLP:CLEAR: it was never "
                  "sealed."));
    return result;
}

static enum error publish(struct speech *s, const struct publishing *q) {
    struct cli *c = s->cli;
    struct publication p;
    struct bytes file = {0};
    const char *slash = strrchr(q->dossier, '/');
    enum error result = publication_of(s->talk, s->matter, &p, &c->diag);
    if (!result) result = os_map(q->dossier, &file, &c->diag);
    if (result) return result;
    result = publication_prove(&p, file, text_of(slash ? slash + 1 : q->dossier), &c->diag);
    diag_where(&c->diag, result ? q->dossier : NULL);
    if (!result) result = write_out(c, q, &p);
    os_unmap(file);
    return result;
}

enum error cli_statement(struct cli *c) {
    struct speech s = {.cli = c};
    struct publishing q = {0};
    const struct option_row rows[] = {
        {"--dossier", OPTION_WORD, &q.dossier, "FILE",
         N_("that proves it, as `parley dossier CASE --all -o FILE` wrote it")},
        {"-o", OPTION_WORD, &q.out, "FILE", N_("where it is written (else: standard output)")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 1);
    if (!result && !q.dossier) result = cli_usage(c, _("--dossier is needed: what is published names its proof"));
    if (!result) result = speech_in(&s, c->words.at[0]);
    if (!result) result = publish(&s, &q);
    speech_end(&s);
    return result;
}
