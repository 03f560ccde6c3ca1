/* The desk's index: making it from nothing beside opening the seals alone, bringing it up to date by one message, and
 * the lists that are read from it.
 *
 *     bench-index [CASES [MESSAGES [lists]]]      500 cases of 20 messages, where nothing is said; `lists`: these alone
 *
 * One home speaks: each case is an inquiry and remarks on it, as a record holds them, one case after the other.  The
 * homes stand in memory where the system has /dev/shm, so that making them is not a measurement of the disk. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"
#include "claim/claim.h"
#include "desk/brief.h"
#include "desk/create.h"
#include "desk/index.h"
#include "desk/invite.h"
#include "desk/own_card.h"
#include "message/recipients.h"

#define NOON ((instant)1772366400 * INSTANT_SECOND) /* 2026-03-01T12:00:00Z */
#define SOUTH TEXT("cert.south.example")

struct bench {
    char folder[64];
    struct arena arena;
    struct random random;
    struct diag diag;
    struct desk *north, *south;
    struct signer *officer;
    struct names recipients;
    struct text origin;
    uint64_t cases, messages, said;
    bool lists_alone;
    struct sha256 *blobs;
    struct index *open;
    struct index_progress quiet;
};

static void must(struct bench *b, enum error result, const char *what) {
    if (result) fprintf(stderr, "%s: %s\n", error_name(result), b->diag.text);
    bench_need(result == OK, what);
}

/* ---- two homes and a channel */

static struct desk *open_home(struct bench *b, const char *name, const char *party) {
    struct desk_wanted w = {.home = {.path = arena_format(&b->arena, "%s/%s", b->folder, name).at,
                                     .party = text_of(party),
                                     .department = TEXT("incident"),
                                     .officer = TEXT("a.officer"),
                                     .lang = TEXT("en")},
                            .title = TEXT("Incident response"),
                            .random = &b->random,
                            .now = NOON};
    struct desk_options o = {.home = w.home.path, .random = &b->random, .now = NOON};
    struct text root;
    struct desk *desk;
    must(b, desk_create(&w, &b->arena, &root, &b->diag), "making a home");
    must(b, desk_open(&o, &desk, &b->diag), "opening a home");
    return desk;
}

static void accept_of(struct bench *b, struct desk *from, struct desk *to) {
    struct buf file = {.max = 1 << 20};
    struct invitation i;
    char digits[SAFETY_NUMBER_SIZE];
    must(b, invite(from, TEXT(""), TEXT(""), TEXT(""), &file, &b->diag), "inviting");
    must(b, invitation_read(buf_as_bytes(&file), &b->arena, &i, &b->diag), "reading an invitation");
    must(b, invite_compare(to, &i, digits, &b->diag), "comparing");
    must(b, invite_accept(to, buf_as_bytes(&file), text_of(digits), &b->diag), "accepting");
    buf_free(&file);
}

static void begin(struct bench *b) {
    struct link_channel c;
    struct card own, theirs;
    struct bytes note;
    b->random = random_seeded(TEXT("bench index"));
    snprintf(b->folder, sizeof b->folder, "%s/parley-bench-XXXXXX", access("/dev/shm", W_OK) ? "." : "/dev/shm");
    bench_need(mkdtemp(b->folder) != NULL, "making a folder");
    b->arena.max_bytes = SIZE_MAX / 2;
    b->north = open_home(b, "n", "cert.north.example");
    b->south = open_home(b, "s", "cert.south.example");
    accept_of(b, b->north, b->south);
    accept_of(b, b->south, b->north);
    must(b, desk_channel(b->north, SOUTH, false, &c, &b->diag), "finding the channel");
    must(b, own_card_signed(b->north, &note, &own, &b->diag), "reading one's card");
    must(b, card_read(arena_bytes(&b->arena, c.their_card), &b->arena, &theirs, &b->diag), "reading their card");
    must(b, desk_officer(b->north, TEXT("a.officer"), &b->officer, &b->diag), "an officer's key");
    b->origin = arena_text(&b->arena, c.own_origin);
    struct head h = {.to = SOUTH};
    b->recipients = message_recipients(&h, &theirs, &own, &b->arena);
}

/* ---- messages */

static void write_body(const struct head *h, bool first, struct buf *body) {
    struct inquiry inquiry = INQUIRY_EMPTY;
    struct dialogue remark = DIALOGUE_EMPTY;
    inquiry.title = TEXT("Is this address yours?");
    inquiry.question = remark.text = TEXT("We saw it again this morning, and would like to know who runs it now.");
    bench_need((first ? inquiry_write(&inquiry, h, NOON, body, NULL) : dialogue_write(&remark, h, NOON, body, NULL)) ==
                   OK,
               "writing a body");
}

static void say(struct bench *b, uint64_t matter, bool first) {
    struct arena a = {0};
    struct head h = {
        .record = b->origin,
        .id = arena_format(&a, "%032llx", (unsigned long long)b->said),
        .kind = first ? TEXT("inquiry") : TEXT("remark"),
        .matter = arena_format(&a, "cert.north.example/%08llx-6f5c-4a47-8f0e-5d6a3f1c2b01", (unsigned long long)matter),
        .from = TEXT("cert.north.example/incident"),
        .by = TEXT("a.officer"),
        .to = SOUTH,
        .tlp = first ? TEXT("AMBER") : TEXT(""),
        .lang = TEXT("en")};
    struct buf body = {.max = BODY_MAX_BYTES}, note = {.max = MESSAGE_MAX_BYTES}, sealed = {.max = 1 << 20};
    uint64_t index;
    write_body(&h, first, &body);
    must(b, message_sign(&h, buf_as_text(&body), &(const struct signer *){b->officer}, 1, &note, &b->diag), "signing");
    must(b, message_seal(buf_as_bytes(&note), b->recipients, &b->random, &sealed, &b->diag), "sealing");
    struct bytes blob = buf_as_bytes(&sealed);
    struct link_submission s = {.origin = b->origin, .blobs = &blob, .blob_count = 1};
    must(b, link_submit(b->north->link, &s, NOON + (instant)b->said * INSTANT_SECOND, &index, &b->diag), "appending");
    if (b->said < b->cases * b->messages) b->blobs[b->said] = sha256_of(blob);
    b->said++;
    buf_free(&body);
    buf_free(&note);
    buf_free(&sealed);
    arena_free(&a);
}

