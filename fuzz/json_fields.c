/* Any bytes, more than one text behind one another as lines: what is scanned without values is what the values say,
 * with names that are known from the text before and without. */
#include "json/fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Under each way of asking that formats have: whole names, names in objects two deep, and through lists. */
static struct json_answer find(const void *of, const struct json_path *path) {
    static const char *const names[] = {"a", "src_port", "a.a", "alert.category", "a.0.b", "b.a.c", "", "a."};
    const bool lists = *(const bool *)of;
    struct json_answer answer = {JSON_NOT_ASKED, path->depth < 3, lists && path->depth < 3};
    for (size_t i = 0; i < COUNT(names); i++)
        if (text_is(path->name, names[i])) answer.which = (uint16_t)(i * 256 + (path->ends & 127) * 2 + path->item);
    return answer;
}

static void check(struct text t, const struct json_asked *asked, struct json_names *names) {
    static struct json_members fast, slow;
    static char fast_room[1 << 16], slow_room[1 << 16];
    json_t *value = NULL;
    if (!json_members_scan(t, asked, names, fast_room, sizeof fast_room, &fast)) return;
    ASSERT(!json_read(bytes_from_text(t), &value, NULL) && "what is scanned is JSON");
    ASSERT(json_members_of(value, asked, slow_room, sizeof slow_room, &slow) && slow.count == fast.count);
    for (size_t i = 0; i < fast.count; i++)
        ASSERT(fast.at[i].which == slow.at[i].which && fast.at[i].kind == slow.at[i].kind &&
               text_equal(fast.at[i].text, slow.at[i].text));
    json_decref(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const bool ways[] = {false, true};
    for (size_t i = 0; i < COUNT(ways); i++) {
        static struct json_names names;
        const struct json_asked asked = {find, &ways[i]};
        struct text rest = text_from_bytes(bytes_of(data, size)), line;
        json_names_start(&names);
        while (text_line(&rest, &line)) check(line, &asked, &names);
        check(rest, &asked, &names);
        json_names_start(&names);
        check(rest, &asked, &names);
    }
    return 0;
}
