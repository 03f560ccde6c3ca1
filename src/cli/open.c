/* open: an age file with identities, a passphrase, or its file key, in constant memory.  Nothing is taken off.
 *
 * Under the name OUT nothing appears unless all of it was authentic.  To standard output goes what was authenticated so
 * far; the exit status says whether that was all. */
#include <string.h>

#include "base/codec.h"
#include "base/os.h"
#include "base/secret.h"
#include "cli/cli.h"
#include "node/keyring.h"
#include "seal/seal.h"

enum { IDENTITY_FILE_MAX = 1 << 20, IDENTITIES_MAX = 1024 };

struct wishes {
    struct words identity_files;
    const char *passphrase_file, *file_key, *out;
};

static enum error read_identities(struct cli *c, const struct words *files, struct seal_identity **list,
                                  size_t *count) {
    enum error result = OK;
    for (size_t i = 0; i < files->count && !result; i++) {
        struct buf file = {.max = IDENTITY_FILE_MAX};
        result = os_read(files->at[i], IDENTITY_FILE_MAX, &file, &c->diag);
        if (!result) result = seal_identities_read(buf_as_text(&file), list, IDENTITIES_MAX, count, &c->diag);
        if (result) diag_where(&c->diag, files->at[i]);
        buf_wipe(&file);
    }
    return result;
}

static enum error open_file(struct cli *c, const struct opener *with, const char *from, const char *out) {
    struct os_reader reader;
    struct os_writer writer;
    enum error result = os_reader_open(from, &reader, &c->diag);
    if (result) return result;
    result = os_writer_open(out, 0600, &writer, &c->diag);
    if (!result) {
        struct seal_source source = {os_reader_read, &reader};
        struct seal_sink sink = {os_writer_write, &writer};
        result = seal_open_stream(with, source, sink, NULL, NULL, &c->diag);
        if (result) diag_where(&c->diag, from);
        result = os_writer_end(&writer, result, &c->diag);
    }
    os_reader_close(&reader);
    return result;
}

static enum error open_with(struct cli *c, const struct wishes *w, const uint8_t *file_key, const char *from) {
    struct seal_identity **list = ARENA_ARRAY(&c->arena, struct seal_identity *, IDENTITIES_MAX);
    struct buf passphrase = {.max = PASSPHRASE_MAX};
    struct opener with = {.identities = list, .file_key = file_key};
    enum error result = read_identities(c, &w->identity_files, list, &with.count);
    if (!result && w->passphrase_file) {
        struct passphrase_source source = passphrase_file(w->passphrase_file);
        result = source.ask(source.state, "", &passphrase, &c->diag);
    }
    with.passphrase = buf_as_text(&passphrase);
    if (!result) result = open_file(c, &with, from, w->out ? w->out : "-");
    for (size_t i = 0; i < with.count; i++) seal_identity_free(list[i]);
    buf_wipe(&passphrase);
    return result;
}

enum error cli_open(struct cli *c) {
    struct wishes w = {0};
    uint8_t file_key[SEAL_FILE_KEY_SIZE];
    const struct option_row rows[] = {
        {"-i", OPTION_WORDS, &w.identity_files, "IDENTITYFILE", N_("open with the age identities in this file")},
        {"--passphrase-file", OPTION_WORD, &w.passphrase_file, "FILE",
         N_("open with the passphrase in the first line of this file")},
        {"-p", OPTION_WORD, &w.passphrase_file, "FILE", N_("the same")},
        {"--file-key", OPTION_WORD, &w.file_key, "HEX",
         N_("open with the key of just this file, as a dossier tells it")},
        {"-o", OPTION_WORD, &w.out, "OUT", N_("write here (else to standard output)")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 1);
    if (result) return result;
    if (!w.identity_files.count && !w.passphrase_file && !w.file_key)
        return cli_usage(c, _("open with an identity (-i), a passphrase (-p) or a file key (--file-key)"));
    if (w.file_key && (w.identity_files.count || w.passphrase_file))
        return cli_usage(c, _("a file key needs no other key beside it"));
    if (w.file_key && !hex_read(text_of(w.file_key), file_key, sizeof file_key))
        return cli_usage(c, _("--file-key: expected %d hexadecimal digits"), 2 * SEAL_FILE_KEY_SIZE);
    result = open_with(c, &w, w.file_key ? file_key : NULL, c->words.count ? c->words.at[0] : "-");
    if (w.file_key) secret_wipe(file_key, sizeof file_key);
    return result;
}
