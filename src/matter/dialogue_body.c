/* Dialogue to the bodies of messages: one table of members a kind. */
#include "matter/dialogue_body.h"

enum { CONTACTS_MAX = 1000, WITNESSES_MAX = 64, BLOBS_MAX = 1000 };

static const struct word about_words[] = {
    {NC_("about", "dialogue"), N_("to open the dialogue")},
    {NC_("about", "terms"), N_("terms of the channel")},
    {NC_("about", "statement"), N_("a joint statement")},
};
static const struct word reply_words[] = {
    {NC_("reply", "accept"), N_("the offer is accepted")},
    {NC_("reply", "decline"), N_("the offer is declined")},
    {NC_("reply", "counter"), N_("another offer takes its place")},
};
static const struct word_list about_list = {about_words, COUNT(about_words)};
static const struct word_list reply_list = {reply_words, COUNT(reply_words)};

#define IN(field) .offset = offsetof(struct contact, field)
static const struct member of_contact[] = {
    {.name = "name", .type = MEMBER_LINE, .needed = true, IN(name)},
    {.name = "role", .type = MEMBER_LINE, IN(role)},
    {.name = "department", .type = MEMBER_LINE, IN(department)},
    {.name = "phone", .type = MEMBER_LINE, IN(phone)},
    {.name = "mail", .type = MEMBER_LINE, IN(mail)},
    {.name = "hours", .type = MEMBER_LINE, IN(hours)},
    {.name = "languages", .type = MEMBER_LINE, IN(languages)},
    {.name = "note", .type = MEMBER_LINE, IN(note)},
    {.name = "point", .type = MEMBER_WORD, .words = &words_contact, IN(point)},
    {.name = "from", .type = MEMBER_TIME, IN(from)},
    {.name = "until", .type = MEMBER_TIME, IN(until)},
    {.name = "step", .type = MEMBER_NUMBER, IN(step)},
    {.name = "after_hours", .type = MEMBER_NUMBER, IN(after_hours)},
};
#undef IN
static const struct member_table contact_members = MEMBER_TABLE(of_contact, struct contact);

