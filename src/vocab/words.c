#include "vocab/words.h"

static const struct word decline[] = {
    {"not-competent", N_("it is outside of this department's remit")},
    {"not-addressee", N_("another party is meant")},
    {"no-legal-basis", N_("the law does not allow an answer")},
    {"under-investigation", N_("an investigation forbids an answer now")},
    {"insufficient", N_("it does not say enough to be checked")},
    {"duplicate", N_("it repeats a case that is known")},
    {"resources", N_("it can't be dealt with in time")},
    {"unacceptable", N_("the offer as it stands can't be accepted")},
    {"other", N_("for the reason given in the text")},
};

static const struct word action[] = {
    {"nothing", N_("no action is asked for")},
    {"contact-source-site", N_("contact the site where it comes from")},
    {"contact-target-site", N_("contact the site that it goes to")},
    {"contact-sender", N_("contact the sender of this message")},
    {"investigate", N_("investigate the systems named")},
    {"block-host", N_("block traffic from the host")},
    {"block-network", N_("block traffic from the network")},
    {"block-port", N_("block traffic on the port")},
    {"rate-limit-host", N_("limit the rate of traffic from the host")},
    {"rate-limit-network", N_("limit the rate of traffic from the network")},
    {"rate-limit-port", N_("limit the rate of traffic on the port")},
    {"redirect-traffic", N_("redirect the traffic")},
    {"honeypot", N_("redirect the traffic to a honeypot")},
    {"upgrade-software", N_("upgrade or patch the software")},
    {"rebuild-asset", N_("rebuild the system")},
    {"harden-asset", N_("harden the system")},
    {"remediate-other", N_("remedy it in another way")},
    {"status-triage", N_("tell the result of the triage")},
    {"status-new-info", N_("tell what comes to be known")},
    {"watch-and-report", N_("watch, and report what is seen")},
    {"training", N_("train the people concerned")},
    {"defined-coa", N_("follow the course of action agreed before")},
    {"other", N_("what the text asks for")},
};

static const struct word link[] = {
    {"duplicate-of", N_("both cases are about the same events")},
    {"same-campaign", N_("both cases seem to belong to one campaign")},
    {"supersedes", N_("this case takes the place of the other")},
};

static const struct word unreadable[] = {
    {"no-identity", N_("no key of the department opens it")},
    {"seal", N_("the seal is damaged or not an age file")},
    {"signature", N_("the signature does not verify")},
    {"format", N_("it opens, but its form is not understood")},
    {"missing", N_("a part that it names is not there")},
    {"too-large", N_("it is larger than the limits agreed")},
};

static const struct word close[] = {
    {"settled", N_("both sides have agreed on a text")},
    {"resolved", N_("what was asked for has been done")},
    {"answered", N_("the answer is enough")},
    {"no-further-interest", N_("nothing more is to be done")},
    {"other", N_("for the reason given in the text")},
};

static const struct word outcome[] = {
    {"agreed", N_("both sides say the same of the fact")},
    {"disputed", N_("each side says its own, and both wordings stand")},
    {"unverifiable", N_("neither side can check it, for the reason given")},
};

const struct word_list words_decline = {decline, COUNT(decline)};
const struct word_list words_action = {action, COUNT(action)};
const struct word_list words_link = {link, COUNT(link)};
const struct word_list words_unreadable = {unreadable, COUNT(unreadable)};
const struct word_list words_close = {close, COUNT(close)};
const struct word_list words_outcome = {outcome, COUNT(outcome)};

const struct word *word_find(const struct word_list *list, struct text name) {
    for (size_t i = 0; i < list->count; i++)
        if (text_is(name, list->at[i].name)) return &list->at[i];
    return NULL;
}
