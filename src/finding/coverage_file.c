#include "finding/coverage_file.h"

#include "finding/body.h"

static const struct member of_file[] = {
    {.name = "coverage",
     .type = MEMBER_LIST,
     .offset = offsetof(struct coverage_file, coverage),
     .max = 1000,
     .items = &coverage_members},
    {.name = "territory_table", .type = MEMBER_SHA256, .offset = offsetof(struct coverage_file, territory_table)},
    {.name = "version", .type = MEMBER_NUMBER, .needed = true, .offset = offsetof(struct coverage_file, version)},
};
static const struct member_table file_members = MEMBER_TABLE(of_file, struct coverage_file);

enum error coverage_file_read(struct bytes b, struct arena *a, struct coverage_file *out, struct diag *d) {
    struct coverage_file file = {0};
    json_t *object;
    if (b.size > COVERAGE_FILE_MAX_BYTES)
        return fail(d, ERR_LIMIT, _("more than %d bytes of coverage"), COVERAGE_FILE_MAX_BYTES);
    enum error result = json_read(b, &object, d);
    if (result) return result;
    result = members_read(&file_members, object, a, &file, d);
    json_decref(object);
    if (!result && file.version != 1) result = fail(d, ERR_INPUT, _("a statement of coverage of an unknown version"));
    if (!result) *out = file;
    return result;
}

enum error coverage_file_write(const struct coverage_file *f, struct buf *out, struct diag *d) {
    struct coverage_file file = {f->coverage, f->territory_table, 1};
    json_t *object = json_object();
    enum error result = members_write(&file_members, &file, object, d);
    if (!result) {
        json_canonical(object, out);
        buf_char(out, '\n');
        result = buf_check(out, d);
    }
    json_decref(object);
    return result;
}
