#include "vocab/words.h"

#include <string.h>

static const struct word decline[] = {
    {NC_("decline", "not-competent"), N_("it is outside of this department's remit")},
    {NC_("decline", "not-addressee"), N_("another party is meant")},
    {NC_("decline", "no-legal-basis"), N_("the law does not allow an answer")},
    {NC_("decline", "under-investigation"), N_("an investigation forbids an answer now")},
    {NC_("decline", "insufficient"), N_("it does not say enough to be checked")},
    {NC_("decline", "duplicate"), N_("it repeats a case that is known")},
    {NC_("decline", "too-old"), N_("records of that time are no longer kept")},
    {NC_("decline", "secrecy"), N_("an answer would tell what must be kept secret")},
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

static const struct word done[] = {
    {NC_("done", "done"), N_("what was asked for has been done")},
    {NC_("done", "partly"), N_("a part of it has been done")},
    {NC_("done", "not-done"), N_("it has not been done, for the reason given")},
};

/* The levels of the Cyber Incident Severity Schema (United States, 2016), to which CISA's scoring system leads, too:
 * what an incident means for the party that claims it.  A level is the claimant's word and asks nothing of the rules.
 */
static const struct word severity[] = {
    {NC_("severity", "baseline"), N_("without consequence, or not substantiated")},
    {NC_("severity", "low"),
     N_("unlikely to affect public health or safety, security, the economy or civil liberties")},
    {NC_("severity", "medium"), N_("may affect public health or safety, security, the economy or civil liberties")},
    {NC_("severity", "high"), N_("likely to affect public health or safety, security, the economy or civil liberties")},
    {NC_("severity", "severe"), N_("likely to affect one of these significantly")},
    {NC_("severity", "emergency"),
     N_("an imminent threat to the supply of wide areas, the stability of a government or to lives")},
};

/* The sectors of Directive (EU) 2022/2555 (NIS 2): first those of Annex I, of high criticality, then those of Annex II.
 */
static const struct word sector[] = {
    {NC_("sector", "energy"), N_("electricity, heating and cooling, oil, gas, hydrogen (NIS 2, I.1)")},
    {NC_("sector", "transport"), N_("air, rail, water, road (NIS 2, I.2)")},
    {NC_("sector", "banking"), N_("credit institutions (NIS 2, I.3)")},
    {NC_("sector", "financial-markets"), N_("trading venues and central counterparties (NIS 2, I.4)")},
    {NC_("sector", "health"), N_("care, laboratories, medicines and medical devices (NIS 2, I.5)")},
    {NC_("sector", "drinking-water"), N_("supply and distribution of drinking water (NIS 2, I.6)")},
    {NC_("sector", "waste-water"), N_("collection and treatment of waste water (NIS 2, I.7)")},
    {NC_("sector", "digital-infrastructure"),
     N_("exchange points, DNS, data centres, clouds, trust services, public networks (NIS 2, I.8)")},
    {NC_("sector", "ict-service-management"), N_("managed services and managed security (NIS 2, I.9)")},
    {NC_("sector", "public-administration"), N_("bodies of the state and of its regions (NIS 2, I.10)")},
    {NC_("sector", "space"), N_("ground infrastructure of services from space (NIS 2, I.11)")},
    {NC_("sector", "postal"), N_("postal and courier services (NIS 2, II.1)")},
    {NC_("sector", "waste-management"), N_("waste management (NIS 2, II.2)")},
    {NC_("sector", "chemicals"), N_("making and distribution of chemicals (NIS 2, II.3)")},
    {NC_("sector", "food"), N_("making and distribution of food (NIS 2, II.4)")},
    {NC_("sector", "manufacturing"), N_("medical devices, electronics, machines, vehicles (NIS 2, II.5)")},
    {NC_("sector", "digital-providers"), N_("marketplaces, search engines, social networks (NIS 2, II.6)")},
    {NC_("sector", "research"), N_("research organisations (NIS 2, II.7)")},
};

static const struct word claim_class[] = {
    {NC_("claim-class", "influence-campaign"),
     N_("accounts or sites that deceive about who speaks, to sway people in public affairs")},
    {NC_("claim-class", "monitoring-of-persons"),
     N_("dissidents, journalists, lawyers or other persons are spied on or followed")},
    {NC_("claim-class", "critical-infrastructure"), N_("systems that a sector's supply depends on are attacked")},
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

static const struct word contact[] = {
    {NC_("contact", "technical"), N_("for questions of incidents and of the channel")},
    {NC_("contact", "duty"), N_("who is on duty, at the times stated")},
    {NC_("contact", "authority"), N_("of the competent authority, which may decide")},
    {NC_("contact", "diplomatic"), N_("of the foreign ministry, or an embassy")},
    {NC_("contact", "legal"), N_("for mutual legal assistance and other questions of law")},
};

const struct word_list words_decline = {decline, COUNT(decline)};
const struct word_list words_action = {action, COUNT(action)};
const struct word_list words_done = {done, COUNT(done)};
const struct word_list words_severity = {severity, COUNT(severity)};
const struct word_list words_sector = {sector, COUNT(sector)};
const struct word_list words_claim_class = {claim_class, COUNT(claim_class)};
const struct word_list words_link = {link, COUNT(link)};
const struct word_list words_unreadable = {unreadable, COUNT(unreadable)};
const struct word_list words_undertaking = {undertaking, COUNT(undertaking)};
const struct word_list words_close = {close, COUNT(close)};
const struct word_list words_contact = {contact, COUNT(contact)};
const struct word_list words_outcome = {outcome, COUNT(outcome)};

const struct word *word_find(const struct word_list *list, struct text name) {
    for (size_t i = 0; i < list->count; i++)
        if (text_is(name, list->at[i].name)) return &list->at[i];
    return NULL;
}

struct text word_text(const char *list, struct text word) {
    char known[64];
    if (!word.size || word.size >= sizeof known || text_find(word, 0) < word.size) return word;
    memcpy(known, word.at, word.size);
    known[word.size] = 0;
    const char *shown = word_shown(list, known);
    return shown == known ? word : text_of(shown);
}
