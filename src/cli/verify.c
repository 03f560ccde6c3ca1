/* verify: a dossier against the fingerprints of both roots, a proof of equivocation against the key of a log, or two
 * folders of one record against each other.
 * Nothing else is needed, and nothing is written. */
#include <string.h>

#include "base/os.h"
#include "cli/cli.h"
#include "cli/fork.h"
#include "cli/speak.h"
#include "dossier/verify.h"
#include "note/fingerprint.h"
#include "tlog/equivocation.h"

/* PARTY=FINGERPRINT, as typed; the fingerprint's digits may be grouped. */
static enum error read_roots(struct cli *c, const struct words *typed, struct dossier_root *roots) {
    for (size_t i = 0; i < typed->count; i++) {
        struct text rest = text_of(typed->at[i]);
        if (!text_cut(&rest, '=', &roots[i].party) || !roots[i].party.size || !rest.size)
            return cli_usage(c, _("--root: expected PARTY=FINGERPRINT, found “%s”"), typed->at[i]);
        if (!fingerprint_shaped(rest))
            return cli_usage(
                c, _("--root: expected a fingerprint of 30 digits, as `parley fingerprint` shows it, found “%.*s”"),
                TEXT_ARG(rest));
        roots[i].fingerprint = rest;
    }
    return OK;
}

struct form { /* as typed */
    bool html, all;
};

static enum error print(struct cli *c, const struct dossier_report *r, struct bytes file, const struct form *f) {
    struct buf out = {.max = (size_t)1 << 30};
    if (c->json) {
        json_t *report = dossier_report_json(r);
        json_canonical(report, &out);
        json_decref(report);
        buf_char(&out, '\n');
    } else if (f->html) {
        dossier_report_html(r, file, f->all, &out);
    } else {
        dossier_report_page(r, &out);
    }
    enum error result = buf_check(&out, &c->diag);
    if (!result) fwrite(out.at, 1, out.size, stdout);
    buf_free(&out);
    return result;
}

/* ---- an equivocation proof */

static enum error print_proved(struct cli *c, const struct equivocated *e) {
    const struct checkpoint *both[] = {&e->smaller, &e->larger};
    char root[SHA256_HEX];
    if (c->json) {
        json_t *o = json_object(), *list = json_array();
        for (size_t i = 0; i < COUNT(both); i++) {
            json_t *one = json_object();
            json_put_u64(one, "size", both[i]->size);
            json_put_text(one, "root", sha256_hex(&both[i]->root, root));
            json_add(list, one);
        }
        json_put_text(o, "equivocated", e->smaller.origin);
        json_put(o, "signed", list);
        return cli_print_json(c, o);
    }
    printf(_("proved: the log key of %.*s has signed two histories\n"), TEXT_ARG(cli_shown(c, e->smaller.origin)));
    for (size_t i = 0; i < COUNT(both); i++) {
        struct text hex = sha256_hex(&both[i]->root, root);
        printf(_("  at size %llu the root %.*s\n"), (unsigned long long)both[i]->size, TEXT_ARG(hex));
    }
    if (e->smaller.size < e->larger.size)
        printf("%s\n", _("  what was signed last holds another root at the smaller size"));
    return OK;
}

static enum error read_logs(struct cli *c, const struct words *typed, struct vkey *keys) {
    enum error result = OK;
    for (size_t i = 0; i < typed->count && !result; i++) result = vkey_read(text_of(typed->at[i]), &keys[i], &c->diag);
    return result;
}

/* Who has the key, and nothing else, can judge it. */
static enum error verify_proof(struct cli *c, struct bytes whole, const struct words *typed) {
    struct equivocation e;
    struct equivocated proved;
    struct vkey *keys = ARENA_ARRAY(&c->arena, struct vkey, typed->count + 1);
    if (!typed->count)
        return cli_usage(c, _("this is a proof of equivocation: give the vkey of the record with --log"));
    enum error result = read_logs(c, typed, keys);
    if (!result) result = equivocation_read(whole, &e, &c->diag);
    if (!result) result = equivocation_verify(&e, keys[0].name, keys, typed->count, &c->arena, &proved, &c->diag);
    return result ? result : print_proved(c, &proved);
}

