#include "vocab/words.h"

#include <string.h>

static const struct word decline[] = {
    {NC_("decline", "not-competent"), N_("it is outside of this department's remit")},
    {NC_("decline", "not-addressee"), N_("another party is meant")},
    {NC_("decline", "no-legal-basis"), N_("the law does not allow an answer")},
    {NC_("decline", "under-investigation"), N_("an investigation forbids an answer now")},
    {NC_("decline", "insufficient"), N_("it does not say enough to be checked")},
    {NC_("decline", "duplicate"), N_("it repeats a case that is known")},
    {NC_("decline", "resources"), N_("it can't be dealt with in time")},
    {NC_("decline", "unacceptable"), N_("the offer as it stands can't be accepted")},
    {NC_("decline", "other"), N_("for the reason given in the text")},
};

static const struct word action[] = {
    {NC_("action", "nothing"), N_("no action is asked for")},
    {NC_("action", "contact-source-site"), N_("contact the site where it comes from")},
    {NC_("action", "contact-target-site"), N_("contact the site that it goes to")},
    {NC_("action", "contact-sender"), N_("contact the sender of this message")},
    {NC_("action", "investigate"), N_("investigate the systems named")},
    {NC_("action", "block-host"), N_("block traffic from the host")},
    {NC_("action", "block-network"), N_("block traffic from the network")},
    {NC_("action", "block-port"), N_("block traffic on the port")},
    {NC_("action", "rate-limit-host"), N_("limit the rate of traffic from the host")},
    {NC_("action", "rate-limit-network"), N_("limit the rate of traffic from the network")},
    {NC_("action", "rate-limit-port"), N_("limit the rate of traffic on the port")},
    {NC_("action", "redirect-traffic"), N_("redirect the traffic")},
    {NC_("action", "honeypot"), N_("redirect the traffic to a honeypot")},
    {NC_("action", "upgrade-software"), N_("upgrade or patch the software")},
    {NC_("action", "rebuild-asset"), N_("rebuild the system")},
    {NC_("action", "harden-asset"), N_("harden the system")},
    {NC_("action", "remediate-other"), N_("remedy it in another way")},
    {NC_("action", "status-triage"), N_("tell the result of the triage")},
    {NC_("action", "status-new-info"), N_("tell what comes to be known")},
    {NC_("action", "watch-and-report"), N_("watch, and report what is seen")},
    {NC_("action", "training"), N_("train the people concerned")},
    {NC_("action", "defined-coa"), N_("follow the course of action agreed before")},
    {NC_("action", "other"), N_("what the text asks for")},
};

static const struct word link[] = {
    {NC_("link", "duplicate-of"), N_("both cases are about the same events")},
    {NC_("link", "same-campaign"), N_("both cases seem to belong to one campaign")},
    {NC_("link", "supersedes"), N_("this case takes the place of the other")},
};

static const struct word unreadable[] = {
    {NC_("unreadable", "no-identity"), N_("no key of the department opens it")},
    {NC_("unreadable", "seal"), N_("the seal is damaged or not an age file")},
    {NC_("unreadable", "signature"), N_("the signature does not verify")},
    {NC_("unreadable", "format"), N_("it opens, but its form is not understood")},
    {NC_("unreadable", "missing"), N_("a part that it names is not there")},
    {NC_("unreadable", "too-large"), N_("it is larger than the limits agreed")},
};

static const struct word undertaking[] = {
    {NC_("undertaking", "done"), N_("its owner says that it is done")},
    {NC_("undertaking", "accepted"), N_("the other side agrees that it is done")},
    {NC_("undertaking", "disputed"), N_("the other side says that it is not done")},
};

static const struct word close[] = {
    {NC_("close", "settled"), N_("both sides have agreed on a text")},
    {NC_("close", "resolved"), N_("what was asked for has been done")},
    {NC_("close", "answered"), N_("the answer is enough")},
    {NC_("close", "no-further-interest"), N_("nothing more is to be done")},
    {NC_("close", "other"), N_("for the reason given in the text")},
};

static const struct word outcome[] = {
    {NC_("outcome", "agreed"), N_("both sides say the same of the fact")},
    {NC_("outcome", "disputed"), N_("each side says its own, and both wordings stand")},
    {NC_("outcome", "unverifiable"), N_("neither side can check it, for the reason given")},
};

const struct word_list words_decline = {decline, COUNT(decline)};
const struct word_list words_action = {action, COUNT(action)};
const struct word_list words_link = {link, COUNT(link)};
const struct word_list words_unreadable = {unreadable, COUNT(unreadable)};
const struct word_list words_undertaking = {undertaking, COUNT(undertaking)};
const struct word_list words_close = {close, COUNT(close)};
const struct word_list words_outcome = {outcome, COUNT(outcome)};

const struct word *word_find(const struct word_list *list, struct text name) {
    for (size_t i = 0; i < list->count; i++)
        if (text_is(name, list->at[i].name)) return &list->at[i];
    return NULL;
}

struct text word_text(const char *list, struct text word) {
    char known[64];
    if (word.size >= sizeof known || text_find(word, 0) < word.size) return word;
    memcpy(known, word.at, word.size);
    known[word.size] = 0;
    const char *shown = word_shown(list, known);
    return shown == known ? word : text_of(shown);
}
