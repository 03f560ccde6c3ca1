#include "cli/exchanged.h"

#include <string.h>

#include "base/os.h"
#include "cli/speech.h"

static bool has(const struct case_format *f, bool written) { return written ? f->write != NULL : f->read != NULL; }

const struct word_list *exchanged_words(struct cli *c, bool written) {
    struct word_list *list = ARENA_NEW(&c->arena, struct word_list);
    struct word *words = ARENA_ARRAY(&c->arena, struct word, case_format_count);
    list->at = words;
    for (size_t i = 0; i < case_format_count; i++) {
        const struct case_format *f = &case_formats[i];
        if (has(f, written)) words[list->count++] = (struct word){f->name, f->meaning};
    }
    return list;
}

enum error exchanged_format(struct cli *c, const char *typed, bool written, const struct case_format **out) {
    struct text word;
    enum error result = cli_word(c, "--format", typed ? typed : "", exchanged_words(c, written), &word);
    if (!result) *out = case_format_named(word);
    return result;
}

enum error exchanged_write(struct cli *c, struct exchanged *x, const char *path, struct buf *file) {
    x->file = path && strcmp(path, "-") ? path : NULL;
    x->bytes = file->size;
    return x->file ? os_write(path, buf_as_bytes(file), 0600, &c->diag) : cli_print(c, file);
}

enum error exchanged_losses(struct cli *c, const struct exchanged *x, const struct losses *l) {
    struct buf page = {.max = 1 << 22};
    enum error result = OK;
    if (x->losses) {
        json_t *list = losses_json(l);
        json_canonical(list, &page);
        buf_char(&page, '\n');
        json_decref(list);
        result = buf_check(&page, &c->diag);
        if (!result) result = os_write(x->losses, buf_as_bytes(&page), 0600, &c->diag);
    } else if (!c->quiet && l->count) {
        losses_page(l, &page);
        fprintf(stderr, "%s\n%.*s", _("What did not come through as it was:"), TEXT_ARG(buf_as_text(&page)));
    }
    buf_free(&page);
    return result;
}
