/* Prints doc/kinds.md from the tables by which the program itself goes: script/pages writes it, a test compares. */
#include <stdio.h>

#include "matter/page.h"

static const char before[] =
    "# Kinds of messages\n"
    "\n"
    "This page is printed from the program's own tables; `script/pages` writes it anew.\n"
    "\n"
    "What a message must come after is sought in its own earlier entries and in the first `read` entries of the other\n"
    "side's record.  A message that comes after nothing of the kind is void, on both sides alike.  Who opens a case is "
    "the\n"
    "party of its first message; the other one answers.  What each kind says is in [stix.md](stix.md), how its bytes "
    "stand\n"
    "in [protocol.md](protocol.md).\n"
    "\n";

static const char between[] = "\n"
                              "## The three sides of a case\n"
                              "\n"
                              "The state of a case is three words, and each party moves its own: the opener's side, "
                              "the answerer's side, and the\n"
                              "joint side, which moves where both have spoken.  So messages that cross on the way "
                              "don't contend.  A reopened side\n"
                              "goes back to where it stood; `lapsed` is a mark beside the state and no word of it.\n"
                              "\n";

int main(void) {
    struct buf page = {.max = 1 << 20};
    buf_string(&page, before);
    page_write_kinds(&page);
    buf_string(&page, between);
    page_write_states(&page);
    bool written = !page.failed && fwrite(page.at, 1, page.size, stdout) == page.size && !fflush(stdout);
    buf_free(&page);
    return written ? 0 : 1;
}
