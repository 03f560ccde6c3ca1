#include "party/profile.h"

#define SECTION(key, title)                                                                                            \
    { key, title, false, false }
#define GROUP(key, title)                                                                                              \
    { key, title, false, true }
#define FIELD(key, title)                                                                                              \
    { key, title, true, false }

const struct about_key about_keys[] = {
    GROUP("1", "Document Information"),
    SECTION("1.1", "Date of Last Update"),
    SECTION("1.2", "Distribution List for Notifications"),
    SECTION("1.3", "Locations where this Document May Be Found"),
    SECTION("1.4", "Authenticating this Document"),
    GROUP("2", "Contact Information"),
    SECTION("2.1", "Name of the Team"),
    SECTION("2.2", "Address"),
    SECTION("2.3", "Time Zone"),
    SECTION("2.4", "Telephone Number"),
    SECTION("2.5", "Facsimile Number"),
    SECTION("2.6", "Other Telecommunication"),
    SECTION("2.7", "Electronic Mail Address"),
    SECTION("2.8", "Public Keys and Encryption Information"),
    SECTION("2.9", "Team Members"),
    SECTION("2.10", "Other Information"),
    SECTION("2.11", "Points of Customer Contact"),
    GROUP("3", "Charter"),
    SECTION("3.1", "Mission Statement"),
    SECTION("3.2", "Constituency"),
    SECTION("3.3", "Sponsorship and/or Affiliation"),
    SECTION("3.4", "Authority"),
    GROUP("4", "Policies"),
    SECTION("4.1", "Types of Incidents and Level of Support"),
    SECTION("4.2", "Co-operation, Interaction and Disclosure of Information"),
    SECTION("4.3", "Communication and Authentication"),
    GROUP("5", "Services"),
    SECTION("5.1", "Incident Response"),
    SECTION("5.1.1", "Incident Triage"),
    SECTION("5.1.2", "Incident Coordination"),
    SECTION("5.1.3", "Incident Resolution"),
    SECTION("5.2", "Proactive Activities"),
    SECTION("6", "Incident Reporting Forms"),
    SECTION("7", "Disclaimers"),
    FIELD("contact", "Contact"),
    FIELD("expires", "Expires"),
    FIELD("encryption", "Encryption"),
    FIELD("acknowledgments", "Acknowledgments"),
    FIELD("canonical", "Canonical"),
    FIELD("policy", "Policy"),
    FIELD("hiring", "Hiring"),
    FIELD("csaf", "CSAF"),
};
const size_t about_key_count = COUNT(about_keys);

const struct about_key *about_find(struct text key) {
    for (size_t i = 0; i < about_key_count; i++)
        if (text_is(key, about_keys[i].key) && !about_keys[i].group) return &about_keys[i];
    return NULL;
}

static struct names lines_of(const struct card *c, struct text department, const char *key, struct arena *a) {
    struct text *list = ARENA_ARRAY(a, struct text, c->about_count);
    size_t count = 0;
    for (size_t i = 0; i < c->about_count; i++)
        if (text_equal(c->abouts[i].department, department) && text_is(c->abouts[i].key, key))
            list[count++] = c->abouts[i].value;
    return (struct names){list, count};
}

struct names about_lines(const struct card *c, struct text department, const char *key, struct arena *a) {
    struct names own = department.size ? lines_of(c, department, key, a) : (struct names){NULL, 0};
    return own.count ? own : lines_of(c, TEXT("*"), key, a);
}
