#include "vocab/rsit.h"

const struct rsit_type rsit_types[] = {
    {"abusive-content", "spam", N_("Abusive Content"), N_("Spam")},
    {"abusive-content", "harmful-speech", N_("Abusive Content"), N_("Harmful Speech")},
    {"abusive-content", "violence", N_("Abusive Content"), N_("(Child) Sexual Exploitation/Sexual/Violent Content")},
    {"malicious-code", "infected-system", N_("Malicious Code"), N_("Infected System")},
    {"malicious-code", "c2-server", N_("Malicious Code"), N_("C2 Server")},
    {"malicious-code", "malware-distribution", N_("Malicious Code"), N_("Malware Distribution")},
    {"malicious-code", "malware-configuration", N_("Malicious Code"), N_("Malware Configuration")},
    {"information-gathering", "scanner", N_("Information Gathering"), N_("Scanning")},
    {"information-gathering", "sniffing", N_("Information Gathering"), N_("Sniffing")},
    {"information-gathering", "social-engineering", N_("Information Gathering"), N_("Social Engineering")},
    {"intrusion-attempts", "ids-alert", N_("Intrusion Attempts"), N_("Exploitation of Known Vulnerabilities")},
    {"intrusion-attempts", "brute-force", N_("Intrusion Attempts"), N_("Login Attempts")},
    {"intrusion-attempts", "exploit", N_("Intrusion Attempts"), N_("New Attack Signature")},
    {"intrusions", "privileged-account-compromise", N_("Intrusions"), N_("Privileged Account Compromise")},
    {"intrusions", "unprivileged-account-compromise", N_("Intrusions"), N_("Unprivileged Account Compromise")},
    {"intrusions", "application-compromise", N_("Intrusions"), N_("Application Compromise")},
    {"intrusions", "system-compromise", N_("Intrusions"), N_("System Compromise")},
    {"intrusions", "burglary", N_("Intrusions"), N_("Burglary")},
    {"availability", "dos", N_("Availability"), N_("Denial of Service")},
    {"availability", "ddos", N_("Availability"), N_("Distributed Denial of Service")},
    {"availability", "misconfiguration", N_("Availability"), N_("Misconfiguration")},
    {"availability", "sabotage", N_("Availability"), N_("Sabotage")},
    {"availability", "outage", N_("Availability"), N_("Outage")},
    {"information-content-security", "unauthorised-information-access", N_("Information Content Security"),
     N_("Unauthorised Access to Information")},
    {"information-content-security", "unauthorised-information-modification", N_("Information Content Security"),
     N_("Unauthorised Modification of Information")},
    {"information-content-security", "data-loss", N_("Information Content Security"), N_("Data Loss")},
    {"information-content-security", "data-leak", N_("Information Content Security"),
     N_("Leak of Confidential Information")},
    {"fraud", "unauthorised-use-of-resources", N_("Fraud"), N_("Unauthorised Use of Resources")},
    {"fraud", "copyright", N_("Fraud"), N_("Copyright")},
    {"fraud", "masquerade", N_("Fraud"), N_("Masquerade")},
    {"fraud", "phishing", N_("Fraud"), N_("Phishing")},
    {"vulnerable", "weak-crypto", N_("Vulnerable"), N_("Weak Cryptography")},
    {"vulnerable", "ddos-amplifier", N_("Vulnerable"), N_("DDoS Amplifier")},
    {"vulnerable", "potentially-unwanted-accessible", N_("Vulnerable"), N_("Potentially Unwanted Accessible Services")},
    {"vulnerable", "information-disclosure", N_("Vulnerable"), N_("Information disclosure")},
    {"vulnerable", "vulnerable-system", N_("Vulnerable"), N_("Vulnerable System")},
    {"other", "other", N_("Other"), N_("Uncategorised")},
    {"other", "undetermined", N_("Other"), N_("Undetermined")},
    {"test", "test", N_("Test"), N_("Test")},
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
