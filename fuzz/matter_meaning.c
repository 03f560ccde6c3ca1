/* Bodies of every kind: a letter for the kind, then the body.  What is understood is told to the rules; what is not is
 * refused, and nothing crashes. */
#include "matter/dialogue.h"
#include "matter/from_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    if (!size) return 0;
    struct arena a = {0};
    struct meaning meaning;
    struct dialogue dialogue;
    struct diag d = {0};
    const struct kind_rule *rule = &kind_rules[(at[0] - 'a') % KIND_COUNT < 0 ? 0 : (at[0] - 'a') % KIND_COUNT];
    struct attach attach = {.role = TEXT("facts")};
    struct message m = {.head = {.kind = text_of(rule->name),
                                 .matter = rule->belongs ? TEXT("cert.north.example/1") : (struct text){0},
                                 .from = TEXT("cert.north.example/incident"),
                                 .tlp = TEXT("AMBER"),
                                 .lang = TEXT("en"),
                                 .attach = &attach,
                                 .attach_count = 1},
                        .body = text_from_bytes(bytes_of(at + 1, size - 1))};
    enum error result = meaning_from_message(&m, &a, &meaning, &d);
    ASSERT(result == OK || d.text[0]);
    if (!dialogue_from_message(&m, &a, &dialogue, NULL)) ASSERT(result == OK);
    arena_free(&a);
    return 0;
}
