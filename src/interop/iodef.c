#include "interop/iodef.h"
#include "line/host.h"

/* In IODEF `ip-protocol` is of what an address carries; a tunnel (41, ipv6) stays parley's own word. */
enum { TUNNEL = 41 };

int iodef_protocol_number(struct text protocol) {
    int number = protocol_number(protocol);
    return number == TUNNEL ? -1 : number;
}

struct text iodef_protocol_name(struct text number) {
    struct text name = protocol_by_number(number);
    return iodef_protocol_number(name) < 0 ? (struct text){0} : name;
}

/* RFC 7970, 3.3.1: the words of TLP 1 beside those of the format itself. */
static const struct {
    const char *restriction;
    enum tlp level;
} restrictions[] = {{"white", TLP_CLEAR},  {"green", TLP_GREEN},   {"amber", TLP_AMBER},        {"red", TLP_RED},
                    {"public", TLP_CLEAR}, {"partner", TLP_GREEN}, {"need-to-know", TLP_AMBER}, {"private", TLP_RED}};

const char *iodef_restriction(enum tlp level, const char **ext) {
    *ext = level == TLP_AMBER_STRICT ? "TLP:AMBER+STRICT" : NULL;
    if (*ext) return "ext-value";
    for (size_t i = 0; i < COUNT(restrictions); i++)
        if (restrictions[i].level == level) return restrictions[i].restriction;
    return "default";
}

enum tlp iodef_level(struct text restriction, struct text ext) {
    enum tlp level;
    struct text words = text_starts(ext, TEXT("TLP:")) ? text_sub(ext, 4, ext.size) : ext;
    if (text_is(restriction, "ext-value")) return tlp_read(words, &level) ? level : TLP_NONE;
    for (size_t i = 0; i < COUNT(restrictions); i++)
        if (text_is(restriction, restrictions[i].restriction)) return restrictions[i].level;
    return TLP_NONE;
}

/* RFC 6545, 5.5: why a request is denied, as near as the format's words come. */
static const char *justification_of(struct text reason) {
    static const struct {
        const char *reason, *justification;
    } words[] = {{"resources", "SystemResource"}, {"insufficient", "CannotProcess"}, {"too-old", "CannotProcess"}};
    for (size_t i = 0; i < COUNT(words); i++)
        if (text_is(reason, words[i].reason)) return words[i].justification;
    return "Other";
}

const char *iodef_request_status(const struct report *r, const char **justification) {
    const char *status = r->said_count ? "Pending" : NULL;
    *justification = NULL;
    for (size_t i = 0; i < r->said_count; i++) {
        const struct report_said *s = &r->said[i];
        bool denied = text_is(s->kind, "decline") || text_is(s->request, "not-done");
        if (!denied && !text_is(s->kind, "answer")) continue;
        status = denied ? "Denied" : "Approved";
        *justification = denied ? justification_of(s->why) : NULL;
    }
    return status;
}
