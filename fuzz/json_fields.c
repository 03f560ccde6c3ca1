/* Any bytes: what is scanned without values is what the values say. */
#include "json/fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct json_wanted wanted[] = {{NULL, "a"}, {NULL, "src_port"}, {"a", "a"}, {"alert", "category"}};
    struct json_field fast[COUNT(wanted)], slow[COUNT(wanted)];
    json_t *value = NULL;
    struct text t = text_from_bytes(bytes_of(data, size));
    if (!json_fields_scan(t, wanted, COUNT(wanted), fast)) return 0;
    ASSERT(!json_read(bytes_from_text(t), &value, NULL) && "what is scanned is JSON");
    json_fields_of(value, wanted, COUNT(wanted), slow);
    for (size_t i = 0; i < COUNT(wanted); i++)
        ASSERT(fast[i].there == slow[i].there && fast[i].is_number == slow[i].is_number &&
               fast[i].number == slow[i].number && text_equal(fast[i].text, slow[i].text));
    json_decref(value);
    return 0;
}
