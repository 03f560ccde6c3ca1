/* By what a case is found beside its title: the addresses and objects in the sheets of its claims. */
#include "claim/claim.h"
#include "desk/index_parts.h"
#include "fact/sheet.h"

enum { SHEET_SEALED_MAX = 16 << 20, WORDS_MAX = 8 << 20 }; /* bytes: of what is larger, no words are kept */

static void add_word(struct map *known, struct text word, struct buf *words) {
    if (!word.size || map_has(known, word)) return;
    map_put(known, arena_text(known->arena, word));
    buf_text(words, word);
    buf_char(words, '\n');
}

static void add_fact(struct map *known, const struct fact *f, struct buf *words) {
    char written[IP_TEXT_MAX];
    if (f->known & KNOWN_SRC) add_word(known, ip_write(f->src, written), words);
    if (f->known & KNOWN_DST) add_word(known, ip_write(f->dst, written), words);
    add_word(known, f->object, words);
}

static bool open_attached(struct step *s, const struct attach *attach, struct arena *a, struct sheet *out) {
    struct opener with;
    uint8_t key[SEAL_FILE_KEY_SIZE];
    struct bytes sealed;
    struct buf plain = {.max = SHEET_BYTES_MAX};
    bool good = attach->sealed_size <= SHEET_SEALED_MAX && attach->plain_size <= SHEET_SEALED_MAX &&
                !desk_opener(s->index->desk, &with, NULL) &&
                !step_blob(s, attach->sealed, SHEET_SEALED_MAX, &sealed, NULL) &&
                !message_unseal(sealed, &with, attach->plain_size, &plain, key, NULL) &&
                !sheet_read(arena_bytes(a, buf_as_bytes(&plain)), a, out, NULL);
    buf_wipe(&plain);
    return good;
}

void index_words_add(struct step *s, const struct said *said, struct buf *words) {
    struct arena a = {.max_bytes = SIZE_MAX / 2};
    struct map known = {.arena = &a};
    for (size_t i = 0; i < said->message.head.attach_count; i++) {
        const struct attach *attach = &said->message.head.attach[i];
        struct sheet sheet;
        if (!text_is(attach->role, ROLE_FACTS) || !open_attached(s, attach, &a, &sheet)) continue;
        for (size_t f = 0; f < sheet.count && words->size < WORDS_MAX; f++) add_fact(&known, &sheet.at[f], words);
    }
    arena_free(&a);
}
