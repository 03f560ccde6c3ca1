/* seal: an age file to recipients, or under a passphrase, in constant memory.  Nothing is padded. */
#include <string.h>
#include <unistd.h>

#include "base/os.h"
#include "cli/cli.h"
#include "node/keyring.h"
#include "seal/seal.h"

enum { RECIPIENT_FILE_MAX = 1 << 20 };

struct wishes {
    struct words recipients, files;
    const char *passphrase_file, *out;
    bool armor;
};

static enum error read_typed(struct cli *c, const struct words *typed, struct seal_recipient *list, size_t *count) {
    for (size_t i = 0; i < typed->count; i++) {
        if (*count == SEAL_RECIPIENTS_MAX)
            return fail(&c->diag, ERR_LIMIT, _("more than %d recipients"), SEAL_RECIPIENTS_MAX);
        enum error result = seal_recipient_read(text_of(typed->at[i]), &list[*count], &c->diag);
        diag_where(&c->diag, typed->at[i]);
        if (result) return result;
        ++*count;
    }
    return OK;
}

static enum error read_files(struct cli *c, const struct words *files, struct seal_recipient *list, size_t *count) {
    enum error result = OK;
    for (size_t i = 0; i < files->count && !result; i++) {
        struct buf file = {.max = RECIPIENT_FILE_MAX};
        result = os_read(files->at[i], RECIPIENT_FILE_MAX, &file, &c->diag);
        if (!result) result = seal_recipients_read(buf_as_text(&file), list, SEAL_RECIPIENTS_MAX, count, &c->diag);
        if (result) diag_where(&c->diag, files->at[i]);
        buf_free(&file);
    }
    return result;
}

static enum error seal_file(struct cli *c, const struct sealer *to, const char *from, const char *out) {
    struct os_reader reader;
    struct os_writer writer;
    enum error result = os_reader_open(from, &reader, &c->diag);
    if (result) return result;
    result = os_writer_open(out, 0666, &writer, &c->diag);
    if (!result) {
        struct seal_source source = {os_reader_read, &reader};
        struct seal_sink sink = {os_writer_write, &writer};
        result = seal_stream(to, source, sink, &c->random, &c->diag);
        result = os_writer_end(&writer, result, &c->diag);
    }
    os_reader_close(&reader);
    return result;
}

static enum error seal_to(struct cli *c, const struct wishes *w, const char *from) {
    struct sealer to = {.armor = w->armor};
    struct seal_recipient *list = ARENA_ARRAY(&c->arena, struct seal_recipient, SEAL_RECIPIENTS_MAX);
    struct buf passphrase = {.max = PASSPHRASE_MAX};
    enum error result = read_typed(c, &w->recipients, list, &to.count);
    if (!result) result = read_files(c, &w->files, list, &to.count);
    to.recipients = list;
    if (!result && w->passphrase_file) {
        struct passphrase_source source = passphrase_file(w->passphrase_file);
        result = source.ask(source.state, "", &passphrase, &c->diag);
        to.passphrase = buf_as_text(&passphrase);
        if (!result && !to.passphrase.size)
            result = fail(&c->diag, ERR_INPUT, _("%s: the first line is empty"), w->passphrase_file);
    }
    if (!result) result = seal_file(c, &to, from, w->out ? w->out : "-");
    buf_wipe(&passphrase);
    return result;
}

enum error cli_seal(struct cli *c) {
    struct wishes w = {0};
    const struct option_row rows[] = {
        {"-r", OPTION_WORDS, &w.recipients, "RECIPIENT", N_("seal to this age recipient; once for each")},
        {"-R", OPTION_WORDS, &w.files, "FILE", N_("seal to the recipients in this file, one a line")},
        {"--passphrase-file", OPTION_WORD, &w.passphrase_file, "FILE",
         N_("seal under the passphrase in the first line of this file")},
        {"-p", OPTION_WORD, &w.passphrase_file, "FILE", N_("the same")},
        {"--armor", OPTION_FLAG, &w.armor, NULL, N_("write text instead of bytes")},
        {"-a", OPTION_FLAG, &w.armor, NULL, N_("the same")},
        {"-o", OPTION_WORD, &w.out, "OUT", N_("write here (else to standard output)")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 1);
    if (result) return result;
    bool to_recipients = w.recipients.count || w.files.count;
    if (to_recipients == (w.passphrase_file != NULL))
        return cli_usage(c, _("seal to recipients (-r, -R) or under a passphrase (-p), one of the two"));
    if (!w.out && !w.armor && isatty(1))
        return cli_usage(c, _("a sealed file is no text for a terminal: give -o OUT or --armor"));
    return seal_to(c, &w, c->words.count ? c->words.at[0] : "-");
}
