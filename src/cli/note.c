/* note: signed notes (c2sp.org/signed-note) by key files, which are those of Go's x/mod/sumdb/note.
 *
 *     note keygen NAME      a new key: the private one to -o, mode 0600; the public one to standard output
 *     note sign [FILE]      a text under signatures; with --add a note under more of them
 *     note verify [FILE]    the text, where known keys have signed it
 */
#include <string.h>

#include "base/os.h"
#include "base/secret.h"
#include "cli/cli.h"
#include "tlog/cosignature.h"
#include "json/json.h"

enum { NOTE_MAX_BYTES = 64 << 20, KEY_FILE_MAX = 4096, KEYS_FILE_MAX = 1 << 20, KEYS_MAX = NOTE_SIGNATURES_MAX };

struct wishes {
    struct words keys;
    const char *keys_file, *out;
    bool add, all;
};

/* ---- keygen */

/* Without -o the private key is the product, and the public one is told. */
static enum error write_key(struct cli *c, const struct signer *s, const char *out) {
    struct buf secret = {.max = KEY_FILE_MAX}, vkey = {.max = VKEY_TEXT_MAX};
    signer_write(s, &secret);
    buf_char(&secret, '\n');
    vkey_write(signer_vkey(s), &vkey);
    enum error result = out ? os_write_new(out, buf_as_bytes(&secret), 0600, &c->diag)
                            : os_write("-", buf_as_bytes(&secret), 0600, &c->diag);
    if (!result) fprintf(out ? stdout : stderr, "%.*s\n", TEXT_ARG(buf_as_text(&vkey)));
    buf_wipe(&secret);
    buf_free(&vkey);
    return result;
}

static enum error keygen(struct cli *c, const struct wishes *w) {
    if (c->words.count < 2) return cli_usage(c, _("give the key a name"));
    struct text name = text_of(c->words.at[1]);
    if (!key_name_valid(name) || name.size > KEY_NAME_MAX)
        return fail(&c->diag, ERR_INPUT, _("the name of a key has no spaces, no plus signs, and at most %d bytes"),
                    KEY_NAME_MAX);
    struct signer *s = signer_new(name, KEY_ED25519, &c->random);
    enum error result = write_key(c, s, w->out);
    signer_free(s);
    return result;
}

/* ---- sign */

static enum error read_signer(struct cli *c, const char *path, struct signer **out) {
    struct buf file = {.max = KEY_FILE_MAX};
    enum error result = os_read(path, KEY_FILE_MAX, &file, &c->diag);
    struct text t = buf_as_text(&file), line;
    if (!result && text_line(&t, &line) && !t.size) t = line;
    if (!result) result = signer_read(t, out, &c->diag);
    if (!result && signer_vkey(*out)->type != KEY_ED25519) {
        signer_free(*out);
        result = fail(&c->diag, ERR_INPUT, _("this key cosigns checkpoints and signs no notes"));
    }
    if (result) diag_where(&c->diag, path);
    buf_wipe(&file);
    return result;
}

/* A note gets more signatures: what follows it is what was there already. */
static enum error sign_more(struct cli *c, struct bytes whole, const struct signer *const *signers, size_t count,
                            struct buf *out) {
    struct note n;
    enum error result = note_read(whole, &c->arena, &n, &c->diag);
    if (result) return result;
    if (n.signature_count + count > NOTE_SIGNATURES_MAX)
        return fail(&c->diag, ERR_LIMIT, _("more than %d signatures"), NOTE_SIGNATURES_MAX);
    buf_bytes(out, whole);
    for (size_t i = 0; i < count; i++) {
        const struct vkey *k = signer_vkey(signers[i]);
        if (note_find(&n, k->name, k->id))
            return fail(&c->diag, ERR_CONFLICT, _("%.*s has signed this already"), TEXT_ARG(k->name));
        note_add_signature(n.text, signers[i], out);
    }
    return buf_check(out, &c->diag);
}

