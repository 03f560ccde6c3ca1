/* Prints doc/claims.md from the tables by which the program itself goes: script/pages writes it, a test compares. */
#include <stdio.h>

#include "claim/checklist.h"

static const char before[] = "# What a claim needs to be checkable\n"
                             "\n"
                             "This page is printed from the program's own tables; `script/pages` writes it anew.\n"
                             "\n"
                             "A claim rests on at least one fact with times and with an address or an object: without "
                             "that it can't be composed.\n"
                             "Everything below is advice.  `parley claim --check-only --facts SHEET` shows what the "
                             "classes of a claim ask for and\n"
                             "what of it is there; `parley claim` tells what is missing and sends the claim all the "
                             "same; `parley show` tells the\n"
                             "same to who has to check it.\n"
                             "\n"
                             "## What each class asks for\n"
                             "\n"
                             "`*` is every claim.  The next classes are those of the RSIT: they apply to the facts "
                             "whose event is of the class.\n"
                             "The last ones are what a claim says of itself, by `--class`.\n"
                             "\n";

static const char lists[] = "\n"
                            "## What a claimant may say of a claim\n"
                            "\n"
                            "Each is the claimant's own word; no rule asks for it.\n"
                            "\n"
                            "Severity, by the levels of the Cyber Incident Severity Schema (United States, 2016), as "
                            "CISA's scoring system uses\n"
                            "them; it says what the incident means for the claimant:\n"
                            "\n";

static const char sectors[] = "\n"
                              "Sectors, by Annexes I and II of Directive (EU) 2022/2555 (NIS 2):\n"
                              "\n";

static const char claim_classes[] = "\n"
                                    "Classes beside those of the events:\n"
                                    "\n";

static const char after[] = "\n"
                            "States affected are named by their codes of ISO 3166-1 alpha-2.\n";

static void put_words(const struct word_list *list, struct buf *out) {
    buf_string(out, "| word | meaning |\n|---|---|\n");
    for (size_t i = 0; i < list->count; i++) buf_format(out, "| `%s` | %s |\n", list->at[i].name, list->at[i].meaning);
}

int main(void) {
    struct buf page = {.max = 1 << 20};
    buf_string(&page, before);
    checklist_write_page(&page);
    buf_string(&page, lists);
    put_words(&words_severity, &page);
    buf_string(&page, sectors);
    put_words(&words_sector, &page);
    buf_string(&page, claim_classes);
    put_words(&words_claim_class, &page);
    buf_string(&page, after);
    bool written = !page.failed && fwrite(page.at, 1, page.size, stdout) == page.size && !fflush(stdout);
    buf_free(&page);
    return written ? 0 : 1;
}
