/* The types of X-ARF and the events of RSIT, in one table for both directions: a type is read as the first row that has
 * it, an event is written as the first row that has it and whose needs the fact meets. */
#include "interop/xarf.h"

#define COMPROMISED(event)                                                                                             \
    { "infrastructure", "compromised_server", event, 0, "compromise_method", NULL }

static const struct xarf_type types[] = {
    {"messaging", "spam", "spam", XARF_MESSAGE, NULL, NULL},
    {"messaging", "bulk_messaging", "spam", XARF_READ_ONLY, NULL, NULL},
    {"messaging", "phishing", "phishing", XARF_READ_ONLY, NULL, NULL},
    {"connection", "login_attack", "brute-force", XARF_CONNECTION, NULL, NULL},
    {"connection", "auth_failure", "brute-force", XARF_READ_ONLY, NULL, NULL},
    {"connection", "port_scan", "scanner", XARF_CONNECTION, NULL, NULL},
    {"connection", "reconnaissance", "scanner", XARF_READ_ONLY, NULL, NULL},
    {"connection", "vulnerability_scan", "scanner", XARF_READ_ONLY, NULL, NULL},
    {"connection", "vuln_scanning", "scanner", XARF_READ_ONLY, NULL, NULL},
    {"connection", "vulnerability_scan", "ids-alert", XARF_CONNECTION | XARF_NEAR, "scan_type", "mixed"},
    {"connection", "vulnerability_scan", "exploit", XARF_CONNECTION | XARF_NEAR, "scan_type", "mixed"},
    {"connection", "sql_injection", "exploit", XARF_READ_ONLY, NULL, NULL},
    {"connection", "ddos", "ddos", XARF_CONNECTION, NULL, NULL},
    {"connection", "ddos", "dos", XARF_CONNECTION | XARF_NEAR, NULL, NULL},
    {"connection", "ddos_amplification", "ddos-amplifier", XARF_READ_ONLY, NULL, NULL},
    {"connection", "infected_host", "infected-system", XARF_READ_ONLY, NULL, NULL},
    {"connection", "bot", "infected-system", XARF_READ_ONLY, NULL, NULL},
    {"connection", "scraping", "other", XARF_READ_ONLY | XARF_NEAR, NULL, NULL},
    {"content", "phishing", "phishing", XARF_URL, NULL, NULL},
    {"content", "malware", "malware-distribution", XARF_URL, NULL, NULL},
    {"content", "malware", "malware-configuration", XARF_URL | XARF_NEAR, NULL, NULL},
    {"content", "csam", "violence", XARF_READ_ONLY, NULL, NULL},
    {"content", "csem", "violence", XARF_READ_ONLY, NULL, NULL},
    {"content", "exposed_data", "data-leak", XARF_READ_ONLY, NULL, NULL},
    {"content", "brand_infringement", "masquerade", XARF_READ_ONLY, NULL, NULL},
    {"content", "suspicious_registration", "masquerade", XARF_READ_ONLY | XARF_NEAR, NULL, NULL},
    {"content", "remote_compromise", "system-compromise", XARF_READ_ONLY, NULL, NULL},
    {"content", "fraud", "other", XARF_READ_ONLY | XARF_NEAR, NULL, NULL},
    {"copyright", "copyright", "copyright", XARF_INFRINGING, NULL, NULL},
    {"copyright", "cyberlocker", "copyright", XARF_READ_ONLY, NULL, NULL},
    {"copyright", "link_site", "copyright", XARF_READ_ONLY, NULL, NULL},
    {"copyright", "p2p", "copyright", XARF_READ_ONLY, NULL, NULL},
    {"copyright", "ugc_platform", "copyright", XARF_READ_ONLY, NULL, NULL},
    {"copyright", "usenet", "copyright", XARF_READ_ONLY, NULL, NULL},
    {"infrastructure", "botnet", "infected-system", 0, "compromise_evidence", "see the evidence of this report"},
    {"infrastructure", "bot", "infected-system", XARF_READ_ONLY, NULL, NULL},
    COMPROMISED("system-compromise"),
    COMPROMISED("application-compromise"),
    COMPROMISED("privileged-account-compromise"),
    COMPROMISED("unprivileged-account-compromise"),
    {"vulnerability", "open_service", "potentially-unwanted-accessible", XARF_SERVICE, NULL, NULL},
    {"vulnerability", "open_service", "ddos-amplifier", XARF_SERVICE | XARF_NEAR, NULL, NULL},
    {"vulnerability", "misconfiguration", "vulnerable-system", XARF_SERVICE, NULL, NULL},
    {"vulnerability", "misconfiguration", "weak-crypto", XARF_SERVICE | XARF_NEAR, NULL, NULL},
    {"vulnerability", "misconfiguration", "misconfiguration", XARF_SERVICE | XARF_NEAR, NULL, NULL},
    {"vulnerability", "cve", "vulnerable-system", XARF_READ_ONLY, NULL, NULL},
    {"reputation", "blocklist", "undetermined", XARF_READ_ONLY | XARF_NEAR, NULL, NULL},
    {"reputation", "threat_intelligence", "undetermined", XARF_ANY | XARF_NEAR, "threat_type", NULL},
};

/* The next letter or digit, in lower case: version 3 wrote `Login-Attack` and `LoginAttack`. */
static int next_letter(struct text *t) {
    while (t->size) {
        char c = *t->at;
        *t = text_sub(*t, 1, t->size);
        if (c >= 'A' && c <= 'Z') return c + ('a' - 'A');
        if (c != '_' && c != '-' && c != ' ') return (unsigned char)c;
    }
    return -1;
}

static bool same_letters(struct text a, struct text b) {
    int x, y;
    do {
        x = next_letter(&a), y = next_letter(&b);
    } while (x == y && x >= 0);
    return x == y;
}

const struct xarf_type *xarf_type_read(struct text category, struct text type) {
    for (size_t i = 0; i < COUNT(types); i++) {
        bool same = category.size ? text_is(category, types[i].category) && text_is(type, types[i].type)
                                  : same_letters(type, text_of(types[i].type));
        if (same) return &types[i];
    }
    return NULL;
}

const struct xarf_type *xarf_type_of(const struct fact *f) {
    struct text url;
    bool has_url = object_is(f->object, "url", &url);
    for (size_t i = 0; i < COUNT(types); i++) {
        const struct xarf_type *t = &types[i];
        if (t->needs & XARF_READ_ONLY || (t->needs & (XARF_URL | XARF_INFRINGING) && !has_url)) continue;
        if (t->needs & XARF_ANY || text_is(f->event, t->event)) return t;
    }
    return NULL; /* not reached: the last row takes any */
}
