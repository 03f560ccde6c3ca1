#include "cli/peer.h"

#include <string.h>

#include "base/os.h"

enum { FILE_MAX_BYTES = 1 << 20 };

static enum error read_invitation(struct cli *c, const char *path, struct invitation *out) {
    struct buf file = {.max = FILE_MAX_BYTES};
    enum error result = os_read(path, FILE_MAX_BYTES, &file, &c->diag);
    if (!result) result = invitation_read(arena_bytes(&c->arena, buf_as_bytes(&file)), &c->arena, out, &c->diag);
    diag_where(&c->diag, result ? path : NULL);
    buf_free(&file);
    return result;
}

enum error cli_peer(struct cli *c, struct desk *desk, const char *word, struct invitation *out) {
    if (os_exists(word) || !strcmp(word, "-") || !party_name_valid(text_of(word))) return read_invitation(c, word, out);
    return invite_peer(desk, text_of(word), out, &c->diag);
}

/* Nothing is known yet of who wrote that: it must neither pass for the number that is compared nor hide it. */
static void print_proposal(struct cli *c, const struct message *m, struct text text) {
    enum { SHOWN_BYTES = 2000, SHOWN_LINES = 16 };
    struct text by = cli_shown(c, m->head.by), shown = text_first(text, SHOWN_BYTES), line, rest = shown;
    size_t lines = 0;
    while (lines < SHOWN_LINES && text_line(&rest, &line)) lines++;
    if (lines == SHOWN_LINES) shown.size -= rest.size;
    fprintf(stderr, _("They propose (%.*s):\n%.*s"), TEXT_ARG(by), TEXT_ARG(cli_shown_lines(c, shown, "  > ")));
    if (shown.size < text.size) fprintf(stderr, "  > …\n");
}

void cli_peer_words(struct cli *c, const struct invitation *i) {
    struct message m;
    struct dialogue says;
    if (c->quiet) return;
    fprintf(stderr, _("Party: %.*s\n"), TEXT_ARG(i->party));
    for (size_t n = 0; n < i->card.department_count; n++)
        fprintf(stderr, _("Department: %.*s (%.*s)\n"), TEXT_ARG(cli_shown(c, i->card.departments[n].value)),
                TEXT_ARG(i->card.departments[n].department));
    if (!i->proposal.size) return;
    struct diag d = {0};
    if (invite_proposal(i, &c->arena, &m, &says, &d))
        fprintf(stderr, _("Their proposal does not count: %s\n"), cli_shown(c, text_of(d.text)).at);
    else
        print_proposal(c, &m, says.text);
}