static enum error sign(struct cli *c, const struct wishes *w) {
    struct signer *signers[KEYS_MAX];
    struct buf in = {.max = NOTE_MAX_BYTES}, out = {.max = (size_t)NOTE_MAX_BYTES + KEYS_FILE_MAX};
    const char *path = c->words.count > 1 ? c->words.at[1] : "-";
    size_t count = 0;
    enum error result = OK;
    if (!w->keys.count || w->keys.count > KEYS_MAX)
        return cli_usage(c, _("give 1 to %d files of keys with --key"), KEYS_MAX);
    while (count < w->keys.count && !result) {
        result = read_signer(c, w->keys.at[count], &signers[count]);
        if (!result) count++;
    }
    const struct signer *const *by = (const struct signer *const *)signers;
    if (!result) result = os_read(path, NOTE_MAX_BYTES, &in, &c->diag);
    if (!result && w->add)
        result = sign_more(c, buf_as_bytes(&in), by, count, &out);
    else if (!result)
        result = note_sign(buf_as_text(&in), by, count, &out, &c->diag);
    if (result) diag_where(&c->diag, path);
    if (!result) result = os_write(w->out ? w->out : "-", buf_as_bytes(&out), 0644, &c->diag);
    for (size_t i = 0; i < count; i++) signer_free(signers[i]);
    buf_free(&in);
    buf_free(&out);
    return result;
}

/* ---- verify */

struct known {
    struct vkey key;
    bool signed_by;
    instant stamp; /* of a cosignature; INSTANT_NONE */
};

static enum error add_known(struct cli *c, struct text vkey, struct known *list, size_t *count) {
    if (*count == KEYS_MAX) return fail(&c->diag, ERR_LIMIT, _("more than %d keys"), KEYS_MAX);
    list[*count].stamp = INSTANT_NONE;
    return vkey_read(vkey, &list[(*count)++].key, &c->diag);
}

static enum error read_known(struct cli *c, const struct wishes *w, struct known *list, size_t *count) {
    struct buf file = {.max = KEYS_FILE_MAX};
    struct text rest, line;
    enum error result = OK;
    for (size_t i = 0; i < w->keys.count && !result; i++) result = add_known(c, text_of(w->keys.at[i]), list, count);
    if (result || !w->keys_file) return result;
    result = os_read(w->keys_file, KEYS_FILE_MAX, &file, &c->diag);
    rest = result ? TEXT("") : arena_text(&c->arena, buf_as_text(&file)); /* names are views */
    while (!result && text_line(&rest, &line)) result = add_known(c, line, list, count);
    if (!result && rest.size) result = add_known(c, rest, list, count);
    if (result) diag_where(&c->diag, w->keys_file);
    buf_free(&file);
    return result;
}

/* A signature by the name and id of a known key must hold: ERR_SIGNATURE. */
static enum error look(const struct note *n, struct known *k, struct diag *d) {
    const struct note_signature *s = note_find(n, k->key.name, k->key.id);
    if (!s) return OK;
    enum error result = key_cosigns(k->key.type) ? cosignature_verify(s, &k->key, n->text, &k->stamp, d)
                                                 : note_verify(n, &k->key, 1, NULL, d);
    k->signed_by = !result;
    return result;
}

/* ML-DSA-44 cosignatures leave out the extension lines of a checkpoint: somebody else must have signed these. */
static bool covers(const struct note *n, const struct known *k) {
    struct checkpoint at;
    return k->signed_by && (k->key.type != KEY_COSIGNATURE_MLDSA ||
                            (checkpoint_read(n->text, &at, NULL) == OK && !checkpoint_extensions(n->text).size));
}

static enum error judge(const struct note *n, struct known *list, size_t count, bool all, struct diag *d) {
    size_t signers = 0, covering = 0;
    enum error result = OK;
    for (size_t i = 0; i < count && !result; i++) {
        result = look(n, &list[i], d);
        signers += list[i].signed_by;
        covering += covers(n, &list[i]);
        if (!result && all && !list[i].signed_by)
            result = fail(d, ERR_SIGNATURE, _("%.*s has not signed this"), TEXT_ARG(list[i].key.name));
    }
    if (!result && !signers) return fail(d, ERR_SIGNATURE, _("no known key has signed this"));
    if (!result && !covering)
        return fail(d, ERR_SIGNATURE, _("no known key has signed the extension lines of this checkpoint"));
    return result;
}

