#include "cli/key_file.h"

#include "cli/speak.h"

enum { KEY_FILE_MAX = 4096 };

enum error key_file_line(struct cli *c, const char *path, struct text *out) {
    struct bytes file;
    enum error result = cli_file(c, path, KEY_FILE_MAX, &file);
    if (result) return result;
    struct text whole = text_from_bytes(file), line = text_sub(whole, 0, text_find(whole, '\n'));
    if (line.size && line.at[line.size - 1] == '\r') line.size--;
    *out = text_trim(line);
    return OK;
}