/* Each member once; the kinds below are made of them. */
#define IN(field) .offset = offsetof(struct dialogue, field)
#define NUMBER(member)                                                                                                 \
    { .name = #member, .type = MEMBER_NUMBER, IN(terms.member) }
#define ABOUT                                                                                                          \
    { .name = "about", .type = MEMBER_WORD, .needed = true, .words = &about_list, IN(about) }
#define REPLY                                                                                                          \
    { .name = "reply", .type = MEMBER_WORD, .needed = true, .words = &reply_list, IN(reply) }
#define OFFER                                                                                                          \
    { .name = "offer", .type = MEMBER_LINE, .needed = true, .max = 64, IN(offer) }
#define STATEMENT                                                                                                      \
    { .name = "statement", .type = MEMBER_SHA256, IN(statement) }
#define UNTIL                                                                                                          \
    { .name = "until", .type = MEMBER_TIME, IN(until) }
#define TERMS                                                                                                          \
    NUMBER(acknowledge_within_hours), NUMBER(answer_within_hours), NUMBER(check_in_every_hours),                       \
        NUMBER(blob_bytes_max), NUMBER(total_bytes_max), NUMBER(window_entries), NUMBER(retain_days),                  \
        {.name = "witnesses", .type = MEMBER_LINES, .max = WITNESSES_MAX, IN(terms.witnesses)}, NUMBER(quorum), {      \
        .name = "no_press", .type = MEMBER_TRUTH, IN(terms.no_press)                                                   \
    }
#define REASON(needs, list)                                                                                            \
    { .name = "reason", .type = MEMBER_WORD, .needed = needs, .words = &list, IN(reason) }
#define OWN_NUMBER                                                                                                     \
    { .name = "own_number", .type = MEMBER_LINE, IN(own_number) }
#define ENTRY                                                                                                          \
    { .name = "entry", .type = MEMBER_NUMBER, .needed = true, IN(entry) }
#define CONSENT                                                                                                        \
    { .name = "consent", .type = MEMBER_TLP, IN(consent) }
#define REMARKS_ON                                                                                                     \
    { .name = "remarks_on", .type = MEMBER_LINE, .max = 64, IN(remarks_on) }
#define SETTLEMENT                                                                                                     \
    { .name = "settlement", .type = MEMBER_SHA256, IN(settlement) }
#define UNDERTAKING                                                                                                    \
    { .name = "undertaking", .type = MEMBER_NUMBER, IN(undertaking) }
#define PROGRESS                                                                                                       \
    { .name = "progress", .type = MEMBER_WORD, .words = &words_undertaking, IN(progress) }
#define DEPARTMENT                                                                                                     \
    { .name = "department", .type = MEMBER_LINE, .needed = true, IN(department) }
#define RELATION                                                                                                       \
    { .name = "relation", .type = MEMBER_WORD, .needed = true, .words = &words_link, IN(relation) }
#define OTHER                                                                                                          \
    { .name = "other_case", .type = MEMBER_LINE, .needed = true, IN(other) }
#define CONTACTS                                                                                                       \
    {                                                                                                                  \
        .name = "contacts", .type = MEMBER_LIST, .needed = true, .max = CONTACTS_MAX, .items = &contact_members,       \
        IN(contacts)                                                                                                   \
    }
#define ANSWERS                                                                                                        \
    { .name = "answers", .type = MEMBER_LINE, .max = 64, IN(answers) }
#define BLOBS                                                                                                          \
    { .name = "blobs", .type = MEMBER_LINES, .needed = true, .max = BLOBS_MAX, IN(blobs) }
#define DOCUMENT                                                                                                       \
    { .name = "document", .type = MEMBER_SHA256, IN(document) }
#define BASIS                                                                                                          \
    { .name = "basis", .type = MEMBER_LINE, IN(basis) }
#define SHEET                                                                                                          \
    { .name = "sheet", .type = MEMBER_SHA256, IN(sheet) }
#define TABLE_HASH                                                                                                     \
    { .name = "territory_table", .type = MEMBER_SHA256, IN(table) }

static const struct member of_all[] = {
    ABOUT,    REPLY,      OFFER,      STATEMENT,   UNTIL,    TERMS,    OWN_NUMBER, ENTRY,
    CONSENT,  REMARKS_ON, DEPARTMENT, RELATION,    OTHER,    CONTACTS, ANSWERS,    BLOBS,
    DOCUMENT, BASIS,      SETTLEMENT, UNDERTAKING, PROGRESS, SHEET,    TABLE_HASH, REASON(false, words_decline)};
static const struct member of_proposal[] = {ABOUT, STATEMENT, UNTIL, TERMS, OWN_NUMBER};
static const struct member of_reply[] = {REPLY,     OFFER, STATEMENT, UNTIL, TERMS, REASON(false, words_decline),
                                         OWN_NUMBER};
static const struct member of_acknowledge[] = {OWN_NUMBER};
static const struct member of_decline[] = {REASON(true, words_decline), OWN_NUMBER};
static const struct member of_transfer[] = {DEPARTMENT, OWN_NUMBER};
static const struct member of_remark[] = {CONSENT, REMARKS_ON, SETTLEMENT, UNDERTAKING, PROGRESS, OWN_NUMBER};
static const struct member of_link[] = {RELATION, OTHER};
static const struct member of_close[] = {REASON(false, words_close), OWN_NUMBER};
static const struct member of_unreadable[] = {ENTRY, REASON(false, words_unreadable)};
static const struct member of_origins[] = {DOCUMENT, BASIS, SHEET, TABLE_HASH};
static const struct member of_contacts[] = {CONTACTS};
static const struct member of_check_in[] = {ANSWERS};
static const struct member of_erase[] = {BLOBS};

#define TABLE(members) MEMBER_TABLE(members, struct dialogue)
static const struct member_table words_alone = {NULL, 0, sizeof(struct dialogue)};
static const struct member_table all_members = TABLE(of_all), proposal = TABLE(of_proposal), reply = TABLE(of_reply),
                                 acknowledge = TABLE(of_acknowledge), decline = TABLE(of_decline),
                                 transfer = TABLE(of_transfer), remark = TABLE(of_remark), link = TABLE(of_link),
                                 close = TABLE(of_close), unreadable = TABLE(of_unreadable),
                                 origins = TABLE(of_origins), contacts = TABLE(of_contacts),
                                 check_in = TABLE(of_check_in), erase = TABLE(of_erase);

const struct member_table *dialogue_members(enum kind kind) {
    static const struct member_table *const of[KIND_COUNT] = {
        [KIND_PROPOSAL] = &proposal, [KIND_REPLY] = &reply,           [KIND_ACKNOWLEDGE] = &acknowledge,
        [KIND_DECLINE] = &decline,   [KIND_TRANSFER] = &transfer,     [KIND_REMARK] = &remark,
        [KIND_LINK] = &link,         [KIND_WITHDRAW] = &words_alone,  [KIND_REOPEN] = &words_alone,
        [KIND_CLOSE] = &close,       [KIND_UNREADABLE] = &unreadable, [KIND_ORIGINS] = &origins,
        [KIND_CONTACTS] = &contacts, [KIND_CHECK_IN] = &check_in,     [KIND_ERASE] = &erase,
    };
    return kind < KIND_COUNT ? of[kind] : NULL;
}

bool offered_terms_empty(const struct offered_terms *t) {
    const uint64_t numbers[] = {
        t->acknowledge_within_hours, t->answer_within_hours, t->check_in_every_hours, t->blob_bytes_max,
        t->total_bytes_max,          t->window_entries,      t->retain_days,          t->quorum};
    for (size_t i = 0; i < COUNT(numbers); i++)
        if (numbers[i] != HOURS_NONE) return false;
    return !t->witnesses.count && !t->no_press;
}

/* ---- what a message says, and no more */

/* Whether a member says something, by the form that it would have. */
static bool is_set(const struct member *m, const struct dialogue *s) {
    struct member one = *m;
    struct member_table table = {&one, 1, sizeof *s};
    json_t *object = json_object();
    one.needed = false;
    bool set = members_write(&table, s, object, NULL) || json_object_size(object);
    json_decref(object);
    return set;
}

static bool has_place(const struct member_table *members, size_t offset) {
    for (size_t i = 0; i < members->count; i++)
        if (members->at[i].offset == offset) return true;
    return false;
}

enum error dialogue_check(const struct dialogue *s, const struct member_table *members, struct diag *d) {
    for (size_t i = 0; i < all_members.count; i++)
        if (!has_place(members, all_members.at[i].offset) && is_set(&all_members.at[i], s))
            return fail(d, ERR_INTERNAL, _("a message of this kind has no “%s”"), all_members.at[i].name);
    return OK;
}

static enum error check_offer(const struct dialogue *s, const struct head *h, struct diag *d) {
    bool counters = text_is(s->reply, "counter"), offers = text_is(h->kind, "proposal") || counters;
    if (!offers && (!offered_terms_empty(&s->terms) || s->statement.size || s->until != INSTANT_NONE))
        return fail(d, ERR_INPUT, _("only a proposal and a reply that counters offer terms, a statement or a time"));
    if (s->statement.size && !head_attachment(h, "text", s->statement))
        return fail(d, ERR_INPUT, _("the message does not attach the statement that it offers"));
    return OK;
}

enum error dialogue_write(const struct dialogue *s, const struct head *h, instant created, struct buf *out,
                          struct diag *d) {
    enum kind kind;
    const struct member_table *members = kind_read(h->kind, &kind) ? dialogue_members(kind) : NULL;
    if (!members) return fail(d, ERR_INTERNAL, _("“%.*s” is said in another form"), TEXT_ARG(h->kind));
    struct wording w = {.title = s->title, .text = s->text, .members = members, .from = s};
    enum error result = dialogue_check(s, members, d);
    if (!result) result = check_offer(s, h, d);
    return result ? result : frame_write(h, created, &w, out, d);
}