static bool is_proof(struct bytes whole) { return text_starts(text_from_bytes(whole), TEXT("parley equivocation ")); }

static enum error verify_file(struct cli *c, const char *path, const struct dossier_root *roots, size_t count,
                              const struct words *logs, instant as_of, const struct form *f) {
    struct bytes whole;
    struct dossier of;
    struct dossier_report report;
    enum error result = os_map(path, &whole, &c->diag);
    if (result) return result;
    if (is_proof(whole)) {
        result = verify_proof(c, whole, logs);
        os_unmap(whole);
        if (result && result != ERR_USAGE) diag_where(&c->diag, path);
        return result;
    }
    result = dossier_read(whole, &c->arena, &of, &c->diag);
    if (!result) result = dossier_verify(&of, roots, count, as_of, &c->arena, &report, &c->diag);
    if (!result) result = print(c, &report, whole, f);
    os_unmap(whole);
    if (result == ERR_INPUT && !c->diag.where[0]) diag_where(&c->diag, path);
    return result;
}

/* ---- two folders */

static enum error verify_fork(struct cli *c, const struct words *logs, const char *proof) {
    struct vkey *keys = ARENA_ARRAY(&c->arena, struct vkey, logs->count + 1);
    if (c->words.count != 2)
        return cli_usage(c, _("--fork: expected two folders as `parley record export` writes them"));
    if (!logs->count) return cli_usage(c, _("--fork: give the vkey of the record's log with --log"));
    enum error result = read_logs(c, logs, keys);
    return result ? result
                  : cli_fork(c, (const char *const[]){c->words.at[0], c->words.at[1]}, keys, logs->count, proof);
}

enum error cli_verify(struct cli *c) {
    struct words typed = {0}, logs = {0};
    const char *as_of_typed = NULL, *proof = NULL;
    bool fork = false;
    struct form form = {0};
    instant as_of = INSTANT_NONE;
    const struct option_row rows[] = {
        {"--root", OPTION_WORDS, &typed, "PARTY=FINGERPRINT",
         N_("the fingerprint of a party's root, as you compared it; once a party")},
        {"--log", OPTION_WORDS, &logs, "VKEY", N_("of a proof that a log signed two histories: the key of that log")},
        {"--fork", OPTION_FLAG, &fork, NULL, N_("two folders of one record: say where their histories part")},
        {"-o", OPTION_WORD, &proof, "PROOF", N_("with --fork: write the proof that one key signed both histories")},
        {"--as-of", OPTION_WORD, &as_of_typed, "TIME",
         N_("judge deadlines as of this time (else: the last time in the dossier)")},
        {"--html", OPTION_FLAG, &form.html, NULL, N_("a page for browsers and paper, with what it opens")},
        {"--all", OPTION_FLAG, &form.all, NULL, N_("with --html: every fact, however many there are")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 2);
    if (!result && fork) return verify_fork(c, &logs, proof);
    if (!result && (c->words.count != 1 || proof)) result = cli_usage(c, _("two files, and -o, are for --fork"));
    if (!result && form.html && c->json) result = cli_usage(c, _("--json and --html: one of the two"));
    if (!result && form.all && !form.html) result = cli_usage(c, _("--all is for --html"));
    if (result) return result;
    if (as_of_typed && !instant_read(text_of(as_of_typed), &as_of))
        return cli_usage(c, _("--as-of: expected a time as 2026-03-01T12:00:00Z, found “%s”"), as_of_typed);
    struct dossier_root *roots = ARENA_ARRAY(&c->arena, struct dossier_root, typed.count);
    result = read_roots(c, &typed, roots);
    return result ? result : verify_file(c, c->words.at[0], roots, typed.count, &logs, as_of, &form);
}
