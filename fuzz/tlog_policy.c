/* Any bytes as a policy: refused, or read, written in one spelling and judged. */
#include "tlog/policy.h"

static void write_again(const struct policy *p, struct arena *a) {
    struct buf first = {.max = 2 * POLICY_MAX_BYTES}, second = {.max = 2 * POLICY_MAX_BYTES};
    struct policy again;
    policy_write(p, &first);
    ASSERT(policy_read(buf_as_text(&first), a, &again, NULL) == OK);
    policy_write(&again, &second);
    ASSERT(text_equal(buf_as_text(&first), buf_as_text(&second)));
    buf_free(&first);
    buf_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena a = {0};
    struct policy p;
    struct diag d;
    bool none[POLICY_VOTERS_MAX] = {false}, all[POLICY_VOTERS_MAX];
    for (size_t i = 0; i < POLICY_VOTERS_MAX; i++) all[i] = true;
    if (policy_read(text_from_bytes(bytes_of(data, size)), &a, &p, &d) == OK) {
        ASSERT(policy_met(&p, all)); /* no policy asks for more than everybody */
        ASSERT(policy_met(&p, none) == (p.quorum == POLICY_NONE));
        write_again(&p, &a);
    }
    arena_free(&a);
    return 0;
}
