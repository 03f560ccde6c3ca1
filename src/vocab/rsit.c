#include "vocab/rsit.h"

const struct rsit_type rsit_types[] = {
    {NC_("event", "abusive-content"), NC_("event", "spam"), N_("Abusive Content"), N_("Spam")},
    {NC_("event", "abusive-content"), NC_("event", "harmful-speech"), N_("Abusive Content"), N_("Harmful Speech")},
    {NC_("event", "abusive-content"), NC_("event", "violence"), N_("Abusive Content"),
     N_("(Child) Sexual Exploitation/Sexual/Violent Content")},
    {NC_("event", "malicious-code"), NC_("event", "infected-system"), N_("Malicious Code"), N_("Infected System")},
    {NC_("event", "malicious-code"), NC_("event", "c2-server"), N_("Malicious Code"), N_("C2 Server")},
    {NC_("event", "malicious-code"), NC_("event", "malware-distribution"), N_("Malicious Code"),
     N_("Malware Distribution")},
    {NC_("event", "malicious-code"), NC_("event", "malware-configuration"), N_("Malicious Code"),
     N_("Malware Configuration")},
    {NC_("event", "information-gathering"), NC_("event", "scanner"), N_("Information Gathering"), N_("Scanning")},
    {NC_("event", "information-gathering"), NC_("event", "sniffing"), N_("Information Gathering"), N_("Sniffing")},
    {NC_("event", "information-gathering"), NC_("event", "social-engineering"), N_("Information Gathering"),
     N_("Social Engineering")},
    {NC_("event", "intrusion-attempts"), NC_("event", "ids-alert"), N_("Intrusion Attempts"),
     N_("Exploitation of Known Vulnerabilities")},
    {NC_("event", "intrusion-attempts"), NC_("event", "brute-force"), N_("Intrusion Attempts"), N_("Login Attempts")},
    {NC_("event", "intrusion-attempts"), NC_("event", "exploit"), N_("Intrusion Attempts"), N_("New Attack Signature")},
    {NC_("event", "intrusions"), NC_("event", "privileged-account-compromise"), N_("Intrusions"),
     N_("Privileged Account Compromise")},
    {NC_("event", "intrusions"), NC_("event", "unprivileged-account-compromise"), N_("Intrusions"),
     N_("Unprivileged Account Compromise")},
    {NC_("event", "intrusions"), NC_("event", "application-compromise"), N_("Intrusions"),
     N_("Application Compromise")},
    {NC_("event", "intrusions"), NC_("event", "system-compromise"), N_("Intrusions"), N_("System Compromise")},
    {NC_("event", "intrusions"), NC_("event", "burglary"), N_("Intrusions"), N_("Burglary")},
    {NC_("event", "availability"), NC_("event", "dos"), N_("Availability"), N_("Denial of Service")},
    {NC_("event", "availability"), NC_("event", "ddos"), N_("Availability"), N_("Distributed Denial of Service")},
    {NC_("event", "availability"), NC_("event", "misconfiguration"), N_("Availability"), N_("Misconfiguration")},
    {NC_("event", "availability"), NC_("event", "sabotage"), N_("Availability"), N_("Sabotage")},
    {NC_("event", "availability"), NC_("event", "outage"), N_("Availability"), N_("Outage")},
    {NC_("event", "information-content-security"), NC_("event", "unauthorised-information-access"),
     N_("Information Content Security"), N_("Unauthorised Access to Information")},
    {NC_("event", "information-content-security"), NC_("event", "unauthorised-information-modification"),
     N_("Information Content Security"), N_("Unauthorised Modification of Information")},
    {NC_("event", "information-content-security"), NC_("event", "data-loss"), N_("Information Content Security"),
     N_("Data Loss")},
    {NC_("event", "information-content-security"), NC_("event", "data-leak"), N_("Information Content Security"),
     N_("Leak of Confidential Information")},
    {NC_("event", "fraud"), NC_("event", "unauthorised-use-of-resources"), N_("Fraud"),
     N_("Unauthorised Use of Resources")},
    {NC_("event", "fraud"), NC_("event", "copyright"), N_("Fraud"), N_("Copyright")},
    {NC_("event", "fraud"), NC_("event", "masquerade"), N_("Fraud"), N_("Masquerade")},
    {NC_("event", "fraud"), NC_("event", "phishing"), N_("Fraud"), N_("Phishing")},
    {NC_("event", "vulnerable"), NC_("event", "weak-crypto"), N_("Vulnerable"), N_("Weak Cryptography")},
    {NC_("event", "vulnerable"), NC_("event", "ddos-amplifier"), N_("Vulnerable"), N_("DDoS Amplifier")},
    {NC_("event", "vulnerable"), NC_("event", "potentially-unwanted-accessible"), N_("Vulnerable"),
     N_("Potentially Unwanted Accessible Services")},
    {NC_("event", "vulnerable"), NC_("event", "information-disclosure"), N_("Vulnerable"),
     N_("Information disclosure")},
    {NC_("event", "vulnerable"), NC_("event", "vulnerable-system"), N_("Vulnerable"), N_("Vulnerable System")},
    {NC_("event", "other"), NC_("event", "other"), N_("Other"), N_("Uncategorised")},
    {NC_("event", "other"), NC_("event", "undetermined"), N_("Other"), N_("Undetermined")},
    {NC_("event", "test"), NC_("event", "test"), N_("Test"), N_("Test")},
};
const size_t rsit_type_count = COUNT(rsit_types);

const struct rsit_type *rsit_find(struct text value) {
    for (size_t i = 0; i < rsit_type_count; i++)
        if (text_is(value, rsit_types[i].value)) return &rsit_types[i];
    return NULL;
}

const struct rsit_type *rsit_find_pair(struct text pair) {
    struct text class_value;
    if (!text_cut(&pair, ':', &class_value)) return NULL;
    const struct rsit_type *type = rsit_find(pair);
    return type && text_is(class_value, type->class_value) ? type : NULL;
}

const char *rsit_class_name(struct text class_value) {
    for (size_t i = 0; i < rsit_type_count; i++)
        if (text_is(class_value, rsit_types[i].class_value)) return rsit_types[i].class_name;
    return NULL;
}