/* ---- what is measured */

static void seals_alone(void *of) {
    struct bench *b = of;
    struct opener with;
    must(b, desk_opener(b->north, &with, &b->diag), "one's identities");
    for (uint64_t i = 0; i < b->cases * b->messages; i++) {
        struct buf sealed = {.max = 1 << 20}, plain = {.max = 1 << 20};
        uint8_t key[SEAL_FILE_KEY_SIZE];
        must(b, link_blob(b->north->link, b->origin, b->blobs[i], 1 << 20, &sealed, &b->diag), "fetching");
        must(b, message_unseal(buf_as_bytes(&sealed), &with, UINT64_MAX, &plain, key, &b->diag), "opening a seal");
        buf_free(&sealed);
        buf_free(&plain);
    }
}

static void open_and_check(struct bench *b) {
    must(b, index_open(b->north, SOUTH, false, b->quiet, &b->open, &b->diag), "opening the index");
    bench_need(index_view(b->open).messages == b->said, "an index of all messages");
}

static void from_nothing(void *of) {
    struct bench *b = of;
    must(b, index_forget(b->north, SOUTH, false, &b->diag), "deleting the index");
    open_and_check(b);
    index_close(b->open);
}

static void opening(void *of) {
    struct bench *b = of;
    struct case_brief *briefs;
    size_t count;
    open_and_check(b);
    must(b, index_briefs(b->open, &briefs, &count, &b->diag), "reading the cases");
    bench_need(count == b->cases, "all cases");
    index_close(b->open);
}

static void saying_one(void *of) { say(of, 0, false); }

static void saying_and_folding(void *of) {
    struct bench *b = of;
    say(b, b->said % b->cases, false);
    open_and_check(b);
    index_close(b->open);
}

/* What `cases` does once the index is open: all rows, in their order. */
static void list_cases(void *of) {
    struct bench *b = of;
    struct case_brief *briefs;
    size_t count;
    must(b, index_briefs(b->open, &briefs, &count, &b->diag), "reading the cases");
    struct case_brief **all = calloc(count + 1, sizeof *all);
    struct buf page = {.max = (size_t)1 << 30};
    for (size_t i = 0; i < count; i++) all[i] = &briefs[i];
    brief_sort(all, count);
    brief_rows(all, count, NOON, &page);
    bench_need(page.size > count, "a page");
    buf_free(&page);
    free(all);
}

/* And `inbox`: what waits, in its order. */
static void list_waits(void *of) {
    struct bench *b = of;
    struct case_brief *briefs;
    size_t count;
    must(b, index_briefs(b->open, &briefs, &count, &b->diag), "reading the cases");
    struct brief_wait *waits = calloc(WAITS_MAX * count + 1, sizeof *waits);
    bench_need(brief_waits(briefs, count, NOON, waits) == count, "all wait");
    free(waits);
}

static void compare(struct bench *b) {
    static const struct way cold[] = {{"the seals opened alone, one after the other", seals_alone},
                                      {"parley: the index from nothing", from_nothing}};
    static const struct way one[] = {{"one message said", saying_one},
                                     {"one message said, and folded in", saying_and_folding}};
    static const struct way warm[] = {{"the index opened, and its cases read", opening}};
    static const struct way lists[] = {{"`cases`, every row", list_cases}, {"`inbox`, all that waits", list_waits}};
    char work[128];
    double all = (double)(b->cases * b->messages);
    snprintf(work, sizeof work, "an index of %llu cases of %llu messages", (unsigned long long)b->cases,
             (unsigned long long)b->messages);
    if (!b->lists_alone) bench_compare(work, all, "messages", cold, COUNT(cold), b);
    from_nothing(b);
    bench_compare(work, 1, "messages", one, COUNT(one), b);
    bench_compare(work, (double)b->cases, "cases", warm, COUNT(warm), b);
    open_and_check(b);
    list_cases(b);
    bench_compare(work, (double)b->cases, "cases", lists, COUNT(lists), b);
    index_close(b->open);
}

int main(int argc, char **argv) {
    static struct bench b;
    char command[128];
    b.cases = argc > 1 ? strtoull(argv[1], NULL, 10) : 500;
    b.lists_alone = argc > 3;
    b.messages = argc > 2 ? strtoull(argv[2], NULL, 10) : 20;
    bench_need(b.cases && b.messages, "some cases of some messages");
    begin(&b);
    b.blobs = ARENA_ARRAY(&b.arena, struct sha256, b.cases * b.messages);
    for (uint64_t i = 0; i < b.cases; i++)
        for (uint64_t m = 0; m < b.messages; m++) say(&b, i, !m);
    compare(&b);
    signer_free(b.officer);
    desk_close(b.north);
    desk_close(b.south);
    arena_free(&b.arena);
    snprintf(command, sizeof command, "rm -rf %s", b.folder);
    bench_need(system(command) == 0, "removing the folder");
    return 0;
}
