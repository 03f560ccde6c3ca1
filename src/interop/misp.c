#include "interop/misp.h"

#include "stix/stix.h"

static const struct {
    const char *level, *severity;
} levels[] = {{"1", "high"}, {"2", "medium"}, {"3", "low"}, {"4", ""}, {"1", "critical"}};

void misp_event_uuid(const struct report *r, struct arena *a, char out[static 37]) {
    struct text name = arena_format(a, "misp/%.*s", TEXT_ARG(r->id.size ? r->id : r->title));
    stix_uuid5(STIX_PARLEY_NAMESPACE, bytes_from_text(name), out);
}

struct text misp_severity(struct text threat_level) {
    for (size_t i = 0; i < COUNT(levels); i++)
        if (text_is(threat_level, levels[i].level)) return text_of(levels[i].severity);
    return (struct text){0};
}

struct text misp_threat_level(struct text severity) {
    for (size_t i = 0; i < COUNT(levels); i++)
        if (text_is(severity, levels[i].severity)) return text_of(levels[i].level);
    return TEXT("4");
}
