/* fingerprint: of one's own root, or of that of an invitation or a party. */
#include "base/os.h"
#include "cli/cli.h"
#include "cli/peer.h"
#include "cli/speak.h"
#include "json/json.h"

enum error cli_fingerprint(struct cli *c) {
    struct desk *desk = NULL;
    struct invitation of;
    struct bytes note;
    struct card card;
    char written[FINGERPRINT_SIZE];
    enum error result = cli_options(c, NULL, 0, 0, 1);
    if (!result) result = cli_open_desk(c, &desk);
    if (!result && c->words.count) {
        result = cli_peer(c, desk, c->words.at[0], &of);
        card = of.card;
    } else if (!result) {
        result = own_card_signed(desk, &note, &card, &c->diag);
    }
    if (!result) {
        fingerprint_write(card.root, written);
        if (c->json) {
            json_t *o = json_object();
            json_put_text(o, "party", card.party);
            json_put_text(o, "root", card.root);
            json_put_text(o, "fingerprint", text_of(written));
            result = cli_print_json(c, o);
        } else {
            printf("%s\n", written);
        }
    }
    desk_close(desk);
    return result;
}
