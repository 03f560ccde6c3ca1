#include "message/recipients.h"

static struct text department_of(struct text address) {
    size_t end = text_find(address, '/');
    return end == address.size ? (struct text){0} : text_sub(address, end + 1, address.size);
}

static void add(struct text address, const struct card *card, struct text *names, size_t *count) {
    struct text department = department_of(address);
    for (size_t i = 0; card && i < card->recipient_count; i++) {
        const struct card_line *line = &card->recipients[i];
        bool meant = !department.size || text_equal(line->department, department);
        if (meant && !names_have((struct names){names, *count}, line->value)) names[(*count)++] = line->value;
    }
}

struct names message_recipients(const struct head *h, const struct card *theirs, const struct card *own,
                                struct arena *a) {
    size_t room = (theirs ? theirs->recipient_count : 0) + (own ? own->recipient_count : 0), count = 0;
    struct text *names = ARENA_ARRAY(a, struct text, room);
    add(h->to, theirs, names, &count);
    add(h->from, own, names, &count);
    return (struct names){names, count};
}

size_t message_recipients_theirs(const struct head *h, const struct card *theirs) {
    struct arena a = {0};
    size_t count = message_recipients(h, theirs, NULL, &a).count;
    /* `from` is asked of no card here, so only the addressee's are there. */
    arena_free(&a);
    return count;
}
