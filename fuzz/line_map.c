/* Maps of columns, and lines read by them: the first line is the map, the others the log. */
#include "line_record.h"

#include "line/map.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct text t = text_from_bytes(bytes_of(at, size)), spec;
    struct field_map map;
    if (map_read(t, &map, NULL) == OK) ASSERT(map.count && map.count <= MAP_ROWS_MAX);
    if (!text_line(&t, &spec) || map_read(spec, &map, NULL)) return 0;
    record_fuzz("mapped", (struct columns){.map = &map}, t);
    return 0;
}