static void print_json(const struct note *n, const struct known *list, size_t count) {
    struct buf out = {.max = (size_t)8 * NOTE_MAX_BYTES};
    json_t *report = json_object(), *by = json_array();
    for (size_t i = 0; i < count; i++) {
        if (!list[i].signed_by) continue;
        char time[INSTANT_TEXT_MAX];
        json_t *one = json_object();
        json_put_text(one, "name", list[i].key.name);
        json_put_text_if(one, "time", instant_write(list[i].stamp, time));
        json_add(by, one);
    }
    json_put(report, "signed_by", by);
    json_put_text(report, "text", n->text);
    json_canonical(report, &out);
    json_decref(report);
    printf("%.*s\n", TEXT_ARG(buf_as_text(&out)));
    buf_free(&out);
}

static void print(const struct cli *c, const struct note *n, const struct known *list, size_t count) {
    char time[INSTANT_TEXT_MAX];
    if (c->json) {
        print_json(n, list, count);
        return;
    }
    fwrite(n->text.at, 1, n->text.size, stdout);
    for (size_t i = 0; i < count && !c->quiet; i++) {
        const struct known *k = &list[i];
        if (k->signed_by && k->stamp != INSTANT_NONE)
            fprintf(stderr, _("cosigned by %.*s at %s\n"), TEXT_ARG(k->key.name), instant_write(k->stamp, time).at);
        else if (k->signed_by)
            fprintf(stderr, _("signed by %.*s\n"), TEXT_ARG(k->key.name));
    }
}

static enum error verify(struct cli *c, const struct wishes *w) {
    struct known list[KEYS_MAX] = {0};
    size_t count = 0;
    struct note n;
    struct buf in = {.max = NOTE_MAX_BYTES};
    const char *path = c->words.count > 1 ? c->words.at[1] : "-";
    if (!w->keys.count && !w->keys_file) return cli_usage(c, _("give the keys that count with --key or --keys"));
    enum error result = read_known(c, w, list, &count);
    if (!result) result = os_read(path, NOTE_MAX_BYTES, &in, &c->diag);
    if (!result) {
        result = note_read(buf_as_bytes(&in), &c->arena, &n, &c->diag);
        if (!result) result = judge(&n, list, count, w->all, &c->diag);
        if (result) diag_where(&c->diag, path);
    }
    if (!result) print(c, &n, list, count);
    if (result == ERR_SIGNATURE) result = c->diag.code = ERR_NO; /* asked and answered: it is not signed by them */
    buf_free(&in);
    return result;
}

enum error cli_note(struct cli *c) {
    static const struct {
        const char *name;
        enum error (*run)(struct cli *c, const struct wishes *w);
    } verbs[] = {{"keygen", keygen}, {"sign", sign}, {"verify", verify}};
    struct wishes w = {0};
    const struct option_row rows[] = {
        {"--key", OPTION_WORDS, &w.keys, "KEY",
         N_("sign: a file with a private key; verify: a public key; once for each")},
        {"--keys", OPTION_WORD, &w.keys_file, "FILE", N_("verify: public keys, one a line")},
        {"--all", OPTION_FLAG, &w.all, NULL, N_("verify: every key must have signed (else: one at least)")},
        {"--add", OPTION_FLAG, &w.add, NULL, N_("sign: add to the signatures of a note")},
        {"-o", OPTION_WORD, &w.out, "OUT", N_("keygen, sign: write here (else to standard output)")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 2);
    if (result) return result;
    for (size_t i = 0; i < COUNT(verbs); i++)
        if (!strcmp(c->words.at[0], verbs[i].name)) return verbs[i].run(c, &w);
    return cli_usage(c, _("expected keygen, sign or verify, found “%s”"), c->words.at[0]);
}
