#include "cli/editor.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os.h"

enum error editing_begin(struct cli *c, const char *name, struct bytes content, struct editing *out) {
    char uuid[37];
    random_uuid(&c->random, uuid);
    struct editing e = {.folder = arena_format(&c->arena, "%s/desk/editing-%.8s", c->home, uuid).at};
    e.path = arena_format(&c->arena, "%s/%s", e.folder, name).at;
    enum error result = os_make_folders(e.folder, 0700, &c->diag);
    if (!result) result = os_write_new(e.path, content, 0600, &c->diag);
    if (!result) *out = e;
    return result;
}

/* As one word for the shell. */
static void put_quoted(const char *word, struct buf *out) {
    buf_char(out, '\'');
    for (; *word; word++)
        if (*word == '\'')
            buf_string(out, "'\\''");
        else
            buf_char(out, *word);
    buf_char(out, '\'');
}

/* $EDITOR may name options, too, and so the shell reads it. */
static void put_command(const struct editing *e, struct buf *out) {
    const char *visual = getenv("VISUAL"), *editor = getenv("EDITOR"), *chosen = visual && *visual ? visual : editor;
    buf_string(out, "set -- ");
    put_quoted(e->path, out);
    if (chosen && *chosen)
        buf_format(out, "; %s \"$@\"", chosen);
    else
        buf_string(out, "; if command -v sensible-editor >/dev/null; then sensible-editor \"$@\"; else vi \"$@\"; fi");
    buf_bytes(out, bytes_of("", 1));
}

enum error editing_run(struct cli *c, const struct editing *e) {
    struct buf command = {.max = 65536};
    put_command(e, &command);
    enum error result = buf_check(&command, &c->diag);
    fflush(NULL);
    int status = result ? 0 : system((const char *)command.at);
    buf_free(&command);
    if (result) return result;
    if (status == -1) return fail_errno(&c->diag, _("the editor"), _("running"));
    if (!status) return OK;
    return fail(&c->diag, ERR_IO, _("the editor ended with the status %d"),
                WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status) + 128);
}

/* Zeros first, in place: on most disks they take the place of what stood there. */
static void wipe(const char *path) {
    static const uint8_t zeros[65536];
    int file = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    off_t left = file < 0 ? 0 : lseek(file, 0, SEEK_END);
    if (left > 0 && lseek(file, 0, SEEK_SET)) left = 0;
    while (left > 0) {
        ssize_t wrote = write(file, zeros, left < (off_t)sizeof zeros ? (size_t)left : sizeof zeros);
        if (wrote <= 0) break;
        left -= wrote;
    }
    if (file >= 0) {
        (void)!fdatasync(file);
        close(file);
    }
    (void)!os_remove(path, NULL);
}

void editing_end(const struct editing *e) {
    struct buf names = {.max = 1 << 20};
    char path[OS_PATH_MAX];
    if (!e->folder || os_list(e->folder, &names, NULL)) return;
    for (size_t at = 0; at < names.size; at += strlen((const char *)names.at + at) + 1)
        wipe(os_path(path, e->folder, (const char *)names.at + at));
    (void)!os_remove_folder(e->folder, NULL);
    buf_free(&names);
}
